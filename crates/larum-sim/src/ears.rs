//! What each channel heard, and whether that makes sense to somebody who reads it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use larum_core::alert::{Alert, AlertId, AlertKey};
use larum_core::group::GroupId;
use larum_core::label::LabelSet;
use larum_core::notification::{Notification, Voice};
use larum_core::outbox::{Delivery, DeliveryId};
use larum_core::receiver::{Channel, ReceiverId};

/// What one channel of one receiver knows since it listens.
#[derive(Default)]
struct Ear {
    /// Heard to fire, and not yet to be over.
    open: BTreeSet<AlertId>,
    /// Ever heard to fire.
    heard: BTreeSet<AlertId>,
    /// The last turn heard of the group with these labels.
    last: HashMap<LabelSet, (GroupId, u32, DeliveryId)>,
    /// What was said in messages that Slack refused for good.
    refused: BTreeSet<AlertId>,
}

/// Who listens, and what each has heard.
#[derive(Default)]
pub struct Ears {
    ears: BTreeMap<(ReceiverId, Channel), Ear>,
    /// Who stopped listening, and before which delivery.
    left: BTreeMap<(ReceiverId, Channel), DeliveryId>,
    known: BTreeMap<AlertId, Arc<Alert>>,
    /// What was over and fired again as the same episode.
    reopened: BTreeSet<AlertId>,
    /// Every delivery that arrived.
    pub arrived: BTreeSet<DeliveryId>,
    /// Deliveries that were given up, and that somebody wanted to be tried again.
    pub revived: BTreeSet<DeliveryId>,
    /// Whether the grouping ever changed, so that two groups can speak of one alert's episodes.
    pub regrouped: bool,
    /// How often a message arrived again.
    pub again: usize,
}

impl Ears {
    /// A message arrives.
    pub fn hear(&mut self, delivery: &Delivery, says: &Notification) {
        let again = !self.arrived.insert(delivery.id);
        assert!(!again || delivery.uncertain, "{:?} is heard twice and not marked", delivery.id);
        self.again += usize::from(again);
        let key = (delivery.receiver, delivery.channel.clone());
        // What somebody asked for again may be old news.
        let asked = self.revived.contains(&delivery.id);
        if again || asked || self.left.get(&key).is_some_and(|left| delivery.id < *left) {
            return;
        }
        let mut ear = self.ears.remove(&key).unwrap_or_default();
        let turn = (delivery.group, delivery.turn, delivery.id);
        if let Some(last) = ear.last.insert(says.group_labels.clone(), turn) {
            // After a change of the grouping two groups may have the same labels, each in its own order.
            let apart = self.regrouped && last.0 != turn.0;
            assert!(apart || (last.0, last.1) < (turn.0, turn.1), "{key:?} hears {turn:?} after {last:?}");
        }
        for told in &says.alerts {
            self.hear_of(&mut ear, &told.alert, told.voice);
        }
        self.ears.insert(key, ear);
    }

    fn hear_of(&self, ear: &mut Ear, alert: &Alert, voice: Voice) {
        let id = alert.id;
        // After a change of the grouping two groups may speak of one alert, each in its own order.
        let refused = ear.refused.contains(&id) || self.ancestors(alert).any(|a| ear.refused.contains(&a));
        let excused = refused || self.regrouped;
        match voice {
            Voice::Firing | Voice::SeverityChanged { .. } => {
                if let Voice::SeverityChanged { .. } = voice {
                    let before = alert.continues.filter(|before| ear.heard.contains(before));
                    let excused =
                        excused || alert.continues.is_some_and(|before| ear.refused.contains(&before));
                    assert!(before.is_some() || excused, "{id} changes from what was never heard");
                }
                assert!(alert.is_firing(), "{id} is said to fire and does not");
                self.continued(ear, alert);
                ear.open.insert(id);
                ear.heard.insert(id);
            }
            Voice::Resolved => {
                let began = ear.heard.contains(&id) || self.ancestors(alert).any(|a| ear.heard.contains(&a));
                assert!(began || excused, "the end of {id} is heard and not its beginning");
            }
            Voice::FiredAndResolved => {
                let twice = ear.heard.contains(&id) && !self.reopened.contains(&id);
                assert!(!twice || excused, "{id} is heard to begin twice");
            }
        }
        if voice.is_over() {
            assert!(!alert.is_firing(), "{id} is said to be over and fires");
            let key = alert.key();
            let newer = ear.open.iter().any(|open| *open > id && self.key(*open).as_ref() == Some(&key));
            assert!(!newer || self.regrouped, "the end of {id} is heard after the next beginning");
            self.continued(ear, alert);
            ear.open.remove(&id);
        }
    }

    /// Whatever is said of an alert is also the last word on its earlier episodes, and on what those continued.
    fn continued(&self, ear: &mut Ear, alert: &Alert) {
        if ear.open.is_empty() {
            return;
        }
        let mut past = BTreeSet::new();
        let mut to_follow = vec![alert.id];
        while let Some(id) = to_follow.pop() {
            let Some(later) = self.known.get(&id) else { continue };
            let key = later.key();
            let same = self.known.range(..id).filter(|(_, earlier)| earlier.key() == key).map(|(id, _)| *id);
            let before = same.chain(later.continues);
            to_follow.extend(before.filter(|id| past.insert(*id)));
        }
        ear.open.retain(|open| !past.contains(open));
    }

    fn ancestors(&self, alert: &Alert) -> impl Iterator<Item = AlertId> {
        let before = |id: &AlertId| self.known.get(id)?.continues;
        std::iter::successors(alert.continues, before)
    }

    fn key(&self, id: AlertId) -> Option<AlertKey> {
        self.known.get(&id).map(|alert| alert.key())
    }

    /// Somebody removes a channel, or switches a receiver off: what it knew counts no more.
    pub fn leave(&mut self, receiver: ReceiverId, channel: &Channel, next: u64) {
        self.ears.remove(&(receiver, channel.clone()));
        self.left.insert((receiver, channel.clone()), DeliveryId(next));
    }

    /// Slack refused this for good: what it would have said is not heard.
    pub fn refused(&mut self, delivery: &Delivery) {
        let key = (delivery.receiver, delivery.channel.clone());
        let mut ear = self.ears.remove(&key).unwrap_or_default();
        for (id, _) in delivery.alerts.iter() {
            ear.refused.insert(*id);
            if let Some(alert) = self.known.get(id) {
                self.continued(&mut ear, alert);
            }
        }
        self.ears.insert(key, ear);
    }

    /// Alerts as they are known, whether somebody hears of them or not.
    pub fn learn<'a>(&mut self, alerts: impl Iterator<Item = &'a Arc<Alert>>) {
        for alert in alerts {
            let before = self.known.insert(alert.id, Arc::clone(alert));
            if alert.is_firing() && before.is_some_and(|before| !before.is_firing()) {
                self.reopened.insert(alert.id);
            }
        }
    }

    /// All is over, and everybody heard so.
    pub fn settle(&self) {
        for (key, ear) in &self.ears {
            let open: Vec<_> = ear.open.difference(&ear.refused).collect();
            assert!(open.is_empty(), "{key:?} heard {open:?} begin and not end");
        }
    }
}
