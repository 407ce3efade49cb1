//! Labels as they are shown.

use std::collections::BTreeMap;

use larum_core::label::LabelSet;

/// Labels as they are shown.
pub fn show_labels(labels: &LabelSet) -> BTreeMap<String, String> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
