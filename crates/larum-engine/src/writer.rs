//! The one writer. It takes the commands that wait, applies them at one `now`, lets what is due speak, and puts
//! everything into one commit; only then are callers answered and messages sent.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use larum_core::alert::Says;
use larum_core::outbox::{BodyId, Delivery, DeliveryId, DeliveryState, Outcome};
use larum_core::state::Delta;
use larum_core::time::{Now, Steady};
use larum_render::Links;
use larum_store::{Commit, Rendered, SettingsWrite, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::clock::random_fraction;
use crate::command::{Command, Refused, Reply};
use crate::desk::Desk;
use crate::meters::{Status, Word};
use crate::post::Post;
use crate::shared::{Shared, Storage, Unwritable};
use crate::topic::Topic;

mod change;
mod trouble;

pub(crate) use trouble::storage_at_start;

/// The most commands in one commit.
const COMMANDS: usize = 256;
/// The most observations in one commit, beyond those of its last command.
const OBSERVATIONS: usize = 8192;
/// How many observations are applied before readers get their turn.
const OBSERVATIONS_AT_ONCE: usize = 1000;
/// How many groups speak, and how many alerts expire, before readers and commands get their turn.
const DUE_AT_ONCE: usize = 100;

/// What is done once the commit is on disk, or is known to have failed.
type Deferred = Box<dyn FnOnce(Result<(), Unwritable>) + Send>;

/// The one writer.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    commands: mpsc::Receiver<Command>,
    post: Post,
    links: Links,
    desk: Desk,
    in_flight: HashSet<DeliveryId>,
    /// What became of messages while nothing could be written down.
    late: Vec<(DeliveryId, Outcome)>,
    /// When a disk in trouble is asked again.
    ask_again: Steady,
    stopping: Option<(oneshot::Sender<()>, Steady)>,
}

/// What one step gathers before its commit.
#[derive(Default)]
struct Step {
    settings: Vec<SettingsWrite>,
    deferred: Vec<Deferred>,
    topics: HashSet<Topic>,
    /// What became of messages, in case that nothing of this step gets on disk.
    answers: Vec<(DeliveryId, Outcome)>,
    /// Whether more is due at once.
    more: bool,
}

impl Writer {
    pub fn new(shared: Arc<Shared>, commands: mpsc::Receiver<Command>, post: Post, links: Links) -> Self {
        let desk = shared.desk.read().as_ref().clone();
        Self {
            shared,
            commands,
            post,
            links,
            desk,
            in_flight: HashSet::new(),
            late: Vec::new(),
            ask_again: Steady::default(),
            stopping: None,
        }
    }

    /// Works until it is told to stop and what is on its way has arrived.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(COMMANDS);
        let mut more = true;
        loop {
            if !more && !self.has_stopped() {
                self.wait(&mut batch).await;
            }
            self.drain(&mut batch);
            if self.has_stopped() {
                break;
            }
            let storage = *self.shared.storage.read();
            more = match storage {
                Storage::Refuses { why, .. } => self.refuse(&mut batch, why).await,
                Storage::Fine | Storage::Tight { .. } => self.step(&mut batch).await,
            };
        }
        if let Some((reply, _)) = self.stopping.take() {
            let _ = reply.send(());
        }
    }

    /// Waits for a command or for something to be due, whichever comes first.
    async fn wait(&mut self, batch: &mut Vec<Command>) {
        let now = self.shared.clock.now();
        let due = self.due(now.steady);
        let timer = async {
            match due {
                Some(due) => tokio::time::sleep_until(self.shared.clock.instant_of(due)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            command = self.commands.recv() => batch.extend(command),
            () = timer => {}
        }
    }

    fn due(&self, now: Steady) -> Option<Steady> {
        let trouble = self.looks_after_trouble_at();
        let deadline = self.stopping.as_ref().map(|(_, deadline)| *deadline);
        let own = if self.stopping.is_none() { self.shared.state.read().next_due(now) } else { None };
        [trouble, deadline, own].into_iter().flatten().min()
    }

    fn drain(&mut self, batch: &mut Vec<Command>) {
        let mut observations: usize = batch.iter().map(weight).sum();
        while batch.len() < COMMANDS && observations < OBSERVATIONS {
            let Ok(command) = self.commands.try_recv() else { return };
            observations += weight(&command);
            batch.push(command);
        }
    }

    fn has_stopped(&self) -> bool {
        let Some((_, deadline)) = &self.stopping else { return false };
        self.in_flight.is_empty() || self.shared.clock.now().steady >= *deadline
    }

    /// One step: apply, plan, commit, answer, send. Answers whether more is due at once.
    async fn step(&mut self, batch: &mut Vec<Command>) -> bool {
        let now = self.shared.clock.now();
        let mut step = Step::default();
        self.look_after_trouble(now);
        for (delivery, outcome) in std::mem::take(&mut self.late) {
            self.sent(&mut step, delivery, outcome, now);
        }
        for command in batch.drain(..) {
            self.take(&mut step, command, now);
        }
        let started = self.advance(&mut step, now);
        let delta = self.shared.state.write().take_delta();
        if delta.is_empty() && step.settings.is_empty() {
            step.deferred.into_iter().for_each(|then| then(Ok(())));
            return step.more;
        }
        let rendered = self.render(&delta);
        let commit = Commit { delta: &delta, rendered: &rendered, settings: &step.settings, now };
        match self.commit(&commit, now).await {
            Ok(()) => self.committed(step, &delta, &rendered, started, now),
            Err(error) => {
                step.deferred.into_iter().for_each(|then| then(Err((&error).into())));
                self.late = step.answers;
                self.start_over(&error, now).await;
                false
            }
        }
    }

    async fn commit(&mut self, commit: &Commit<'_>, now: Now) -> Result<(), StoreError> {
        let began = self.shared.clock.now().steady;
        let mut result = self.shared.store.commit(commit).await;
        if matches!(result, Err(StoreError::Full)) && self.shared.store.ballast().give_up() {
            self.tighten(now);
            result = self.shared.store.commit(commit).await;
        }
        let took = self.shared.clock.now().steady.since(began);
        self.shared.meters.commit.observe(took.as_secs_f64());
        result
    }

    fn take(&mut self, step: &mut Step, command: Command, now: Now) {
        match command {
            Command::Observe { observations, reply } => self.observe(step, &observations, reply, now),
            Command::Evaluated { policy, version, outcome, took } => {
                if let larum_core::policy::Outcome::Failed(_) = outcome {
                    self.shared.meters.evaluation_failures.inc();
                }
                self.shared.state.write().evaluated(policy, version, outcome, took, now);
                step.topics.insert(Topic::Policies);
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
                step.after(reply, if found { Ok(()) } else { Err(crate::desk::SettingsError::NotFound) });
            }
            Command::Stop { reply, deadline } => self.stopping = Some((reply, deadline)),
        }
    }

    fn observe(
        &mut self,
        step: &mut Step,
        observations: &[larum_core::alert::Observation],
        reply: Reply<(), Refused>,
        now: Now,
    ) {
        if let Storage::Tight { .. } = *self.shared.storage.read() {
            let _ = reply.send(Err(Unwritable::Full.into()));
            return;
        }
        let mut answer = Ok(());
        for observations in observations.chunks(OBSERVATIONS_AT_ONCE) {
            let mut state = self.shared.state.write();
            for seen in observations {
                answer = state.observe(seen, now).map_err(Refused::Limit).and(answer);
            }
        }
        let firing = observations.iter().filter(|seen| matches!(seen.says, Says::Firing { .. })).count();
        let received = &self.shared.meters.received;
        received.get_or_create(&Status { status: "firing" }).inc_by(firing as u64);
        received.get_or_create(&Status { status: "resolved" }).inc_by((observations.len() - firing) as u64);
        step.topics.insert(Topic::Alerts);
        step.after(reply, answer);
    }

    fn sent(&mut self, step: &mut Step, delivery: DeliveryId, outcome: Outcome, now: Now) {
        self.in_flight.remove(&delivery);
        match failure(&outcome) {
            None => self.shared.meters.notifications.inc(),
            Some(reason) => self.shared.meters.failed.get_or_create(&Word { reason }).inc(),
        };
        step.answers.push((delivery, outcome.clone()));
        let paused = matches!(outcome, Outcome::ChannelRefused { .. } | Outcome::CredentialRefused { .. });
        self.shared.state.write().finish_delivery(delivery, outcome, random_fraction(), now);
        step.topics.insert(Topic::Deliveries);
        if paused {
            step.topics.extend([Topic::Receivers, Topic::Status]);
        }
    }

    /// Lets what is due happen, a bounded amount of it.
    fn advance(&mut self, step: &mut Step, now: Now) -> Vec<Delivery> {
        if self.stopping.is_some() {
            return Vec::new();
        }
        let expired = self.shared.state.write().expire(now, DUE_AT_ONCE);
        let due = self.shared.state.write().plan(now, DUE_AT_ONCE);
        step.more = expired || due;
        self.shared.state.write().start_deliveries(now)
    }

    fn render(&self, delta: &Delta) -> Vec<Rendered> {
        let bodies = delta.bodies.iter().map(|body| Rendered {
            id: body.id,
            headline: larum_render::headline(&body.notification),
            message: larum_render::message(&body.notification, &self.links).into(),
        });
        bodies.collect()
    }

    /// It is on disk: now it may be spoken of.
    fn committed(
        &mut self,
        mut step: Step,
        delta: &Delta,
        rendered: &[Rendered],
        started: Vec<Delivery>,
        now: Now,
    ) -> bool {
        if !step.settings.is_empty() {
            *self.shared.desk.write() = Arc::new(self.desk.clone());
            self.post.keep(|receiver| self.desk.receivers.contains_key(&receiver));
            if step.settings.iter().any(|write| matches!(write, SettingsWrite::PutPolicy(_))) {
                self.shared.policy_saved.notify_one();
            }
        }
        step.deferred.into_iter().for_each(|then| then(Ok(())));
        let bodies: HashMap<BodyId, &Arc<str>> =
            rendered.iter().map(|rendered| (rendered.id, &rendered.message)).collect();
        for delivery in started {
            self.in_flight.insert(delivery.id);
            let row = self.desk.receivers.get(&delivery.receiver).map(Arc::as_ref);
            let message = bodies.get(&delivery.body).map(|message| Arc::clone(message));
            self.post.send(delivery, row, message);
        }
        step.topics.extend(topics_of(delta));
        self.measure(delta, now);
        step.topics.into_iter().for_each(|topic| self.shared.publish(topic));
        step.more
    }

    fn measure(&self, delta: &Delta, now: Now) {
        let meters = &self.shared.meters;
        for change in &delta.changes {
            if let DeliveryState::Delivered { .. } = change.state {
                meters.delay.observe(change.at.since(change.delivery.planned_at).as_secs_f64());
            }
        }
        for verdict in &delta.verdicts {
            meters.hushed.get_or_create(&Word { reason: verdict.reason.as_str() }).inc();
        }
        let state = self.shared.state.read();
        let gauge = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        meters.alerts.set(gauge(state.held()));
        meters.groups.set(gauge(state.groups().len()));
        meters.outbox_waiting.set(gauge(state.outbox().len()));
        let oldest = state.outbox().oldest().map_or(0.0, |at| now.wall.since(at).as_secs_f64());
        meters.outbox_oldest_age.set(oldest);
        let used = state.held() as f64 / state.config.limits.alerts as f64;
        meters.limit_used.get_or_create(&Word { reason: "alerts" }).set(used);
    }
}

impl Step {
    /// Answers once it is on disk, or says that it is not.
    fn after<T: Send + 'static, E: From<Unwritable> + Send + 'static>(
        &mut self,
        reply: Reply<T, E>,
        answer: Result<T, E>,
    ) {
        self.deferred.push(Box::new(move |committed| {
            let answer = committed.map_err(E::from).and(answer);
            // Whoever asked may have gone away.
            let _ = reply.send(answer);
        }));
    }
}

fn weight(command: &Command) -> usize {
    match command {
        Command::Observe { observations, .. } => observations.len(),
        _ => 1,
    }
}

/// The reason under which an attempt that did not deliver is counted.
fn failure(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Delivered { .. } => None,
        Outcome::RetryAfter { .. } => Some("rateLimited"),
        Outcome::CredentialRefused { .. } => Some("authError"),
        Outcome::ChannelRefused { .. } | Outcome::PayloadRefused { .. } => Some("clientError"),
        Outcome::Unreachable { .. } | Outcome::Unknown { .. } => Some("serverError"),
    }
}

fn topics_of(delta: &Delta) -> impl Iterator<Item = Topic> {
    let alerts = (!delta.alerts.is_empty() || !delta.verdicts.is_empty()).then_some(Topic::Alerts);
    let deliveries = (!delta.deliveries.is_empty() || !delta.changes.is_empty()).then_some(Topic::Deliveries);
    let policies = (!delta.policies.is_empty()).then_some(Topic::Policies);
    [alerts, deliveries, policies].into_iter().flatten()
}
