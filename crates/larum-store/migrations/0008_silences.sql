-- What somebody does not want to be told of for some time, known by a UUID. What is only read as a whole stands in
-- `record` (JSON).
CREATE TABLE silence (
    id      TEXT PRIMARY KEY NOT NULL,
    ends_at BIGINT NOT NULL,
    record  TEXT NOT NULL
);

-- The ids of the silences that hid an alert, joined by blanks.
ALTER TABLE verdict ADD COLUMN silences TEXT;
