//! Who stands between the writer and the store: notes what is written down, and is where a commit fails and a process
//! dies.

use std::sync::Arc;

use larum_core::alert::Alert;
use larum_core::outbox::{Delivery, DeliveryChange, RetryAfter};
use larum_core::state::PlannedBody;
use larum_core::time::Now;
use larum_core::verdict::Verdict;
use larum_engine::{Committing, Journal};
use larum_store::{Commit, Store, StoreError};
use parking_lot::Mutex;
use tokio::sync::watch;

/// What becomes of a commit that does not go well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// The disk is full, for this commit and so many more.
    Full {
        /// How many more.
        more: u32,
    },
    /// The database fails: nothing is on disk.
    Fails,
    /// The process dies: nothing is on disk.
    DiesBefore,
    /// It is on disk, and the process dies before it knows.
    DiesAfter,
}

/// A fate that awaits a commit.
#[derive(Clone, Copy, Debug)]
pub struct Doom {
    /// How many commits go well before.
    pub after: u32,
    /// What becomes of the one after those.
    pub fate: Fate,
}

/// What one commit has put on disk, as far as the ledger reads it.
#[derive(Debug)]
pub struct Written {
    /// The step's time.
    pub now: Now,
    /// Alerts that are new or changed.
    pub alerts: Vec<Arc<Alert>>,
    /// Decisions not to tell.
    pub verdicts: Vec<Verdict>,
    /// Messages decided on, each in words.
    pub bodies: Vec<(PlannedBody, Arc<str>)>,
    /// Deliveries that are new.
    pub deliveries: Vec<Delivery>,
    /// Deliveries that stand elsewhere now.
    pub changes: Vec<DeliveryChange>,
    /// Channels that Slack asked to leave alone.
    pub retry_after: Vec<RetryAfter>,
}

impl Written {
    fn of(commit: &Commit<'_>) -> Self {
        let words = commit.rendered.iter().map(|rendered| Arc::clone(&rendered.message));
        Self {
            now: commit.now,
            alerts: commit.delta.alerts.clone(),
            verdicts: commit.delta.verdicts.clone(),
            bodies: commit.delta.bodies.iter().cloned().zip(words).collect(),
            deliveries: commit.delta.deliveries.clone(),
            changes: commit.delta.changes.clone(),
            retry_after: commit.delta.lanes.retry_after.clone(),
        }
    }
}

/// The journal of one life.
#[derive(Debug)]
pub struct Scribe {
    store: Arc<Store>,
    page: Mutex<Page>,
    dead: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Page {
    written: Vec<Written>,
    doom: Option<Doom>,
    /// How many commits failed because they were to.
    failed: usize,
    /// What the store refused though nothing was wrong with the disk.
    refused: Vec<String>,
}

impl Scribe {
    /// One that writes into this store.
    pub fn new(store: Arc<Store>, doom: Option<Doom>) -> Self {
        let page = Mutex::new(Page { doom, ..Page::default() });
        Self { store, page, dead: watch::Sender::new(false) }
    }

    /// Lets a commit to come go wrong.
    pub fn doom(&self, doom: Option<Doom>) {
        self.page.lock().doom = doom;
    }

    /// What still awaits a commit.
    pub fn doomed(&self) -> Option<Doom> {
        self.page.lock().doom
    }

    /// What was written down since this was last asked.
    pub fn take(&self) -> Vec<Written> {
        let mut page = self.page.lock();
        assert!(page.refused.is_empty(), "the store refuses a step: {:?}", page.refused);
        std::mem::take(&mut page.written)
    }

    /// Whether any commit failed since [`Self::take_failed`] was last asked.
    pub fn has_failed(&self) -> bool {
        self.page.lock().failed > 0
    }

    /// How many commits failed since this was last asked.
    pub fn take_failed(&self) -> usize {
        std::mem::take(&mut self.page.lock().failed)
    }

    /// Comes when the process is to die.
    pub async fn death(&self) {
        // Its sender lives as long as this.
        let _ = self.dead.subscribe().wait_for(|dead| *dead).await;
    }

    async fn write(&self, commit: &Commit<'_>) -> Result<(), StoreError> {
        match self.next() {
            Some(Fate::Full { .. }) => return Err(StoreError::Full),
            Some(Fate::Fails) => {
                return Err(StoreError::Row { table: "storm", reason: "the storm wants it so".to_owned() });
            }
            Some(Fate::DiesBefore) => return self.die().await,
            Some(Fate::DiesAfter) => {
                self.put_down(commit).await?;
                return self.die().await;
            }
            None => {}
        }
        self.put_down(commit).await
    }

    async fn put_down(&self, commit: &Commit<'_>) -> Result<(), StoreError> {
        let done = self.store.commit(commit).await;
        let mut page = self.page.lock();
        match &done {
            Ok(()) => page.written.push(Written::of(commit)),
            Err(error) => page.refused.push(error.to_string()),
        }
        done
    }

    /// Never answers.
    async fn die(&self) -> Result<(), StoreError> {
        self.dead.send_replace(true);
        std::future::pending().await
    }

    /// What becomes of the next commit, if it does not go well.
    fn next(&self) -> Option<Fate> {
        let mut page = self.page.lock();
        let doom = page.doom?;
        if doom.after > 0 {
            page.doom = Some(Doom { after: doom.after - 1, ..doom });
            return None;
        }
        page.doom = match doom.fate {
            Fate::Full { more } if more > 0 => Some(Doom { after: 0, fate: Fate::Full { more: more - 1 } }),
            _ => None,
        };
        page.failed += usize::from(matches!(doom.fate, Fate::Full { .. } | Fate::Fails));
        Some(doom.fate)
    }
}

impl Journal for Scribe {
    fn commit<'a>(&'a self, commit: &'a Commit<'a>) -> Committing<'a> {
        Box::pin(self.write(commit))
    }
}
