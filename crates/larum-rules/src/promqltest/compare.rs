//! Whether a result is what was expected.

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_promql::{Element, Sample, Series, Value, is_stale};

use super::expected::{Results, Times};
use super::series::Point;

/// The part of their sum by which two numbers may differ (Prometheus, `promqltest/test.go`).
const TOLERANCE: f64 = 1e-6;

/// Whether two values count as the same: to the bit, or both NaN, or apart by less than a part of their sum
/// (Prometheus, `util/almost`).
pub(super) fn same(a: f64, b: f64) -> bool {
    if is_stale(a) || is_stale(b) {
        return is_stale(a) && is_stale(b);
    }
    if a == b || (a.is_nan() && b.is_nan()) {
        return true;
    }
    let (sum, difference) = (a.abs() + b.abs(), (a - b).abs());
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < TOLERANCE * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < TOLERANCE
}

/// Compares the value of an instant query.
pub(super) fn instant(expected: &Results, ordered: bool, value: &Value) -> Result<(), String> {
    match (expected, value) {
        (Results::Scalar(wanted), Value::Scalar(got)) if same(*wanted, *got) => Ok(()),
        (Results::Text(wanted), Value::Text(got)) if wanted == got => Ok(()),
        (Results::Nothing, Value::Vector(elements)) => vector(&[], ordered, elements),
        (Results::Series(wanted), Value::Vector(elements)) => vector(wanted, ordered, elements),
        (Results::Range { times, series }, Value::Matrix(got)) if !ordered => matrix(series, times, got),
        (Results::Nothing, Value::Matrix(series)) if series.is_empty() => Ok(()),
        _ => Err(format!("expected {}, got {}", show_expected(expected), show(value))),
    }
}

/// Compares the value of a range query.
pub(super) fn range(expected: &Results, times: &Times, value: &Value) -> Result<(), String> {
    match (expected, value) {
        (Results::Nothing, Value::Matrix(got)) => matrix(&[], times, got),
        (Results::Series(wanted), Value::Matrix(got)) => matrix(wanted, times, got),
        _ => Err(format!("expected {}, got {}", show_expected(expected), show(value))),
    }
}

fn vector(wanted: &[(LabelSet, Vec<Point>)], ordered: bool, elements: &[Element]) -> Result<(), String> {
    for (position, element) in elements.iter().enumerate() {
        let Some(found) = wanted.iter().position(|(labels, _)| *labels == element.labels) else {
            return Err(format!("unexpected {} with {}", metric(&element.labels), number(element.value)));
        };
        if ordered && found != position {
            let place = position + 1;
            return Err(format!(
                "expected {} at place {}, got it at {place}",
                metric(&element.labels),
                found + 1
            ));
        }
        match wanted[found].1.first() {
            Some(Point::Float(value)) if same(*value, element.value) => {}
            point => {
                let wanted = point.map_or_else(String::new, show_point);
                return Err(format!(
                    "expected {wanted} for {}, got {}",
                    metric(&element.labels),
                    number(element.value)
                ));
            }
        }
    }
    let missing = wanted.iter().find(|(labels, _)| !elements.iter().any(|element| element.labels == *labels));
    missing.map_or(Ok(()), |missing| Err(format!("expected {}, which is missing", show_series(missing))))
}

fn matrix(wanted: &[(LabelSet, Vec<Point>)], times: &Times, got: &[Series]) -> Result<(), String> {
    if got.windows(2).any(|pair| pair[0].labels > pair[1].labels) {
        return Err("the series of the result are not in order of their labels".to_owned());
    }
    for series in got {
        let samples: Vec<String> = series.samples.iter().map(show_sample).collect();
        let shown = format!("{} with {}", metric(&series.labels), samples.join(" "));
        let Some(found) = wanted.iter().find(|(labels, _)| *labels == series.labels) else {
            return Err(format!("unexpected {shown}"));
        };
        let mut expected = Vec::new();
        for (index, point) in found.1.iter().enumerate() {
            let at = times
                .at(index)
                .ok_or_else(|| format!("{} has more points than the range", show_series(found)))?;
            match point {
                Point::Float(value) => expected.push(Sample { at, value: *value }),
                Point::Nothing | Point::Histogram => {}
            }
        }
        let equal = |(a, b): (&Sample, &Sample)| a.at == b.at && same(a.value, b.value);
        if expected.len() != series.samples.len() || !expected.iter().zip(series.samples.iter()).all(equal) {
            let wanted: Vec<String> = expected.iter().map(show_sample).collect();
            return Err(format!(
                "expected {} with {}, got {shown}",
                metric(&series.labels),
                wanted.join(" ")
            ));
        }
    }
    let missing = wanted.iter().find(|(labels, _)| !got.iter().any(|series| series.labels == *labels));
    missing.map_or(Ok(()), |missing| Err(format!("expected {}, which is missing", show_series(missing))))
}

/// Labels as a person would write them: `name{label="value"}`.
pub(super) fn metric(labels: &LabelSet) -> String {
    let name = labels.value(METRIC_NAME);
    match labels.filter(|label| label != METRIC_NAME) {
        others if others.is_empty() && !name.is_empty() => name.to_owned(),
        others => format!("{name}{others}"),
    }
}

/// A number as Prometheus' files write it.
pub(super) fn number(value: f64) -> String {
    if is_stale(value) {
        "stale".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        value.to_string()
    }
}

fn show_point(point: &Point) -> String {
    match point {
        Point::Nothing => "_".to_owned(),
        Point::Float(value) => number(*value),
        Point::Histogram => "a native histogram".to_owned(),
    }
}

fn show_sample(sample: &Sample) -> String {
    format!("{}@{}s", number(sample.value), sample.at.as_millis() as f64 / 1000.0)
}

fn show_series((labels, points): &(LabelSet, Vec<Point>)) -> String {
    let points: Vec<String> = points.iter().map(show_point).collect();
    format!("{} {}", metric(labels), points.join(" "))
}

fn show_expected(expected: &Results) -> String {
    match expected {
        Results::Nothing => "nothing".to_owned(),
        Results::Scalar(value) => format!("the scalar {}", number(*value)),
        Results::Text(text) => format!("the string {text:?}"),
        Results::Series(series) | Results::Range { series, .. } => {
            series.iter().map(show_series).collect::<Vec<_>>().join(", ")
        }
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Scalar(value) => format!("the scalar {}", number(*value)),
        Value::Text(text) => format!("the string {text:?}"),
        Value::Vector(elements) => {
            let show = |element: &Element| format!("{} {}", metric(&element.labels), number(element.value));
            format!("a vector of [{}]", elements.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        Value::Matrix(series) => format!("a matrix of {} series", series.len()),
    }
}
