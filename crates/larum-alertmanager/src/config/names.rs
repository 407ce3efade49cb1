//! The names that routes may use.

use std::collections::HashSet;

use super::interval::TimeInterval;
use super::receiver::Receiver;

pub(super) struct Names {
    /// `None` if they could not be read: then any name may be one.
    receivers: Option<HashSet<String>>,
    intervals: HashSet<String>,
}

impl Names {
    pub fn new(receivers: Option<&[Receiver]>, intervals: &[TimeInterval]) -> Self {
        let names = |receivers: &[Receiver]| receivers.iter().map(|receiver| receiver.name.clone()).collect();
        Self {
            receivers: receivers.map(names),
            intervals: intervals.iter().map(|interval| interval.name.clone()).collect(),
        }
    }

    pub fn has_receiver(&self, name: &str) -> bool {
        self.receivers.as_ref().is_none_or(|names| names.contains(name))
    }

    pub fn has_interval(&self, name: &str) -> bool {
        self.intervals.contains(name)
    }
}
