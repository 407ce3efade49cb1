//! Rule files beside policies: what they come to, and what goes wrong with them without touching the rest.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::policy::{Health, Policy, SeriesState, Standing};
use larum_engine::{Clock, Evaluator, Gaps, KnownFile, RuleFiles, Source};
use larum_metrics::{Reading, Store};
use larum_promql::{Options, Query};
use larum_rules::{Installation, RuleFile};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::house::{House, PATIENCE};
use crate::peer::Peer;

/// A policy, how it stands and how it does, and its series.
type Found = (Arc<Policy>, Standing, Option<Health>, Vec<SeriesState>);

/// A house that evaluates.
struct Watching {
    house: House,
    series: Arc<Store>,
    clock: Clock,
    stop: watch::Sender<bool>,
    evaluating: JoinHandle<()>,
}

impl Watching {
    async fn over(house: House, source: Source, clock: Clock, series: Arc<Store>) -> Self {
        let (stop, stopping) = watch::channel(false);
        let installation = Installation {
            external_labels: LabelSet::from_pairs([("cluster", "blue")]),
            external_url: "http://larum".into(),
        };
        let evaluator = Evaluator::new(house.engine.clone(), clock, source, Gaps::default(), installation);
        let evaluating = tokio::spawn(async move { evaluator.run(stopping).await.unwrap() });
        Self { house, series, clock, stop, evaluating }
    }

    async fn open() -> Self {
        Self::in_house(House::open().await).await
    }

    async fn in_house(house: House) -> Self {
        let (series, clock) = (Arc::new(Store::default()), Clock::start());
        // Something has been collected for a while: what is missing now is missing.
        for ago in (1..=10).rev().map(|step| step * Duration::from_secs(15)) {
            let labels = LabelSet::from_pairs([("__name__", "up")]);
            series.append("host", clock.now().wall.minus(ago), &[Reading { labels, value: 1.0 }]);
        }
        Self::over(house, Source::embedded(Arc::clone(&series), clock), clock, series).await
    }

    async fn stop(self) -> House {
        self.stop.send_replace(true);
        timeout(PATIENCE, self.evaluating).await.unwrap().unwrap();
        self.house
    }

    /// What the source shows now.
    fn shows(&self, name: &str, value: f64) {
        let labels = LabelSet::from_pairs([("__name__", name), ("node", "a")]);
        self.series.append(name, self.clock.now().wall, &[Reading { labels, value }]);
    }

    /// Puts the text of a rule file into force.
    async fn rules(&self, text: &str) {
        let (sound, broken) = RuleFile::parse_sound(text).unwrap();
        let file = KnownFile { sound: Arc::new(sound), broken, error: None };
        self.file(file).await;
    }

    async fn file(&self, file: KnownFile) {
        let files = BTreeMap::from([("rules.yml".into(), file)]);
        self.house.engine.put_rule_files(RuleFiles { files, ..RuleFiles::default() }).await.unwrap();
    }

    fn value(&self, expr: &str) -> Option<f64> {
        let query = Query::parse(expr).unwrap();
        let answer = query.instant(self.series.as_ref(), self.clock.now().wall, &Options::default());
        answer.unwrap().value.elements().first().map(|element| element.value)
    }

    /// The policy of this name, how it stands and how it does, and its series.
    fn policy(&self, name: &str) -> Option<Found> {
        self.house.engine.read(|state| {
            let found = state.policies().find(|(policy, _)| &*policy.name == name)?;
            let (policy, known) = found;
            let health = known.last().map(|last| last.health.clone());
            Some((Arc::clone(policy), known.standing(policy), health, known.series().cloned().collect()))
        })
    }

    fn stands(&self, name: &str) -> Option<Standing> {
        self.policy(name).map(|(_, standing, ..)| standing)
    }

    /// Waits until it is so.
    async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let looking = async {
            let mut look = tokio::time::interval(Duration::from_millis(5));
            while !so(self) {
                look.tick().await;
            }
        };
        timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("it never came to this: {what}"));
    }
}

const NODES: &str = "
groups:
- name: nodes
  interval: 20ms
  rules:
  - record: node:tanks
    expr: tank * 2
    labels: {kind: doubled}
  - alert: TankFull
    expr: node:tanks > 10
    keep_firing_for: 1h
    labels: {severity: page, where: 'at {{ $labels.node }}'}
    annotations: {summary: '{{ with query \"tank\" }}{{ . | first | value }} litres{{ end }}'}
  - alert: TankFullSeen
    expr: ALERTS{alertname='TankFull',alertstate='firing'} unless on () absent(node:tanks)
    labels: {severity: info}
";

#[tokio::test]
async fn each_rule_of_a_group_sees_what_those_before_it_said() {
    let watching = Watching::open().await;
    watching.shows("tank", 6.0);
    watching.rules(NODES).await;
    watching.until("the last rule fires", |all| all.stands("TankFullSeen") == Some(Standing::Firing)).await;
    assert_eq!(watching.value("node:tanks{kind='doubled'}"), Some(12.0));
    assert_eq!(watching.value("ALERTS{alertname='TankFull'}"), Some(1.0));
    let since = watching.value("ALERTS_FOR_STATE{alertname='TankFull'}").unwrap();
    assert!((0.0..60.0).contains(&(watching.clock.now().wall.as_millis() as f64 / 1000.0 - since)));

    let (policy, _, _, series) = watching.policy("TankFull").unwrap();
    let labels = [
        ("alertname", "TankFull"),
        ("cluster", "blue"),
        ("kind", "doubled"),
        ("node", "a"),
        ("severity", "page"),
        ("where", "at a"),
    ];
    assert_eq!(series[0].labels, LabelSet::from_pairs(labels));
    assert_eq!(series[0].annotations.value("summary"), "6 litres");
    assert!(policy.kind.is_rule());

    // It fires on for an hour; the rule over it that has nothing of the kind ends.
    watching.shows("tank", 1.0);
    let kept = |all: &Watching| all.policy("TankFull").is_some_and(|found| found.3[0].kept_since.is_some());
    watching.until("the tank is not full any more", kept).await;
    assert_eq!(watching.stands("TankFull"), Some(Standing::Firing));
    let groups = watching.house.engine.rule_groups();
    assert!(groups[0].evaluation().last.is_some());

    // What stands in no file any more ends, and so does what it recorded.
    watching.rules("groups: []").await;
    assert!(watching.stands("TankFull").is_none());
    watching.until("nothing is recorded", |all| all.value("node:tanks").is_none()).await;
    watching.stop().await;
}

const PENDING: &str = "
groups:
- name: nodes
  interval: 20ms
  rules: [{alert: TankFull, expr: tank > 5, for: 1h}]
";

#[tokio::test]
async fn what_is_pending_keeps_its_time_over_a_restart() {
    let watching = Watching::open().await;
    watching.shows("tank", 6.0);
    watching.rules(PENDING).await;
    watching.until("it is pending", |all| all.stands("TankFull") == Some(Standing::Pending)).await;
    let before = watching.policy("TankFull").unwrap();

    let watching = Watching::in_house(watching.stop().await.restart().await).await;
    watching.shows("tank", 7.0);
    watching.rules(PENDING).await;
    watching
        .until("it is evaluated again", |all| all.policy("TankFull").is_some_and(|it| it.2.is_some()))
        .await;
    let after = watching.policy("TankFull").unwrap();
    assert_eq!((after.0.id, after.1, after.3[0].since), (before.0.id, Standing::Pending, before.3[0].since));
    watching.stop().await;
}

const TWO: &str = "
groups:
- name: nodes
  interval: 20ms
  rules:
  - {alert: TankFull, expr: tank > 5}
  - {alert: TankFull, expr: tank > 500}
  - {alert: PondFull, expr: pond > 5}
";

#[tokio::test]
async fn a_rule_that_becomes_wrong_resolves_nothing_and_touches_no_other() {
    let watching = Watching::open().await;
    watching.shows("tank", 6.0);
    watching.shows("pond", 1.0);
    watching.rules(TWO).await;
    watching.until("the tank is full", |all| all.stands("TankFull") == Some(Standing::Firing)).await;

    watching.rules(&TWO.replace("tank > 5}", "tank >}")).await;
    let says = |found: Found| match found.2 {
        Some(Health::Error { message }) => message,
        other => format!("{other:?}"),
    };
    let wrong = |all: &Watching| {
        let words = all.policy("TankFull").map(says);
        words.is_some_and(|words| words.contains("the rule file rules.yml is wrong: 6:"))
    };
    watching.until("it says what is wrong with it", wrong).await;
    assert_eq!(watching.stands("TankFull"), Some(Standing::Firing), "nothing is known to be well");
    watching.shows("pond", 6.0);
    watching.until("the pond is full", |all| all.stands("PondFull") == Some(Standing::Firing)).await;

    // The whole file is no file any more.
    let before = watching.house.engine.rule_files().files["rules.yml"].clone();
    watching.file(KnownFile { error: Some("it cannot be read".to_owned()), ..before }).await;
    assert_eq!(watching.stands("PondFull"), Some(Standing::Firing));

    watching.rules(TWO).await;
    watching.shows("tank", 1.0);
    watching.until("the tank is not full", |all| all.stands("TankFull") == Some(Standing::Inactive)).await;
    watching.stop().await;
}

#[tokio::test]
async fn alerting_is_switched_off_told_once_and_on_again() {
    let watching = Watching::open().await;
    watching.house.receiver(&["#alerts"]).await;
    watching.shows("tank", 6.0);
    watching.rules(&NODES.replace("interval: 20ms", "interval: 50ms")).await;
    watching.house.hears("#alerts", 2).await;
    let engine = &watching.house.engine;
    let firing = || engine.read(|state| state.firing().count());
    assert_eq!(firing(), 2);

    engine.save_alerting(false, 0, "ada").await.unwrap();
    assert_eq!(firing(), 0);
    let heard = watching.house.hears("#alerts", 4).await;
    assert!(heard[2..].iter().all(|text| text.contains("alerting off")), "{heard:?}");
    assert!(engine.save_alerting(true, 0, "bob").await.is_err(), "ada was first");
    watching.house.firing("FromOutside").await;
    assert_eq!(firing(), 1, "others' alerts come and go as ever");

    let watching = Watching::in_house(watching.stop().await.restart().await).await;
    assert!(!watching.house.engine.read(|state| state.alerting()));
    watching.shows("tank", 6.0);
    watching.rules(NODES).await;
    watching.until("what is recorded is recorded", |all| all.value("node:tanks") == Some(12.0)).await;
    assert_eq!(watching.stands("TankFull"), Some(Standing::Inactive));
    watching.house.engine.save_alerting(true, 1, "ada").await.unwrap();
    watching.until("it fires again", |all| all.stands("TankFull") == Some(Standing::Firing)).await;
    watching.stop().await;
}

const REMOTE: &str = "
groups:
- {name: slow, interval: 20ms, rules: [{alert: Slow, expr: slow}]}
- {name: fast, interval: 20ms, rules: [{alert: Fast, expr: fast}, {alert: Gone, expr: gone > 1}]}
- {name: kept, interval: 20ms, rules: [{record: a:b, expr: fast}]}
";

#[tokio::test]
async fn a_slow_group_delays_no_other_and_what_it_missed_is_counted() {
    let house = House::open().await;
    let clock = Clock::start();
    let peer = Peer::open(&["gone"]).await;
    let source = peer.source(clock, Duration::from_millis(500));
    let watching = Watching::over(house, source.clone(), clock, Arc::default()).await;
    watching.rules(REMOTE).await;
    watching.until("the fast one fires", |all| all.stands("Fast") == Some(Standing::Firing)).await;
    assert_ne!(watching.stands("Slow"), Some(Standing::Firing));
    watching.until("nothing is measured", |all| all.stands("Gone") == Some(Standing::NoData)).await;
    let missed = |all: &Watching| {
        let groups = all.house.engine.rule_groups();
        groups.iter().find(|group| &*group.name == "slow").is_some_and(|group| group.evaluation().missed > 0)
    };
    watching.until("evaluations were left out", missed).await;
    watching.until("the slow one says so", |all| all.stands("Slow") == Some(Standing::Error)).await;
    let why = |all: &Watching| {
        let groups = all.house.engine.rule_groups();
        let kept = groups.iter().find(|group| &*group.name == "kept").unwrap();
        let larum_engine::GroupRule::Recording(rule) = &kept.rules[0] else { panic!("it records") };
        rule.evaluation().and_then(|last| last.error).is_some_and(|error| error.contains("record them there"))
    };
    watching.until("nothing can be recorded elsewhere", why).await;

    // The server goes away: what fires goes on.
    peer.close();
    let failed = |all: &Watching| {
        all.policy("Fast").is_some_and(|found| matches!(found.2, Some(Health::Error { .. })))
    };
    watching.until("the fast one cannot be asked", failed).await;
    assert_eq!(watching.stands("Fast"), Some(Standing::Firing));
    assert!(source.health().unwrap().trouble.is_some());
    watching.stop().await;
}
