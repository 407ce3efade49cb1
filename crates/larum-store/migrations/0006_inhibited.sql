-- By which rule, and by which alert, another was inhibited.
ALTER TABLE verdict ADD COLUMN rule TEXT;
ALTER TABLE verdict ADD COLUMN by_alert BIGINT;
