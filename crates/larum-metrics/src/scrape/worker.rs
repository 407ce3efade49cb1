//! One target, scraped whenever it is due.

use std::sync::Arc;
use std::time::Duration;

use larum_core::time::{Now, Steady, Timestamp};
use tokio::sync::watch;

use super::board::{Board, Health, Key};
use super::client::TargetClient;
use super::config::JobConfig;
use super::error::ScrapeError;
use super::schedule::Schedule;
use super::session::Session;
use super::target::Target;
use crate::store::Store;

/// Reads the clock.
pub(super) type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// What a worker is to do.
#[derive(Clone)]
pub(super) struct Assignment {
    pub target: Arc<Target>,
    pub job: Arc<JobConfig>,
    /// Who asks, or why every scrape fails.
    pub client: Result<TargetClient, ScrapeError>,
}

impl PartialEq for Assignment {
    /// A job that has not changed is kept in its place.
    fn eq(&self, other: &Self) -> bool {
        self.client == other.client && self.target == other.target && Arc::ptr_eq(&self.job, &other.job)
    }
}

impl Assignment {
    /// Whether what is done to labels is the same.
    fn reads_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.job, &other.job) && self.target.labels == other.target.labels
    }
}

/// Scrapes one target until its assignment is taken away or everything stops.
pub(super) struct Worker {
    pub key: Key,
    pub store: Arc<Store>,
    pub clock: Clock,
    pub board: Board,
    pub assignment: watch::Receiver<Assignment>,
    pub stop: watch::Receiver<bool>,
    pub session: Session,
}

enum Next {
    Due,
    Changed,
    Removed,
    Stop,
}

impl Worker {
    /// Runs until there is nothing to do.
    pub(super) async fn run(mut self) {
        let mut current = self.assignment.borrow_and_update().clone();
        let mut schedule = Schedule::of(&current.target);
        let now = (self.clock)();
        let mut due = now.steady.plus(schedule.first(now.wall));
        loop {
            match self.wait(due).await {
                Next::Stop => return,
                Next::Removed => return self.retire(&current, due).await,
                Next::Changed => {
                    let new = self.assignment.borrow_and_update().clone();
                    if !new.reads_as(&current) {
                        self.session.forget_texts();
                    }
                    if Schedule::of(&new.target) != schedule {
                        schedule = Schedule::of(&new.target);
                        let now = (self.clock)();
                        due = now.steady.plus(schedule.first(now.wall));
                    }
                    current = new;
                }
                Next::Due => {
                    let begun = (self.clock)();
                    if !self.scrape(&current, schedule.aligned(begun.wall), begun).await {
                        return;
                    }
                    due = begun.steady.plus(schedule.next(begun.wall));
                }
            }
        }
    }

    async fn wait(&mut self, due: Steady) -> Next {
        let left = due.since((self.clock)().steady);
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => Next::Stop,
            changed = self.assignment.changed() => if changed.is_ok() { Next::Changed } else { Next::Removed },
            () = tokio::time::sleep(left) => Next::Due,
        }
    }

    /// Scrapes once; false if everything stopped meanwhile.
    async fn scrape(&mut self, current: &Assignment, at: Timestamp, begun: Now) -> bool {
        let Assignment { target, job, client } = current;
        let answer = tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => return false,
            answer = async {
                match client {
                    Ok(client) => client.ask(target, job).await,
                    Err(error) => Err(error.clone()),
                }
            } => answer,
        };
        let took = (self.clock)().steady.since(begun.steady);
        let doubt = answer.as_ref().ok().and_then(|answer| answer.doubt.clone());
        let mut session = std::mem::take(&mut self.session);
        let (store, about) = (Arc::clone(&self.store), (Arc::clone(target), Arc::clone(job)));
        let work = move || {
            let about = (about.0.as_ref(), about.1.as_ref());
            let report = session.take(&store, about, (at, took), answer.as_ref().map_err(Clone::clone));
            (session, report)
        };
        // Some answers are large, and others wait for their turn on this thread.
        let Ok((session, report)) = tokio::task::spawn_blocking(work).await else {
            tracing::error!(url = %target.url, "taking in what a target answered has failed");
            return true;
        };
        self.session = session;
        let before = self.board.note(&self.key, begun.wall, took, &report);
        match (&report.error, before) {
            (Some(error), Some(Health::Up | Health::Unknown)) => {
                tracing::warn!(job = self.key.0, url = %target.url, %error, "a target cannot be scraped");
            }
            (None, Some(Health::Down)) => {
                tracing::info!(job = self.key.0, url = %target.url, "a target can be scraped again");
            }
            (None, Some(Health::Unknown)) if doubt.is_some() => {
                tracing::warn!(job = self.key.0, url = %target.url, ?doubt, "a target is read by its job's fallback");
            }
            _ => {}
        }
        true
    }

    /// Ends the target's series once it is clear that nobody goes on with them: two intervals and a tenth after the
    /// last scrape, as of the time at which the next would have been. Nothing if everything stops meanwhile: whoever
    /// starts again goes on (Prometheus, `scrape/scrape.go`, `endOfRunStaleness`).
    async fn retire(mut self, current: &Assignment, due: Steady) {
        let interval = current.target.interval;
        if !self.sleep_until(due).await {
            return;
        }
        let at = (self.clock)().wall;
        if !self.sleep_until(due.plus(interval + interval / 10)).await {
            return;
        }
        let (mut session, store) = (self.session, self.store);
        let _ = tokio::task::spawn_blocking(move || session.end(&store, at)).await;
    }

    /// Whether it came to that.
    async fn sleep_until(&mut self, until: Steady) -> bool {
        let left: Duration = until.since((self.clock)().steady);
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => false,
            () = tokio::time::sleep(left) => true,
        }
    }
}
