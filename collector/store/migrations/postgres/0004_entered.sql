-- How often something became known that the outcome of a case may depend on: who judged it by less
-- than that judges it again.
ALTER TABLE cases ADD COLUMN entered BIGINT NOT NULL DEFAULT 0;
