//! What is taken note of, beside what the alerts tell by themselves.

use super::*;
use crate::transition::{MAX_DETAIL, Stage};

impl Talk {
    /// What was noted since the last time: `a 5: pending since 0 → firing`.
    fn notes(&mut self) -> Vec<String> {
        self.noted.drain(..).map(|transition| note(&transition)).collect()
    }

    fn ends(&mut self, minute: i64, reason: EndReason) -> Vec<String> {
        let advanced = self.state.end(&self.policy, reason, now(minute));
        self.persisted = advanced.persist;
        self.noted.extend(advanced.transitions);
        self.notes()
    }
}

fn note(transition: &Transition) -> String {
    let minute = |at: Timestamp| (at.as_millis() - wall(0).as_millis()) / MINUTE;
    let Transition { from, since, to, at, reason, detail, .. } = transition;
    let who = transition.labels.get("node").unwrap_or(transition.labels.value("alertname"));
    let since = since.map(|since| format!(" since {}", minute(since))).unwrap_or_default();
    let reason = reason.map(|reason| format!(": {}", reason.as_str())).unwrap_or_default();
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    format!("{who} {}: {}{since} → {}{reason}{detail}", minute(*at), from.as_str(), to.as_str())
}

#[test]
fn a_series_is_noted_when_it_is_pending_and_when_that_ends() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a", "b"]));
    assert_eq!(talk.notes(), ["a 0: inactive → pending", "b 0: inactive → pending"]);
    talk.at(3, nodes(&["a"]));
    assert_eq!(talk.notes(), ["b 3: pending since 0 → inactive: resolved"]);
    talk.at(5, nodes(&["a"]));
    assert_eq!(talk.notes(), ["a 5: pending since 0 → firing"]);
    talk.at(9, nodes(&[]));
    assert_eq!(talk.notes(), [""; 0], "the alert tells its end by itself");
}

#[test]
fn what_fires_at_once_was_never_pending() {
    let mut talk = Talk::with(&PolicyDraft { hold: minutes(0), ..draft() });
    talk.at(0, nodes(&["a"]));
    talk.at(1, nodes(&["a"]));
    talk.at(2, nodes(&[]));
    assert_eq!(talk.notes(), [""; 0]);
}

#[test]
fn what_is_kept_firing_is_noted_until_it_is_back_or_over() {
    let mut talk = Talk::with(&PolicyDraft { hold: minutes(0), keep_firing: minutes(10), ..draft() });
    talk.at(0, nodes(&["a"]));
    talk.at(2, nodes(&[]));
    assert_eq!(talk.notes(), ["a 2: firing since 0 → kept: resolved"]);
    assert!(talk.persisted);
    talk.at(3, nodes(&[]));
    assert_eq!(talk.notes(), [""; 0]);
    talk.at(4, nodes(&["a"]));
    assert_eq!(talk.notes(), ["a 4: kept since 2 → firing"]);
    talk.at(6, nodes(&[]));
    talk.at(16, nodes(&[]));
    assert_eq!(
        talk.notes(),
        ["a 6: firing since 0 → kept: resolved", "a 16: kept since 6 → inactive: resolved"]
    );
}

#[test]
fn no_data_and_failures_are_noted_when_they_begin_and_when_they_end() {
    let mut talk = Talk::with(&draft());
    talk.at(0, no_data());
    talk.at(1, no_data());
    assert_eq!(talk.notes(), ["Hot 0: inactive → no_data (heat)"]);
    talk.at(2, failed());
    assert!(talk.persisted);
    talk.at(3, failed());
    assert!(!talk.persisted);
    talk.at(4, no_data());
    talk.at(5, nodes(&[]));
    assert_eq!(
        talk.notes(),
        [
            "Hot 2: no_data since 0 → error (the source is down)",
            "Hot 4: error since 2 → no_data (heat)",
            "Hot 5: no_data since 4 → inactive",
        ]
    );
}

#[test]
fn a_built_in_policy_without_data_is_no_news_until_it_has_had_some() {
    let mut talk = Talk::with(&draft());
    talk.policy.kind = PolicyKind::Builtin { key: "hot".into() };
    talk.at(0, no_data());
    assert!(talk.persisted);
    assert_eq!((talk.notes(), talk.state.stage()), (vec![], (Stage::NoData, Some(wall(0)))));
    talk.at(1, nodes(&[]));
    talk.at(2, no_data());
    assert_eq!(
        talk.notes(),
        ["Hot 1: no_data since 0 → inactive", "Hot 2: inactive since 1 → no_data (heat)"]
    );

    let mut talk = Talk::with(&draft());
    talk.policy.kind = PolicyKind::Builtin { key: "hot".into() };
    talk.at(0, nodes(&[]));
    talk.at(1, no_data());
    assert_eq!(talk.notes(), ["Hot 1: inactive since 0 → no_data (heat)"]);
}

#[test]
fn a_restart_notes_nothing_and_forgets_no_beginning() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(1, failed());
    talk.notes();
    talk.restart(3);
    assert_eq!(talk.state.stage(), (Stage::Error, Some(wall(1))));
    talk.at(6, nodes(&["a"]));
    assert_eq!(talk.notes(), ["a 6: pending since 0 → firing", "Hot 6: error since 1 → inactive"]);
}

#[test]
fn whatever_ends_a_policy_closes_what_is_open() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.at(1, failed());
    talk.notes();
    assert_eq!(
        talk.ends(2, EndReason::PolicyDisabled),
        [
            "a 2: pending since 0 → inactive: policy_disabled",
            "Hot 2: error since 1 → disabled: policy_disabled"
        ]
    );
    assert_eq!(talk.ends(3, EndReason::AlertingOff), [""; 0], "it stays switched off");
    let on = talk.state.enable(&talk.policy, now(4));
    assert_eq!(on.transitions.iter().map(note).collect::<Vec<_>>(), ["Hot 4: disabled since 2 → inactive"]);
    talk.at(5, nodes(&["a"]));
    talk.notes();
    assert_eq!(talk.ends(6, EndReason::AlertingOff), ["a 6: pending since 5 → inactive: alerting_off"]);
}

#[test]
fn why_it_fails_is_kept_as_far_as_it_is_read() {
    let mut talk = Talk::with(&draft());
    talk.at(0, Outcome::Failed("é".repeat(10_000)));
    assert_eq!(talk.noted[0].detail.chars().count(), MAX_DETAIL);
}

#[test]
fn another_severity_begins_another_series_in_the_notes() {
    let mut talk = Talk::with(&draft());
    talk.at(0, nodes(&["a"]));
    talk.notes();
    talk.policy = policy(&PolicyDraft { severity: Severity::Critical, ..draft() });
    talk.at(1, nodes(&["a"]));
    assert_eq!(talk.notes(), ["a 1: pending since 0 → inactive: policy_changed"]);
    talk.at(5, nodes(&["a"]));
    assert_eq!(talk.notes(), ["a 5: pending since 0 → firing"]);
}
