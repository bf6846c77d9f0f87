-- When the collector itself could not see. Of all clients: it is one collector that was blind.
CREATE TABLE blind (
    from_at BIGINT NOT NULL PRIMARY KEY,
    -- When it first heard anybody again, and when it was over.
    heard_at BIGINT,
    to_at BIGINT,
    why TEXT NOT NULL
);
