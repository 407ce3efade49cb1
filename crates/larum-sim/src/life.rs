//! One life of the process: the real engine on the real store, by a clock that the storm moves. It dies by being dropped
//! in the middle of whatever it does.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_core::config::{Limits, Pace, Timers};
use larum_core::inhibit::InhibitRule;
use larum_core::silence::SilenceId;
use larum_core::state::State;
use larum_core::time::{Now, Timestamp};
use larum_engine::{Clock, Handle, Hands, Setup, SilenceError, Storage, Topic, start_through};
use larum_slack::{ApiUrl, build_http_client};
use larum_store::{SecretKey, Store};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::memory::Memory;
use crate::route_file::read_route_file;
use crate::scribe::{Doom, Scribe, Written};
use crate::slack::{Request, Slack};

/// For how long a silence is kept after its end: short, so that some are tidied away in a storm.
const SILENCE_RETENTION: Duration = Duration::from_secs(60 * 60);
/// How long the machine may take for what takes no time in the storm.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many turns of the one thread are enough for what goes over loopback.
const LAST_TURNS: usize = 200;
/// How often the writer is asked whether it has come to rest.
const TURNS: usize = 10_000;

/// What a process is started with.
#[derive(Clone, Debug)]
pub struct Arrangement {
    /// How fast messages may follow one another.
    pub pace: Pace,
    /// What inhibits what while there is no file of routes.
    pub inhibitions: Arc<[InhibitRule]>,
    /// The text of the file of routes, if there is one.
    pub file: Option<String>,
}

/// A running process.
pub struct Life {
    engine: Handle,
    scribe: Arc<Scribe>,
    hands: Hands,
    /// Dropped last: everything above may hold on to it.
    runtime: Runtime,
}

impl Life {
    /// Starts a process on this data directory. `doom` may await one of its first commits. Answers also what it knows
    /// before it does anything.
    pub fn begin(
        dir: &Path,
        slack: &Slack,
        arrangement: &Arrangement,
        (now, seed): (Now, u64),
        doom: Option<Doom>,
    ) -> (Self, Memory) {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
        let hands = Hands::at(now).seeded(seed);
        let (engine, scribe, memory) = runtime.block_on(async {
            slack.serve().expect("loopback can be listened on");
            let key = SecretKey::load_or_create(&dir.join("secret.key"), [7; 32]).expect("there is a key");
            let store = Arc::new(Store::open(dir, key).await.expect("the store opens"));
            let scribe = Arc::new(Scribe::new(Arc::clone(&store), doom));
            let setup = setup(store, slack, arrangement, hands);
            let engine = start_through(setup, Arc::clone(&scribe) as _).await.expect("Larum starts");
            // The writer has not had its first turn yet.
            let memory = engine.read(Memory::of);
            (engine, scribe, memory)
        });
        (Self { engine, scribe, hands, runtime }, memory)
    }

    /// What both clocks say.
    pub fn now(&self) -> Now {
        self.engine.now()
    }

    /// The clock, for what is read by it.
    pub fn clock(&self) -> Clock {
        self.hands.clock()
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.engine.read(look)
    }

    /// The engine, for what needs no turn of it.
    pub fn engine(&self) -> &Handle {
        &self.engine
    }

    /// The journal.
    pub fn scribe(&self) -> &Scribe {
        &self.scribe
    }

    /// What was written down since this was last asked.
    pub fn written(&self) -> Vec<Written> {
        self.scribe.take()
    }

    /// Moves both clocks on. What is due by that happens when the process gets its turn.
    pub fn pass(&self, span: Duration) {
        self.hands.pass(span);
    }

    /// Sets the wall clock.
    pub fn set_wall(&self, wall: Timestamp) {
        self.hands.set_wall(wall);
    }

    /// Asks for something; `None` if the process dies before it answers.
    pub fn ask<T>(&self, work: impl AsyncFnOnce(&Handle) -> T) -> Option<T> {
        self.run(work(&self.engine))
    }

    fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let done = async {
            tokio::select! {
                biased;
                answer = work => Some(answer),
                () = self.scribe.death() => None,
            }
        };
        self.runtime.block_on(async { timeout(PATIENCE, done).await.expect("Larum hangs") })
    }

    /// Lets the process do all that is due, until it waits for something. Answers whether it lives.
    pub fn settle(&self) -> bool {
        for _ in 0..TURNS {
            let Some(refused) = self.is_refused() else { return false };
            if refused || !self.has_work() {
                return true;
            }
        }
        panic!("Larum never comes to rest");
    }

    /// Asks for what changes nothing: it is answered in order, so that what was asked before is done. The first may be
    /// refused because its step fails, the second before the disk is asked again, which happens once a second, and the
    /// third because its step fails too. Answers whether the fourth is refused as well; `None` if the process dies.
    fn is_refused(&self) -> Option<bool> {
        for _ in 0..4 {
            let answer = self.ask(async |engine| engine.expire_silence(SilenceId(0), "storm").await)?;
            if !matches!(answer, Err(SilenceError::Storage(_))) {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether nothing can be written down, so that nothing is accepted or sent.
    pub fn refuses(&self) -> bool {
        matches!(self.engine.storage(), Storage::Refuses { .. })
    }

    fn has_work(&self) -> bool {
        let now = self.now().steady;
        self.read(|state| state.next_due(now)).is_some_and(|due| due <= now)
    }

    /// Takes what was posted: `count` requests, or more, or the promise is broken that what is written down as being
    /// sent is sent. `None` if the process dies before.
    pub fn posted(&self, slack: &Slack, count: usize) -> Option<Vec<Request>> {
        self.run(slack.take(count))
    }

    /// Answers a request, and lets the process take the answer in. Answers whether it lives.
    pub fn answer(&self, answer: impl FnOnce()) -> bool {
        let mut changes = self.engine.changes();
        answer();
        let taken = self.run(async {
            while changes.recv().await.is_ok_and(|topic| !matches!(topic, Topic::Deliveries | Topic::Status))
            {
            }
        });
        taken.is_some()
    }

    /// What was posted before the process died: it has some more turns, in which it may do what it should not.
    pub fn last_words(&self, slack: &Slack) -> Vec<Request> {
        self.runtime.block_on(async {
            for _ in 0..LAST_TURNS {
                tokio::task::yield_now().await;
            }
        });
        self.run(slack.take(0)).unwrap_or_default()
    }
}

fn setup(store: Arc<Store>, slack: &Slack, arrangement: &Arrangement, hands: Hands) -> Setup {
    let clock = hands.clock();
    let url = slack.url().expect("loopback has an address");
    let file = arrangement.file.as_ref().map(|text| read_route_file(text, clock));
    Setup {
        store,
        clock,
        http: build_http_client(PATIENCE, None).expect("a client can be built"),
        slack_api: ApiUrl::parse(&format!("{url}/api/")).expect("it is an address"),
        pace: arrangement.pace,
        external_url: "http://larum.test".to_owned(),
        limits: Limits::default(),
        inhibitions: Arc::clone(&arrangement.inhibitions),
        route_file: file,
        timers: Timers::Lasting,
        start_delay: Duration::ZERO,
        silence_retention: SILENCE_RETENTION,
    }
}
