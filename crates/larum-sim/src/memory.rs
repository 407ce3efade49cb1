//! What a process knows and must know again after its death: compared before and after.

use std::collections::{BTreeMap, BTreeSet};

use larum_core::alert::AlertId;
use larum_core::group::{Gap, Group, GroupId};
use larum_core::mute::Mute;
use larum_core::outbox::{Delivery, DeliveryId, Paused, RetryAfter};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::silence::SilenceId;
use larum_core::state::State;
use larum_core::time::{Now, Steady};

/// Who is told where.
type Lane = (ReceiverId, Channel);

/// What is never to be forgotten.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Memory {
    /// Alerts that fire.
    pub firing: BTreeSet<AlertId>,
    /// Groups that have anything to say, each with what it owes and when.
    pub groups: BTreeMap<GroupId, Owes>,
    /// What waits to be sent or is on its way and is still wanted: in which lane, how often it was tried, in plain words
    /// or not.
    pub outbox: BTreeMap<DeliveryId, (Lane, u32, bool)>,
    /// Why lanes are paused.
    pub paused: BTreeMap<Lane, Paused>,
    /// Channels that Slack asked to leave alone.
    pub retry_after: Vec<RetryAfter>,
    /// Silences, each with its last millisecond.
    pub silences: BTreeMap<SilenceId, i64>,
    /// How many series each policy waits for or fires on.
    pub policies: Vec<(u64, usize)>,
    /// Whether policies speak.
    pub alerting: bool,
}

/// What a group has said, and when it speaks next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owes {
    /// When it is due.
    pub due: Steady,
    /// Whether that was put off without being written down: then it is put off again after a start, as things stand then.
    pub put_off: bool,
    /// How many times it has spoken.
    pub turn: u32,
    /// Alerts that fire in it.
    pub firing: BTreeSet<AlertId>,
    /// What it keeps silent about and has not told, and why. What it has told has a gap instead.
    pub muted: BTreeMap<AlertId, Mute>,
    /// Alerts told as firing and not yet as over.
    pub told: BTreeMap<AlertId, u32>,
    /// Those of them that it did not speak of for some time.
    pub gaps: BTreeMap<AlertId, Vec<Gap>>,
    /// Since which turn each channel has been listening.
    pub heard: BTreeMap<Channel, u32>,
}

impl From<&Group> for Owes {
    fn from(group: &Group) -> Self {
        let untold = group.muted.iter().filter(|(id, _)| !group.told.contains_key(id));
        Self {
            due: group.due,
            put_off: group.put_off,
            turn: group.turn,
            firing: group.firing.clone(),
            muted: untold.map(|(id, why)| (*id, why.clone())).collect(),
            told: group.told.clone(),
            gaps: group.gaps.clone(),
            heard: group.heard.clone(),
        }
    }
}

impl Memory {
    /// What this state knows.
    pub fn of(state: &State) -> Self {
        let outbox = state.outbox();
        let paused = outbox.lanes().filter_map(|(receiver, channel, lane)| {
            Some(((receiver, channel.clone()), lane.paused()?.clone()))
        });
        let wanted = outbox.iter().filter(|row| {
            let receiver = state.config.receiver(row.receiver);
            receiver.is_some_and(|known| known.enabled && known.channels.contains(&row.channel))
        });
        let wanted: Vec<&Delivery> = wanted.collect();
        let waits = |group: &Group| wanted.iter().any(|row| row.group == group.id);
        let groups = state.groups().filter(|group| !group.is_over() || group.turn > 0 && waits(group));
        Self {
            firing: state.firing().map(|alert| alert.id).collect(),
            groups: groups.map(|group| (group.id, group.into())).collect(),
            outbox: wanted.iter().map(|row| (row.id, (lane_of(row), row.attempts, row.plain))).collect(),
            paused: paused.collect(),
            retry_after: outbox.retry_after().collect(),
            silences: state.silences().iter().map(|known| (known.id, known.ends_at.as_millis())).collect(),
            policies: state.policies().map(|(policy, known)| (policy.id.0, known.series().count())).collect(),
            alerting: state.alerting(),
        }
    }

    /// What of this is to be found again by somebody who begins at `now` and finds `after`: times that are past are
    /// past, and what nobody waits for any more may be gone.
    fn that_lasts(mut self, after: &Self, regrouped: bool, now: Now) -> Self {
        self.retry_after.retain(|asked| asked.until > now.steady);
        let lanes: BTreeSet<&Lane> = after.outbox.values().map(|(lane, ..)| lane).collect();
        self.paused.retain(|lane, _| lanes.contains(lane));
        for (id, owes) in &mut self.groups {
            let Some(found) = after.groups.get(id) else { continue };
            // A turn that came meanwhile is taken now, or was one without a word; what is muted is looked at then.
            let came = owes.due <= now.steady;
            // After a change of the grouping nobody waits for longer than groups wait now.
            if came || regrouped && found.due < owes.due {
                owes.due = found.due;
            }
            if came || owes.put_off || found.put_off {
                (owes.muted, owes.gaps) = (found.muted.clone(), found.gaps.clone());
            }
            owes.put_off = found.put_off;
        }
        self
    }

    /// Asserts that nothing of this is forgotten by whoever knows `after` at `now`. `regrouped` says whether somebody ever
    /// changed how alerts are gathered.
    pub fn is_kept_by(&self, after: &Self, regrouped: bool, now: Now) {
        let before = self.clone().that_lasts(after, regrouped, now);
        let after = after.clone().that_lasts(after, regrouped, now);
        assert_eq!(before.firing, after.firing, "alerts are forgotten, or come from nowhere");
        for (id, owes) in &before.groups {
            assert_eq!(Some(owes), after.groups.get(id), "{id:?} is not what it was");
        }
        assert_eq!(before, after, "something is forgotten, or comes from nowhere");
    }
}

fn lane_of(row: &Delivery) -> Lane {
    (row.receiver, row.channel.clone())
}
