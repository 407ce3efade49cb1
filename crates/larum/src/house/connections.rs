//! Connections: how many there may be at a time, and how long each may take to say what it wants.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most at a time. One more waits until another has gone.
    pub connections: usize,
    /// How long the head of a request may take to come, the wait for a next request included.
    pub head: Duration,
}

impl Default for Limits {
    /// Half of the open files that a process customarily has. Longer than the customary intervals at which senders
    /// speak, so that a connection is not closed under a request that is on its way (nginx, `keepalive_timeout`).
    fn default() -> Self {
        Self { connections: 512, head: Duration::from_secs(75) }
    }
}

/// The most bytes that the head of a request may have.
const HEAD_BYTES: usize = 64 << 10;

/// Answers whoever comes until told to stop, and then until the calls on their way are answered.
pub async fn serve(mut listener: TcpListener, app: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(HEAD_BYTES);
    loop {
        let come = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, Listener::accept(&mut listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            come = come => come,
        };
        let app = app.clone();
        let service = service_fn(move |request| answer(app.clone(), request, peer));
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

async fn answer(
    app: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    app.oneshot(request.map(Body::new)).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);
    const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    struct Door {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        serving: JoinHandle<()>,
    }

    async fn open(limits: Limits) -> Door {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
        let (stop, stopping) = watch::channel(false);
        let app = Router::new().route("/", get(peer));
        Door { address, stop, serving: tokio::spawn(serve(listener, app, limits, stopping)) }
    }

    impl Door {
        async fn knock(&self, words: &[u8]) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).await.expect("somebody listens");
            stream.write_all(words).await.expect("somebody listens");
            stream
        }
    }

    /// What is said, up to the peer's address at its end.
    async fn hear(stream: &mut TcpStream) -> String {
        let mut said = Vec::new();
        while !said.ends_with(b"127.0.0.1") {
            let more = timeout(PATIENCE, stream.read_buf(&mut said)).await.expect("an answer");
            assert!(more.expect("a sound connection") > 0, "{}", String::from_utf8_lossy(&said));
        }
        String::from_utf8_lossy(&said).into_owned()
    }

    #[tokio::test]
    async fn whoever_takes_too_long_to_say_what_they_want_is_hung_up_on() {
        let door = open(Limits { head: Duration::from_millis(20), ..Limits::default() }).await;
        for words in [&ASK[..9], b""] {
            let mut stream = door.knock(words).await;
            let mut said = Vec::new();
            timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("an end").expect("no reset");
        }
    }

    #[tokio::test]
    async fn one_more_waits_until_another_has_gone() {
        let door = open(Limits { connections: 1, ..Limits::default() }).await;
        let mut first = door.knock(ASK).await;
        assert!(hear(&mut first).await.starts_with("HTTP/1.1 200 OK"));
        let mut second = door.knock(ASK).await;
        first.write_all(ASK).await.expect("it is still there");
        hear(&mut first).await;
        let early = second.try_read(&mut [0; 1]).expect_err("there is no room yet");
        assert_eq!(early.kind(), std::io::ErrorKind::WouldBlock);
        drop(first);
        hear(&mut second).await;
    }

    #[tokio::test]
    async fn it_stops_though_somebody_holds_a_connection_open() {
        let door = open(Limits::default()).await;
        let mut idle = door.knock(ASK).await;
        hear(&mut idle).await;
        door.stop.send_replace(true);
        timeout(PATIENCE, door.serving).await.expect("it stops").expect("it does not panic");
    }
}
