//! Settings in use: tokens that cannot be read or of which Slack has said nothing, and what comes with a newer Larum.

use std::sync::Arc;

use larum_core::condition::Conditions;
use larum_core::policy::PolicyDraft;
use larum_core::receiver::Channels;
use larum_engine::{ReceiverDraft, SettingsError, random_bytes};
use larum_sandbox::{Behaviour, ChannelChange, Fault};
use larum_store::{DeliveryFilter, ReceiverRow, SecretKey, SlackFacts, Store};

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

/// Saves a token of which Slack has said nothing yet, for the channel #random.
async fn save_unheard(house: &House, known: Option<&ReceiverRow>) -> ReceiverRow {
    let token = house.slack.bot_token.clone().into();
    let draft = ReceiverDraft {
        name: Arc::from("Slack"),
        enabled: true,
        channels: Channels::parse(&["#random"]).unwrap(),
        conditions: Conditions::EVERYTHING,
        token: Some(house.engine.store().seal(&token, random_bytes())),
        slack: SlackFacts::default(),
    };
    let known = known.map(|row| (row.receiver.id, row.version));
    house.engine.save_receiver(known, draft, "ada").await.unwrap()
}

/// The receiver's row, once it is as wanted.
async fn until(house: &House, wanted: impl Fn(&ReceiverRow) -> bool) -> Arc<ReceiverRow> {
    let mut changes = house.engine.changes();
    loop {
        let row = house.engine.desk().receivers.values().next().cloned();
        if let Some(row) = row.filter(|row| wanted(row)) {
            return row;
        }
        changes.recv().await.unwrap();
    }
}

/// A message waits because the app is not in its channel. Then Slack cannot be asked, the app is invited, and another
/// token saved.
async fn token_saved_while_slack_is_down(house: &House, known: &ReceiverRow) -> ReceiverRow {
    let mut changes = house.engine.changes();
    house.firing("DiskFull").await;
    let is_paused =
        || house.engine.read(|state| state.outbox().lanes().any(|(_, _, lane)| lane.paused().is_some()));
    while !is_paused() {
        changes.recv().await.unwrap();
    }
    let down = Fault::of(Behaviour::ServerError { status: 503 }).on("auth.test");
    house.slack.control().inject(down).unwrap();
    let invited = ChannelChange { bot_is_member: Some(true), ..ChannelChange::default() };
    house.slack.control().change_channel("#random", invited).unwrap();
    let row = save_unheard(house, Some(known)).await;
    assert!(row.receiver.unproven);
    assert!(until(house, |row| row.slack.problem.is_some()).await.receiver.unproven);
    row
}

#[tokio::test]
async fn a_token_of_which_slack_said_nothing_is_asked_about_again_and_what_waits_is_sent() {
    let house = House::open().await;
    save_unheard(&house, None).await;
    let known = until(&house, |row| row.slack.state == "checked").await;
    assert_eq!((known.version, known.slack.as_name.as_deref()), (1, Some("larum")));
    let row = token_saved_while_slack_is_down(&house, &known).await;
    house.slack.control().clear_faults();
    save_unheard(&house, Some(&row)).await;
    assert!(house.hears("#random", 1).await[0].contains("DiskFull"));
    assert!(!until(&house, |row| row.slack.state == "checked").await.receiver.unproven);
}

#[tokio::test]
async fn what_waits_is_not_told_to_the_workspace_of_a_token_saved_while_slack_was_down() {
    let house = House::open().await;
    let known = house.save(None, &["#random"], true).await;
    let row = token_saved_while_slack_is_down(&house, &known).await;
    house.slack.control().clear_faults();
    save_unheard(&house, Some(&row)).await;
    until(&house, |row| row.slack.state == "checked").await;
    let filter = DeliveryFilter { limit: 10, ..DeliveryFilter::default() };
    let row = house.engine.store().deliveries(&filter).await.unwrap().rows.remove(0);
    assert_eq!((row.state.as_str(), row.attempts), ("cancelled", 1));
    assert_eq!(row.detail.as_deref(), Some("token of another workspace saved by ada"));
    assert!(house.slack.control().messages(0, None).unwrap().is_empty());
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

/// A policy as it comes with some version of Larum.
fn comes_with_larum(enabled: bool, summary: &str) -> PolicyDraft {
    PolicyDraft {
        name: "Disk is full".into(),
        expr: "disk > 1".into(),
        summary: summary.into(),
        enabled,
        ..PolicyDraft::default()
    }
}

#[tokio::test]
async fn a_newer_larum_switches_what_nobody_has_switched_and_nothing_else() {
    let house = House::open().await;
    let seed = |enabled, summary: &str| {
        house.engine.seed_policies(vec![("disk-full".into(), comes_with_larum(enabled, summary))])
    };
    let known = || house.engine.desk().policies.values().next().unwrap().policy.clone();
    seed(true, "full").await.unwrap();
    seed(false, "full").await.unwrap();
    assert!(!known().enabled, "nobody has switched it on");
    let on = PolicyDraft { enabled: true, ..known().draft() };
    house.engine.save_policy(Some((known().id, known().version)), on, "ada").await.unwrap();
    for summary in ["really full", "full to the brim"] {
        seed(false, summary).await.unwrap();
        assert_eq!((known().enabled, &*known().summary), (true, summary));
    }
}

#[tokio::test]
async fn a_policy_that_comes_with_larum_no_more_can_be_deleted() {
    let house = House::open().await;
    house.engine.seed_policies(vec![("disk-full".into(), comes_with_larum(true, "full"))]).await.unwrap();
    let known = |house: &House| house.engine.desk().policies.values().next().unwrap().policy.clone();
    let builtin = known(&house);
    let refused = house.engine.delete_policy(builtin.id, builtin.version, "ada").await;
    assert!(matches!(refused, Err(SettingsError::Builtin)));

    house.engine.seed_policies(vec![]).await.unwrap();
    let house = house.restart().await;
    let left = known(&house);
    assert_eq!((left.id, &left.expr, left.enabled), (builtin.id, &builtin.expr, true), "it stays in force");
    house.engine.delete_policy(left.id, left.version, "ada").await.unwrap();
}
