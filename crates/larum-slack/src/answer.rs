//! From bytes to an outcome: what was heard, and what it means for whoever must choose whether to send again.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value};

use crate::error::{ErrorClass, MAX_CODE, MAX_MESSAGES, MAX_WORDS, SlackError};
use crate::http::innermost;

/// The most of an answer that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 1 << 20;
/// The shortest pause that is believed, and the one taken when Slack names none.
pub const MIN_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause that is believed.
pub const MAX_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Why a call brought nothing. `Display` says it in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallError {
    /// Too many calls: not done, ask again after this pause.
    #[error("Slack asks to wait {} s", .0.as_secs())]
    RetryAfter(Duration),
    /// Slack says no: not done.
    #[error("Slack refused: {0}")]
    Refused(SlackError),
    /// The request went out and no readable answer came back: perhaps done.
    #[error("{0}")]
    Unknown(String),
    /// The request never went out: not done.
    #[error("{0}")]
    Unreachable(String),
}

/// What became of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PostOutcome {
    /// Slack has it.
    Delivered {
        /// The channel's id, also when the message was addressed to a name; the address if Slack named none.
        channel_id: String,
        /// The message's id within the channel; empty if Slack named none.
        ts: String,
        /// Whether Slack had it already, under the same `client_msg_id`.
        duplicate: bool,
    },
    /// Not posted, too many messages: send again after this pause, between [`MIN_PAUSE`] and [`MAX_PAUSE`].
    RetryAfter(Duration),
    /// Definitely not posted, and why. Of class [`ErrorClass::RateLimit`] is here only a used-up quota.
    Refused(SlackError),
    /// May have been posted: the connection was lost, the time ran out or the answer makes no sense.
    Unknown(String),
    /// Certainly not posted: no connection came about.
    Unreachable(String),
}

impl From<CallError> for PostOutcome {
    fn from(error: CallError) -> Self {
        match error {
            CallError::RetryAfter(pause) => Self::RetryAfter(pause),
            CallError::Refused(error) => Self::Refused(error),
            CallError::Unknown(reason) => Self::Unknown(reason),
            CallError::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}

/// An answer that says `ok`, whatever else it holds.
pub(crate) struct Answer {
    /// The answer's fields.
    pub fields: Map<String, Value>,
    /// The scopes that the token has, if Slack names them (header `x-oauth-scopes`).
    pub scopes: Option<Vec<String>>,
}

impl Answer {
    /// A field that should be text; empty if it is not there or something else.
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Makes the call and reads what it brings.
pub(crate) async fn call(request: RequestBuilder) -> Result<Answer, CallError> {
    let response = request.send().await.map_err(|error| lost(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = match read(response).await {
        Ok(body) => body,
        // The header said enough.
        Err(_) if status == StatusCode::TOO_MANY_REQUESTS => Vec::new(),
        Err(error) => return Err(error),
    };
    interpret(status, &headers, &body)
}

/// The meaning of an answer. Only `ok` and `error` decide, and 429; other statuses say nothing that the body does
/// not (Slack answers 200 to every error of an application).
fn interpret(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<Answer, CallError> {
    let fields = serde_json::from_slice::<Map<String, Value>>(body).ok();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(CallError::RetryAfter(pause(headers, fields.as_ref())));
    }
    let Some(fields) = fields else { return Err(CallError::Unknown(unreadable(status, headers))) };
    match fields.get("ok").and_then(Value::as_bool) {
        Some(true) if status.is_success() => Ok(Answer { scopes: scopes(headers), fields }),
        Some(false) => Err(refusal(headers, &fields)),
        _ => Err(CallError::Unknown(unreadable(status, headers))),
    }
}

fn refusal(headers: &HeaderMap, fields: &Map<String, Value>) -> CallError {
    let text = |field: &str, most| fields.get(field).and_then(Value::as_str).map(|text| cut(text, most));
    let messages = fields.get("response_metadata").and_then(|more| more.get("messages"));
    let messages = messages.and_then(Value::as_array).into_iter().flatten();
    let error = SlackError {
        needed: text("needed", MAX_WORDS),
        provided: text("provided", MAX_WORDS),
        messages: messages
            .filter_map(Value::as_str)
            .take(MAX_MESSAGES)
            .map(|text| cut(text, MAX_WORDS))
            .collect(),
        ..SlackError::from_code(text("error", MAX_CODE).unwrap_or_default())
    };
    if error.code == "ratelimited" || error.code == "rate_limited" {
        return CallError::RetryAfter(pause(headers, Some(fields)));
    }
    if error.may_have_happened() {
        return CallError::Unknown(format!("Slack has a fault of its own ({})", error.code));
    }
    CallError::Refused(error)
}

/// What is kept of a text from outside: it is stored and shown, and whoever answers may not be Slack.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The header's whole seconds, else the body's `retry_after`, kept within bounds.
fn pause(headers: &HeaderMap, fields: Option<&Map<String, Value>>) -> Duration {
    let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
    let named = header.or_else(|| fields?.get("retry_after")?.as_f64());
    let seconds = named.filter(|seconds| seconds.is_finite()).unwrap_or(0.0);
    Duration::from_secs_f64(seconds.ceil().clamp(MIN_PAUSE.as_secs_f64(), MAX_PAUSE.as_secs_f64()))
}

fn scopes(headers: &HeaderMap) -> Option<Vec<String>> {
    let listed = headers.get("x-oauth-scopes")?.to_str().ok()?;
    Some(listed.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
}

fn unreadable(status: StatusCode, headers: &HeaderMap) -> String {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("nothing");
    let kind: String = kind.split(';').next().unwrap_or_default().chars().take(40).collect();
    let code = status.as_u16();
    if status.is_redirection() {
        return format!(
            "answered {code}, a redirect, which Slack never does: check the address of the Slack API"
        );
    }
    if status.is_server_error() {
        return format!("Slack answered {code} ({kind}): it has a fault of its own");
    }
    format!(
        "answered {code} with {kind} instead of Slack's JSON: check the address of the Slack API and the proxy"
    )
}

async fn read(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(CallError::Unknown(format!("the answer is longer than {MAX_ANSWER_BYTES} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A failure without an answer: before the request went out, or after.
fn lost(error: &reqwest::Error) -> CallError {
    let host = error.url().and_then(|url| url.host_str()).unwrap_or("Slack");
    let cause = innermost(error);
    if error.is_connect() {
        CallError::Unreachable(format!("cannot connect to {host}: {cause}"))
    } else if error.is_builder() {
        CallError::Unreachable(format!("the request could not be made: {cause}"))
    } else if error.is_timeout() {
        CallError::Unknown(format!("{host} did not answer in time"))
    } else {
        CallError::Unknown(format!("the connection to {host} was lost: {cause}"))
    }
}

/// The class of whatever a call error is, for metrics.
impl CallError {
    /// The class that decides who must act; a call without an answer is [`ErrorClass::Transient`].
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::RetryAfter(_) => ErrorClass::RateLimit,
            Self::Refused(error) => error.class,
            Self::Unknown(_) | Self::Unreachable(_) => ErrorClass::Transient,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause_for(header: Option<&str>, body: &str) -> u64 {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        match interpret(StatusCode::TOO_MANY_REQUESTS, &headers, body.as_bytes()) {
            Err(CallError::RetryAfter(pause)) => pause.as_secs(),
            _ => panic!("429 always means waiting"),
        }
    }

    #[test]
    fn a_pause_is_bounded_whatever_slack_says() {
        assert_eq!(pause_for(Some("30"), ""), 30);
        assert_eq!(pause_for(Some("1.2"), ""), 2);
        for nonsense in ["", "soon", "-5", "0", "NaN", "inf"] {
            assert_eq!(pause_for(Some(nonsense), "<html>"), 1, "{nonsense}");
        }
        assert_eq!(pause_for(Some("99999999999999999999"), ""), 3600);
        assert_eq!(pause_for(None, r#"{"ok":false,"error":"rate_limited","retry_after":7}"#), 7);
        assert_eq!(pause_for(None, ""), 1);
    }

    fn outcome(status: u16, body: &str) -> Result<(), CallError> {
        let status = StatusCode::from_u16(status).unwrap();
        interpret(status, &HeaderMap::new(), body.as_bytes()).map(|_| ())
    }

    #[test]
    fn only_ok_and_error_decide() {
        assert_eq!(outcome(200, r#"{"ok":true,"unheard":[{"of":null}]}"#), Ok(()));
        assert!(matches!(outcome(200, r#"{"ok":"yes"}"#), Err(CallError::Unknown(_))));
        assert!(matches!(outcome(200, "[]"), Err(CallError::Unknown(_))));
        assert!(matches!(outcome(500, r#"{"ok":true}"#), Err(CallError::Unknown(_))));
        let refused = outcome(404, r#"{"ok":false,"error":"channel_not_found","response_metadata":7}"#);
        assert_eq!(refused, Err(CallError::Refused(SlackError::from_code("channel_not_found"))));
        assert!(matches!(outcome(200, r#"{"ok":false}"#), Err(CallError::Refused(_))));
    }

    #[test]
    fn of_an_endless_refusal_only_the_beginning_is_kept() {
        let long = "x".repeat(100_000);
        let body = serde_json::json!({
            "ok": false, "error": long, "needed": long, "provided": long,
            "response_metadata": { "messages": vec![long.clone(); 20] },
        });
        let Err(CallError::Refused(error)) = outcome(200, &body.to_string()) else { panic!("it is refused") };
        assert_eq!((error.code.len(), error.messages.len()), (MAX_CODE, MAX_MESSAGES));
        let words = error.messages.iter().chain(&error.needed).chain(&error.provided);
        assert!(words.map(String::len).all(|length| length == MAX_WORDS));
    }

    #[test]
    fn a_fault_within_slack_may_have_posted() {
        assert!(matches!(outcome(200, r#"{"ok":false,"error":"fatal_error"}"#), Err(CallError::Unknown(_))));
        assert!(matches!(outcome(503, "<html>"), Err(CallError::Unknown(_))));
        let unavailable = outcome(200, r#"{"ok":false,"error":"service_unavailable"}"#).unwrap_err();
        assert!(matches!(unavailable, CallError::Refused(_)));
        assert_eq!(unavailable.class(), ErrorClass::Transient);
    }

    #[test]
    fn a_refusal_over_a_limit_in_the_body_alone_is_a_pause_too() {
        let limited = outcome(200, r#"{"ok":false,"error":"ratelimited"}"#);
        assert_eq!(limited, Err(CallError::RetryAfter(MIN_PAUSE)));
    }
}
