//! All doors of a real engine on a data directory of its own, with the sandbox as its Slack.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::template::Templates;
use larum_api::{
    ApiV2, Doors, ExternalUrl, Meters, Parts, PostAuth, Reload, Setup, Slack, alertmanager_app, app,
};
use larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT;
use larum_core::config::{Limits, Pace, Timers};
use larum_core::inhibit::InhibitRule;
use larum_engine::{Clock, Handle, ReadFile, RouteFile, Source, random_bytes};
use larum_metrics::scrape::Board;
use larum_metrics::{Outcome, WrittenSeries};
use larum_prometheus::{Config, PrometheusClient, ServerUrl};
use larum_promql::SeriesList;
use larum_sandbox::{Running, Sandbox, SandboxConfig, Switches};
use larum_slack::{ApiUrl, build_http_client};
use larum_store::accounts::Role;
use larum_store::{SecretKey, Store};
use prometheus_client::registry::Registry;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedSender;
use tower::ServiceExt;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// The largest answer that a test reads.
const LARGEST: usize = 64 << 20;

pub struct House {
    pub engine: Handle,
    pub slack: Running,
    pub doors: Router,
    pub closing: Doors,
    pub series: Arc<larum_metrics::Store>,
    pub initial_password: String,
    _dir: TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The answer's JSON, if it is a success.
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// Status, code and field of a problem; its sentence has to be one.
    pub fn problem(&self) -> (u16, String, String) {
        let json = self.json();
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        assert_eq!(json["status"], self.status.as_u16());
        let detail = json["detail"].as_str().unwrap();
        assert!(detail.ends_with('.') && detail.len() > 10, "{detail:?} is no sentence");
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), text("code"), text("field"))
    }

    pub fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap_or_default().to_owned()
    }
}

/// How a house is opened, if not in the usual way.
pub struct Opening {
    pub clock: Clock,
    pub external_url: &'static str,
    pub listen_address: [u8; 4],
    pub speaks_tls: bool,
    pub post_auth: PostAuth,
    pub series: SeriesList,
    pub limits: Limits,
    pub inhibitions: Arc<[InhibitRule]>,
    pub webhook_resolve_timeout: Duration,
    /// The address of a Prometheus-compatible server that metrics come from instead.
    pub server: Option<&'static str>,
    pub board: Option<Board>,
    pub reload: Reload,
    pub alertmanager: ApiV2,
    /// The text of an `alertmanager.yml`.
    pub route_file: Option<String>,
    /// The path below which Larum stands in Alertmanager's place, if it does.
    pub in_alertmanagers_place: Option<&'static str>,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            clock: Clock::start(),
            external_url: "http://127.0.0.1:9093",
            listen_address: [127, 0, 0, 1],
            speaks_tls: false,
            post_auth: PostAuth::OpenOnLoopback,
            series: SeriesList::default(),
            limits: Limits::default(),
            inhibitions: [].into(),
            webhook_resolve_timeout: WEBHOOK_RESOLVE_TIMEOUT,
            server: None,
            board: None,
            reload: Reload::default(),
            alertmanager: ApiV2::default(),
            route_file: None,
            in_alertmanagers_place: None,
        }
    }
}

impl House {
    pub async fn open() -> Self {
        Self::open_as(Opening::default()).await
    }

    pub async fn open_as(opening: Opening) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let switches = Switches { posting_limits: false, ..Switches::default() };
        let slack = Sandbox::start(SandboxConfig { switches, ..SandboxConfig::in_memory() }).await.unwrap();
        let dir = TempDir::new().unwrap();
        let key = SecretKey::load_or_create(&dir.path().join("secret.key"), random_bytes()).unwrap();
        let store = Arc::new(Store::open(dir.path(), key).await.unwrap());
        let clock = opening.clock;
        let (_, initial_password) =
            store.ensure_administrator(&random_bytes(), clock.now().wall).await.unwrap().unwrap();
        let http = build_http_client(Duration::from_secs(10), None).unwrap();
        let api = ApiUrl::parse(&slack.api_url()).unwrap();
        let setup = larum_engine::Setup {
            store,
            clock,
            http: http.clone(),
            slack_api: api.clone(),
            pace: Pace::NONE,
            external_url: opening.external_url.to_owned(),
            limits: opening.limits,
            inhibitions: opening.inhibitions,
            route_file: opening.route_file.map(|text| route_file(&text, clock)),
            timers: Timers::Lasting,
            start_delay: Duration::ZERO,
            silence_retention: larum_engine::SILENCE_RETENTION,
        };
        let engine = larum_engine::start(setup).await.unwrap();
        let series = kept(&opening.series, &clock);
        let mut registry = Registry::default();
        engine.meters().register(&mut registry);
        let meters = Meters::default();
        meters.register(&mut registry, "0.0.0");
        let doors = Doors::to(Parts {
            engine: engine.clone(),
            setup: Setup {
                version: "0.0.0",
                hostname: "testhost".to_owned(),
                listen_address: (opening.listen_address, 9093).into(),
                speaks_tls: opening.speaks_tls,
                external_url: ExternalUrl::parse(opening.external_url).unwrap(),
                post_auth: opening.post_auth,
                webhook_resolve_timeout: opening.webhook_resolve_timeout,
                alertmanager: opening.alertmanager,
            },
            slack: Slack { http, api },
            source: opening
                .server
                .map_or_else(|| Source::embedded(Arc::clone(&series), clock), |url| server(url, clock)),
            board: opening.board,
            reload: opening.reload,
            meters,
            registry: Arc::new(registry),
        });
        let answering = match opening.in_alertmanagers_place {
            None => app(doors.clone()),
            Some(prefix) => alertmanager_app(doors.clone(), prefix),
        };
        Self { engine, slack, doors: answering, closing: doors, series, initial_password, _dir: dir }
    }

    /// Asks as curl on the same machine would, with nothing to prove who asks.
    pub fn ask(&self, method: Method, path: &str) -> Asking<'_> {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:9093");
        Asking { house: self, request, body: Body::empty(), peer: [127, 0, 0, 1] }
    }

    pub async fn post_alerts(&self, body: impl Into<Body>) -> Answer {
        self.ask(Method::POST, "/api/v2/alerts").json_text(body).send().await
    }

    /// A caller with a fresh service token of this role.
    pub async fn token(&self, role: Role) -> Caller<'_> {
        let now = self.engine.now().wall;
        let made = self.engine.store().create_token("test", role, "test", &random_bytes(), now).await;
        Caller { house: self, token: made.unwrap().1 }
    }

    pub async fn administrator(&self) -> Caller<'_> {
        self.token(Role::PlatformAdmin).await
    }
}

/// What a file says, as if it lay beside the others of a machine.
pub fn route_file(text: &str, clock: Clock) -> RouteFile {
    let options = Options { skip_unsupported: true, ..Options::default() };
    let configuration = Configuration::parse(text, &options).unwrap();
    let templates = Templates::with_files([]).unwrap();
    let path = std::path::Path::new("/etc/larum/alertmanager.yml");
    let (configuration, templates) = (&configuration, &templates);
    RouteFile::of(ReadFile { path, text, configuration, templates, inhibitions: &[] }, clock).unwrap()
}

/// A server as the source.
fn server(url: &str, clock: Clock) -> Source {
    let config = Config::new(ServerUrl::parse(url).unwrap());
    Source::prometheus(PrometheusClient::new(config, Arc::new(move || clock.now())).unwrap(), clock)
}

/// A store that has these series.
fn kept(series: &SeriesList, clock: &Clock) -> Arc<larum_metrics::Store> {
    let store = larum_metrics::Store::default();
    let mut writer = store.writer(clock.now().wall);
    for one in &series.0 {
        let mut written = WrittenSeries::new(one.labels.clone());
        for sample in one.samples.iter() {
            let outcome = writer.sample(&mut written, sample.at, sample.value);
            assert_eq!(outcome, Outcome::Taken, "{} at {:?}", one.labels, sample.at);
        }
    }
    drop(writer);
    Arc::new(store)
}

/// A body that never ends, and says when somebody begins to read it.
pub fn endless(reads: &UnboundedSender<()>) -> Body {
    let reads = reads.clone();
    let never = std::future::poll_fn(move |_| {
        let _ = reads.send(());
        std::task::Poll::<Result<Bytes, std::io::Error>>::Pending
    });
    Body::from_stream(futures_util::stream::once(never))
}

/// Somebody with a service token, at Larum's own API.
pub struct Caller<'a> {
    pub house: &'a House,
    pub token: String,
}

impl Caller<'_> {
    pub fn ask(&self, method: Method, path: &str) -> Asking<'_> {
        let asking = self.house.ask(method, &format!("/api/larum/v1{path}"));
        asking.header(header::AUTHORIZATION, &format!("Bearer {}", self.token))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path).json(&body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }
}

/// A request in the making.
pub struct Asking<'a> {
    house: &'a House,
    request: axum::http::request::Builder,
    body: Body,
    peer: [u8; 4],
}

impl Asking<'_> {
    pub fn header(mut self, name: impl AsRef<str>, value: &str) -> Self {
        let headers = self.request.headers_mut().unwrap();
        headers.insert(header::HeaderName::try_from(name.as_ref()).unwrap(), value.parse().unwrap());
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.json_text(body.to_string())
    }

    pub fn json_text(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header(header::CONTENT_TYPE, "application/json")
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// As a page of Larum's own asks.
    pub fn with_console_headers(self) -> Self {
        self.header("sec-fetch-site", "same-origin")
    }

    pub fn at_peer(mut self, peer: [u8; 4]) -> Self {
        self.peer = peer;
        self
    }

    /// The answer's beginning; its body is still to be read.
    pub fn begin(self) -> impl Future<Output = Response> + Send + 'static {
        let mut request = self.request.body(self.body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.peer, 40_000))));
        let doors = self.house.doors.clone();
        async move { doors.oneshot(request).await.unwrap() }
    }

    pub async fn send(self) -> Answer {
        let (parts, body) = self.begin().await.into_parts();
        let bytes = axum::body::to_bytes(body, LARGEST).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}
