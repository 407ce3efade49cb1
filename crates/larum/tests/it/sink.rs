//! Somebody who is posted to and answers politely.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::larum::PATIENCE;

/// Listens on a free port and keeps what it is told, in order.
pub struct Sink {
    address: SocketAddr,
    heard: mpsc::UnboundedReceiver<(String, Value)>,
}

impl Sink {
    /// Listens from now on.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (hear, heard) = mpsc::unbounded_channel();
        let app = Router::new().fallback(take).with_state(hear);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, heard }
    }

    /// Where it is, below this name.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    /// The next that it is told: the path, and the body.
    pub async fn next(&mut self) -> (String, Value) {
        timeout(PATIENCE, self.heard.recv()).await.expect("somebody posts").expect("it listens")
    }

    /// All that it was told by now and nobody has asked for.
    pub fn rest(&mut self) -> Vec<(String, Value)> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

/// What Slack answers to an incoming webhook, which anybody else takes as well.
async fn take(
    State(hear): State<mpsc::UnboundedSender<(String, Value)>>,
    uri: Uri,
    body: Bytes,
) -> &'static str {
    let said = serde_json::from_slice(&body).expect("it is JSON");
    // Whoever opened this may have gone away.
    let _ = hear.send((uri.path().to_owned(), said));
    "ok"
}
