//! `larum serve`: the whole house.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use larum_api::{Doors, ExternalUrl, Parts as Rooms, Reload, Setup as DoorSetup, Slack, app};
use larum_core::config::{Limits, Timers};
use larum_engine::{Clock, Collector, Handle, RouteFile, SILENCE_RETENTION, Setup, Tidy, random_bytes};
use larum_metrics::{HostCollector, HostPaths};
use larum_rules::{Installation, builtin_inhibitions, builtins};
use larum_store::{SecretKey, Store, make_dir};
use larum_web::{Limits as DoorLimits, serve as answer_requests};
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
mod source;
mod rules;
mod files;
mod watching;

use files::Files;
pub use flags::Flags;
use watching::Watching;

/// Runs until told to stop.
///
/// # Errors
/// In words: what stands in the way, and what to do; or which part has failed.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    house::live(async |clock, stopping| open(&flags, clock, &stopping).await).await
}

async fn open(flags: &Flags, clock: Clock, stopping: &watch::Receiver<bool>) -> anyhow::Result<House> {
    let hang_ups = hang_ups()?;
    let host = HostCollector::new(HostPaths::default());
    let hostname = host.node().to_owned();
    let webhook_resolve_timeout = flags.webhook_resolve_timeout()?;
    let slack = flags.slack()?;
    let listener = listen(flags.listen).await?;
    let listen_address = listener.local_addr()?;
    let web = flags.web().await?;
    let speaks_tls = web.speaks_tls();
    let external_url = flags.external_url(listen_address, &hostname, speaks_tls)?;
    let post_auth = flags.post_auth(&external_url)?;
    let (server, kept) = (flags.source.server(clock)?, flags.metrics_kept()?);
    let files = flags.files().await?;
    let routes = flags.route_file();
    let route_file = read_routes(routes.as_ref(), clock).await.context("--config.file cannot be loaded")?;
    let store = Arc::new(open_store(flags).await?);
    let engine = start_engine(flags, &store, clock, &slack, &external_url, route_file).await?;
    first_administrator(&store, clock).await?;
    seed_policies(&engine).await?;
    let wrong_rules = files.put_rules_into_force(&engine).await?;

    let reloaded = Reloaded::default();
    reloaded.note(clock.now().wall, wrong_rules.is_none());
    let (meters, registry) = house::registry(&engine, &reloaded, clock);
    let registry = Arc::new(registry);
    let mut parts = Parts::default();
    let watching = match server {
        Some(client) => Watching::server(client, clock, &engine, &mut parts, stopping),
        None => {
            let collector =
                Collector::new(engine.clone(), clock, host, kept).watching_itself(Arc::clone(&registry));
            Watching::embedded(collector, clock, &files, &mut parts, stopping)
        }
    };
    let installation =
        Installation { external_labels: files.external_labels(), external_url: external_url.as_str().into() };
    watching.evaluate(&engine, clock, installation, &mut parts, stopping);
    let Watching { source, board, .. } = watching;
    let forgetting = Tidy::new(engine.clone(), flags.retention()).run(stopping.clone());
    parts.start("the forgetting of what is old", done(forgetting));

    let setup = DoorSetup {
        version: VERSION,
        hostname,
        listen_address,
        speaks_tls,
        external_url,
        post_auth,
        webhook_resolve_timeout,
        alertmanager: flags.alertmanager()?,
    };
    let (reload, reloads) = Reload::channel();
    let rooms = Rooms { engine: engine.clone(), setup, slack, source, board, reload, meters, registry };
    let doors = Doors::to(rooms);
    let serving = answer_requests(listener, app(doors.clone()), DoorLimits::default(), web, stopping.clone());
    parts.start("the answering of requests", done(serving));
    let (files, to) = (Arc::new(files), engine.clone());
    let reload = move || reload_all(Arc::clone(&files), routes.clone(), to.clone(), clock);
    let reloading = reload_when_asked(reload, reloaded, clock, hang_ups, reloads, stopping.clone());
    parts.start("the reading of files", done(reloading));
    tracing::info!(address = %listen_address, tls = speaks_tls, version = VERSION, "Listening on");
    notify::ready();
    Ok(House { engine, doors, parts })
}

async fn read_routes(routes: Option<&RouteFileAt>, clock: Clock) -> anyhow::Result<Option<RouteFile>> {
    match routes {
        Some(routes) => Ok(Some(routes.read(clock).await?)),
        None => Ok(None),
    }
}

/// Reads all files again. Those with routes come first: if they are wrong, or lead to more than there may be, nothing has
/// changed.
async fn reload_all(
    files: Arc<Files>,
    routes: Option<RouteFileAt>,
    to: Handle,
    clock: Clock,
) -> anyhow::Result<()> {
    if let Some(route_file) = read_routes(routes.as_ref(), clock).await? {
        to.put_route_file(route_file, "a reload").await?;
    }
    let reloaded = files.reload(&to).await;
    let reloaded = match routes {
        Some(_) => reloaded.context("--config.file is in force, the other files are not"),
        None => reloaded,
    };
    reloaded?.told()
}

async fn start_engine(
    flags: &Flags,
    store: &Arc<Store>,
    clock: Clock,
    slack: &Slack,
    external_url: &ExternalUrl,
    route_file: Option<RouteFile>,
) -> anyhow::Result<Handle> {
    let setup = Setup {
        store: Arc::clone(store),
        clock,
        http: slack.http.clone(),
        slack_api: slack.api.clone(),
        pace: flags.pace(&slack.api)?,
        external_url: external_url.as_str().to_owned(),
        limits: Limits::default(),
        inhibitions: builtin_inhibitions().into(),
        route_file,
        timers: Timers::Lasting,
        start_delay: Duration::ZERO,
        silence_retention: SILENCE_RETENTION,
    };
    larum_engine::start(setup).await.context("what was written down cannot be read back")
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: if another program has the port, choose one with --web.listen-address")
    })
}

async fn open_store(flags: &Flags) -> anyhow::Result<Store> {
    make_dir(&flags.storage)?;
    let key = SecretKey::load_or_create(&flags.secret_key(), random_bytes())?;
    let store = Store::open(&flags.storage, key).await?;
    Mode::Serve.claim(&store).await?;
    Ok(store)
}

async fn first_administrator(store: &Store, clock: Clock) -> anyhow::Result<()> {
    let made = store.ensure_administrator(&random_bytes(), clock.now().wall).await?;
    if let Some((name, _)) = made {
        let file = store.dir().join(larum_store::accounts::INITIAL_PASSWORD_FILE);
        tracing::info!(user = name, file = %file.display(), "made the first administrator; the one-time password is in the file");
    }
    Ok(())
}

async fn seed_policies(engine: &Handle) -> anyhow::Result<()> {
    let policies = builtins().iter().map(|builtin| (builtin.key.clone(), builtin.draft.clone())).collect();
    engine.seed_policies(policies).await.context("the built-in policies cannot be written down")
}
