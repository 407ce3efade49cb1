//! Who was told of an alert, who will be, and who was not and why.

use std::sync::Arc;

use larum_core::alert::Alert;
use larum_core::config::Config;
use larum_core::group::Group;
use larum_core::mute::{Mute, OffTime, Silenced};
use larum_core::receiver::{Receiver, ReceiverId};
use larum_core::route::Way;
use larum_core::silence::Silences;
use larum_core::state::State;
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::{Hushed, Verdict};

use super::inhibited::{in_words, show_inhibited, show_inhibitor};
use crate::draft::receiver::sentence;
use crate::wire::alert::{AlertReceiver, AlertReceiverState, InhibitedBy};
use crate::wire::time::Time;

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
        told.chain(self.routed(alert)).collect()
    }

    /// Those that a route of the file leads to; a receiver that two lead to is there twice. What waits for one of them
    /// is told also after its group is done with it.
    fn routed(&self, alert: &Alert) -> impl Iterator<Item = AlertReceiver> {
        let groups = || self.state.groups_of(alert.id).filter(|group| group.way != Way::Conditions);
        let standing = groups().filter_map(|group| {
            let receiver = self.state.config.receiver(group.receiver)?;
            let owed = self.state.owes(receiver.id, alert.id);
            Some(self.in_group(receiver, group, alert, owed))
        });
        let routing = self.state.config.routing.as_ref();
        let owed = self.state.owed(alert.id).filter(move |id| groups().all(|group| group.receiver != *id));
        let owed = owed.filter_map(move |id| routing?.integration(id));
        standing.chain(owed.map(|receiver| show(receiver, waiting(None))))
    }

    /// Why this group tells nobody now that the alert fires, in words.
    pub fn hidden(&self, group: &Group, alert: &Alert) -> Option<String> {
        let mute = self.mute(group, alert).filter(|_| alert.is_firing())?;
        Some(mute.in_words())
    }

    fn in_group(&self, receiver: &Receiver, group: &Group, alert: &Alert, owed: bool) -> AlertReceiver {
        let standing = self.of_group(group, alert, owed);
        match self.mute(group, alert) {
            None => show(receiver, standing),
            Some(mute) => show_muted(receiver, standing, mute),
        }
    }

    fn receiver(&self, receiver: &Receiver, alert: &Alert) -> Option<AlertReceiver> {
        let group = self.state.groups_of(alert.id).find(|group| group.receiver == receiver.id);
        let owed = self.state.owes(receiver.id, alert.id);
        let (state, sentence, at) = match group {
            Some(group) => return Some(self.in_group(receiver, group, alert, owed)),
            None if owed => waiting(None),
            None if !alert.is_firing() => return None,
            None => (AlertReceiverState::NotTold, not_told(receiver, alert).to_owned(), None),
        };
        Some(show(receiver, (state, sentence, at)))
    }

    /// By what this group tells nobody now that the alert fires.
    fn mute(&self, group: &Group, alert: &Alert) -> Option<Muted> {
        if let Some(inhibitor) = self.state.inhibitor(alert.id) {
            return Some(Muted::Inhibited(show_inhibitor(inhibitor)));
        }
        if let Some(off_time) = self.state.off_time(group, self.now.wall) {
            return Some(Muted::OffTime(off_time));
        }
        match self.state.mute_of(alert.id, self.now.wall)? {
            Mute::Silenced(silenced) => Some(Muted::Silenced(by_silences(&silenced, self.state.silences()))),
            Mute::Inhibited(_) | Mute::OffTime(_) => None,
        }
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

/// Why nobody is told of an alert that fires, as it is shown.
enum Muted {
    Inhibited(InhibitedBy),
    OffTime(OffTime),
    /// By whom, in words.
    Silenced(String),
}

/// `active at office only`, `mute at night`.
pub fn at_times(off_time: &OffTime) -> String {
    let names = off_time.by.join(", ");
    if off_time.outside { format!("active at {names} only") } else { format!("mute at {names}") }
}

/// `ada until 2026-11-22T08:00:00Z (known)`, of the silence that ends last, as far as it is still kept.
fn by_silences(silenced: &Silenced, silences: &Silences) -> String {
    let known = silenced.by.iter().filter_map(|id| silences.get(*id));
    let Some(last) = known.max_by_key(|silence| silence.ends_at) else { return "a silence".to_owned() };
    let author = if last.created_by.is_empty() { "somebody" } else { &last.created_by };
    let comment = if last.comment.is_empty() { String::new() } else { format!(" ({})", last.comment) };
    format!("{author} until {}{comment}", Time(last.ends_at))
}

impl Muted {
    /// `Silenced by ada until 2026-11-22T08:00:00Z (known)`
    fn in_words(&self) -> String {
        match self {
            Self::Inhibited(by) => format!("Inhibited by {}", in_words(by)),
            Self::OffTime(off_time) => format!("Its route is {}", at_times(off_time)),
            Self::Silenced(by) => format!("Silenced by {by}"),
        }
    }

    /// `while it is silenced by ada`
    fn lasting(&self) -> String {
        match self {
            Self::Inhibited(by) => format!("while {} inhibits it", in_words(by)),
            Self::OffTime(off_time) => format!("while its route is {}", at_times(off_time)),
            Self::Silenced(by) => format!("while it is silenced by {by}"),
        }
    }
}

/// The same of an alert that is muted.
fn show_muted(receiver: &Receiver, (state, sentence, at): Standing, mute: Muted) -> AlertReceiver {
    let (hides, hidden) = (mute.lasting(), mute.in_words());
    let standing = match state {
        AlertReceiverState::Told => (state, format!("Told. Not repeated {hides}."), at),
        AlertReceiverState::Due if sentence == WAITS => (state, sentence, at),
        AlertReceiverState::Due | AlertReceiverState::NotTold | AlertReceiverState::Unknown => {
            let sentence = format!("{hidden}. Told at its group's next turn once that is over.");
            (AlertReceiverState::NotTold, sentence, None)
        }
    };
    let inhibited = match mute {
        Muted::Inhibited(by) => Some(by),
        Muted::OffTime(_) | Muted::Silenced(_) => None,
    };
    AlertReceiver { inhibited, ..show(receiver, standing) }
}

fn show(receiver: &Receiver, standing: Standing) -> AlertReceiver {
    show_named(receiver.id, receiver_name(receiver), standing)
}

/// What tells the receiver from others: of a file's, which way to tell it is meant.
pub fn receiver_name(receiver: &Receiver) -> String {
    match receiver.channels.iter().find(|channel| channel.is_integration()) {
        Some(integration) => format!("{} {integration}", receiver.name),
        None => receiver.name.to_string(),
    }
}

fn show_named(id: ReceiverId, name: String, (state, sentence, at): Standing) -> AlertReceiver {
    AlertReceiver { id: id.0, name, state, sentence, at: at.map(Into::into), inhibited: None }
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
        let (sentence, inhibited) = verdict_in_words(verdict, inhibitors, state.silences());
        let was_told = verdict.reason.was_told();
        let standing = if was_told { AlertReceiverState::Told } else { AlertReceiverState::NotTold };
        for (id, name) in concerned(verdict, &state.config) {
            if receivers.iter().all(|known| known.id != id.0) {
                let shown = show_named(id, name, (standing, sentence.clone(), Some(verdict.at)));
                receivers.push(AlertReceiver { inhibited: inhibited.clone(), ..shown });
            }
        }
    }
}

/// Why somebody was not told, in a sentence, and by what the alert was inhibited if that is why.
pub fn verdict_in_words(
    verdict: &Verdict,
    inhibitors: &[Arc<Alert>],
    silences: &Silences,
) -> (String, Option<InhibitedBy>) {
    let inhibited = match &verdict.reason {
        Hushed::Inhibited(by) => {
            let alert = inhibitors.iter().find(|alert| alert.id == by.by);
            Some(show_inhibited(by, alert.map(Arc::as_ref)))
        }
        _ => None,
    };
    let words = match (&inhibited, &verdict.reason) {
        (Some(by), _) => format!("inhibited by {}", in_words(by)),
        (None, Hushed::Silenced(silenced)) => format!("silenced by {}", by_silences(silenced, silences)),
        (None, Hushed::OffTime(off_time)) => format!("its route was {}", at_times(off_time)),
        (None, reason) => reason.in_words().to_owned(),
    };
    (sentence(&words), inhibited)
}

/// Whom a verdict is about, with their names: one receiver, or all that have conditions of their own.
fn concerned(verdict: &Verdict, config: &Config) -> Vec<(ReceiverId, String)> {
    let named = |receiver: &Arc<Receiver>| (receiver.id, receiver.name.to_string());
    match verdict.receiver {
        None => config.receivers.iter().map(named).collect(),
        Some(id) => {
            let own = config.receivers.iter().find(|receiver| receiver.id == id).map(named);
            let routed = || {
                let name = config.routing.as_ref()?.name_of(id)?;
                Some((id, name.to_string()))
            };
            own.or_else(routed).into_iter().collect()
        }
    }
}
