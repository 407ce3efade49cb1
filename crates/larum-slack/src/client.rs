//! The client: one token, five calls.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::Value;

use crate::answer::{Answer, CallError, PostOutcome, call};
use crate::api_url::ApiUrl;
use crate::error::SlackError;
use crate::token::{SlackToken, TokenKind};

/// With a charset: without, Slack adds the warning `missing_charset` to every answer.
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Without a charset: with one, Slack adds the warning `superfluous_charset`.
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Speaks to one workspace with one token. Cheap to clone; clients share the connections of `http`.
#[derive(Clone, Debug)]
pub struct SlackClient {
    http: Client,
    api: ApiUrl,
    token: SlackToken,
}

/// Who a token is (`auth.test`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The workspace's name.
    pub team: String,
    /// The workspace's id.
    pub team_id: String,
    /// The workspace's address, `https://name.slack.com/`.
    pub url: String,
    /// The name of the bot or the user: what to `/invite`.
    pub user: String,
    /// The id of the bot's or the person's user.
    pub user_id: String,
    /// The bot's id, for bot tokens.
    pub bot_id: Option<String>,
    /// Whether it posts as an app or as a person.
    pub kind: TokenKind,
    /// What it may do; `None` if Slack did not say.
    pub scopes: Option<Vec<String>>,
}

impl Identity {
    /// Whether it has a scope; `None` if Slack did not say.
    pub fn has_scope(&self, scope: &str) -> Option<bool> {
        self.scopes.as_ref().map(|scopes| scopes.iter().any(|has| has == scope))
    }
}

impl SlackClient {
    /// A client for this token. No call is made.
    pub fn new(http: Client, api: &ApiUrl, token: SlackToken) -> Self {
        Self { http, api: api.clone(), token }
    }

    /// The token that it speaks with.
    pub fn token(&self) -> &SlackToken {
        &self.token
    }

    /// Asks who the token is.
    ///
    /// # Errors
    /// [`CallError`], for a bad token `Refused` with `invalid_auth` and its like.
    pub async fn auth_test(&self) -> Result<Identity, CallError> {
        let answer = call(self.post("auth.test").header(CONTENT_TYPE, FORM)).await?;
        Ok(self.identity(&answer))
    }

    /// Joins a public channel; joining twice is fine. Needs the scope `channels:join` (user tokens:
    /// `channels:write`).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn conversations_join(&self, id: &str) -> Result<(), CallError> {
        let body = serde_json::json!({ "channel": id }).to_string();
        call(self.post("conversations.join").header(CONTENT_TYPE, JSON).body(body)).await.map(|_| ())
    }

    /// Posts a message. `body` is the text of a JSON object, sent byte for byte with `channel` and `client_msg_id` put
    /// in front; it must hold neither of the two. `channel` is an id or a public channel's name.
    ///
    /// A body that is not an object is refused with `json_not_object` as Slack would, without asking it.
    pub async fn post_message(&self, channel: &str, client_msg_id: &str, body: &str) -> PostOutcome {
        let Some(body) = addressed(channel, client_msg_id, body) else {
            return PostOutcome::Refused(SlackError::from_code("json_not_object"));
        };
        match call(self.post("chat.postMessage").header(CONTENT_TYPE, JSON).body(body)).await {
            Ok(answer) => delivered(&answer, channel),
            Err(error) => error.into(),
        }
    }

    /// A request for reading, its arguments in the query: these methods do not take JSON.
    pub(crate) async fn get(&self, method: &str, arguments: &[(&str, &str)]) -> Result<Answer, CallError> {
        let mut url = self.api.method(method);
        url.query_pairs_mut().extend_pairs(arguments);
        call(self.request(Method::GET, url)).await
    }

    fn post(&self, method: &str) -> RequestBuilder {
        self.request(Method::POST, self.api.method(method))
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let bearer = format!("Bearer {}", self.token.expose());
        let mut bearer = HeaderValue::from_str(&bearer).expect("a token is visible ASCII");
        bearer.set_sensitive(true);
        self.http.request(method, url).header(AUTHORIZATION, bearer)
    }

    fn identity(&self, answer: &Answer) -> Identity {
        let text = |field: &str| answer.text(field).to_owned();
        Identity {
            team: text("team"),
            team_id: text("team_id"),
            url: text("url"),
            user: text("user"),
            user_id: text("user_id"),
            bot_id: answer.fields.get("bot_id").and_then(Value::as_str).map(str::to_owned),
            kind: self.token.kind(),
            scopes: answer.scopes.clone(),
        }
    }
}

fn delivered(answer: &Answer, channel: &str) -> PostOutcome {
    let named = answer.text("channel");
    PostOutcome::Delivered {
        channel_id: if named.is_empty() { channel } else { named }.to_owned(),
        ts: answer.text("ts").to_owned(),
        duplicate: answer.fields.get("is_duplicate").and_then(Value::as_bool).unwrap_or(false),
    }
}

/// The body with its address in front, or `None` if it is not the text of an object.
fn addressed(channel: &str, client_msg_id: &str, body: &str) -> Option<String> {
    let rest = body.trim_start().strip_prefix('{')?;
    let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
    let (channel, id) = (Value::from(channel), Value::from(client_msg_id));
    Some(format!(r#"{{"channel":{channel},"client_msg_id":{id}{comma}{rest}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_in_front_and_the_rest_stays_as_it_is() {
        assert_eq!(
            addressed("#o\"ps", "u-1", "{ \"text\" : \"a\\u00e9\" }").unwrap(),
            "{\"channel\":\"#o\\\"ps\",\"client_msg_id\":\"u-1\", \"text\" : \"a\\u00e9\" }"
        );
        assert_eq!(addressed("C1", "u", "{}").unwrap(), r#"{"channel":"C1","client_msg_id":"u"}"#);
        assert_eq!(addressed("C1", "u", "[1]"), None);
        assert_eq!(addressed("C1", "u", ""), None);
    }
}
