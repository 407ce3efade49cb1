//! A Slack, and a server of webhooks, that holds whatever is posted until the storm decides what to answer. It speaks
//! HTTP over loopback with whoever posts: the real clients.

use std::net::TcpListener;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};

pub mod reply;

use reply::Reply;

/// The longest head and body of a request, in bytes; Larum's are far smaller.
const MOST: usize = 1 << 20;

/// What was posted and waits for its answer.
#[derive(Debug)]
pub struct Request {
    /// Where: `/api/chat.postMessage` or a path of a webhook.
    pub path: String,
    /// The token that it came with, or nothing.
    pub token: String,
    /// Its body.
    pub body: String,
    reply: oneshot::Sender<Reply>,
}

impl Request {
    /// Answers it.
    pub fn answer(self, reply: Reply) {
        // Whoever asked may have died.
        let _ = self.reply.send(reply);
    }
}

/// The server. It outlives the processes that post to it.
#[derive(Debug)]
pub struct Slack {
    listener: TcpListener,
    desk: Arc<Desk>,
}

/// What came in and was not looked at yet.
#[derive(Debug, Default)]
struct Desk {
    requests: Mutex<Vec<Request>>,
    came: Notify,
}

impl Slack {
    /// Listens on loopback.
    pub fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, desk: Arc::default() })
    }

    /// Its address, without a slash behind.
    pub fn url(&self) -> std::io::Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }

    /// Takes requests in, on the runtime that this is called on and for as long as that lives.
    pub fn serve(&self) -> std::io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener.try_clone()?)?;
        let desk = Arc::clone(&self.desk);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&desk)));
            }
        });
        Ok(())
    }

    /// Takes what came in; there are `count` requests at least, or this waits.
    pub async fn take(&self, count: usize) -> Vec<Request> {
        loop {
            let came = self.desk.came.notified();
            {
                let mut requests = self.desk.requests.lock();
                if requests.len() >= count {
                    return std::mem::take(&mut requests);
                }
            }
            came.await;
        }
    }
}

/// One connection, which may carry many requests, one after the other.
async fn talk(stream: TcpStream, desk: Arc<Desk>) {
    let mut stream = BufReader::new(stream);
    while let Some((request, reply)) = read(&mut stream).await {
        desk.requests.lock().push(request);
        desk.came.notify_one();
        let Ok(reply) = reply.await else { return };
        let sent = stream.write_all(&reply.bytes).await.is_ok() && stream.flush().await.is_ok();
        if !sent || reply.hangs_up {
            return;
        }
    }
}

/// Reads a request; none if the other side has hung up, or says what is no HTTP.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<(Request, oneshot::Receiver<Reply>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let line = stream.read_until(b'\n', &mut head).await.ok()?;
        if line == 0 || head.len() > MOST {
            return None;
        }
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
    let length: usize = header("content-length").unwrap_or("0").parse().ok()?;
    let token = header("authorization").unwrap_or_default().trim_start_matches("Bearer ").to_owned();
    let mut body = vec![0; length.min(MOST)];
    stream.read_exact(&mut body).await.ok()?;
    let (reply, answered) = oneshot::channel();
    Some((Request { path, token, body: String::from_utf8(body).ok()?, reply }, answered))
}
