//! A pool that scrapes targets which answer as a test tells them to.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use larum_core::time::{Now, Steady, Timestamp};
use larum_metrics::Store;
use larum_metrics::scrape::config::Configuration;
use larum_metrics::scrape::{Board, ScrapePool, TargetStatus};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// When the world begins.
pub const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Clocks that begin with the world.
#[expect(clippy::disallowed_methods, reason = "the pool is told the time, and its timers are real")]
fn clock() -> impl Fn() -> Now + Send + Sync + 'static {
    let begin = Instant::now();
    move || {
        let passed = begin.elapsed();
        Now { wall: START.plus(passed), steady: Steady::from_millis(0).plus(passed) }
    }
}

pub fn install_provider() {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A pool that runs.
pub struct World {
    pub store: Arc<Store>,
    pub board: Board,
    configuration: watch::Sender<Arc<Configuration>>,
    stop: watch::Sender<bool>,
    pool: JoinHandle<()>,
}

pub fn configuration(yaml: &str, folder: &Path) -> Arc<Configuration> {
    let read = Configuration::parse(yaml, folder);
    Arc::new(read.unwrap_or_else(|error| panic!("{error} in\n{yaml}")))
}

/// A job that scrapes one address ten times a second.
pub fn job(address: &str, settings: &str) -> String {
    format!(
        "global: {{scrape_interval: 100ms}}\nscrape_configs:\n- job_name: j\n  static_configs: [{{targets: ['{address}']}}]\n{settings}"
    )
}

impl World {
    pub fn scraping(yaml: &str) -> Self {
        Self::scraping_in(yaml, Path::new(""))
    }

    pub fn scraping_in(yaml: &str, folder: &Path) -> Self {
        install_provider();
        let store = Arc::new(Store::default());
        let pool = ScrapePool::new(Arc::clone(&store), clock()).looking_every(Duration::from_millis(50));
        let board = pool.board();
        let (configuration, configured) = watch::channel(configuration(yaml, folder));
        let (stop, stopping) = watch::channel(false);
        let pool = tokio::spawn(pool.run(configured, stopping));
        Self { store, board, configuration, stop, pool }
    }

    pub fn configure(&self, yaml: &str) {
        self.configuration.send_replace(configuration(yaml, Path::new("")));
    }

    /// Waits until the targets look like this.
    pub async fn until<T>(&self, mut look: impl FnMut(&[TargetStatus]) -> Option<T>) -> T {
        let mut changes = self.board.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&self.board.targets()) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, found).await;
        in_time.unwrap_or_else(|_| panic!("it did not come to that: {:#?}", self.board.targets()))
    }

    /// Waits until the only target was scraped so often, and answers why the last scrape failed.
    pub async fn error(&self) -> String {
        self.until(|targets| targets.first()?.last_error.clone()).await
    }

    pub async fn stop(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(PATIENCE, self.pool).await.expect("it stops").unwrap();
    }
}

/// An address where somebody answers every request in the same way.
pub struct Fake {
    pub address: String,
    requests: mpsc::UnboundedReceiver<String>,
}

impl Fake {
    /// Answers with these bytes, and closes the connection.
    pub async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(bytes.into(), b"".to_vec()).await
    }

    /// Answers with `first`, and then with `again` without an end, unless that is empty.
    pub async fn new(first: Vec<u8>, again: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, requests) = mpsc::unbounded_channel();
        let bytes = Arc::new((first, again));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, sender.clone(), Arc::clone(&bytes)));
            }
        });
        Self { address, requests }
    }

    /// Answers 200 with this text.
    pub async fn with(content_type: &str, text: &str) -> Self {
        Self::answering(response(content_type, "", text.as_bytes())).await
    }

    /// The head of the next request.
    pub async fn request(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.requests.recv()).await.expect("somebody asks").unwrap()
    }
}

pub fn response(content_type: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.into_bytes(), body.to_vec()].concat()
}

/// Reads the head of a request and answers it.
pub async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    asked: mpsc::UnboundedSender<String>,
    bytes: Arc<(Vec<u8>, Vec<u8>)>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let _ = asked.send(String::from_utf8_lossy(&head).into_owned());
    let mut sent = stream.write_all(&bytes.0).await;
    // Whoever asked hangs up some time.
    while sent.is_ok() && !bytes.1.is_empty() {
        sent = stream.write_all(&bytes.1).await;
    }
    let _ = stream.shutdown().await;
}
