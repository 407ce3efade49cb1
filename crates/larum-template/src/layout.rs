//! Times in a layout that is written as an example (Go, package `time`, "Layout"): `2006-01-02 15:04:05`.

use jiff::Zoned;

/// The parts of a layout that stand for something, with jiff's word for each; of two that begin alike, the longer
/// first.
const PARTS: [(&str, &str); 24] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("2006", "%Y"),
    ("002", "%j"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("__2", "%_3j"),
    ("_2006", "_%Y"),
    ("_2", "%e"),
    ("1", "%-m"),
    ("2", "%-d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
];

/// How the distance to UTC is written behind a sign; behind a `Z` none is written as that. The longer first.
const DISTANCES: [&str; 5] = ["07:00:00", "070000", "07:00", "0700", "07"];

/// A time in a layout.
pub fn format(time: &Zoned, layout: &str) -> String {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(next) = rest.chars().next() {
        if let Some((digits, after)) = fraction(rest) {
            out.push_str(&shown_fraction(time, digits, rest));
            rest = after;
        } else if let Some((distance, after)) = distance(time, rest) {
            out.push_str(&distance);
            rest = after;
        } else if let Some((part, word)) = PARTS.iter().find(|(part, _)| stands(rest, part)) {
            out.push_str(&time.strftime(word).to_string());
            rest = &rest[part.len()..];
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// The distance to UTC as it is asked for at the beginning, and what follows.
fn distance<'t>(time: &Zoned, text: &'t str) -> Option<(String, &'t str)> {
    let asked = text.strip_prefix(['-', 'Z'])?;
    let part = DISTANCES.iter().find(|part| asked.starts_with(**part))?;
    let after = &asked[part.len()..];
    let seconds = time.offset().seconds();
    if text.starts_with('Z') && seconds == 0 {
        return Some(("Z".to_owned(), after));
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
    let shown = match *part {
        "07:00:00" => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        "070000" => format!("{hours:02}{minutes:02}{seconds:02}"),
        "07:00" => format!("{hours:02}:{minutes:02}"),
        "0700" => format!("{hours:02}{minutes:02}"),
        _ => format!("{hours:02}"),
    };
    Some((format!("{sign}{shown}"), after))
}

/// Whether a part stands at the beginning; `Jan` is none within `Janet`.
fn stands(text: &str, part: &str) -> bool {
    let Some(after) = text.strip_prefix(part) else { return false };
    part != "Jan" || !after.starts_with(|c: char| c.is_ascii_lowercase())
}

/// How many digits of a second's fraction are asked for at the beginning: a point or a comma, and zeros or nines that no
/// other digit follows.
fn fraction(text: &str) -> Option<(usize, &str)> {
    let digits = text.strip_prefix(['.', ','])?;
    let kind = digits.chars().next().filter(|c| matches!(c, '0' | '9'))?;
    let after = digits.trim_start_matches(kind);
    let count = digits.len() - after.len();
    (!after.starts_with(|c: char| c.is_ascii_digit())).then_some((count, after))
}

/// The fraction: nines ask for no zeros behind.
fn shown_fraction(time: &Zoned, digits: usize, asked: &str) -> String {
    let all = format!("{:09}", time.subsec_nanosecond());
    let shown = format!("{}{}", &asked[..1], &all[..digits.min(9)]);
    if asked[1..].starts_with('9') {
        return shown.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned();
    }
    shown
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::format;

    // What promtool 2.42 makes of the same layouts.
    #[test]
    fn layouts_are_examples() {
        let time = Timestamp::from_millisecond(1_435_065_584_120).unwrap().to_zoned(TimeZone::UTC);
        let layouts = [
            ("2006-01-02T15:04:05Z07:00", "2015-06-23T13:19:44Z"),
            ("Mon, 02 Jan 2006 15:04:05 MST", "Tue, 23 Jun 2015 13:19:44 UTC"),
            ("Jan _2 15:04:05.000", "Jun 23 13:19:44.120"),
            ("3:04:05.999PM -0700", "1:19:44.12PM +0000"),
            ("Monday January 2 06 pm 002 __2", "Tuesday June 23 15 pm 174 174"),
            ("Janet 1/2 4:5", "Janet 6/23 19:44"),
            ("", ""),
            ("ä%Y%", "ä%Y%"),
        ];
        for (layout, shown) in layouts {
            assert_eq!(format(&time, layout), shown);
        }
        let there = time.with_time_zone(TimeZone::get("Asia/Kolkata").unwrap());
        assert_eq!(
            format(&there, "15:04 -07:00 Z0700 -07 Z07:00:00 MST"),
            "18:49 +05:30 +0530 +05 +05:30:00 IST"
        );
    }
}
