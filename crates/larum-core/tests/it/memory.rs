//! What a perfect journal would remember: the deltas, folded.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use larum_core::alert::{Alert, AlertId};
use larum_core::group::{Group, GroupId};
use larum_core::outbox::{Delivery, DeliveryId, DeliveryState, PausedLane, RetryAfter};
use larum_core::silence::{Silence, SilenceId};
use larum_core::state::{Delta, Remembered};
use larum_core::verdict::Verdict;

pub fn recall(journal: &[Delta]) -> Remembered {
    let mut alerts: BTreeMap<AlertId, Alert> = BTreeMap::new();
    let mut groups: BTreeMap<GroupId, Group> = BTreeMap::new();
    let mut deliveries: BTreeMap<DeliveryId, Delivery> = BTreeMap::new();
    let mut verdicts: HashMap<_, Verdict> = HashMap::new();
    let mut silences: BTreeMap<SilenceId, Silence> = BTreeMap::new();
    let mut paused: BTreeMap<_, PausedLane> = BTreeMap::new();
    let mut retry_after: BTreeMap<_, RetryAfter> = BTreeMap::new();
    let mut next_id = 1;
    for delta in journal {
        alerts.extend(delta.alerts.iter().map(|alert| (alert.id, alert.as_ref().clone())));
        let places = delta.verdicts.iter().map(|verdict| {
            let way = verdict.group.as_ref().map(|place| place.way.clone());
            ((verdict.alert, verdict.receiver, way), verdict.clone())
        });
        verdicts.extend(places);
        silences.extend(delta.silences.iter().map(|silence| (silence.id, silence.as_ref().clone())));
        delta.forgotten_silences.iter().for_each(|id| drop(silences.remove(id)));
        groups.extend(delta.groups.iter().map(|group| (group.id, group.clone())));
        delta.ended_groups.iter().for_each(|id| drop(groups.remove(id)));
        deliveries.extend(delta.deliveries.iter().map(|delivery| (delivery.id, delivery.clone())));
        for change in &delta.changes {
            let mut delivery = change.delivery.clone();
            match change.state {
                DeliveryState::Waiting => drop(deliveries.insert(delivery.id, delivery)),
                DeliveryState::Sending => {
                    delivery.uncertain = true;
                    deliveries.insert(delivery.id, delivery);
                }
                _ => drop(deliveries.remove(&delivery.id)),
            }
        }
        delta.lanes.resumed.iter().for_each(|key| drop(paused.remove(key)));
        paused.extend(
            delta.lanes.paused.iter().map(|lane| ((lane.receiver, lane.channel.clone()), lane.clone())),
        );
        delta.lanes.past.iter().for_each(|place| drop(retry_after.remove(place)));
        let asked = delta.lanes.retry_after.iter();
        retry_after
            .extend(asked.map(|asked| ((asked.workspace.clone(), asked.channel.clone()), asked.clone())));
        next_id = delta.next_id.unwrap_or(next_id);
    }
    let told = groups.values().flat_map(|group| group.told.keys());
    let owed = deliveries.values().flat_map(|delivery| delivery.alerts.iter().map(|(id, _)| id));
    let needed: BTreeSet<AlertId> = told.chain(owed).copied().collect();
    alerts.retain(|id, alert| alert.is_firing() || needed.contains(id));
    let fires = |verdict: &Verdict| alerts.get(&verdict.alert).is_some_and(Alert::is_firing);
    let mut verdicts: Vec<Verdict> = verdicts.into_values().filter(fires).collect();
    verdicts.sort_unstable_by_key(|verdict| verdict.number);
    Remembered {
        next_id,
        alerts: alerts.into_values().collect(),
        verdicts,
        silences: silences.into_values().collect(),
        groups: groups.into_values().map(as_written).collect(),
        deliveries: deliveries.into_values().collect(),
        paused: paused.into_values().collect(),
        retry_after: retry_after.into_values().collect(),
        policies: vec![],
        alerting_off: None,
    }
}

/// What fires in a group, and about what of it the group keeps silent, follows from the rest.
fn as_written(group: Group) -> Group {
    Group { firing: BTreeSet::new(), muted: BTreeMap::new(), ..group }
}
