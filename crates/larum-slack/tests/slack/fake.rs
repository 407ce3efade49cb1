//! A peer that answers what the test says, one answer for each connection, and remembers what it was asked.

use std::time::Duration;

use larum_slack::{ApiUrl, SlackClient, SlackToken, build_http_client};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub const TOKEN: &str = "xoxb-1111-2222-abcdefghijkl";
/// Long enough for a loaded machine, short enough to wait for where the time limit is what is tested.
pub const TIMEOUT: Duration = Duration::from_millis(500);

/// What the peer does once it has read a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes and closes.
    Send(Vec<u8>),
    /// Closes without a word.
    Close,
    /// Says nothing for as long as the caller listens.
    Hang,
}

/// A well-formed answer.
pub fn answer(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    Act::Send((head + body).into_bytes())
}

/// Slack's usual answer.
pub fn ok(body: &str) -> Act {
    answer("200 OK", "content-type: application/json; charset=utf-8\r\n", body)
}

/// A request as it came over the wire.
#[derive(Debug)]
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

pub struct Fake {
    pub client: SlackClient,
    task: JoinHandle<Vec<Heard>>,
    asked: watch::Receiver<usize>,
}

impl Fake {
    /// Starts a peer that does `acts` one after the other, and a client that speaks to it.
    pub async fn that(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = format!("http://{}/api/", listener.local_addr().unwrap());
        let acts: Vec<Act> = acts.into_iter().collect();
        let (count, asked) = watch::channel(0);
        let task = tokio::spawn(async move {
            let mut heard = Vec::new();
            for act in acts {
                let (stream, _) = listener.accept().await.unwrap();
                heard.push(serve(stream, act, &count).await);
            }
            heard
        });
        Self { client: client(&api, None), task, asked }
    }

    /// Waits until so many requests have come.
    pub async fn was_asked(&self, times: usize) {
        self.asked.clone().wait_for(|asked| *asked >= times).await.unwrap();
    }

    /// What was asked, once every act is done.
    pub async fn heard(self) -> Vec<Heard> {
        self.task.await.unwrap()
    }
}

/// A client with [`TOKEN`] for this address.
pub fn client(api: &str, extra_ca: Option<&[u8]>) -> SlackClient {
    client_with(TOKEN, api, extra_ca)
}

/// A client for this address.
pub fn client_with(token: &str, api: &str, extra_ca: Option<&[u8]>) -> SlackClient {
    install_provider();
    let http = build_http_client(TIMEOUT, extra_ca).unwrap();
    SlackClient::new(http, &ApiUrl::parse(api).unwrap(), SlackToken::parse(token).unwrap())
}

/// What the binary does first of all.
pub fn install_provider() {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn serve(stream: TcpStream, act: Act, asked: &watch::Sender<usize>) -> Heard {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut heard = Heard { line: lines.remove(0), headers: lines, body: String::new() };
    let length = heard.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    heard.body = String::from_utf8(body).unwrap();
    asked.send_modify(|asked| *asked += 1);
    match act {
        // The caller may have stopped listening, which is what some tests are about.
        Act::Send(bytes) => drop(stream.write_all(&bytes).await),
        Act::Close => {}
        Act::Hang => drop(stream.read(&mut [0; 1]).await),
    }
    heard
}
