-- Lanes that are paused (one channel of one receiver): why, since when, and when one message is tried again.
CREATE TABLE lane_pause (
    receiver_id BIGINT NOT NULL,
    channel     TEXT NOT NULL,
    error       TEXT NOT NULL,
    since       BIGINT NOT NULL,
    probe_at    BIGINT NOT NULL,
    PRIMARY KEY (receiver_id, channel)
);

-- Until when Slack asked to leave a channel alone, whichever receivers speak in it. An empty workspace is one that is
-- not known yet.
CREATE TABLE retry_after (
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    until_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, channel)
);
