//! What a target says about its metrics, told to the store when it is news.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::time::Duration;

use foldhash::fast::FixedState;
use larum_core::time::Timestamp;

use crate::exposition::{About, Metadata};
use crate::store::{MetricMetadata, Writer};

/// How often what is no news is told all the same: the store forgets what has no series.
const AGAIN: Duration = Duration::from_secs(600);

/// The digest of what a target said last, and when it was told.
#[derive(Debug, Default)]
pub(super) struct Said(Option<(u64, Timestamp)>);

impl Said {
    /// Tells the store what the target said in this scrape, unless it knows.
    pub(super) fn tell(&mut self, writer: &mut Writer<'_>, said: &[Metadata<'_>], at: Timestamp) {
        let digest = digest(said);
        // A clock that was set back is no reason to be silent for as long.
        let is_known =
            |(told, when): (u64, Timestamp)| told == digest && (when..when.plus(AGAIN)).contains(&at);
        if self.0.is_some_and(is_known) {
            return;
        }
        self.0 = Some((digest, at));
        let mut metrics: BTreeMap<&str, MetricMetadata> = BTreeMap::new();
        for metadata in said {
            let metric = metrics.entry(&metadata.metric).or_default();
            match &metadata.about {
                About::Type(metric_type) => metric.metric_type = *metric_type,
                About::Help(text) => text.as_ref().clone_into(&mut metric.help),
                About::Unit(text) => text.as_ref().clone_into(&mut metric.unit),
            }
        }
        metrics.iter().for_each(|(metric, said)| writer.metadata(metric, said));
    }
}

fn digest(said: &[Metadata<'_>]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    for metadata in said {
        metadata.metric.hash(&mut hasher);
        match &metadata.about {
            About::Type(metric_type) => metric_type.hash(&mut hasher),
            About::Help(text) | About::Unit(text) => text.hash(&mut hasher),
        }
    }
    hasher.finish()
}
