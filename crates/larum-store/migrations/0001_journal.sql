-- Times are milliseconds since the Unix epoch, UTC. Numbers of rows are drawn from one counter, `meta.next_id`.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- One episode of an alert. What is only read as a whole stands in `record` (JSON).
CREATE TABLE alert (
    id         BIGINT PRIMARY KEY NOT NULL,
    policy_id  BIGINT,
    name       TEXT NOT NULL,
    severity   TEXT NOT NULL,
    starts_at  BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at   BIGINT,
    record     TEXT NOT NULL
);
CREATE INDEX alert_firing ON alert (id) WHERE ended_at IS NULL;
CREATE INDEX alert_ended ON alert (ended_at) WHERE ended_at IS NOT NULL;

-- Why an alert was not told; receiver 0 stands for all of them.
CREATE TABLE verdict (
    alert_id    BIGINT NOT NULL,
    receiver_id BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (alert_id, receiver_id)
);

CREATE TABLE alert_group (
    id          BIGINT PRIMARY KEY NOT NULL,
    receiver_id BIGINT NOT NULL,
    labels      TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    turn        BIGINT NOT NULL,
    spoke_at    BIGINT,
    told        TEXT NOT NULL,
    heard       TEXT NOT NULL
);

-- One message as it is sent, shared by the channels that hear the same.
CREATE TABLE body (
    id            BIGINT PRIMARY KEY NOT NULL,
    group_id      BIGINT NOT NULL,
    receiver_id   BIGINT NOT NULL,
    receiver_name TEXT NOT NULL,
    turn          BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    planned_at    BIGINT NOT NULL,
    group_labels  TEXT NOT NULL,
    headline      TEXT NOT NULL,
    message       TEXT NOT NULL
);

CREATE TABLE delivery (
    id            BIGINT PRIMARY KEY NOT NULL,
    body_id       BIGINT NOT NULL,
    receiver_id   BIGINT NOT NULL,
    channel       TEXT NOT NULL,
    group_id      BIGINT NOT NULL,
    turn          BIGINT NOT NULL,
    severity      TEXT NOT NULL,
    planned_at    BIGINT NOT NULL,
    alerts        TEXT NOT NULL,
    replaced      BIGINT NOT NULL DEFAULT 0,
    replaced_since BIGINT,
    state         TEXT NOT NULL,
    attempts      BIGINT NOT NULL DEFAULT 0,
    uncertain     BIGINT NOT NULL DEFAULT 0,
    plain         BIGINT NOT NULL DEFAULT 0,
    error         TEXT,
    detail        TEXT,
    ts            TEXT,
    channel_id    TEXT,
    finished_at   BIGINT,
    UNIQUE (group_id, turn, receiver_id, channel)
);
CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('waiting', 'sending');
CREATE INDEX delivery_body ON delivery (body_id);
CREATE INDEX delivery_planned ON delivery (planned_at);

CREATE TABLE receiver (
    id         BIGINT PRIMARY KEY NOT NULL,
    version    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    enabled    BIGINT NOT NULL,
    channels   TEXT NOT NULL,
    conditions TEXT,
    token      TEXT NOT NULL,
    slack      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE setting (
    key        TEXT PRIMARY KEY NOT NULL,
    version    BIGINT NOT NULL,
    value      TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE policy (
    id         BIGINT PRIMARY KEY NOT NULL,
    builtin    TEXT UNIQUE,
    version    BIGINT NOT NULL,
    record     TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE policy_state (
    policy_id BIGINT PRIMARY KEY NOT NULL,
    record    TEXT NOT NULL
);
