//! Dates, for `month()` and its kin: the proleptic Gregorian calendar in UTC.

/// A day and a time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 1 to 366.
    pub day_of_year: u16,
    /// 0 is Sunday.
    pub weekday: u8,
    pub hour: u8,
    pub minute: u8,
}

const DAY: i64 = 86_400;
/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days before each month in a year that begins with March, so that leap days come last.
const BEFORE_MONTH: [i64; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

impl Date {
    /// The date `seconds` after the epoch, fractions cut off; a value that is no time counts as the far past,
    /// as Go's conversion to an integer makes it.
    pub(crate) fn of_seconds(seconds: f64) -> Self {
        const FAR: f64 = 9.0e15;
        let seconds = if seconds.is_nan() { -FAR } else { seconds.trunc().clamp(-FAR, FAR) } as i64;
        let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        // Count from 1 March of year 0, so that the leap day is the last day of its year.
        let shifted = days + 719_468;
        let (era, day) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
        let year_of_era = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let index = BEFORE_MONTH.iter().rposition(|&before| before <= day_of_year).unwrap_or(0);
        let month = if index < 10 { index + 3 } else { index - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let leap = i64::from(is_leap(year));
        let since_january = if month <= 2 { day_of_year - 306 } else { day_of_year + 59 + leap };
        Self {
            year,
            month: month as u8,
            day: (day_of_year - BEFORE_MONTH[index] + 1) as u8,
            day_of_year: (since_january + 1) as u16,
            weekday: (days + 4).rem_euclid(7) as u8,
            hour: (second / 3600) as u8,
            minute: (second % 3600 / 60) as u8,
        }
    }

    pub(crate) fn days_in_month(self) -> u8 {
        match self.month {
            2 => 28 + u8::from(is_leap(self.year)),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(seconds: f64) -> (i64, u8, u8, u16, u8, u8, u8) {
        let date = Date::of_seconds(seconds);
        (date.year, date.month, date.day, date.day_of_year, date.weekday, date.hour, date.minute)
    }

    #[test]
    fn dates_before_and_after_the_epoch_and_around_leap_days() {
        assert_eq!(date(0.0), (1970, 1, 1, 1, 4, 0, 0));
        assert_eq!(date(-1.0), (1969, 12, 31, 365, 3, 23, 59));
        assert_eq!(date(951_782_400.0), (2000, 2, 29, 60, 2, 0, 0));
        assert_eq!(date(951_868_800.0), (2000, 3, 1, 61, 3, 0, 0));
        assert_eq!(date(1_136_239_445.0), (2006, 1, 2, 2, 1, 22, 4));
        assert_eq!(date(4_107_542_400.0), (2100, 3, 1, 60, 1, 0, 0));
        assert_eq!(date(1_735_603_200.0), (2024, 12, 31, 366, 2, 0, 0));
    }

    #[test]
    fn months_have_their_lengths() {
        assert_eq!(Date::of_seconds(951_782_400.0).days_in_month(), 29);
        assert_eq!(Date::of_seconds(4_105_123_200.0).days_in_month(), 28);
        assert_eq!(Date::of_seconds(1_145_000_000.0).days_in_month(), 30);
    }

    #[test]
    fn what_is_no_time_is_no_panic() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN] {
            assert!((1..=12).contains(&Date::of_seconds(value).month));
        }
    }
}
