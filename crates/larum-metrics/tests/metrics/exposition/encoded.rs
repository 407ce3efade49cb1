//! What another implementation writes.

use std::sync::atomic::AtomicU64;

use larum_metrics::exposition::Format;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::exemplar::CounterWithExemplar;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::support::read;

#[test]
fn what_prometheus_client_encodes_is_read_sample_by_sample() {
    let mut registry = Registry::default();
    let visits = Family::<Vec<(String, String)>, Counter>::default();
    let place = "a \"quoted\" \\ place\non two lines";
    visits.get_or_create(&vec![("place".to_owned(), place.to_owned())]).inc_by(3);
    registry.register("visits", "Visits.", visits);

    let heat = Gauge::<f64, AtomicU64>::default();
    heat.set(-273.15);
    registry.register_with_unit("heat", "Heat.", Unit::Celsius, heat);

    let wait = Histogram::new([0.5, 1.0]);
    [0.25, 0.75, 4.0].into_iter().for_each(|seconds| wait.observe(seconds));
    registry.register_with_unit("wait", "Waiting.", Unit::Seconds, wait);

    let traced = CounterWithExemplar::<Vec<(String, String)>>::default();
    traced.inc_by(2, Some(vec![("trace_id".to_owned(), "abc".to_owned())]), None);
    registry.register("traced", "Traced.", traced);
    registry.register("build", "Build.", Info::new(vec![("version".to_owned(), "1".to_owned())]));

    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    assert!(text.contains("# {trace_id=\"abc\"}"), "there is an exemplar to be read over: {text}");

    assert_eq!(
        read(Format::OpenMetrics, &text),
        [
            r#"visits means "Visits..""#,
            "visits is a counter",
            r#"visits_total{place="a \"quoted\" \\ place\non two lines"} 3"#,
            r#"heat_celsius means "Heat..""#,
            "heat_celsius is a gauge",
            r#"heat_celsius is in "celsius""#,
            "heat_celsius{} -273.15",
            r#"wait_seconds means "Waiting..""#,
            "wait_seconds is a histogram",
            r#"wait_seconds is in "seconds""#,
            "wait_seconds_sum{} 5",
            "wait_seconds_count{} 3",
            r#"wait_seconds_bucket{le="0.5"} 1"#,
            r#"wait_seconds_bucket{le="1.0"} 2"#,
            r#"wait_seconds_bucket{le="+Inf"} 3"#,
            r#"traced means "Traced..""#,
            "traced is a counter",
            "traced_total{} 2",
            r#"build means "Build..""#,
            "build is a info",
            r#"build_info{version="1"} 1"#,
        ]
    );
}
