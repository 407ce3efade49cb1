//! Policies are evaluated, edited and switched.

use std::time::Duration;

use larum_core::alert::{Measured, PolicyId};
use larum_core::label::LabelSet;
use larum_core::policy::{Outcome, PolicyDraft, SeriesValue};
use larum_core::severity::Severity;

use crate::storm::Storm;

/// Their names.
const NAMES: [&str; 2] = ["Load", "Swap"];

impl Storm {
    /// The source of metrics answers, does not answer, or knows nothing.
    pub(super) fn a_policy_is_evaluated(&mut self) {
        let Some((id, version)) = self.random.one_of(&self.policies()).copied() else { return };
        let outcome = match self.random.below(10) {
            0 => Outcome::Failed("the source is down".to_owned()),
            1 => Outcome::NoData { selectors: vec!["up".to_owned()], complete: true },
            _ => {
                let instances = ["0", "1", "2"].into_iter().filter(|_| self.random.percent(60));
                let series = instances.map(series).collect();
                Outcome::Series { series, complete: self.random.percent(90), warnings: Vec::new() }
            }
        };
        self.note(|| format!("policy {id} finds {outcome:?}"));
        self.is_evaluated(id, version, outcome);
    }

    /// Nothing that policies look for is there any more.
    pub(super) fn policies_find_nothing(&mut self) {
        for (id, version) in self.policies() {
            let nothing = Outcome::Series { series: Vec::new(), complete: true, warnings: Vec::new() };
            self.is_evaluated(id, version, nothing);
        }
    }

    fn is_evaluated(&mut self, id: PolicyId, version: u64, outcome: Outcome) {
        self.ask(async |engine| engine.evaluated(id, version, outcome, Duration::ZERO).await);
    }

    /// Each at its version.
    fn policies(&self) -> Vec<(PolicyId, u64)> {
        let desk = self.life().engine().desk();
        desk.policies.values().map(|row| (row.policy.id, row.policy.version)).collect()
    }

    /// Somebody makes, edits or deletes one, or switches alerting on or off.
    pub(super) fn somebody_edits_policies(&mut self) {
        let desk = self.life().engine().desk();
        if self.random.percent(20) {
            let (version, on) = (desk.alerting.version, !desk.alerting.enabled);
            self.note(|| format!("alerting is switched, on: {on}"));
            self.ask(async |engine| drop(engine.save_alerting(on, version, "ada").await));
            return;
        }
        let name = self.random.pick(&NAMES);
        let known = desk.policies.values().find(|row| &*row.policy.name == name);
        let known = known.map(|row| (row.policy.id, row.policy.version));
        if let Some((id, version)) = known.filter(|_| self.random.percent(20)) {
            self.note(|| format!("policy {id} is deleted"));
            self.ask(async |engine| drop(engine.delete_policy(id, version, "ada").await));
            return;
        }
        let draft = PolicyDraft {
            name: name.to_owned(),
            expr: "up > 0".to_owned(),
            summary: "It is much".to_owned(),
            enabled: self.random.percent(90),
            severity: self.random.pick(&[Severity::Critical, Severity::Warning, Severity::Info]),
            hold: Duration::from_secs(self.random.pick(&[0, 0, 60])),
            ..PolicyDraft::default()
        };
        self.note(|| format!("policy {name} is saved, {:?}", draft.severity));
        self.ask(async |engine| drop(engine.save_policy(known, draft, "ada").await));
    }
}

fn series(instance: &str) -> SeriesValue {
    SeriesValue {
        labels: LabelSet::from_pairs([("i", instance), ("namespace", "x")]),
        set_labels: Vec::new(),
        annotations: LabelSet::empty(),
        generator_url: "".into(),
        measured: Measured { value: 1.0, text: "1".into() },
    }
}
