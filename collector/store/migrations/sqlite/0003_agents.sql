-- What each agent says of itself: the packages that fit it, and when it started.
ALTER TABLE hosts ADD COLUMN platform TEXT;
ALTER TABLE hosts ADD COLUMN started_at BIGINT;
