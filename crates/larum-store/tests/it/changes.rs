//! The history: what changed, when, and for how long it was something else before.

use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::policy::{Outcome, Policy, PolicyDraft, PolicyKind};
use larum_core::time::Timestamp;
use larum_core::transition::Stage;
use larum_store::{HistoryFilter, HistoryRow};

use crate::journal::Diary;

const DAY: u64 = 24 * 60 * 60;

impl Diary {
    fn filter(&self) -> HistoryFilter {
        HistoryFilter {
            from: Timestamp::from_millis(0),
            to: self.now.wall.plus(Duration::from_secs(DAY)),
            limit: 100,
            ..HistoryFilter::default()
        }
    }

    async fn history(&self) -> Vec<String> {
        let rows = self.store.history(&self.filter()).await.unwrap();
        rows.iter().map(in_words).collect()
    }

    fn evaluates(&mut self, outcome: Outcome) {
        self.state.evaluated(PolicyId(3), 1, outcome, Duration::ZERO, self.now);
    }

    fn watches(&mut self) {
        let draft = PolicyDraft {
            name: "Disk".into(),
            expr: "up".into(),
            summary: "x".into(),
            ..PolicyDraft::default()
        };
        let policy = Policy::new(PolicyId(3), PolicyKind::Custom, 1, &draft).unwrap();
        self.state.put_policy(policy, self.now);
    }
}

fn in_words(row: &HistoryRow) -> String {
    let lasted = row.since.map(|since| Timestamp::from_millis(row.place.at).since(since).as_secs());
    let lasted = lasted.map(|seconds| format!(" after {seconds} s")).unwrap_or_default();
    format!("{} → {}{lasted} {}", row.from.as_str(), row.to.as_str(), row.detail)
}

fn failed() -> Outcome {
    Outcome::Failed("it's \"down\"".into())
}

fn well() -> Outcome {
    Outcome::Series { series: vec![], complete: true, warnings: vec![] }
}

#[tokio::test]
async fn what_changed_is_read_back_newest_first_and_goes_when_it_is_old() {
    let mut diary = Diary::begin().await;
    diary.watches();
    diary.evaluates(failed());
    diary.step(60).await;
    diary.evaluates(well());
    diary.step(60).await;
    diary.firing("1");
    diary.step(0).await;
    assert_eq!(
        diary.history().await,
        ["inactive → firing ", "error → inactive after 60 s ", "inactive → error it's \"down\""]
    );
    let counted = diary.store.count_history(&diary.filter()).await.unwrap();
    let ones = ["error", "firing", "inactive"].map(|stage| (stage.to_owned(), 1));
    assert_eq!(counted, ones);
    let only = HistoryFilter { stages: vec![Stage::Error], ..diary.filter() };
    assert_eq!(diary.store.history(&only).await.unwrap().len(), 1);
    diary.step(3 * DAY).await;
    let before = diary.now.wall.minus(Duration::from_secs(DAY));
    assert_eq!(diary.store.forget(before, diary.now.wall, 100).await.unwrap(), 2);
    assert_eq!(diary.history().await, ["inactive → firing "], "what fires is kept");
}

#[tokio::test]
async fn a_timeline_has_what_was_so_in_its_time() {
    let mut diary = Diary::begin().await;
    let begin = diary.now.wall;
    diary.watches();
    diary.evaluates(failed());
    diary.step(60).await;
    diary.evaluates(well());
    diary.firing("1");
    diary.step(60).await;
    let spans = async |from: u64, to: u64| {
        let range = [from, to].map(|second| begin.plus(Duration::from_secs(second)));
        let spans = diary.store.timeline(PolicyId(3), range.into(), 10).await.unwrap();
        spans.into_iter().map(|span| (span.stage, span.to.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(spans(0, 200).await, [(Stage::Firing, false), (Stage::Error, true)]);
    assert_eq!(spans(70, 200).await, [(Stage::Firing, false)]);
    assert_eq!(spans(10, 50).await, [(Stage::Error, true)]);
}
