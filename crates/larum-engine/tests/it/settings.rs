//! Settings in use: tokens that cannot be read, and what comes with a newer Larum.

use std::sync::Arc;

use larum_core::condition::Conditions;
use larum_core::policy::PolicyDraft;
use larum_core::receiver::Channels;
use larum_engine::{ReceiverDraft, random_bytes};
use larum_store::{SecretKey, SlackFacts, Store};

use crate::house::House;

/// A receiver whose token was sealed with a key that is not this installation's any more.
async fn sealed_elsewhere(house: &House) -> ReceiverDraft {
    let elsewhere = tempfile::tempdir().unwrap();
    let key = SecretKey::load_or_create(&elsewhere.path().join("secret.key"), random_bytes()).unwrap();
    let store = Store::open(elsewhere.path(), key).await.unwrap();
    let token = store.seal(&house.slack.bot_token.clone().into(), random_bytes());
    store.close().await;
    ReceiverDraft {
        name: Arc::from("Slack"),
        enabled: true,
        channels: Channels::parse(&["#alerts"]).unwrap(),
        conditions: Conditions::EVERYTHING,
        token: Some(token),
        slack: SlackFacts { team_id: Some("T1".into()), ..SlackFacts::default() },
    }
}

#[tokio::test]
async fn a_token_that_the_key_does_not_open_is_told_as_that_and_slack_is_not_asked() {
    let house = House::open().await;
    let mut changes = house.engine.changes();
    let row = house.engine.save_receiver(None, sealed_elsewhere(&house).await, "ada").await.unwrap();
    house.firing("DiskFull").await;
    let paused = || {
        house.engine.read(|state| {
            let (_, _, lane) = state.outbox().lanes().next()?;
            lane.paused().map(|paused| paused.error.clone())
        })
    };
    while paused().is_none() {
        changes.recv().await.unwrap();
    }
    assert_eq!(paused().unwrap(), "token_unreadable");
    assert!(house.slack.control().requests(0).is_empty());
    house.save(Some(&row), &["#alerts"], true).await;
    assert!(house.hears("#alerts", 1).await[0].contains("DiskFull"));
}

#[tokio::test]
async fn a_built_in_policy_that_somebody_switched_off_gets_newer_words_and_stays_off() {
    let house = House::open().await;
    let comes = |expr: &str, summary: &str| {
        let draft = PolicyDraft {
            name: "Disk is full".into(),
            expr: expr.into(),
            summary: summary.into(),
            ..PolicyDraft::default()
        };
        house.engine.seed_policies(vec![("disk-full".into(), draft)])
    };
    let known = || house.engine.desk().policies.values().next().unwrap().policy.clone();
    comes("disk > 1", "too full").await.unwrap();
    let off = PolicyDraft { enabled: false, ..known().draft() };
    house.engine.save_policy(Some((known().id, 1)), off, "ada").await.unwrap();

    comes("disk > 2", "really too full").await.unwrap();
    let policy = known();
    assert_eq!((&*policy.expr, &*policy.summary, policy.version), ("disk > 2", "really too full", 3));
    assert!(!policy.enabled);
    comes("disk > 2", "really too full").await.unwrap();
    assert_eq!(known().version, 3);
}
