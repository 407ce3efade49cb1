//! Questions to the source of series.

use std::sync::Arc;
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_engine::{Clock, Source};
use larum_metrics::Store;
use larum_promql::{Options, Query, Span, Value};

use crate::peer::Peer;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// More queries than may work at the same time.
const MANY: usize = 40;
const AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn query(text: &str) -> Arc<Query> {
    Arc::new(Query::parse(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_nobody_waits_for_any_more_leaves_its_turn_to_others() {
    let source = Source::embedded(Arc::new(Store::default()), Clock::start());
    let endless = query("sum_over_time(sum_over_time(vector(1)[10000s:1s])[10000s:1s])");
    for _ in 0..MANY {
        let asking = source.instant(&endless, AT, Options::default(), Duration::from_secs(3600));
        tokio::select! {
            biased;
            _ = asking => panic!("it has an end"),
            () = tokio::task::yield_now() => {}
        }
    }
    let found = source.instant(&query("1 + 1"), AT, Options::default(), PATIENCE).await.unwrap();
    assert!(matches!(found.value, Value::Scalar(2.0)));
}

#[tokio::test]
async fn another_server_is_told_how_long_to_take_and_how_far_to_look_back() {
    let peer = Peer::open(&[]).await;
    let source = peer.source(Clock::start(), PATIENCE);
    let span = Span { start: AT, end: AT.plus(PATIENCE), step: Duration::from_secs(15) };
    let far = Options { lookback: Duration::from_secs(90), ..Options::default() };
    source.range(&query("tank"), span, far, Duration::ZERO).await.unwrap_err();
    source.range(&query("tank"), span, far, Duration::from_secs(9)).await.unwrap();
    source.instant(&query("tank"), AT, far, Duration::from_secs(9)).await.unwrap();
    source.range(&query("tank"), span, Options::default(), Duration::from_secs(9)).await.unwrap();
    let heard = peer.heard();
    let [range, instant, usual] = &heard[heard.len() - 3..] else { panic!("{heard:?}") };
    for form in [range, instant] {
        assert!(form.contains("&lookback_delta=90.000&timeout=") && !form.contains("timeout=60"), "{form}");
    }
    assert!(usual.contains("&timeout=") && !usual.contains("lookback_delta"), "{usual}");
}

#[tokio::test]
async fn what_another_policy_saw_a_moment_ago_may_be_gone() {
    let peer = Peer::open(&["500"]).await;
    let source = peer.source(Clock::start(), PATIENCE);
    let asked = async |text: &str, at| {
        let found = source.instant(&query(text), at, Options::default(), PATIENCE).await.unwrap();
        (found.value.elements().len(), found.empty_selectors)
    };
    let second = |number| AT.plus(Duration::from_secs(number));
    assert_eq!(asked("tank > 5", AT).await, (1, vec![]));
    assert_eq!(asked("tank > 500", AT).await, (0, vec![]));
    assert_eq!(asked("tank > 500", second(1)).await, (0, vec![]));
    assert_eq!(peer.heard().len(), 4, "who was quiet before believes what was found then");

    peer.loses("tank");
    assert_eq!(asked("tank > 5", second(2)).await, (0, vec!["tank".to_owned()]), "it is gone, not well");
    assert_eq!(asked("tank > 500", second(62)).await, (0, vec!["tank".to_owned()]));
}
