//! What Larum says of itself, by the way that all alerts go.

use larum_core::alert::{Observation, Origin, PolicyId, Says};
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

/// The policy in whose name Larum speaks of itself; none that a person can see has this number.
pub const OWN: PolicyId = PolicyId(0);

/// An observation of Larum itself, of which everybody hears who hears of critical alerts.
pub(crate) fn about_itself(
    name: &str,
    summary: &str,
    details: &str,
    since: Timestamp,
    says: Says,
) -> Observation {
    Observation {
        origin: Origin::Policy(OWN),
        labels: LabelSet::from_pairs([("alertname", name), ("severity", "critical")]),
        annotations: LabelSet::from_pairs([("summary", summary), ("description", details)]),
        generator_url: "".into(),
        starts_at: since,
        says,
        measured: None,
        continues: None,
    }
}

/// An observation that policies see nothing new: one alert, whatever it is that does not answer.
pub(crate) fn not_watching(summary: &str, details: &str, since: Timestamp, says: Says) -> Observation {
    about_itself("LarumNotWatching", summary, details, since, says)
}
