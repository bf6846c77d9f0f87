-- Two names that SQLite has and PostgreSQL lacks, so that one SQL text serves both.
CREATE DOMAIN blob AS BYTEA;
CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (key TEXT, value JSON)
    LANGUAGE sql IMMUTABLE ROWS 100
    AS $$ SELECT CAST(position AS TEXT), item FROM json_array_elements(CAST(list AS JSON)) WITH ORDINALITY AS x (item, position) $$;

-- Types are those both engines have: BIGINT (epoch milliseconds, counts, 0 or 1), TEXT (identifiers,
-- words, JSON), DOUBLE PRECISION and BLOB. client_id comes first in every primary and unique key, so
-- that the tables can be distributed by client. Exceptions, each with its reason, are marked GLOBAL.

-- GLOBAL: settings of the program, a handful of rows.
CREATE TABLE flags (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE clients (
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    -- Numbers given out so far. Taking one locks the client's row, so that numbers have no holes
    -- and the ledger's chain has no fork.
    tickets BIGINT NOT NULL DEFAULT 0,
    user_reports BIGINT NOT NULL DEFAULT 0,
    entries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id)
);

CREATE TABLE sites (
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- How often something new was learned about the site, and how much of it was judged.
    digests BIGINT NOT NULL DEFAULT 0,
    judged BIGINT NOT NULL DEFAULT 0,
    judged_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, site_id)
);

CREATE TABLE enrol_tokens (
    client_id TEXT NOT NULL,
    token_sha256 TEXT NOT NULL,
    site_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    used_by TEXT,
    PRIMARY KEY (client_id, token_sha256)
);
-- A machine that enrols knows its token but not its client.
CREATE INDEX enrol_tokens_by_token ON enrol_tokens (token_sha256);

CREATE TABLE hosts (
    client_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    name TEXT NOT NULL,
    os TEXT NOT NULL,
    agent TEXT NOT NULL,
    machine TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    last_report BIGINT,
    goodbye TEXT,
    always_on BIGINT,
    booted_at BIGINT,
    retired_at BIGINT,
    probes TEXT NOT NULL DEFAULT '{}',
    refused_samples BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, host_id)
);
-- A report carries a secret, from which its client follows.
CREATE INDEX hosts_by_secret ON hosts (secret_sha256);

CREATE TABLE incarnations (
    client_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    -- Up to here every frame is stored or explained by a gap. Stays when frames are removed.
    high_water BIGINT NOT NULL DEFAULT 0,
    -- The highest sequence number ever stored.
    top_seq BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, host_id, incarnation)
);

CREATE TABLE frames (
    client_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    seq BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    sent_mono_ms BIGINT NOT NULL,
    sent_boot TEXT NOT NULL,
    digested BIGINT NOT NULL DEFAULT 0,
    body_sha256 BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (client_id, host_id, incarnation, seq)
);
CREATE INDEX frames_waiting ON frames (received_at) WHERE digested = 0;
CREATE INDEX frames_by_age ON frames (received_at);

CREATE TABLE gaps (
    client_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    lost BIGINT NOT NULL,
    first_seq BIGINT,
    last_seq BIGINT,
    PRIMARY KEY (client_id, host_id, incarnation, from_at, to_at, reason)
);

CREATE TABLE assets (
    client_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    facts TEXT NOT NULL,
    in_scope BIGINT NOT NULL DEFAULT 1,
    people BIGINT,
    retired_at BIGINT,
    PRIMARY KEY (client_id, asset_id)
);
CREATE INDEX assets_by_site ON assets (client_id, site_id);
CREATE INDEX assets_by_host ON assets (client_id, host_id);

-- series_id is derived from asset and metric: no number has to be fetched or agreed upon.
CREATE TABLE series (
    client_id TEXT NOT NULL,
    series_id BIGINT NOT NULL,
    asset_id TEXT NOT NULL,
    metric TEXT NOT NULL,
    host_id TEXT NOT NULL,
    PRIMARY KEY (client_id, series_id),
    UNIQUE (client_id, asset_id, metric)
);
CREATE INDEX series_by_host ON series (client_id, host_id);

-- Samples of one series and hour as they come in.
CREATE TABLE tail (
    client_id TEXT NOT NULL,
    series_id BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (client_id, series_id, hour)
);
CREATE INDEX tail_by_hour ON tail (hour);

-- Samples of one series and UTC day, compressed. The series of a host are measured at the same
-- instants, so these are stored once, under a hash of themselves.
CREATE TABLE chunks (
    client_id TEXT NOT NULL,
    series_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    instants BIGINT NOT NULL,
    n BIGINT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (client_id, series_id, day)
);
CREATE INDEX chunks_by_day ON chunks (day);

CREATE TABLE instants (
    client_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    instants BIGINT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (client_id, day, instants)
);
CREATE INDEX instants_by_day ON instants (day);

-- Hours of one series and UTC day.
CREATE TABLE hours (
    client_id TEXT NOT NULL,
    series_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (client_id, series_id, day)
);
CREATE INDEX hours_by_day ON hours (day);

CREATE TABLE cases (
    client_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    -- Copied from the document, for lists.
    sentence TEXT NOT NULL,
    q50 BIGINT,
    doc TEXT NOT NULL,
    -- 1 once the ledger holds an entry about its latest closing.
    accounted BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, case_id)
);
CREATE INDEX cases_by_site ON cases (client_id, site_id, closed_at);
CREATE INDEX cases_by_asset ON cases (client_id, asset_id);
CREATE INDEX cases_unaccounted ON cases (closed_at) WHERE closed_at IS NOT NULL AND accounted = 0;

CREATE TABLE case_events (
    client_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (client_id, case_id, at, reason)
);

CREATE TABLE forecasts (
    client_id TEXT NOT NULL,
    forecast_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    resolved_at BIGINT,
    doc TEXT NOT NULL,
    -- The document of what was forecast never changes; its result stands apart.
    result TEXT,
    PRIMARY KEY (client_id, forecast_id)
);
CREATE INDEX forecasts_by_case ON forecasts (client_id, case_id, made_at);
CREATE INDEX forecasts_by_asset ON forecasts (client_id, asset_id, made_at);
CREATE INDEX forecasts_by_result ON forecasts (client_id, resolved_at);
CREATE INDEX forecasts_open ON forecasts (client_id, site_id) WHERE resolved_at IS NULL;

CREATE TABLE tickets (
    client_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    site_id TEXT NOT NULL,
    case_id TEXT,
    asset_id TEXT,
    title TEXT NOT NULL,
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT,
    opened_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    resolved_at BIGINT,
    resolution TEXT,
    resolved_by TEXT,
    PRIMARY KEY (client_id, number),
    UNIQUE (client_id, case_id)
);
CREATE INDEX tickets_by_opening ON tickets (opened_at);
CREATE INDEX tickets_by_site ON tickets (client_id, site_id);

CREATE TABLE work (
    client_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    text TEXT NOT NULL,
    acted BIGINT NOT NULL,
    PRIMARY KEY (client_id, number, position)
);
CREATE INDEX work_by_time ON work (client_id, at);

CREATE TABLE user_reports (
    client_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    site_id TEXT NOT NULL,
    asset_id TEXT,
    noticed_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    accounted BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, number)
);
CREATE INDEX user_reports_by_site ON user_reports (client_id, site_id, noticed_at);
CREATE INDEX user_reports_unaccounted ON user_reports (noticed_at) WHERE accounted = 0;

CREATE TABLE ledger (
    client_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    -- The entry without its chart; the chart is by far the larger part and rarely needed.
    doc TEXT NOT NULL,
    chart TEXT,
    PRIMARY KEY (client_id, seq)
);

CREATE TABLE statements (
    client_id TEXT NOT NULL,
    month TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    input_json TEXT NOT NULL,
    figures_json TEXT NOT NULL,
    pdf BLOB NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    sent TEXT NOT NULL,
    PRIMARY KEY (client_id, month)
);

-- client_id is empty for the provider's own mails: part of a key cannot be null.
CREATE TABLE outbox (
    client_id TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT,
    attachments BLOB NOT NULL,
    made_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- Also the lease: a row that was taken is due again some minutes later.
    next_try BIGINT NOT NULL,
    delivered_at BIGINT,
    last_error TEXT,
    PRIMARY KEY (client_id, key)
);
CREATE INDEX outbox_due ON outbox (next_try) WHERE delivered_at IS NULL;
CREATE INDEX outbox_by_age ON outbox (made_at);

-- GLOBAL: users belong to the provider; a client owner names its client in a column.
CREATE TABLE users (
    user_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    client_id TEXT,
    password_phc TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (user_id),
    UNIQUE (email)
);

-- GLOBAL: belongs to users.
CREATE TABLE sessions (
    token_sha256 TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_sha256)
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- GLOBAL: exists before there is anybody.
CREATE TABLE setup_tokens (
    token_sha256 TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_sha256)
);

-- GLOBAL: whoever failed to log in belongs to nobody.
CREATE TABLE login_failures (
    email TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX login_failures_by_email ON login_failures (email, at);

CREATE TABLE maintenance (
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    asset_id TEXT,
    why TEXT NOT NULL,
    announced_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);
CREATE INDEX maintenance_by_site ON maintenance (client_id, site_id, to_at);

CREATE TABLE audit (
    client_id TEXT,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);
