//! Times and spans in words.

use std::time::Duration;

use larum_core::time::Timestamp;

use crate::text::NOTHING;

/// A time in the reader's own zone, with UTC for those who cannot show that (Slack, "Formatting text for app
/// surfaces", "Date formatting"). Times before 1970, as Go's zero time, are unknown.
pub fn date(at: Timestamp) -> String {
    match utc(at) {
        Some(utc) => format!("<!date^{}^{{date_short_pretty}} {{time}}|{utc}>", at.as_secs()),
        None => NOTHING.to_owned(),
    }
}

/// A time in UTC as plain text, if it is known.
pub fn utc(at: Timestamp) -> Option<String> {
    let known = (at.as_secs() > 0).then(|| jiff::Timestamp::from_second(at.as_secs()).ok())??;
    Some(known.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// How long from `start` to `end`, in words; `None` if the start is unknown.
pub fn span_between(start: Timestamp, end: Timestamp) -> Option<String> {
    (start.as_secs() > 0).then(|| span(end.since(start)))
}

/// A span in its two greatest units: `3 hours 5 minutes`.
pub fn span(span: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = span.as_secs();
    let mut words = Vec::new();
    for (seconds, unit) in UNITS {
        let count = rest / seconds;
        rest %= seconds;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        } else if !words.is_empty() {
            // Two units that touch: nobody says "1 day 3 seconds".
            break;
        }
        if words.len() == 2 {
            break;
        }
    }
    if words.is_empty() { "less than a second".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_two_units() {
        let said = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(said(0), "less than a second");
        assert_eq!(said(42), "42 seconds");
        assert_eq!(said(61), "1 minute 1 second");
        assert_eq!(said(3_600), "1 hour");
        assert_eq!(said(3_605), "1 hour");
        assert_eq!(said(4 * 3_600 + 300), "4 hours 5 minutes");
        assert_eq!(said(3 * 86_400 + 7_200 + 59), "3 days 2 hours");
    }

    #[test]
    fn times_are_local_for_the_reader_and_utc_otherwise() {
        let at = Timestamp::from_millis(1_754_044_920_500);
        assert_eq!(date(at), "<!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>");
        for unknown in [0, -62_135_596_800_000, i64::MAX, i64::MIN] {
            assert_eq!(date(Timestamp::from_millis(unknown)), "—");
        }
    }
}
