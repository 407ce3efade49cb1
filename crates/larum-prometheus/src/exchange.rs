//! Sending a call and reading its answer while it comes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use crate::address::ServerUrl;
use crate::answer::refusal;
use crate::body::{self, Body};
use crate::call::{Call, span_seconds};
use crate::config::{Auth, Config, Headers, Parameters};
use crate::connection::Connection;
use crate::error::{SourceError, innermost};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Answers to a POST after which the same is asked by GET. The first two are Prometheus' own client's
/// (client_golang, `DoGetFallback`); the third comes from proxies that give those who may only read nothing but GET.
const NO_POSTS: [StatusCode; 3] =
    [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_IMPLEMENTED, StatusCode::FORBIDDEN];

/// The wire to one server.
pub(crate) struct Wire {
    url: ServerUrl,
    auth: Auth,
    headers: Headers,
    parameters: Parameters,
    connection: Connection,
    answer_bytes: u64,
    /// Whether the server has shown that it takes nothing but GET.
    only_gets: AtomicBool,
}

impl Wire {
    pub(crate) const fn url(&self) -> &ServerUrl {
        &self.url
    }

    pub(crate) fn new(config: Config) -> Self {
        let connection = Connection::new(config.tls, &config.proxy, config.url.is_loopback());
        Self {
            url: config.url,
            auth: config.auth,
            headers: config.headers,
            parameters: config.parameters,
            connection,
            answer_bytes: config.limits.answer_bytes,
            only_gets: AtomicBool::new(false),
        }
    }

    /// Sends a call and has its answer read by `read` while it comes, on a thread that may wait. Whoever stops
    /// waiting for this ends that too.
    pub(crate) async fn exchange<T: Send + 'static>(
        &self,
        call: &Call,
        time_left: Duration,
        read: impl FnOnce(&HeaderMap, Body) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let mut response = self.send(call, time_left).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let (feed, pieces) = body::channel();
        let (host, limit) = (self.url.host(), self.answer_bytes);
        let reading = tokio::task::spawn_blocking(move || {
            let body = body::unpack(&headers, pieces, limit)?;
            match status.is_success() {
                true => read(&headers, body),
                false => Err(refusal::read(status, &headers, &host, body)),
            }
        });
        loop {
            let piece = tokio::select! {
                piece = response.chunk() => piece,
                // Whoever reads has seen enough.
                () = feed.closed() => break,
            };
            let piece = match piece {
                Ok(None) => break,
                Ok(Some(piece)) => Ok(piece),
                Err(error) => Err(self.lost(error)),
            };
            let failed = piece.is_err();
            if feed.send(piece).await.is_err() || failed {
                break;
            }
        }
        drop(feed);
        let read = reading.await;
        read.unwrap_or_else(|error| {
            Err(SourceError::BadAnswer(format!("it was not read to its end: {error}")))
        })
    }

    async fn send(&self, call: &Call, time_left: Duration) -> Result<Response, SourceError> {
        let client = self.connection.client().await?;
        let secret = self.secret().await?;
        let url = self.url.call(&call.path.iter().map(String::as_str).collect::<Vec<_>>());
        let parameters = self.parameters(call, time_left);
        if call.posts && !self.only_gets.load(Ordering::Relaxed) {
            let request = client.post(url.clone()).header(CONTENT_TYPE, FORM).body(parameters.clone());
            let response = self.deliver(request, secret.as_ref()).await?;
            if !NO_POSTS.contains(&response.status()) {
                return Ok(response);
            }
        }
        let mut asking = url;
        asking.set_query((!parameters.is_empty()).then_some(&parameters));
        let response = self.deliver(client.get(asking), secret.as_ref()).await?;
        if call.posts && response.status().is_success() {
            self.only_gets.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }

    async fn deliver(
        &self,
        request: RequestBuilder,
        secret: Option<&SecretString>,
    ) -> Result<Response, SourceError> {
        let request =
            request.headers(self.headers.map().clone()).header(ACCEPT, JSON).header(ACCEPT_ENCODING, GZIP);
        let request = match (&self.auth, secret) {
            (Auth::Bearer(_), Some(token)) => request.bearer_auth(token.expose_secret()),
            (Auth::Basic { user, .. }, Some(password)) => {
                request.basic_auth(user, Some(password.expose_secret()))
            }
            _ => request,
        };
        request.send().await.map_err(|error| self.lost(error))
    }

    /// What to say who asks with, checked before a request is made of it.
    async fn secret(&self) -> Result<Option<SecretString>, SourceError> {
        let (what, secret) = match &self.auth {
            Auth::None => return Ok(None),
            Auth::Bearer(token) => ("the bearer token", token),
            Auth::Basic { password, .. } => ("the password", password),
        };
        let secret = secret.read().await;
        let secret = secret.map_err(|why| SourceError::Unauthorized(format!("{what} is missing: {why}")))?;
        let fits = secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
        if matches!(self.auth, Auth::Bearer(_)) && !fits {
            let why = "has a blank, a line break or another character inside that no token has";
            return Err(SourceError::Unauthorized(format!("{what} {why}")));
        }
        Ok(Some(secret))
    }

    fn parameters(&self, call: &Call, time_left: Duration) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(call.parameters.iter().map(|(name, value)| (*name, value.as_str())));
        if call.tells_time {
            form.append_pair("timeout", &span_seconds(time_left));
        }
        form.extend_pairs(self.parameters.pairs());
        form.finish()
    }

    /// A failure without an answer, or in the middle of one.
    fn lost(&self, error: reqwest::Error) -> SourceError {
        // Its address has the parameters in it.
        let error = error.without_url();
        let (host, mut cause) = (self.url.host(), innermost(&error));
        if cause.contains("UnknownIssuer") {
            cause.push_str(": give the authority that signed it as an extra CA file");
        }
        SourceError::Unreachable(if error.is_connect() {
            format!("cannot connect to {host}: {cause}")
        } else if error.is_builder() {
            format!("the call to {host} could not be made: {cause}")
        } else {
            format!("the connection to {host} was lost: {cause}")
        })
    }
}
