//! The settings as people edit them: each with a version, so that two who edit at once do not undo each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::alert::PolicyId;
use larum_core::condition::Conditions;
use larum_core::policy::{Policy, PolicyDraft, PolicyError, PolicyKind};
use larum_core::receiver::{Channels, MAX_RECEIVERS, Manner, Receiver, ReceiverId};
use larum_core::time::Now;
use larum_store::{AlertingRow, GroupingRow, PolicyRow, Recalled, ReceiverRow, Sealed, SlackFacts};

use crate::shared::Unwritable;

/// All settings in force, with who saved them when.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// The receivers.
    pub receivers: BTreeMap<ReceiverId, Arc<ReceiverRow>>,
    /// How alerts are gathered.
    pub grouping: GroupingRow,
    /// Whether policies speak at all.
    pub alerting: AlertingRow,
    /// The policies.
    pub policies: BTreeMap<PolicyId, Arc<PolicyRow>>,
}

/// A receiver as somebody wants it.
#[derive(Clone, Debug)]
pub struct ReceiverDraft {
    /// Its name; unique without regard to case.
    pub name: Arc<str>,
    /// *Receive Notifications*.
    pub enabled: bool,
    /// Where it is told.
    pub channels: Channels,
    /// What it is told of.
    pub conditions: Conditions,
    /// Its token; `None` keeps the saved one.
    pub token: Option<Sealed>,
    /// What Slack said about token and channels.
    pub slack: SlackFacts,
}

/// Why a change of the settings is refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Somebody else saved it meanwhile.
    #[error("somebody else saved this meanwhile")]
    Conflict,
    /// It does not exist, or no more.
    #[error("this does not exist, or somebody has deleted it")]
    NotFound,
    /// Another one has this name.
    #[error("the name {0:?} is taken: choose another")]
    NameTaken(String),
    /// There are as many receivers as there may be.
    #[error("there can be at most {MAX_RECEIVERS} receivers")]
    TooManyReceivers,
    /// There are as many policies as there may be.
    #[error("there can be at most {MAX_POLICIES} policies")]
    TooManyPolicies,
    /// What fires now would need more groups than there may be.
    #[error("{0}")]
    Limit(larum_core::state::Refused),
    /// A new receiver needs a token.
    #[error("enter a Slack token: without one nothing can be sent")]
    NoToken,
    /// A policy is wrong.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Policy(Vec<PolicyError>),
    /// What comes with Larum can be disabled, not deleted.
    #[error("a built-in policy can be disabled, not deleted")]
    Builtin,
    /// What stands in a rule file is changed there.
    #[error("this policy stands in the rule file {0}: change it there")]
    RuleFile(Arc<str>),
    /// It could not be written down.
    #[error("{0}")]
    Storage(#[from] Unwritable),
    /// Larum is stopping.
    #[error("Larum is stopping")]
    Stopping,
}

/// The most policies there can be.
pub const MAX_POLICIES: usize = 10_000;

impl Desk {
    /// The desk as it was written down.
    pub fn recalled(recalled: &Recalled) -> Self {
        let receivers = recalled.receivers.iter().map(|row| (row.receiver.id, Arc::new(row.clone())));
        let policies = recalled.policies.iter().map(|row| (row.policy.id, Arc::new(row.clone())));
        Self {
            receivers: receivers.collect(),
            grouping: recalled.grouping.clone(),
            alerting: recalled.alerting.clone(),
            policies: policies.collect(),
        }
    }

    /// The receiver that a draft makes, new (`id` is a fresh number) or in place of the one with this `version`.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub fn receiver(
        &self,
        id: ReceiverId,
        version: Option<u64>,
        draft: ReceiverDraft,
        actor: &str,
        now: Now,
    ) -> Result<ReceiverRow, SettingsError> {
        let before = match version {
            None if self.receivers.len() >= MAX_RECEIVERS => return Err(SettingsError::TooManyReceivers),
            None => None,
            Some(version) => Some(self.receiver_at(id, version)?),
        };
        let name_key = draft.name.to_lowercase();
        let mut others = self.receivers.values().filter(|row| row.receiver.id != id);
        if others.any(|row| row.receiver.name.to_lowercase() == name_key) {
            return Err(SettingsError::NameTaken(draft.name.to_string()));
        }
        let saved = || before.map(|before| before.token.clone());
        let mut slack = draft.slack;
        if draft.token.is_some() && slack.team_id.is_none() {
            slack.former_team_id = before.and_then(|before| before.slack.workspace()).map(Into::into);
        }
        let token = draft.token.or_else(saved).ok_or(SettingsError::NoToken)?;
        let receiver = Receiver {
            id,
            name: draft.name,
            enabled: draft.enabled,
            channels: draft.channels,
            conditions: draft.conditions,
            workspace: slack.workspace(),
            unproven: slack.is_unproven(),
            manner: Manner::default(),
        };
        Ok(ReceiverRow {
            receiver,
            version: before.map_or(1, |before| before.version + 1),
            token,
            slack,
            created_at: before.map_or(now.wall, |before| before.created_at),
            updated_at: now.wall,
            updated_by: actor.to_owned(),
        })
    }

    /// The receiver that somebody read at this version.
    ///
    /// # Errors
    /// [`SettingsError::NotFound`] or [`SettingsError::Conflict`].
    pub fn receiver_at(&self, id: ReceiverId, version: u64) -> Result<&ReceiverRow, SettingsError> {
        let row = self.receivers.get(&id).ok_or(SettingsError::NotFound)?;
        if row.version == version { Ok(row) } else { Err(SettingsError::Conflict) }
    }

    /// The policy that a draft makes, new (`id` is a fresh number) or in place of the one with this `version`.
    /// Names of custom policies are unique without regard to case; built-in ones of different severity share theirs.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub fn policy(
        &self,
        id: PolicyId,
        version: Option<u64>,
        draft: &PolicyDraft,
        actor: &str,
        now: Now,
    ) -> Result<PolicyRow, SettingsError> {
        let before = match version {
            None if self.policies.len() >= MAX_POLICIES => return Err(SettingsError::TooManyPolicies),
            None => None,
            Some(version) => Some(self.policy_at(id, version)?),
        };
        let kind = before.map_or(PolicyKind::Custom, |before| before.policy.kind.clone());
        if let PolicyKind::RuleFile(place) = &kind {
            return Err(SettingsError::RuleFile(Arc::clone(&place.file)));
        }
        let next = before.map_or(1, |before| before.policy.version + 1);
        let policy = Policy::new(id, kind, next, draft).map_err(SettingsError::Policy)?;
        let name_key = policy.name.to_lowercase();
        let mut others = self.policies.values().filter(|row| row.policy.id != id);
        let custom = policy.kind == PolicyKind::Custom;
        if custom && others.any(|row| row.policy.name.to_lowercase() == name_key) {
            return Err(SettingsError::NameTaken(policy.name.to_string()));
        }
        Ok(PolicyRow { policy, updated_at: now.wall, updated_by: actor.to_owned() })
    }

    /// The policy that somebody read at this version.
    ///
    /// # Errors
    /// [`SettingsError::NotFound`] or [`SettingsError::Conflict`].
    pub fn policy_at(&self, id: PolicyId, version: u64) -> Result<&PolicyRow, SettingsError> {
        let row = self.policies.get(&id).ok_or(SettingsError::NotFound)?;
        if row.policy.version == version { Ok(row) } else { Err(SettingsError::Conflict) }
    }
}
