//! What is wrong with a configuration, and where.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use crate::yaml::{Place, YamlError};

/// The most that is told to be wrong with one file; what else there is shows when that is mended.
pub const MOST_ERRORS: usize = 100;

/// One thing that is wrong with a configuration. Says no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// Where it stands.
    pub place: Place,
    /// The path of the field, as in `receivers[0].slack_configs[1].channel`; empty if it concerns no field.
    pub path: String,
    /// What is wrong, in words for whoever wrote it.
    pub message: String,
}

/// Something that is right today and not wise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigWarning {
    /// Where it stands.
    pub place: Place,
    /// The path of the field.
    pub path: String,
    /// What is not wise about it.
    pub message: String,
}

impl ConfigError {
    pub(super) fn of_yaml(error: YamlError) -> Self {
        Self { place: error.place, path: String::new(), message: error.message }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, self.place, &self.path, &self.message)
    }
}

impl fmt::Display for ConfigWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, self.place, &self.path, &self.message)
    }
}

fn show(f: &mut fmt::Formatter<'_>, place: Place, path: &str, message: &str) -> fmt::Result {
    if place.line > 0 {
        write!(f, "line {}, column {}: ", place.line, place.column)?;
    }
    if !path.is_empty() {
        write!(f, "{path}: ")?;
    }
    f.write_str(message)
}

/// What reading brings to light beside the configuration.
#[derive(Debug, Default)]
pub(super) struct Report {
    errors: RefCell<Vec<ConfigError>>,
    warnings: RefCell<Vec<ConfigWarning>>,
    secrets: RefCell<HashSet<Place>>,
}

impl Report {
    pub fn wrong(&self, place: Place, path: &str, message: impl Into<String>) {
        let error = ConfigError { place, path: path.to_owned(), message: message.into() };
        let mut errors = self.errors.borrow_mut();
        // One thing at a field is enough to know, and what an alias repeats is wrong once.
        let known = |known: &ConfigError| {
            known.place == place && (known.path == path || known.message == error.message)
        };
        if errors.len() < MOST_ERRORS && !errors.iter().any(known) {
            errors.push(error);
        }
    }

    pub fn is_wrong(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    pub fn warn(&self, place: Place, path: &str, message: impl Into<String>) {
        let warning = ConfigWarning { place, path: path.to_owned(), message: message.into() };
        self.warnings.borrow_mut().push(warning);
    }

    pub fn secret(&self, place: Place) {
        self.secrets.borrow_mut().insert(place);
    }

    pub fn into_parts(self) -> (Vec<ConfigError>, Vec<ConfigWarning>, HashSet<Place>) {
        (self.errors.into_inner(), self.warnings.into_inner(), self.secrets.into_inner())
    }
}
