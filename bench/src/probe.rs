//! Whoever asks something cheap all the time while there is work, and says how long the longest answer took.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::client::Client;
use crate::clock;
use crate::process::kept_waiting;

/// The longest that a cheap question may take, whatever else is done.
pub const STALL: Duration = Duration::from_millis(50);

/// What is asked in turn, and how long it is waited in between.
#[derive(Clone, Copy, Debug)]
pub struct Questions {
    paths: &'static [&'static str],
    pause: Duration,
}

impl Questions {
    /// What costs an Alertmanager next to nothing, so that it does not weigh on the CPU time that is measured.
    pub const CHEAP: Self =
        Self { paths: &["/-/healthy", "/api/v2/status"], pause: Duration::from_millis(10) };
    /// Also a look for alerts of which there is none, for which an Alertmanager looks at every alert.
    pub const ALL: Self = Self {
        paths: &["/-/healthy", "/api/v2/alerts?filter=namespace%3D%22none%22", "/api/v2/status"],
        pause: Duration::from_millis(5),
    };
    /// What anything answers.
    pub const HEALTH: Self = Self { paths: &["/-/healthy"], pause: Duration::from_millis(10) };
}

/// An answer that took longer than [`STALL`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stall {
    /// What was done meanwhile.
    pub during: &'static str,
    /// When it was asked, from when the probe began.
    pub after: Duration,
    /// What was asked.
    pub path: &'static str,
    /// How long it took, less what the probe itself waited for a processor.
    pub took: Duration,
}

/// What came of asking.
#[derive(Clone, Default, Debug)]
pub struct Answers {
    /// How many questions were answered.
    pub count: usize,
    /// The longest answer.
    pub longest: Duration,
    /// All that took too long, in the order in which they were asked.
    pub stalls: Vec<Stall>,
    /// The longest that the probe itself waited for a processor within one answer, which does not count: it is no fault of
    /// who gave it. What the target waited for one counts.
    pub kept_waiting: Duration,
}

/// It has a thread and a connection of its own, so that nothing but the target can keep it waiting.
pub struct Probe {
    go_on: Arc<AtomicBool>,
    during: Arc<Mutex<&'static str>>,
    thread: JoinHandle<Result<Answers>>,
}

impl Probe {
    /// Asks from now on, while this is done.
    pub fn start(address: SocketAddr, questions: Questions, during: &'static str) -> Self {
        let (go_on, during) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(during)));
        let asking = Asking { address, questions, go_on: go_on.clone(), during: during.clone() };
        let thread =
            thread::spawn(move || Builder::new_current_thread().enable_all().build()?.block_on(asking.ask()));
        Self { go_on, during, thread }
    }

    /// Says what is done from now on.
    pub fn during(&self, what: &'static str) {
        *self.during.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }

    /// Asks no more.
    ///
    /// # Errors
    /// When a question was not answered, or not with 200.
    pub async fn end(self) -> Result<Answers> {
        self.go_on.store(false, Ordering::Relaxed);
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await?;
        joined.map_err(|_| anyhow!("the probe fell over"))?.context("while there was work")
    }
}

struct Asking {
    address: SocketAddr,
    questions: Questions,
    go_on: Arc<AtomicBool>,
    during: Arc<Mutex<&'static str>>,
}

impl Asking {
    async fn ask(self) -> Result<Answers> {
        let (mut client, mut answers, begun) = (Client::new(self.address), Answers::default(), clock::now());
        for path in self.questions.paths.iter().cycle().copied() {
            if !self.go_on.load(Ordering::Relaxed) {
                break;
            }
            let during = *self.during.lock().unwrap_or_else(PoisonError::into_inner);
            let (asked, before) = (clock::now(), kept_waiting());
            client.ask(path).await?;
            let (took, waited) = (asked.elapsed(), kept_waiting().saturating_sub(before));
            answers.kept_waiting = answers.kept_waiting.max(waited);
            answers.note(Stall { during, after: asked - begun, path, took: took.saturating_sub(waited) });
            sleep(self.questions.pause).await;
        }
        Ok(answers)
    }
}

impl Answers {
    fn note(&mut self, answer: Stall) {
        self.count += 1;
        self.longest = self.longest.max(answer.took);
        if answer.took > STALL {
            self.stalls.push(answer);
        }
    }

    /// Those of this and of another probe together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.count += other.count;
        self.longest = self.longest.max(other.longest);
        self.kept_waiting = self.kept_waiting.max(other.kept_waiting);
        self.stalls.extend(other.stalls);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(millis: u64) -> Stall {
        let took = Duration::from_millis(millis);
        Stall { during: "a test", after: Duration::ZERO, path: "/-/healthy", took }
    }

    #[test]
    fn only_what_takes_too_long_is_a_stall() {
        let mut answers = Answers::default();
        for millis in [3, 50, 51, 7] {
            answers.note(answer(millis));
        }
        assert_eq!((answers.count, answers.longest), (4, Duration::from_millis(51)));
        assert_eq!(answers.stalls, [answer(51)]);
    }
}
