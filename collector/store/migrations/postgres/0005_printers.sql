-- Printers that a person had watched over the network, and the agent of the site that asks each.
CREATE TABLE printers (
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    -- How it lets itself be asked; NULL is what printers are delivered with.
    credential_id TEXT,
    adopted_at BIGINT NOT NULL,
    adopted_by TEXT NOT NULL,
    asked_by TEXT,
    asked_since BIGINT,
    -- Agents that had their turn since it answered last.
    turns BIGINT NOT NULL DEFAULT 0,
    -- How often a person wished for an answer now, and when last.
    wish BIGINT NOT NULL DEFAULT 0,
    wished_at BIGINT,
    PRIMARY KEY (client_id, site_id, address)
);

-- Communities and passwords, sealed with a key that is not in the database.
CREATE TABLE credentials (
    client_id TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What may be shown: version, user, protocols.
    shown TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (client_id, credential_id)
);

-- Printers that agents found and that nobody watches.
CREATE TABLE found_printers (
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    address TEXT NOT NULL,
    host_id TEXT NOT NULL,
    model TEXT NOT NULL,
    how TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, site_id, address)
);

-- The revision of what a host is handed.
ALTER TABLE hosts ADD COLUMN handed BIGINT NOT NULL DEFAULT 0;
