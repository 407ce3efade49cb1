//! A peer that does what the test says, one act for each request, and remembers what it was asked.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use larum_core::time::{Now, Steady, Timestamp};
use larum_prometheus::{Answer, Clock, Config, PrometheusClient, ServerUrl, SourceError, Terms};
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// A moment for expressions to be evaluated at.
pub const AT: Timestamp = Timestamp::from_millis(1_700_000_016_123);
/// Far more than anything takes that is not measured, also on a machine that is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// What a clock that is read again has moved on by.
pub const TICK: Duration = Duration::from_millis(7);

/// What the peer does once it has read a request.
pub enum Act {
    /// Sends these bytes and closes.
    Send(Vec<u8>),
    /// Sends these bytes and then nothing more for as long as the caller listens.
    Stall(Vec<u8>),
    /// Sends a head, then so many pieces, each made when it is its turn.
    Flood { head: Vec<u8>, pieces: u64, piece: fn(u64) -> Vec<u8> },
    /// Sends these bytes once the test lets it.
    Hold(Vec<u8>),
}

/// A well-formed answer.
pub fn answer(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    Act::Send((head + body).into_bytes())
}

/// JSON with the status 200.
pub fn ok(body: &str) -> Act {
    answer("200 OK", "content-type: application/json\r\n", body)
}

/// An answer with this `data`.
pub fn data(data: &str) -> Act {
    ok(&format!(r#"{{"status":"success","data":{data}}}"#))
}

/// The answer to `vector(1)`.
pub fn one() -> Act {
    data(r#"{"resultType":"vector","result":[{"metric":{},"value":[1700000016.123,"1"]}]}"#)
}

/// A body, packed.
pub fn gzip(body: &[u8]) -> Act {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body).unwrap();
    let packed = packed.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        packed.len()
    );
    Act::Send([head.into_bytes(), packed].concat())
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Heard {
    pub line: String,
    pub headers: Vec<String>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// The peer.
pub struct Fake {
    pub url: String,
    heard: watch::Receiver<Vec<Heard>>,
    release: Arc<Semaphore>,
    /// How many pieces of floods were sent.
    pub pieces: Arc<AtomicU64>,
}

struct Stage {
    acts: Mutex<Vec<Act>>,
    heard: watch::Sender<Vec<Heard>>,
    release: Arc<Semaphore>,
    pieces: Arc<AtomicU64>,
}

impl Fake {
    /// Starts a peer that does `acts` one after the other, also for several callers at once.
    pub async fn that(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/metrics", listener.local_addr().unwrap());
        let mut acts: Vec<Act> = acts.into_iter().collect();
        acts.reverse();
        let (tell, heard) = watch::channel(Vec::new());
        let (release, pieces) = (Arc::new(Semaphore::new(0)), Arc::default());
        let stage = Stage {
            acts: Mutex::new(acts),
            heard: tell,
            release: Arc::clone(&release),
            pieces: Arc::clone(&pieces),
        };
        let stage = Arc::new(stage);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&stage)));
            }
        });
        Self { url, heard, release, pieces }
    }

    /// The usual way to ask it.
    pub fn config(&self) -> Config {
        Config::new(ServerUrl::parse(&self.url).unwrap())
    }

    /// A client that asks it the usual way.
    pub fn client(&self) -> PrometheusClient {
        client(self.config())
    }

    /// Asks it one expression.
    pub async fn instant(&self) -> Result<Answer, SourceError> {
        self.client().instant("up", AT, Terms::default()).await
    }

    /// Waits until so many requests have come, and answers with all of them.
    pub async fn was_asked(&self, times: usize) -> Vec<Heard> {
        let mut heard = self.heard.clone();
        let waiting = heard.wait_for(|heard| heard.len() >= times);
        tokio::time::timeout(PATIENCE, waiting).await.expect("it is asked").unwrap().clone()
    }

    /// What it was asked so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.borrow().clone()
    }

    /// Lets so many held answers go.
    pub fn release(&self, count: usize) {
        self.release.add_permits(count);
    }
}

/// A client with a clock that ticks when it is read.
pub fn client(config: Config) -> PrometheusClient {
    install_provider();
    PrometheusClient::new(config, clock()).unwrap()
}

/// A clock that moves on by [`TICK`] when it is read.
pub fn clock() -> Clock {
    let (read, tick) = (AtomicI64::new(0), i64::try_from(TICK.as_millis()).unwrap());
    Arc::new(move || {
        let millis = tick * read.fetch_add(1, Ordering::Relaxed);
        Now { wall: Timestamp::from_millis(1_700_000_000_000 + millis), steady: Steady::from_millis(millis) }
    })
}

/// What the binary does first of all.
pub fn install_provider() {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn serve(stream: TcpStream, stage: Arc<Stage>) {
    let mut stream = BufReader::new(stream);
    let Some(heard) = hear(&mut stream).await else { return };
    let act = stage.acts.lock().pop().unwrap_or_else(|| panic!("nobody expected {heard:?}"));
    stage.heard.send_modify(|all| all.push(heard));
    match act {
        // The caller may have stopped listening, which is what some tests are about.
        Act::Send(bytes) => drop(stream.write_all(&bytes).await),
        Act::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read(&mut [0; 1]).await;
        }
        Act::Hold(bytes) => {
            stage.release.acquire().await.unwrap().forget();
            let _ = stream.write_all(&bytes).await;
        }
        Act::Flood { head, pieces, piece } => {
            let _ = stream.write_all(&head).await;
            for number in 0..pieces {
                if stream.write_all(&piece(number)).await.is_err() {
                    return;
                }
                stage.pieces.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Reads one request; `None` if the caller hung up.
async fn hear(stream: &mut BufReader<TcpStream>) -> Option<Heard> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut heard = Heard { line: lines.remove(0), headers: lines, body: String::new() };
    let length = heard.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    heard.body = String::from_utf8(body).unwrap();
    Some(heard)
}
