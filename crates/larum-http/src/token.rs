//! What a server of tokens answers (RFC 6749, sections 5.1 and 5.2).

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

use crate::words::{beginning, innermost};

/// The most of an answer that is read, in bytes; tokens are kept in headers, which are shorter.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// How much of a server's own words is told, in characters.
const MAX_TOLD: usize = 200;
/// The longest that a token is believed to last.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// A token as it is sent on.
pub(crate) struct Token {
    /// `Authorization: Bearer …`, or whatever type it has.
    pub(crate) header: HeaderValue,
    /// How long it lasts, if the server says.
    pub(crate) lasts: Option<Duration>,
}

/// Why there is no token.
pub(crate) enum Refusal {
    /// The server has answered, and gives none.
    Refused(String),
    /// There is no answer.
    Lost(String),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    access_token: String,
    token_type: String,
    /// Seconds, as a number or as a text: servers do both.
    expires_in: Value,
    error: String,
    error_description: String,
}

/// Reads the token that is in an answer.
pub(crate) async fn read(mut response: Response) -> Result<Token, Refusal> {
    let (status, kind) = (response.status(), kind(&response));
    let mut body = Vec::new();
    while let Some(piece) =
        response.chunk().await.map_err(|error| Refusal::Lost(innermost(&error.without_url())))?
    {
        if body.len() + piece.len() > MAX_ANSWER_BYTES {
            return Err(Refusal::Refused(format!("its answer is longer than {MAX_ANSWER_BYTES} bytes")));
        }
        body.extend_from_slice(&piece);
    }
    let answer = parse(&kind, &body);
    let code = status.as_u16();
    match answer {
        Some(Answer { error, error_description, .. }) if !error.is_empty() => {
            let words = [error, error_description].map(|words| beginning(&words, MAX_TOLD));
            Err(Refusal::Refused(format!("it answers {code}: {}", words.join(" ").trim_end())))
        }
        _ if !status.is_success() => Err(Refusal::Refused(format!("it answers {code}"))),
        Some(answer) => token(&answer),
        None => Err(Refusal::Refused("its answer is no JSON".to_owned())),
    }
}

fn kind(response: &Response) -> String {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// An answer in JSON, or as a form, which some servers send against the rule (Go's `golang.org/x/oauth2` takes it too).
fn parse(kind: &str, body: &[u8]) -> Option<Answer> {
    if !matches!(kind, "application/x-www-form-urlencoded" | "text/plain") {
        return serde_json::from_slice(body).ok();
    }
    let mut answer = Answer::default();
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "access_token" => answer.access_token = value.into_owned(),
            "token_type" => answer.token_type = value.into_owned(),
            "expires_in" => answer.expires_in = Value::from(value),
            "error" => answer.error = value.into_owned(),
            "error_description" => answer.error_description = value.into_owned(),
            _ => {}
        }
    }
    Some(answer)
}

fn token(answer: &Answer) -> Result<Token, Refusal> {
    if answer.access_token.is_empty() {
        return Err(Refusal::Refused("there is no access_token in its answer".to_owned()));
    }
    let scheme = match answer.token_type.as_str() {
        kind if kind.is_empty() || kind.eq_ignore_ascii_case("bearer") => "Bearer",
        kind => kind,
    };
    let unusable = || Refusal::Refused("its token has a character that no header may have".to_owned());
    let header = HeaderValue::from_str(&format!("{scheme} {}", answer.access_token));
    let mut header = header.map_err(|_| unusable())?;
    header.set_sensitive(true);
    Ok(Token { header, lasts: lasts(&answer.expires_in) })
}

/// As long as it says; nothing and what is not more than zero says nothing.
fn lasts(expires_in: &Value) -> Option<Duration> {
    let seconds = match expires_in {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let seconds = Some(seconds).filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0)?;
    Some(Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, body: &str) -> Result<(String, Option<Duration>), String> {
        let answer = parse(kind, body.as_bytes()).ok_or("no answer")?;
        match token(&answer) {
            Ok(token) => Ok((token.header.to_str().unwrap().to_owned(), token.lasts)),
            Err(Refusal::Refused(why) | Refusal::Lost(why)) => Err(why),
        }
    }

    #[test]
    fn tokens_come_in_json_and_as_forms_with_numbers_and_texts() {
        let json = |body| read("application/json", body);
        let minute = Some(Duration::from_secs(60));
        let bearer = |lasts| Ok(("Bearer t".to_owned(), lasts));
        assert_eq!(json(r#"{"access_token":"t","token_type":"bearer","expires_in":60}"#), bearer(minute));
        assert_eq!(json(r#"{"access_token":"t","expires_in":"60","more":[1]}"#), bearer(minute));
        assert_eq!(json(r#"{"access_token":"t","expires_in":null}"#), bearer(None));
        assert_eq!(json(r#"{"access_token":"t","expires_in":-1}"#), bearer(None));
        assert_eq!(json(r#"{"access_token":"t","expires_in":1e300}"#), bearer(Some(LONGEST)));
        assert_eq!(read("text/plain", "access_token=t&expires_in=60"), bearer(minute));
        assert_eq!(json(r#"{"access_token":"t","token_type":"DPoP"}"#), Ok(("DPoP t".to_owned(), None)));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for body in ["{}", r#"{"access_token":""}"#, r#"{"access_token":"a\nb"}"#, "[]", "<html>"] {
            assert!(read("application/json", body).is_err(), "{body}");
        }
    }
}
