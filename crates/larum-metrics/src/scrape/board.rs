//! How each target is doing, for those who ask.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::session::Report;
use super::target::Target;
use crate::store::Written;

/// How many targets that relabelling dropped, and how many problems, are shown for each job.
const MOST_SHOWN: usize = 100;

/// Whether the last scrape of a target went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It was not scraped yet.
    Unknown,
    /// It went well.
    Up,
    /// It failed.
    Down,
}

/// How a target is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetStatus {
    /// The job that it belongs to.
    pub job: String,
    /// What it is: labels, URL, interval.
    pub target: Target,
    /// How the last scrape went.
    pub health: Health,
    /// Why it failed, or what is doubtful about it.
    pub last_error: Option<String>,
    /// When it began.
    pub last_scrape: Option<Timestamp>,
    /// How long it took.
    pub last_duration: Duration,
    /// Samples that it brought.
    pub samples: u64,
    /// What became of the samples of all scrapes so far.
    pub written: Written,
}

/// What is shown of a job besides its targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobStatus {
    /// How many targets relabelling dropped.
    pub dropped_count: usize,
    /// The labels of some of them.
    pub dropped: Vec<LabelSet>,
    /// What is wrong with its files and targets, in words: the first hundred.
    pub problems: Vec<String>,
}

/// A target's job and hash.
pub(super) type Key = (String, u64);

/// How the targets are doing. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Board {
    all: Arc<Mutex<All>>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct All {
    targets: BTreeMap<Key, TargetStatus>,
    jobs: BTreeMap<String, JobStatus>,
}

impl Board {
    pub(super) fn new() -> Self {
        Self { all: Arc::default(), changes: watch::Sender::new(0) }
    }

    /// The targets that are scraped, in order of job.
    pub fn targets(&self) -> Vec<TargetStatus> {
        self.all.lock().targets.values().cloned().collect()
    }

    /// The jobs by name, as they were last found.
    pub fn jobs(&self) -> BTreeMap<String, JobStatus> {
        self.all.lock().jobs.clone()
    }

    /// Turns with every scrape, and whenever targets come or go.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn add(&self, key: &Key, target: &Target) {
        let mut all = self.all.lock();
        let unknown = || TargetStatus {
            job: key.0.clone(),
            target: target.clone(),
            health: Health::Unknown,
            last_error: None,
            last_scrape: None,
            last_duration: Duration::ZERO,
            samples: 0,
            written: Written::default(),
        };
        all.targets.entry(key.clone()).or_insert_with(unknown).target = target.clone();
        drop(all);
        self.turn();
    }

    pub(super) fn remove(&self, key: &Key) {
        self.all.lock().targets.remove(key);
        self.turn();
    }

    /// Takes note of a scrape; answers how the target did before.
    pub(super) fn note(&self, key: &Key, at: Timestamp, took: Duration, report: &Report) -> Option<Health> {
        let mut all = self.all.lock();
        let before = all.targets.get_mut(key).map(|status| {
            let health = if report.error.is_some() { Health::Down } else { Health::Up };
            status.last_error = report.error.as_ref().map(ToString::to_string);
            (status.last_scrape, status.last_duration) = (Some(at), took);
            status.samples = report.scraped;
            status.written.add(&report.written);
            std::mem::replace(&mut status.health, health)
        });
        drop(all);
        self.turn();
        before
    }

    pub(super) fn set_jobs(&self, jobs: BTreeMap<String, JobStatus>) {
        let mut all = self.all.lock();
        let news = all.jobs != jobs;
        all.jobs = jobs;
        drop(all);
        if news {
            self.turn();
        }
    }

    fn turn(&self) {
        self.changes.send_modify(|turn| *turn += 1);
    }
}

impl JobStatus {
    pub(super) fn new(mut dropped: Vec<LabelSet>, mut problems: Vec<String>) -> Self {
        let dropped_count = dropped.len();
        dropped.truncate(MOST_SHOWN);
        problems.truncate(MOST_SHOWN);
        Self { dropped_count, dropped, problems }
    }
}
