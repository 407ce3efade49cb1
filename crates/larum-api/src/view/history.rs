//! Changes of state as they are shown.

use larum_core::label::{ALERT_NAME, SEVERITY};
use larum_core::transition::Stage;
use larum_engine::{Desk, OWN};
use larum_store::{HistoryPlace, HistoryRow};

use super::alert::{policy_name, summary, target};
use super::labels::show_labels;
use crate::wire::history::{HistoryEntry, HistoryState};

/// One change as it is shown.
pub fn show_entry(row: &HistoryRow, desk: &Desk) -> HistoryEntry {
    HistoryEntry {
        id: show_place(row.place),
        at: larum_core::time::Timestamp::from_millis(row.place.at).into(),
        from: show_stage(row.from),
        since: row.since.map(Into::into),
        to: show_stage(row.to),
        reason: row.reason.map(|reason| reason.in_words().to_owned()),
        detail: row.detail.clone(),
        value_text: row.value.clone(),
        name: row.labels.value(ALERT_NAME).to_owned(),
        severity: row.labels.value(SEVERITY).to_owned(),
        summary: summary(&row.annotations),
        target: target(&row.labels),
        labels: show_labels(&row.labels),
        policy: row.policy.filter(|id| *id != OWN).map(|id| policy_name(id, desk)),
        alert: row.alert.map(|id| id.to_string()),
    }
}

/// A stage as it goes over the wire.
pub const fn show_stage(stage: Stage) -> HistoryState {
    match stage {
        Stage::Inactive => HistoryState::Inactive,
        Stage::Pending => HistoryState::Pending,
        Stage::Firing => HistoryState::Firing,
        Stage::Kept => HistoryState::Kept,
        Stage::Resolved => HistoryState::Resolved,
        Stage::NoData => HistoryState::NoData,
        Stage::Error => HistoryState::Error,
        Stage::Disabled => HistoryState::Disabled,
        Stage::AlertingOff => HistoryState::AlertingOff,
    }
}

/// A place in the history as a text.
pub fn show_place(HistoryPlace { at, kind, id }: HistoryPlace) -> String {
    format!("{at}.{kind}.{id}")
}

/// The place that a text names.
pub fn read_place(text: &str) -> Option<HistoryPlace> {
    let mut parts = text.split('.').map(str::parse);
    let place = HistoryPlace { at: parts.next()?.ok()?, kind: parts.next()?.ok()?, id: parts.next()?.ok()? };
    parts.next().is_none().then_some(place)
}
