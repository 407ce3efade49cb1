//! A wall clock that jumps, through a whole evaluation: what is collected, what policies make of it, and who is told.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::label::LabelSet;
use larum_core::policy::{PolicyDraft, SeriesState, Standing};
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::{
    COLLECTION_INTERVAL, Clock, Collector, Evaluator, Hands, Kept, KnownFile, RuleFiles, Source,
};
use larum_metrics::{HostCollector, HostPaths, Reading, Store};
use larum_rules::{Installation, RuleFile};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::house::{House, PATIENCE};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long after a collection policies are evaluated.
const HALF_A_SECOND: Duration = Duration::from_millis(500);
/// More than it takes until everybody has heard what was said last.
const TURNS: usize = 100;
/// The policy that fires at once, in the console and in a file, and the one that waits for ten minutes.
const FIRES: [&str; 2] = ["Busy", "BusyByFile"];
const WAITS: &str = "BusyForLong";

const FILE: &str = "
groups:
- name: node
  interval: 15s
  rules: [{alert: BusyByFile, expr: node_load1 > 5}]
";

/// A house that watches a host, and a clock that somebody can set.
struct World {
    house: House,
    hands: Hands,
    clock: Clock,
    series: Arc<Store>,
    host: TempDir,
    /// When the host was last looked at.
    looked_at: Cell<Timestamp>,
    _stop: watch::Sender<bool>,
}

impl World {
    async fn open() -> Self {
        let wall = Timestamp::from_millis(1_800_000_000_000);
        let hands = Hands::at(Now { wall, steady: Steady::default() });
        let (clock, host) = (hands.clock(), TempDir::new().unwrap());
        let house = House::open_by(clock).await;
        house.receiver(&["#alerts"]).await;
        let host_collector = collector_of(host.path());
        let node = host_collector.node().to_owned();
        let collector = Collector::new(house.engine.clone(), clock, host_collector, Kept::default());
        let (series, gaps) = (Arc::clone(collector.series()), collector.gaps());
        let source = Source::embedded(Arc::clone(&series), clock);
        let installation = Installation { external_labels: LabelSet::empty(), external_url: "".into() };
        let evaluator = Evaluator::new(house.engine.clone(), clock, source, gaps, installation);
        let (stop, stopping) = watch::channel(false);
        let world = Self { house, hands, clock, series, host, looked_at: Cell::default(), _stop: stop };
        world.load(9);
        world.was_idle_an_hour_ago(&node);
        world.save(FIRES[0], Duration::ZERO).await;
        world.save(WAITS, 600 * SECOND).await;
        tokio::spawn(collector.run(stopping.clone()));
        tokio::spawn(evaluator.run(stopping));
        world.until("the host is looked at", || world.series.newest() == Some(wall)).await;
        world.evaluates().await;
        let sound = Arc::new(RuleFile::parse_sound(FILE).unwrap().0);
        let file = KnownFile { sound, ..KnownFile::default() };
        let files = RuleFiles { files: [("node.yml".into(), file)].into(), ..RuleFiles::default() };
        world.house.engine.put_rule_files(files).await.unwrap();
        world.until("the file is taken up", || world.house.engine.rule_groups().len() == 1).await;
        world
    }

    /// A policy over the host's load, which is to last so long.
    async fn save(&self, name: &str, hold: Duration) {
        let draft = PolicyDraft {
            name: name.into(),
            expr: "node_load1 > 5".into(),
            summary: "It is busy".into(),
            hold,
            ..PolicyDraft::default()
        };
        self.house.engine.save_policy(None, draft, "ada").await.unwrap();
    }

    /// What the host's load is from now on.
    fn load(&self, load: u32) {
        std::fs::write(self.host.path().join("proc/loadavg"), format!("{load} {load} {load} 1/1 1\n"))
            .unwrap();
    }

    /// What was collected then says the opposite of what is so now.
    fn was_idle_an_hour_ago(&self, node: &str) {
        let labels = [("__name__", "node_load1"), ("job", "node"), ("instance", node), ("node", node)];
        let labels = LabelSet::from_pairs(labels);
        for ago in (HOUR.as_secs() - 600..HOUR.as_secs() + 600).rev().step_by(15) {
            let at = self.clock.now().wall.minus(Duration::from_secs(ago));
            self.series.append("host", at, &[Reading { labels: labels.clone(), value: 1.0 }]);
        }
    }

    /// Waits until it is so.
    async fn until(&self, what: &str, so: impl Fn() -> bool) {
        let looking = async {
            let mut look = tokio::time::interval(Duration::from_millis(1));
            while !so() {
                look.tick().await;
            }
        };
        timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("it never came to this: {what}"));
    }

    /// Whether every policy was last evaluated at one of these times.
    fn were_evaluated(&self, times: [Timestamp; 2]) -> bool {
        self.house.engine.read(|state| {
            state.policies().all(|(_, known)| known.last().is_some_and(|last| times.contains(&last.at)))
        })
    }

    /// The next collection.
    async fn collects(&self) {
        let now = self.clock.now();
        let next = Steady::default().step_past(now.steady, COLLECTION_INTERVAL);
        self.hands.pass(next.since(now.steady));
        let at = self.clock.now().wall;
        self.until("the host is looked at", || self.series.newest() == Some(at)).await;
        self.looked_at.set(at);
    }

    /// The evaluation after it, of all policies. A group of a file has its own place in the interval.
    async fn evaluates(&self) {
        self.hands.pass(HALF_A_SECOND);
        let times = [self.looked_at.get(), self.clock.now().wall];
        self.until("all policies are evaluated", || self.were_evaluated(times)).await;
        // What the writer has taken in, the evaluator knows a few turns of the one thread later.
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    }

    /// Goes on for so long, and looks every time whether it is so.
    async fn goes_on(&self, span: Duration, so: impl Fn(&Self)) {
        for _ in 0..span.as_secs() / COLLECTION_INTERVAL.as_secs() {
            self.collects().await;
            self.evaluates().await;
            so(self);
        }
    }

    /// Somebody sets the wall clock between a collection and the evaluation.
    async fn jumps(&self, jump: impl FnOnce(Timestamp) -> Timestamp) {
        self.collects().await;
        self.hands.set_wall(jump(self.clock.now().wall));
        self.evaluates().await;
    }

    fn policy(&self, name: &str) -> (PolicyId, Standing, Vec<SeriesState>, Vec<String>) {
        self.house.engine.read(|state| {
            let found = state.policies().find(|(policy, _)| &*policy.name == name);
            let (policy, known) = found.unwrap();
            let warnings = known.last().map(|last| last.warnings.clone());
            let series = known.series().cloned().collect();
            (policy.id, known.standing(policy), series, warnings.unwrap_or_default())
        })
    }

    fn stands(&self, name: &str) -> Standing {
        self.policy(name).1
    }

    /// What fires fires on, and what waits waits on, also while there is no data for a moment.
    fn holds(&self) {
        assert_eq!(FIRES.map(|name| self.stands(name)), [Standing::Firing; 2]);
        let [waiting] = &self.policy(WAITS).2[..] else { panic!("it waits no more") };
        assert_eq!(waiting.fired_at, None);
    }

    /// What fires says why it would not be resolved now.
    fn says_why(&self) {
        self.holds();
        for name in FIRES {
            let warnings = self.policy(name).3;
            let why = warnings.iter().any(|warning| warning.contains("clock of Larum's machine has jumped"));
            assert!(why, "{name}: {warnings:?}");
        }
    }
}

fn collector_of(root: &Path) -> HostCollector {
    let proc = root.join("proc");
    std::fs::create_dir(&proc).unwrap();
    HostCollector::new(HostPaths { proc, sys: root.join("sys"), root: "/".into() })
}

#[tokio::test]
async fn a_wall_clock_that_jumps_resolves_nothing_and_delays_nothing() {
    let world = World::open().await;
    let engine = &world.house.engine;
    world.collects().await;
    world.evaluates().await;
    world.goes_on(180 * SECOND, World::holds).await;
    let since = world.policy(WAITS).2[0].since;
    assert_eq!(world.house.hears("#alerts", 2).await.len(), 2);

    // Back an hour, when the host was idle.
    world.jumps(|wall| wall.minus(HOUR)).await;
    world.holds();
    world.goes_on(15 * SECOND, World::holds).await;
    world.goes_on(60 * SECOND, World::says_why).await;
    world.goes_on(45 * SECOND, World::holds).await;

    // Ahead a day, of which nothing is known.
    world.jumps(|wall| wall.plus(DAY)).await;
    world.holds();
    world.goes_on(15 * SECOND, World::holds).await;
    world.goes_on(15 * SECOND, World::says_why).await;
    world.goes_on(210 * SECOND, World::holds).await;
    assert_eq!(world.policy(WAITS).2[0].since, since, "it began when it did");

    // Ten minutes have passed by any clock that is not set.
    world.goes_on(15 * SECOND, |_| {}).await;
    assert_eq!(world.stands(WAITS), Standing::Firing);
    assert_eq!(engine.meters().evaluations_missed.get(), 0);

    // It is over, and everybody hears so once.
    world.load(1);
    world.goes_on(30 * SECOND, |_| {}).await;
    for name in [FIRES[0], FIRES[1], WAITS] {
        assert_eq!(world.stands(name), Standing::Inactive, "{name}");
    }
    world.goes_on(15 * SECOND, |_| {}).await;
    let heard = world.house.hears("#alerts", 6).await;
    assert_eq!(heard.iter().filter(|text| text.contains("RESOLVED")).count(), 3, "{heard:?}");
}
