//! What is allowed while one answer is read, and why reading was ended.

use std::cell::Cell;
use std::fmt;

use larum_http::cut;
use serde::de;

use crate::body;
use crate::error::SourceError;

/// Why reading was ended before the end, which an error of the JSON parser cannot say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// There is no room for one more.
    Full,
    /// There is something that has no value here.
    NativeHistogram,
}

/// What is allowed while one answer is read.
pub(crate) struct Room {
    limit: usize,
    taken: Cell<usize>,
    stop: Cell<Option<Stop>>,
}

impl Room {
    /// Room for so many series or entries.
    pub(crate) fn for_so_many(limit: usize) -> Self {
        Self { limit, taken: Cell::new(0), stop: Cell::new(None) }
    }

    /// Takes one place.
    ///
    /// # Errors
    /// When there is none left, which ends the reading.
    pub(crate) fn take<E: de::Error>(&self) -> Result<(), E> {
        if self.taken.get() == self.limit {
            return Err(self.end(Stop::Full));
        }
        self.taken.set(self.taken.get() + 1);
        Ok(())
    }

    /// The error that ends the reading for this reason.
    pub(crate) fn end<E: de::Error>(&self, stop: Stop) -> E {
        self.stop.set(Some(stop));
        E::custom("enough is read")
    }

    /// Whether reading was ended because there was no room.
    pub(crate) fn is_full(&self) -> bool {
        self.stop.get() == Some(Stop::Full)
    }

    /// What an error while reading means.
    pub(crate) fn meaning(&self, error: serde_json::Error) -> SourceError {
        match self.stop.get() {
            Some(Stop::Full) => SourceError::TooManySeries { limit: self.limit },
            Some(Stop::NativeHistogram) => SourceError::NativeHistogram,
            None if error.is_io() => body::trouble(error.into()),
            None if error.is_eof() => SourceError::BadAnswer(format!("it breaks off: {error}")),
            None => SourceError::BadAnswer(cut(&error.to_string())),
        }
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Room({} of {})", self.taken.get(), self.limit)
    }
}
