//! What was measured, in words: a number with its unit, and what it is compared with.

use larum_core::alert::Measured;
use larum_core::policy::Comparator;
use larum_template::{Format, float, humanize, humanize_1024, humanize_duration, plain};

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
    /// Bytes a second.
    BytesPerSecond,
    /// Processor cores in use.
    Cores,
    /// 2³⁰ bytes.
    Gibibytes,
    /// 2²⁰ bytes.
    Mebibytes,
    /// 10⁶ bytes a second.
    MegabytesPerSecond,
    /// 10⁶ bits a second.
    MegabitsPerSecond,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Percent,
        Self::Ratio,
        Self::Bytes,
        Self::Seconds,
        Self::PerSecond,
        Self::BytesPerSecond,
        Self::Cores,
        Self::Gibibytes,
        Self::Mebibytes,
        Self::MegabytesPerSecond,
        Self::MegabitsPerSecond,
    ];

    /// The word for it in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Percent => "percent",
            Self::Ratio => "ratio",
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
            Self::PerSecond => "per_second",
            Self::BytesPerSecond => "bytes_per_second",
            Self::Cores => "cores",
            Self::Gibibytes => "gibibytes",
            Self::Mebibytes => "mebibytes",
            Self::MegabytesPerSecond => "megabytes_per_second",
            Self::MegabitsPerSecond => "megabits_per_second",
        }
    }

    /// The unit with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// What stands behind a number that is not put into words: `%`, `GiB`, or nothing.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Number => "",
            Self::Percent | Self::Ratio => "%",
            Self::Bytes => "B",
            Self::Seconds => "s",
            Self::PerSecond => "/s",
            Self::BytesPerSecond => "B/s",
            Self::Cores => "cores",
            Self::Gibibytes => "GiB",
            Self::Mebibytes => "MiB",
            Self::MegabytesPerSecond => "MB/s",
            Self::MegabitsPerSecond => "Mbit/s",
        }
    }

    /// Something measured, rounded for reading: `93.2 %`, `1.5GiB`, `2m 5s`.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Number => number(value),
            Self::Percent => percent(value),
            Self::Ratio => percent(value * 100.0),
            Self::Bytes => format!("{}B", humanize_1024(value)),
            Self::Seconds => humanize_duration(value),
            Self::PerSecond => format!("{}/s", number(value)),
            Self::BytesPerSecond => format!("{}B/s", humanize(value)),
            Self::Cores
            | Self::Gibibytes
            | Self::Mebibytes
            | Self::MegabytesPerSecond
            | Self::MegabitsPerSecond => self.count(&rounded(value)),
        }
    }

    /// A limit, as it was set: `90 %`.
    pub fn show_limit(self, limit: f64) -> String {
        match self {
            Self::Number => plain(limit),
            Self::Percent => format!("{} %", plain(limit)),
            // A limit such as 0.07 is not exactly a hundredth of 7.
            Self::Ratio => format!("{} %", plain((limit * 1e8).round() / 1e6)),
            Self::Bytes | Self::Seconds | Self::PerSecond | Self::BytesPerSecond => self.show(limit),
            Self::Cores
            | Self::Gibibytes
            | Self::Mebibytes
            | Self::MegabytesPerSecond
            | Self::MegabitsPerSecond => self.count(&plain(limit)),
        }
    }

    /// `2 GiB`, `1 core`
    fn count(self, number: &str) -> String {
        match self {
            Self::Cores if number == "1" => "1 core".into(),
            _ => format!("{number} {}", self.sign()),
        }
    }
}

/// With a prefix if it is large; a small one has digits, for `500m` is taken for metres or minutes.
fn number(value: f64) -> String {
    if value.abs() < 1.0 { rounded(value) } else { humanize(value) }
}

/// About three digits, and none that say nothing.
fn rounded(value: f64) -> String {
    if !value.is_finite() {
        return plain(value);
    }
    let digits = match value.abs() {
        small if small < 0.1 => 4,
        small if small < 10.0 => 2,
        medium if medium < 1_000.0 => 1,
        _ => 0,
    };
    without_zeros(value, digits)
}

/// With at most so many decimals, and none that say nothing; what would come to nothing has as many as it needs.
fn without_zeros(value: f64, digits: usize) -> String {
    let shown = format!("{value:.digits$}");
    let shown = if digits == 0 { &shown } else { shown.trim_end_matches('0').trim_end_matches('.') };
    match shown.trim_start_matches('-') {
        "0" if value != 0.0 => float(value, Format::General, Some(2)),
        "0" => "0".to_owned(),
        _ => shown.to_owned(),
    }
}

/// One decimal, two below one percent, none if they say nothing.
fn percent(value: f64) -> String {
    if !value.is_finite() {
        return format!("{} %", plain(value));
    }
    let digits = if value.abs() < 1.0 { 2 } else { 1 };
    format!("{} %", without_zeros(value, digits))
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
        assert_eq!(read(Unit::Percent, 0.0, 0.0042), "0.0042 % (> 0 %)", "what fires is not 0");
        assert_eq!(read(Unit::Cores, 0.0, 0.000_01), "1e-05 cores (> 0 cores)");
        assert_eq!(read(Unit::Percent, 0.0, -0.0), "0 % (> 0 %)");
        assert_eq!(read(Unit::Ratio, 0.07, 0.0712), "7.1 % (> 7 %)");
        assert_eq!(read(Unit::Number, 2.0, 2.3117), "2.312 (> 2)");
        assert_eq!(read(Unit::Number, 0.25, 0.5), "0.5 (> 0.25)");
        assert_eq!(read(Unit::PerSecond, 0.0, 0.0512), "0.0512/s (> 0/s)");
        assert_eq!(read(Unit::Bytes, 1_048_576.0, 1_610_612_736.0), "1.5GiB (> 1MiB)");
        assert_eq!(read(Unit::Seconds, 60.0, 125.0), "2m 5s (> 1m 0s)");
        assert_eq!(read(Unit::PerSecond, 500.0, 1234.0), "1.234k/s (> 500/s)");
        assert_eq!(read(Unit::BytesPerSecond, 1e6, 2_500_000.0), "2.5MB/s (> 1MB/s)");
        assert_eq!(read(Unit::Cores, 1.0, 2.345), "2.35 cores (> 1 core)");
        assert_eq!(read(Unit::Cores, 0.0, 0.0123), "0.0123 cores (> 0 cores)");
        assert_eq!(read(Unit::Gibibytes, 0.5, 0.4), "0.4 GiB (> 0.5 GiB)");
        assert_eq!(read(Unit::Mebibytes, 1024.0, 1200.0), "1200 MiB (> 1024 MiB)");
        assert_eq!(read(Unit::MegabytesPerSecond, 200.0, 210.04), "210 MB/s (> 200 MB/s)");
        assert_eq!(read(Unit::MegabitsPerSecond, 800.0, f64::INFINITY), "+Inf Mbit/s (> 800 Mbit/s)");
        assert!(Unit::ALL.iter().all(|unit| Unit::from_word(unit.as_str()) == Some(*unit)));
        assert_eq!(Reading::default().measured(1_234_567.0).text, "1.235M");
        assert_eq!(read(Unit::Percent, 1.0, f64::NAN), "NaN % (> 1 %)");
    }
}
