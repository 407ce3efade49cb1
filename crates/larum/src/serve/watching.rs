//! What is watched: this host and scraped targets in memory, or another server.

use std::sync::Arc;

use larum_engine::{Clock, Collector, Evaluator, Gaps, Handle, Source};
use larum_metrics::scrape::{Board, ScrapePool};
use larum_prometheus::PrometheusClient;
use larum_rules::Installation;
use tokio::sync::watch;

use super::files::Files;
use crate::house::parts::Parts;

/// What is watched.
pub struct Watching {
    /// Where queries are asked.
    pub source: Source,
    /// How the scraped targets are doing.
    pub board: Option<Board>,
    gaps: Gaps,
}

impl Watching {
    /// Has another server watch, and watches that server.
    pub fn server(
        client: PrometheusClient,
        clock: Clock,
        engine: &Handle,
        parts: &mut Parts,
        stopping: &watch::Receiver<bool>,
    ) -> Self {
        let source = Source::prometheus(client, clock);
        let watching = source.clone().watch(engine.clone(), stopping.clone());
        parts.start("the watching of the metrics source", async {
            watching.await;
            Ok(())
        });
        Self { source, board: None, gaps: Gaps::default() }
    }

    /// Watches what a collector does, and the targets of a configuration.
    pub fn embedded(
        collector: Collector,
        clock: Clock,
        files: &Files,
        parts: &mut Parts,
        stopping: &watch::Receiver<bool>,
    ) -> Self {
        let (series, gaps) = (Arc::clone(collector.series()), collector.gaps());
        let collecting = collector.run(stopping.clone());
        parts.start("the watching of this host", async { Ok(collecting.await?) });
        let board = files.has_configuration().then(|| {
            let pool = ScrapePool::new(Arc::clone(&series), move || clock.now());
            let board = pool.board();
            let scraping = pool.run(files.configurations(), stopping.clone());
            parts.start("the scraping of targets", async {
                scraping.await;
                Ok(())
            });
            board
        });
        Self { source: Source::embedded(series, clock), board, gaps }
    }

    /// Evaluates policies and rule files over it.
    pub fn evaluate(
        &self,
        engine: &Handle,
        clock: Clock,
        installation: Installation,
        parts: &mut Parts,
        stopping: &watch::Receiver<bool>,
    ) {
        let (source, gaps) = (self.source.clone(), self.gaps.clone());
        let evaluator = Evaluator::new(engine.clone(), clock, source, gaps, installation);
        let evaluating = evaluator.run(stopping.clone());
        parts.start("the evaluation of policies", async { Ok(evaluating.await?) });
    }
}
