//! A server that answers as the test says, and remembers what it was asked.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::world::{PATIENCE, install_provider};

/// A request as the server understood it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its method, path and query.
    pub line: String,
    pub version: Version,
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    /// All values of a header, between commas; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join(", ")
    }
}

/// What a server answers to what it hears, which is the so-manieth since it began, from 1.
type Answer = dyn Fn(&Heard, usize) -> Response<String> + Send + Sync;

/// An answer with this status and body.
pub fn status(status: u16, body: &str) -> Response<String> {
    Response::builder().status(status).body(body.to_owned()).unwrap()
}

/// An answer with one header.
pub fn with(status: u16, name: &str, value: &str, body: &str) -> Response<String> {
    Response::builder().status(status).header(name, value).body(body.to_owned()).unwrap()
}

/// An answer in JSON.
pub fn json(code: u16, body: &str) -> Response<String> {
    with(code, "content-type", "application/json; charset=utf-8", body)
}

pub struct Server {
    /// Its scheme, host and port.
    pub url: String,
    heard: watch::Receiver<Vec<Heard>>,
    gate: Arc<Semaphore>,
}

#[derive(Clone)]
struct Stage {
    answer: Arc<Answer>,
    heard: watch::Sender<Vec<Heard>>,
    gate: Arc<Semaphore>,
}

impl Server {
    /// A server that answers without delay.
    pub async fn that(answer: impl Fn(&Heard, usize) -> Response<String> + Send + Sync + 'static) -> Self {
        Self::start(Arc::new(answer), None, Semaphore::MAX_PERMITS).await
    }

    /// A server that answers only once the test lets it.
    pub async fn that_holds(
        answer: impl Fn(&Heard, usize) -> Response<String> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Arc::new(answer), None, 0).await
    }

    /// A server with TLS, whose name is `localhost`.
    pub async fn with_tls(
        config: ServerConfig,
        answer: impl Fn(&Heard, usize) -> Response<String> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Arc::new(answer), Some(config), Semaphore::MAX_PERMITS).await
    }

    async fn start(answer: Arc<Answer>, tls: Option<ServerConfig>, open: usize) -> Self {
        install_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = match tls {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        let acceptor = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        let (tell, heard) = watch::channel(Vec::new());
        let gate = Arc::new(Semaphore::new(open));
        let stage = Stage { answer, heard: tell, gate: Arc::clone(&gate) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (stage, acceptor) = (stage.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, stage).await,
                        Some(acceptor) => match acceptor.accept(stream).into_fallible().await {
                            Ok(stream) => serve(stream, stage).await,
                            // What the caller still says is heard to its end, or it would not hear why it is turned away.
                            Err((_, mut stream)) => {
                                let _ = stream.shutdown().await;
                                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                            }
                        },
                    }
                });
            }
        });
        Self { url, heard, gate }
    }

    pub fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    /// What it was asked so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.borrow().clone()
    }

    /// What it was asked last.
    pub fn last(&self) -> Heard {
        self.heard.borrow().last().cloned().expect("it was asked")
    }

    /// Waits until so many requests have come.
    pub async fn was_asked(&self, times: usize) {
        let mut heard = self.heard.clone();
        let waiting = heard.wait_for(|heard| heard.len() >= times);
        tokio::time::timeout(PATIENCE, waiting).await.expect("it is asked").unwrap();
    }

    /// Lets so many answers go.
    pub fn release(&self, answers: usize) {
        self.gate.add_permits(answers);
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, stage: Stage) {
    let router = Router::new().fallback(hear).with_state(stage);
    let service = TowerToHyperService::new(router);
    // A caller may hang up when it has heard enough.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn hear(State(stage): State<Stage>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let line = format!("{} {path}", head.method);
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    let heard = Heard { line, version: head.version, headers: head.headers, body };
    let mut number = 0;
    stage.heard.send_modify(|all| {
        all.push(heard.clone());
        number = all.len();
    });
    stage.gate.acquire().await.unwrap().forget();
    (stage.answer)(&heard, number).map(Body::from)
}
