//! Conversations with the state machine, in virtual time. The talk helpers are here, the talks in the files below.

use std::time::Duration;

use super::*;
use crate::alert::{EndReason, Measured, Observation, Says};
use crate::time::{Now, Steady, Timestamp};
use crate::transition::Transition;

mod drafts;
mod talks;
mod edits;
mod exhaustive;
mod history;

const MINUTE: i64 = 60_000;

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn draft() -> PolicyDraft {
    PolicyDraft {
        name: "Hot".into(),
        expr: "heat > 90".into(),
        summary: "It is hot".into(),
        hold: minutes(5),
        ..PolicyDraft::default()
    }
}

fn policy(draft: &PolicyDraft) -> Policy {
    Policy::new(PolicyId(1), PolicyKind::Custom, 1, draft).unwrap()
}

/// The answer that these nodes are in.
fn nodes(names: &[&str]) -> Outcome {
    Outcome::Series {
        series: names.iter().map(|name| node(name)).collect(),
        complete: true,
        warnings: vec![],
    }
}

fn node(name: &str) -> SeriesValue {
    SeriesValue {
        set_labels: Vec::new(),
        labels: LabelSet::from_pairs([("__name__", "heat"), ("node", name), ("severity", "of the series")]),
        annotations: LabelSet::from_pairs([("summary", "It is hot")]),
        generator_url: "http://larum/graph?g0.expr=heat".into(),
        measured: Measured { value: 95.0, text: "95 °C (> 90 °C)".into() },
    }
}

fn no_data() -> Outcome {
    Outcome::NoData { selectors: vec!["heat".into()], complete: true }
}

fn failed() -> Outcome {
    Outcome::Failed("the source is down".into())
}

/// The same from a source that does not look back far enough yet.
fn incomplete(mut outcome: Outcome) -> Outcome {
    match &mut outcome {
        Outcome::Series { complete, .. } | Outcome::NoData { complete, .. } => *complete = false,
        Outcome::Failed(_) => {}
    }
    outcome
}

/// One policy, evaluated by hand at minutes of our choice.
struct Talk {
    policy: Policy,
    state: PolicyState,
    persisted: bool,
    noted: Vec<Transition>,
}

impl Talk {
    fn with(draft: &PolicyDraft) -> Self {
        Self { policy: policy(draft), state: PolicyState::default(), persisted: false, noted: Vec::new() }
    }

    /// Evaluates at this minute and tells what is said, a line each.
    fn at(&mut self, minute: i64, outcome: Outcome) -> Vec<String> {
        let advanced = self.state.advance(&self.policy, outcome, Duration::from_millis(3), now(minute));
        self.persisted = advanced.persist;
        self.noted.extend(advanced.transitions);
        advanced.observations.iter().map(in_words).collect()
    }

    /// Stops and starts again at this minute, with what was written down.
    fn restart(&mut self, minute: i64) {
        self.state =
            PolicyState::from_record(&self.policy, self.state.to_record(self.policy.id), now(minute));
    }

    fn standing(&self) -> Standing {
        self.state.standing(&self.policy)
    }
}

/// Minute 0 is long after the epoch, and the steady clock began at another time than the wall clock.
fn now(minute: i64) -> Now {
    Now { wall: wall(minute), steady: Steady::from_millis(7_000 + minute * MINUTE) }
}

fn wall(minute: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + minute * MINUTE)
}

/// `a warning: firing since minute 5`
fn in_words(seen: &Observation) -> String {
    let who = |labels: &LabelSet| format!("{} {}", labels.value("node"), labels.value("severity"));
    let since = (seen.starts_at.as_millis() - wall(0).as_millis()) / MINUTE;
    let says = match seen.says {
        Says::Firing { timeout: true, ends_at } if ends_at > wall(60 * 24 * 300) => "firing".to_owned(),
        Says::Firing { ends_at, .. } => format!("firing until {ends_at:?}"),
        Says::Ended { reason, .. } => reason.in_words().to_owned(),
    };
    let continues = seen.continues.as_ref().map(|old| format!(", continues {}", who(old)));
    format!("{}: {says} since minute {since}{}", who(&seen.labels), continues.unwrap_or_default())
}
