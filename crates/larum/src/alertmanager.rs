//! `larum alertmanager`: Larum in the place of an Alertmanager, with its configuration file, its flags and its API.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use larum_api::{Doors, Parts as Rooms, PostAuth, Reload, Setup as DoorSetup, Slack, alertmanager_app};
use larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT;
use larum_core::config::{Pace, Timers};
use larum_engine::{Clock, Handle, Retention, Setup, Source, Tidy, random_bytes};
use larum_metrics::HostPaths;
use larum_slack::http::REQUEST_TIMEOUT;
use larum_slack::{ApiUrl, build_http_client};
use larum_store::{SecretKey, Store, make_dir};
use larum_web::{Limits, Web, serve as answer_requests};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::house::mode::Mode;
use crate::house::parts::{Parts, done};
use crate::house::reloaded::Reloaded;
use crate::house::reloading::reload_when_asked;
use crate::house::{self, House, VERSION};
use crate::notify;
use crate::route_file::RouteFileAt;
use crate::signals::hang_ups;

mod flags;
mod idle;
mod loaded;
mod values;

pub use flags::Flags;
use loaded::Loaded;

/// Runs until told to stop.
///
/// # Errors
/// In words: what stands in the way, and what to do; or which part has failed.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    house::live(async |clock, stopping| open(&flags, clock, &stopping).await).await
}

async fn open(flags: &Flags, clock: Clock, stopping: &watch::Receiver<bool>) -> anyhow::Result<House> {
    let hang_ups = hang_ups()?;
    flags.say_idle();
    let file = flags.route_file()?;
    let route_file = file.read(clock).await.context("the configuration cannot be loaded")?;
    let (loaded, reloaded) = (Loaded::now(&route_file), Reloaded::default());
    reloaded.note(clock.now().wall, true);
    let web = flags.web().await?;
    let listeners = listen(flags, &web).await?;
    let listen_address = listeners.first().context("--web.listen-address is missing")?.local_addr()?;
    let hostname = larum_metrics::HostCollector::new(HostPaths::default()).node().to_owned();
    let speaks_tls = web.speaks_tls();
    let external_url = flags.external_url(listen_address, &hostname, speaks_tls)?;
    let prefix = flags.route_prefix(&external_url);
    let slack = Slack { http: build_http_client(REQUEST_TIMEOUT, None)?, api: ApiUrl::slack() };
    let store = Arc::new(open_store(&flags.storage).await?);
    let id = hex(&store.installation(random_bytes()).await?);
    let engine = larum_engine::start(Setup {
        store: Arc::clone(&store),
        clock,
        http: slack.http.clone(),
        slack_api: slack.api.clone(),
        pace: Pace::SLACK,
        external_url: external_url.as_str().to_owned(),
        limits: flags.limits(),
        inhibitions: [].into(),
        route_file: Some(route_file),
        timers: Timers::AsAlertmanager,
        start_delay: flags.start_delay,
        silence_retention: flags.retention,
    })
    .await
    .context("what was written down cannot be read back")?;

    let (meters, mut registry) = house::registry(&engine, &reloaded, clock);
    loaded.register(&mut registry);
    let mut parts = Parts::default();
    let retention = Retention { age: flags.retention, ..Retention::default() };
    let forgetting = Tidy::new(engine.clone(), retention).run(stopping.clone());
    parts.start("the forgetting of what is old", done(forgetting));
    let setup = DoorSetup {
        version: VERSION,
        hostname,
        listen_address,
        speaks_tls,
        external_url,
        post_auth: PostAuth::None,
        webhook_resolve_timeout: WEBHOOK_RESOLVE_TIMEOUT,
        alertmanager: flags.api(&id)?,
    };
    let source = Source::embedded(Arc::default(), clock);
    let (reload, reloads) = Reload::channel();
    let registry = Arc::new(registry);
    let rooms = Rooms { engine: engine.clone(), setup, slack, source, board: None, reload, meters, registry };
    let doors = Doors::to(rooms);
    for listener in listeners {
        let address = listener.local_addr()?;
        let app = alertmanager_app(doors.clone(), &prefix);
        let serving = answer_requests(listener, app, Limits::default(), web.clone(), stopping.clone());
        parts.start("the answering of requests", done(serving));
        tracing::info!(address = %address, tls = speaks_tls, version = VERSION, "Listening on");
    }
    let to = engine.clone();
    let reload = move || reload_file(file.clone(), to.clone(), loaded.clone(), clock);
    let reloading = reload_when_asked(reload, reloaded, clock, hang_ups, reloads, stopping.clone());
    parts.start("the reading of files", done(reloading));
    notify::ready();
    Ok(House { engine, doors, parts })
}

async fn reload_file(file: RouteFileAt, to: Handle, loaded: Loaded, clock: Clock) -> anyhow::Result<()> {
    let route_file = file.read(clock).await?;
    to.put_route_file(route_file.clone(), "a reload").await?;
    loaded.again(&route_file);
    tracing::info!(file = %file.path.display(), "the configuration was read again");
    Ok(())
}

/// Alertmanager has no login, so neither has what stands in its place.
fn warn_of_open_doors(listeners: &[TcpListener], web: &Web) -> anyhow::Result<()> {
    let mut addresses = Vec::with_capacity(listeners.len());
    for listener in listeners {
        addresses.push(listener.local_addr()?);
    }
    if !web.asks_for_passwords() && addresses.iter().any(|address| !address.ip().is_loopback()) {
        tracing::warn!(
            ?addresses,
            "nobody has to log in: whoever reaches this port may post alerts, silence them and have files read again, \
             and so may pages of other sites in the browsers of those who do; basic_auth_users in --web.config.file \
             asks for passwords"
        );
    }
    Ok(())
}

async fn open_store(dir: &Path) -> anyhow::Result<Store> {
    make_dir(dir)?;
    let key = SecretKey::load_or_create(&dir.join("secret.key"), random_bytes())?;
    let store = Store::open(dir, key).await?;
    Mode::Alertmanager.claim(&store).await?;
    Ok(store)
}

async fn listen(flags: &Flags, web: &Web) -> anyhow::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in flags.listen().await? {
        let mut bound = TcpListener::bind(address).await;
        if bound.is_err() && address.ip() == Ipv6Addr::UNSPECIFIED {
            // A machine without IPv6.
            bound = TcpListener::bind((Ipv4Addr::UNSPECIFIED, address.port())).await;
        }
        let listener = bound.with_context(|| {
            format!("cannot listen on {address}: if another program has the port, choose one with --web.listen-address")
        })?;
        listeners.push(listener);
    }
    warn_of_open_doors(&listeners, web)?;
    Ok(listeners)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
