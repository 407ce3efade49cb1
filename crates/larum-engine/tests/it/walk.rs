//! One alert's walk, all the way to Slack and back into the log.

use larum_core::outbox::DeliveryId;
use larum_engine::{SettingsError, Topic};
use larum_sandbox::{Behaviour, ChannelChange, Fault};
use larum_store::DeliveryFilter;

use crate::house::House;

#[tokio::test]
async fn an_alert_reaches_both_channels_and_so_does_its_end() {
    let house = House::open().await;
    house.receiver(&["#alerts", "critical"]).await;
    house.firing("DiskFull").await;
    for channel in ["#alerts", "#critical"] {
        let heard = house.hears(channel, 1).await;
        assert!(heard[0].contains("DiskFull") && !heard[0].contains("<!channel>"), "{heard:?}");
    }
    house.resolved("DiskFull").await;
    assert!(house.hears("#alerts", 2).await[1].contains("RESOLVED"));
    house.hears("#critical", 2).await;
}

#[tokio::test]
async fn what_was_accepted_before_a_restart_is_told_after_it_and_once() {
    let house = House::open().await;
    let row = house.save(None, &["alerts"], true).await;
    house.firing("One").await;
    house.hears("#alerts", 1).await;
    let house = house.restart().await;
    house.firing("One").await;
    house.firing("Two").await;
    let heard = house.hears("#alerts", 2).await;
    assert!(heard[0].contains("One") && heard[1].contains("Two"), "{heard:?}");
    let desk = house.engine.desk();
    assert_eq!(desk.receivers[&row.receiver.id].version, 1);
}

#[tokio::test]
async fn a_channel_without_the_app_waits_until_somebody_mends_it() {
    let house = House::open().await;
    let row = house.receiver(&["#random", "#alerts"]).await;
    let mut changes = house.engine.changes();
    house.firing("DiskFull").await;
    house.hears("#alerts", 1).await;
    let paused = loop {
        match house.paused("random") {
            Some(paused) => break paused,
            None => while changes.recv().await.unwrap() != Topic::Receivers {},
        }
    };
    assert_eq!(paused.error, "not_in_channel");
    let invited = ChannelChange { bot_is_member: Some(true), ..ChannelChange::default() };
    house.slack.control().change_channel("#random", invited).unwrap();
    house.save(Some(&row), &["#random", "#alerts"], true).await;
    assert!(house.hears("#random", 1).await[0].contains("DiskFull"));
    while house.paused("random").is_some() {
        while changes.recv().await.unwrap() != Topic::Receivers {}
    }
}

#[tokio::test]
async fn an_answer_that_was_never_read_leads_to_the_one_duplicate_and_the_log_says_so() {
    let house = House::open().await;
    let switches = larum_sandbox::Switches { deduplicate: false, ..house.slack.control().switches() };
    house.slack.control().set_switches(switches);
    house.receiver(&["#alerts"]).await;
    house
        .slack
        .control()
        .inject(Fault::of(Behaviour::Reset).after().on("chat.postMessage").times(1))
        .unwrap();
    house.firing("DiskFull").await;
    let heard = house.hears("#alerts", 2).await;
    assert_eq!(heard[0], heard[1]);
    let mut changes = house.engine.changes();
    loop {
        let log = house
            .engine
            .store()
            .deliveries(&DeliveryFilter { limit: 10, ..Default::default() })
            .await
            .unwrap();
        if log.rows[0].state == "delivered" {
            assert!(log.rows[0].uncertain && log.rows[0].attempts == 2);
            break;
        }
        changes.recv().await.unwrap();
    }
}

#[tokio::test]
async fn the_second_of_two_administrators_is_told_of_the_first() {
    let house = House::open().await;
    let row = house.receiver(&["#alerts"]).await;
    house.save(Some(&row), &["#alerts", "#critical"], true).await;
    let deleted = house.engine.delete_receiver(row.receiver.id, row.version, "bob").await;
    assert!(matches!(deleted, Err(SettingsError::Conflict)));
    assert!(matches!(house.engine.retry_delivery(DeliveryId(4711)).await, Err(SettingsError::NotFound)));
}
