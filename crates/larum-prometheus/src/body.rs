//! An answer's body as it comes over the wire: unpacked and counted while it is read, never held as a whole.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use larum_http::cut;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::error::SourceError;

/// How many pieces of the body wait for the one who reads, at most.
const PIECES: usize = 4;
/// How much is unpacked at once, in bytes.
const BUFFER: usize = 64 * 1024;

/// What is read, on a thread that may wait.
pub(crate) type Body = BufReader<Bounded>;

/// A way for the pieces of a body from where they arrive to where they are read. An error that is put in comes out as an
/// error of reading; see [`trouble`].
pub(crate) fn channel<Piece>() -> (Sender<Result<Piece, SourceError>>, Pieces<Piece>) {
    let (feed, pieces) = mpsc::channel(PIECES);
    (feed, Pieces { pieces, current: None, read: 0 })
}

/// The body that comes in pieces, of which `limit` bytes are read after unpacking. It may wait for the first of them.
///
/// # Errors
/// When the body is packed in a way that was not asked for.
pub(crate) fn unpack<Piece: AsRef<[u8]> + Send + 'static>(
    headers: &HeaderMap,
    pieces: Pieces<Piece>,
    limit: u64,
) -> Result<Body, SourceError> {
    let encoding = headers.get(CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let source: Box<dyn Read + Send> = match encoding.as_deref().map(str::trim) {
        None | Some("" | "identity") => Box::new(pieces),
        Some("gzip" | "x-gzip") => Box::new(MultiGzDecoder::new(pieces)),
        Some(other) => {
            let other = cut(other);
            return Err(SourceError::BadAnswer(format!(
                "it is packed with {other:?}, and only gzip was asked for"
            )));
        }
    };
    Ok(BufReader::with_capacity(BUFFER, Bounded { source, left: limit, limit }))
}

/// What an error while reading a [`Body`] means.
pub(crate) fn trouble(error: io::Error) -> SourceError {
    error.downcast::<SourceError>().unwrap_or_else(|error| {
        SourceError::BadAnswer(format!("it cannot be unpacked: {}", cut(&error.to_string())))
    })
}

#[cfg(test)]
pub(crate) fn of(bytes: &[u8]) -> Body {
    let (feed, pieces) = channel();
    feed.try_send(Ok(bytes.to_vec())).expect("there is room for one");
    unpack(&HeaderMap::new(), pieces, 1024 * 1024).expect("it is not packed")
}

/// The pieces of a body, one after the other.
pub(crate) struct Pieces<Piece> {
    pieces: Receiver<Result<Piece, SourceError>>,
    current: Option<Piece>,
    /// How much of the current piece is read.
    read: usize,
}

impl<Piece: AsRef<[u8]>> Read for Pieces<Piece> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(piece) = &self.current {
                let rest = &piece.as_ref()[self.read..];
                if !rest.is_empty() {
                    let count = rest.len().min(buffer.len());
                    buffer[..count].copy_from_slice(&rest[..count]);
                    self.read += count;
                    return Ok(count);
                }
            }
            match self.pieces.blocking_recv() {
                None => return Ok(0),
                Some(Err(error)) => return Err(io::Error::other(error)),
                Some(Ok(piece)) => (self.current, self.read) = (Some(piece), 0),
            }
        }
    }
}

/// A source of which no more than so many bytes are read; one more is an error.
pub(crate) struct Bounded {
    source: Box<dyn Read + Send>,
    left: u64,
    limit: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return match self.source.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(SourceError::TooLarge { limit: self.limit })),
            };
        }
        let count = self.source.read(&mut buffer[..most])?;
        self.left -= count as u64;
        Ok(count)
    }
}
