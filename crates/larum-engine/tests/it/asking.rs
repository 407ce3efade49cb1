//! Questions to the source of series.

use std::sync::Arc;
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_engine::{Clock, Source};
use larum_metrics::Store;
use larum_promql::{Options, Query, Value};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// More queries than may work at the same time.
const MANY: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_nobody_waits_for_any_more_leaves_its_turn_to_others() {
    let source = Source::embedded(Arc::new(Store::default()), Clock::start());
    let at = Timestamp::from_millis(1_800_000_000_000);
    let query = |text: &str| Arc::new(Query::parse(text).unwrap());
    let endless = query("sum_over_time(sum_over_time(vector(1)[10000s:1s])[10000s:1s])");
    for _ in 0..MANY {
        let asking = source.instant(&endless, at, Options::default(), Duration::from_secs(3600));
        tokio::select! {
            biased;
            _ = asking => panic!("it has an end"),
            () = tokio::task::yield_now() => {}
        }
    }
    let found = source.instant(&query("1 + 1"), at, Options::default(), PATIENCE).await.unwrap();
    assert!(matches!(found.value, Value::Scalar(2.0)));
}
