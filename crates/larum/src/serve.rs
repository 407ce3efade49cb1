//! `larum serve`: the whole house.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use larum_api::{Doors, Meters, Parts as Rooms, Reload, Setup as DoorSetup, app};
use larum_core::config::{Limits, Timers};
use larum_engine::{Clock, Collector, Handle, SILENCE_RETENTION, Setup, Tidy, random_bytes};
use larum_metrics::{HostCollector, HostPaths};
use larum_rules::{Installation, builtin_inhibitions, builtins};
use larum_store::{SecretKey, Store, make_dir};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::house::parts::{Parts, done};
use crate::house::reloading::reload_when_asked;
use crate::house::{self, House, connections};
use crate::signals::hang_ups;

mod flags;
mod source;
mod rules;
mod files;
mod watching;

pub use flags::Flags;
use watching::Watching;

const VERSION: &str = env!("CARGO_PKG_VERSION");

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
    let alertmanager = flags.alertmanager()?;
    let slack = flags.slack()?;
    let listener = listen(flags.listen).await?;
    let listen_address = listener.local_addr()?;
    let external_url = flags.external_url(listen_address, &hostname)?;
    let post_auth = flags.post_auth(&external_url)?;
    let (server, kept) = (flags.source.server(clock)?, flags.metrics_kept()?);
    let files = flags.files().await?;
    let routes = flags.route_file();
    let route_file = match &routes {
        Some(routes) => Some(routes.read(clock).await.context("--config.file cannot be loaded")?),
        None => None,
    };
    let store = Arc::new(open_store(flags).await?);
    let engine = larum_engine::start(Setup {
        store: Arc::clone(&store),
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
    })
    .await
    .context("what was written down cannot be read back")?;
    first_administrator(&store, clock).await?;
    seed_policies(&engine).await?;
    files.put_rules_into_force(&engine).await?;

    let (meters, registry) = counters(&engine);
    let mut parts = Parts::default();
    let watching = match server {
        Some(client) => Watching::server(client, clock, &engine, &mut parts, stopping),
        None => {
            let collector = Collector::new(engine.clone(), clock, host, kept);
            let collector = collector.watching_itself(Arc::clone(&registry));
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
        external_url,
        post_auth,
        webhook_resolve_timeout,
        alertmanager,
    };
    let (reload, reloads) = Reload::channel();
    let rooms = Rooms { engine: engine.clone(), setup, slack, source, board, reload, meters, registry };
    let doors = Doors::to(rooms);
    let limits = connections::Limits::default();
    let serving = connections::serve(listener, app(doors.clone()), limits, stopping.clone());
    parts.start("the answering of requests", done(serving));
    let (files, to) = (Arc::new(files), engine.clone());
    let reload = move || {
        let (files, to) = (Arc::clone(&files), to.clone());
        let routes = routes.clone();
        async move {
            files.reload(&to).await?;
            if let Some(routes) = routes {
                to.put_route_file(routes.read(clock).await?, "a reload").await?;
            }
            Ok(())
        }
    };
    let reloading = reload_when_asked(reload, hang_ups, reloads, stopping.clone());
    parts.start("the reading of files", done(reloading));
    tracing::info!(address = %listen_address, version = VERSION, "Listening on");
    Ok(House { engine, doors, parts })
}

/// What the doors count, and everything that is counted.
fn counters(engine: &Handle) -> (Meters, Arc<Registry>) {
    let mut registry = Registry::default();
    engine.meters().register(&mut registry);
    let meters = Meters::default();
    meters.register(&mut registry, VERSION);
    (meters, Arc::new(registry))
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: if another program has the port, choose one with --web.listen-address")
    })
}

async fn open_store(flags: &Flags) -> anyhow::Result<Store> {
    make_dir(&flags.storage)?;
    let key = SecretKey::load_or_create(&flags.secret_key(), random_bytes())?;
    Ok(Store::open(&flags.storage, key).await?)
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
