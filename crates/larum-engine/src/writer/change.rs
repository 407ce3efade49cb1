//! Changes of the settings, from whoever makes them: checked against what is in force, applied, written down, and
//! only then answered.

use std::sync::Arc;

use larum_core::config::Grouping;
use larum_core::receiver::ReceiverId;
use larum_core::time::Now;
use larum_store::{AlertingRow, GroupingRow, ReceiverRow, SettingsWrite};

use super::{Step, Writer};
use crate::command::{Change, Refused};
use crate::desk::{ReceiverDraft, SettingsError};
use crate::route_file::RouteFile;
use crate::shared::Unwritable;
use crate::silence::{SilenceError, fresh_id};
use crate::topic::Topic;

mod policies;

/// How many alerts are rerouted under one hold of the state's lock: a few milliseconds.
const AT_ONCE: usize = 1000;

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
                let answer = self.save_grouping(step, grouping, version, actor, now);
                step.after(reply, answer);
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
            Change::PutSilence { edited, draft, reply } => {
                let fresh = fresh_id(&self.shared.clock);
                let put = self.shared.state.write().put_silence(edited, *draft, fresh, now);
                step.topics.insert(Topic::Silences);
                step.after(reply, put.map_err(SilenceError::from));
            }
            Change::ExpireSilence { id, reply } => {
                let expired = self.shared.state.write().expire_silence(id, now);
                step.topics.insert(Topic::Silences);
                step.after(reply, expired.map_err(SilenceError::from));
            }
            Change::PutRouteFile { file, reply } => {
                let answer = self.put_route_file(*file, actor, now);
                step.after(reply, answer);
            }
            Change::SaveAlerting { enabled, version, reply } => {
                let answer = self.save_alerting(step, enabled, version, actor, now);
                step.topics.extend([Topic::Status, Topic::Policies]);
                step.after(reply, answer);
            }
        }
    }

    /// Nothing of it is written down but what it does to groups: at the next start the file is read again.
    fn put_route_file(&mut self, file: RouteFile, actor: &str, now: Now) -> Result<(), Refused> {
        let state = &self.shared.state;
        let mut rerouting = state.write().begin_routing(Some(Arc::clone(&file.routing)), actor, now)?;
        // Whoever only looks gets a turn in between; nobody else changes anything.
        while state.write().go_on(&mut rerouting, AT_ONCE) {}
        let rules = file.inhibitions();
        if state.read().config.inhibitions != rules {
            let inhibiting = state.read().inhibiting_by(rules);
            state.write().put_inhibiting(inhibiting);
        }
        self.file = Some(Arc::new(file));
        Ok(())
    }

    fn save_grouping(
        &mut self,
        step: &mut Step,
        grouping: Grouping,
        version: u64,
        actor: &str,
        now: Now,
    ) -> Result<u64, SettingsError> {
        if self.desk.grouping.version != version {
            return Err(SettingsError::Conflict);
        }
        let version = version + 1;
        let saved = Some((now.wall, actor.to_owned()));
        step.topics.insert(Topic::Grouping);
        self.desk.grouping = GroupingRow { grouping: grouping.clone(), version, saved };
        self.shared.state.write().put_grouping(grouping.clone(), now);
        step.settings.push(SettingsWrite::PutGrouping { grouping, version, by: actor.to_owned() });
        Ok(version)
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
            Self::PutSilence { reply, .. } => reply.send(Err(why.into())).is_ok(),
            Self::ExpireSilence { reply, .. } => reply.send(Err(why.into())).is_ok(),
            Self::PutRouteFile { reply, .. } => reply.send(Err(why.into())).is_ok(),
            Self::DeleteReceiver { reply, .. }
            | Self::DeletePolicy { reply, .. }
            | Self::SeedPolicies { reply, .. }
            | Self::SeedRules { reply, .. } => reply.send(Err(error())).is_ok(),
        };
    }
}
