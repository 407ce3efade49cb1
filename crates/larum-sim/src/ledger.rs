//! What was written down: whether it says what became of everything.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::AddAssign;
use std::sync::Arc;

use larum_core::alert::{Alert, AlertId};
use larum_core::group::GroupId;
use larum_core::notification::Notification;
use larum_core::outbox::{BodyId, Delivery, DeliveryId, DeliveryState, Workspace};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::route::Way;
use larum_core::state::{PlannedBody, State};
use larum_core::time::{Now, Steady};
use larum_core::verdict::{Hushed, Verdict};

use crate::ears::Ears;
use crate::scribe::Written;

/// All that was ever written down.
#[derive(Default)]
pub struct Ledger {
    /// Every alert as it was last written.
    pub alerts: BTreeMap<AlertId, Arc<Alert>>,
    /// What each message says, and its words.
    pub bodies: HashMap<BodyId, (Notification, Arc<str>)>,
    rows: BTreeMap<DeliveryId, (Delivery, DeliveryState)>,
    turns: HashSet<(ReceiverId, Channel, GroupId, u32)>,
    verdicts: HashSet<(AlertId, Option<ReceiverId>)>,
    /// Who was to hear of what, at any time.
    wanted: BTreeSet<(AlertId, ReceiverId)>,
    /// When what is not told yet is due at the latest.
    deadlines: HashMap<(AlertId, ReceiverId, Way), Steady>,
    dues: HashMap<GroupId, Steady>,
    /// Messages that integrations refused for good.
    refused: BTreeSet<DeliveryId>,
    /// Where Slack asked to wait, and until when.
    quiet: HashMap<(Workspace, Channel), Steady>,
    /// What there was of everything.
    pub tally: Tally,
}

/// What there was of everything, to see that a storm was none in a tea cup.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How often an alert was kept back because it was inhibited.
    pub inhibited: usize,
    /// Because it was silenced.
    pub silenced: usize,
    /// Because it was an off time.
    pub off_time: usize,
    /// How often one was told after that.
    pub told_late: usize,
    /// Deliveries that reached their channel.
    pub delivered: usize,
    /// Deliveries whose place a newer one took.
    pub superseded: usize,
    /// How often a process died.
    pub deaths: usize,
    /// How often a commit failed.
    pub failures: usize,
    /// How often Slack asked to wait.
    pub waits: usize,
    /// How often a message arrived again.
    pub again: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.inhibited += other.inhibited;
        self.silenced += other.silenced;
        self.off_time += other.off_time;
        self.told_late += other.told_late;
        self.delivered += other.delivered;
        self.superseded += other.superseded;
        self.deaths += other.deaths;
        self.failures += other.failures;
        self.waits += other.waits;
        self.again += other.again;
    }
}

impl Ledger {
    /// Reads what was written, and with what it looks at when it was.
    pub fn read(&mut self, written: &[Written], state: &State) {
        written.iter().for_each(|written| self.read_one(written, state));
    }

    /// Looks at what stands between two steps.
    pub fn look(&mut self, state: &State, now: Now) {
        self.remember_wanted(state);
        self.watch_deadlines(state, now);
        self.refused_is_unheard(state);
        self.dues = state.groups().map(|group| (group.id, group.due)).collect();
    }

    /// Times that were written down by another wall clock, or by other settings, are others by now.
    pub fn forget_times(&mut self) {
        self.deadlines.clear();
        self.dues.clear();
        self.quiet.clear();
    }

    /// The file of routes was another one when Larum began: who was still to be told by the former one nobody knows.
    pub fn forget_wishes(&mut self) {
        let spoken = self.spoken();
        let verdicts = &self.verdicts;
        self.wanted.retain(|wish| spoken.contains(wish) || verdicts.contains(&(wish.0, Some(wish.1))));
    }

    /// Who was, or is to be, told of what.
    fn spoken(&self) -> HashSet<(AlertId, ReceiverId)> {
        let rows = self.rows.values().map(|(row, _)| row);
        rows.flat_map(|row| row.alerts.iter().map(|(id, _)| (*id, row.receiver))).collect()
    }

    /// The newest delivery there ever was.
    pub fn newest(&self) -> DeliveryId {
        self.rows.last_key_value().map_or(DeliveryId(0), |(id, _)| *id)
    }

    fn read_one(&mut self, written: &Written, state: &State) {
        self.alerts.extend(written.alerts.iter().map(|alert| (alert.id, Arc::clone(alert))));
        written.verdicts.iter().for_each(|verdict| self.read_verdict(verdict));
        for (body, words) in &written.bodies {
            self.read_body(body, state, written.now);
            self.bodies.insert(body.id, (body.notification.clone(), Arc::clone(words)));
        }
        for row in &written.deliveries {
            let turn = (row.receiver, row.channel.clone(), row.group, row.turn);
            assert!(self.turns.insert(turn.clone()), "{turn:?} is planned twice");
            self.rows.insert(row.id, (row.clone(), DeliveryState::Waiting));
        }
        self.every_channel_is_told(written, state);
        for asked in &written.retry_after {
            self.tally.waits += 1;
            self.quiet.insert((asked.workspace.clone(), asked.channel.clone()), asked.until);
        }
        for change in &written.changes {
            if change.state == DeliveryState::Sending {
                self.may_be_sent(&change.delivery, state, written.now);
            }
            let (row, known) = self.rows.get_mut(&change.delivery.id).expect("it was planned before");
            let open = matches!(known, DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Dead);
            assert!(open, "{:?} was {known:?} and is {:?}", row.id, change.state);
            *row = change.delivery.clone();
            *known = change.state.clone();
            if *known == DeliveryState::Dead && row.channel.is_integration() {
                self.refused.insert(row.id);
            } else {
                self.refused.remove(&row.id);
            }
            self.tally.delivered += usize::from(matches!(known, DeliveryState::Delivered { .. }));
            self.tally.superseded += usize::from(matches!(known, DeliveryState::Superseded { .. }));
        }
    }

    /// What is sent is wanted, at a time at which it may be sent, and if it is sent again it is marked.
    fn may_be_sent(&self, row: &Delivery, state: &State, now: Now) {
        let receiver = state.config.receiver(row.receiver);
        let wanted = receiver.filter(|r| r.enabled && r.channels.contains(&row.channel));
        assert!(wanted.is_some(), "{:?} is sent to {} that is off or gone", row.id, row.channel);
        let place = (wanted.and_then(|receiver| receiver.workspace.clone()), row.channel.clone());
        let quiet = self.quiet.get(&place).is_some_and(|until| *until > now.steady);
        assert!(!quiet, "{:?} is sent though Slack asked to wait", row.id);
        let repeated = self.rows.get(&row.id).is_some_and(|(_, known)| *known == DeliveryState::Sending);
        assert!(!repeated || row.uncertain, "{:?} is sent twice, unmarked", row.id);
    }

    fn read_verdict(&mut self, verdict: &Verdict) {
        let key = (verdict.alert, verdict.receiver);
        match &verdict.reason {
            Hushed::InhibitedBefore | Hushed::OffTimeBefore | Hushed::SilencedBefore => {
                // From here on only that it was told explains it.
                assert!(self.verdicts.remove(&key), "{key:?} is told late and was never kept back");
                self.tally.told_late += 1;
            }
            reason => {
                self.tally.inhibited += usize::from(matches!(reason, Hushed::Inhibited(_)));
                self.tally.silenced += usize::from(matches!(reason, Hushed::Silenced(_)));
                self.tally.off_time += usize::from(matches!(reason, Hushed::OffTime(_)));
                self.verdicts.insert(key);
            }
        }
    }

    fn read_body(&self, body: &PlannedBody, state: &State, now: Now) {
        let says = &body.notification;
        assert!(!says.alerts.is_empty(), "a message says nothing");
        let names: HashSet<_> = says.alerts.iter().map(|told| told.alert.key()).collect();
        assert_eq!(names.len(), says.alerts.len(), "a message speaks twice of one alert: {:?}", says.alerts);
        let heartbeat = says.alerts.iter().any(|told| told.alert.is_heartbeat());
        assert!(!heartbeat || body.way != Way::Conditions, "a heartbeat is told");
        let early = self.dues.get(&body.group).is_some_and(|due| *due > now.steady);
        // One that an alert joins by another way than its own may wait as long as that one says.
        let config = &state.config;
        let routes = config.routing.iter().flat_map(|routing| routing.tree().routes());
        let mut waits = routes.map(|(_, route)| route.group_wait).chain([config.grouping.group_wait()]);
        let hastened = waits.any(|wait| wait.is_zero());
        assert!(!early || hastened, "{:?} speaks before it is due", body.group);
        nothing_muted_speaks(body, state, now);
    }

    fn every_channel_is_told(&self, written: &Written, state: &State) {
        for (body, _) in &written.bodies {
            let Some(receiver) = state.config.receiver(body.receiver) else { continue };
            // What the conditions no longer want, or is muted by now, is told where it was to be told before.
            let mut firing = body.notification.alerts.iter().filter(|told| !told.voice.is_over());
            let wanted = |alert: &Alert| {
                let places = state.config.destinations(&alert.labels);
                places.iter().any(|place| place.receiver == receiver.id)
                    && state.mute_of(alert.id, written.now.wall).is_none()
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

    fn remember_wanted(&mut self, state: &State) {
        for alert in state.firing() {
            let places = state.config.destinations(&alert.labels);
            self.wanted.extend(places.iter().map(|place| (alert.id, place.receiver)));
        }
    }

    /// What an integration refused to hear does not count as told, so that it is told at the next turn.
    fn refused_is_unheard(&self, state: &State) {
        for row in self.refused.iter().map(|id| &self.rows[id].0) {
            let Some(group) = state.group(row.group) else { continue };
            let first_turn = row.replaced.map_or(row.turn, |replaced| replaced.first_turn);
            for (id, _) in row.alerts.iter().filter(|(id, _)| group.firing.contains(id)) {
                let told = group.told.get(id).is_some_and(|turn| (first_turn..=row.turn).contains(turn));
                assert!(!told, "{id} counts as told by {:?}, which was refused", row.id);
            }
        }
    }

    fn watch_deadlines(&mut self, state: &State, now: Now) {
        let mut deadlines = HashMap::new();
        for group in state.groups() {
            // What is muted waits for as long as that lasts.
            let off_time = state.off_time(group, now.wall).is_some();
            let may_speak = |id: &&AlertId| !off_time && state.mute_of(**id, now.wall).is_none();
            for id in group.firing.iter().filter(|id| !group.told.contains_key(id)).filter(may_speak) {
                let key = (*id, group.receiver, group.way.clone());
                let deadline = self.deadlines.get(&key).copied().unwrap_or(group.due);
                assert!(group.due <= deadline, "{key:?} is told at {:?}, after {deadline:?}", group.due);
                deadlines.insert(key, deadline);
            }
        }
        self.deadlines = deadlines;
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
        let spoken = self.spoken();
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

/// What is muted is said to fire only where a message is replaced that was to say so before.
fn nothing_muted_speaks(body: &PlannedBody, state: &State, now: Now) {
    for told in body.notification.alerts.iter().filter(|told| !told.voice.is_over()) {
        let id = told.alert.id;
        let said = state.group(body.group).is_some_and(|group| group.told.contains_key(&id));
        let carried = said && body.notification.replaced.is_some();
        let mute = state.mute_of(id, now.wall).filter(|_| !carried);
        assert!(mute.is_none(), "{id} is muted by {mute:?} and told");
    }
}
