-- From where each report came: the public address of its line, unless the collector stands in the same office.
ALTER TABLE frames ADD COLUMN peer TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN peer TEXT NOT NULL DEFAULT '';
-- Its share of the work of watching the site's connection, as JSON.
ALTER TABLE hosts ADD COLUMN network TEXT NOT NULL DEFAULT '{}';

-- What changed in a machine's connection: one row for each kind of change and hour.
CREATE TABLE network_changes (
    client_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    what TEXT NOT NULL,
    hour BIGINT NOT NULL,
    site_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (client_id, host_id, what, hour)
);
CREATE INDEX network_changes_of_site ON network_changes (client_id, site_id, at);
