//! Senders as Prometheus is one: each alert is posted again until it was answered with 2xx.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use larum_sandbox::Control;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::house::http_client;
use crate::larum::PATIENCE;

/// How many senders post at a time.
const SENDERS: usize = 3;

/// Longer than the test lasts: nothing resolves by itself.
const HOUR: Duration = Duration::from_secs(3600);

/// Alerts that were posted together and share a group.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The name that all its alerts have, and no others.
    pub name: String,
    /// What tells its alerts apart.
    pub disks: Vec<String>,
    /// Whether their end was accepted too.
    pub resolved: bool,
}

/// What was accepted in the end.
#[derive(Debug, Default)]
pub struct Sent {
    /// Every accepted batch.
    pub batches: Vec<Batch>,
    /// How many posts were cut off by a kill, their outcome unknown.
    pub cut: usize,
}

/// How far the senders are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Posts that began.
    pub started: usize,
    /// Posts that were answered with 2xx.
    pub accepted: usize,
}

/// The senders, which wait to be told how much to send.
pub struct Senders {
    shared: Arc<Shared>,
    budget: mpsc::UnboundedSender<()>,
    tasks: Vec<JoinHandle<()>>,
}

struct Shared {
    http: reqwest::Client,
    slack: Control,
    address: watch::Sender<SocketAddr>,
    progress: watch::Sender<Progress>,
    budget: tokio::sync::Mutex<mpsc::UnboundedReceiver<()>>,
    sent: Mutex<Sent>,
    told: Mutex<Told>,
}

/// What Slack was told so far.
#[derive(Default)]
struct Told {
    seen: u64,
    texts: Vec<String>,
}

impl Senders {
    /// Starts them; they send nothing yet.
    pub fn start(address: SocketAddr, slack: Control, seed: u64) -> Self {
        let (budget, to_spend) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            http: http_client(),
            slack,
            address: watch::Sender::new(address),
            progress: watch::Sender::default(),
            budget: tokio::sync::Mutex::new(to_spend),
            sent: Mutex::default(),
            told: Mutex::default(),
        });
        let sender = |number| {
            let random = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
            tokio::spawn(send(Arc::clone(&shared), number, random))
        };
        let tasks = (0..SENDERS).map(sender).collect();
        Self { shared, budget, tasks }
    }

    /// Tells them to send so many batches more, and where one of them fired before, its end.
    pub fn send(&self, batches: usize) {
        for _ in 0..batches {
            self.budget.send(()).expect("the senders live");
        }
    }

    /// Tells them where Larum is now.
    pub fn moved_to(&self, address: SocketAddr) {
        self.shared.address.send_replace(address);
    }

    /// How far they are.
    pub fn progress(&self) -> Progress {
        *self.shared.progress.borrow()
    }

    /// Waits until they are so far.
    pub async fn until(&self, far: impl FnMut(&Progress) -> bool) {
        let mut progress = self.shared.progress.subscribe();
        let there = tokio::time::timeout(PATIENCE, progress.wait_for(far)).await;
        there.expect("the senders get on").expect("the senders live");
    }

    /// Lets them send what they were told to, and says what was accepted.
    pub async fn finish(self) -> Sent {
        drop(self.budget);
        for task in self.tasks {
            tokio::time::timeout(PATIENCE, task)
                .await
                .expect("the senders finish")
                .expect("no sender panics");
        }
        std::mem::take(&mut *self.shared.sent.lock().expect("no sender panicked"))
    }
}

async fn send(shared: Arc<Shared>, number: usize, mut random: StdRng) {
    let mut firing: Vec<Batch> = Vec::new();
    for count in 0_usize.. {
        if shared.budget.lock().await.recv().await.is_none() {
            break;
        }
        let name = format!("Sender{number}Batch{count:04}");
        let disks = (0..random.random_range(1..=3)).map(|disk| format!("{name}Disk{disk}")).collect();
        let batch = Batch { name, disks, resolved: false };
        shared.post_until_accepted(&alerts(&batch, HOUR)).await;
        firing.push(batch);
        // What ends before it was ever announced is rightly never told: only what Slack knows ends here.
        let told = firing.iter().position(|batch| shared.is_told(batch));
        if let Some(told) = told.filter(|_| random.random_bool(0.3)) {
            let mut over = firing.swap_remove(told);
            shared.post_until_accepted(&alerts(&over, Duration::ZERO)).await;
            over.resolved = true;
            shared.sent.lock().expect("no sender panicked").batches.push(over);
        }
    }
    shared.sent.lock().expect("no sender panicked").batches.append(&mut firing);
}

/// The alerts of a batch in Alertmanager's form, which end so long from now.
fn alerts(batch: &Batch, end: Duration) -> Value {
    let now = now();
    let alert = |disk: &String| {
        json!({
            "labels": {"alertname": batch.name, "disk": disk, "severity": "critical"},
            "annotations": {"summary": format!("{disk} is full")},
            "startsAt": (now - HOUR).to_string(),
            "endsAt": (now + end).to_string(),
        })
    };
    batch.disks.iter().map(alert).collect()
}

#[expect(clippy::disallowed_methods, reason = "the binary under test has the real clock as well")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

impl Shared {
    /// Whether some channel heard of it.
    fn is_told(&self, batch: &Batch) -> bool {
        let mut told = self.told.lock().expect("no sender panicked");
        let fresh = self.slack.messages(told.seen, None).expect("the sandbox can be read");
        told.seen = fresh.last().map_or(told.seen, |last| last.seq);
        told.texts.extend(fresh.iter().map(|posted| posted.text().to_owned()));
        told.texts.iter().any(|text| text.contains(&batch.name))
    }

    async fn post_until_accepted(&self, alerts: &Value) {
        let mut moved = self.address.subscribe();
        loop {
            let tried = *moved.borrow_and_update();
            self.progress.send_modify(|progress| progress.started += 1);
            match self.http.post(format!("http://{tried}/api/v2/alerts")).json(alerts).send().await {
                Ok(answer) if answer.status().is_success() => {
                    self.progress.send_modify(|progress| progress.accepted += 1);
                    return;
                }
                Ok(answer) => panic!("{}: {:?}", answer.status(), answer.text().await),
                Err(_) => self.sent.lock().expect("no sender panicked").cut += 1,
            }
            // It was killed; it comes back elsewhere.
            let back = tokio::time::timeout(PATIENCE, moved.wait_for(|address| *address != tried)).await;
            back.expect("larum comes back").expect("the test goes on");
        }
    }
}
