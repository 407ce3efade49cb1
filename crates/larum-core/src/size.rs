//! Numbers of bytes as Prometheus' files and flags write them: `512KB`, `10MB`, `1.5GiB`, `0`.

/// The prefixes of units, each 1024 times the one before, with `i` and without (Prometheus, "Configuration", `<size>`).
const PREFIXES: [&str; 7] = ["", "K", "M", "G", "T", "P", "E"];

/// Why a text is no number of bytes.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is not a size such as 512KB, 10MB or 2GiB")]
pub struct SizeError(String);

/// Reads a number of bytes: a number, which may have a fraction, and one unit; or `0`.
///
/// # Errors
/// [`SizeError`] for anything else, and for what does not fit into 64 bits.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let read = if text == "0" { Some(0) } else { bytes(text) };
    read.ok_or_else(|| SizeError(text.chars().take(40).collect()))
}

fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic())?);
    let prefix = unit.strip_suffix('B')?;
    let prefix = prefix.strip_suffix('i').filter(|prefix| !prefix.is_empty()).unwrap_or(prefix);
    let power = PREFIXES.iter().position(|known| *known == prefix)?;
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
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "7", "MB", "1mb", "1iB", "-1MB", "1e3MB", "99999999EB", "1 MB", ".B", "1MBé"] {
            assert_eq!(parse_size(text), Err(SizeError(text.to_owned())), "{text}");
        }
    }
}
