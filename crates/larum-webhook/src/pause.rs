//! How long a server asks to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use larum_core::time::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The shortest pause that is believed, and the one taken when the server names none.
pub const MIN_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause that is believed.
pub const MAX_PAUSE: Duration = Duration::from_secs(60 * 60);

/// What `Retry-After` says: seconds, or a date (RFC 9110, section 10.2.3). Slack's have fractions now and then.
pub(crate) fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(number) => seconds(number),
        Err(_) => Some(bounded(date(text)?.since(now))),
    }
}

/// So many seconds, if that is a number, within bounds.
pub(crate) fn seconds(number: f64) -> Option<Duration> {
    let most = MAX_PAUSE.as_secs_f64();
    (!number.is_nan()).then(|| bounded(Duration::from_secs_f64(number.ceil().clamp(0.0, most))))
}

fn bounded(pause: Duration) -> Duration {
    pause.clamp(MIN_PAUSE, MAX_PAUSE)
}

fn date(text: &str) -> Option<Timestamp> {
    let date: SystemTime = httpdate::parse_http_date(text).ok()?;
    let millis = date.duration_since(UNIX_EPOCH).ok()?.as_millis();
    Some(Timestamp::from_millis(i64::try_from(millis).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(text: &str) -> Option<u64> {
        // Sun, 06 Nov 1994 08:49:37 GMT, the date of the examples in RFC 9110.
        let now = Timestamp::from_millis(784_111_777_000);
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        asked(&headers, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn both_forms_of_it_are_read_and_bounded() {
        assert_eq!(pause("30"), Some(30));
        assert_eq!(pause(" 1.2 "), Some(2));
        assert_eq!(pause("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(pause("Sunday, 06-Nov-94 08:50:07 GMT"), Some(30));
        assert_eq!(pause("Sun Nov  6 08:50:07 1994"), Some(30));
        assert_eq!(pause("Sun, 06 Nov 1994 08:00:00 GMT"), Some(1), "a date that has passed");
        assert_eq!(pause("Fri, 31 Dec 9999 23:59:59 GMT"), Some(3600));
        for far in ["inf", "99999999999999999999"] {
            assert_eq!(pause(far), Some(3600), "{far}");
        }
        for near in ["0", "-5", "-inf"] {
            assert_eq!(pause(near), Some(1), "{near}");
        }
        for nothing in ["", "soon", "NaN"] {
            assert_eq!(pause(nothing), None, "{nothing}");
        }
        assert_eq!(asked(&HeaderMap::new(), Timestamp::default()), None);
    }
}
