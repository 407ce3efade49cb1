//! Watching this host: collects its metrics into the series in memory, and keeps those over a restart.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use larum_core::time::{Now, Timestamp};
use larum_metrics::{Failure, HostCollector, Store, StoreOptions, set_aside};
use prometheus_client::registry::Registry;
use tokio::sync::watch;
use tokio::task::JoinError;

use crate::clock::Clock;
use crate::gaps::{Gaps, LONGEST_PAUSE};
use crate::handle::Handle;
use crate::shared::Storage;

mod itself;
mod patience;

use itself::{ITSELF, Itself};
use patience::{PATIENCE, wait_for};

/// How often this host's metrics are collected.
pub const COLLECTION_INTERVAL: Duration = Duration::from_secs(15);
/// How often the series in memory are written to a file.
const SNAPSHOT_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// What is kept in memory unless somebody says otherwise.
const SERIES: StoreOptions = StoreOptions {
    retention: Duration::from_secs(6 * 60 * 60),
    most_bytes: 256 << 20,
    longest_pause: LONGEST_PAUSE,
};
/// The name of that file in the data directory.
pub const SNAPSHOT: &str = "metrics.snapshot";
/// The collector's name as a source of the store.
const HOST: &str = "host";

/// How much of the series is kept in memory.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// For how long.
    pub retention: Duration,
    /// In how many bytes, at most.
    pub bytes: usize,
}

impl Default for Kept {
    /// Six hours in 256 MiB.
    fn default() -> Self {
        Self { retention: SERIES.retention, bytes: SERIES.most_bytes }
    }
}

/// Collects this host's metrics into the series in memory.
#[derive(Debug)]
pub struct Collector {
    engine: Handle,
    clock: Clock,
    series: Arc<Store>,
    host: HostCollector,
    snapshot: PathBuf,
    gaps: Gaps,
    itself: Option<Itself>,
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

impl Collector {
    /// A collector that goes on with the series of the last snapshot, if there is one.
    pub fn new(engine: Handle, clock: Clock, host: HostCollector, kept: Kept) -> Self {
        let snapshot = engine.store().dir().join(SNAPSHOT);
        let options = StoreOptions { retention: kept.retention, most_bytes: kept.bytes, ..SERIES };
        let series = Arc::new(restore(&snapshot, clock.now().wall, options));
        Self {
            engine,
            clock,
            series,
            host,
            snapshot,
            gaps: Gaps::default(),
            itself: None,
            unreadable: Unreadable::default(),
            patience: PATIENCE,
        }
    }

    /// The series in memory.
    pub fn series(&self) -> &Arc<Store> {
        &self.series
    }

    /// How often they have had a gap.
    pub fn gaps(&self) -> Gaps {
        self.gaps.clone()
    }

    /// Collects what Larum counts of itself as well.
    #[must_use]
    pub fn watching_itself(self, registry: Arc<Registry>) -> Self {
        let instance = self.host.node().to_owned();
        Self { itself: Some(Itself { registry, instance }), ..self }
    }

    /// Says after `patience` that the host does not answer; after a minute unless set.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Collects until `stop` turns true, then writes the series to their file, unless the disk is in trouble: what was
    /// kept back for that is for those who tell of it.
    ///
    /// # Errors
    /// [`JoinError`] if a collection panicked: this host is not watched from then on.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<(), JoinError> {
        let clock = self.clock;
        let mut due = clock.now().steady;
        let mut snapshot_due = due.plus(SNAPSHOT_INTERVAL);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = clock.sleep_until(Some(due)) => {}
            }
            let now = clock.now();
            due = due.step_past(now.steady, COLLECTION_INTERVAL);
            let (engine, patience) = (self.engine.clone(), self.patience);
            let look = tokio::task::spawn_blocking(move || {
                self.collect(now);
                self
            });
            self = wait_for(look, &engine, patience).await?;
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

    /// Reads this host and puts what it shows into the store.
    fn collect(&mut self, now: Now) {
        let at = now.wall;
        self.gaps.look(now, Some(&self.series));
        if self.series.newest().is_some_and(|newest| newest > at) {
            let samples = self.series.rewind(at);
            tracing::warn!(samples, "the wall clock has jumped back: later samples are taken back");
        }
        if self.series.newest().is_some_and(|newest| at.since(newest) > SERIES.longest_pause) {
            self.gaps.add();
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
        if let Some(itself) = &self.itself {
            self.series.append(ITSELF, at, &itself.readings(&self.engine));
        }
        self.series.retain(at);
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

fn restore(path: &Path, now: Timestamp, options: StoreOptions) -> Store {
    match Store::read_snapshot(path, now, options) {
        Ok(series) => series,
        Err(error) => {
            let aside = set_aside(path).map(|aside| aside.display().to_string());
            tracing::warn!(%error, ?aside, "the metrics of the last run cannot be used: begins without them");
            Store::new(options)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
