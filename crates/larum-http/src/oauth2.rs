//! Credentials that another server gives for those of a client (RFC 6749, section 4.4), kept until they expire.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use larum_core::time::Steady;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::Clock;
use crate::connection::Connection;
use crate::error::{ConfigError, Unusable};
use crate::proxy::Proxy;
use crate::secret::Secret;
use crate::tls::Tls;
use crate::token::{self, Refusal, Token};
use crate::words::{innermost, origin, without};

/// How long before it expires a token is used no more: as long as a call may be under way (Go, `golang.org/x/oauth2`,
/// `expiryDelta`).
const EARLY: Duration = Duration::from_secs(10);
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
/// What a question for a token says itself. Another `grant_type` may be given.
const OURS: [&str; 3] = ["scope", "client_id", "client_secret"];

/// Where a token is asked for, and how. `Debug` shows no secret, nor what may be one.
#[derive(Clone)]
pub struct Oauth2 {
    /// The client's name.
    pub client_id: String,
    /// Its secret; none is the empty one.
    pub client_secret: Option<Secret>,
    /// Where a token is asked for.
    pub token_url: String,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// Parameters of the question, by their names.
    pub endpoint_params: Vec<(String, String)>,
    /// Whom to trust there, and with which certificate to come.
    pub tls: Tls,
    /// The way to it.
    pub proxy: Proxy,
}

impl std::fmt::Debug for Oauth2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { client_id, scopes, .. } = self;
        f.debug_struct("Oauth2").field("client_id", client_id).field("scopes", scopes).finish_non_exhaustive()
    }
}

/// How the client says who it is (RFC 6749, section 2.3.1). Servers differ, and none says which it wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Header,
    Form,
}

/// A token, and for what it was given.
struct Kept {
    header: HeaderValue,
    /// From when on it is used no more; none for one that does not say.
    until: Option<Steady>,
    client_secret: SecretString,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// The way that has worked.
    way: Option<Way>,
    /// Why the last asking brought nothing.
    trouble: Option<Unusable>,
}

/// Gives tokens, each for as long as it lasts.
pub(crate) struct TokenSource {
    settings: Oauth2,
    url: Url,
    connection: Connection,
    clock: Clock,
    state: Mutex<State>,
    /// How often a token was asked for, whatever came of it.
    asked: AtomicU64,
}

impl TokenSource {
    pub(crate) fn new(settings: Oauth2, clock: Clock) -> Result<Self, ConfigError> {
        let url = Url::parse(settings.token_url.trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(ConfigError::TokenUrl)?;
        if let Some((name, _)) =
            settings.endpoint_params.iter().find(|(name, _)| OURS.contains(&name.as_str()))
        {
            return Err(ConfigError::TokenParameter(name.clone()));
        }
        let connection = Connection::new(settings.tls.clone(), &settings.proxy, false)?;
        let (state, asked) = (Mutex::default(), AtomicU64::new(0));
        Ok(Self { settings, url, connection, clock, state, asked })
    }

    /// The header with the token that is kept, or with a new one. However many want a new one, it is asked for once, and
    /// what that brings counts for all of them.
    pub(crate) async fn header(&self) -> Result<HeaderValue, Unusable> {
        let client_secret = match &self.settings.client_secret {
            Some(secret) => secret.read().await.map_err(|why| {
                Unusable(format!("the client secret for {} is missing: {why}", origin(&self.url)))
            })?,
            None => SecretString::from(""),
        };
        let asked = self.asked.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = (self.clock)().steady;
        if let Some(kept) = &state.kept
            && kept.until.is_none_or(|until| now < until)
            && kept.client_secret.expose_secret() == client_secret.expose_secret()
        {
            return Ok(kept.header.clone());
        }
        if self.asked.load(Ordering::Acquire) != asked
            && let Some(trouble) = &state.trouble
        {
            return Err(trouble.clone());
        }
        let outcome = self.ask(&mut state.way, &client_secret).await;
        self.asked.fetch_add(1, Ordering::Release);
        state.trouble = outcome.as_ref().err().cloned();
        let token = outcome?;
        let until = token.lasts.map(|lasts| now.plus(lasts.saturating_sub(EARLY)));
        let header = token.header;
        state.kept = Some(Kept { header: header.clone(), until, client_secret });
        Ok(header)
    }

    /// Forgets a token that was refused, unless a newer one is kept already.
    pub(crate) async fn forget(&self, refused: &HeaderValue) {
        let mut state = self.state.lock().await;
        state.kept.take_if(|kept| kept.header == refused);
    }

    /// Asks for a token by the way that is known to work; else by the header, and if that is refused by the form (as Go's
    /// `golang.org/x/oauth2` does).
    async fn ask(&self, known: &mut Option<Way>, secret: &SecretString) -> Result<Token, Unusable> {
        let host = origin(&self.url);
        let no = |why: String| {
            let why = without(&why, [secret.expose_secret()]);
            Unusable(format!("no token from {host}: {why}"))
        };
        let mut way = known.unwrap_or(Way::Header);
        let mut outcome = self.ask_by(way, secret).await;
        if known.is_none() && matches!(outcome, Err(Refusal::Refused(_))) {
            way = Way::Form;
            outcome = self.ask_by(way, secret).await;
        }
        match outcome {
            Ok(token) => {
                *known = Some(way);
                Ok(token)
            }
            Err(Refusal::Refused(why) | Refusal::Lost(why)) => Err(no(why)),
        }
    }

    async fn ask_by(&self, way: Way, secret: &SecretString) -> Result<Token, Refusal> {
        let secret = secret.expose_secret();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, FORM);
        if way == Way::Header {
            headers.insert(AUTHORIZATION, who(&self.settings.client_id, secret)?);
        }
        let request = self.connection.request(Method::POST, &self.url).await;
        let request = request.map_err(|why| Refusal::Lost(why.to_string()))?;
        let request = request.headers(headers).body(self.form(way, secret));
        let response = request.send().await;
        token::read(response.map_err(|error| Refusal::Lost(innermost(&error.without_url())))?).await
    }

    /// The question.
    fn form(&self, way: Way, secret: &str) -> String {
        let Oauth2 { client_id, scopes, endpoint_params, .. } = &self.settings;
        let mut form = form_urlencoded::Serializer::new(String::new());
        if !endpoint_params.iter().any(|(name, _)| name == "grant_type") {
            form.append_pair("grant_type", "client_credentials");
        }
        if !scopes.is_empty() {
            form.append_pair("scope", &scopes.join(" "));
        }
        form.extend_pairs(endpoint_params);
        if way == Way::Form {
            form.append_pair("client_id", client_id);
            if !secret.is_empty() {
                form.append_pair("client_secret", secret);
            }
        }
        form.finish()
    }
}

/// Who the client is, in a header. Both parts are encoded as in a form first (RFC 6749, section 2.3.1).
fn who(id: &str, secret: &str) -> Result<HeaderValue, Refusal> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let text = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))));
    let mut header = HeaderValue::from_str(&text).map_err(|error| Refusal::Lost(innermost(&error)))?;
    header.set_sensitive(true);
    Ok(header)
}
