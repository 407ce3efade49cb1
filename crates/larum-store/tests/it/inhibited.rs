//! Why something was not told comes back as it was written down.

use larum_core::alert::{AlertId, EndReason, Says};
use larum_core::group::Group;
use larum_core::inhibit::Inhibited;
use larum_core::mute::Mute;
use larum_core::receiver::ReceiverId;
use larum_core::state::State;
use larum_core::time::Timestamp;
use larum_core::verdict::{Hushed, Verdict};

use crate::journal::Diary;

fn named(diary: &Diary, i: &str) -> AlertId {
    diary.state.firing().find(|alert| alert.labels.value("i") == i).unwrap().id
}

/// Who is not told of what, why, and since when.
pub fn told(verdicts: &[Verdict]) -> Vec<(AlertId, Option<ReceiverId>, &Hushed, Timestamp)> {
    let told = verdicts.iter().map(|verdict| (verdict.alert, verdict.receiver, &verdict.reason, verdict.at));
    told.collect()
}

fn groups(state: &State) -> Vec<&Group> {
    let mut groups: Vec<&Group> = state.groups().collect();
    groups.sort_by_key(|group| group.id);
    groups
}

#[tokio::test]
async fn by_what_an_alert_was_inhibited_is_known_after_a_restart() {
    let mut diary = Diary::begin().await;
    diary.firing("loud");
    diary.firing("quiet");
    diary.step(30).await;
    let (loud, quiet) = (named(&diary, "loud"), named(&diary, "quiet"));
    let by = Inhibited { rule: "a 'rule' with \"quotes\"".into(), by: loud };
    let receiver = ReceiverId(1_000_000);
    let reason = Hushed::Inhibited(by.clone());
    let verdicts = diary.store.verdicts(quiet).await.unwrap();
    assert_eq!(told(&verdicts), [(quiet, Some(receiver), &reason, diary.now.wall)]);
    let again = diary.read_back().await;
    assert_eq!(groups(&again), groups(&diary.state));
    let muted: Vec<_> = again.groups().flat_map(|group| group.muted.values()).collect();
    assert_eq!(muted, [&Mute::Inhibited(by)]);

    let over = Says::Ended { at: diary.now.wall, reason: EndReason::Resolved };
    diary.says("loud", over);
    diary.step(300).await;
    let verdicts = diary.store.verdicts(quiet).await.unwrap();
    let reason = Hushed::InhibitedBefore;
    assert_eq!(told(&verdicts), [(quiet, Some(receiver), &reason, diary.now.wall)]);
    assert_eq!(groups(&diary.read_back().await), groups(&diary.state));
}

#[tokio::test]
async fn what_was_inhibited_and_is_over_is_not_gone_on_with() {
    let mut diary = Diary::begin().await;
    diary.firing("loud");
    diary.firing("quiet");
    diary.step(30).await;
    let quiet = named(&diary, "quiet");
    diary.says("quiet", Says::Ended { at: diary.now.wall, reason: EndReason::Resolved });
    diary.step(1).await;
    assert_eq!(diary.store.recall(diary.now).await.unwrap().remembered.verdicts, []);
    let why = diary.store.verdicts(quiet).await.unwrap();
    assert!(matches!(why[0].reason, Hushed::Inhibited(_)), "there was a turn: {why:?}");
}
