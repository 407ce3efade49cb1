//! What changed from one stage to another, as rows.

use larum_core::label::ALERT_NAME;
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_core::transition::Transition;

use crate::rows::{Labels, number};

pub(super) const TRANSITIONS: &str = "
INSERT INTO transition (id, policy_id, alert_id, name, severity, from_stage, since, to_stage, at, reason, detail,
       value_text, labels)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]'),
       json_extract(value, '$[9]'), json_extract(value, '$[10]'), json_extract(value, '$[11]'),
       json_extract(value, '$[12]')
FROM json_each(NEW.transitions)";

type TransitionColumns<'a> = (
    i64,
    Option<i64>,
    Option<i64>,
    &'a str,
    &'static str,
    &'static str,
    Option<i64>,
    &'static str,
    i64,
    Option<&'static str>,
    &'a str,
    &'a str,
    Labels,
);

pub(super) fn transition_columns((id, transition): &(u64, Transition)) -> TransitionColumns<'_> {
    (
        number(*id),
        transition.policy.map(|id| number(id.0)),
        transition.alert.map(|id| number(id.0)),
        transition.labels.value(ALERT_NAME),
        Severity::of(&transition.labels).as_str(),
        transition.from.as_str(),
        transition.since.map(Timestamp::as_millis),
        transition.to.as_str(),
        transition.at.as_millis(),
        transition.reason.map(larum_core::alert::EndReason::as_str),
        &transition.detail,
        &transition.value,
        Labels(transition.labels.clone()),
    )
}
