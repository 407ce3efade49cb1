//! Series told minute by minute.

use larum_core::label::LabelSet;
use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_metrics::{Reading, Store};
use larum_promql::{Evaluation, Options, Querier, Query};

pub const MINUTE: i64 = 60_000;

pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * MINUTE)
}

/// A reading of `name{a="b",c="d"}`.
pub fn reading(series: &str, value: f64) -> Reading {
    let (name, rest) = series.split_once('{').unwrap_or((series, "}"));
    let mut pairs = vec![("__name__", name)];
    for pair in rest.trim_end_matches('}').split(',').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        pairs.push((name, value.trim_matches('"')));
    }
    Reading { labels: LabelSet::from_pairs(pairs), value }
}

/// The values of one series from the beginning until `to`, as `value@minute`, `!` for the end of the series.
pub fn values(store: &Store, name: &str, to: i64) -> Vec<String> {
    let series = store.select(&[Matcher::equal("__name__", name)], at(-1), at(to)).unwrap();
    let show = |sample: &larum_promql::Sample| {
        let minute = sample.at.as_millis() / MINUTE;
        if larum_promql::is_stale(sample.value) {
            format!("!@{minute}")
        } else {
            format!("{}@{minute}", sample.value)
        }
    };
    series.iter().flat_map(|series| series.samples.iter().map(show)).collect()
}

pub fn evaluate(store: &Store, expr: &str, minute: i64) -> Evaluation {
    let query = Query::parse(expr).unwrap_or_else(|error| panic!("{expr}: {error}"));
    query.instant(store, at(minute), &Options::default()).unwrap_or_else(|error| panic!("{expr}: {error}"))
}
