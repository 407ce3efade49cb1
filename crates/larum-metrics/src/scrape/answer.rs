//! The body of an answer, taken in piece by piece within its limit.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use super::error::ScrapeError;
use crate::exposition::{ContentTypeError, Format};

/// What a target answered, whole and decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub body: Vec<u8>,
    /// How it is to be read.
    pub format: Format,
    /// Why the fallback was taken for that, if it was.
    pub doubt: Option<ContentTypeError>,
}

/// A body that arrives.
pub(super) struct Body {
    sink: Sink,
    limit: u64,
}

enum Sink {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

/// Bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: u64,
    is_over: bool,
}

impl Body {
    /// A body that may have `limit` bytes once decompressed, sent with this `Content-Encoding`.
    pub(super) fn new(encoding: Option<&str>, limit: u64) -> Result<Self, ScrapeError> {
        let bytes = Bounded { bytes: Vec::new(), limit, is_over: false };
        let sink = match encoding.unwrap_or_default() {
            "" | "identity" => Sink::Plain(bytes),
            encoding if encoding.eq_ignore_ascii_case("gzip") => {
                Sink::Gzip(Box::new(MultiGzDecoder::new(bytes)))
            }
            encoding => return Err(ScrapeError::Encoding(encoding.chars().take(40).collect())),
        };
        Ok(Self { sink, limit })
    }

    /// Takes in the next piece.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), ScrapeError> {
        let taken = match &mut self.sink {
            Sink::Plain(bytes) => bytes.write_all(piece),
            Sink::Gzip(decoder) => decoder.write_all(piece),
        };
        taken.map_err(|error| self.reason(&error))
    }

    /// All of it, once it has ended.
    pub(super) fn end(mut self) -> Result<Vec<u8>, ScrapeError> {
        if let Sink::Gzip(decoder) = &mut self.sink
            && let Err(error) = decoder.try_finish()
        {
            return Err(self.reason(&error));
        }
        Ok(std::mem::take(&mut self.bytes_mut().bytes))
    }

    fn reason(&mut self, error: &io::Error) -> ScrapeError {
        let limit = self.limit;
        if self.bytes_mut().is_over {
            ScrapeError::BodyBytes(limit)
        } else {
            ScrapeError::Gzip(error.to_string())
        }
    }

    fn bytes_mut(&mut self) -> &mut Bounded {
        match &mut self.sink {
            Sink::Plain(bytes) => bytes,
            Sink::Gzip(decoder) => decoder.get_mut(),
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + piece.len()) as u64 > self.limit {
            self.is_over = true;
            return Err(io::Error::other("the limit is reached"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
