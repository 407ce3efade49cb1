//! Alerts move to where they belong by now. When other routes come into force, that is at once for whoever plans, and a
//! piece at a time for whoever waits to look at the state.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::vec::IntoIter;

use super::{Refused, State};
use crate::alert::{AlertId, AlertKey};
use crate::config::{Config, Timers};
use crate::group::{Group, GroupId};
use crate::label::LabelSet;
use crate::receiver::ReceiverId;
use crate::route::Way;
use crate::routing::{Destination, Routing};
use crate::time::Now;
use crate::verdict::Hushed;

/// Other routes on their way into force.
#[derive(Debug)]
pub struct Rerouting {
    before: Option<Arc<Routing>>,
    now: Now,
    /// Alerts that join and leave groups.
    alerts: IntoIter<AlertId>,
    /// Alerts that move to other groups where they are not told yet.
    untold: IntoIter<AlertId>,
    ends: Ends,
    /// Groups whose times begin anew, as soon as it is known which there are.
    groups: Option<IntoIter<GroupId>>,
}

/// The keys of what groups have told and is over. What goes on for that stays there.
#[derive(Debug, Default)]
struct Ends(HashMap<GroupId, HashSet<AlertKey>>);

impl State {
    /// Puts other routes, and those whom they tell, into force, or none. `actor` is who changed them.
    ///
    /// # Errors
    /// [`Refused::TooManyGroups`] if there is no room for the groups in which what fires would be gathered; then
    /// nothing has changed.
    pub fn put_routing(
        &mut self,
        routing: Option<Arc<Routing>>,
        actor: &str,
        now: Now,
    ) -> Result<(), Refused> {
        let mut rerouting = self.begin_routing(routing, actor, now)?;
        while self.go_on(&mut rerouting, usize::MAX) {}
        Ok(())
    }

    /// The same in pieces: until [`Self::go_on`] says that all is done, the state is to be looked at and not to be changed
    /// otherwise.
    ///
    /// # Errors
    /// As for [`Self::put_routing`].
    pub fn begin_routing(
        &mut self,
        routing: Option<Arc<Routing>>,
        actor: &str,
        now: Now,
    ) -> Result<Rerouting, Refused> {
        self.has_room_for_routing(routing.as_deref())?;
        let was = self.config.routing.iter().flat_map(|routing| routing.integrations());
        let was: Vec<ReceiverId> = was.map(|receiver| receiver.id).collect();
        let stays = |id: &ReceiverId| routing.as_ref().is_some_and(|to| to.integration(*id).is_some());
        let (stay, go): (Vec<ReceiverId>, Vec<ReceiverId>) = was.into_iter().partition(stays);
        for id in go {
            let why = format!("taken out of the configuration file, which {actor} loaded");
            self.hush_receiver(id, &why, &Hushed::ReceiverDeleted, now);
        }
        let before = std::mem::replace(&mut self.config.routing, routing);
        stay.into_iter().for_each(|id| self.outbox.probe(id, now));
        let alerts: Vec<AlertId> = self.candidates(&[]).iter().collect();
        let (alerts, untold) = (alerts.clone().into_iter(), alerts.into_iter());
        Ok(Rerouting { before, now, alerts, untold, ends: Ends::default(), groups: None })
    }

    /// Goes on putting other routes into force, with about so many alerts or groups. Answers whether there are more.
    pub fn go_on(&mut self, rerouting: &mut Rerouting, most: usize) -> bool {
        let now = rerouting.now;
        if rerouting.alerts.len() > 0 {
            for id in rerouting.alerts.by_ref().take(most) {
                let routed = |group: &Group| group.way != Way::Conditions;
                self.regroup_one(id, routed, Config::routed_destinations, now);
                self.say_who_is_silent(id, rerouting.before.as_deref(), now);
            }
            return true;
        }
        if rerouting.untold.len() > 0 {
            rerouting
                .untold
                .by_ref()
                .take(most)
                .for_each(|id| self.regather_untold(id, &mut rerouting.ends, now));
            return true;
        }
        let groups = rerouting.groups.get_or_insert_with(|| {
            let mut groups: Vec<GroupId> = self.groups.keys().copied().collect();
            groups.sort_unstable();
            groups.into_iter()
        });
        let mut looked_at = 0;
        while looked_at < most
            && let Some(id) = groups.next()
        {
            looked_at += 1 + self.begin_steps(id, now);
        }
        groups.len() > 0
    }

    fn has_room_for_routing(&self, routing: Option<&Routing>) -> Result<(), Refused> {
        let limit = self.config.limits.groups;
        let routes = routing.map_or(0, Routing::most_destinations);
        let most = self.alerts.len().saturating_mul(routes);
        if self.groups.len().saturating_add(most) <= limit {
            return Ok(());
        }
        let wanted = self.firing().flat_map(|alert| routing.map(|r| r.destinations(&alert.labels)));
        let wanted: HashSet<Destination> = wanted.flatten().collect();
        let begins = wanted.iter().filter(|place| !self.group_keys.contains_key(*place)).count();
        let after = self.groups.len().saturating_add(begins);
        if after > limit { Err(Refused::TooManyGroups { limit }) } else { Ok(()) }
    }

    /// Of the groups that `concerns` names: alerts join where they belong by now, and leave where they do not any more.
    /// Of one that was told, only the end is told.
    pub(super) fn regroup(
        &mut self,
        concerns: impl Fn(&Group) -> bool,
        belongs: impl Fn(&Config, &LabelSet) -> Vec<Destination>,
        now: Now,
    ) {
        let alerts: Vec<AlertId> = self.candidates(&[]).iter().collect();
        alerts.into_iter().for_each(|id| self.regroup_one(id, &concerns, &belongs, now));
    }

    fn regroup_one(
        &mut self,
        id: AlertId,
        concerns: impl Fn(&Group) -> bool,
        belongs: impl Fn(&Config, &LabelSet) -> Vec<Destination>,
        now: Now,
    ) {
        let Some(alert) = self.alert(id).filter(|alert| alert.is_firing()) else { return };
        let destinations = belongs(&self.config, &alert.labels);
        let wanted = |group: &&Group| destinations.iter().any(|place| self.serves(group, place));
        let stands = self.groups_of(id).filter(|group| concerns(group) && !wanted(group));
        let leaves: Vec<GroupId> = stands.map(|group| group.id).collect();
        leaves.into_iter().for_each(|group| self.leave_group(id, group, Hushed::ConditionsChanged, now));
        destinations.into_iter().for_each(|place| self.join_group(id, place, now));
    }

    /// Writes down of what fires by which receivers nobody is told of it, unless that was so before.
    fn say_who_is_silent(&mut self, id: AlertId, before: Option<&Routing>, now: Now) {
        let Some(routing) = self.config.routing.as_deref() else { return };
        let Some(alert) = self.alert(id).filter(|alert| alert.is_firing()) else { return };
        let known = before.map(|routing| routing.silent(&alert.labels)).unwrap_or_default();
        let mut silent = routing.silent(&alert.labels);
        silent.retain(|hushed| !known.contains(hushed));
        silent.into_iter().for_each(|(receiver, reason)| self.hush(id, Some(receiver), reason, now));
    }

    /// All alerts move to where they belong by now, where they are not told yet.
    pub(super) fn regather_all(&mut self, now: Now) {
        let (alerts, mut ends): (Vec<AlertId>, _) = (self.candidates(&[]).iter().collect(), Ends::default());
        alerts.into_iter().for_each(|id| self.regather_untold(id, &mut ends, now));
    }

    /// An alert moves to where it belongs by now, where it is not told yet.
    fn regather_untold(&mut self, id: AlertId, ends: &mut Ends, now: Now) {
        let Some(alert) = self.alert(id).filter(|alert| alert.is_firing()) else { return };
        let key = alert.key();
        let stands = self.groups_of(id).filter(|group| group.firing.contains(&id));
        let moves =
            stands.filter(|group| !group.told.contains_key(&id) && !ends.of(self, group).contains(&key));
        let moves: Vec<GroupId> = moves.map(|group| group.id).collect();
        moves.into_iter().for_each(|group| self.regather(id, group, now));
    }

    /// A group goes on in other steps, which may be of another length; where settings restart timers, it begins to wait
    /// anew, but with an alert that began long ago (Alertmanager, dispatch, `aggrGroup.insert`). Answers how many alerts were
    /// looked at.
    fn begin_steps(&mut self, id: GroupId, now: Now) -> usize {
        let Some(group) = self.groups.get(&id) else { return 0 };
        self.dirty.groups.insert(id);
        if self.config.timers != Timers::AsAlertmanager {
            return 0;
        }
        let (way, receiver) = (self.way_in_force(group), group.receiver);
        let alerts = group.firing.iter().chain(group.told.keys()).filter_map(|id| self.alert(*id));
        let first = alerts.map(|alert| self.first_turn(&way, receiver, alert, now)).min();
        let due = first.unwrap_or_else(|| now.steady.plus(self.config.group_wait(&way, receiver)));
        let looked_at = group.firing.len() + group.told.len();
        self.move_turn(id, due);
        looked_at
    }
}

impl Ends {
    fn of(&mut self, state: &State, group: &Group) -> &HashSet<AlertKey> {
        self.0.entry(group.id).or_insert_with(|| {
            let told = group.told.keys().filter_map(|id| state.alert(*id));
            told.filter(|alert| !alert.is_firing()).map(|alert| alert.key()).collect()
        })
    }
}
