//! Connections: how many there may be at a time, and how long each may take to say what it wants.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use crate::patient::Patient;
use crate::users::Admission;
use crate::web::Web;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most at a time. One more waits until another has gone.
    pub connections: usize,
    /// How long the head of a request may take to come, the wait for a next request included.
    pub head: Duration,
    /// How long it may take to agree on how TLS is spoken.
    pub handshake: Duration,
    /// How long an answer may wait for its reader to take a byte of it.
    pub write: Duration,
}

impl Default for Limits {
    /// Half of the open files that a process customarily has. Longer than the customary intervals at which senders
    /// speak, so that a connection is not closed under a request that is on its way (nginx, `keepalive_timeout`). As
    /// long as others give whoever reads slowly (nginx, `send_timeout`).
    fn default() -> Self {
        Self {
            connections: 512,
            head: Duration::from_secs(75),
            handshake: Duration::from_secs(10),
            write: Duration::from_secs(60),
        }
    }
}

/// The most bytes that the head of a request may have.
const HEAD_BYTES: usize = 64 << 10;

/// What somebody hears who speaks plain HTTP where TLS is spoken.
const NOT_IN_THE_CLEAR: &[u8] = b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Connection: close\r\n\r\nTLS is spoken here: use https.\n";

/// Answers whoever comes until told to stop, and then until the calls on their way are answered.
pub async fn serve(
    mut listener: TcpListener,
    app: Router,
    limits: Limits,
    web: Web,
    mut stop: watch::Receiver<bool>,
) {
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
        let guest =
            Guest { peer, http: http.clone(), app: app.clone(), web: web.clone(), watcher: open.watcher() };
        let mut stop = stop.clone();
        tokio::spawn(async move {
            guest.enter(stream, limits, &mut stop).await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// Somebody who has come.
struct Guest {
    peer: SocketAddr,
    http: http1::Builder,
    app: Router,
    web: Web,
    watcher: Watcher,
}

impl Guest {
    async fn enter(self, stream: TcpStream, limits: Limits, stop: &mut watch::Receiver<bool>) {
        let Some(tls) = self.web.looked_at().await.tls.clone() else {
            return self.talk(Patient::new(stream, limits.write)).await;
        };
        let agreed = tokio::select! {
            // Nothing has been asked yet.
            _ = stop.wait_for(|stop| *stop) => return,
            agreed = timeout(limits.handshake, agree(TlsAcceptor::from(tls), stream, limits.write)) => agreed,
        };
        match agreed {
            Ok(Ok(stream)) => self.talk(stream).await,
            Ok(Err(error)) => tracing::debug!(peer = %self.peer, %error, "nothing was agreed on over TLS"),
            Err(_) => tracing::debug!(peer = %self.peer, "it took too long to agree on TLS"),
        }
    }

    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
        let Self { peer, http, app, web, watcher } = self;
        let service = service_fn(move |request| answer(app.clone(), web.clone(), request, peer));
        if let Err(error) = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await {
            tracing::debug!(%peer, %error, "a connection broke off");
        }
    }
}

/// Agrees on how TLS is spoken. A handshake begins with a byte that begins no word (RFC 8446, section 5.1).
async fn agree(
    acceptor: TlsAcceptor,
    mut stream: TcpStream,
    patience: Duration,
) -> std::io::Result<TlsStream<Patient<TcpStream>>> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first[0].is_ascii_alphabetic() {
        stream.write_all(NOT_IN_THE_CLEAR).await?;
        stream.shutdown().await?;
        return Err(std::io::Error::other("plain HTTP was spoken"));
    }
    acceptor.accept(Patient::new(stream, patience)).await
}

async fn answer(
    app: Router,
    web: Web,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut now = web.now();
    if !now.users.is_open() {
        // Who is let in over a connection that lasts may change as well.
        now = web.looked_at().await;
    }
    let mut response = match now.users.let_in(request.headers()).await {
        Admission::Granted => {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.oneshot(request.map(Body::new)).await?
        }
        Admission::Refused => {
            let ask = (header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
            (StatusCode::UNAUTHORIZED, [ask], "Unauthorized\n").into_response()
        }
        Admission::TooMany => {
            let later = (header::RETRY_AFTER, HeaderValue::from_static("1"));
            let words = "Too many passwords wait to be compared: try again.\n";
            (StatusCode::SERVICE_UNAVAILABLE, [later], words).into_response()
        }
    };
    for (name, value) in &now.headers {
        response.headers_mut().insert(name, value.clone());
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use axum::routing::get;
    use hyper::body::Frame;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);
    const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// A body that has always more.
    struct Endless;

    impl hyper::body::Body for Endless {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 64 << 10])))))
        }
    }

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
        let endless = || async { Body::new(Endless) };
        let app = Router::new().route("/", get(peer)).route("/endless", get(endless));
        Door { address, stop, serving: tokio::spawn(serve(listener, app, limits, Web::plain(), stopping)) }
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
    async fn who_does_not_read_an_answer_loses_the_connection_to_the_next() {
        let limits = Limits { connections: 1, write: Duration::from_millis(20), ..Limits::default() };
        let door = open(limits).await;
        let mut unread = door.knock(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let mut first = [0; 15];
        timeout(PATIENCE, unread.read_exact(&mut first)).await.expect("an answer").expect("no reset");
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        let mut next = door.knock(ASK).await;
        assert!(hear(&mut next).await.starts_with("HTTP/1.1 200 OK"));
        drop(unread);
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
