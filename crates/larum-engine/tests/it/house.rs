//! A running engine on a data directory of its own, with the sandbox as its Slack.

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{EndReason, Observation, Origin, Says};
use larum_core::condition::Conditions;
use larum_core::config::{Grouping, Limits, Pace, Timers};
use larum_core::label::LabelSet;
use larum_core::outbox::Paused;
use larum_core::receiver::Channels;
use larum_engine::{Clock, Handle, ReceiverDraft, Refused, Setup, random_bytes};
use larum_sandbox::{Running, Sandbox, SandboxConfig, Switches};
use larum_slack::{ApiUrl, build_http_client};
use larum_store::{ReceiverRow, SecretKey, SlackFacts, Store};
use tempfile::TempDir;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct House {
    pub engine: Handle,
    pub slack: Running,
    dir: TempDir,
}

impl House {
    pub async fn open() -> Self {
        Self::open_by(Clock::start()).await
    }

    /// Opens one that goes by this clock.
    pub async fn open_by(clock: Clock) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let switches = Switches { posting_limits: false, ..Switches::default() };
        let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await.unwrap();
        let dir = TempDir::new().unwrap();
        let engine = engine(&dir, &slack, clock).await;
        let house = Self { engine, slack, dir };
        let grouping =
            Grouping::new(&["alertname"], Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3600));
        house.engine.save_grouping(grouping.unwrap(), 0, "test").await.unwrap();
        house
    }

    /// Stops the engine and starts another on the same data directory.
    pub async fn restart(self) -> Self {
        let Self { engine, slack, dir } = self;
        engine.stop(PATIENCE).await;
        drop(engine);
        let engine = self::engine(&dir, &slack, Clock::start()).await;
        Self { engine, slack, dir }
    }

    pub async fn receiver(&self, channels: &[&str]) -> ReceiverRow {
        self.save(None, channels, true).await
    }

    pub async fn save(&self, known: Option<&ReceiverRow>, channels: &[&str], enabled: bool) -> ReceiverRow {
        let token = self.slack.bot_token.clone().into();
        let draft = ReceiverDraft {
            name: "Slack".into(),
            enabled,
            channels: Channels::parse(channels).unwrap(),
            conditions: Conditions::EVERYTHING,
            token: Some(self.engine.store().seal(&token, random_bytes())),
            slack: SlackFacts { team_id: Some("T1".into()), ..SlackFacts::default() },
        };
        let known = known.map(|row| (row.receiver.id, row.version));
        self.engine.save_receiver(known, draft, "ada").await.unwrap()
    }

    pub async fn firing(&self, name: &str) {
        self.try_firing(name).await.unwrap();
    }

    pub async fn try_firing(&self, name: &str) -> Result<(), Refused> {
        let ends_at = self.engine.now().wall.plus(Duration::from_secs(300));
        self.says(name, Says::Firing { ends_at, timeout: true }).await
    }

    pub async fn resolved(&self, name: &str) {
        self.says(name, Says::Ended { at: self.engine.now().wall, reason: EndReason::Resolved })
            .await
            .unwrap();
    }

    async fn says(&self, name: &str, says: Says) -> Result<(), Refused> {
        let seen = Observation {
            origin: Origin::Prometheus,
            labels: LabelSet::from_pairs([("alertname", name), ("severity", "warning")]),
            annotations: LabelSet::from_pairs([("summary", "It is <!channel> full & more")]),
            generator_url: "http://prometheus/graph".into(),
            starts_at: self.engine.now().wall,
            says,
            measured: None,
            continues: None,
        };
        self.engine.observe(vec![seen]).await
    }

    /// Why the lane to this channel is paused, if it is.
    pub fn paused(&self, channel: &str) -> Option<Paused> {
        self.engine.read(|state| {
            let lane = state.outbox().lanes().find(|(_, name, _)| name.as_str() == channel);
            lane.and_then(|(_, _, lane)| lane.paused().cloned())
        })
    }

    /// The texts of the first `count` messages in a channel, once they are there.
    pub async fn hears(&self, channel: &str, count: usize) -> Vec<String> {
        let wait = self.slack.control().wait_for_messages(0, Some(channel), count, PATIENCE);
        let messages = wait.await.unwrap();
        assert_eq!(
            messages.len(),
            count,
            "{channel} heard {:?}",
            messages.iter().map(|m| m.text()).collect::<Vec<_>>()
        );
        messages.iter().map(|message| message.text().to_owned()).collect()
    }
}

async fn engine(dir: &TempDir, slack: &Running, clock: Clock) -> Handle {
    let key = SecretKey::load_or_create(&dir.path().join("secret.key"), random_bytes()).unwrap();
    let store = Arc::new(Store::open(dir.path(), key).await.unwrap());
    let setup = Setup {
        store,
        clock,
        http: build_http_client(Duration::from_secs(10), None).unwrap(),
        slack_api: ApiUrl::parse(&slack.api_url()).unwrap(),
        pace: Pace::NONE,
        external_url: "http://127.0.0.1:9093".to_owned(),
        limits: Limits::default(),
        inhibitions: [].into(),
        route_file: None,
        timers: Timers::Lasting,
        start_delay: Duration::ZERO,
        silence_retention: larum_engine::SILENCE_RETENTION,
    };
    larum_engine::start(setup).await.unwrap()
}
