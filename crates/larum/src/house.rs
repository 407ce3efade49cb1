//! What works until Larum is told to stop, and how it stops.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::anyhow;
use larum_api::{Doors, Meters};
use larum_engine::{Clock, Handle};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::sync::watch;
use tokio::time::timeout_at;

use crate::notify;
use crate::signals::Stop;

pub mod mode;
pub mod parts;
pub mod reloaded;
pub mod reloading;

use parts::Parts;
use reloaded::Reloaded;

/// Larum's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long what is on its way may take when Larum stops: calls that are being answered, and Slack's answers.
const LAST_WORK: Duration = Duration::from_secs(9);
/// How long closing the memory may take after that.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What works until Larum stops.
pub struct House {
    /// The engine.
    pub engine: Handle,
    /// What answers requests.
    pub doors: Doors,
    /// What else works.
    pub parts: Parts,
}

/// Opens a house, lets it work until it is told to stop, and closes it.
///
/// # Errors
/// In words: what stands in the way, and what to do; or which part has failed.
pub async fn live<F>(open: impl FnOnce(Clock, watch::Receiver<bool>) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<House>>,
{
    let mut asked_to_stop = Stop::listen()?;
    let clock = Clock::start();
    let (stop, stopping) = watch::channel(false);
    let opened = tokio::select! {
        opened = open(clock, stopping) => Some(opened?),
        () = asked_to_stop.asked() => None,
    };
    let Some(House { engine, doors, mut parts }) = opened else {
        tracing::info!("stopped before it had begun");
        return Ok(());
    };
    let failure = tokio::select! {
        () = asked_to_stop.asked() => None,
        failure = parts.one_ended() => Some(failure),
        () = engine.ended() => Some(anyhow!("the writer has ended")),
    };
    notify::stopping();
    tracing::info!("stopping: finishes what is on its way");
    let deadline = clock.now().steady.plus(LAST_WORK);
    doors.close();
    stop.send_replace(true);
    let late = parts.all_ended(clock.instant_of(deadline)).await;
    let closing = engine.stop(deadline.since(clock.now().steady));
    let closed = timeout_at(clock.instant_of(deadline.plus(LAST_WORDS)), closing).await;
    if !late.is_empty() || closed.is_err() {
        tracing::warn!(?late, closed = closed.is_ok(), "what has not ended by now is left behind");
    }
    match failure {
        None => {
            tracing::info!("stopped");
            Ok(())
        }
        Some(failure) => Err(failure.context("a part of Larum works no more: it has to be started again")),
    }
}

/// All that Larum counts of itself, with what the doors count, and what Prometheus' client libraries say of every process
/// (Prometheus, "Writing client libraries", "Process metrics").
pub fn registry(engine: &Handle, reloaded: &Reloaded, clock: Clock) -> (Meters, Registry) {
    let (mut registry, meters) = (Registry::default(), Meters::default());
    engine.meters().register(&mut registry);
    meters.register(&mut registry, VERSION);
    reloaded.register(&mut registry);
    let started = Gauge::<f64, AtomicU64>::default();
    started.set(clock.now().wall.as_millis() as f64 / 1000.0);
    registry.register("process_start_time_seconds", "When this process started", started);
    (meters, registry)
}
