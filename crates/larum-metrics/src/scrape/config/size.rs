//! Numbers of bytes as Prometheus' files write them.

/// Reads a number of bytes: `512KB`, `10MB`, `1GiB`; units are powers of 1024 with `i` and without (Prometheus,
/// "Configuration", `<size>`). None if it is none.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    const UNITS: [&str; 7] = ["", "K", "M", "G", "T", "P", "E"];
    if text == "0" {
        return Some(0);
    }
    let (number, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic())?);
    let prefix = unit.strip_suffix('B')?;
    let prefix = prefix.strip_suffix('i').filter(|prefix| !prefix.is_empty()).unwrap_or(prefix);
    let power = UNITS.iter().position(|unit| *unit == prefix)?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let bytes = number.parse::<f64>().ok().filter(|_| plain)? * 1024_f64.powi(power as i32);
    (bytes < u64::MAX as f64).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in
            [("0", 0), ("7B", 7), ("1KB", 1024), ("1KiB", 1024), ("1.5MB", 3 << 19), ("2GB", 2 << 30)]
        {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "7", "MB", "1mb", "1iB", "-1MB", "1e3MB", "99999999EB"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
