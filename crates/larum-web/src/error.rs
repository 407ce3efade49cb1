//! What is wrong with a web configuration file, and where.

use std::path::{Path, PathBuf};

use serde_saphyr::{Error, Location, MessageFormatter, Spanned, UserMessageFormatter};

/// The first thing that is wrong with a web configuration file. Says no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}{message}", file.display(), place(*line, *column))]
pub struct WebError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 if it concerns no line.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What is wrong, and what to do.
    pub message: String,
}

fn place(line: u64, column: u64) -> String {
    if line > 0 { format!("line {line}, column {column}: ") } else { String::new() }
}

/// What is wrong, before anybody knows in which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    line: u64,
    column: u64,
    message: String,
}

impl Wrong {
    pub fn at(location: Location, message: impl Into<String>) -> Self {
        Self { line: location.line(), column: location.column(), message: message.into() }
    }

    pub fn with<T>(what: &Spanned<T>, message: impl Into<String>) -> Self {
        Self::at(what.referenced, message)
    }

    pub fn nowhere(message: impl Into<String>) -> Self {
        Self::at(Location::UNKNOWN, message)
    }

    pub fn of_yaml(error: &Error) -> Self {
        let message = match error {
            Error::SerdeUnknownField { field, .. } => format!("there is no field {field:?} here"),
            Error::DuplicateMappingKey { key: Some(field), .. } => format!("{field} stands there twice"),
            // Without the place, which stands in front, and without advice for whoever writes programs.
            error => UserMessageFormatter.format_message(error).into_owned(),
        };
        Self::at(error.location().unwrap_or(Location::UNKNOWN), message)
    }

    pub fn in_file(self, file: &Path) -> WebError {
        let Self { line, column, message } = self;
        WebError { file: file.to_owned(), line, column, message }
    }
}
