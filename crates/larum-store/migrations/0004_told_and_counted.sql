-- How many alerts a message counts and does not name that fired and ended while its channel could not be reached.
ALTER TABLE delivery ADD COLUMN replaced_unnamed BIGINT NOT NULL DEFAULT 0;
-- Which turn the oldest message told that it takes the place of.
ALTER TABLE delivery ADD COLUMN replaced_turn BIGINT NOT NULL DEFAULT 0;

-- For how long a group did not speak of what it had told, because the conditions did not want it.
ALTER TABLE alert_group ADD COLUMN gaps TEXT NOT NULL DEFAULT '[]';
