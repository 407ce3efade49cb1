//! Times in a layout that is written as an example (Go, package `time`, "Layout"): `2006-01-02 15:04:05`.

use jiff::Zoned;

/// The parts of a layout that stand for something, with jiff's word for each; of two that begin alike, the longer
/// first. Times are in UTC, which Go writes as `Z` where it can.
const PARTS: [(&str, &str); 34] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "UTC"),
    ("2006", "%Y"),
    ("-07:00:00", "+00:00:00"),
    ("-070000", "+000000"),
    ("-07:00", "+00:00"),
    ("-0700", "+0000"),
    ("-07", "+00"),
    ("Z07:00:00", "Z"),
    ("Z070000", "Z"),
    ("Z07:00", "Z"),
    ("Z0700", "Z"),
    ("Z07", "Z"),
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

/// A time in a layout.
pub fn format(time: &Zoned, layout: &str) -> String {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(next) = rest.chars().next() {
        if let Some((digits, after)) = fraction(rest) {
            out.push_str(&shown_fraction(time, digits, rest));
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
    }
}
