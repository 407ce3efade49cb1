//! Silences, and what they hid, come back as they were written down.

use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::mute::{Mute, Silenced};
use larum_core::receiver::ReceiverId;
use larum_core::silence::{Silence, SilenceDraft, SilenceId};
use larum_core::verdict::Hushed;

use crate::inhibited::told;
use crate::journal::Diary;

fn draft(diary: &Diary) -> SilenceDraft {
    let matchers = [("i", MatchOp::Equal, "a 'quoted' \"one\""), ("a b", MatchOp::NotRegexp, "x|y")];
    SilenceDraft {
        matchers: matchers.map(|(name, op, value)| Matcher::new(name, op, value).unwrap()).into(),
        starts_at: None,
        ends_at: diary.now.wall.plus(Duration::from_secs(3600)),
        created_by: "ada".into(),
        comment: "known, 日本".into(),
        annotations: LabelSet::from_pairs([("ticket", "OPS-1")]),
    }
}

fn silences(diary: &larum_core::state::State) -> Vec<Arc<Silence>> {
    let mut all: Vec<_> = diary.silences().iter().cloned().collect();
    all.sort_unstable_by_key(|silence| silence.id);
    all
}

#[tokio::test]
async fn silences_and_what_they_hide_are_there_after_a_restart() {
    let mut diary = Diary::begin().await;
    let (first, second) = (SilenceId(1), SilenceId(u128::MAX));
    for id in [first, second] {
        diary.state.put_silence(None, draft(&diary), id, diary.now).unwrap();
    }
    diary.firing("a 'quoted' \"one\"");
    diary.step(30).await;
    let alert = diary.state.firing().next().unwrap().id;
    let silenced = Silenced { by: [first, second].into() };
    let receiver = ReceiverId(1_000_000);
    let reason = Hushed::Silenced(silenced.clone());
    let verdicts = diary.store.verdicts(alert).await.unwrap();
    assert_eq!(told(&verdicts), [(alert, Some(receiver), &reason, diary.now.wall)]);
    let again = diary.read_back().await;
    assert_eq!(silences(&again), silences(&diary.state));
    let muted: Vec<_> = again.groups().flat_map(|group| group.muted.values()).collect();
    assert_eq!(muted, [&Mute::Silenced(silenced)]);
    assert!(again.groups().eq(diary.state.groups()), "their next turns too");
}

#[tokio::test]
async fn one_that_ended_early_is_over_and_one_that_was_forgotten_is_gone() {
    let mut diary = Diary::begin().await;
    for id in [1, 2] {
        diary.state.put_silence(None, draft(&diary), SilenceId(id), diary.now).unwrap();
    }
    diary.step(1).await;
    diary.state.expire_silence(SilenceId(1), diary.now).unwrap();
    diary.step(1).await;
    assert_eq!(silences(&diary.read_back().await), silences(&diary.state));
    diary.state.tidy_silences(Duration::ZERO, diary.now, 10);
    diary.step(1).await;
    let left: Vec<_> = diary.read_back().await.silences().iter().map(|silence| silence.id).collect();
    assert_eq!(left, [SilenceId(2)]);
}
