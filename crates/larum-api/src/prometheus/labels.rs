//! Labels as Prometheus writes them.

use larum_core::label::LabelSet;
use serde::{Serialize, Serializer};

/// Labels as an object, in order of their names.
pub struct Labels(pub LabelSet);

impl Labels {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}
