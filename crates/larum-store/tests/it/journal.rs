//! What is written down comes back as it was.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{EndReason, Measured, Observation, Origin, PolicyId, Says};
use larum_core::condition::{Condition, Conditions, Operator};
use larum_core::config::{Config, Grouping, Pace};
use larum_core::inhibit::InhibitRule;
use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::outbox::{DeliveryId, Outcome};
use larum_core::policy::{Policy, PolicyDraft, PolicyKind};
use larum_core::receiver::{Channels, Manner, Receiver, ReceiverId};
use larum_core::state::State;
use larum_core::time::{Now, Steady, Timestamp};
use larum_store::{
    Commit, DeliveryFilter, DeliveryLog, GroupingRow, PolicyRow, ReceiverRow, Rendered, SecretKey,
    SettingsWrite, SlackFacts, Store,
};
use secrecy::ExposeSecret;
use tempfile::TempDir;

pub struct Diary {
    pub store: Arc<Store>,
    pub state: State,
    pub now: Now,
    dir: TempDir,
}

pub async fn open(dir: &TempDir) -> Store {
    let key = SecretKey::load_or_create(&dir.path().join("secret.key"), [7; 32]).unwrap();
    Store::open(dir.path(), key).await.unwrap()
}

fn receiver() -> Receiver {
    let values = ["critical", "warn\"ing\n<!channel>", "日本"];
    Receiver {
        id: ReceiverId(1_000_000),
        name: "Critical things".into(),
        enabled: true,
        channels: Channels::parse(&["alerts", "C0123ABCD"]).unwrap(),
        conditions: Conditions::all(vec![Condition::new("severity", Operator::In, values).unwrap()]).unwrap(),
        workspace: Some("T1".into()),
        unproven: false,
        manner: Manner::default(),
    }
}

/// What is called *loud* inhibits what is called *quiet*.
fn over() -> InhibitRule {
    InhibitRule {
        name: "a 'rule' with \"quotes\"".into(),
        source: vec![Matcher::equal("i", "loud")],
        target: vec![Matcher::equal("i", "quiet")],
        equal: vec!["alertname".into()],
    }
}

impl Diary {
    pub async fn begin() -> Self {
        let dir = TempDir::new().unwrap();
        let config = Config {
            receivers: vec![Arc::new(receiver())],
            pace: Pace::NONE,
            inhibitions: [over()].into(),
            ..Config::default()
        };
        let now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::from_millis(5000) };
        Self { store: Arc::new(open(&dir).await), state: State::new(config), now, dir }
    }

    pub fn says(&mut self, i: &str, says: Says) {
        let labels = [("alertname", "Disk"), ("severity", "warn\"ing\n<!channel>"), ("i", i)];
        let seen = Observation {
            origin: Origin::Policy(PolicyId(3)),
            labels: LabelSet::from_pairs(labels),
            annotations: LabelSet::from_pairs([("summary", "a 'quoted' \u{202e}text")]),
            generator_url: "http://x/?q=1&r=2".into(),
            starts_at: self.now.wall,
            says,
            measured: Some(Measured { value: 0.5, text: "50 %".into() }.into()),
            continues: None,
        };
        self.state.observe(&seen, self.now).unwrap();
    }

    pub fn firing(&mut self, i: &str) {
        let ends_at = self.now.wall.plus(Duration::from_secs(3600));
        self.says(i, Says::Firing { ends_at, timeout: false });
    }

    pub async fn step(&mut self, seconds: u64) -> Vec<DeliveryId> {
        let span = Duration::from_secs(seconds);
        self.now = Now { wall: self.now.wall.plus(span), steady: self.now.steady.plus(span) };
        self.state.plan(self.now, 100);
        let started = self.state.start_deliveries(self.now);
        self.commit(&[]).await;
        started.iter().map(|delivery| delivery.id).collect()
    }

    async fn commit(&mut self, settings: &[SettingsWrite]) {
        let delta = self.state.take_delta();
        let rendered: Vec<Rendered> = delta
            .bodies
            .iter()
            .map(|body| Rendered {
                id: body.id,
                headline: "Disk".into(),
                message: r#"{"text":"Disk"}"#.into(),
                problem: None,
            })
            .collect();
        let commit = Commit { delta: &delta, rendered: &rendered, settings, now: self.now };
        self.store.commit(&commit).await.unwrap();
    }

    pub async fn log(&self) -> DeliveryLog {
        self.store.deliveries(&everything()).await.unwrap()
    }

    /// The state as it would go on after a crash.
    pub async fn read_back(&self) -> State {
        let recalled = self.store.recall(self.now).await.unwrap();
        State::remember(self.state.config.clone(), recalled.remembered, self.now)
    }
}

fn everything() -> DeliveryFilter {
    DeliveryFilter { limit: 1000, ..DeliveryFilter::default() }
}

/// All that a state holds, in words that can be compared.
fn picture(state: &State) -> String {
    let mut alerts: Vec<_> = state.firing().map(|alert| format!("{alert:?}")).collect();
    alerts.sort();
    let mut groups: Vec<_> = state.groups().map(|group| format!("{group:?}")).collect();
    groups.sort();
    let waiting: Vec<_> = state.outbox().iter().map(|delivery| format!("{delivery:?}")).collect();
    format!("{alerts:#?}\n{groups:#?}\n{waiting:#?}\n{}", lanes(state))
}

/// What lanes wait for, in words that can be compared.
pub fn lanes(state: &State) -> String {
    let lanes = state.outbox().lanes();
    let lanes: Vec<_> = lanes.map(|(id, channel, lane)| (id, channel, lane.paused())).collect();
    let asked: Vec<_> = state.outbox().retry_after().collect();
    format!("{lanes:#?}\n{asked:#?}")
}

#[tokio::test]
async fn alerts_groups_and_deliveries_come_back_as_they_were() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.firing("2");
    diary.step(0).await;
    let on_their_way = diary.step(30).await;
    assert_eq!(on_their_way.len(), 2);
    let refused = Outcome::ChannelRefused { error: "not_in_channel".into() };
    diary.state.finish_delivery(on_their_way[0], refused, 0.0, diary.now);
    let delivered = Outcome::Delivered { ts: "1.2".into(), channel_id: "C9".into() };
    diary.state.finish_delivery(on_their_way[1], delivered, 0.0, diary.now);
    diary.says("1", Says::Ended { at: diary.now.wall, reason: EndReason::PolicyChanged });
    diary.firing("3");
    diary.step(0).await;
    let again = diary.read_back().await;
    assert_eq!(picture(&again), picture(&diary.state));
    let log = diary.log().await.rows;
    let states: Vec<&str> = log.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["delivered", "waiting"]);
    assert_eq!((log[0].ts.as_deref(), log[1].error.as_deref()), (Some("1.2"), Some("not_in_channel")));
}

#[tokio::test]
async fn what_was_on_its_way_may_have_arrived() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(30).await;
    diary.step(0).await;
    let again = diary.read_back().await;
    assert_eq!(again.outbox().len(), 2);
    assert!(again.outbox().iter().all(|delivery| delivery.uncertain && delivery.attempts == 1));
}

#[tokio::test]
async fn settings_come_back_and_the_token_lies_encrypted() {
    let mut diary = Diary::begin().await;
    let token = diary.store.seal(&"xoxb-very-secret".to_owned().into(), [1; 24]);
    let row = ReceiverRow {
        receiver: receiver(),
        version: 4,
        token,
        slack: SlackFacts { team_id: Some("T1".into()), ..SlackFacts::default() },
        created_at: diary.now.wall,
        updated_at: diary.now.wall,
        updated_by: "ada".into(),
    };
    let draft = PolicyDraft {
        name: "Memory".into(),
        expr: "up == 0".into(),
        summary: "s".into(),
        ..PolicyDraft::default()
    };
    let policy = Policy::new(PolicyId(9), PolicyKind::Custom, 2, &draft).unwrap();
    let grouping =
        Grouping::new(&["..."], Duration::ZERO, Duration::from_secs(1), Duration::from_secs(60)).unwrap();
    let settings = [
        SettingsWrite::PutReceiver(Box::new(row)),
        SettingsWrite::PutPolicy(Box::new(PolicyRow {
            policy: policy.clone(),
            updated_at: diary.now.wall,
            updated_by: "bob".into(),
        })),
        SettingsWrite::PutGrouping { grouping: grouping.clone(), version: 3, by: "ada".into() },
    ];
    diary.commit(&settings).await;
    let recalled = diary.store.recall(diary.now).await.unwrap();
    assert_eq!(recalled.receivers[0].receiver, receiver());
    assert_eq!((recalled.receivers[0].version, recalled.receivers[0].updated_by.as_str()), (4, "ada"));
    assert_eq!(recalled.policies[0].policy, policy);
    let saved = Some((diary.now.wall, "ada".to_owned()));
    assert_eq!(recalled.grouping, GroupingRow { grouping, version: 3, saved });
    let secret = diary.store.unseal(&recalled.receivers[0].token).unwrap();
    assert_eq!(secret.expose_secret(), "xoxb-very-secret");
    diary.store.close().await;
    for file in std::fs::read_dir(diary.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"very-secret"));
    }
}

#[tokio::test]
async fn rows_and_counts_of_the_log_are_of_one_moment() {
    let mut diary = Diary::begin().await;
    let store = Arc::clone(&diary.store);
    let writing = tokio::spawn(async move {
        for alert in 0..60 {
            diary.firing(&alert.to_string());
            for id in diary.step(300).await {
                let delivered = Outcome::Delivered { ts: "1.2".into(), channel_id: "C9".into() };
                diary.state.finish_delivery(id, delivered, 0.0, diary.now);
            }
        }
        diary
    });
    while !writing.is_finished() {
        let log = store.deliveries(&everything()).await.unwrap();
        let mut counted = BTreeMap::new();
        for row in log.rows {
            *counted.entry(row.state).or_insert(0) += 1;
        }
        assert_eq!(counted, log.counts.into_iter().collect());
    }
    assert_eq!(writing.await.unwrap().log().await.rows.len(), 120);
}
