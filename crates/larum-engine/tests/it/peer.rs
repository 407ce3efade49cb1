//! Another server as the metrics source. It remembers what it was asked, and answers 7 to everything but 1, and what the
//! test says.

use std::sync::Arc;
use std::time::Duration;

use larum_engine::{Clock, Source};
use larum_prometheus::{Config, PrometheusClient, ServerUrl};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::house::PATIENCE;

pub struct Peer {
    url: String,
    mind: Arc<Mind>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Mind {
    /// Nothing is found for an expression with one of these words.
    lacks: Mutex<Vec<&'static str>>,
    /// The forms that came.
    heard: watch::Sender<Vec<String>>,
}

impl Peer {
    /// A server that never answers what is slow, and finds nothing for what has one of these words.
    pub async fn open(lacks: &[&'static str]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mind = Arc::new(Mind { lacks: Mutex::new(lacks.to_vec()), ..Mind::default() });
        let own = Arc::clone(&mind);
        let serving = tokio::spawn(async move {
            // They end with it.
            let mut answers = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                answers.spawn(answer(stream, Arc::clone(&own)));
            }
        });
        Self { url, mind, serving }
    }

    /// The server as a source that waits so long for an answer.
    pub fn source(&self, clock: Clock, timeout: Duration) -> Source {
        let mut config = Config::new(ServerUrl::parse(&self.url).unwrap());
        config.limits.timeout = timeout;
        let client = PrometheusClient::new(config, Arc::new(move || clock.now())).unwrap();
        Source::prometheus(client, clock)
    }

    /// From now on nothing is found for this word either.
    pub fn loses(&self, word: &'static str) {
        self.mind.lacks.lock().push(word);
    }

    /// What it lost is found again.
    pub fn regains(&self, word: &str) {
        self.mind.lacks.lock().retain(|lost| *lost != word);
    }

    /// The forms that came, the oldest first.
    pub fn heard(&self) -> Vec<String> {
        self.mind.heard.borrow().clone()
    }

    /// Waits until so many forms came.
    pub async fn hears(&self, count: usize) {
        let mut heard = self.mind.heard.subscribe();
        let came = timeout(PATIENCE, heard.wait_for(|heard| heard.len() >= count)).await;
        drop(came.unwrap_or_else(|_| panic!("{:?}", self.heard())).unwrap());
    }

    /// It goes away.
    pub fn close(&self) {
        self.serving.abort();
    }
}

async fn answer(mut stream: TcpStream, mind: Arc<Mind>) {
    let mut asked = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        asked.extend(&buffer[..read]);
        let text = String::from_utf8_lossy(&asked).into_owned();
        let Some((head, form)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if form.len() < length.unwrap_or(0) {
            continue;
        }
        asked.clear();
        mind.heard.send_modify(|heard| heard.push(form.to_owned()));
        if form.contains("slow") {
            return std::future::pending().await;
        }
        let data = if mind.lacks.lock().iter().any(|word| form.contains(word)) {
            r#"{"resultType":"vector","result":[]}"#
        } else if head.contains("/query_range") {
            r#"{"resultType":"matrix","result":[{"metric":{"node":"a"},"values":[[1,"7"]]}]}"#
        } else if form.contains("vector") {
            r#"{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}"#
        } else {
            r#"{"resultType":"vector","result":[{"metric":{"node":"a"},"value":[1,"7"]}]}"#
        };
        let json = format!(r#"{{"status":"success","data":{data}}}"#);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
        let answer = format!("{head}content-length: {}\r\n\r\n{json}", json.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
