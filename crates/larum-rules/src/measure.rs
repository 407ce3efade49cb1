//! What was measured, in words: a number with its unit, and what it is compared with.

use larum_core::alert::Measured;
use larum_core::policy::Comparator;

use crate::text::{humanize, humanize_1024, humanize_duration, plain};

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unit {
    /// Nothing in particular.
    #[default]
    Number,
    /// Hundredths.
    Percent,
    /// Parts of one, shown as hundredths.
    Ratio,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Things a second.
    PerSecond,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 6] =
        [Self::Number, Self::Percent, Self::Ratio, Self::Bytes, Self::Seconds, Self::PerSecond];

    /// The word for it in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Percent => "percent",
            Self::Ratio => "ratio",
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
            Self::PerSecond => "per_second",
        }
    }

    /// The unit with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// What stands behind the number: `%`, or nothing.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Percent | Self::Ratio => "%",
            _ => "",
        }
    }

    /// Something measured, rounded for reading: `93.2 %`, `1.5GiB`, `2m 5s`.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Number => humanize(value),
            Self::Percent => percent(value),
            Self::Ratio => percent(value * 100.0),
            Self::Bytes => format!("{}B", humanize_1024(value)),
            Self::Seconds => humanize_duration(value),
            Self::PerSecond => format!("{}/s", humanize(value)),
        }
    }

    /// A limit, as it was set: `90 %`.
    pub fn show_limit(self, limit: f64) -> String {
        match self {
            Self::Number => plain(limit),
            Self::Percent => format!("{} %", plain(limit)),
            // A limit such as 0.07 is not exactly a hundredth of 7.
            Self::Ratio => format!("{} %", plain((limit * 1e8).round() / 1e6)),
            Self::Bytes | Self::Seconds | Self::PerSecond => self.show(limit),
        }
    }
}

/// One decimal, two below one percent, none if they say nothing.
fn percent(value: f64) -> String {
    if !value.is_finite() {
        return format!("{} %", plain(value));
    }
    let digits = if value.abs() < 1.0 { 2 } else { 1 };
    let shown = format!("{value:.digits$}");
    format!("{} %", shown.trim_end_matches('0').trim_end_matches('.'))
}

/// How what a policy measures is put into words.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Reading {
    /// What the number counts.
    pub unit: Unit,
    /// What it is compared with, where that is known.
    pub limit: Option<(Comparator, f64)>,
}

impl Reading {
    /// What was measured: `93.2 % (> 90 %)`.
    pub fn measured(&self, value: f64) -> Measured {
        let shown = self.unit.show(value);
        let text = match self.limit {
            Some((comparator, limit)) => format!("{shown} ({comparator} {})", self.unit.show_limit(limit)),
            None => shown,
        };
        Measured { value, text: text.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_their_units_and_limits() {
        let read = |unit, limit: f64, value| {
            Reading { unit, limit: Some((Comparator::Greater, limit)) }.measured(value).text
        };
        assert_eq!(read(Unit::Percent, 90.0, 93.2391), "93.2 % (> 90 %)");
        assert_eq!(read(Unit::Percent, 0.0, 0.0421), "0.04 % (> 0 %)");
        assert_eq!(read(Unit::Percent, 99.95, 100.0), "100 % (> 99.95 %)");
        assert_eq!(read(Unit::Ratio, 0.07, 0.0712), "7.1 % (> 7 %)");
        assert_eq!(read(Unit::Number, 2.0, 2.3117), "2.312 (> 2)");
        assert_eq!(read(Unit::Bytes, 1_048_576.0, 1_610_612_736.0), "1.5GiB (> 1MiB)");
        assert_eq!(read(Unit::Seconds, 60.0, 125.0), "2m 5s (> 1m 0s)");
        assert_eq!(read(Unit::PerSecond, 500.0, 1234.0), "1.234k/s (> 500/s)");
        assert_eq!(Reading::default().measured(1_234_567.0).text, "1.235M");
        assert_eq!(read(Unit::Percent, 1.0, f64::NAN), "NaN % (> 1 %)");
    }
}
