//! The client: one server's settings, one call.

use std::sync::Arc;
use std::time::Duration;

use larum_http::{Authorization, Clock, ConfigError, Connection, Secret, beginning};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret;

use crate::config::{Checked, Config};
use crate::letter::{Address, Headers, Heard};
use crate::outcome::{Answer, MAX_ANSWER_BYTES, Outcome, Pause, Refusal, Trouble, TroubleKind};
use crate::pause::{self, MIN_PAUSE};
use crate::trouble::lost;

/// How many redirects are followed (Go, `net/http`, `defaultCheckRedirect`).
const MAX_REDIRECTS: usize = 10;
/// How much of an answer's text is told, in characters.
const MAX_TOLD: usize = 200;

/// Posts letters. Cheap to clone; clones share connections and tokens.
#[derive(Clone)]
pub struct WebhookClient(Arc<Shared>);

struct Shared {
    connection: Connection,
    authorization: Authorization,
    headers: Vec<Checked>,
    follow_redirects: bool,
    clock: Clock,
}

/// What is sent, wherever it goes.
struct Letter<'a> {
    body: &'a str,
    headers: Headers,
    us: Option<HeaderValue>,
}

impl WebhookClient {
    /// A client with these settings. No call is made, and files are read only when one is. The clock says when a token
    /// has expired, and how far away a date is until which a server asks to wait.
    ///
    /// # Errors
    /// [`ConfigError`] when what was given can never work.
    pub fn new(config: Config, clock: Clock) -> Result<Self, ConfigError> {
        let headers = config.headers.into_iter().map(Checked::of).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Shared {
            connection: Connection::new(config.tls, &config.proxy, config.http2)?,
            authorization: Authorization::new(config.credentials, Arc::clone(&clock))?,
            headers,
            follow_redirects: config.follow_redirects,
            clock,
        })))
    }

    /// Posts `body`, the text of a JSON value, to `url`, once. `timeout` limits all of it: files, a token, redirects, the
    /// answer. What [`Outcome::of_slack`] makes of the outcome is what it means if Slack is behind the URL.
    pub async fn post(&self, url: &Secret, body: &str, timeout: Duration) -> Outcome {
        let mut heard = Heard::default();
        let in_time = tokio::time::timeout(timeout, self.0.attempt(url, body, &mut heard)).await;
        match (in_time, heard.answer.take()) {
            (Ok(Err(outcome)), _) => outcome,
            // Of an answer that does not end its beginning says enough.
            (_, Some(answer)) => judge(answer, &heard),
            _ => Outcome::TryAgain(Trouble {
                may_have_arrived: heard.sent,
                ..Trouble::before(TroubleKind::Timeout, too_late(&heard, timeout))
            }),
        }
    }
}

fn too_late(heard: &Heard, timeout: Duration) -> String {
    let limit = timeout.as_secs_f64();
    match heard.sent {
        true => format!("{} did not answer within {limit} s", heard.host),
        false => format!("what is to be said to the server could not be had within {limit} s"),
    }
}

impl Shared {
    /// Sends the letter and hears its answer. An outcome that is told as an error ends it without one.
    async fn attempt(&self, url: &Secret, body: &str, heard: &mut Heard) -> Result<(), Outcome> {
        let address = address(url).await?;
        heard.hide_path(&address.url);
        let headers = Headers::read(&self.headers).await.map_err(no_credentials)?;
        headers.secrets().iter().for_each(|value| heard.hide(value));
        let us = self.us(&address, heard).await?;
        let mut letter = Letter { body, headers, us };
        let mut response = self.send(&letter, address.clone(), heard).await?;
        if response.1.status() == StatusCode::UNAUTHORIZED
            && response.0.is_ours()
            && let Some(refused) = &letter.us
            && self.authorization.refused(refused).await
        {
            letter.us = self.us(&address, heard).await?;
            response = self.send(&letter, address, heard).await?;
        }
        self.hear(response, heard).await;
        Ok(())
    }

    /// Who we say we are at this address, unless the address itself says it.
    async fn us(&self, address: &Address, heard: &mut Heard) -> Result<Option<HeaderValue>, Outcome> {
        if !address.url.username().is_empty() || address.url.password().is_some() {
            return Ok(None);
        }
        let us = self.authorization.header().await.map_err(|why| no_credentials(why.to_string()))?;
        if let Some(us) = &us {
            heard.hide(us);
        }
        Ok(us)
    }

    /// Sends a letter wherever redirects lead.
    async fn send(
        &self,
        letter: &Letter<'_>,
        mut address: Address,
        heard: &mut Heard,
    ) -> Result<(Address, Response), Outcome> {
        for _ in 0..=MAX_REDIRECTS {
            heard.host = address.host();
            let method = if address.by_get { Method::GET } else { Method::POST };
            let request = match address.is_ours() {
                true => self.connection.request(method, &address.url).await,
                false => self.connection.request_to_stranger(method, &address.url).await,
            };
            let request = request.map_err(|why| no_credentials(why.to_string()))?;
            heard.sent = true;
            let response = letter.put_into(request, &address).send().await;
            let response = response.map_err(|error| Outcome::TryAgain(lost(error, &heard.host)))?;
            match address.after(&response).filter(|_| self.follow_redirects) {
                Some(next) => address = next,
                None => return Ok((address, response)),
            }
            heard.hide_path(&address.url);
        }
        Err(Outcome::TryAgain(Trouble {
            kind: TroubleKind::Server,
            status: None,
            may_have_arrived: true,
            wait: None,
            reason: format!("{} sends elsewhere more than {MAX_REDIRECTS} times", heard.host),
        }))
    }

    /// Hears the answer into `heard`, piece by piece: what came before the time is over counts.
    async fn hear(&self, (address, mut response): (Address, Response), heard: &mut Heard) {
        let headers = response.headers();
        let answer = heard.answer.insert(Answer {
            status: response.status().as_u16(),
            kind: kind(headers),
            body: Vec::new(),
            cut: true,
            redirected: address.by_get,
            wait: pause::asked(headers, (self.clock)().wall),
        });
        loop {
            match response.chunk().await {
                Ok(Some(piece)) => {
                    let room = MAX_ANSWER_BYTES - answer.body.len();
                    answer.body.extend_from_slice(&piece[..piece.len().min(room)]);
                    if piece.len() > room {
                        return;
                    }
                }
                Ok(None) => {
                    answer.cut = false;
                    return;
                }
                Err(_) => return,
            }
        }
    }
}

impl Letter<'_> {
    fn put_into(&self, request: RequestBuilder, address: &Address) -> RequestBuilder {
        let mut headers = self.headers.for_address(address);
        if let Some(us) = self.us.as_ref().filter(|_| address.is_ours()) {
            headers.insert(AUTHORIZATION, us.clone());
        }
        let request = request.headers(headers);
        if address.by_get { request } else { request.body(self.body.to_owned()) }
    }
}

/// The address that a text or a file holds.
async fn address(url: &Secret) -> Result<Address, Outcome> {
    let text = url.read().await.map_err(|why| no_credentials(format!("the URL is missing: {why}")))?;
    if let Some(address) = Address::parse(text.expose_secret()) {
        return Ok(address);
    }
    let reason = "the URL is not an address that begins with http:// or https://".to_owned();
    Err(match url {
        Secret::Text(_) => Outcome::Refused(Refusal { answer: None, code: None, reason }),
        // Somebody may write another one.
        Secret::File(_) => no_credentials(reason),
    })
}

fn no_credentials(reason: String) -> Outcome {
    Outcome::TryAgain(Trouble::before(TroubleKind::Credentials, reason))
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    beginning(&kind.split(';').next().unwrap_or_default().to_ascii_lowercase(), MAX_TOLD)
}

/// What an answer means by its status (Alertmanager, `notify/util.go`, `Retrier`: 2xx is success, 5xx is worth another try,
/// all else is not); 429 is a request to wait.
fn judge(answer: Answer, heard: &Heard) -> Outcome {
    let (status, host) = (answer.status, &heard.host);
    let said = heard.tell(&said(&answer));
    match status {
        200..=299 => Outcome::Delivered(answer),
        429 => {
            let length = answer.wait.unwrap_or(MIN_PAUSE);
            let reason = format!("{host} asks to wait {} s (429){said}", length.as_secs());
            Outcome::Wait(Pause { answer, length, reason })
        }
        500..=599 => Outcome::TryAgain(Trouble {
            kind: TroubleKind::Server,
            status: Some(status),
            may_have_arrived: true,
            wait: answer.wait,
            reason: format!("{host} has a fault of its own ({status}){said}"),
        }),
        300..=399 => {
            let reason = format!("{host} sends elsewhere ({status}), which is not followed{said}");
            Outcome::Refused(Refusal { answer: Some(answer), code: None, reason })
        }
        _ => {
            let reason = format!("{host} refuses ({status}){said}");
            Outcome::Refused(Refusal { answer: Some(answer), code: None, reason })
        }
    }
}

/// The beginning of what it says, or what it is instead of words.
fn said(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let page = answer.kind.contains("html") || text.trim_start().starts_with('<');
    match beginning(&text, MAX_TOLD).as_str() {
        "" => String::new(),
        _ if page => "; it answers with a page of HTML".to_owned(),
        words => format!(": {words}"),
    }
}

impl std::fmt::Debug for WebhookClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookClient").field("connection", &self.0.connection).finish_non_exhaustive()
    }
}
