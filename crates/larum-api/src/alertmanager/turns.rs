//! How much is taken in and given out at a time: what is large takes turns.

use std::sync::Arc;
use std::thread::available_parallelism;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

use super::error::Refusal;

/// How many lists of alerts are written at a time where the machine has no more processors (Alertmanager,
/// `--web.get-concurrency`).
const LISTS: usize = 8;
/// How many large bodies are read at a time; one of the largest takes some hundred megabytes until it is on disk.
const LARGE_BODIES: usize = 4;
/// How many bodies with pushed samples are taken in at a time; one of the largest takes as much until it is in the
/// store.
const SAMPLES: usize = 4;

/// Whose turn it is.
#[derive(Debug)]
pub struct Turns {
    lists: Arc<Semaphore>,
    large_bodies: Arc<Semaphore>,
    /// Apart from the others: whoever pushes samples keeps no alerts waiting.
    samples: Arc<Semaphore>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "it counts for as long as it is held")] OwnedSemaphorePermit);

impl Turn {
    /// Works beside the threads that answer, and gives the turn back with what came of it. Whoever goes away meanwhile
    /// does not end the work, so neither does that end the turn.
    ///
    /// # Errors
    /// [`JoinError`] if the work breaks down.
    pub async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(T, Self), JoinError> {
        spawn_blocking(move || (work(), self)).await
    }
}

impl Default for Turns {
    fn default() -> Self {
        let lists = available_parallelism().map_or(LISTS, |processors| processors.get().max(LISTS));
        let semaphore = |count| Arc::new(Semaphore::new(count));
        Self { lists: semaphore(lists), large_bodies: semaphore(LARGE_BODIES), samples: semaphore(SAMPLES) }
    }
}

impl Turns {
    /// A turn to write a list of alerts, if there is one now.
    ///
    /// # Errors
    /// [`Refusal`] 503, as Alertmanager refuses.
    pub fn for_list(&self) -> Result<Turn, Refusal> {
        let turn = Arc::clone(&self.lists).try_acquire_owned();
        turn.map(Turn).map_err(|_| {
            let words = "as many lists are being written as may be at a time: try again later";
            Refusal::handler(StatusCode::SERVICE_UNAVAILABLE, words)
        })
    }

    /// Waits for a turn to read a large body.
    ///
    /// # Errors
    /// [`Refusal`] 503 if there are no more turns, because Larum stops.
    pub async fn for_large_body(&self) -> Result<Turn, Refusal> {
        let turn = Arc::clone(&self.large_bodies).acquire_owned().await;
        turn.map(Turn).map_err(|_| Refusal::handler(StatusCode::SERVICE_UNAVAILABLE, "Larum is stopping"))
    }

    /// Waits for a turn to take in pushed samples; none if there are no more turns, because Larum stops.
    pub async fn for_samples(&self) -> Option<Turn> {
        Arc::clone(&self.samples).acquire_owned().await.ok().map(Turn)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_work_even_if_nobody_waits_for_it() {
        let turns = Turns::default();
        let (go_on, told) = std::sync::mpsc::channel::<()>();
        let mut others = Vec::new();
        for _ in 1..SAMPLES {
            others.push(turns.for_samples().await);
        }
        let turn = turns.for_samples().await.unwrap();
        let working = turn.work(move || told.recv());
        assert!(timeout(Duration::ZERO, working).await.is_err(), "it is given up");
        assert!(timeout(Duration::ZERO, turns.for_samples()).await.is_err(), "the work goes on");
        go_on.send(()).unwrap();
        let next = timeout(Duration::from_secs(10), turns.for_samples()).await;
        assert!(next.unwrap().is_some());
    }
}
