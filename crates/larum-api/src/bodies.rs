//! Bodies of requests, read as their doors read them and nothing more: for whoever looks for bodies that break a door.

use axum::response::IntoResponse;
use larum_core::alert::Observation;
use larum_core::matcher::MatcherSyntax;
use larum_core::policy;
use larum_core::receiver::parse_receiver_name;
use larum_core::silence::{SilenceDraft, SilenceLimits};
use larum_core::time::Timestamp;

use crate::alertmanager;
use crate::body::parse;
use crate::draft::policy::read_policy;
use crate::draft::receiver::{read_channels, read_conditions, read_token};
use crate::problem::Problem;
use crate::wire::policy_change::PolicyDraft;
use crate::wire::receiver::ReceiverDraft;

/// How a door says no.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong.
    pub words: String,
}

impl From<alertmanager::Refusal> for Refused {
    fn from(refusal: alertmanager::Refusal) -> Self {
        let words = format!("{refusal:?}");
        Self { status: refusal.into_response().status().as_u16(), words }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let words = problem.detail().to_owned();
        Self { status: problem.into_response().status().as_u16(), words }
    }
}

/// `POST /api/v2/alerts`: what is right, and how the rest is refused.
///
/// # Errors
/// [`Refused`] if nothing of it counts.
pub fn alerts(body: &[u8], now: Timestamp) -> Result<(Vec<Observation>, Option<Refused>), Refused> {
    alertmanager::read_alerts(body, now)
        .map(|(seen, wrong)| (seen, wrong.map(Into::into)))
        .map_err(Into::into)
}

/// `POST /api/v2/silences`.
///
/// # Errors
/// [`Refused`].
pub fn silence(body: &[u8], syntax: MatcherSyntax) -> Result<SilenceDraft, Refused> {
    alertmanager::read_silence(body, syntax, &SilenceLimits::default())
        .map(|(_, draft)| draft)
        .map_err(Into::into)
}

/// `POST /api/larum/v1/receivers`, as far as Slack is not asked.
///
/// # Errors
/// [`Refused`].
pub fn receiver(body: &[u8]) -> Result<(), Refused> {
    let given: ReceiverDraft = parse(body)?;
    parse_receiver_name(&given.name).map_err(|error| Problem::invalid("name", error.to_string()))?;
    read_token(given.token.as_deref())?;
    read_channels(&given.channels)?;
    read_conditions(given.conditions.as_deref())?;
    Ok(())
}

/// `POST /api/larum/v1/policies`.
///
/// # Errors
/// [`Refused`].
pub fn policy(body: &[u8]) -> Result<policy::PolicyDraft, Refused> {
    let given: PolicyDraft = parse(body)?;
    Ok(read_policy(given, &policy::PolicyDraft::default())?)
}
