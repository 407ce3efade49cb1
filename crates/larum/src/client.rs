//! Asking another server: an Alertmanager, or a running Larum.

use std::time::Duration;

use anyhow::{Context, bail};
use larum_engine::Clock;
use larum_http::{Authorization, Connection, Credentials, Proxy, Tls, cut, innermost};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The largest answer that is read, in bytes: some hundred thousand silences.
const MAX_ANSWER_BYTES: usize = 256 << 20;

/// A resource of a server, and how to speak to it.
pub struct Client {
    url: Url,
    connection: Connection,
    authorization: Authorization,
    headers: HeaderMap,
}

impl Client {
    /// The resource at `path` of the server at an address, which may end in a path that everything there begins with.
    ///
    /// # Errors
    /// What is wrong with the flags.
    pub fn new(
        (address, path): (&str, &str),
        (credentials, tls): (Credentials, Tls),
        headers: HeaderMap,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let url: Url = format!("{}{path}", address.trim().trim_end_matches('/'))
            .parse()
            .ok()
            .filter(is_plain)
            // It is not repeated, for somebody may have written a password into it.
            .context("this is not an address such as http://alertmanager:9093, without user and query")?;
        let proxy = Proxy::Environment { connect_headers: Vec::new() };
        let connection = Connection::new(tls, &proxy, true)?;
        let authorization = Authorization::new(credentials, std::sync::Arc::new(move || clock.now()))?;
        Ok(Self { url, connection, authorization, headers })
    }

    /// A request to the resource, with these parameters behind the question mark.
    ///
    /// # Errors
    /// If a file with a secret or a certificate cannot be read.
    pub async fn request(
        &self,
        method: Method,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<RequestBuilder> {
        let mut url = self.url.clone();
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        let request = self.connection.request(method, &url).await?.headers(self.headers.clone());
        Ok(match self.authorization.header().await? {
            Some(header) => request.header(AUTHORIZATION, header),
            None => request,
        })
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not answer in time.
    pub async fn ask(&self, request: RequestBuilder) -> anyhow::Result<(StatusCode, Vec<u8>)> {
        let asking = async {
            let answer = request.send().await.map_err(|error| anyhow::anyhow!(innermost(&error)))?;
            let status = answer.status();
            Ok((status, body(answer).await?))
        };
        let asked = tokio::time::timeout(PATIENCE, asking).await;
        asked.unwrap_or_else(|_| bail!("it did not answer within {} s", PATIENCE.as_secs()))
    }
}

async fn body(mut answer: Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| anyhow::anyhow!(innermost(&error)))? {
        anyhow::ensure!(body.len() + piece.len() <= MAX_ANSWER_BYTES, "its answer is longer than 256 MiB");
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Whether it may be told: it has no login, and nothing where others put tokens.
fn is_plain(url: &Url) -> bool {
    let nobody = url.username().is_empty() && url.password().is_none();
    matches!(url.scheme(), "http" | "https") && nobody && url.query().is_none() && url.fragment().is_none()
}

/// What a server says is wrong: a text, an object with a message, or a problem with its detail.
pub fn words(body: &[u8]) -> String {
    let text = || String::from_utf8_lossy(body).into_owned();
    let said = match serde_json::from_slice(body) {
        Ok(serde_json::Value::String(words)) => words,
        Ok(object) => {
            let said = ["message", "detail"].into_iter().find_map(|name| object.get(name)?.as_str());
            said.map_or_else(text, str::to_owned)
        }
        Err(_) => text(),
    };
    cut(&said)
}
