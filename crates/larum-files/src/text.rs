//! What a file holds.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The text of a file of at most so many bytes. Nothing beyond them is held, also if the file never ends.
///
/// # Errors
/// If it cannot be opened or read, is no UTF-8, or is larger.
pub fn read_text(path: &Path, most_bytes: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {most_bytes} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], most_bytes: u64) -> Result<String, String> {
        let file = tempfile::NamedTempFile::new().expect("there is room");
        std::fs::write(file.path(), bytes).expect("there is room");
        read_text(file.path(), most_bytes).map_err(|error| error.to_string())
    }

    #[test]
    fn a_text_is_read_up_to_its_limit() {
        assert_eq!(read(b"", 0), Ok(String::new()));
        assert_eq!(read("né".as_bytes(), 3), Ok("né".to_owned()));
        // It is cut within a letter here, which is not what is wrong with it.
        assert_eq!(read("néé".as_bytes(), 3), Err("it is larger than 3 bytes".to_owned()));
        assert_eq!(read(b"\xff", 3), Err("it is no text in UTF-8".to_owned()));
        let endless = read_text(Path::new("/dev/zero"), 1 << 10).expect_err("it has no end");
        assert_eq!(endless.to_string(), "it is larger than 1024 bytes");
    }
}
