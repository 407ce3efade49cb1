//! Watching this host: collects its metrics, evaluates the policies over them, and hands what they say to the writer.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::policy::{Outcome, Policy};
use larum_core::time::{Now, Timestamp};
use larum_metrics::{Failure, HostCollector, Store, StoreOptions, set_aside};
use larum_promql::Options;
use larum_rules::{CompiledPolicy, Installation};
use tokio::sync::watch;
use tokio::task::JoinError;

use crate::clock::Clock;
use crate::handle::Handle;
use crate::shared::Storage;

mod patience;

use patience::{PATIENCE, wait_for};

/// How often this host's metrics are collected and the policies are evaluated.
pub const EVALUATION_INTERVAL: Duration = Duration::from_secs(15);
/// How often the series in memory are written to a file.
const SNAPSHOT_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// What is kept in memory. Between two collections one may be late; more than that is a gap.
const SERIES: StoreOptions = StoreOptions {
    retention: Duration::from_secs(6 * 60 * 60),
    most_bytes: 256 << 20,
    longest_pause: Duration::from_secs(2 * EVALUATION_INTERVAL.as_secs()),
};
/// The part of a policy's window that may be missing, as one in so many: it changes little where the window is long,
/// and the few minutes that a crash takes with it do not keep an hour's answer from counting.
const MAY_BE_MISSING: u32 = 10;
/// The name of that file in the data directory.
pub const SNAPSHOT: &str = "metrics.snapshot";
/// The collector's name as a source of the store.
const HOST: &str = "host";

/// Evaluates policies over the embedded metrics source.
#[derive(Debug)]
pub struct Evaluator {
    engine: Handle,
    clock: Clock,
    series: Arc<Store>,
    host: HostCollector,
    installation: Installation,
    snapshot: PathBuf,
    compiled: HashMap<PolicyId, (u64, Result<CompiledPolicy, String>)>,
    /// Policies with alerts from before the start, or from before the last gap in what was collected. What is missing
    /// proves nothing to them until the source covers as much time as their expression looks back.
    remembered: HashSet<PolicyId>,
    unreadable: Unreadable,
    patience: Duration,
}

/// The parts of this host that could not be read the last time.
#[derive(Debug, Default)]
struct Unreadable(HashSet<&'static str>);

impl Unreadable {
    /// Those of the failures that are new. That a host does not have a part at all is no news.
    fn news<'a>(&mut self, failures: &'a [Failure]) -> Vec<&'a Failure> {
        let before = std::mem::take(&mut self.0);
        let failures = failures.iter().filter(|failure| !failure.absent);
        self.0.extend(failures.clone().map(|failure| failure.part));
        failures.filter(|failure| !before.contains(failure.part)).collect()
    }
}

impl Evaluator {
    /// An evaluator that goes on with the series of the last snapshot, if there is one.
    pub fn new(engine: Handle, clock: Clock, host: HostCollector, external_url: &str) -> Self {
        let snapshot = engine.store().dir().join(SNAPSHOT);
        let series = Arc::new(restore(&snapshot, clock.now().wall));
        let remembered = with_alerts(&engine);
        let installation = Installation { external_url: external_url.into(), ..Installation::default() };
        Self {
            engine,
            clock,
            series,
            host,
            installation,
            snapshot,
            compiled: HashMap::new(),
            remembered,
            unreadable: Unreadable::default(),
            patience: PATIENCE,
        }
    }

    /// The series in memory.
    pub fn series(&self) -> &Arc<Store> {
        &self.series
    }

    /// Says after `patience` that the host does not answer; after a minute unless set.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Collects and evaluates until `stop` turns true, then writes the series to their file, unless the disk is in
    /// trouble: what was kept back for that is for those who tell of it.
    ///
    /// # Errors
    /// [`JoinError`] if a step panicked: nothing is watched from then on.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<(), JoinError> {
        let shared = Arc::clone(&self.engine.shared);
        let mut tick = tokio::time::interval(EVALUATION_INTERVAL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut snapshot_due = self.clock.now().steady.plus(SNAPSHOT_INTERVAL);
        loop {
            let only_new = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = shared.policy_saved.notified() => true,
                _ = tick.tick() => false,
            };
            let now = self.clock.now();
            let (engine, patience) = (self.engine.clone(), self.patience);
            let look = tokio::task::spawn_blocking(move || self.look(now, only_new));
            let (evaluator, found) = wait_for(look, &engine, patience).await?;
            self = evaluator;
            for Found { policy, version, outcome, took } in found {
                self.engine.evaluated(policy, version, outcome, took).await;
            }
            if !only_new {
                shared.meters.last_evaluation.set(now.wall.as_millis() as f64 / 1000.0);
            }
            if now.steady >= snapshot_due && self.engine.storage() == Storage::Fine {
                snapshot_due = now.steady.plus(SNAPSHOT_INTERVAL);
                self.write_snapshot().await;
            }
        }
        if self.engine.storage() == Storage::Fine {
            self.write_snapshot().await;
        }
        Ok(())
    }

    /// One step: collects, unless only what was just saved is to be evaluated, and evaluates.
    fn look(mut self, now: Now, only_new: bool) -> (Self, Vec<Found>) {
        if !only_new {
            self.collect(now.wall);
        }
        let policies: Vec<Arc<Policy>> = self.engine.read(|state| {
            state
                .policies()
                .filter(|(policy, _)| policy.enabled)
                .map(|(policy, _)| Arc::clone(policy))
                .collect()
        });
        let known: HashSet<PolicyId> = policies.iter().map(|policy| policy.id).collect();
        self.compiled.retain(|id, _| known.contains(id));
        let mut found = Vec::new();
        for policy in policies {
            let seen = self.compiled.get(&policy.id).map(|(version, _)| *version);
            if only_new && seen == Some(policy.version) {
                continue;
            }
            if seen.is_some_and(|version| version != policy.version) {
                self.remembered.remove(&policy.id);
            }
            found.push(self.evaluate(&policy, now.wall));
        }
        (self, found)
    }

    /// Reads this host and puts what it shows into the store.
    fn collect(&mut self, at: Timestamp) {
        if self.series.newest().is_some_and(|newest| newest > at) {
            let samples = self.series.rewind(at);
            tracing::warn!(samples, "the wall clock has jumped back: later samples are taken back");
        }
        if self.series.newest().is_some_and(|newest| at.since(newest) > SERIES.longest_pause) {
            self.remembered = with_alerts(&self.engine);
        }
        let began = self.clock.now().steady;
        let mut collection = self.host.collect(at);
        let took = self.clock.now().steady.since(began);
        let scrape = self.host.scrape_readings(&collection, took);
        collection.readings.extend(scrape);
        for failure in self.unreadable.news(&collection.failures) {
            let Failure { part, reason, .. } = failure;
            tracing::warn!(part, reason, "a part of this host cannot be read: what it shows is not watched");
        }
        self.series.append(HOST, at, &collection.readings);
        self.series.retain(at);
    }

    fn evaluate(&mut self, policy: &Arc<Policy>, at: Timestamp) -> Found {
        let began = self.clock.now().steady;
        let fresh = || (policy.version, compile(policy));
        let entry = self.compiled.entry(policy.id).or_insert_with(fresh);
        if entry.0 != policy.version {
            *entry = fresh();
        }
        let outcome = match &entry.1 {
            Err(reason) => Outcome::Failed(reason.clone()),
            Ok(compiled) => {
                let complete = !self.remembered.contains(&policy.id) || covers(&self.series, compiled, at);
                if complete {
                    self.remembered.remove(&policy.id);
                }
                unharmed(|| {
                    let answer = compiled.query().instant(self.series.as_ref(), at, &Options::default());
                    compiled.outcome(answer, complete, &self.installation)
                })
            }
        };
        let took = self.clock.now().steady.since(began);
        Found { policy: policy.id, version: policy.version, outcome, took }
    }

    async fn write_snapshot(&self) {
        let (series, path) = (Arc::clone(&self.series), self.snapshot.clone());
        let written = tokio::task::spawn_blocking(move || series.write_snapshot(&path)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the metrics in memory cannot be written to their file");
            }
            Err(error) => tracing::error!(%error, "writing the metrics has failed"),
        }
    }
}

/// What one evaluation found.
struct Found {
    policy: PolicyId,
    version: u64,
    outcome: Outcome,
    took: Duration,
}

fn compile(policy: &Policy) -> Result<CompiledPolicy, String> {
    CompiledPolicy::new(policy)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

/// What an evaluation comes to. One that panics has failed, and the other policies are evaluated all the same.
fn unharmed(evaluation: impl FnOnce() -> Outcome) -> Outcome {
    // What it works on is only read, or thrown away with it.
    std::panic::catch_unwind(AssertUnwindSafe(evaluation)).unwrap_or_else(|_| {
        Outcome::Failed("its evaluation broke down, which is a fault of Larum's and in its log".to_owned())
    })
}

/// The policies of which a series is pending or firing.
fn with_alerts(engine: &Handle) -> HashSet<PolicyId> {
    engine.read(|state| {
        let with_alerts = state.policies().filter(|(_, known)| known.series().len() > 0);
        with_alerts.map(|(policy, _)| policy.id).collect()
    })
}

/// Whether the source covers the time that the ranges of the expression look back. An instant value needs nothing but
/// itself.
fn covers(series: &Store, compiled: &CompiledPolicy, at: Timestamp) -> bool {
    let ranges = Options { lookback: Duration::ZERO, ..Options::default() };
    let window = compiled.query().longest_window(&ranges).min(SERIES.retention);
    series.missed(window, at) <= window / MAY_BE_MISSING
}

fn restore(path: &std::path::Path, now: Timestamp) -> Store {
    match Store::read_snapshot(path, now, SERIES) {
        Ok(series) => series,
        Err(error) => {
            let aside = set_aside(path).map(|aside| aside.display().to_string());
            tracing::warn!(%error, ?aside, "the metrics of the last run cannot be used: begins without them");
            Store::new(SERIES)
        }
    }
}

#[cfg(test)]
mod tests {
    use larum_core::label::LabelSet;
    use larum_core::policy::{PolicyDraft, PolicyKind};
    use larum_metrics::Reading;

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn put(series: &Store, seconds: u64) {
        let labels = LabelSet::from_pairs([("__name__", "x_total")]);
        series.append(HOST, after(seconds), &[Reading { labels, value: seconds as f64 }]);
    }

    /// What the source knows of `x_total`, by the seconds after the start, for a policy that looks back for so long.
    fn knows(series: &Store, window: &str, seconds: u64) -> bool {
        let draft = PolicyDraft {
            name: "X".into(),
            expr: format!("rate(x_total[{window}]) > 0.9"),
            summary: "x".into(),
            ..PolicyDraft::default()
        };
        let policy = Policy::new(PolicyId(1), PolicyKind::Custom, 1, &draft).unwrap();
        covers(series, &compile(&policy).unwrap(), after(seconds))
    }

    #[test]
    fn after_a_gap_what_is_missing_proves_nothing_until_the_window_is_full_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SNAPSHOT);
        let series = Store::default();
        (0..3600).step_by(15).for_each(|seconds| put(&series, seconds));
        assert!(knows(&series, "2m", 3585));
        series.write_snapshot(&path).unwrap();

        // Three minutes down.
        let series = restore(&path, after(3765));
        put(&series, 3765);
        assert!(!knows(&series, "2m", 3765));
        (3780..3870).step_by(15).for_each(|seconds| put(&series, seconds));
        assert!(!knows(&series, "2m", 3855));
        put(&series, 3870);
        put(&series, 3885);
        assert!(knows(&series, "2m", 3885));
        assert!(knows(&series, "1h", 3885), "three minutes of an hour are no great loss");

        // The gap is known after one more start, which leaves none itself.
        series.write_snapshot(&path).unwrap();
        let series = restore(&path, after(3905));
        put(&series, 3905);
        assert!(knows(&series, "2m", 3905));
        assert!(!knows(&series, "5m", 3905));
    }

    #[test]
    fn an_evaluation_that_breaks_down_has_failed() {
        let outcome = unharmed(|| panic!("a test breaks down"));
        assert!(matches!(outcome, Outcome::Failed(_)));
        assert_eq!(unharmed(|| Outcome::Failed("x".to_owned())), Outcome::Failed("x".to_owned()));
    }

    #[test]
    fn a_part_that_cannot_be_read_is_told_once_until_it_could_be_again() {
        let failure = |part, absent| Failure { part, reason: "broken".to_owned(), absent };
        let failures = [failure("filesystem", false), failure("mdadm", true)];
        let mut unreadable = Unreadable::default();
        let mut told = |failures: &[Failure]| -> Vec<&str> {
            unreadable.news(failures).iter().map(|failure| failure.part).collect()
        };
        assert_eq!(told(&failures), ["filesystem"]);
        assert_eq!(told(&failures), [""; 0]);
        assert_eq!(told(&[]), [""; 0]);
        assert_eq!(told(&failures), ["filesystem"]);
    }
}
