//! Where series come from: the store in this process, or a Prometheus-compatible server. Whoever asks need not know.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_metrics::{MetricMetadata, Store};
use larum_prometheus::{Health, PrometheusClient};
use larum_promql::{EvalError, Evaluation, Options, Querier, Query, Span, Until};
use smol_str::SmolStr;
use tokio::sync::Semaphore;

use crate::clock::Clock;

mod remote;
mod silence;

use remote::{Remote, selectors};

/// How long one query may take (Prometheus, flag `query.timeout`).
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(120);
/// The most queries that work at the same time; others wait for their turn (Prometheus, flag
/// `query.max-concurrency`).
const AT_ONCE: usize = 20;

/// Where series come from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    kind: Kind,
    clock: Clock,
    turns: Arc<Semaphore>,
}

#[derive(Clone, Debug)]
enum Kind {
    Embedded(Arc<Store>),
    Prometheus(Arc<Remote>),
}

/// Why a source has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SourceError {
    /// The expression could not be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// The server that is asked has no answer.
    #[error("the metrics source has no answer: {0}")]
    Remote(#[from] larum_prometheus::SourceError),
    /// It broke down, which is a fault of Larum's and in its log.
    #[error("the evaluation broke down, which is a fault of Larum's and in its log")]
    Broke,
}

/// Which series, label names or values are asked for: those of series that pass any of the sets of matchers, of all
/// series if there is no set, and that have a sample from one time to the other.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The sets of matchers.
    pub sets: Vec<Vec<Matcher>>,
    /// The first time.
    pub from: Timestamp,
    /// The last time.
    pub to: Timestamp,
}

impl Source {
    /// The series in this process.
    pub fn embedded(series: Arc<Store>, clock: Clock) -> Self {
        Self { kind: Kind::Embedded(series), clock, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// A Prometheus-compatible server.
    pub fn prometheus(client: PrometheusClient, clock: Clock) -> Self {
        let kind = Kind::Prometheus(Arc::new(Remote::new(client)));
        Self { kind, clock, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The server that is asked, if one is.
    pub fn server(&self) -> Option<&PrometheusClient> {
        match &self.kind {
            Kind::Embedded(_) => None,
            Kind::Prometheus(remote) => Some(&remote.client),
        }
    }

    /// How the server does that is asked, if one is.
    pub fn health(&self) -> Option<Health> {
        match &self.kind {
            Kind::Embedded(_) => None,
            Kind::Prometheus(remote) => Some(remote.client.health()),
        }
    }

    /// The store in this process, if that is where series come from: then recorded series can be written there.
    pub fn store(&self) -> Option<&Arc<Store>> {
        match &self.kind {
            Kind::Embedded(series) => Some(series),
            Kind::Prometheus(_) => None,
        }
    }

    /// Evaluates at one time, within `timeout`, the wait for its turn included. A server that is asked has its own
    /// limits; of the options it is told the lookback, unless that is the usual one: it may be set to another itself.
    ///
    /// # Errors
    /// [`SourceError`] in words for the one who wrote the expression.
    pub async fn instant(
        &self,
        query: &Arc<Query>,
        at: Timestamp,
        options: Options,
        timeout: Duration,
    ) -> Result<Evaluation, SourceError> {
        match &self.kind {
            Kind::Embedded(series) => {
                let query = Arc::clone(query);
                self.evaluate(series, timeout, move |source| query.instant(source, at, &options)).await
            }
            Kind::Prometheus(remote) => {
                Ok(remote.instant(query, at, remote::terms(&options, timeout)).await?)
            }
        }
    }

    /// Evaluates at each step of a span; otherwise as [`Source::instant`].
    ///
    /// # Errors
    /// As [`Source::instant`].
    pub async fn range(
        &self,
        query: &Arc<Query>,
        span: Span,
        options: Options,
        timeout: Duration,
    ) -> Result<Evaluation, SourceError> {
        match &self.kind {
            Kind::Embedded(series) => {
                let query = Arc::clone(query);
                self.evaluate(series, timeout, move |source| query.range(source, &span, &options)).await
            }
            Kind::Prometheus(remote) => {
                Ok(remote.range(query, span, remote::terms(&options, timeout)).await?)
            }
        }
    }

    /// The labels of series, sorted, at most `limit` and one more.
    ///
    /// # Errors
    /// [`SourceError`] if the source cannot answer.
    pub async fn series(&self, lookup: Lookup, limit: usize) -> Result<Vec<LabelSet>, SourceError> {
        let Lookup { sets, from, to } = lookup;
        let more = limit.saturating_add(1);
        match &self.kind {
            Kind::Embedded(series) => {
                let mut found = look(series, move |series| series.series(&sets, from, to)).await?;
                found.truncate(more);
                Ok(found)
            }
            Kind::Prometheus(remote) => {
                let selectors = selectors(&sets);
                let texts: Vec<&str> = selectors.iter().map(String::as_str).collect();
                let mut found = remote.client.series(&texts, from, to, more).await?.items;
                found.sort_unstable();
                Ok(found)
            }
        }
    }

    /// The names of labels, sorted.
    ///
    /// # Errors
    /// As [`Source::series`].
    pub async fn label_names(&self, lookup: Lookup) -> Result<Vec<String>, SourceError> {
        let Lookup { sets, from, to } = lookup;
        match &self.kind {
            Kind::Embedded(series) => look(series, move |series| series.label_names(&sets, from, to)).await,
            Kind::Prometheus(remote) => {
                let selectors = selectors(&sets);
                let texts: Vec<&str> = selectors.iter().map(String::as_str).collect();
                Ok(remote.client.label_names(&texts, from, to, usize::MAX).await?.items)
            }
        }
    }

    /// The values of a label, sorted.
    ///
    /// # Errors
    /// As [`Source::series`].
    pub async fn label_values(&self, name: String, lookup: Lookup) -> Result<Vec<String>, SourceError> {
        let Lookup { sets, from, to } = lookup;
        match &self.kind {
            Kind::Embedded(series) => {
                look(series, move |series| series.label_values(&name, &sets, from, to)).await
            }
            Kind::Prometheus(remote) => {
                let selectors = selectors(&sets);
                let texts: Vec<&str> = selectors.iter().map(String::as_str).collect();
                Ok(remote.client.label_values(&name, &texts, (from, to), usize::MAX).await?.items)
            }
        }
    }

    /// What is said about each metric.
    ///
    /// # Errors
    /// As [`Source::series`].
    pub async fn metadata(&self) -> Result<BTreeMap<SmolStr, Vec<MetricMetadata>>, SourceError> {
        match &self.kind {
            Kind::Embedded(series) => look(series, Store::metadata).await,
            Kind::Prometheus(remote) => Ok(remote.metadata().await?),
        }
    }

    async fn evaluate(
        &self,
        series: &Arc<Store>,
        timeout: Duration,
        evaluation: impl FnOnce(&dyn Querier) -> Result<Evaluation, EvalError> + Send + 'static,
    ) -> Result<Evaluation, SourceError> {
        let (series, clock) = (Arc::clone(series), self.clock);
        let deadline = clock.now().steady.plus(timeout);
        let turn = tokio::time::timeout(timeout, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| EvalError::TimedOut)?;
        let gone = Arc::new(AtomicBool::new(false));
        let _asker = Asker(Arc::clone(&gone));
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let has_time = || !gone.load(Ordering::Relaxed) && clock.now().steady < deadline;
            evaluation(&Until::new(series.as_ref(), has_time))
        });
        Ok(work.await.map_err(|_| SourceError::Broke)??)
    }
}

/// Whoever waits for an evaluation. It ends when nobody does any more, so that its turn is free for others.
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn look<T: Send + 'static>(
    series: &Arc<Store>,
    look: impl FnOnce(&Store) -> T + Send + 'static,
) -> Result<T, SourceError> {
    let series = Arc::clone(series);
    tokio::task::spawn_blocking(move || look(&series)).await.map_err(|_| SourceError::Broke)
}
