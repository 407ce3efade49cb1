//! Changes of policies: those that people make, those that come with Larum, and those of rule files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use larum_core::alert::PolicyId;
use larum_core::policy::{BuiltinEdit, Policy, PolicyDraft, PolicyKind, RulePlace};
use larum_core::time::Now;
use larum_rules::builtin;
use larum_store::{PolicyRow, SettingsWrite};
use smol_str::SmolStr;

use super::{Step, Writer};
use crate::desk::{MAX_POLICIES, SettingsError};

/// As whom Larum saves what comes with it.
const LARUM: &str = "larum";

impl Writer {
    pub(super) fn save_policy(
        &mut self,
        step: &mut Step,
        known: Option<(PolicyId, u64)>,
        draft: &PolicyDraft,
        actor: &str,
        now: Now,
    ) -> Result<PolicyRow, SettingsError> {
        let fresh = || PolicyId(self.shared.state.write().draw_id());
        let (id, version) = known.map_or_else(|| (fresh(), None), |(id, version)| (id, Some(version)));
        let row = self.desk.policy(id, version, draft, actor, now)?;
        self.put_policy(step, row.clone(), now);
        Ok(row)
    }

    fn put_policy(&mut self, step: &mut Step, row: PolicyRow, now: Now) {
        self.shared.state.write().put_policy(row.policy.clone(), now);
        self.desk.policies.insert(row.policy.id, Arc::new(row.clone()));
        step.settings.push(SettingsWrite::PutPolicy(Box::new(row)));
    }

    pub(super) fn delete_policy(
        &mut self,
        step: &mut Step,
        id: PolicyId,
        version: u64,
        now: Now,
    ) -> Result<(), SettingsError> {
        match &self.desk.policy_at(id, version)?.policy.kind {
            PolicyKind::Custom => {}
            PolicyKind::Builtin { .. } => return Err(SettingsError::Builtin),
            PolicyKind::RuleFile(place) => return Err(SettingsError::RuleFile(Arc::clone(&place.file))),
        }
        self.remove_policy(step, id, now);
        Ok(())
    }

    fn remove_policy(&mut self, step: &mut Step, id: PolicyId, now: Now) {
        self.desk.policies.remove(&id);
        self.shared.state.write().remove_policy(id, now);
        step.settings.push(SettingsWrite::DeletePolicy(id));
    }

    pub(super) fn edit_builtin(
        &mut self,
        step: &mut Step,
        (id, version): (PolicyId, u64),
        edit: BuiltinEdit,
        actor: &str,
        now: Now,
    ) -> Result<PolicyRow, SettingsError> {
        let row = self.desk.policy_at(id, version)?;
        let known = match &row.policy.kind {
            PolicyKind::Builtin { key } => builtin(key),
            _ => None,
        };
        let draft = known.ok_or(SettingsError::NotFound)?.edited(edit);
        let draft = draft.map_err(|error| SettingsError::Policy(vec![error]))?;
        self.save_policy(step, Some((id, version)), &draft, actor, now)
    }

    /// Brings in the policies that come with this version of Larum, newer words for those that came before. What a
    /// person has changed about them stays. Those that come no more stay in force, as a person's own, who can delete
    /// them.
    pub(super) fn seed_policies(&mut self, step: &mut Step, policies: Vec<(SmolStr, PolicyDraft)>, now: Now) {
        let comes = |key: &SmolStr| policies.iter().any(|(known, _)| known == key);
        let left =
            |row: &&Arc<PolicyRow>| matches!(&row.policy.kind, PolicyKind::Builtin { key } if !comes(key));
        let left: Vec<Arc<PolicyRow>> = self.desk.policies.values().filter(left).cloned().collect();
        for row in left {
            self.seed_policy(step, Some(&row), PolicyKind::Custom, &row.policy.draft(), now);
        }
        for (key, mut draft) in policies {
            let kind = PolicyKind::Builtin { key };
            let known = self.desk.policies.values().find(|row| row.policy.kind == kind).cloned();
            if let Some(row) = &known {
                draft = edited_as_before(row, draft);
                if row.policy.draft() == draft {
                    continue;
                }
            }
            self.seed_policy(step, known.as_deref(), kind, &draft, now);
        }
    }

    /// Brings in the alerting rules of all rule files. Those that stand there no more go, unless nobody can be sure of
    /// that.
    pub(super) fn seed_rules(
        &mut self,
        step: &mut Step,
        rules: Vec<(RulePlace, PolicyDraft)>,
        unsure: &BTreeSet<Arc<str>>,
        now: Now,
    ) -> Result<(), SettingsError> {
        let mut known: BTreeMap<RulePlace, Arc<PolicyRow>> = BTreeMap::new();
        for row in self.desk.policies.values() {
            if let PolicyKind::RuleFile(place) = &row.policy.kind {
                known.insert(place.clone(), Arc::clone(row));
            }
        }
        if self.desk.policies.len() - known.len() + rules.len() > MAX_POLICIES {
            return Err(SettingsError::TooManyPolicies);
        }
        for (place, draft) in rules {
            let before = known.remove(&place);
            if before.as_ref().is_none_or(|row| row.policy.draft() != draft) {
                self.seed_policy(step, before.as_deref(), PolicyKind::RuleFile(place), &draft, now);
            }
        }
        known.retain(|place, _| !unsure.contains(&place.file));
        for row in known.into_values() {
            self.remove_policy(step, row.policy.id, now);
        }
        Ok(())
    }

    /// Whoever has switched it stays the one who did: newer words do not undo that, nor does the next version.
    fn seed_policy(
        &mut self,
        step: &mut Step,
        known: Option<&PolicyRow>,
        kind: PolicyKind,
        draft: &PolicyDraft,
        now: Now,
    ) {
        let fresh = || PolicyId(self.shared.state.write().draw_id());
        let id = known.map_or_else(fresh, |row| row.policy.id);
        let version = known.map_or(1, |row| row.policy.version + 1);
        let by = known.map_or(LARUM, |row| &row.updated_by).to_owned();
        match Policy::new(id, kind, version, draft) {
            Ok(policy) => {
                let row = PolicyRow { policy, updated_at: now.wall, updated_by: by };
                self.put_policy(step, row, now);
            }
            Err(errors) => tracing::error!(?errors, "a built-in policy is wrong"),
        }
    }
}

/// What comes with Larum now, changed as a person has changed what came before.
fn edited_as_before(before: &PolicyRow, draft: PolicyDraft) -> PolicyDraft {
    let mut edit = before.policy.edit;
    if before.updated_by != LARUM && edit.enabled.is_none() && before.policy.enabled != draft.enabled {
        edit.enabled = Some(before.policy.enabled);
    }
    let known = match &before.policy.kind {
        PolicyKind::Builtin { key } => builtin(key),
        _ => None,
    };
    match known.map(|known| known.edited(edit)) {
        Some(Ok(edited)) => edited,
        // What was changed is there no more.
        _ => PolicyDraft { enabled: edit.enabled.unwrap_or(draft.enabled), ..draft },
    }
}
