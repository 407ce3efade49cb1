//! What was written down: whether it says what became of everything.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Alert, AlertId};
use larum_core::group::GroupId;
use larum_core::notification::Notification;
use larum_core::outbox::{BodyId, Delivery, DeliveryId, DeliveryState, Workspace};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::route::Way;
use larum_core::state::Delta;
use larum_core::time::Steady;
use larum_core::verdict::{Hushed, Verdict};

use super::ears::Ears;
use crate::world::World;

#[derive(Default)]
pub struct Ledger {
    read: usize,
    pub alerts: BTreeMap<AlertId, Arc<Alert>>,
    pub bodies: HashMap<BodyId, Notification>,
    rows: BTreeMap<DeliveryId, (Delivery, DeliveryState)>,
    turns: HashSet<(ReceiverId, Channel, GroupId, u32)>,
    verdicts: HashSet<(AlertId, Option<ReceiverId>)>,
    /// Who was to hear of what, at any time.
    wanted: BTreeSet<(AlertId, ReceiverId)>,
    /// When what is not told yet is due at the latest.
    deadlines: HashMap<(AlertId, ReceiverId, Way), Steady>,
    dues: HashMap<GroupId, Steady>,
    /// How often an alert was kept back because it was inhibited, silenced or at an off time, and how often it was told after that.
    pub inhibited: usize,
    pub silenced: usize,
    pub off_time: usize,
    pub told_late: usize,
    /// Where Slack asked to wait, and until when.
    quiet: HashMap<(Workspace, Channel), Steady>,
}

impl Ledger {
    /// Reads what was written since the last time, and looks at what stands now.
    pub fn read(&mut self, world: &World) {
        for delta in &world.journal[self.read..] {
            self.read_delta(delta, world);
        }
        self.read = world.journal.len();
        self.remember_wanted(world);
        self.watch_deadlines(world);
        self.dues = world.state.groups().map(|group| (group.id, group.due)).collect();
    }

    fn read_delta(&mut self, delta: &Delta, world: &World) {
        self.alerts.extend(delta.alerts.iter().map(|alert| (alert.id, Arc::clone(alert))));
        delta.verdicts.iter().for_each(|verdict| self.read_verdict(verdict));
        for body in &delta.bodies {
            self.read_body(&body.notification);
            let heartbeat = body.notification.alerts.iter().any(|told| told.alert.is_heartbeat());
            assert!(!heartbeat || body.way != Way::Conditions, "a heartbeat is told");
            let early = self.dues.get(&body.group).is_some_and(|due| *due > world.now.steady);
            // One that an alert joins by another way than its own may wait as long as that one says.
            let config = &world.state.config;
            let routes = config.routing.iter().flat_map(|routing| routing.tree().routes());
            let mut waits = routes.map(|(_, route)| route.group_wait).chain([config.grouping.group_wait()]);
            let hastened = waits.any(|wait| wait.is_zero());
            assert!(!early || hastened, "{:?} speaks before it is due", body.group);
            self.bodies.insert(body.id, body.notification.clone());
        }
        for row in &delta.deliveries {
            let turn = (row.receiver, row.channel.clone(), row.group, row.turn);
            assert!(self.turns.insert(turn.clone()), "{turn:?} is planned twice");
            self.rows.insert(row.id, (row.clone(), DeliveryState::Waiting));
        }
        self.every_channel_is_told(delta, world);
        for change in &delta.changes {
            let (row, state) = self.rows.get_mut(&change.delivery.id).unwrap();
            let open = matches!(state, DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Dead);
            assert!(open, "{:?} was {state:?} and is {:?}", row.id, change.state);
            if change.state == DeliveryState::Sending {
                let receiver = world.state.config.receiver(row.receiver);
                let wanted = receiver.filter(|r| r.enabled && r.channels.contains(&row.channel));
                assert!(wanted.is_some(), "{:?} is sent to {} that is off or gone", row.id, row.channel);
                let place = (wanted.and_then(|receiver| receiver.workspace.clone()), row.channel.clone());
                let quiet = self.quiet.get(&place).is_some_and(|until| *until > world.now.steady);
                assert!(!quiet, "{:?} is sent though Slack asked to wait", row.id);
                let repeated = *state == DeliveryState::Sending;
                assert!(!repeated || change.delivery.uncertain, "{:?} is sent twice, unmarked", row.id);
            }
            *row = change.delivery.clone();
            *state = change.state.clone();
        }
    }

    fn read_verdict(&mut self, verdict: &Verdict) {
        let key = (verdict.alert, verdict.receiver);
        match &verdict.reason {
            Hushed::InhibitedBefore | Hushed::OffTimeBefore | Hushed::SilencedBefore => {
                // From here on only that it was told explains it.
                assert!(self.verdicts.remove(&key), "{key:?} is told late and was never kept back");
                self.told_late += 1;
            }
            reason => {
                self.inhibited += usize::from(matches!(reason, Hushed::Inhibited(_)));
                self.silenced += usize::from(matches!(reason, Hushed::Silenced(_)));
                self.off_time += usize::from(matches!(reason, Hushed::OffTime(_)));
                self.verdicts.insert(key);
            }
        }
    }

    fn read_body(&self, says: &Notification) {
        assert!(!says.alerts.is_empty(), "a message says nothing");
        let names: HashSet<_> = says.alerts.iter().map(|told| told.alert.key()).collect();
        assert_eq!(names.len(), says.alerts.len(), "a message speaks twice of one alert: {:?}", says.alerts);
    }

    fn every_channel_is_told(&self, delta: &Delta, world: &World) {
        for body in &delta.bodies {
            let receiver = world.state.config.receiver(body.receiver).unwrap();
            // What the conditions no longer want, or is muted by now, is told where it was to be told before.
            let mut firing = body.notification.alerts.iter().filter(|told| !told.voice.is_over());
            let wanted = |alert: &Alert| {
                let places = world.state.config.destinations(&alert.labels);
                places.iter().any(|place| place.receiver == receiver.id)
                    && world.state.mute_of(alert.id, world.now.wall).is_none()
            };
            if !firing.any(|told| wanted(&told.alert)) {
                continue;
            }
            for channel in receiver.channels.iter() {
                let turn = (body.receiver, channel.clone(), body.group, body.turn);
                assert!(self.turns.contains(&turn), "{turn:?} is not told");
            }
        }
    }

    fn remember_wanted(&mut self, world: &World) {
        for alert in world.state.firing() {
            let places = world.state.config.destinations(&alert.labels);
            self.wanted.extend(places.iter().map(|place| (alert.id, place.receiver)));
        }
    }

    fn watch_deadlines(&mut self, world: &World) {
        let mut deadlines = HashMap::new();
        for group in world.state.groups() {
            // What is muted waits for as long as that lasts.
            let off_time = world.state.off_time(group, world.now.wall).is_some();
            let may_speak = |id: &&AlertId| !off_time && world.state.mute_of(**id, world.now.wall).is_none();
            for id in group.firing.iter().filter(|id| !group.told.contains_key(id)).filter(may_speak) {
                let key = (*id, group.receiver, group.way.clone());
                let deadline = self.deadlines.get(&key).copied().unwrap_or(group.due);
                assert!(group.due <= deadline, "{key:?} is told at {:?}, after {deadline:?}", group.due);
                deadlines.insert(key, deadline);
            }
        }
        self.deadlines = deadlines;
    }

    /// Slack answers that this delivery's channel is to be left alone.
    pub fn asked_to_wait(&mut self, world: &World, delivery: &Delivery, wait: Duration) {
        if world.state.outbox().get(delivery.id).is_none() {
            // It was cancelled while it was on its way, and everything read back since: nobody reads the answer.
            return;
        }
        let receiver = world.state.config.receiver(delivery.receiver);
        let place = (receiver.and_then(|receiver| receiver.workspace.clone()), delivery.channel.clone());
        let until = world.now.steady.plus(wait);
        let known = self.quiet.entry(place).or_insert(until);
        *known = until.max(*known);
    }

    /// A delivery that was given up, if there is any.
    pub fn given_up(&self) -> Vec<Delivery> {
        let dead = self.rows.values().filter(|(_, state)| *state == DeliveryState::Dead);
        dead.map(|(row, _)| row.clone()).collect()
    }

    /// Everything has an end that explains it.
    pub fn settle(&self, ears: &Ears) {
        for (row, state) in self.rows.values() {
            match state {
                DeliveryState::Waiting | DeliveryState::Sending => panic!("{:?} never ended", row.id),
                DeliveryState::Delivered { .. } => assert!(ears.arrived.contains(&row.id), "{:?}", row.id),
                DeliveryState::Superseded { by } => self.tells_both(row, *by, ears),
                DeliveryState::Dead | DeliveryState::Cancelled { .. } => {}
            }
        }
        let spoken: HashSet<(AlertId, ReceiverId)> = self
            .rows
            .values()
            .flat_map(|(row, _)| row.alerts.iter().map(|(id, _)| (*id, row.receiver)))
            .collect();
        for (alert, receiver) in &self.wanted {
            let explained = self.verdicts.contains(&(*alert, Some(*receiver)));
            assert!(explained || spoken.contains(&(*alert, *receiver)), "{receiver} never heard of {alert}");
        }
        let told: HashSet<AlertId> = spoken.iter().map(|(alert, _)| *alert).collect();
        let hushed: HashSet<AlertId> = self.verdicts.iter().map(|(alert, _)| *alert).collect();
        for id in self.alerts.keys() {
            assert!(told.contains(id) || hushed.contains(id), "{id} vanished");
        }
    }

    /// What takes a delivery's place says all that it would have said, or something newer of the same.
    fn tells_both(&self, row: &Delivery, by: DeliveryId, ears: &Ears) {
        let (newer, _) = &self.rows[&by];
        let same = (newer.receiver, &newer.channel, newer.group) == (row.receiver, &row.channel, row.group);
        assert!(same && newer.turn > row.turn, "{:?} cannot take the place of {:?}", by, row.id);
        let names: HashSet<_> = newer.alerts.iter().map(|(id, _)| self.alerts[id].key()).collect();
        let heirs: HashSet<_> = newer.alerts.iter().filter_map(|(id, _)| self.alerts[id].continues).collect();
        for (id, _) in row.alerts.iter() {
            let told = names.contains(&self.alerts[id].key()) || heirs.contains(id);
            assert!(told || ears.regrouped, "{by:?} does not tell {id}, of which {:?} speaks", row.id);
        }
    }
}
