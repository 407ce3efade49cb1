//! What the doors and the loops hold: reads at once, and writes that answer when they are on disk.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Observation, PolicyId};
use larum_core::config::Grouping;
use larum_core::outbox::DeliveryId;
use larum_core::policy::{BuiltinEdit, Outcome, PolicyDraft, RulePlace};
use larum_core::receiver::{MAX_RECEIVERS, ReceiverId};
use larum_core::state::State;
use larum_core::time::Now;
use larum_store::{AlertingRow, PolicyRow, ReceiverRow, Store};
use smol_str::SmolStr;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::command::{Change, Command, Refused, Reply};
use crate::desk::{Desk, MAX_POLICIES, ReceiverDraft, SettingsError};
use crate::meters::{Limit, Meters, Word};
use crate::shared::{Shared, Storage};
use crate::topic::Topic;

/// A hold on the running engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) commands: mpsc::Sender<Command>,
}

impl Handle {
    /// What both clocks say.
    pub fn now(&self) -> Now {
        self.shared.clock.now()
    }

    /// The memory, for reading what happened.
    pub fn store(&self) -> &Arc<Store> {
        &self.shared.store
    }

    /// Reads the state under a short lock: take what is shared out, and work on it afterwards.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.shared.state.read())
    }

    /// The settings in force.
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.shared.desk.read())
    }

    /// Whether the disk takes writes.
    pub fn storage(&self) -> Storage {
        *self.shared.storage.read()
    }

    /// What Larum counts of itself.
    pub fn meters(&self) -> &Meters {
        &self.shared.meters
    }

    /// Sets what tells how things stand: it changes also while nothing happens, so it is measured when it is read.
    pub fn measure(&self) {
        let (meters, desk, now) = (self.meters(), self.desk(), self.now());
        let (alerts, text, groups, silences, outbox, limits) = self.read(|state| {
            let outbox = state.outbox();
            let paused = outbox.lanes().filter(|(_, _, lane)| lane.paused().is_some()).count();
            let (groups, limits) = (state.groups().len(), state.config.limits);
            let silences = state.silences().len();
            (state.held(), state.text(), groups, silences, (outbox.len(), outbox.oldest(), paused), limits)
        });
        let (waiting, oldest, paused) = outbox;
        let gauge = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        meters.alerts.set(gauge(alerts));
        meters.per_alertname.set(gauge(limits.per_alertname));
        meters.groups.set(gauge(groups));
        meters.outbox_waiting.set(gauge(waiting));
        meters.outbox_oldest_age.set(oldest.map_or(0.0, |at| now.wall.since(at).as_secs_f64()));
        meters.outbox_paused.set(gauge(paused));
        if let Some((available, size)) = self.store().room() {
            meters.storage_available.set(i64::try_from(available).unwrap_or(i64::MAX));
            meters.storage_size.set(i64::try_from(size).unwrap_or(i64::MAX));
        }
        let queued = self.commands.max_capacity() - self.commands.capacity();
        for (limit, used, most) in [
            ("alerts", alerts, limits.alerts),
            ("text", text, limits.text),
            ("groups", groups, limits.groups),
            ("silences", silences, limits.silences.silences),
            ("receivers", desk.receivers.len(), MAX_RECEIVERS),
            ("policies", desk.policies.len(), MAX_POLICIES),
            ("commands", queued, self.commands.max_capacity()),
        ] {
            meters.limit_used.get_or_create(&Limit { limit }).set(used as f64 / most as f64);
        }
        self.measure_standings(now.wall);
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Topic> {
        self.shared.watch()
    }

    /// Says that something changed that the writer does not know of.
    pub fn publish(&self, topic: Topic) {
        self.shared.publish(topic);
    }

    /// Takes alerts in. When this answers, they are on disk.
    ///
    /// # Errors
    /// [`Refused`]: those that did not fit, or all of them if nothing can be written down.
    pub async fn observe(&self, observations: Vec<Observation>) -> Result<(), Refused> {
        if observations.is_empty() {
            return Ok(());
        }
        let (reply, answer) = oneshot::channel();
        let command = Command::Observe { observations, reply };
        let accepted = match self.commands.send(command).await {
            Ok(()) => answer.await.unwrap_or(Err(Refused::Stopping)),
            Err(_) => Err(Refused::Stopping),
        };
        if let Err(refused) = &accepted {
            self.meters().refused.get_or_create(&Word { reason: refused.reason() }).inc();
        }
        accepted
    }

    /// Saves a new receiver (`known` is `None`), or a known one that was read at this version.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn save_receiver(
        &self,
        known: Option<(ReceiverId, u64)>,
        draft: ReceiverDraft,
        actor: &str,
    ) -> Result<ReceiverRow, SettingsError> {
        self.change(actor, |reply| Change::SaveReceiver { id: known, draft: Box::new(draft), reply }).await
    }

    /// Deletes a receiver that was read at this version.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn delete_receiver(
        &self,
        id: ReceiverId,
        version: u64,
        actor: &str,
    ) -> Result<(), SettingsError> {
        self.change(actor, |reply| Change::DeleteReceiver { id, version, reply }).await
    }

    /// Saves how alerts are gathered; answers the new version.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn save_grouping(
        &self,
        grouping: Grouping,
        version: u64,
        actor: &str,
    ) -> Result<u64, SettingsError> {
        self.change(actor, |reply| Change::SaveGrouping { grouping, version, reply }).await
    }

    /// Saves a new policy (`known` is `None`), or a known one that was read at this version. It is evaluated at once.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn save_policy(
        &self,
        known: Option<(PolicyId, u64)>,
        draft: PolicyDraft,
        actor: &str,
    ) -> Result<PolicyRow, SettingsError> {
        self.change(actor, |reply| Change::SavePolicy { id: known, draft: Box::new(draft), reply }).await
    }

    /// Deletes a policy that was read at this version; its alerts end.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn delete_policy(&self, id: PolicyId, version: u64, actor: &str) -> Result<(), SettingsError> {
        self.change(actor, |reply| Change::DeletePolicy { id, version, reply }).await
    }

    /// Brings in the policies that come with this version of Larum, each under its lasting key.
    ///
    /// # Errors
    /// [`SettingsError`] if nothing can be written down.
    pub async fn seed_policies(&self, policies: Vec<(SmolStr, PolicyDraft)>) -> Result<(), SettingsError> {
        self.change("larum", |reply| Change::SeedPolicies { policies, reply }).await
    }

    /// Brings in the alerting rules of all rule files; those that stand in none any more go, and their alerts end,
    /// unless their file is among the unsure ones.
    ///
    /// # Errors
    /// [`SettingsError`] if they are too many, or if nothing can be written down.
    pub(crate) async fn seed_rules(
        &self,
        rules: Vec<(RulePlace, PolicyDraft)>,
        unsure: BTreeSet<Arc<str>>,
    ) -> Result<(), SettingsError> {
        self.change("larum", |reply| Change::SeedRules { rules, unsure, reply }).await
    }

    /// Changes a built-in policy that was read at this version as far as that goes; no change sets it back.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn edit_builtin(
        &self,
        (id, version): (PolicyId, u64),
        edit: BuiltinEdit,
        actor: &str,
    ) -> Result<PolicyRow, SettingsError> {
        self.change(actor, |reply| Change::EditBuiltin { id, version, edit, reply }).await
    }

    /// Switches alerting as a whole on or off.
    ///
    /// # Errors
    /// [`SettingsError`] in words.
    pub async fn save_alerting(
        &self,
        enabled: bool,
        version: u64,
        actor: &str,
    ) -> Result<AlertingRow, SettingsError> {
        self.change(actor, |reply| Change::SaveAlerting { enabled, version, reply }).await
    }

    /// Takes in what an evaluation of a policy found.
    pub async fn evaluated(&self, policy: PolicyId, version: u64, outcome: Outcome, took: Duration) {
        // If Larum stops, nobody needs it any more.
        let _ = self.commands.send(Command::Evaluated { policy, version, outcome, took, reply: None }).await;
    }

    /// Takes in what an evaluation of a policy found, and answers when the state knows it.
    pub(crate) async fn evaluated_now(
        &self,
        policy: PolicyId,
        version: u64,
        outcome: Outcome,
        took: Duration,
    ) {
        let (reply, taken_in) = oneshot::channel();
        let command = Command::Evaluated { policy, version, outcome, took, reply: Some(reply) };
        if self.commands.send(command).await.is_ok() {
            // If Larum stops, nobody needs it any more.
            let _ = taken_in.await;
        }
    }

    /// Tries a delivery at once that waits or was given up.
    ///
    /// # Errors
    /// [`SettingsError::NotFound`] if it is settled or never was.
    pub async fn retry_delivery(&self, id: DeliveryId) -> Result<(), SettingsError> {
        let storage = |error: larum_store::StoreError| {
            tracing::error!(%error, "a delivery cannot be read");
            SettingsError::Storage((&error).into())
        };
        let revived = self.store().dead_delivery(id, self.now()).await.map_err(storage)?;
        let (reply, answer) = oneshot::channel();
        let command = Command::Retry { delivery: id, revived: revived.map(Box::new), reply };
        self.commands.send(command).await.map_err(|_| SettingsError::Stopping)?;
        answer.await.unwrap_or(Err(SettingsError::Stopping))
    }

    /// Accepts nothing more, waits `within` for what is on its way, and closes the memory.
    pub async fn stop(&self, within: Duration) {
        let (reply, done) = oneshot::channel();
        let deadline = self.now().steady.plus(within);
        if self.commands.send(Command::Stop { reply, deadline }).await.is_ok() {
            let _ = done.await;
        }
        self.store().close().await;
    }

    /// Waits until the writer works no more: it was stopped, or has failed, and then nothing is accepted any more.
    pub async fn ended(&self) {
        self.commands.closed().await;
    }

    async fn change<T>(
        &self,
        actor: &str,
        change: impl FnOnce(Reply<T, SettingsError>) -> Change,
    ) -> Result<T, SettingsError> {
        self.ask(actor, change, || SettingsError::Stopping).await
    }

    /// Asks the writer for a change; answers `stopping` if it does not work any more.
    pub(crate) async fn ask<T, E>(
        &self,
        actor: &str,
        change: impl FnOnce(Reply<T, E>) -> Change,
        stopping: impl Fn() -> E,
    ) -> Result<T, E> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Change { change: change(reply), actor: actor.to_owned() };
        self.commands.send(command).await.map_err(|_| stopping())?;
        answer.await.unwrap_or_else(|_| Err(stopping()))
    }
}
