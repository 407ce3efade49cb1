//! Numbers as Go reads and writes them.

use std::borrow::Cow;

use super::Text;

/// A value: decimal, `NaN`, or infinity with a sign or not, in any case. Underscores, hexadecimal digits and what is
/// too large for 64 bits are none, as in Prometheus.
pub(super) fn float(word: &[u8]) -> Option<f64> {
    let word = std::str::from_utf8(word).ok()?;
    let value: f64 = word.parse().ok()?;
    let plain = word.trim_start_matches(['+', '-']);
    let spelled = plain.starts_with(['i', 'I', 'n', 'N']);
    let signed_nan = value.is_nan() && plain.len() < word.len();
    let too_large = value.is_infinite() && !spelled;
    (!signed_nan && !too_large).then_some(value)
}

/// A time in seconds as milliseconds, cut towards zero as Prometheus does. None if it does not fit.
pub(super) fn seconds_as_millis(seconds: f64) -> Option<i64> {
    let millis = seconds * 1000.0;
    // 2^63 itself does not fit any more, and NaN is in no range.
    let range = -(2f64.powi(63))..2f64.powi(63);
    range.contains(&millis).then_some(millis as i64)
}

/// A bound in `le` or `quantile` as OpenMetrics writes it: always with a point or an exponent (OpenMetrics 1.0,
/// section "Considerations: canonical numbers"). What is no number stays.
pub(super) fn canonical(text: Text<'_>) -> Text<'_> {
    match float(text.as_bytes()) {
        Some(value) => Cow::Owned(written(value)),
        None => text,
    }
}

/// As Go's `%g` writes it with the fewest digits, and `.0` after what looks like an integer.
fn written(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = value.to_string();
    if plain.contains('.') { plain } else { plain + ".0" }
}
