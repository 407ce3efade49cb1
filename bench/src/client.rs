//! One connection to what is measured.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest that anything may take to be answered. Alertmanager needs half a minute for some questions.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks one thing after the other over one connection, which is made when it is needed.
pub struct Client {
    address: SocketAddr,
    connection: Option<SendRequest<Full<Bytes>>>,
}

/// What was answered.
pub struct Answer {
    /// The status code of HTTP.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
}

impl Client {
    /// Speaks to this address.
    pub const fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    /// Asks for a path and reads the whole answer.
    ///
    /// # Errors
    /// When there is no answer; the next call connects again.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// Posts JSON to a path and reads the whole answer.
    ///
    /// # Errors
    /// When there is no answer; the next call connects again.
    pub async fn post(&mut self, path: &str, body: Bytes) -> Result<Answer> {
        self.call(Method::POST, path, body).await
    }

    /// The same as [`Self::get`], where anything but 200 is wrong.
    ///
    /// # Errors
    /// When there is no answer, or another one.
    pub async fn ask(&mut self, path: &str) -> Result<Bytes> {
        expect_taken("GET", path, self.get(path).await?)
    }

    /// The same as [`Self::post`], where anything but 200 is wrong.
    ///
    /// # Errors
    /// When there is no answer, or another one.
    pub async fn tell(&mut self, path: &str, body: Bytes) -> Result<Bytes> {
        expect_taken("POST", path, self.post(path, body).await?)
    }

    async fn call(&mut self, method: Method, path: &str, body: Bytes) -> Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        let mut connection = match self.connection.take() {
            Some(connection) if connection.is_ready() => connection,
            _ => connect(self.address).await?,
        };
        let exchange = async {
            let response = connection.send_request(request).await?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            Ok::<_, hyper::Error>(Answer { status, body })
        };
        let answer =
            timeout(PATIENCE, exchange).await.with_context(|| format!("{path} is not answered"))??;
        // The task behind a connection needs a moment before it can be used again; one that was closed is forgotten.
        if connection.ready().await.is_ok() {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream =
        TcpStream::connect(address).await.with_context(|| format!("{address} takes no connection"))?;
    stream.set_nodelay(true)?;
    let (mut connection, task) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(task);
    connection.ready().await?;
    Ok(connection)
}

fn expect_taken(method: &str, path: &str, answer: Answer) -> Result<Bytes> {
    if answer.status != 200 {
        bail!(
            "{method} {path} is answered with {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(answer.body)
}
