//! How much is taken in and given out at a time: what is large takes turns.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

/// How many reads of Alertmanager's API are answered at a time where the machine has no more processors (Alertmanager,
/// `--web.get-concurrency`).
const READS: usize = 8;
/// How many large bodies are read at a time; one of the largest takes some hundred megabytes until it is on disk.
const LARGE_BODIES: usize = 4;
/// How many bodies with pushed samples are taken in at a time; one of the largest takes as much until it is in the
/// store.
const SAMPLES: usize = 4;
/// How many silences are read at a time: their regular expressions take megabytes and long to compile.
const SILENCES: usize = 2;

/// Whose turn it is.
#[derive(Debug)]
pub struct Turns {
    reads: Arc<Semaphore>,
    most_reads: usize,
    large_bodies: Arc<Semaphore>,
    /// Apart from the others: whoever pushes samples keeps no alerts waiting.
    samples: Arc<Semaphore>,
    silences: Arc<Semaphore>,
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

impl Turns {
    /// Turns for so many reads at a time; unless somebody chose, for as many as there are processors, and at least 8.
    pub fn new(most_reads: Option<NonZeroUsize>) -> Self {
        let usual = || available_parallelism().map_or(READS, |processors| processors.get().max(READS));
        // A semaphore has no more than that.
        let most_reads = most_reads.map_or_else(usual, NonZeroUsize::get).min(Semaphore::MAX_PERMITS);
        let semaphore = |count| Arc::new(Semaphore::new(count));
        let (large_bodies, samples) = (semaphore(LARGE_BODIES), semaphore(SAMPLES));
        let (reads, silences) = (semaphore(most_reads), semaphore(SILENCES));
        Self { reads, most_reads, large_bodies, samples, silences }
    }

    /// A turn to answer a read, if there is one now.
    pub fn for_read(&self) -> Option<Turn> {
        Arc::clone(&self.reads).try_acquire_owned().ok().map(Turn)
    }

    /// How many reads are answered at a time, at most.
    pub const fn most_reads(&self) -> usize {
        self.most_reads
    }

    /// How many reads are being answered.
    pub fn reads(&self) -> usize {
        self.most_reads - self.reads.available_permits()
    }

    /// Waits for a turn to read a large body; none if there are no more turns, because Larum stops.
    pub async fn for_large_body(&self) -> Option<Turn> {
        Arc::clone(&self.large_bodies).acquire_owned().await.ok().map(Turn)
    }

    /// Waits for a turn to read a silence; none if there are no more turns, because Larum stops.
    pub async fn for_silence(&self) -> Option<Turn> {
        Arc::clone(&self.silences).acquire_owned().await.ok().map(Turn)
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
        let turns = Turns::new(None);
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

    #[test]
    fn there_are_as_many_reads_at_a_time_as_were_chosen() {
        let turns = Turns::new(NonZeroUsize::new(2));
        let held = [turns.for_read().unwrap(), turns.for_read().unwrap()];
        assert_eq!((turns.reads(), turns.most_reads()), (2, 2));
        assert!(turns.for_read().is_none());
        drop(held);
        assert!(turns.for_read().is_some());
        assert!(Turns::new(None).most_reads() >= READS);
        assert_eq!(Turns::new(Some(NonZeroUsize::MAX)).most_reads(), Semaphore::MAX_PERMITS);
    }
}
