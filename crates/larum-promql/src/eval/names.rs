//! When and how the metric name goes, and what must stay unique.

use std::cell::OnceCell;
use std::collections::HashSet;

use foldhash::fast::FixedState;
use larum_core::label::{LabelSet, METRIC_NAME};

use crate::error::EvalError;
use crate::limits::NameRemoval;
use crate::value::Element;

/// Labels that say what a metric is rather than what it is about; they go together (Prometheus, "Feature flags":
/// `type-and-unit-labels`).
const METADATA: [&str; 3] = [METRIC_NAME, "__type__", "__unit__"];

/// Whether a label tells what a metric is.
pub(super) fn is_metadata(name: &str) -> bool {
    METADATA.contains(&name)
}

/// The labels without the metric name.
pub(super) fn nameless(labels: &LabelSet) -> LabelSet {
    if METADATA.iter().any(|name| labels.get(name).is_some()) {
        labels.filter(|name| !is_metadata(name))
    } else {
        labels.clone()
    }
}

/// Takes the names off a vector's elements, now or at the end, and finds those that become the same by it.
pub(super) struct Renaming {
    removal: NameRemoval,
    first: Option<LabelSet>,
    mixed: bool,
}

impl Renaming {
    pub(super) fn new(removal: NameRemoval) -> Self {
        Self { removal, first: None, mixed: false }
    }

    /// Takes the name off one element.
    pub(super) fn unname(&mut self, element: &mut Element) {
        match self.removal {
            NameRemoval::AtTheEnd => element.drop_name = true,
            NameRemoval::AtOnce => {
                self.compare(&element.labels);
                element.labels = nameless(&element.labels);
            }
        }
    }

    /// An element from labels whose nameless form is remembered across evaluations.
    pub(super) fn element(&mut self, labels: &LabelSet, known: &OnceCell<LabelSet>, value: f64) -> Element {
        match self.removal {
            NameRemoval::AtTheEnd => Element { labels: labels.clone(), value, drop_name: true },
            NameRemoval::AtOnce => {
                self.compare(labels);
                Element::new(known.get_or_init(|| nameless(labels)).clone(), value)
            }
        }
    }

    /// Elements of one metric stay apart without their name; only those of several can become the same.
    fn compare(&mut self, labels: &LabelSet) {
        match &self.first {
            None => self.first = Some(labels.clone()),
            Some(first) => self.mixed |= METADATA.iter().any(|name| first.value(name) != labels.value(name)),
        }
    }

    /// The elements, if no two have become the same.
    pub(super) fn finish(self, elements: Vec<Element>) -> Result<Vec<Element>, EvalError> {
        if self.mixed {
            check_unique(&elements)?;
        }
        Ok(elements)
    }
}

/// An error if two elements have the same labels.
pub(super) fn check_unique(elements: &[Element]) -> Result<(), EvalError> {
    if elements.len() < 2 {
        return Ok(());
    }
    let mut seen = HashSet::with_capacity_and_hasher(elements.len(), FixedState::default());
    if elements.iter().all(|element| seen.insert(&element.labels)) {
        Ok(())
    } else {
        Err(EvalError::SameLabels)
    }
}
