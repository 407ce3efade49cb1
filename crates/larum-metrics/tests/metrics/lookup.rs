//! What the store says it has: series, labels, and what is said about metrics.

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_metrics::exposition::MetricType;
use larum_metrics::{MetricMetadata, Store, StoreOptions};

use super::support::{at, reading};

fn matchers(matchers: &[(&str, MatchOp, &str)]) -> Vec<Matcher> {
    matchers.iter().map(|(name, op, value)| Matcher::new(*name, *op, *value).unwrap()).collect()
}

/// `x` in the first minutes, `y` later.
fn store() -> Store {
    let store = Store::default();
    for minute in 0..3 {
        store.append("s", at(minute), &[reading("x{a=1,b=1}", 1.0), reading("x{a=2}", 1.0)]);
    }
    for minute in 10..12 {
        store.append("s", at(minute), &[reading("y{a=3,c=1}", 1.0)]);
    }
    store
}

fn shown(series: &[LabelSet]) -> Vec<String> {
    series.iter().map(ToString::to_string).collect()
}

#[test]
fn series_are_those_of_any_set_that_reach_into_the_time_asked_for() {
    let store = store();
    let x = matchers(&[("__name__", MatchOp::Equal, "x")]);
    let a3 = matchers(&[("a", MatchOp::Equal, "3")]);
    let a1 = matchers(&[("a", MatchOp::Regexp, "1|3")]);
    let all = store.series(&[x.clone(), a3.clone(), a1], at(0), at(99));
    let expected =
        [r#"{__name__="x", a="1", b="1"}"#, r#"{__name__="x", a="2"}"#, r#"{__name__="y", a="3", c="1"}"#];
    assert_eq!(shown(&all), expected, "each once, in order");
    assert_eq!(store.series(&[], at(0), at(99)).len(), 3);
    assert_eq!(store.series(std::slice::from_ref(&x), at(0), at(0)).len(), 2, "both ends belong to it");
    assert!(store.series(std::slice::from_ref(&a3), at(0), at(9)).is_empty(), "y began later");
    assert!(store.series(&[x], at(11), at(99)).is_empty(), "x has ended");
}

#[test]
fn label_names_and_values_are_sorted_and_of_the_time_asked_for() {
    let store = store();
    assert_eq!(store.label_names(&[], at(0), at(99)), ["__name__", "a", "b", "c"]);
    assert_eq!(store.label_names(&[], at(0), at(5)), ["__name__", "a", "b"]);
    assert_eq!(store.label_values("a", &[], at(0), at(99)), ["1", "2", "3"]);
    assert_eq!(store.label_values("a", &[], at(11), at(99)), ["3"]);
    assert!(store.label_values("none", &[], at(0), at(99)).is_empty());
    let y = matchers(&[("__name__", MatchOp::Equal, "y")]);
    let a2 = matchers(&[("a", MatchOp::Equal, "2")]);
    assert_eq!(store.label_names(std::slice::from_ref(&y), at(0), at(99)), ["__name__", "a", "c"]);
    assert_eq!(store.label_values("a", &[y, a2], at(0), at(99)), ["2", "3"]);
}

#[test]
fn what_sources_say_about_a_metric_is_kept_while_it_has_series() {
    let store = Store::new(StoreOptions {
        retention: std::time::Duration::from_secs(3600),
        ..StoreOptions::default()
    });
    store.append("s", at(0), &[reading("x_total", 1.0), reading("y", 1.0)]);
    let said =
        |metric_type, help: &str| MetricMetadata { metric_type, help: help.into(), unit: String::new() };
    let mut writer = store.writer(at(0));
    writer.metadata("x", &said(MetricType::Counter, "How many."));
    writer.metadata("x", &said(MetricType::Counter, "How many."));
    writer.metadata("x", &said(MetricType::Counter, "How many there were."));
    writer.metadata("y", &said(MetricType::Gauge, &"é".repeat(4000)));
    drop(writer);
    let metadata = store.metadata();
    assert_eq!(metadata["x"].len(), 2, "two opinions, each once");
    assert_eq!(metadata["y"][0].help.len(), 4096, "cut, and still text");
    store.append("s", at(50), &[reading("y", 1.0)]);
    store.append("s", at(100), &[reading("y", 1.0)]);
    assert_eq!(store.metadata().len(), 2, "x ended in minute 50, and an hour of it is kept");
    store.append("s", at(111), &[reading("y", 1.0)]);
    assert_eq!(store.metadata().keys().collect::<Vec<_>>(), ["y"], "x has no series any more");
}

#[test]
fn metadata_takes_no_more_than_its_part_of_the_memory() {
    let store = Store::new(StoreOptions { most_bytes: 64_000, ..StoreOptions::default() });
    let mut writer = store.writer(at(0));
    for n in 0..1000 {
        writer.metadata(
            &format!("x{n}"),
            &MetricMetadata { help: "h".repeat(50), ..MetricMetadata::default() },
        );
    }
    drop(writer);
    assert!(store.metadata().len() > 10);
    assert!(store.status().bytes <= 64_000 / 16, "{} bytes", store.status().bytes);
}
