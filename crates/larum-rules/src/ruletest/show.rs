//! Alerts and samples as promtool prints them (Prometheus, `cmd/promtool/unittest.go`).

use larum_core::label::LabelSet;

/// Alerts, numbered, each with its labels and annotations.
pub(super) fn alerts(alerts: &[(LabelSet, LabelSet)]) -> String {
    if alerts.is_empty() {
        return "[]".to_owned();
    }
    let indent = " ".repeat(12);
    let show = |(index, (labels, annotations)): (usize, &(LabelSet, LabelSet))| {
        format!("\n{indent}{index}:\n{indent}  Labels:{labels}\n{indent}  Annotations:{annotations}")
    };
    let all: Vec<String> = alerts.iter().enumerate().map(show).collect();
    format!("[{}\n{indent}]", all.join(","))
}

/// Samples, one after the other.
pub(super) fn samples(samples: &[(LabelSet, f64)]) -> String {
    if samples.is_empty() {
        return "nil".to_owned();
    }
    let show = |(labels, value): &(LabelSet, f64)| format!("{labels} {}", number(*value));
    samples.iter().map(show).collect::<Vec<_>>().join(", ")
}

/// A number with an exponent of two digits, as Go writes it with `%E`.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let text = format!("{value:E}");
    let Some((digits, exponent)) = text.split_once('E') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    format!("{digits}E{exponent:+03}")
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let numbers = [9.0, 120.0, -0.00015, 1e100, 0.0, f64::INFINITY, f64::NAN];
        assert_eq!(numbers.map(number), ["9E+00", "1.2E+02", "-1.5E-04", "1E+100", "0E+00", "+Inf", "NaN"]);
    }
}
