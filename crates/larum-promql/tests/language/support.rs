//! The language of the tests: series and results written as a person would say them.
//!
//! `load` holds one series a line, `name{label="value"} values`, one value a minute from time zero:
//! `7` a value, `1+2x3` is 1 3 5 7, `5x2` is 5 5 5, `_` nothing, `_x3` three times nothing, `stale` the series
//! ends, `NaN`, `Inf`, `-Inf`.

use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Evaluation, NameRemoval, Options, Query, STALE, Sample, Series, SeriesList, Span, Value};

pub const MINUTE: i64 = 60_000;

/// Series from their text.
pub fn load(text: &str) -> SeriesList {
    SeriesList(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(series).collect())
}

fn series(line: &str) -> Series {
    let split = line.rfind('}').map_or_else(|| line.find(' ').unwrap(), |brace| brace + 1);
    let (labels, values) = line.split_at(split);
    let mut at = 0;
    let mut samples = Vec::new();
    for value in values.split_whitespace().flat_map(expand) {
        samples.extend(value.map(|value| Sample::new(at, value)));
        at += MINUTE;
    }
    Series { labels: parse_labels(labels), samples: samples.into() }
}

fn expand(token: &str) -> Vec<Option<f64>> {
    let (base, times) = token.rsplit_once('x').map_or((token, 0), |(base, n)| (base, n.parse().unwrap()));
    if base == "_" {
        return vec![None; times.max(1)];
    }
    if base == "stale" {
        return vec![Some(STALE)];
    }
    let sign = base[1..].find(['+', '-']).map(|at| at + 1).filter(|_| token.contains('x'));
    let (start, step) = sign.map_or((base, "0"), |at| base.split_at(at));
    let (start, step): (f64, f64) = (start.parse().unwrap(), step.parse().unwrap());
    (0..=times).map(|n| Some(start + step * n as f64)).collect()
}

/// Labels from their text, `name{a="b", c="d"}`.
pub fn parse_labels(text: &str) -> LabelSet {
    let (name, rest) = text.split_once('{').unwrap_or((text, "}"));
    let mut pairs = vec![("__name__".to_owned(), name.trim().to_owned())];
    let inner = rest.strip_suffix('}').unwrap();
    for pair in inner.split("\",").filter(|pair| !pair.trim().is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        pairs.push((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
    }
    LabelSet::from_pairs(pairs)
}

/// Evaluates at `minute`.
pub fn eval(text: &str, expr: &str, minute: f64) -> Result<Evaluation, String> {
    eval_with(text, expr, minute, NameRemoval::AtOnce)
}

pub fn eval_with(
    text: &str,
    expr: &str,
    minute: f64,
    name_removal: NameRemoval,
) -> Result<Evaluation, String> {
    let query = Query::parse(expr).map_err(|error| error.to_string())?;
    let at = Timestamp::from_millis((minute * MINUTE as f64) as i64);
    let options = Options { name_removal, ..Options::default() };
    query.instant(&load(text), at, &options).map_err(|error| error.to_string())
}

/// `labels value` lines in order, or the number of a scalar.
pub fn show(value: &Value) -> Vec<String> {
    let number = |value: f64| {
        if value == f64::INFINITY {
            "+Inf".to_owned()
        } else if value == f64::NEG_INFINITY {
            "-Inf".to_owned()
        } else {
            value.to_string()
        }
    };
    match value {
        Value::Scalar(value) => vec![number(*value)],
        Value::Text(text) => vec![text.clone()],
        Value::Vector(elements) => elements
            .iter()
            .map(|element| format!("{} {}", show_labels(&element.labels), number(element.value)))
            .collect(),
        Value::Matrix(series) => series
            .iter()
            .map(|series| {
                let values: Vec<String> = series
                    .samples
                    .iter()
                    .map(|sample| format!("{}@{}", number(sample.value), sample.at.as_millis() / 1000))
                    .collect();
                format!("{} {}", show_labels(&series.labels), values.join(" "))
            })
            .collect(),
    }
}

fn show_labels(labels: &LabelSet) -> String {
    let rest = labels.with("__name__", "");
    let name = labels.value("__name__");
    if rest.is_empty() && !name.is_empty() { name.to_owned() } else { format!("{name}{rest}") }
}

fn tokens_match(actual: &str, expected: &str) -> bool {
    let split = |text: &str| {
        text.rsplit_once(' ')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap_or((String::new(), text.to_owned()))
    };
    let ((actual_labels, actual), (expected_labels, expected)) = (split(actual), split(expected));
    let close = match (actual.parse::<f64>(), expected.parse::<f64>()) {
        (Ok(a), Ok(b)) => {
            a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
        }
        _ => actual == expected,
    };
    actual_labels == expected_labels && close
}

/// Evaluates `expr` over `text` at `minute` and compares with `expected`, line by line, in any order.
#[track_caller]
pub fn check(text: &str, expr: &str, minute: f64, expected: &str) {
    check_with(text, expr, minute, expected, NameRemoval::AtOnce);
}

#[track_caller]
pub fn check_with(text: &str, expr: &str, minute: f64, expected: &str, name_removal: NameRemoval) {
    let evaluation =
        eval_with(text, expr, minute, name_removal).unwrap_or_else(|error| panic!("{expr}: {error}"));
    let mut actual = show(&evaluation.value);
    let mut wanted: Vec<String> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if !expr.contains("sort") && !expr.contains("topk") && !expr.contains("bottomk") {
        actual.sort();
        wanted.sort();
    }
    let same = actual.len() == wanted.len() && actual.iter().zip(&wanted).all(|(a, b)| tokens_match(a, b));
    assert!(same, "{expr} at {minute}m\n  got: {actual:#?}\n  not: {wanted:#?}");
}

/// The evaluation fails, and says `words`.
#[track_caller]
pub fn refused(text: &str, expr: &str, words: &str) {
    match eval(text, expr, 10.0) {
        Ok(evaluation) => panic!("{expr} gave {:?}, not an error", show(&evaluation.value)),
        Err(error) => assert!(error.contains(words), "{expr}: {error:?} does not say {words:?}"),
    }
}

/// The series of a range query from minute `from` to `to` in steps of `step` seconds.
pub fn over(text: &str, expr: &str, from: i64, to: i64, step: u64) -> Result<Vec<String>, String> {
    range(text, expr, from, to, step).map(|evaluation| show(&evaluation.value))
}

/// A range query from minute `from` to `to` in steps of `step` seconds.
pub fn range(text: &str, expr: &str, from: i64, to: i64, step: u64) -> Result<Evaluation, String> {
    let query = Query::parse(expr).map_err(|error| error.to_string())?;
    let span = Span {
        start: Timestamp::from_millis(from * MINUTE),
        end: Timestamp::from_millis(to * MINUTE),
        step: Duration::from_secs(step),
    };
    query.range(&load(text), &span, &Options::default()).map_err(|error| error.to_string())
}
