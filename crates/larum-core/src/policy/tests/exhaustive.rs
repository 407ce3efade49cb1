//! Every course of events of a certain length, against a model that is too simple to be wrong.

use std::collections::BTreeMap;

use super::*;

/// What can happen. Two minutes pass before each; the duration is three minutes, no data is borne with for four.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Answer(&'static [&'static str]),
    Partial(&'static [&'static str]),
    NoData,
    PartialNoData,
    Failure,
    OtherSeverity,
    OtherExpression,
    Restart,
}

const EVENTS: [Event; 10] = [
    Event::Answer(&["a", "b"]),
    Event::Answer(&["a"]),
    Event::Answer(&[]),
    Event::Partial(&["b"]),
    Event::NoData,
    Event::PartialNoData,
    Event::Failure,
    Event::OtherSeverity,
    Event::OtherExpression,
    Event::Restart,
];
const STEPS: usize = 5;
const EVERY: i64 = 2;
const HOLD: i64 = 3;
const NO_DATA: i64 = 4;

/// What a listener knows who heard every observation, and what a careful person would expect.
#[derive(Clone, Default)]
struct Model {
    /// Since which minute each node is in the answer.
    since: BTreeMap<String, i64>,
    /// What was heard to fire: node → severity and start.
    firing: BTreeMap<String, (String, i64)>,
    no_data_since: Option<i64>,
}

impl Model {
    fn expect(&mut self, event: Event, minute: i64) {
        match event {
            Event::Answer(nodes) | Event::Partial(nodes) => {
                self.no_data_since = None;
                let complete = matches!(event, Event::Answer(_));
                self.since.retain(|node, _| !complete || nodes.contains(&node.as_str()));
                for node in nodes {
                    self.since.entry((*node).to_owned()).or_insert(minute);
                }
            }
            Event::NoData | Event::PartialNoData => {
                let since = *self.no_data_since.get_or_insert(minute);
                if event == Event::NoData && minute - since >= NO_DATA {
                    self.since.clear();
                }
            }
            _ => {}
        }
    }

    /// Hears what was said: nothing begins twice, ends twice, or changes its start.
    fn hear(&mut self, said: &[Observation], minute: i64) {
        let mut ended: Option<(LabelSet, i64)> = None;
        for seen in said {
            let (node, severity) =
                (seen.labels.value("node").to_owned(), seen.labels.value("severity").to_owned());
            let start = (seen.starts_at.as_millis() - wall(0).as_millis()) / MINUTE;
            let heard = self.firing.get(&node);
            match seen.says {
                Says::Ended { at, .. } => {
                    assert_eq!(heard, Some(&(severity, start)), "only what fires can end");
                    assert_eq!(at, wall(minute));
                    self.firing.remove(&node);
                    ended = Some((seen.labels.clone(), start));
                }
                Says::Firing { .. } => {
                    let known = heard == Some(&(severity.clone(), start));
                    let continued = ended.take_if(|(old, _)| seen.continues.as_ref() == Some(old));
                    let begins = heard.is_none()
                        && match continued {
                            Some((_, old_start)) => old_start == start,
                            None => start == minute && seen.continues.is_none(),
                        };
                    assert!(known || begins, "neither known nor new: {}", in_words(seen));
                    self.firing.insert(node, (severity, start));
                }
            }
        }
    }

    /// What was heard is what a careful person expects.
    fn agree(&self, event: Event, minute: i64) {
        assert!(self.firing.keys().all(|node| self.since.contains_key(node)), "fires, but is gone");
        let (Event::Answer(nodes) | Event::Partial(nodes)) = event else { return };
        for node in nodes {
            let due = minute - self.since[*node] >= HOLD;
            assert_eq!(self.firing.contains_key(*node), due, "{node} at minute {minute}");
        }
    }
}

#[test]
fn every_course_of_events_is_told_as_it_was() {
    let talk = Talk::with(&PolicyDraft { hold: minutes(3), no_data_hold: minutes(4), ..draft() });
    let mut courses = 0;
    walk(&talk.policy, &talk.state, &Model::default(), &mut Vec::new(), &mut courses);
    assert_eq!(courses, EVENTS.len().pow(STEPS as u32));
}

fn walk(policy: &Policy, state: &PolicyState, model: &Model, past: &mut Vec<Event>, courses: &mut usize) {
    if past.len() == STEPS {
        *courses += 1;
        return;
    }
    for event in EVENTS {
        let (mut policy, mut state, mut model) = (policy.clone(), state.clone(), model.clone());
        past.push(event);
        let minute = past.len() as i64 * EVERY;
        model.expect(event, minute);
        let said = happen(event, &mut policy, &mut state, minute);
        let course = std::panic::AssertUnwindSafe(|| {
            model.hear(&said, minute);
            model.agree(event, minute);
        });
        if std::panic::catch_unwind(course).is_err() {
            panic!("in the course {past:?}");
        }
        walk(&policy, &state, &model, past, courses);
        past.pop();
    }
}

fn happen(event: Event, policy: &mut Policy, state: &mut PolicyState, minute: i64) -> Vec<Observation> {
    let outcome = match event {
        Event::Answer(names) => nodes(names),
        Event::Partial(names) => incomplete(nodes(names)),
        Event::NoData => no_data(),
        Event::PartialNoData => incomplete(no_data()),
        Event::Failure => failed(),
        Event::OtherSeverity => {
            let other = if policy.severity == Severity::Info { Severity::Warning } else { Severity::Info };
            policy.severity = other;
            return vec![];
        }
        Event::OtherExpression => {
            policy.expr = format!("{} + 0", policy.expr).into();
            return vec![];
        }
        Event::Restart => {
            *state = PolicyState::from_record(policy, state.to_record(policy.id), now(minute));
            return vec![];
        }
    };
    let before = state.to_record(policy.id);
    let advanced = state.advance(policy, outcome, Duration::ZERO, now(minute));
    let changed = state.to_record(policy.id) != before;
    let quiet = before.series.is_empty() && before.no_data_since.is_none();
    assert!(advanced.persist == changed || quiet && !advanced.persist, "{event:?}");
    advanced.observations
}
