//! Changes of the settings, from whoever makes them: checked against what is in force, applied, written down, and
//! only then answered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use larum_core::alert::PolicyId;
use larum_core::policy::{BuiltinEdit, Policy, PolicyDraft, PolicyKind, RulePlace};
use larum_core::receiver::ReceiverId;
use larum_core::time::Now;
use larum_rules::builtin;
use larum_store::{AlertingRow, GroupingRow, PolicyRow, ReceiverRow, SettingsWrite};
use smol_str::SmolStr;

use super::{Step, Writer};
use crate::command::Change;
use crate::desk::{MAX_POLICIES, ReceiverDraft, SettingsError};
use crate::shared::Unwritable;
use crate::topic::Topic;

/// As whom Larum saves what comes with it.
pub const LARUM: &str = "larum";

impl Writer {
    pub(super) fn change(&mut self, step: &mut Step, change: Change, actor: &str, now: Now) {
        step.topics.extend([Topic::Receivers, Topic::Status, Topic::Alerts, Topic::Policies]);
        match change {
            Change::SaveReceiver { id, draft, reply } => {
                let answer = self.save_receiver(step, id, *draft, actor, now);
                step.after(reply, answer);
            }
            Change::Introduce { id, version, facts } => {
                let known = self.desk.receiver_at(id, version).ok();
                let row = known
                    .map(|row| row.introduced(*facts))
                    .filter(|row| Some(&row.slack) != known.map(|row| &row.slack));
                if let Some(row) = row {
                    self.put_receiver(step, row, actor, now);
                }
            }
            Change::DeleteReceiver { id, version, reply } => {
                let answer = self.desk.receiver_at(id, version).map(|_| ());
                if answer.is_ok() {
                    self.desk.receivers.remove(&id);
                    self.shared.state.write().remove_receiver(id, actor, now);
                    step.settings.push(SettingsWrite::DeleteReceiver(id));
                }
                step.after(reply, answer);
            }
            Change::SaveGrouping { grouping, version, reply } => {
                if self.desk.grouping.version != version {
                    return step.after(reply, Err(SettingsError::Conflict));
                }
                let version = version + 1;
                let saved = Some((now.wall, actor.to_owned()));
                step.topics.extend([Topic::Grouping]);
                self.desk.grouping = GroupingRow { grouping: grouping.clone(), version, saved };
                self.shared.state.write().put_grouping(grouping.clone());
                step.settings.push(SettingsWrite::PutGrouping { grouping, version, by: actor.to_owned() });
                step.after(reply, Ok(version));
            }
            Change::SavePolicy { id, draft, reply } => {
                let answer = self.save_policy(step, id, &draft, actor, now);
                step.after(reply, answer);
            }
            Change::DeletePolicy { id, version, reply } => {
                let answer = self.delete_policy(step, id, version, now);
                step.after(reply, answer);
            }
            Change::EditBuiltin { id, version, edit, reply } => {
                let answer = self.edit_builtin(step, (id, version), edit, actor, now);
                step.after(reply, answer);
            }
            Change::SeedPolicies { policies, reply } => {
                self.seed_policies(step, policies, now);
                step.after(reply, Ok(()));
            }
            Change::SeedRules { rules, unsure, reply } => {
                let answer = self.seed_rules(step, rules, &unsure, now);
                step.after(reply, answer);
            }
            Change::SaveAlerting { enabled, version, reply } => {
                let answer = self.save_alerting(step, enabled, version, actor, now);
                step.topics.extend([Topic::Status, Topic::Policies]);
                step.after(reply, answer);
            }
        }
    }

    fn save_receiver(
        &mut self,
        step: &mut Step,
        known: Option<(ReceiverId, u64)>,
        draft: ReceiverDraft,
        actor: &str,
        now: Now,
    ) -> Result<ReceiverRow, SettingsError> {
        let fresh = || ReceiverId(self.shared.state.write().draw_id());
        let (id, version) = known.map_or_else(|| (fresh(), None), |(id, version)| (id, Some(version)));
        let row = self.desk.receiver(id, version, draft, actor, now)?;
        self.shared.state.read().has_room_for(&row.receiver).map_err(SettingsError::Limit)?;
        self.put_receiver(step, row.clone(), actor, now);
        Ok(row)
    }

    fn put_receiver(&mut self, step: &mut Step, row: ReceiverRow, actor: &str, now: Now) {
        self.desk.receivers.insert(row.receiver.id, Arc::new(row.clone()));
        self.shared.state.write().put_receiver(row.receiver.clone(), actor, now);
        step.settings.push(SettingsWrite::PutReceiver(Box::new(row)));
    }

    fn save_policy(
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

    fn delete_policy(
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

    fn edit_builtin(
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

    fn save_alerting(
        &mut self,
        step: &mut Step,
        enabled: bool,
        version: u64,
        actor: &str,
        now: Now,
    ) -> Result<AlertingRow, SettingsError> {
        if self.desk.alerting.version != version {
            return Err(SettingsError::Conflict);
        }
        let saved = Some((now.wall, actor.to_owned()));
        let row = AlertingRow { enabled, version: version + 1, saved };
        self.desk.alerting = row.clone();
        self.shared.state.write().put_alerting(enabled, now);
        step.settings.push(SettingsWrite::PutAlerting(row.clone()));
        Ok(row)
    }

    /// Brings in the policies that come with this version of Larum, newer words for those that came before. What a
    /// person has changed about them stays. Those that come no more stay in force, as a person's own, who can delete
    /// them.
    fn seed_policies(&mut self, step: &mut Step, policies: Vec<(SmolStr, PolicyDraft)>, now: Now) {
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
    fn seed_rules(
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

impl Change {
    /// Nothing can be written down.
    pub(super) fn refuse(self, why: Unwritable) {
        let error = || SettingsError::Storage(why);
        // Whoever asked may have gone away.
        let _ = match self {
            Self::SaveReceiver { reply, .. } => reply.send(Err(error())).is_ok(),
            Self::Introduce { .. } => true,
            Self::SaveGrouping { reply, .. } => reply.send(Err(error())).is_ok(),
            Self::SavePolicy { reply, .. } | Self::EditBuiltin { reply, .. } => {
                reply.send(Err(error())).is_ok()
            }
            Self::SaveAlerting { reply, .. } => reply.send(Err(error())).is_ok(),
            Self::DeleteReceiver { reply, .. }
            | Self::DeletePolicy { reply, .. }
            | Self::SeedPolicies { reply, .. }
            | Self::SeedRules { reply, .. } => reply.send(Err(error())).is_ok(),
        };
    }
}
