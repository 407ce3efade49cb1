//! `larum serve`: the whole house.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::{Context, anyhow};
use larum_api::{Doors, ExternalUrl, Parts as Rooms, Reload, Setup as DoorSetup, Slack, app};
use larum_core::config::Limits;
use larum_engine::{Clock, Collector, Handle, Setup, Tidy, random_bytes};
use larum_metrics::{HostCollector, HostPaths};
use larum_rules::{Installation, builtin_inhibitions, builtins};
use larum_store::{SecretKey, Store, make_dir};
use larum_web::{Limits as DoorLimits, serve as answer_requests};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout_at;

use crate::notify;
use crate::signals::{Stop, hang_ups};

mod flags;
mod source;
mod rules;
mod files;
mod reloaded;
mod reloading;
mod parts;
mod watching;

pub use flags::Flags;
use parts::Parts;
use reloaded::Reloaded;
use reloading::reload_when_asked;
use watching::Watching;

/// How long what is on its way may take when Larum stops: calls that are being answered, and Slack's answers.
const LAST_WORK: Duration = Duration::from_secs(9);
/// How long closing the memory may take after that.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs until told to stop.
///
/// # Errors
/// In words: what stands in the way, and what to do; or which part has failed.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let mut asked_to_stop = Stop::listen()?;
    let clock = Clock::start();
    let (stop, stopping) = watch::channel(false);
    let opened = tokio::select! {
        opened = open(&flags, clock, &stopping) => Some(opened?),
        () = asked_to_stop.asked() => None,
    };
    let Some(House { engine, doors, mut parts }) = opened else {
        tracing::info!("stopped before it had begun");
        return Ok(());
    };
    let failure = tokio::select! {
        () = asked_to_stop.asked() => None,
        failure = parts.one_ended() => Some(failure),
        () = engine.ended() => Some(anyhow!("the writer has ended")),
    };
    notify::stopping();
    tracing::info!("stopping: finishes what is on its way");
    let deadline = clock.now().steady.plus(LAST_WORK);
    doors.close();
    stop.send_replace(true);
    let late = parts.all_ended(clock.instant_of(deadline)).await;
    let closing = engine.stop(deadline.since(clock.now().steady));
    let closed = timeout_at(clock.instant_of(deadline.plus(LAST_WORDS)), closing).await;
    if !late.is_empty() || closed.is_err() {
        tracing::warn!(?late, closed = closed.is_ok(), "what has not ended by now is left behind");
    }
    match failure {
        None => tracing::info!("stopped"),
        Some(failure) => {
            return Err(failure.context("a part of Larum works no more: it has to be started again"));
        }
    }
    Ok(())
}

/// What works until Larum stops.
struct House {
    engine: Handle,
    doors: Doors,
    parts: Parts,
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
    let store = Arc::new(open_store(flags).await?);
    let engine = start_engine(flags, &store, clock, &slack, &external_url).await?;
    first_administrator(&store, clock).await?;
    seed_policies(&engine).await?;
    files.put_rules_into_force(&engine).await?;

    let reloaded = Reloaded::default();
    reloaded.note(clock.now().wall, true);
    let registry = Arc::new(registry(&engine, &reloaded, clock));
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
    parts.start("the forgetting of what is old", async {
        forgetting.await;
        Ok(())
    });

    let version = env!("CARGO_PKG_VERSION");
    let setup = DoorSetup {
        version,
        hostname,
        listen_address,
        speaks_tls,
        external_url,
        post_auth,
        webhook_resolve_timeout,
    };
    let (reload, reloads) = Reload::channel();
    let rooms = Rooms { engine: engine.clone(), setup, slack, source, board, reload, registry };
    let doors = Doors::to(rooms);
    let serving = answer_requests(listener, app(doors.clone()), DoorLimits::default(), web, stopping.clone());
    parts.start("the answering of requests", async {
        serving.await;
        Ok(())
    });
    let reloading = reload_when_asked(files, engine.clone(), reloaded, hang_ups, reloads, stopping.clone());
    parts.start("the reading of files", async {
        reloading.await;
        Ok(())
    });
    tracing::info!(address = %listen_address, tls = speaks_tls, version, "Listening on");
    notify::ready();
    Ok(House { engine, doors, parts })
}

async fn start_engine(
    flags: &Flags,
    store: &Arc<Store>,
    clock: Clock,
    slack: &Slack,
    external_url: &ExternalUrl,
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

/// All that Larum counts of itself, and what Prometheus' client libraries say of every process (Prometheus, "Writing
/// client libraries", "Process metrics").
fn registry(engine: &Handle, reloaded: &Reloaded, clock: Clock) -> Registry {
    let mut registry = Registry::default();
    engine.meters().register(&mut registry);
    reloaded.register(&mut registry);
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    registry.register("larum_build", "Which Larum this is", Info::new(version));
    let started = Gauge::<f64, AtomicU64>::default();
    started.set(clock.now().wall.as_millis() as f64 / 1000.0);
    registry.register("process_start_time_seconds", "When this process started", started);
    registry
}
