//! Numbers as Go writes them.

/// Without exponent, with as few digits as tell it apart (`strconv.FormatFloat(v, 'f', -1, 64)`).
pub(crate) fn plain(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    value.to_string()
}

/// With an exponent below 1e-4 and from 1e6 (`fmt`, verbs `%g` and `%v`).
pub(crate) fn general(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return plain(value);
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    } else {
        plain(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let numbers = [1.2, -1.0, f64::NAN, f64::INFINITY, 100_000.0, 1e6, 1_234_567.0, 1e-5, 0.0001];
        let shown = numbers.map(general);
        assert_eq!(shown, ["1.2", "-1", "NaN", "+Inf", "100000", "1e+06", "1.234567e+06", "1e-05", "0.0001"]);
        assert_eq!(general(-1e30), "-1e+30");
        assert_eq!(plain(1e-7), "0.0000001");
    }
}
