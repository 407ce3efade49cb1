//! What the engine refuses, as the caller reads it.

use larum_engine::SettingsError;

use super::users::STORAGE_FULL;
use crate::draft;
use crate::draft::receiver::sentence;
use crate::problem::{Code, Problem};

/// What is refused about a change of the settings, at its field. A conflict is better told with what there is now.
pub fn refused(error: &SettingsError) -> Problem {
    let words = sentence(&error.to_string());
    match error {
        SettingsError::Conflict => Problem::new(Code::Conflict, words),
        SettingsError::NotFound => Problem::not_found(words),
        SettingsError::NameTaken(_) => Problem::invalid("name", words),
        SettingsError::TooManyReceivers | SettingsError::TooManyPolicies => Problem::invalid("", words),
        SettingsError::NoToken => Problem::invalid("token", words),
        SettingsError::Policy(errors) => draft::policy::refused(errors),
        SettingsError::Builtin => Problem::new(Code::Forbidden, words),
        SettingsError::Storage(error) => {
            tracing::error!(error, "the settings could not be saved");
            Problem::new(Code::StorageFull, STORAGE_FULL)
        }
        SettingsError::Stopping => Problem::unavailable("Larum is stopping. Try again in a moment."),
    }
}
