//! What the texts of a rule ask of the metrics source.

use std::sync::Arc;

use larum_core::time::Timestamp;
use larum_promql::{Element, Options, Query};
use larum_rules::{Ask, elements};
use tokio::runtime::Handle;

use crate::source::{QUERY_TIMEOUT, Source};

/// The source at the time of an evaluation. To be asked where it may block.
pub(super) struct SourceAt {
    pub source: Source,
    pub at: Timestamp,
    pub runtime: Handle,
}

impl Ask for SourceAt {
    fn ask(&self, expr: &str) -> Result<Vec<Element>, String> {
        let query = Arc::new(Query::parse(expr).map_err(|error| error.to_string())?);
        let answer = self.source.instant(&query, self.at, Options::default(), QUERY_TIMEOUT);
        elements(self.runtime.block_on(answer).map_err(|error| error.to_string())?.value)
    }
}
