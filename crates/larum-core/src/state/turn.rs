//! Letting the groups speak that are due.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::{FirstTold, PlannedBody, State};
use crate::alert::AlertId;
use crate::group::{Group, GroupId, Speech};
use crate::mute::Mute;
use crate::notification::{Notification, Replaced, ToldAlert, Voice};
use crate::outbox::{BodyId, Delivery, DeliveryChange, DeliveryId, DeliveryState, Outcome};
use crate::receiver::{Channel, Receiver};
use crate::severity::Severity;
use crate::time::{Now, Steady, Timestamp};

/// The most alerts that a message names which fired and ended while the channel could not be reached. Those beyond
/// are counted: a channel that nobody repairs must not hold everything that ever fired.
const CARRIED: usize = 50;
/// Once the groups that spoke have more alerts than this, others get their turn.
const ALERTS_AT_ONCE: usize = 4000;

impl State {
    /// Lets at most `most` due groups speak, and fewer where they are large: decides, and puts what they say into the
    /// outbox. Answers whether more are due.
    pub fn plan(&mut self, now: Now, most: usize) -> bool {
        let mut alerts = 0;
        for _ in 0..most {
            let Some((due, id)) = self.due.first().copied().filter(|(due, _)| *due <= now.steady) else {
                return false;
            };
            self.due.remove(&(due, id));
            self.take_turn(id, now);
            alerts += self.groups.get(&id).map_or(0, |group| group.firing.len() + group.told.len());
            if alerts > ALERTS_AT_ONCE {
                break;
            }
        }
        self.due.first().is_some_and(|(due, _)| *due <= now.steady)
    }

    /// A turn without a word is not written down until there is something to say: after a restart the next one is due
    /// when it would have been.
    fn take_turn(&mut self, id: GroupId, now: Now) {
        let Some(mut group) = self.groups.remove(&id) else { return };
        self.mute(&mut group, now);
        self.forget_ends(&mut group);
        let speech = self.speech(&group, now);
        let receiver = self.config.receiver(group.receiver).cloned();
        let mut over = Vec::new();
        self.put_off(&mut group, now);
        if let (Some(speech), Some(receiver)) = (speech, receiver) {
            group.due = now.steady.plus(self.group_interval(&group));
            group.put_off = false;
            let spoken_to = self.speak(&Turn { group: &group, receiver: &receiver, speech: &speech, now });
            group.spoke(&speech, spoken_to.iter(), now.steady);
            self.note_first(&group, &speech);
            self.dirty.groups.insert(id);
            over = speech.over;
        }
        self.due.insert((group.due, id));
        self.groups.insert(id, group);
        for alert in over {
            if let Some(held) = self.alerts.get_mut(&alert) {
                held.groups.retain(|held| *held != id);
            }
            self.release(alert);
        }
        self.end_if_over(id);
    }

    /// A group has its next turn one step later. That is written down when there is something to say; or at once where
    /// a silence or the time keeps it from that, for those end by themselves.
    pub(super) fn put_off(&mut self, group: &mut Group, now: Now) {
        group.due = group.due.step_past(now.steady, self.group_interval(group));
        let is_over = |id: &AlertId| self.alert(*id).is_some_and(|alert| !alert.is_firing());
        let keeps_ends = || group.told.keys().any(is_over) && self.off_time(group, now.wall).is_some();
        group.put_off = !group.muted.values().any(Mute::passes) && !keeps_ends();
        if !group.put_off {
            self.dirty.groups.insert(group.id);
        }
    }

    /// What a group has to say now. Where its time is mute it says nothing, not that something is over either: that it
    /// says afterwards.
    pub(super) fn speech(&self, group: &Group, now: Now) -> Option<Speech> {
        if self.off_time(group, now.wall).is_some() {
            return None;
        }
        let repeat_interval = self.config.repeat_interval(&self.way_in_force(group), group.receiver);
        group.decide(|alert| self.alert(alert), now.steady, repeat_interval)
    }

    /// Of what a group has just told for the first time its messages are found by this turn from now on.
    fn note_first(&mut self, group: &Group, speech: &Speech) {
        let (id, turn) = (group.id, group.turn);
        let told = speech.alerts.iter().map(|told| told.alert.id);
        let first = told.filter(|alert| group.told.get(alert) == Some(&turn));
        self.dirty.first_told.extend(first.map(|alert| FirstTold { alert, group: id, turn }));
    }

    /// When a group would tell once more what it told last ([`Group::repeats_at`]).
    pub fn repeats_at(&self, group: &Group) -> Option<Steady> {
        let repeat_interval = self.config.repeat_interval(&self.way_in_force(group), group.receiver);
        group.repeats_at(self.group_interval(group), repeat_interval)
    }

    fn group_interval(&self, group: &Group) -> Duration {
        self.config.group_interval(&self.way_in_force(group), group.receiver)
    }

    /// A receiver that is not told of ends lets go of what is over at its group's turn.
    fn forget_ends(&mut self, group: &mut Group) {
        let receiver = self.config.receiver(group.receiver);
        if receiver.is_none_or(|receiver| receiver.manner.send_resolved) {
            return;
        }
        let over = |id: &AlertId| self.alert(*id).is_none_or(|alert| !alert.is_firing());
        let over: Vec<AlertId> = group.told.keys().copied().filter(over).collect();
        for id in over {
            group.forget(id);
            self.dirty.groups.insert(group.id);
            if let Some(held) = self.alerts.get_mut(&id) {
                held.groups.retain(|held| *held != group.id);
            }
            self.release(id);
        }
    }

    /// One delivery for each channel that has anything to hear; equal messages share one body.
    fn speak(&mut self, turn: &Turn<'_>) -> Vec<Channel> {
        let mut spoken_to = Vec::new();
        let mut bodies: Vec<Body> = Vec::new();
        let mut shapes: HashMap<Shape, Option<usize>> = HashMap::new();
        for channel in turn.receiver.channels.iter() {
            let waiting = self.replaceable(turn, channel).cloned();
            let shape = turn.shape(channel, waiting.as_ref());
            let known = shapes.get(&shape).copied();
            let place = known.unwrap_or_else(|| {
                let message = self.message(turn, channel, waiting.as_ref());
                message.map(|notification| self.body(turn, notification, &mut bodies))
            });
            shapes.insert(shape, place);
            let Some(body) = place.map(|place| &bodies[place]) else { continue };
            let delivery = turn.delivery(DeliveryId(self.draw_id()), channel, body);
            self.enqueue(delivery, waiting.map(|waiting| waiting.id), turn.now);
            spoken_to.push(channel.clone());
        }
        spoken_to
    }

    /// The place of the body that says this, among those of this turn.
    fn body(&mut self, turn: &Turn<'_>, notification: Notification, bodies: &mut Vec<Body>) -> usize {
        let alerts: Arc<[(AlertId, Voice)]> =
            notification.alerts.iter().map(|told| (told.alert.id, told.voice)).collect();
        let replaced = notification.replaced;
        let known = bodies.iter().position(|body| body.alerts == alerts && body.replaced == replaced);
        known.unwrap_or_else(|| {
            let severity = notification.severity();
            let id = self.plan_body(turn.group, notification);
            bodies.push(Body { id, alerts, replaced, severity });
            bodies.len() - 1
        })
    }

    /// The message that this turn takes the place of: it certainly is not there, and all it speaks of is known here.
    fn replaceable(&self, turn: &Turn<'_>, channel: &Channel) -> Option<&Delivery> {
        let waiting = self.outbox.replaceable(turn.receiver.id, channel, turn.group.id)?;
        waiting.alerts.iter().all(|(id, _)| self.alerts.contains_key(id)).then_some(waiting)
    }

    /// What one channel hears: what is new for it, and what an earlier message would have told it that still waits.
    fn message(
        &self,
        turn: &Turn<'_>,
        channel: &Channel,
        waiting: Option<&Delivery>,
    ) -> Option<Notification> {
        let first = |waiting: &Delivery| waiting.replaced.map_or(waiting.turn, |before| before.first_turn);
        let unheard = waiting.map_or(turn.group.turn + 1, first);
        let mut alerts = turn.group.for_channel(channel, &turn.speech.alerts, unheard);
        let left_out = waiting.map_or(0, |waiting| self.tell_both(&mut alerts, waiting));
        if alerts.is_empty() {
            return None;
        }
        let replaced = waiting.map(|waiting| Replaced {
            messages: 1 + waiting.replaced.map_or(0, |before| before.messages),
            first_turn: first(waiting),
            since: waiting.replaced.map_or(waiting.planned_at, |before| before.since),
            unnamed: waiting.replaced.map_or(0, |before| before.unnamed).saturating_add(left_out),
        });
        Some(Notification {
            receiver: Arc::clone(&turn.receiver.name),
            group_labels: turn.group.labels.clone(),
            reason: turn.speech.reason,
            planned_at: turn.now.wall,
            alerts,
            replaced,
        })
    }

    /// Tells what the waiting message would have told, unless something newer of the same name is told anyway.
    /// Answers how many it leaves out because they are too many.
    fn tell_both(&self, alerts: &mut Vec<ToldAlert>, waiting: &Delivery) -> u32 {
        let said: HashMap<AlertId, Voice> = waiting.alerts.iter().copied().collect();
        for told in alerts.iter_mut() {
            told.voice = match (told.voice, said.get(&told.alert.id)) {
                (Voice::Firing, Some(&changed @ Voice::SeverityChanged { .. })) => changed,
                // It was heard of before: with another severity, or it ended and fired once more.
                (Voice::FiredAndResolved, Some(Voice::SeverityChanged { .. } | Voice::Resolved)) => {
                    Voice::Resolved
                }
                (voice, _) => voice,
            };
        }
        let heirs: HashSet<AlertId> = alerts.iter().filter_map(|told| told.alert.continues).collect();
        let names: HashSet<_> =
            alerts.iter().map(|told| (told.alert.policy(), told.alert.labels.clone())).collect();
        let mut carried = Vec::new();
        for (id, voice) in waiting.alerts.iter() {
            let Some(alert) = self.alert(*id) else { continue };
            // What fires again beside its heir, as when an edit is taken back, has an end of its own to be told.
            let inherited = heirs.contains(id) && !alert.is_firing();
            if inherited || names.contains(&(alert.policy(), alert.labels.clone())) {
                continue;
            }
            if alert.is_firing() {
                // The conditions no longer want it, but it was to be told before, as it was then.
                let alert =
                    if voice.is_over() { alert.over_at(waiting.planned_at) } else { Arc::clone(alert) };
                alerts.push(ToldAlert { alert, voice: *voice });
                continue;
            }
            let voice = if *voice == Voice::Resolved { Voice::Resolved } else { Voice::FiredAndResolved };
            carried.push(ToldAlert { alert: Arc::clone(alert), voice });
        }
        carried.sort_unstable_by_key(|told| std::cmp::Reverse(told.alert.id));
        let left_out = carried.len().saturating_sub(CARRIED);
        alerts.extend(carried.into_iter().take(CARRIED));
        u32::try_from(left_out).unwrap_or(u32::MAX)
    }

    fn plan_body(&mut self, group: &Group, notification: Notification) -> BodyId {
        let id = BodyId(self.draw_id());
        let (receiver, way, turn) = (group.receiver, group.way.clone(), group.turn + 1);
        self.dirty.bodies.push(PlannedBody { id, group: group.id, receiver, way, turn, notification });
        id
    }

    fn enqueue(&mut self, delivery: Delivery, replaces: Option<DeliveryId>, now: Now) {
        self.owe(&delivery);
        self.dirty.deliveries.push(delivery.clone());
        let by = delivery.id;
        self.outbox.push(delivery);
        let withdrawn =
            replaces.and_then(|id| self.outbox.withdraw(id, DeliveryState::Superseded { by }, now));
        if let Some(change) = withdrawn {
            self.settled(change, now);
        }
    }

    /// Sends on their way the messages that may go now, and writes that down.
    pub fn start_deliveries(&mut self, now: Now) -> Vec<Delivery> {
        let started = self.outbox.start(&self.config, now);
        let deliveries = started.iter().map(|change| change.delivery.clone()).collect();
        self.dirty.changes.extend(started);
        deliveries
    }

    /// Takes in what became of an attempt. `jitter` (0 to 1) spreads the next attempts out.
    pub fn finish_delivery(&mut self, id: DeliveryId, outcome: Outcome, jitter: f64, now: Now) {
        if let Some(change) = self.outbox.finish(&self.config, id, outcome, jitter, now) {
            self.settled(change, now);
        }
    }

    pub(super) fn settled(&mut self, change: DeliveryChange, now: Now) {
        if change.state != DeliveryState::Waiting {
            if change.state == DeliveryState::Dead && change.delivery.channel.is_integration() {
                self.unsay(&change.delivery, now);
            }
            self.owe_no_more(&change.delivery);
            self.end_if_silent(change.delivery.group);
        }
        self.dirty.changes.push(change);
    }
}

/// What was planned in this turn, and for which channels it can serve.
struct Body {
    id: BodyId,
    alerts: Arc<[(AlertId, Voice)]>,
    replaced: Option<Replaced>,
    severity: Severity,
}

/// Since when a channel listens, and what waits for it.
type Shape = (Option<u32>, Option<(Arc<[(AlertId, Voice)]>, u32, Option<Replaced>, Timestamp)>);

/// One group's turn, as its channels are told of it.
struct Turn<'a> {
    group: &'a Group,
    receiver: &'a Receiver,
    speech: &'a Speech,
    now: Now,
}

impl Turn<'_> {
    /// What the message for a channel depends on, beside the turn itself.
    fn shape(&self, channel: &Channel, waiting: Option<&Delivery>) -> Shape {
        let waiting = waiting.map(|w| (Arc::clone(&w.alerts), w.turn, w.replaced, w.planned_at));
        (self.group.heard.get(channel).copied(), waiting)
    }

    fn delivery(&self, id: DeliveryId, channel: &Channel, body: &Body) -> Delivery {
        Delivery {
            id,
            body: body.id,
            receiver: self.receiver.id,
            channel: channel.clone(),
            group: self.group.id,
            turn: self.group.turn + 1,
            severity: body.severity,
            planned_at: self.now.wall,
            alerts: Arc::clone(&body.alerts),
            replaced: body.replaced,
            attempts: 0,
            uncertain: false,
            plain: false,
            not_before: self.now.steady,
            last_error: None,
        }
    }
}
