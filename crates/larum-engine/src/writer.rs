//! The one writer. It takes the commands that wait, applies them at one `now`, lets what is due speak, and puts
//! everything into one commit; only then are callers answered and messages sent.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use larum_core::outbox::{Delivery, DeliveryId, Outcome};
use larum_core::time::{Now, Steady};
use larum_store::{Commit, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::command::Command;
use crate::desk::Desk;
use crate::integration::Site;
use crate::journal::Journal;
use crate::post::Post;
use crate::route_file::RouteFile;
use crate::shared::{Shared, Storage};

mod step;
mod take;
mod change;
mod tell;
mod trouble;
#[cfg(test)]
mod tests;

use step::Step;
pub(crate) use trouble::storage_at_start;

/// The most commands in one commit.
const COMMANDS: usize = 256;
/// The most observations in one commit, beyond those of its last command.
const OBSERVATIONS: usize = 8192;
/// How many groups speak, and how many alerts expire, before readers and commands get their turn.
const DUE_AT_ONCE: usize = 100;

/// The one writer.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    journal: Arc<dyn Journal>,
    commands: mpsc::Receiver<Command>,
    post: Post,
    site: Site,
    silence_retention: Duration,
    /// The settings as the commands of this step have left them; others see them once they are on disk.
    desk: Desk,
    /// The file of routes as the commands of this step have left it; the same.
    file: Option<Arc<RouteFile>>,
    in_flight: HashSet<DeliveryId>,
    /// What became of messages while nothing could be written down.
    late: Vec<(DeliveryId, Outcome)>,
    /// When a disk in trouble is asked again.
    ask_again: Steady,
    stopping: Option<(oneshot::Sender<()>, Steady)>,
    /// Nobody is left who could send a command.
    abandoned: bool,
}

impl Writer {
    pub fn new(
        shared: Arc<Shared>,
        journal: Arc<dyn Journal>,
        commands: mpsc::Receiver<Command>,
        post: Post,
        site: Site,
        silence_retention: Duration,
    ) -> Self {
        let desk = shared.desk.read().as_ref().clone();
        let file = shared.route_file.read().clone();
        Self {
            shared,
            journal,
            commands,
            post,
            site,
            silence_retention,
            desk,
            file,
            in_flight: HashSet::new(),
            late: Vec::new(),
            ask_again: Steady::default(),
            stopping: None,
            abandoned: false,
        }
    }

    /// Works until it is told to stop and what is on its way has arrived, or until nobody is left to work for.
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
        tokio::select! {
            biased;
            command = self.commands.recv() => match command {
                Some(command) => batch.push(command),
                None => self.abandoned = true,
            },
            () = self.shared.clock.sleep_until(due) => {}
        }
    }

    fn due(&self, now: Steady) -> Option<Steady> {
        let trouble = self.looks_after_trouble_at();
        let deadline = self.stopping.as_ref().map(|(_, deadline)| *deadline);
        // While nothing can be written down, nothing is done either, however much is due.
        let works =
            self.stopping.is_none() && !matches!(*self.shared.storage.read(), Storage::Refuses { .. });
        let own = if works { self.shared.state.read().next_due(now) } else { None };
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
        if self.abandoned {
            return true;
        }
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
            self.show_file();
            step.answer(Ok(()));
            self.publish(&step);
            return step.more;
        }
        let rendered = self.render(&delta, now);
        let commit = Commit { delta: &delta, rendered: &rendered, settings: &step.settings, now };
        match self.commit(&commit, now).await {
            Ok(()) => self.committed(step, &delta, &rendered, started),
            Err(error) => {
                step.answer(Err((&error).into()));
                self.late = step.answers;
                self.start_over(&error, now).await;
                false
            }
        }
    }

    async fn commit(&mut self, commit: &Commit<'_>, now: Now) -> Result<(), StoreError> {
        let began = self.shared.clock.now().steady;
        let mut result = self.journal.commit(commit).await;
        if matches!(result, Err(StoreError::Full)) && self.shared.store.ballast().give_up() {
            self.tighten(now);
            result = self.journal.commit(commit).await;
        }
        let took = self.shared.clock.now().steady.since(began);
        self.shared.meters.commit.observe(took.as_secs_f64());
        result
    }

    /// Lets what is due happen, a bounded amount of it.
    fn advance(&mut self, step: &mut Step, now: Now) -> Vec<Delivery> {
        if self.stopping.is_some() {
            return Vec::new();
        }
        let expired = self.shared.state.write().expire(now, DUE_AT_ONCE);
        let due = self.shared.state.write().plan(now, DUE_AT_ONCE);
        let stale = self.shared.state.write().tidy_silences(self.silence_retention, now, DUE_AT_ONCE);
        step.more = expired || due || stale;
        self.shared.state.write().start_deliveries(now)
    }
}

fn weight(command: &Command) -> usize {
    match command {
        Command::Observe { observations, .. } => observations.len(),
        _ => 1,
    }
}
