-- By which way alerts come to a group's receiver: the key of a route, or nothing where the receiver's own conditions let
-- them through.
ALTER TABLE alert_group ADD COLUMN way TEXT NOT NULL DEFAULT '';

-- The names of the time intervals because of which an alert was not told (JSON).
ALTER TABLE verdict ADD COLUMN intervals TEXT;

-- Why a message is not what was asked for: a template has failed.
ALTER TABLE body ADD COLUMN problem TEXT;
