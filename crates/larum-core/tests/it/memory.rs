//! What a perfect journal would remember: the deltas, folded.

use std::collections::{BTreeMap, BTreeSet};

use larum_core::alert::{Alert, AlertId};
use larum_core::group::{Group, GroupId};
use larum_core::outbox::{Delivery, DeliveryId, DeliveryState};
use larum_core::state::{Delta, Remembered};

pub fn recall(journal: &[Delta]) -> Remembered {
    let mut alerts: BTreeMap<AlertId, Alert> = BTreeMap::new();
    let mut groups: BTreeMap<GroupId, Group> = BTreeMap::new();
    let mut deliveries: BTreeMap<DeliveryId, Delivery> = BTreeMap::new();
    let mut next_id = 1;
    for delta in journal {
        alerts.extend(delta.alerts.iter().map(|alert| (alert.id, alert.as_ref().clone())));
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
        next_id = delta.next_id;
    }
    let told = groups.values().flat_map(|group| group.told.keys());
    let owed = deliveries.values().flat_map(|delivery| delivery.alerts.iter().map(|(id, _)| id));
    let needed: BTreeSet<AlertId> = told.chain(owed).copied().collect();
    alerts.retain(|id, alert| alert.is_firing() || needed.contains(id));
    Remembered {
        next_id,
        alerts: alerts.into_values().collect(),
        groups: groups.into_values().map(|group| Group { firing: BTreeSet::new(), ..group }).collect(),
        deliveries: deliveries.into_values().collect(),
        policies: vec![],
    }
}
