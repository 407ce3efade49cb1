//! Sending a call and reading its answer while it comes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use larum_http::{Authorization, Clock, ConfigError, Connection, innermost};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};

use crate::address::ServerUrl;
use crate::answer::refusal;
use crate::body::{self, Body};
use crate::call::{Call, span_seconds};
use crate::config::{Config, Headers, Parameters};
use crate::error::SourceError;

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
    authorization: Authorization,
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

    pub(crate) fn new(config: Config, clock: Clock) -> Result<Self, ConfigError> {
        let connection = Connection::new(config.tls.settings(), &config.proxy.settings(), true)?;
        let authorization = Authorization::new(config.auth.credentials(), clock)?;
        Ok(Self {
            url: config.url,
            authorization,
            headers: config.headers,
            parameters: config.parameters,
            connection,
            answer_bytes: config.limits.answer_bytes,
            only_gets: AtomicBool::new(false),
        })
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
        let us = self.authorization.header().await;
        let us = us.map_err(|why| SourceError::Unauthorized(why.to_string()))?;
        let url = self.url.call(&call.path.iter().map(String::as_str).collect::<Vec<_>>());
        let parameters = self.parameters(call, time_left);
        if call.posts && !self.only_gets.load(Ordering::Relaxed) {
            let request = self.request(Method::POST, &url).await?;
            let request = request.header(CONTENT_TYPE, FORM).body(parameters.clone());
            let response = self.deliver(request, us.as_ref()).await?;
            if !NO_POSTS.contains(&response.status()) {
                return Ok(response);
            }
        }
        let mut asking = url;
        asking.set_query((!parameters.is_empty()).then_some(&parameters));
        let request = self.request(Method::GET, &asking).await?;
        let response = self.deliver(request, us.as_ref()).await?;
        if call.posts && response.status().is_success() {
            self.only_gets.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }

    async fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, SourceError> {
        let request = self.connection.request(method, url).await;
        request.map_err(|why| SourceError::Unreachable(why.to_string()))
    }

    async fn deliver(
        &self,
        request: RequestBuilder,
        us: Option<&HeaderValue>,
    ) -> Result<Response, SourceError> {
        let request =
            request.headers(self.headers.map().clone()).header(ACCEPT, JSON).header(ACCEPT_ENCODING, GZIP);
        let request = match us {
            Some(us) => request.header(AUTHORIZATION, us),
            None => request,
        };
        request.send().await.map_err(|error| self.lost(error))
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
