//! What is old goes, and nothing that somebody still needs.

use std::time::Duration;

use larum_core::alert::{AlertId, EndReason, Says};
use larum_core::outbox::{DeliveryId, Outcome};
use larum_core::time::Timestamp;

use crate::journal::Diary;

const DAY: u64 = 24 * 60 * 60;

impl Diary {
    fn arrived(&mut self, id: DeliveryId) {
        let delivered = Outcome::Delivered { ts: "1.2".into(), channel_id: "C9".into() };
        self.state.finish_delivery(id, delivered, 0.0, self.now);
    }

    /// An alert that ended at a time of which its sender has another idea.
    fn ended(&mut self, i: &str, at: Timestamp) {
        self.says(i, Says::Ended { at, reason: EndReason::Resolved });
    }

    /// A whole story: it fires, is told to both channels, and so is its end.
    async fn story(&mut self, i: &str) {
        self.firing(i);
        self.step(0).await;
        self.ended_story(i).await;
    }

    async fn ended_story(&mut self, i: &str) {
        for id in self.step(30).await {
            self.arrived(id);
        }
        self.ended(i, self.now.wall);
        for id in self.step(300).await {
            self.arrived(id);
        }
        self.step(0).await;
    }

    async fn forget_older_than(&self, age: u64) -> u64 {
        let before = self.now.wall.minus(Duration::from_secs(age));
        self.store.forget(before, self.now.wall, 100).await.unwrap()
    }

    async fn knows(&self, alert: u64) -> bool {
        self.store.alert(AlertId(alert), self.now).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn what_is_old_and_settled_is_forgotten_and_nothing_else() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(0).await;
    let on_their_way = diary.step(30).await;
    diary.arrived(on_their_way[0]);
    diary.step(60).await;
    assert_eq!(diary.forget_older_than(0).await, 1);
    assert_eq!(diary.log().await.counts, [("sending".to_owned(), 1)]);
    assert_eq!(diary.read_back().await.firing().count(), 1);
}

#[tokio::test]
async fn a_story_that_is_told_goes_with_all_that_hangs_on_it() {
    let mut diary = Diary::begin().await;
    diary.story("1").await;
    diary.step(DAY).await;
    let message = diary.log().await.rows[0].body_id.cast_unsigned();
    assert_eq!(diary.forget_older_than(2 * DAY).await, 0);
    assert_eq!(diary.forget_older_than(DAY / 2).await, 5);
    assert!(diary.log().await.rows.is_empty() && !diary.knows(1).await);
    let message = diary.store.message(larum_core::outbox::BodyId(message)).await.unwrap();
    assert_eq!(message, None);
}

#[tokio::test]
async fn an_alert_that_somebody_is_still_to_hear_of_is_kept_however_old() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(0).await;
    let on_their_way = diary.step(30).await;
    diary.arrived(on_their_way[0]);
    let refused = Outcome::ChannelRefused { error: "not_in_channel".into() };
    diary.state.finish_delivery(on_their_way[1], refused, 0.0, diary.now);
    diary.ended("1", diary.now.wall);
    diary.step(0).await;
    diary.step(40 * DAY).await;
    diary.forget_older_than(DAY).await;
    let owed: Vec<u64> =
        diary.state.outbox().iter().flat_map(|row| row.alerts.iter()).map(|(id, _)| id.0).collect();
    assert!(!owed.is_empty());
    for alert in owed {
        assert!(diary.knows(alert).await, "{alert}");
    }
}

#[tokio::test]
async fn an_end_of_long_ago_that_was_just_heard_is_not_old() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(0).await;
    for id in diary.step(30).await {
        diary.arrived(id);
    }
    diary.ended("1", diary.now.wall.minus(Duration::from_secs(90 * DAY)));
    diary.step(0).await;
    diary.forget_older_than(DAY).await;
    assert!(diary.knows(1).await);
}

#[tokio::test]
async fn what_is_dated_in_the_future_goes_with_what_came_after_it() {
    let mut diary = Diary::begin().await;
    let right = diary.now;
    diary.now.wall = right.wall.plus(Duration::from_secs(5000 * DAY));
    diary.story("1").await;
    diary.now.wall = right.wall;
    diary.story("2").await;
    assert_eq!(diary.forget_older_than(DAY).await, 0);
    diary.step(2 * DAY).await;
    diary.forget_older_than(DAY).await;
    assert!(diary.log().await.rows.is_empty() && !diary.knows(1).await, "{:?}", diary.log().await.rows);
}
