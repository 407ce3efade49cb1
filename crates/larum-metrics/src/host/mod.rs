//! This host's metrics, under the names and in the units of Prometheus' node_exporter 1.x.
//!
//! Names, labels and what is left out by default follow node_exporter's collectors (its folder `collector/`, files
//! `*_linux.go`); dashboards and alerts written for it work unchanged.

mod cpu;
mod disk;
mod filesystem;
mod kernel;
mod memory;
mod network;
mod raid;
mod timex;

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::time::Timestamp;

use crate::reading::Reading;

/// Where the host shows itself. In a container the host's folders may be mounted elsewhere.
#[derive(Clone, Debug)]
pub struct HostPaths {
    /// `/proc`
    pub proc: PathBuf,
    /// `/sys`
    pub sys: PathBuf,
    /// `/`: put before mount points when their space is asked for.
    pub root: PathBuf,
}

impl Default for HostPaths {
    fn default() -> Self {
        Self { proc: "/proc".into(), sys: "/sys".into(), root: "/".into() }
    }
}

/// Why one part of the host could not be read.
#[derive(Debug, thiserror::Error)]
enum CollectError {
    #[error("{path}: {error}")]
    Read { path: PathBuf, error: io::Error },
    #[error("{path}: {reason}")]
    Format { path: PathBuf, reason: String },
}

/// One part of the host, as a collector of node_exporter.
type Part = fn(&HostPaths, &mut Readings) -> Result<(), CollectError>;

/// The parts by node_exporter's names for them.
const PARTS: [(&str, Part); 15] = [
    ("conntrack", network::conntrack),
    ("cpu", cpu::cpu),
    ("diskstats", disk::diskstats),
    ("filefd", kernel::file_descriptors),
    ("filesystem", filesystem::filesystem),
    ("loadavg", cpu::load),
    ("mdadm", raid::arrays),
    ("meminfo", memory::meminfo),
    ("netclass", network::classes),
    ("netdev", network::devices),
    ("pressure", kernel::pressure),
    ("stat", cpu::stat),
    ("timex", timex::timex),
    ("uname", kernel::uname),
    ("vmstat", memory::vmstat),
];

/// Reads this host. It never fails as a whole: what cannot be read is left out and told.
#[derive(Debug)]
pub struct HostCollector {
    paths: HostPaths,
    node: String,
}

/// What one collection found.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The readings, `node_scrape_collector_success` of each part among them.
    pub readings: Vec<Reading>,
    /// The parts that could not be read.
    pub failures: Vec<Failure>,
}

/// A part of the host that could not be read.
#[derive(Clone, Debug)]
pub struct Failure {
    /// node_exporter's name for it.
    pub part: &'static str,
    /// Why, in words.
    pub reason: String,
    /// Whether this host does not have it at all, as one without software RAID has no `/proc/mdstat`.
    pub absent: bool,
}

impl HostCollector {
    /// A collector of this host, which calls it by its host name.
    pub fn new(paths: HostPaths) -> Self {
        let node = kernel::host_name();
        Self { paths, node }
    }

    /// The name under which the host's series appear, in the labels `instance` and `node`.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Calls the host `node` in the series' labels `instance` and `node`.
    #[must_use]
    pub fn named(mut self, node: impl Into<String>) -> Self {
        self.node = node.into();
        self
    }

    /// Reads everything at `now`. Blocks for some milliseconds; never on a file system of the network.
    pub fn collect(&self, now: Timestamp) -> Collection {
        let mut out = Readings { node: self.node.clone(), readings: Vec::with_capacity(512) };
        let mut failures = Vec::new();
        out.add("node_time_seconds", &[], now.as_millis() as f64 / 1000.0);
        for (name, part) in PARTS {
            let result = part(&self.paths, &mut out);
            out.add("node_scrape_collector_success", &[("collector", name)], flag(result.is_ok()));
            failures.extend(result.err().map(|error| Failure::of(name, &error)));
        }
        Collection { readings: out.readings, failures }
    }

    /// The series that a scrape of this host has besides its readings (Prometheus, "Jobs and instances"), given
    /// how long the collection took.
    pub fn scrape_readings(&self, collection: &Collection, took: Duration) -> Vec<Reading> {
        let mut out = Readings { node: self.node.clone(), readings: Vec::new() };
        out.add("up", &[], 1.0);
        out.add("scrape_duration_seconds", &[], took.as_secs_f64());
        out.add("scrape_samples_scraped", &[], collection.readings.len() as f64);
        out.readings
    }
}

impl Failure {
    fn of(part: &'static str, error: &CollectError) -> Self {
        let absent =
            matches!(error, CollectError::Read { error, .. } if error.kind() == io::ErrorKind::NotFound);
        Self { part, reason: error.to_string(), absent }
    }
}

/// 1 or 0.
fn flag(flag: bool) -> f64 {
    f64::from(u8::from(flag))
}

/// Takes readings in and puts the host's labels on them.
struct Readings {
    node: String,
    readings: Vec<Reading>,
}

impl Readings {
    fn add(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let own = [(METRIC_NAME, name), ("job", "node"), ("instance", &self.node), ("node", &self.node)];
        let labels = LabelSet::from_pairs(own.iter().chain(labels).copied());
        self.readings.push(Reading { labels, value });
    }
}

/// The text of a file of the kernel.
fn read(path: &Path) -> Result<String, CollectError> {
    fs::read_to_string(path).map_err(|error| CollectError::Read { path: path.to_owned(), error })
}

fn malformed(path: &Path, reason: impl Into<String>) -> CollectError {
    CollectError::Format { path: path.to_owned(), reason: reason.into() }
}

/// The number that is all a file has.
fn read_number(path: &Path) -> Result<f64, CollectError> {
    let text = read(path)?;
    text.trim().parse().map_err(|_| malformed(path, format!("{:?} is no number", text.trim())))
}
