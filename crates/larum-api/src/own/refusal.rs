//! What the engine refuses, as the caller reads it.

use larum_engine::{SettingsError, Unwritable};
use serde::Serialize;

use super::users::STORAGE_FULL;
use crate::draft;
use crate::draft::receiver::sentence;
use crate::problem::{Code, Problem};

/// What is refused about a change of something that was read at some version. Who comes second is told by whom `what`
/// was changed, and what it is now; `now` knows neither if it is gone.
pub fn refused_change<T: Serialize>(
    error: &SettingsError,
    what: &str,
    now: impl FnOnce() -> Option<(String, T)>,
) -> Problem {
    if !matches!(error, SettingsError::Conflict) {
        return refused(error);
    }
    match now() {
        Some((by, current)) => {
            Problem::conflict(format!("{by} changed {what} in the meantime: see what it is now."), &current)
        }
        None => refused(&SettingsError::NotFound),
    }
}

/// What is refused about a change of the settings, at its field. A conflict is better told by [`refused_change`].
pub fn refused(error: &SettingsError) -> Problem {
    let words = sentence(&error.to_string());
    match error {
        SettingsError::Conflict => Problem::new(Code::Conflict, words),
        SettingsError::NotFound => Problem::not_found(words),
        SettingsError::NameTaken(_) => Problem::invalid("name", words),
        SettingsError::TooManyReceivers | SettingsError::TooManyPolicies | SettingsError::Limit(_) => {
            Problem::invalid("", words)
        }
        SettingsError::NoToken => Problem::invalid("token", words),
        SettingsError::Policy(errors) => draft::policy::refused(errors),
        SettingsError::Builtin | SettingsError::RuleFile(_) => Problem::new(Code::Forbidden, words),
        SettingsError::Storage(Unwritable::Full) => Problem::new(Code::StorageFull, STORAGE_FULL),
        SettingsError::Storage(Unwritable::Failed) => Problem::unavailable(words),
        SettingsError::Stopping => Problem::unavailable("Larum is stopping. Try again in a moment."),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::response::IntoResponse;

    use super::*;

    async fn told(error: SettingsError) -> String {
        let body = to_bytes(refused(&error).into_response().into_body(), 4096).await.unwrap();
        String::from_utf8_lossy(&body).into_owned()
    }

    #[tokio::test]
    async fn only_a_full_disk_is_told_as_one() {
        assert!(told(Unwritable::Full.into()).await.contains("\"code\":\"storage_full\""));
        let failed = told(Unwritable::Failed.into()).await;
        assert!(
            failed.contains("\"code\":\"unavailable\"") && failed.contains("its log says why"),
            "{failed}"
        );
        assert!(!failed.contains("full"), "{failed}");
    }
}
