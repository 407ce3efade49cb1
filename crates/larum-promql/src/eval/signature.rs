//! By which labels elements belong together: a key of bytes that is built without allocating.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;

use super::names::is_metadata;

/// Stands between texts; no UTF-8 text contains it.
const BETWEEN: u8 = 0xff;

/// Makes keys of the labels that count.
pub(super) struct Signature<'a> {
    /// Only `labels` count, rather than all but them and the metric name.
    only: bool,
    labels: &'a [String],
    key: Vec<u8>,
}

impl<'a> Signature<'a> {
    pub(super) fn new(only: bool, labels: &'a [String]) -> Self {
        Self { only, labels, key: Vec::with_capacity(128) }
    }

    /// The key of one element; equal exactly for elements that belong together.
    pub(super) fn key(&mut self, labels: &LabelSet) -> &[u8] {
        self.key.clear();
        if self.only {
            for name in self.labels {
                self.key.extend_from_slice(labels.value(name).as_bytes());
                self.key.push(BETWEEN);
            }
        } else {
            for (name, value) in labels.iter() {
                if !self.counts(name) {
                    continue;
                }
                self.key.extend_from_slice(name.as_bytes());
                self.key.push(BETWEEN);
                self.key.extend_from_slice(value.as_bytes());
                self.key.push(BETWEEN);
            }
        }
        &self.key
    }

    /// The labels that count, of one element.
    pub(super) fn labels(&self, labels: &LabelSet) -> LabelSet {
        labels.filter(|name| self.counts(name))
    }

    fn counts(&self, name: &str) -> bool {
        let listed = self.labels.iter().any(|label| label == name);
        if self.only { listed } else { !listed && !is_metadata(name) }
    }
}

/// Numbers the groups that elements belong to, in the order in which they first appear.
pub(super) struct Groups<'a> {
    signature: Signature<'a>,
    numbers: HashMap<Box<[u8]>, usize, FixedState>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(signature: Signature<'a>) -> Self {
        Self { signature, numbers: HashMap::default() }
    }

    /// The number of the group that an element with these labels belongs to; a new one is the next.
    pub(super) fn number(&mut self, labels: &LabelSet) -> usize {
        let key = self.signature.key(labels);
        match self.numbers.get(key) {
            Some(&number) => number,
            None => {
                let number = self.numbers.len();
                self.numbers.insert(key.into(), number);
                number
            }
        }
    }

    /// The labels that all elements of a group share, of one of them.
    pub(super) fn labels(&self, labels: &LabelSet) -> LabelSet {
        self.signature.labels(labels)
    }
}
