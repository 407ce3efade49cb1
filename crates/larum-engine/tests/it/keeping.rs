//! How long what happened can be read.

use std::time::Duration;

use larum_core::time::Now;
use larum_engine::{KEPT_ANYWAY, Retention, Tidy};
use larum_store::DeliveryFilter;

use crate::house::House;

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn told(house: &House) -> usize {
    let everything = DeliveryFilter { limit: 100, ..DeliveryFilter::default() };
    house.engine.store().deliveries(&everything).await.unwrap().rows.len()
}

/// A house that has told one alert and its end.
async fn with_a_story() -> House {
    let house = House::open().await;
    house.receiver(&["#alerts"]).await;
    let mut changes = house.engine.changes();
    house.firing("DiskFull").await;
    house.hears("#alerts", 1).await;
    house.resolved("DiskFull").await;
    house.hears("#alerts", 2).await;
    while house.engine.read(|state| !state.outbox().is_empty()) {
        changes.recv().await.unwrap();
    }
    house
}

fn later(house: &House, span: Duration) -> Now {
    let now = house.engine.now();
    Now { wall: now.wall.plus(span), steady: now.steady.plus(span) }
}

#[tokio::test]
async fn the_last_day_is_kept_though_it_is_too_large_and_what_is_older_goes_sooner() {
    let house = with_a_story().await;
    let bytes = house.engine.store().history_bytes().await.unwrap() * 2 / 3;
    let mut tidy = Tidy::new(house.engine.clone(), Retention { bytes, ..Retention::default() });
    tidy.step(later(&house, 3 * HOUR)).await;
    assert_eq!(told(&house).await, 2);
    let limit_used = format!("{:?}", house.engine.meters().limit_used);
    assert!(limit_used.contains("history"), "{limit_used}");
    tidy.step(later(&house, KEPT_ANYWAY + HOUR)).await;
    assert_eq!(told(&house).await, 0);
}

#[tokio::test]
async fn a_last_day_that_is_far_too_large_goes_too() {
    let house = with_a_story().await;
    let mut tidy = Tidy::new(house.engine.clone(), Retention { bytes: 1, ..Retention::default() });
    tidy.step(later(&house, HOUR)).await;
    assert_eq!(told(&house).await, 0);
}

#[tokio::test]
async fn what_has_room_is_kept_for_its_age() {
    let house = with_a_story().await;
    let retention = Retention { age: 48 * HOUR, ..Retention::default() };
    let mut tidy = Tidy::new(house.engine.clone(), retention);
    tidy.step(later(&house, 47 * HOUR)).await;
    assert_eq!(told(&house).await, 2);
    // Looked for every few minutes.
    tidy.step(later(&house, 49 * HOUR)).await;
    assert_eq!(told(&house).await, 0);
}
