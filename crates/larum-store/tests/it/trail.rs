//! What was decided and said about one alert is found again, as of any time.

use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Alert, AlertId, EndReason, Says};
use larum_core::notification::Voice;
use larum_core::outbox::{DeliveryId, Outcome};
use larum_core::receiver::ReceiverId;
use larum_core::route::Way;
use larum_core::time::Timestamp;
use larum_core::verdict::Hushed;
use larum_store::{EndedFilter, Trail};

use crate::journal::Diary;

const MINUTE: u64 = 60;

impl Diary {
    fn arrive(&mut self, ids: Vec<DeliveryId>) {
        for id in ids {
            let delivered = Outcome::Delivered { ts: "1.2".into(), channel_id: "C9".into() };
            self.state.finish_delivery(id, delivered, 0.0, self.now);
        }
    }

    fn is_over(&mut self, i: &str) {
        self.says(i, Says::Ended { at: self.now.wall, reason: EndReason::Resolved });
    }

    fn of(&self, i: &str) -> Arc<Alert> {
        Arc::clone(self.state.firing().find(|alert| alert.labels.value("i") == i).unwrap())
    }

    async fn trail(&self, alert: AlertId, until: Timestamp) -> Trail {
        let alert = self.store.alert(alert, self.now).await.unwrap().unwrap();
        self.store.trail(&alert, until).await.unwrap()
    }

    async fn ended_episodes(&self, name: Option<&str>, before: u64) -> Vec<u64> {
        let filter = EndedFilter { name, begun_by: self.now.wall, before, limit: 10 };
        let found = self.store.ended_episodes(&filter, self.now).await.unwrap();
        found.iter().map(|alert| alert.id.0).collect()
    }
}

fn said(trail: &Trail) -> Vec<(i64, Voice, &str)> {
    let rows = trail.notifications.iter().filter(|row| row.delivery.channel == "alerts");
    rows.map(|row| (row.delivery.turn, row.voice, row.delivery.state.as_str())).collect()
}

fn reasons(trail: &Trail) -> Vec<&str> {
    trail.verdicts.iter().map(|verdict| verdict.reason.as_str()).collect()
}

#[tokio::test]
async fn messages_that_speak_of_an_alert_are_found_and_no_others() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    let started = diary.step(30).await;
    diary.arrive(started);
    diary.firing("2");
    let second = diary.of("2").id;
    let started = diary.step(5 * MINUTE).await;
    diary.arrive(started);
    diary.is_over("2");
    let started = diary.step(5 * MINUTE).await;
    diary.arrive(started);
    diary.step(0).await;
    let before_its_end = diary.now.wall.minus(Duration::from_secs(1));
    diary.firing("3");
    let started = diary.step(5 * MINUTE).await;
    diary.arrive(started);
    diary.step(0).await;
    let trail = diary.trail(second, diary.now.wall).await;
    assert_eq!(said(&trail), [(2, Voice::Firing, "delivered"), (3, Voice::Resolved, "delivered")]);
    assert!(trail.notifications.iter().all(|row| row.way == Some(Way::Conditions)) && !trail.cut_short);
    assert_eq!(said(&diary.trail(second, before_its_end).await), [(2, Voice::Firing, "delivered")]);
}

#[tokio::test]
async fn decisions_stay_when_later_ones_hold() {
    let mut diary = Diary::begin().await;
    diary.firing("loud");
    diary.firing("quiet");
    diary.step(30).await;
    let (quiet, then) = (diary.of("quiet").id, diary.now.wall);
    diary.is_over("loud");
    diary.step(5 * MINUTE).await;
    let trail = diary.trail(quiet, diary.now.wall).await;
    assert_eq!(reasons(&trail), ["inhibited", "inhibited_before"]);
    let first = &trail.verdicts[0];
    assert_eq!(
        (first.receiver, first.name.as_deref()),
        (Some(ReceiverId(1_000_000)), Some("Critical things"))
    );
    let group = first.group.as_ref().unwrap();
    assert_eq!((&group.way, group.labels.value("alertname")), (&Way::Conditions, "Disk"));
    assert_eq!(reasons(&diary.trail(quiet, then).await), ["inhibited"], "as it was then");
    let in_force = diary.store.verdicts(quiet).await.unwrap();
    assert_eq!(
        in_force.iter().map(|verdict| &verdict.reason).collect::<Vec<_>>(),
        [&Hushed::InhibitedBefore]
    );
}

#[tokio::test]
async fn what_is_over_is_found_by_its_name_the_newest_first() {
    let mut diary = Diary::begin().await;
    let mut ids = Vec::new();
    for i in ["1", "2", "3"] {
        diary.firing(i);
        ids.push(diary.of(i).id.0);
    }
    diary.step(1).await;
    diary.is_over("1");
    diary.is_over("3");
    diary.step(1).await;
    assert_eq!(diary.ended_episodes(Some("Disk"), u64::MAX).await, [ids[2], ids[0]]);
    assert_eq!(diary.ended_episodes(None, ids[2]).await, [ids[0]]);
    assert_eq!(diary.ended_episodes(Some("Cpu"), u64::MAX).await, [0; 0]);
}

#[tokio::test]
async fn what_is_forgotten_leaves_nothing_behind() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    let started = diary.step(30).await;
    diary.arrive(started);
    diary.is_over("1");
    let started = diary.step(5 * MINUTE).await;
    diary.arrive(started);
    diary.step(0).await;
    let filter = EndedFilter { name: None, begun_by: diary.now.wall, before: u64::MAX, limit: 1 };
    let alert = diary.store.ended_episodes(&filter, diary.now).await.unwrap().remove(0);
    diary.step(3 * 24 * 60 * MINUTE).await;
    diary.store.forget(diary.now.wall, diary.now.wall, 100).await.unwrap();
    let trail = diary.store.trail(&alert, diary.now.wall).await.unwrap();
    assert!(trail.notifications.is_empty() && trail.verdicts.is_empty());
}
