//! What the writer waits for.

use std::time::Duration;

use larum_core::alert::{Observation, Origin, Says};
use larum_core::condition::Conditions;
use larum_core::config::{Config, Pace};
use larum_core::label::LabelSet;
use larum_core::receiver::{Channels, Manner, Receiver, ReceiverId};
use larum_core::state::State;
use larum_core::time::{Now, Timestamp};
use larum_render::Links;
use larum_slack::{ApiUrl, build_http_client};
use larum_store::{SecretKey, Store};
use uuid::Uuid;

use super::*;
use crate::clock::Clock;
use crate::shared::Unwritable;

/// A state in which a message waits that may be sent.
fn with_a_message(now: Now) -> State {
    let receiver = Receiver {
        id: ReceiverId(1),
        name: "Slack".into(),
        enabled: true,
        channels: Channels::parse(&["alerts"]).unwrap(),
        conditions: Conditions::EVERYTHING,
        workspace: None,
        unproven: false,
        manner: Manner::default(),
    };
    let mut state =
        State::new(Config { receivers: vec![receiver.into()], pace: Pace::NONE, ..Config::default() });
    let seen = Observation {
        origin: Origin::Prometheus,
        labels: LabelSet::from_pairs([("alertname", "Disk")]),
        annotations: LabelSet::empty(),
        generator_url: "".into(),
        starts_at: now.wall,
        says: Says::Firing { ends_at: now.wall.plus(Duration::from_secs(3600)), timeout: true },
        measured: None,
        continues: None,
    };
    state.observe(&seen, now).unwrap();
    state.speak_now(&seen.key(), now);
    state.plan(now, 100);
    state
}

#[tokio::test]
async fn while_nothing_can_be_written_down_the_writer_waits_for_the_disk_alone() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let key = SecretKey::load_or_create(&folder.path().join("secret.key"), [1; 32]).unwrap();
    let store = Arc::new(Store::open(folder.path(), key).await.unwrap());
    let clock = Clock::start();
    let now = clock.now();
    let desk = Desk::default();
    let shared = Shared::new(with_a_message(now), desk, Arc::clone(&store), clock, Storage::Fine);
    let (commands, waiting) = mpsc::channel(1);
    let http = build_http_client(Duration::from_secs(1), None).unwrap();
    let api = ApiUrl::parse("http://127.0.0.1:1/api/").unwrap();
    let post = Post::new(http, api, Arc::clone(&store), commands.downgrade(), Uuid::nil());
    let external_url = "http://127.0.0.1:9093".to_owned();
    let site = Site { links: Links::to(&external_url), external_url };
    let mut writer = Writer::new(shared.into(), store, waiting, post, site, Duration::ZERO);
    writer.ask_again = now.steady.plus(Duration::from_secs(1));
    assert!(writer.due(now.steady).is_some_and(|due| due <= now.steady));
    let refuses = Storage::Refuses { since: Timestamp::default(), why: Unwritable::Full };
    *writer.shared.storage.write() = refuses;
    assert_eq!(writer.due(now.steady), Some(writer.ask_again));

    // Nobody is left: it ends, and does not look for commands for ever.
    drop(commands);
    writer.run().await;
}
