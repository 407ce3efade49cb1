//! Numbers as Go prints them (Go, package `strconv`, `FormatFloat`).

/// Go's formats of a float.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `%e`: always with an exponent.
    Exponent,
    /// `%f`: never with one.
    Fixed,
    /// `%g`: with one if it is very large or very small.
    General,
}

/// A float as Go writes it with this format; without a precision it has as many digits as tell it apart.
pub fn float(value: f64, format: Format, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    match (format, precision) {
        (Format::Fixed, None) => format!("{value}"),
        (Format::Fixed, Some(digits)) => format!("{value:.digits$}"),
        (Format::Exponent, None) => two_digit_exponent(&format!("{value:e}")),
        (Format::Exponent, Some(digits)) => two_digit_exponent(&format!("{value:.digits$e}")),
        (Format::General, digits) => general(value, digits),
    }
}

/// A float as Go's `%v` and `print` write it.
pub fn plain(value: f64) -> String {
    float(value, Format::General, None)
}

/// `%g`: an exponent below -4 or from the precision on, which is taken for 6 when there is none; no zeros behind.
fn general(value: f64, precision: Option<usize>) -> String {
    let digits = precision.map(|digits| digits.max(1));
    let scientific = match digits {
        Some(digits) => format!("{value:.*e}", digits - 1),
        None => format!("{value:e}"),
    };
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let most = digits.map_or(6, |digits| i32::try_from(digits).unwrap_or(i32::MAX));
    if exponent < -4 || exponent >= most {
        let trimmed = if mantissa.contains('.') { trim_zeros(mantissa) } else { mantissa };
        return two_digit_exponent(&format!("{trimmed}e{exponent}"));
    }
    let shown = match digits {
        Some(digits) => {
            let behind = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - exponent;
            format!("{value:.*}", usize::try_from(behind).unwrap_or(0))
        }
        None => format!("{value}"),
    };
    if shown.contains('.') { trim_zeros(&shown).to_owned() } else { shown }
}

/// Without zeros at the end of what stands behind the point, and without a point that nothing stands behind.
fn trim_zeros(decimal: &str) -> &str {
    decimal.trim_end_matches('0').trim_end_matches('.')
}

/// Rust's `1.5e3` as Go's `1.5e+03`.
fn two_digit_exponent(scientific: &str) -> String {
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific.to_owned() };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    // What promtool 2.42 makes of the same numbers.
    #[test]
    fn go_prints_the_same() {
        let all = |value| {
            let general = float(value, Format::General, Some(4));
            let [exponent, fixed] =
                [Format::Exponent, Format::Fixed].map(|format| float(value, format, Some(6)));
            format!("{} {exponent} {fixed} {general}", plain(value))
        };
        assert_eq!(all(1_234_567.0), "1.234567e+06 1.234567e+06 1234567.000000 1.235e+06");
        assert_eq!(all(0.000_012_34), "1.234e-05 1.234000e-05 0.000012 1.234e-05");
        assert_eq!(all(100_000.0), "100000 1.000000e+05 100000.000000 1e+05");
        assert_eq!(all(1e21), "1e+21 1.000000e+21 1000000000000000000000.000000 1e+21");
        assert_eq!(all(93.2), "93.2 9.320000e+01 93.200000 93.2");
        assert_eq!(all(20.0), "20 2.000000e+01 20.000000 20");
        assert_eq!(all(-0.0), "-0 -0.000000e+00 -0.000000 -0");
        assert_eq!(all(f64::INFINITY), "+Inf +Inf +Inf +Inf");
    }
}
