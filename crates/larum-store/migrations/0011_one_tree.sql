-- What a table's rows are known by is what they lie by: of a BIGINT SQLite keeps a second tree beside the rows, of an
-- INTEGER it does not ("ROWIDs and the INTEGER PRIMARY KEY"). Every new alert and every message pays for each of them.
-- What waits is found by its state, which has a tree anyway.

CREATE TABLE alert_by_id (
    id         INTEGER PRIMARY KEY NOT NULL,
    policy_id  BIGINT,
    name       TEXT NOT NULL,
    severity   TEXT NOT NULL,
    starts_at  BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at   BIGINT,
    record     TEXT NOT NULL
);
INSERT INTO alert_by_id SELECT id, policy_id, name, severity, starts_at, updated_at, ended_at, record
FROM alert ORDER BY id;
DROP TABLE alert;
ALTER TABLE alert_by_id RENAME TO alert;
CREATE INDEX alert_firing ON alert (starts_at) WHERE ended_at IS NULL;
CREATE INDEX alert_started ON alert (starts_at) WHERE ended_at IS NOT NULL;
CREATE INDEX alert_ended ON alert (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX alert_heard ON alert (updated_at) WHERE ended_at IS NOT NULL;
CREATE INDEX alert_policy ON alert (policy_id, ended_at) WHERE policy_id IS NOT NULL;
CREATE INDEX alert_name ON alert (name, id) WHERE ended_at IS NOT NULL;

CREATE TABLE alert_group_by_id (
    id          INTEGER PRIMARY KEY NOT NULL,
    receiver_id BIGINT NOT NULL,
    labels      TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    turn        BIGINT NOT NULL,
    spoke_at    BIGINT,
    told        TEXT NOT NULL,
    heard       TEXT NOT NULL,
    gaps        TEXT NOT NULL DEFAULT '[]',
    way         TEXT NOT NULL DEFAULT ''
);
INSERT INTO alert_group_by_id SELECT id, receiver_id, labels, due_at, turn, spoke_at, told, heard, gaps, way
FROM alert_group ORDER BY id;
DROP TABLE alert_group;
ALTER TABLE alert_group_by_id RENAME TO alert_group;

CREATE TABLE body_by_id (
    id            INTEGER PRIMARY KEY NOT NULL,
    group_id      BIGINT NOT NULL,
    receiver_id   BIGINT NOT NULL,
    receiver_name TEXT NOT NULL,
    turn          BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    planned_at    BIGINT NOT NULL,
    group_labels  TEXT NOT NULL,
    headline      TEXT NOT NULL,
    message       TEXT NOT NULL,
    problem       TEXT,
    way           TEXT
);
INSERT INTO body_by_id SELECT id, group_id, receiver_id, receiver_name, turn, reason, planned_at, group_labels, headline,
       message, problem, way FROM body ORDER BY id;
DROP TABLE body;
ALTER TABLE body_by_id RENAME TO body;

CREATE TABLE delivery_by_id (
    id               INTEGER PRIMARY KEY NOT NULL,
    body_id          BIGINT NOT NULL,
    receiver_id      BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    group_id         BIGINT NOT NULL,
    turn             BIGINT NOT NULL,
    severity         TEXT NOT NULL,
    planned_at       BIGINT NOT NULL,
    alerts           TEXT NOT NULL,
    replaced         BIGINT NOT NULL DEFAULT 0,
    replaced_since   BIGINT,
    replaced_unnamed BIGINT NOT NULL DEFAULT 0,
    replaced_turn    BIGINT NOT NULL DEFAULT 0,
    state            TEXT NOT NULL,
    attempts         BIGINT NOT NULL DEFAULT 0,
    uncertain        BIGINT NOT NULL DEFAULT 0,
    plain            BIGINT NOT NULL DEFAULT 0,
    error            TEXT,
    detail           TEXT,
    ts               TEXT,
    channel_id       TEXT,
    finished_at      BIGINT,
    UNIQUE (group_id, turn, receiver_id, channel)
);
INSERT INTO delivery_by_id SELECT id, body_id, receiver_id, channel, group_id, turn, severity, planned_at, alerts, replaced,
       replaced_since, replaced_unnamed, replaced_turn, state, attempts, uncertain, plain, error, detail, ts, channel_id,
       finished_at FROM delivery ORDER BY id;
DROP TABLE delivery;
ALTER TABLE delivery_by_id RENAME TO delivery;
CREATE INDEX delivery_body ON delivery (body_id);
CREATE INDEX delivery_planned ON delivery (planned_at);
CREATE INDEX delivery_state ON delivery (state);

CREATE TABLE transition_by_id (
    id         INTEGER PRIMARY KEY NOT NULL,
    policy_id  BIGINT,
    alert_id   BIGINT,
    name       TEXT NOT NULL,
    severity   TEXT NOT NULL,
    from_stage TEXT NOT NULL,
    since      BIGINT,
    to_stage   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    reason     TEXT,
    detail     TEXT NOT NULL,
    value_text TEXT NOT NULL,
    labels     TEXT NOT NULL
);
INSERT INTO transition_by_id SELECT id, policy_id, alert_id, name, severity, from_stage, since, to_stage, at, reason, detail,
       value_text, labels FROM transition ORDER BY id;
DROP TABLE transition;
ALTER TABLE transition_by_id RENAME TO transition;
CREATE INDEX transition_at ON transition (at);
CREATE INDEX transition_policy ON transition (policy_id, at);
CREATE INDEX transition_alert ON transition (alert_id) WHERE alert_id IS NOT NULL;

-- The columns of the key come first, in their order: when it checks a database, Debian 12's SQLite (3.40) takes what
-- stands otherwise for damaged.
CREATE TABLE verdict_by_alert (
    alert_id      BIGINT NOT NULL,
    receiver_id   BIGINT NOT NULL,
    number        BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    rule          TEXT,
    by_alert      BIGINT,
    silences      TEXT,
    intervals     TEXT,
    receiver_name TEXT,
    way           TEXT,
    group_labels  TEXT,
    PRIMARY KEY (alert_id, receiver_id, number)
) WITHOUT ROWID;
INSERT INTO verdict_by_alert SELECT alert_id, receiver_id, number, at, reason, rule, by_alert, silences, intervals,
       receiver_name, way, group_labels FROM verdict ORDER BY alert_id, receiver_id, number;
DROP TABLE verdict;
ALTER TABLE verdict_by_alert RENAME TO verdict;

CREATE TABLE first_told_by_alert (
    alert_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    turn     BIGINT NOT NULL,
    PRIMARY KEY (alert_id, group_id)
) WITHOUT ROWID;
INSERT INTO first_told_by_alert SELECT alert_id, group_id, turn FROM first_told ORDER BY alert_id, group_id;
DROP TABLE first_told;
ALTER TABLE first_told_by_alert RENAME TO first_told;
