-- How many deliveries stand in each state is shown beside every page of the log.
CREATE INDEX delivery_state ON delivery (state);

-- Alerts that are over, by when they were last heard of: the oldest are forgotten first.
CREATE INDEX alert_heard ON alert (updated_at) WHERE ended_at IS NOT NULL;
