//! Somebody who is posted to, and answers politely as long as nobody tells him not to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::larum::PATIENCE;

/// Listens on a free port and keeps what it is told, in order.
pub struct Sink {
    address: SocketAddr,
    heard: mpsc::UnboundedReceiver<(String, Value)>,
    refusals: Arc<AtomicUsize>,
}

/// One who listens.
#[derive(Clone)]
struct Ear {
    hear: mpsc::UnboundedSender<(String, Value)>,
    refusals: Arc<AtomicUsize>,
}

impl Sink {
    /// Listens from now on.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (hear, heard) = mpsc::unbounded_channel();
        let refusals = Arc::<AtomicUsize>::default();
        let ear = Ear { hear, refusals: Arc::clone(&refusals) };
        let app = Router::new().fallback(take).with_state(ear);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, heard, refusals }
    }

    /// Says of the next so many posts that they cannot be read.
    pub fn refuse(&self, times: usize) {
        self.refusals.store(times, Ordering::SeqCst);
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
async fn take(State(ear): State<Ear>, uri: Uri, body: Bytes) -> (StatusCode, &'static str) {
    let said = serde_json::from_slice(&body).expect("it is JSON");
    // Before anybody hears of it, who may then ask for the next to be refused.
    let refuses = ear.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    // Whoever opened this may have gone away.
    let _ = ear.hear.send((uri.path().to_owned(), said));
    if refuses.is_ok() { (StatusCode::BAD_REQUEST, "unreadable") } else { (StatusCode::OK, "ok") }
}
