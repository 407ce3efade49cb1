//! Series as promtool's tests write them (Prometheus, "Unit testing for rules", `<series>`).

use larum_core::label::LabelSet;
use larum_promql::{Query, STALE, Sample, Series};

/// A series from `name{label="value"}` and `1+2x3 _ stale`, one value every `interval` milliseconds from time zero.
pub fn series(name: &str, values: &str, interval: i64) -> Series {
    let values = values.split_whitespace().flat_map(expand);
    let samples = values
        .enumerate()
        .filter_map(|(index, value)| Some(Sample::new(i64::try_from(index).unwrap() * interval, value?)));
    Series { labels: labels(name), samples: samples.collect() }
}

/// The labels that the selector asks for.
pub fn labels(selector: &str) -> LabelSet {
    let query = Query::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
    let [selector] = query.selectors() else { panic!("{selector} is not one series") };
    selector.matchers.iter().map(|matcher| (matcher.name().to_owned(), matcher.value().to_owned())).collect()
}

/// `a+bxn` is a, a+b … a+n·b; `axn` is n+1 times a; `_xn` is n times nothing.
fn expand(token: &str) -> Vec<Option<f64>> {
    if token == "stale" {
        return vec![Some(STALE)];
    }
    let (base, times) = token.split_once('x').unwrap_or((token, "0"));
    let times: i32 = times.parse().unwrap();
    if base == "_" {
        return vec![None; times.max(1).unsigned_abs() as usize];
    }
    let step = base[1..].find(['+', '-']).map(|at| at + 1);
    let (first, step) = step.map_or((base, "0"), |at| base.split_at(at));
    let (first, step): (f64, f64) = (first.parse().unwrap(), step.parse().unwrap());
    (0..=times).map(|index| Some(first + f64::from(index) * step)).collect()
}

#[test]
fn notation_is_read_as_promtool_reads_it() {
    let values = |text| {
        series("up", text, 1).samples.iter().map(|s| s.value.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(values("1+2x3 0 -2+4x1 5x2 _x2 7"), "1 3 5 7 0 -2 2 5 5 5 7");
    assert_eq!(series("up", "1 _ 2", 60_000).samples[1].at.as_millis(), 120_000);
    assert_eq!(series(r#"m{a="x y"}"#, "1", 1).labels.to_string(), r#"{__name__="m", a="x y"}"#);
}
