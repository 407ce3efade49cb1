//! Going on from what was written down.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Remembered, State, Watched};
use crate::alert::AlertId;
use crate::config::Config;
use crate::group::{Group, GroupId};
use crate::notification::NotifyReason;
use crate::outbox::{Delivery, DeliveryId, DeliveryState};
use crate::policy::PolicyState;
use crate::time::{Now, Steady};
use crate::verdict::Verdict;

impl State {
    /// Goes on from what was written down. Groups and lanes continue their times; nothing is
    /// told again.
    pub fn remember(config: Config, remembered: Remembered, now: Now) -> Self {
        let mut state = Self::new(config);
        state.next_id = remembered.next_id.max(1);
        state.reserved = state.next_id;
        state.alerting_off = remembered.alerting_off;
        let mut successors = Vec::new();
        for alert in remembered.alerts {
            let id = alert.id;
            let fires = alert.is_firing();
            let earlier = state.hold(Arc::new(alert));
            if fires {
                successors.extend(earlier.map(|earlier| (id, earlier)));
                state.inhibits(id);
            }
        }
        for (policy, record) in remembered.policies {
            let known =
                record.map(|record| PolicyState::from_record(&policy, record, now)).unwrap_or_default();
            state.policies.insert(policy.id, Watched { policy: Arc::new(policy), state: known });
        }
        let silences = Arc::make_mut(&mut state.silences);
        remembered.silences.into_iter().for_each(|silence| silences.remember(silence, now.wall));
        remembered.groups.into_iter().for_each(|group| state.remember_group(group, now));
        for delivery in remembered.deliveries {
            state.owe(&delivery);
            state.outbox.push(delivery);
        }
        state.outbox.remember(remembered.paused, remembered.retry_after, now);
        successors.into_iter().for_each(|(id, earlier)| state.succeed(id, earlier));
        remembered.verdicts.iter().for_each(|verdict| state.remember_muted(verdict, now));
        let dues: Vec<(Steady, GroupId)> = state.due.iter().copied().collect();
        let mut firing: Vec<AlertId> = state.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        firing.into_iter().for_each(|id| state.join_groups(id, now));
        // Nobody has just come: whoever waited there waits on.
        dues.into_iter().for_each(|(due, id)| state.wait_until(id, due));
        state.cancel_unwanted(now);
        let mut silent: Vec<GroupId> = state.groups.keys().copied().collect();
        silent.sort_unstable();
        silent.into_iter().for_each(|id| state.end_if_silent(id));
        let over = state.alerts.iter().filter(|(_, held)| !held.alert.is_firing());
        let over: Vec<AlertId> = over.map(|(id, _)| *id).collect();
        over.into_iter().for_each(|id| state.release(id));
        state.forget_known(&remembered.verdicts);
        state.keep_step(now);
        state
    }

    /// What was decided as before was written down then. What was decided otherwise is not, as when somebody edited a
    /// configuration file while nobody read it.
    fn forget_known(&mut self, known: &[Verdict]) {
        let known: HashSet<_> =
            known.iter().map(|verdict| (verdict.alert, verdict.receiver, &verdict.reason)).collect();
        let is_known =
            |verdict: &Verdict| known.contains(&(verdict.alert, verdict.receiver, &verdict.reason));
        self.dirty.verdicts.retain(|verdict| !is_known(verdict));
    }

    /// Lets a group go on waiting until `due`.
    fn wait_until(&mut self, id: GroupId, due: Steady) {
        if self.groups.get(&id).is_some_and(|group| group.due != due) {
            self.move_turn(id, due);
        }
    }

    /// Turns without a word were not written down: groups that would have had them go on in the same step. A
    /// repetition waits for its next step too.
    fn keep_step(&mut self, now: Now) {
        let late: Vec<(Steady, GroupId)> =
            self.due.iter().copied().take_while(|(due, _)| *due <= now.steady).collect();
        for (due, id) in late {
            let Some(mut group) = self.groups.remove(&id) else { continue };
            // What it was silent about had its turn.
            if group.turn > 0 || !group.muted.is_empty() {
                self.mute(&mut group, now);
                let speech = self.speech(&group, now);
                if speech.is_none_or(|speech| speech.reason == NotifyReason::RepeatInterval) {
                    self.due.remove(&(due, id));
                    self.put_off(&mut group, now);
                    self.due.insert((group.due, id));
                }
            }
            self.groups.insert(id, group);
        }
    }

    /// What a group told belongs to it, whatever the conditions and the grouping are by now; what of it fires and is
    /// still wanted joins it again.
    /// A wall clock that was set back makes nobody wait for longer than a group ever waits. What was due before keeps its
    /// time, from which the next turn is counted, unless nobody is to speak yet.
    fn remember_group(&mut self, mut group: Group, now: Now) {
        if self.config.receiver(group.receiver).is_none() {
            // It was taken out of a configuration file while nobody looked.
            return self.dirty.ended_groups.push(group.id);
        }
        let latest = now.steady.plus(self.config.longest_interval());
        if group.due > latest {
            group.due = latest;
            // The next start is to find it so, however soon it comes.
            self.dirty.groups.insert(group.id);
        }
        if self.config.speaks_from > now.steady {
            group.due = group.due.max(self.config.speaks_from);
        }
        group.told.retain(|id, _| self.alerts.contains_key(id));
        group.gaps.retain(|id, _| group.told.contains_key(id));
        for id in group.told.keys() {
            let Some(held) = self.alerts.get_mut(id) else { continue };
            held.groups.push(group.id);
        }
        self.due.insert((group.due, group.id));
        self.group_keys.insert(group.place(), group.id);
        self.groups.insert(group.id, group);
    }

    /// What was on its way when its receiver was switched off or its channel removed is not sent again.
    fn cancel_unwanted(&mut self, now: Now) {
        let unwanted = self.outbox.iter().filter(|delivery| !self.wants(delivery));
        let unwanted: Vec<DeliveryId> = unwanted.map(|delivery| delivery.id).collect();
        let why = "switched off or removed while it was on its way".into();
        let state = DeliveryState::Cancelled { why };
        for id in unwanted {
            if let Some(change) = self.outbox.withdraw(id, state.clone(), now) {
                self.settled(change, now);
            }
        }
    }

    /// Whether its receiver is on and still has its channel.
    pub(super) fn wants(&self, delivery: &Delivery) -> bool {
        let receiver = self.config.receiver(delivery.receiver);
        receiver.is_some_and(|receiver| receiver.enabled && receiver.channels.contains(&delivery.channel))
    }
}
