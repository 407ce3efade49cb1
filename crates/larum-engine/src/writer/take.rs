//! Taking in commands: what each changes in the state, and what its caller is answered.

use larum_alertmanager::routing::{SLACK, WEBHOOK};
use larum_core::alert::{Observation, PolicyId, Says};
use larum_core::outbox::{DeliveryId, Outcome};
use larum_core::policy;
use larum_core::receiver::Channel;
use larum_core::state::{self, State};
use larum_core::time::Now;

use super::{Step, Writer};
use crate::command::{Command, Refused, Reply};
use crate::desk::SettingsError;
use crate::meters::{Failed, Integration, Status};
use crate::shared::{Storage, Unwritable};
use crate::topic::Topic;

/// How many observations are applied before readers get their turn.
const OBSERVATIONS_AT_ONCE: usize = 1000;

impl Writer {
    /// Applies one command.
    pub(super) fn take(&mut self, step: &mut Step, command: Command, now: Now) {
        match command {
            Command::Observe { observations, reply } => self.observe(step, &observations, reply, now),
            Command::Evaluated { policy, version, outcome, took, reply } => {
                if let policy::Outcome::Failed(_) = outcome {
                    self.shared.meters.evaluation_failures.inc();
                }
                let mut state = self.shared.state.write();
                let before = health(&state, policy);
                state.evaluated(policy, version, outcome, took, now);
                if health(&state, policy) != before {
                    step.topics.insert(Topic::Policies);
                }
                if let Some(reply) = reply {
                    // Whoever asked may have gone away.
                    let _ = reply.send(());
                }
            }
            Command::Sent { delivery, outcome } => self.sent(step, delivery, outcome, now),
            Command::Change { change, actor } => self.change(step, change, &actor, now),
            Command::Retry { delivery, revived, reply } => {
                let mut state = self.shared.state.write();
                if let Some(revived) = revived {
                    state.revive_delivery(*revived);
                }
                let found = state.retry_delivery(delivery, now);
                step.topics.insert(Topic::Deliveries);
                step.after(reply, if found { Ok(()) } else { Err(SettingsError::NotFound) });
            }
            Command::Stop { reply, deadline } => self.stopping = Some((reply, deadline)),
        }
    }

    fn observe(
        &mut self,
        step: &mut Step,
        observations: &[Observation],
        reply: Reply<(), Refused>,
        now: Now,
    ) {
        if let Storage::Tight { .. } = *self.shared.storage.read() {
            let _ = reply.send(Err(Unwritable::Full.into()));
            return;
        }
        let mut answer = Ok(());
        let mut limited = 0;
        for observations in observations.chunks(OBSERVATIONS_AT_ONCE) {
            let mut state = self.shared.state.write();
            for seen in observations {
                match state.observe(seen, now) {
                    Ok(()) => {}
                    // Whoever sends is not to blame, and sends what fires again (Alertmanager, provider/mem, `Put`).
                    Err(state::Refused::TooManyOfName { .. }) => limited += 1,
                    Err(refused) => answer = Err(Refused::Limit(refused)),
                }
            }
        }
        if limited > 0 {
            self.shared.meters.limited.inc_by(limited);
            tracing::warn!(
                alerts = limited,
                "not taken in: as many of their name fire as --alerts.per-alertname-limit allows"
            );
        }
        let firing = observations.iter().filter(|seen| matches!(seen.says, Says::Firing { .. })).count();
        let received = &self.shared.meters.received;
        received.get_or_create(&Status { status: "firing", version: "v2" }).inc_by(firing as u64);
        let resolved = Status { status: "resolved", version: "v2" };
        received.get_or_create(&resolved).inc_by((observations.len() - firing) as u64);
        step.after(reply, answer);
    }

    /// Takes in what became of a message.
    pub(super) fn sent(&mut self, step: &mut Step, delivery: DeliveryId, outcome: Outcome, now: Now) {
        self.in_flight.remove(&delivery);
        let integration = self.integration(delivery);
        self.shared.meters.notifications.get_or_create(&Integration { integration }).inc();
        if let Some(reason) = failure(&outcome) {
            self.shared.meters.failed.get_or_create(&Failed { integration, reason }).inc();
        }
        step.answers.push((delivery, outcome.clone()));
        let jitter = self.shared.clock.random_fraction();
        self.shared.state.write().finish_delivery(delivery, outcome, jitter, now);
        step.topics.insert(Topic::Deliveries);
    }
}

impl Writer {
    /// Alertmanager's name of what a message is sent through.
    fn integration(&self, delivery: DeliveryId) -> &'static str {
        let state = self.shared.state.read();
        let channel = state.outbox().get(delivery).map(|delivery| &delivery.channel);
        let is_webhook =
            |channel: &Channel| channel.is_integration() && channel.as_str().starts_with(WEBHOOK);
        if channel.is_some_and(is_webhook) { WEBHOOK } else { SLACK }
    }
}

/// How a policy stands, whatever is written down of it.
fn health(state: &State, policy: PolicyId) -> Option<(policy::Health, Vec<String>)> {
    let last = state.policy(policy)?.1.last()?;
    Some((last.health.clone(), last.warnings.clone()))
}

/// The reason under which an attempt that did not deliver is counted.
fn failure(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Delivered { .. } => None,
        Outcome::RetryAfter { .. } => Some("rateLimited"),
        Outcome::CredentialRefused { .. } => Some("authError"),
        Outcome::ChannelRefused { .. } | Outcome::PayloadRefused { .. } | Outcome::Undeliverable { .. } => {
            Some("clientError")
        }
        Outcome::Unreachable { .. } | Outcome::Unknown { .. } => Some("serverError"),
    }
}
