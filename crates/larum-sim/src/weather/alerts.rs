//! Alerts come and go.

use std::time::Duration;

use larum_core::alert::{Alert, AlertId, AlertKey, EndReason, Observation, Origin, Says};
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

use super::HOUR;
use crate::storm::Storm;

impl Storm {
    pub(super) fn something_fires(&mut self) {
        let seen = self.any_observation();
        self.note(|| format!("fires {} {:?}", seen.labels, seen.says));
        self.observes(seen);
    }

    /// Somebody tells of this. What is accepted is not forgotten from here on, and what nobody answers is not known.
    pub fn observes(&mut self, seen: Observation) {
        let (labels, says) = (seen.labels.clone(), seen.says);
        let now = self.now();
        let until = match says {
            Says::Firing { ends_at, .. } => Some(now.steady_at(ends_at)),
            Says::Ended { .. } => None,
        };
        if until.is_none() {
            self.accepted.remove(&labels);
        }
        // It counts as accepted from the answer on, also while what follows from it happens.
        let answer = self.life().ask(async |engine| engine.observe(vec![seen]).await);
        match (&answer, until) {
            (Some(Ok(())), Some(until)) => drop(self.accepted.insert(labels, until)),
            (Some(Err(refused)), _) => self.note(|| format!("refused: {refused}")),
            (None, _) => drop(self.accepted.remove(&labels)),
            (Some(Ok(())), None) => {}
        }
        self.settle();
    }

    fn any_observation(&mut self) -> Observation {
        let random = &mut self.random;
        let name = random.pick(&["Disk", "Disk", "Cpu", "Net", "Watchdog"]);
        let severity = random.pick(&["critical", "warning", "warning", "info", "none"]);
        let namespace = random.pick(&["x", "y", ""]);
        let i = random.below(3).to_string();
        let pairs = [("alertname", name), ("severity", severity), ("namespace", namespace), ("i", &i)];
        let labels = LabelSet::from_pairs(pairs);
        let origin = if random.percent(15) { Origin::Alertmanager } else { Origin::Prometheus };
        let lasts = match origin {
            Origin::Alertmanager => 25 * HOUR,
            _ => random.pick(&[20, 300, 300, HOUR]),
        };
        let (timeout, anew) = (random.percent(70), random.percent(60));
        let now = self.now().wall;
        let known = self.read(|state| {
            let known = state.alert_by_key(&AlertKey { policy: None, labels: labels.clone() });
            known.map(|known| (known.is_firing(), known.starts_at))
        });
        let starts_at = match known {
            Some((fires, starts_at)) if fires || !anew => starts_at,
            _ => now,
        };
        Observation {
            origin,
            labels,
            annotations: LabelSet::empty(),
            generator_url: "".into(),
            starts_at,
            says: Says::Firing { ends_at: now.plus(Duration::from_secs(lasts)), timeout },
            measured: None,
            continues: None,
        }
    }

    pub(super) fn something_ends(&mut self) {
        if let Some(id) = self.random.one_of(&self.told_by_others()).copied() {
            self.end(id);
        }
    }

    /// Everything is over, whoever said it.
    pub fn resolve_all(&mut self) {
        self.policies_find_nothing();
        for id in self.told_by_others() {
            self.end(id);
        }
    }

    /// What fires and was said by no policy, nor by Larum itself.
    fn told_by_others(&self) -> Vec<AlertId> {
        let mut ids: Vec<AlertId> = self.read(|state| {
            let others = state.firing().filter(|alert| alert.policy().is_none() && !is_own(alert));
            others.map(|alert| alert.id).collect()
        });
        ids.sort_unstable();
        ids
    }

    fn end(&mut self, id: AlertId) {
        let Some(alert) = self.read(|state| state.alert(id).cloned()) else { return };
        self.note(|| format!("ends {id} {}", alert.labels));
        self.observes(ends(&alert, self.now().wall));
    }
}

fn is_own(alert: &Alert) -> bool {
    alert.labels.value("alertname").starts_with("Larum")
}

fn ends(alert: &Alert, at: Timestamp) -> Observation {
    Observation {
        origin: alert.origin,
        labels: alert.labels.clone(),
        annotations: alert.annotations.clone(),
        generator_url: alert.generator_url.clone(),
        starts_at: alert.starts_at,
        says: Says::Ended { at: at.max(alert.starts_at), reason: EndReason::Resolved },
        measured: None,
        continues: None,
    }
}
