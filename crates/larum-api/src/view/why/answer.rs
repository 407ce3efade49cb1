//! The answer in one sentence.

use larum_core::alert::Alert;
use larum_core::time::Timestamp;

use super::Parts;
use crate::draft::receiver::sentence;
use crate::wire::alert::{AlertReceiver, AlertReceiverState};
use crate::wire::delivery::DeliveryState;
use crate::wire::time::Time;
use crate::wire::why::{Says, WhyNotification, WhyVerdict};

/// What an answer depends on beside its receiver.
pub(super) struct Facts<'a> {
    pub alert: &'a Alert,
    pub at: Timestamp,
    pub live: bool,
    /// The last decision that concerns all receivers.
    pub everybody: Option<&'a WhyVerdict>,
}

type Answer = (AlertReceiverState, String, Option<Time>);

impl Facts<'_> {
    /// Whether it was told, in a word, a sentence, and when. What was said counts more than what is about to be, and
    /// that more than what was decided before.
    pub fn answer(&self, now: Option<&AlertReceiver>, shown: &Parts) -> Answer {
        if !shown.notifications.is_empty() {
            return self.by_messages(shown);
        }
        let standing = now.filter(|_| !shown.groups.is_empty());
        if let Some(now) = standing {
            return (now.state, now.sentence.clone(), now.at);
        }
        if let Some(verdict) = shown.verdicts.last() {
            return by_verdict(verdict);
        }
        let unmet = shown.ways.iter().find(|way| !way.met);
        let led = shown.ways.iter().any(|way| way.met);
        match (unmet, now) {
            (Some(unmet), _) if !led => (AlertReceiverState::NotTold, unmet.sentence.clone(), None),
            (_, Some(now)) => (now.state, now.sentence.clone(), now.at),
            _ if led && !self.live && self.fires() => (AlertReceiverState::Due, NOT_YET.to_owned(), None),
            _ if led => (AlertReceiverState::Unknown, NOTHING_KNOWN.to_owned(), None),
            _ => match self.everybody {
                Some(verdict) => by_verdict(verdict),
                None if self.live => (AlertReceiverState::NotTold, "No route leads to it.".to_owned(), None),
                None => (AlertReceiverState::Unknown, NOTHING_KNOWN.to_owned(), None),
            },
        }
    }

    fn fires(&self) -> bool {
        self.alert.ended_at().is_none_or(|ended| ended > self.at)
    }

    fn by_messages(&self, shown: &Parts) -> Answer {
        let messages = &shown.notifications;
        let delivered: Vec<&WhyNotification> =
            messages.iter().filter(|message| is(message, DeliveryState::Delivered)).collect();
        let open: Vec<&WhyNotification> = messages.iter().filter(|message| is_open(message)).collect();
        let mut sentences = Vec::new();
        if !delivered.is_empty() {
            sentences.push(format!("Told {}.", places(&delivered)));
            sentences.extend(self.end(&delivered, &open, !shown.groups.is_empty()));
        }
        sentences.extend(open.last().map(|message| waiting(message)));
        sentences.extend(failures(messages));
        let muted = shown.groups.iter().find_map(|group| group.muted.as_ref()).filter(|_| self.fires());
        sentences.extend(
            muted.filter(|_| !delivered.is_empty()).map(|why| format!("Not repeated for now: {why}")),
        );
        let (state, at) = match (delivered.first(), open.first()) {
            (Some(first), _) => (AlertReceiverState::Told, first.delivery.finished_at),
            (None, Some(open)) => (AlertReceiverState::Due, open.delivery.waits_until),
            (None, None) => {
                (AlertReceiverState::NotTold, messages.last().and_then(|last| last.delivery.finished_at))
            }
        };
        if sentences.is_empty() {
            sentences.push("A later message took the place of the one that spoke of it.".to_owned());
        }
        (state, sentences.join(" "), at)
    }

    /// Whether the end was told of an alert that is over.
    fn end(
        &self,
        delivered: &[&WhyNotification],
        open: &[&WhyNotification],
        in_group: bool,
    ) -> Option<String> {
        let tells_end =
            |message: &&WhyNotification| matches!(message.says, Says::Resolved | Says::FiredAndResolved);
        match (delivered.iter().any(tells_end), open.iter().any(tells_end)) {
            _ if self.fires() => None,
            (true, _) => Some("Told that it is over, too.".to_owned()),
            (false, true) => None,
            (false, false) if in_group => {
                Some("That it is over is told at its group's next turn.".to_owned())
            }
            (false, false) => Some("That it is over was not told.".to_owned()),
        }
    }
}

const NOT_YET: &str = "Not told by then: it was let through, and its group had not spoken of it.";
const NOTHING_KNOWN: &str = "Nothing is written down about it.";

fn by_verdict(verdict: &WhyVerdict) -> Answer {
    let state = if verdict.told { AlertReceiverState::Told } else { AlertReceiverState::NotTold };
    (state, verdict.sentence.clone(), Some(verdict.at))
}

fn is(message: &WhyNotification, state: DeliveryState) -> bool {
    message.settled && message.delivery.state == state
}

fn is_open(message: &WhyNotification) -> bool {
    !message.settled || matches!(message.delivery.state, DeliveryState::Waiting | DeliveryState::Sending)
}

/// `in #alerts and #ops`, `by webhook[0]`
fn places(messages: &[&WhyNotification]) -> String {
    let mut channels: Vec<&str> = Vec::new();
    for message in messages {
        if !channels.contains(&message.delivery.channel.as_str()) {
            channels.push(&message.delivery.channel);
        }
    }
    let how = if channels.first().is_some_and(|channel| channel.ends_with(']')) { "by" } else { "in" };
    match channels.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{how} {} and {last}", before.join(", ")),
        _ => format!("{how} {}", channels.concat()),
    }
}

fn waiting(message: &WhyNotification) -> String {
    let what = match message.says {
        Says::Resolved | Says::FiredAndResolved => "The message that it is over",
        Says::Firing | Says::SeverityChanged => "The message",
    };
    let to = &message.delivery.channel;
    match &message.delivery.waits_for {
        Some(waits) if message.delivery.state == DeliveryState::Sending => {
            format!("{what} to {to} is on its way and awaits {}.", waits.trim_end_matches('.'))
        }
        Some(waits) if waits.starts_with("paused") => sentence(&format!("{what} to {to} is {waits}")),
        Some(waits) => sentence(&format!("{what} to {to} waits for {waits}")),
        None if message.delivery.finished_at.is_some() => format!("{what} to {to} was not settled by then."),
        None => format!("{what} to {to} waits."),
    }
}

/// What became of the last message to each channel that was not delivered.
fn failures(messages: &[WhyNotification]) -> Vec<String> {
    let mut seen: Vec<&str> = Vec::new();
    let mut sentences = Vec::new();
    for message in messages.iter().rev() {
        let channel = message.delivery.channel.as_str();
        if seen.contains(&channel) {
            continue;
        }
        seen.push(channel);
        let why = message.delivery.error.as_deref().unwrap_or("no reason was given");
        if is(message, DeliveryState::Dead) {
            sentences.push(sentence(&format!("{channel} refused it for good: {why}")));
        } else if is(message, DeliveryState::Cancelled) {
            sentences.push(sentence(&format!("the message to {channel} was cancelled: {why}")));
        }
    }
    sentences
}
