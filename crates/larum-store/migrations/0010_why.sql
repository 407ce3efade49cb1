-- Every decision not to tell stays, also when a later one about the same alert and receiver holds: so that it can be said
-- what was so at a time. With it stands what outlives the receiver and the group: its name, by which way alerts came
-- there, and what they shared.
CREATE TABLE decision (
    alert_id      BIGINT NOT NULL,
    receiver_id   BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    rule          TEXT,
    by_alert      BIGINT,
    silences      TEXT,
    intervals     TEXT,
    receiver_name TEXT,
    way           TEXT,
    group_labels  TEXT,
    number        BIGINT NOT NULL,
    PRIMARY KEY (alert_id, receiver_id, number)
);
INSERT INTO decision (alert_id, receiver_id, at, reason, rule, by_alert, silences, intervals, number)
SELECT alert_id, receiver_id, at, reason, rule, by_alert, silences, intervals, 0 FROM verdict;
DROP TABLE verdict;
ALTER TABLE decision RENAME TO verdict;

-- At which turn a group first told of an alert: what it says of it is found among its messages from then on.
CREATE TABLE first_told (
    alert_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    turn     BIGINT NOT NULL,
    PRIMARY KEY (alert_id, group_id)
);
INSERT INTO first_told (alert_id, group_id, turn)
SELECT json_extract(spoken.value, '$[0]'), delivery.group_id, min(delivery.turn)
FROM delivery, json_each(delivery.alerts) AS spoken GROUP BY 1, 2;

-- By which way alerts came to the receiver; unknown of what was said before this was kept.
ALTER TABLE body ADD COLUMN way TEXT;

-- What is over is found by its name, and pays for that only when it ends.
CREATE INDEX alert_name ON alert (name, id) WHERE ended_at IS NOT NULL;
