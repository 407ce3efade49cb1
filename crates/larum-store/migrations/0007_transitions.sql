-- What changed from one stage to another and is not to be seen from the alerts themselves: one row says how long the
-- first stage lasted. Without a policy it concerns all of them, or an alert from outside.
CREATE TABLE transition (
    id         BIGINT PRIMARY KEY NOT NULL,
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
CREATE INDEX transition_at ON transition (at);
CREATE INDEX transition_policy ON transition (policy_id, at);
CREATE INDEX transition_alert ON transition (alert_id) WHERE alert_id IS NOT NULL;

-- What fires is found by when it began, at the price of the index that was there before.
DROP INDEX alert_firing;
CREATE INDEX alert_firing ON alert (starts_at) WHERE ended_at IS NULL;
-- So is what is over, but it pays for that only when it ends.
CREATE INDEX alert_started ON alert (starts_at) WHERE ended_at IS NOT NULL;
-- The episodes of one policy; what comes from outside has none.
CREATE INDEX alert_policy ON alert (policy_id, ended_at) WHERE policy_id IS NOT NULL;
