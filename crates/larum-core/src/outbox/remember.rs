//! What lanes wait for besides their messages: written down with whatever changed it, and gone on from after a start.

use super::pace::Workspace;
use super::{Lane, LaneKey, Outbox, PROBE_INTERVAL, Paused};
use crate::receiver::{Channel, ReceiverId};
use crate::time::{Now, Steady};

/// A lane that is paused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PausedLane {
    /// Whose lane it is.
    pub receiver: ReceiverId,
    /// To which channel.
    pub channel: Channel,
    /// Why, since when, and when it is tried again.
    pub paused: Paused,
}

/// A channel that Slack asked to leave alone (Slack, "Rate limits", `Retry-After`), whichever receivers speak in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetryAfter {
    /// The channel's workspace, as far as it is known.
    pub workspace: Workspace,
    /// The channel.
    pub channel: Channel,
    /// Nothing is sent before this. What is sent in the minute after it is paced.
    pub until: Steady,
}

/// What of this has changed. What is over is to be written down before what is new.
#[derive(Clone, Debug, Default)]
pub struct LaneChanges {
    /// Lanes that go on, or in which nothing waits any more.
    pub resumed: Vec<(ReceiverId, Channel)>,
    /// Lanes that are paused, or are tried again at another time.
    pub paused: Vec<PausedLane>,
    /// Channels of which Slack's wish is past.
    pub past: Vec<(Workspace, Channel)>,
    /// Channels that Slack asked to leave alone.
    pub retry_after: Vec<RetryAfter>,
}

impl LaneChanges {
    /// Whether nothing has.
    pub fn is_empty(&self) -> bool {
        let Self { resumed, paused, past, retry_after } = self;
        resumed.is_empty() && paused.is_empty() && past.is_empty() && retry_after.is_empty()
    }
}

impl Outbox {
    /// What lanes wait for besides their messages, as far as it has changed since this was last asked.
    pub fn take_changes(&mut self) -> LaneChanges {
        let resumed = std::mem::take(&mut self.left_paused);
        let mut changes = LaneChanges { resumed, ..LaneChanges::default() };
        for ((receiver, channel), lane) in &mut self.lanes {
            if !lane.take_pause_changed() {
                continue;
            }
            let (receiver, channel) = (*receiver, channel.clone());
            match lane.paused().cloned() {
                Some(paused) => changes.paused.push(PausedLane { receiver, channel, paused }),
                None => changes.resumed.push((receiver, channel)),
            }
        }
        for place in self.pacer.take_changed() {
            match self.pacer.asked().get(&place).copied() {
                Some(until) => {
                    let (workspace, channel) = place;
                    changes.retry_after.push(RetryAfter { workspace, channel, until });
                }
                None => changes.past.push(place),
            }
        }
        changes
    }

    /// Goes on from what was written down, after all that waits was taken in. Nothing waits for longer than it could
    /// have when it was written down, whatever the wall clock did since.
    pub fn remember(&mut self, paused: Vec<PausedLane>, retry_after: Vec<RetryAfter>, now: Now) {
        for PausedLane { receiver, channel, paused } in paused {
            let key = (receiver, channel);
            match self.lanes.get_mut(&key) {
                Some(lane) => lane.remember(paused, now.steady.plus(PROBE_INTERVAL)),
                None => self.left_paused.push(key),
            }
        }
        for RetryAfter { workspace, channel, until } in retry_after {
            self.pacer.remember(&(workspace, channel), until, now.steady);
        }
    }

    /// The channels that Slack lately asked to leave alone.
    pub fn retry_after(&self) -> impl Iterator<Item = RetryAfter> {
        let asked = self.pacer.asked().iter();
        asked.map(|((workspace, channel), until)| RetryAfter {
            workspace: workspace.clone(),
            channel: channel.clone(),
            until: *until,
        })
    }

    /// A lane in which nothing waits is paused no more.
    pub(super) fn forget_lane(&mut self, key: LaneKey) {
        let lane = self.lanes.remove(&key);
        if lane.is_some_and(|mut lane: Lane| lane.take_pause_changed() || lane.paused().is_some()) {
            self.left_paused.push(key);
        }
    }
}
