//! The parts that work until Larum is told to stop. If one ends before that, Larum ends too, so that whoever looks
//! after the process starts it again: half of it would look alive and be silent.

use std::collections::HashMap;
use std::future::Future;

use anyhow::anyhow;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

/// The parts, each with its name.
#[derive(Debug, Default)]
pub struct Parts {
    tasks: JoinSet<anyhow::Result<()>>,
    names: HashMap<Id, &'static str>,
}

impl Parts {
    /// Sets a part to work.
    pub fn start(
        &mut self,
        name: &'static str,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(work);
        self.names.insert(task.id(), name);
    }

    /// Waits until one ends. Answers which, and why.
    pub async fn one_ended(&mut self) -> anyhow::Error {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.why(ended),
            None => anyhow!("no part is at work"),
        }
    }

    /// Waits until all have ended, but not beyond `deadline`. Answers who has not.
    pub async fn all_ended(mut self, deadline: Instant) -> Vec<&'static str> {
        let every = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                let failed = !matches!(ended, Ok((_, Ok(()))));
                let why = self.why(ended);
                if failed {
                    tracing::error!("{why:#}");
                }
            }
        };
        let _ = tokio::time::timeout_at(deadline, every).await;
        self.names.into_values().collect()
    }

    fn why(&mut self, ended: Result<(Id, anyhow::Result<()>), JoinError>) -> anyhow::Error {
        let (id, reason) = match ended {
            Ok((id, Ok(()))) => (id, anyhow!("without a reason")),
            Ok((id, Err(error))) => (id, error),
            Err(error) => (error.id(), error.into()),
        };
        let name = self.names.remove(&id).unwrap_or("a part");
        reason.context(format!("{name} has ended"))
    }
}

/// A part that ends well whenever it ends.
///
/// # Errors
/// Never.
pub async fn done(work: impl Future<Output = ()>) -> anyhow::Result<()> {
    work.await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use larum_engine::Clock;

    use super::*;

    #[tokio::test]
    async fn a_part_that_panics_is_named_with_its_last_words() {
        let mut parts = Parts::default();
        parts.start("the doors", pending());
        parts.start("the evaluation", async { panic!("no more numbers") });
        let why = format!("{:#}", parts.one_ended().await);
        assert!(why.starts_with("the evaluation has ended: "), "{why}");
        assert!(why.contains("no more numbers"), "{why}");
    }

    #[tokio::test]
    async fn whoever_does_not_end_in_time_is_left_behind() {
        let mut parts = Parts::default();
        parts.start("the doors", async { Ok(()) });
        assert_eq!(format!("{:#}", parts.one_ended().await), "the doors has ended: without a reason");
        parts.start("the evaluation", pending());
        let clock = Clock::start();
        let now = clock.instant_of(clock.now().steady);
        assert_eq!(parts.all_ended(now).await, ["the evaluation"]);
    }
}
