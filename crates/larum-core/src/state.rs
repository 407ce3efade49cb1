//! Everything that is known now, held by one writer. Each step takes in what was observed or decided, lets the groups
//! that are due speak, and leaves behind what has to be written down.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::quality::RandomState;
use smol_str::SmolStr;

use crate::alert::{Alert, AlertId, AlertKey, PolicyId};
use crate::config::Config;
use crate::group::{Group, GroupId};
use crate::index::{AlertIds, AlertIndex};
use crate::inhibit::{Inhibitions, Inhibitor};
use crate::matcher::Matcher;
use crate::notification::Notification;
use crate::outbox::{BodyId, Delivery, DeliveryChange, LaneChanges, Outbox, PausedLane, RetryAfter};
use crate::policy::{Policy, PolicyRecord, PolicyState};
use crate::receiver::ReceiverId;
use crate::route::Way;
use crate::routing::Destination;
use crate::silence::{Silence, SilenceId, Silences};
use crate::time::{Steady, Timestamp};
use crate::transition::Transition;
use crate::verdict::Verdict;

mod keys;
mod crowd;
mod few;
mod hold;
mod remember;
mod policies;
mod observe;
mod route;
mod hide;
mod silences;
mod turn;
mod unsay;
mod settings;
mod reroute;

use few::Few;
use hold::Owed;
use keys::AlertKeys;
pub use observe::Refused;
pub use reroute::Rerouting;

/// How many numbers are reserved in one step beyond those that it drew.
const RESERVED_AT_ONCE: u64 = 4096;

/// Everything that is known now.
#[derive(Debug)]
pub struct State {
    /// The settings in force.
    pub config: Config,
    next_id: u64,
    /// Numbers below this one are drawn, or may be, as far as is written down.
    reserved: u64,
    pub(crate) alerts: HashMap<AlertId, Held, RandomState>,
    /// The alerts that waiting deliveries speak of.
    pub(crate) owed: HashMap<AlertId, Owed, RandomState>,
    /// Bytes of text in all of them.
    pub(crate) text: usize,
    index: AlertIndex,
    /// How many alerts of each name fire; kept where that is limited alone.
    pub(crate) crowds: HashMap<SmolStr, usize, RandomState>,
    keys: AlertKeys,
    /// When to look whether the silence of its sender has ended an alert: once for each that fires, and not later than
    /// it says.
    pub(crate) expiries: BTreeSet<(Steady, AlertId)>,
    pub(crate) groups: HashMap<GroupId, Group, RandomState>,
    pub(crate) group_keys: HashMap<Destination, GroupId, RandomState>,
    pub(crate) due: BTreeSet<(Steady, GroupId)>,
    pub(crate) inhibitions: Inhibitions,
    /// Which alert inhibited which in a group, as of that group's last turn: the inhibiting one first.
    pub(crate) hides: BTreeSet<(AlertId, GroupId, AlertId)>,
    silences: Arc<Silences>,
    outbox: Outbox,
    policies: BTreeMap<PolicyId, Watched>,
    /// Since when policies are not to speak at all.
    alerting_off: Option<Timestamp>,
    dirty: Dirty,
}

/// A policy and what is known of it.
#[derive(Debug)]
struct Watched {
    policy: Arc<Policy>,
    state: PolicyState,
}

/// An alert and who still needs it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) alert: Arc<Alert>,
    pub(crate) groups: Few<GroupId>,
    /// Where it stands in `expiries`.
    pub(crate) looked_at: Option<Steady>,
}

/// What this step has changed so far.
#[derive(Debug, Default)]
struct Dirty {
    alerts: HashSet<AlertId, RandomState>,
    ended: Vec<Arc<Alert>>,
    verdicts: Vec<Verdict>,
    groups: BTreeSet<GroupId>,
    ended_groups: Vec<GroupId>,
    first_told: Vec<FirstTold>,
    bodies: Vec<PlannedBody>,
    deliveries: Vec<Delivery>,
    changes: Vec<DeliveryChange>,
    policies: BTreeSet<PolicyId>,
    transitions: Vec<(u64, Transition)>,
    silences: BTreeSet<SilenceId>,
    forgotten_silences: Vec<SilenceId>,
}

/// A message that was decided on and is to be put into words.
#[derive(Clone, Debug)]
pub struct PlannedBody {
    /// Known by this number.
    pub id: BodyId,
    /// Whose turn it tells.
    pub group: GroupId,
    /// For whom.
    pub receiver: ReceiverId,
    /// By which way its alerts come there.
    pub way: Way,
    /// Which turn of that group.
    pub turn: u32,
    /// What it says.
    pub notification: Notification,
}

/// When a group first told of an alert: what it says of it comes at this turn and later ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FirstTold {
    /// The alert.
    pub alert: AlertId,
    /// The group.
    pub group: GroupId,
    /// That turn of the group.
    pub turn: u32,
}

/// What a step changed: to be written down in one commit, before anything follows from it.
#[derive(Debug, Default)]
pub struct Delta {
    /// Alerts that are new or changed.
    pub alerts: Vec<Arc<Alert>>,
    /// Decisions not to tell.
    pub verdicts: Vec<Verdict>,
    /// Groups that are new or changed.
    pub groups: Vec<Group>,
    /// Groups that have nothing more to say.
    pub ended_groups: Vec<GroupId>,
    /// Alerts that groups told of for the first time.
    pub first_told: Vec<FirstTold>,
    /// Messages decided on.
    pub bodies: Vec<PlannedBody>,
    /// Deliveries that are new.
    pub deliveries: Vec<Delivery>,
    /// Deliveries that stand elsewhere now, in order.
    pub changes: Vec<DeliveryChange>,
    /// Lanes that are paused or go on, and channels that Slack asked to leave alone.
    pub lanes: LaneChanges,
    /// What policies remember, where a series of theirs changed its phase.
    pub policies: Vec<PolicyRecord>,
    /// What changed that the alerts do not tell by themselves, each with its number.
    pub transitions: Vec<(u64, Transition)>,
    /// Silences that are new or changed.
    pub silences: Vec<Arc<Silence>>,
    /// Silences that were over long ago.
    pub forgotten_silences: Vec<SilenceId>,
    /// From where on numbers are free after a restart, where that has changed. Those below that were not drawn stay unused.
    pub next_id: Option<u64>,
}

impl Delta {
    /// Whether there is nothing to write down.
    pub fn is_empty(&self) -> bool {
        self.alerts.is_empty()
            && self.verdicts.is_empty()
            && self.groups.is_empty()
            && self.ended_groups.is_empty()
            && self.first_told.is_empty()
            && self.bodies.is_empty()
            && self.deliveries.is_empty()
            && self.changes.is_empty()
            && self.lanes.is_empty()
            && self.policies.is_empty()
            && self.transitions.is_empty()
            && self.silences.is_empty()
            && self.forgotten_silences.is_empty()
            && self.next_id.is_none()
    }
}

/// What was written down before, to begin with.
#[derive(Debug, Default)]
pub struct Remembered {
    /// The next number that is free.
    pub next_id: u64,
    /// Alerts that fire, that a group still has to tell the end of, or that a waiting delivery speaks of.
    pub alerts: Vec<Alert>,
    /// Groups.
    pub groups: Vec<Group>,
    /// The last decision about each alert that fires, apart for each receiver and each way to it.
    pub verdicts: Vec<Verdict>,
    /// Silences, those that are over and still kept among them.
    pub silences: Vec<Silence>,
    /// Deliveries that wait; those that were on their way are `uncertain`.
    pub deliveries: Vec<Delivery>,
    /// Lanes that are paused.
    pub paused: Vec<PausedLane>,
    /// Channels that Slack asked to leave alone.
    pub retry_after: Vec<RetryAfter>,
    /// Policies, each with what it remembers.
    pub policies: Vec<(Policy, Option<PolicyRecord>)>,
    /// Since when alerting as a whole is switched off, if it is.
    pub alerting_off: Option<Timestamp>,
}

impl State {
    /// Nothing known yet.
    pub fn new(config: Config) -> Self {
        let inhibitions = Inhibitions::new(Arc::clone(&config.inhibitions));
        let silences = Arc::new(Silences::new(config.limits.silences));
        Self {
            config,
            next_id: 1,
            reserved: 1,
            alerts: HashMap::default(),
            owed: HashMap::default(),
            text: 0,
            index: AlertIndex::default(),
            crowds: HashMap::default(),
            keys: AlertKeys::default(),
            expiries: BTreeSet::new(),
            groups: HashMap::default(),
            group_keys: HashMap::default(),
            due: BTreeSet::new(),
            inhibitions,
            hides: BTreeSet::new(),
            silences,
            outbox: Outbox::default(),
            policies: BTreeMap::new(),
            alerting_off: None,
            dirty: Dirty::default(),
        }
    }

    /// Everything that changed since this was last asked.
    pub fn take_delta(&mut self) -> Delta {
        let mut dirty = std::mem::take(&mut self.dirty);
        let held = dirty.alerts.iter().filter_map(|id| self.alerts.get(id));
        let mut alerts: Vec<Arc<Alert>> = held.map(|held| Arc::clone(&held.alert)).collect();
        alerts.append(&mut dirty.ended);
        alerts.sort_unstable_by_key(|alert| alert.id);
        let groups = dirty.groups.iter().filter_map(|id| self.groups.get(id).cloned()).collect();
        let watched = dirty.policies.iter().filter_map(|id| self.policies.get(id));
        let policies = watched.map(|watched| watched.state.to_record(watched.policy.id)).collect();
        Delta {
            alerts,
            verdicts: dirty.verdicts,
            groups,
            ended_groups: dirty.ended_groups,
            first_told: dirty.first_told,
            bodies: dirty.bodies,
            deliveries: dirty.deliveries,
            changes: dirty.changes,
            lanes: self.outbox.take_changes(),
            policies,
            transitions: dirty.transitions,
            silences: dirty.silences.iter().filter_map(|id| self.silences.get(*id).cloned()).collect(),
            forgotten_silences: dirty.forgotten_silences,
            next_id: self.reserve(),
        }
    }

    /// Reserves some numbers beyond those that were drawn, once these are used up: not every step has to say where they end.
    fn reserve(&mut self) -> Option<u64> {
        if self.next_id <= self.reserved {
            return None;
        }
        self.reserved = self.next_id + RESERVED_AT_ONCE;
        Some(self.reserved)
    }

    /// When something is due by itself, if anything ever is.
    pub fn next_due(&self, now: Steady) -> Option<Steady> {
        let group = self.due.first().map(|(due, _)| *due);
        let expiry = self.expiries.first().map(|(due, _)| *due);
        let delivery = self.outbox.next_due(&self.config, now);
        [group, expiry, delivery].into_iter().flatten().min()
    }

    /// The alert with this number, if it is still needed.
    pub fn alert(&self, id: AlertId) -> Option<&Arc<Alert>> {
        self.alerts.get(&id).map(|held| &held.alert)
    }

    /// The alert known by this key.
    pub fn alert_by_key(&self, key: &AlertKey) -> Option<&Arc<Alert>> {
        self.alert(self.known_by(key)?)
    }

    /// All alerts that fire, in no particular order.
    pub fn firing(&self) -> impl Iterator<Item = &Arc<Alert>> {
        self.alerts.values().map(|held| &held.alert).filter(|alert| alert.is_firing())
    }

    /// How many alerts fire.
    pub fn firing_len(&self) -> usize {
        self.expiries.len()
    }

    /// The numbers of all alerts that can pass these matchers, found by their labels' values where that is possible.
    /// Alerts that are over and still held are among them.
    pub fn candidates(&self, matchers: &[Matcher]) -> AlertIds {
        self.index.candidates(matchers)
    }

    /// The groups that an alert stands in.
    pub fn groups_of(&self, id: AlertId) -> impl Iterator<Item = &Group> {
        let ids = self.alerts.get(&id).map(|held| &held.groups[..]).unwrap_or_default();
        ids.iter().filter_map(|id| self.groups.get(id))
    }

    /// What inhibits what now. A clone of it stays as it is.
    pub fn inhibitions(&self) -> &Inhibitions {
        &self.inhibitions
    }

    /// By what an alert that fires is inhibited now, if it is.
    pub fn inhibitor(&self, id: AlertId) -> Option<Inhibitor<'_>> {
        let alert = self.alert(id).filter(|alert| alert.is_firing())?;
        self.inhibitions.inhibitor(&alert.labels)
    }

    /// The silences. A clone stays as it is.
    pub fn silences(&self) -> &Arc<Silences> {
        &self.silences
    }

    /// A group, if it still has something to say.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// All groups, in no particular order.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.values()
    }

    /// How many alerts are held.
    pub fn held(&self) -> usize {
        self.alerts.len()
    }

    /// Bytes of text in the alerts that are held.
    pub fn text(&self) -> usize {
        self.text
    }

    /// Whether a delivery waits or is on its way that tells a receiver of this alert.
    pub fn owes(&self, receiver: ReceiverId, alert: AlertId) -> bool {
        self.owed.get(&alert).is_some_and(|owed| owed.to(receiver) > 0)
    }

    /// The receivers whom a delivery that waits or is on its way tells of this alert.
    pub fn owed(&self, alert: AlertId) -> impl Iterator<Item = ReceiverId> {
        self.owed.get(&alert).into_iter().flat_map(Owed::receivers)
    }

    /// What waits to be sent.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Takes note of something that the alerts do not tell by themselves.
    fn note(&mut self, transition: Transition) {
        let number = self.draw_id();
        self.dirty.transitions.push((number, transition));
    }

    /// Draws a number that nothing else has.
    pub fn draw_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}
