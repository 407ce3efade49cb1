//! Whose a token is, as Slack says.

use std::time::Duration;

use larum_core::time::Now;
use larum_slack::{AdviceContext, CallError, ErrorClass, Identity, SlackClient};
use larum_store::SlackFacts;
use tokio::time::timeout;

/// How long Slack may take to say it.
const PATIENCE: Duration = Duration::from_secs(4);

/// What Slack said of a token.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// Whose it is, if Slack said.
    pub identity: Option<Identity>,
    /// The same as it is kept, without channels.
    pub facts: SlackFacts,
    /// Slack's code if it does not take the token.
    pub refused: Option<String>,
}

/// Asks Slack whose the client's token is; takes 4 seconds at most. `now` says when the answer came.
pub async fn introduce(client: &SlackClient, now: impl Fn() -> Now) -> Introduction {
    let answer = timeout(PATIENCE, client.auth_test()).await;
    let answer = answer.unwrap_or_else(|_| Err(CallError::Unknown("it did not answer in time".to_owned())));
    let (token, at) = (client.token(), now().wall.as_millis());
    let facts = SlackFacts {
        hint: token.hint(),
        kind: Some(token.kind().as_str().to_owned()),
        state: "not_checked".to_owned(),
        ..SlackFacts::default()
    };
    let error = match answer {
        Ok(identity) => {
            let facts =
                SlackFacts { state: "checked".to_owned(), checked_at: Some(at), ..of(&identity, facts) };
            return Introduction { identity: Some(identity), facts, refused: None };
        }
        Err(error) => error,
    };
    let refused = match &error {
        CallError::Refused(error) if error.class == ErrorClass::Credential => Some(error.code.clone()),
        _ => None,
    };
    let facts = match &refused {
        Some(_) => SlackFacts { state: "refused".to_owned(), checked_at: Some(at), ..facts },
        None => facts,
    };
    let context = AdviceContext { kind: Some(token.kind()), ..AdviceContext::default() };
    let facts = SlackFacts { problem: Some(explain(&error, &context)), ..facts };
    Introduction { identity: None, facts, refused }
}

fn of(identity: &Identity, facts: SlackFacts) -> SlackFacts {
    SlackFacts {
        workspace: Some(identity.team.clone()),
        workspace_url: Some(identity.url.clone()),
        team_id: Some(identity.team_id.clone()),
        kind: Some(identity.kind.as_str().to_owned()),
        as_name: Some(identity.user.clone()),
        scopes: identity.scopes.clone(),
        ..facts
    }
}

fn explain(error: &CallError, context: &AdviceContext<'_>) -> String {
    match error {
        CallError::Refused(error) => error.advice(context),
        CallError::RetryAfter(wait) => {
            format!("Slack asks to wait {} seconds, so the token is not checked yet.", wait.as_secs())
        }
        CallError::Unknown(reason) | CallError::Unreachable(reason) => {
            format!("Slack could not be asked, so the token is not checked yet: {reason}.")
        }
    }
}
