//! Which message a group has in a channel, so that it can be said anew.

use larum_core::alert::{EndReason, Says};
use larum_core::outbox::{Delivery, DeliveryId, Outcome};

use crate::journal::Diary;

impl Diary {
    /// The message on its way to the first channel, and the place it can take.
    async fn first_and_earlier(&mut self, seconds: u64) -> (Delivery, Option<String>) {
        let started = self.step(seconds).await;
        let first = self.state.outbox().get(*started.first().unwrap()).unwrap().clone();
        let earlier = self.store.posted_before(&first).await.unwrap();
        (first, earlier.map(|posted| format!("{} in {}", posted.ts, posted.channel_id)))
    }

    fn arrives(&mut self, id: DeliveryId, ts: &str) {
        let delivered = Outcome::Delivered { ts: ts.into(), channel_id: "C1".into() };
        self.state.finish_delivery(id, delivered, 0.0, self.now);
    }

    fn over(&mut self, i: &str) {
        let at = self.now.wall;
        self.says(i, Says::Ended { at, reason: EndReason::Resolved });
    }
}

#[tokio::test]
async fn a_message_stands_where_it_was_posted_until_its_group_falls_silent() {
    let mut diary = Diary::begin().await;
    diary.firing("1");
    diary.step(0).await;
    let (post, earlier) = diary.first_and_earlier(30).await;
    assert_eq!(earlier, None);
    diary.arrives(post.id, "1.0");
    diary.firing("2");
    let (update, earlier) = diary.first_and_earlier(300).await;
    assert_eq!(earlier.as_deref(), Some("1.0 in C1"));
    diary.arrives(update.id, "1.0");
    diary.over("1");
    diary.over("2");
    let (end, earlier) = diary.first_and_earlier(300).await;
    assert_eq!(earlier.as_deref(), Some("1.0 in C1"));
    diary.arrives(end.id, "1.0");
    diary.firing("1");
    diary.step(1).await;
    let (_, earlier) = diary.first_and_earlier(300).await;
    assert_eq!(earlier, None, "what fires after the end is another story");
}
