//! Text for a terminal of 80 columns: broken into lines between words, without anything that a terminal would obey.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How wide a line is at most, in characters, but for a word that is longer.
const WIDTH: usize = 80;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is written, line by line, and seen from when and where.
pub struct Paper {
    text: String,
    now: Timestamp,
    zone: TimeZone,
}

impl Paper {
    /// An empty one.
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self { text: String::new(), now, zone }
    }

    /// All that was written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Words on as many lines as they need: the first begins with `mark`, the others stand below what follows it.
    pub fn write(&mut self, mark: &str, words: &str) {
        let words = harmless(words);
        let indent = mark.chars().count();
        let mut column = indent;
        self.text.push_str(mark);
        for (place, word) in words.split(' ').filter(|word| !word.is_empty()).enumerate() {
            let length = word.chars().count();
            if place > 0 && column + 1 + length > WIDTH {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else if place > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        self.text.push('\n');
    }

    /// `2026-11-23 03:12:05 +01:00 (12 min ago)`
    pub fn moment(&self, at: Timestamp) -> String {
        format!(
            "{} ({})",
            at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z"),
            self.relative(at)
        )
    }

    /// `03:12:05`, on the same day as now; else with the date.
    pub fn time(&self, at: Timestamp) -> String {
        let (at, now) = (at.to_zoned(self.zone.clone()), self.now.to_zoned(self.zone.clone()));
        let form = if at.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        at.strftime(form).to_string()
    }

    /// `just now`, `5 min ago`, `in 2 h`
    pub fn relative(&self, at: Timestamp) -> String {
        let distance = self.now.as_second() - at.as_second();
        match distance {
            0..=9 => "just now".to_owned(),
            10.. => format!("{} ago", span(distance)),
            _ => format!("in {}", span(-distance)),
        }
    }
}

/// Seconds as the two largest units: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`.
fn span(seconds: i64) -> String {
    let pair = |(large, large_unit): (i64, &str), (small, small_unit): (i64, &str)| {
        let first = format!("{} {large_unit}", seconds / large);
        match seconds % large / small {
            0 => first,
            rest => format!("{first} {rest} {small_unit}"),
        }
    };
    match seconds {
        ..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => pair((HOUR, "h"), (MINUTE, "min")),
        DAY.. => pair((DAY, "d"), (HOUR, "h")),
    }
}

/// A text from anybody, without characters that a terminal obeys or that turn others round (Unicode, UAX #9).
fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        let turns =
            matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if letter.is_control() || turns {
            plain.extend(letter.escape_default());
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Paper {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        Paper::new("2026-11-22T03:00:00Z".parse().expect("a time"), zone)
    }

    #[test]
    fn words_are_broken_into_lines_and_stand_below_each_other() {
        let mut paper = paper();
        paper.write("  - ", &"word ".repeat(30));
        let text = paper.into_text();
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(
            text.starts_with("  - word") && text.lines().skip(1).all(|line| line.starts_with("    word")),
            "{text}"
        );
    }

    #[test]
    fn a_terminal_obeys_nothing_of_it() {
        let mut paper = paper();
        paper.write("", "a\u{1b}[31mred\u{7}\r\nb \u{202e}dlrow\u{9b}2J");
        assert_eq!(paper.into_text(), "a\\u{1b}[31mred\\u{7}\\r\\nb \\u{202e}dlrow\\u{9b}2J\n");
    }

    #[test]
    fn times_are_absolute_with_their_offset_and_relative() {
        let paper = paper();
        let at = |text: &str| text.parse().expect("a time");
        assert_eq!(paper.moment(at("2026-11-22T02:48:00Z")), "2026-11-22 03:48:00 +01:00 (12 min ago)");
        assert_eq!(paper.time(at("2026-11-22T02:48:00Z")), "03:48:00");
        assert_eq!(paper.time(at("2026-11-20T02:48:00Z")), "2026-11-20 03:48:00");
        assert_eq!(paper.relative(at("2026-11-22T14:05:00Z")), "in 11 h 5 min");
        assert_eq!(paper.relative(at("2026-11-19T23:00:00Z")), "2 d 4 h ago");
        assert_eq!(paper.relative(at("2026-11-22T02:59:55Z")), "just now");
        assert_eq!(paper.relative(at("2026-11-22T03:00:05Z")), "in 5 s");
    }
}
