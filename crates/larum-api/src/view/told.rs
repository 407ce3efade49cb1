//! Who was told of an alert, who will be, and who was not and why.

use std::sync::Arc;

use larum_core::alert::Alert;
use larum_core::group::Group;
use larum_core::receiver::Receiver;
use larum_core::state::State;
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::{Hushed, Verdict};

use super::inhibited::{in_words, show_inhibited, show_inhibitor};
use crate::wire::alert::{AlertReceiver, AlertReceiverState, InhibitedBy};

/// A look at the state that answers for several alerts, and looks at nothing else.
#[derive(Clone, Copy)]
pub struct ToldView<'a> {
    state: &'a State,
    now: Now,
}

impl<'a> ToldView<'a> {
    /// Takes a look.
    pub fn of(state: &'a State, now: Now) -> Self {
        Self { state, now }
    }

    /// Who hears of this alert, in order of receiver; of an alert that is over and told, nothing is known here.
    pub fn receivers(&self, alert: &Alert) -> Vec<AlertReceiver> {
        let told = self.state.config.receivers.iter().filter_map(|receiver| self.receiver(receiver, alert));
        told.collect()
    }

    fn receiver(&self, receiver: &Receiver, alert: &Alert) -> Option<AlertReceiver> {
        let group = self.state.groups_of(alert.id).find(|group| group.receiver == receiver.id);
        let owed = self.state.owes(receiver.id, alert.id);
        let inhibited = || self.state.inhibitor(alert.id).map(show_inhibitor);
        let (state, sentence, at) = match group {
            Some(group) => match (self.of_group(group, alert, owed), inhibited()) {
                (standing, None) => standing,
                (standing, Some(by)) => return Some(show_silent(receiver, standing, by)),
            },
            None if owed => waiting(None),
            None if !alert.is_firing() => return None,
            None => (AlertReceiverState::NotTold, not_told(receiver, alert).to_owned(), None),
        };
        Some(show(receiver, state, sentence, at))
    }

    fn of_group(&self, group: &Group, alert: &Alert, owed: bool) -> Standing {
        let spoke_at = group.spoke_at.map(|at| self.now.wall_at(at));
        match (group.told.contains_key(&alert.id), owed) {
            (true, false) => (AlertReceiverState::Told, "Told.".to_owned(), spoke_at),
            (_, true) => waiting(spoke_at),
            (false, false) => {
                let due = self.now.wall_at(group.due);
                (AlertReceiverState::Due, "Told at its group's next turn.".to_owned(), Some(due))
            }
        }
    }
}

const WAITS: &str = "Its message waits to be delivered.";

type Standing = (AlertReceiverState, String, Option<Timestamp>);

fn waiting(at: Option<Timestamp>) -> Standing {
    (AlertReceiverState::Due, WAITS.to_owned(), at)
}

fn not_told(receiver: &Receiver, alert: &Alert) -> &'static str {
    if alert.is_heartbeat() {
        "A heartbeat is shown, never sent."
    } else if !receiver.enabled {
        "Receive Notifications is off."
    } else if !receiver.conditions.hold(&alert.labels) {
        "Its notification conditions do not let this alert through."
    } else {
        "Not told."
    }
}

/// The same of an alert that is inhibited.
fn show_silent(receiver: &Receiver, (state, sentence, at): Standing, by: InhibitedBy) -> AlertReceiver {
    let words = in_words(&by);
    let (state, sentence, at) = match state {
        AlertReceiverState::Told => (state, format!("Told. Not repeated while {words} inhibits it."), at),
        AlertReceiverState::Due if sentence == WAITS => (state, sentence, at),
        AlertReceiverState::Due | AlertReceiverState::NotTold => {
            let sentence = format!("Inhibited by {words}. Told at its group's next turn once that is over.");
            (AlertReceiverState::NotTold, sentence, None)
        }
    };
    AlertReceiver { inhibited: Some(by), ..show(receiver, state, sentence, at) }
}

fn show(
    receiver: &Receiver,
    state: AlertReceiverState,
    sentence: String,
    at: Option<Timestamp>,
) -> AlertReceiver {
    let name = receiver.name.to_string();
    AlertReceiver { id: receiver.id.0, name, state, sentence, at: at.map(Into::into), inhibited: None }
}

/// Adds what was decided and written down about an alert: for each receiver, or for all of them, why it was not told.
/// `inhibitors` are those of the alerts named there that are still known.
pub fn add_verdicts(
    receivers: &mut Vec<AlertReceiver>,
    verdicts: &[Verdict],
    inhibitors: &[Arc<Alert>],
    state: &State,
) {
    for verdict in verdicts {
        let inhibited = match &verdict.reason {
            Hushed::Inhibited(by) => {
                let alert = inhibitors.iter().find(|alert| alert.id == by.by);
                Some(show_inhibited(by, alert.map(Arc::as_ref)))
            }
            _ => None,
        };
        let words = match &inhibited {
            Some(by) => format!("inhibited by {}", in_words(by)),
            None => verdict.reason.in_words().to_owned(),
        };
        for receiver in &state.config.receivers {
            let concerned = verdict.receiver.is_none_or(|id| id == receiver.id);
            if concerned && receivers.iter().all(|known| known.id != receiver.id.0) {
                let sentence = crate::draft::receiver::sentence(&words);
                let was_told = verdict.reason.was_told();
                let state = if was_told { AlertReceiverState::Told } else { AlertReceiverState::NotTold };
                let shown = show(receiver, state, sentence, Some(verdict.at));
                receivers.push(AlertReceiver { inhibited: inhibited.clone(), ..shown });
            }
        }
    }
}
