//! Whoever is told: it answers as an incoming webhook of Slack and as any webhook do, notes what it heard when, and can
//! be made to refuse for a while.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::clock;
use crate::marks::{Mark, marks};

/// How many connections may wait to be accepted: an Alertmanager opens thousands at once.
const BACKLOG: u32 = 4096;

/// One message that came, whatever was answered.
#[derive(Clone, Debug)]
pub struct Message {
    /// When its first bytes had been read.
    pub at: Instant,
    /// The alerts in it.
    pub marks: Vec<Mark>,
    /// Whether it was answered with 200.
    pub taken: bool,
}

/// How often an alert was told, in messages that were taken.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// When first.
    pub first: Instant,
    /// How often.
    pub times: u32,
}

/// All that was heard.
#[derive(Default)]
pub struct Heard {
    /// Every message, in the order in which they were read.
    pub messages: Vec<Message>,
    /// Every alert that was told.
    pub told: HashMap<Mark, Told>,
    /// Until when all messages are refused, and after how many seconds Slack asks to try again.
    refusing: Option<(Instant, u64)>,
}

impl Heard {
    /// How many alerts were said to fire.
    pub fn firing(&self) -> usize {
        self.told.keys().filter(|mark| !mark.resolved).count()
    }

    /// How many alerts were told more than once in the same words.
    pub fn repeated(&self) -> usize {
        self.told.values().filter(|told| told.times > 1).count()
    }
}

/// Listens on a free port for as long as the runtime lives.
#[derive(Clone)]
pub struct Receiver {
    /// Where it is.
    pub address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
}

impl Receiver {
    /// Listens from now on.
    ///
    /// # Errors
    /// When no port is free.
    pub fn listen() -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let listener = socket.listen(BACKLOG).context("nobody can listen to messages")?;
        let receiver = Self { address: listener.local_addr()?, heard: Arc::default() };
        tokio::spawn(receiver.clone().accept(listener));
        Ok(receiver)
    }

    /// What it heard so far; whoever holds it keeps messages waiting.
    pub fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses all messages until then, with 429 and so many seconds in Retry-After.
    pub fn refuse(&self, until: Instant, retry_after: u64) {
        self.heard().refusing = Some((until, retry_after));
    }

    /// Forgets what it heard.
    pub fn forget(&self) {
        let mut heard = self.heard();
        heard.messages.clear();
        heard.told.clear();
    }

    /// Waits until so many alerts were said to fire. Whether they were, within the limit.
    pub async fn wait_for(&self, alerts: usize, limit: Duration) -> bool {
        let begun = clock::now();
        while self.heard().told.len() < alerts || self.heard().firing() < alerts {
            if begun.elapsed() > limit {
                return false;
            }
            sleep(Duration::from_millis(5)).await;
        }
        true
    }

    async fn accept(self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(self.clone().serve(stream))),
                // Out of descriptors: some will be free again.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        }
    }

    async fn serve(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| self.answer(request));
        // Whoever tells may go away at any time.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let at = clock::now();
        let marks = marks(&request.into_body().collect().await?.to_bytes());
        let mut heard = self.heard();
        let refusing = heard.refusing.filter(|(until, _)| at < *until);
        if refusing.is_none() {
            for mark in &marks {
                heard.told.entry(*mark).or_insert(Told { first: at, times: 0 }).times += 1;
            }
        }
        heard.messages.push(Message { at, marks, taken: refusing.is_none() });
        let Some((_, retry_after)) = refusing else { return Ok(Response::new("ok".into())) };
        let response = Response::builder().status(429).header("retry-after", retry_after);
        Ok(response.body(r#"{"ok":false,"error":"ratelimited"}"#.into())?)
    }
}
