//! `larum serve`: the whole house.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_api::{Doors, Parts, PostAuth, Setup as DoorSetup, Slack, app};
use larum_core::config::{Limits, Pace};
use larum_engine::{Clock, Evaluator, Handle, Retention, Setup, random_bytes, retain};
use larum_metrics::{HostCollector, HostPaths};
use larum_rules::{builtins, parse_duration, show_duration};
use larum_slack::http::REQUEST_TIMEOUT;
use larum_slack::{ApiUrl, build_http_client};
use larum_store::{SecretKey, Store, make_dir};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::shutdown::Signals;

/// What `larum serve` is told. Every flag is also an environment variable.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Where everything is kept.
    #[arg(long = "storage.path", env = "LARUM_STORAGE_PATH", default_value = "data")]
    storage: PathBuf,
    /// Where to listen.
    #[arg(long = "web.listen-address", env = "LARUM_WEB_LISTEN_ADDRESS", default_value = "127.0.0.1:9093")]
    listen: SocketAddr,
    /// The console's address as people reach it, for the links in messages.
    #[arg(long = "web.external-url", env = "LARUM_WEB_EXTERNAL_URL")]
    external_url: Option<String>,
    /// How posting alerts is protected where others than this machine can reach Larum.
    #[arg(long = "web.post-auth", env = "LARUM_WEB_POST_AUTH", value_enum)]
    post_auth: Option<PostProtection>,
    /// Where Slack's Web API is; only a test workspace has another address.
    #[arg(long = "slack-api-url", env = "LARUM_SLACK_API_URL")]
    slack_api_url: Option<String>,
    /// The least seconds between two messages to one channel; 0 is no pace. Default: 1 for Slack, none elsewhere.
    #[arg(long = "slack.channel-rate", env = "LARUM_SLACK_CHANNEL_RATE")]
    channel_rate: Option<f64>,
    /// A file with certificates (PEM) to trust besides the usual ones, as a proxy may need.
    #[arg(long = "slack.extra-ca-file", env = "LARUM_SLACK_EXTRA_CA_FILE")]
    extra_ca: Option<PathBuf>,
    /// How long an alert of an Alertmanager's webhook fires on when nothing more is heard of it, as in 90m or 25h;
    /// to be longer than that Alertmanager's repeat_interval.
    #[arg(
        long = "webhook.resolve-timeout",
        env = "LARUM_WEBHOOK_RESOLVE_TIMEOUT",
        default_value = WEBHOOK_RESOLVE_TIMEOUT
    )]
    webhook_resolve_timeout: String,
    /// The file with the key that secrets are encrypted with; default: secret.key in the data directory.
    #[arg(long = "secret-key-file", env = "LARUM_SECRET_KEY_FILE")]
    secret_key: Option<PathBuf>,
    /// For how many days deliveries and ended alerts are kept.
    #[arg(long = "data.retention-days", env = "LARUM_DATA_RETENTION_DAYS", default_value_t = 30)]
    retention_days: u64,
}

/// [`larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT`] as people write it.
const WEBHOOK_RESOLVE_TIMEOUT: &str = "25h";
/// What else it can be: less would end alerts between two messages about them, more is never.
const WEBHOOK_RESOLVE_TIMEOUTS: RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(365 * 24 * 3600);

/// How posting alerts is protected.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PostProtection {
    /// Not at all.
    None,
    /// A service token as `Authorization: Bearer …`.
    Bearer,
    /// A service token as the password of basic authentication.
    Basic,
}

/// Runs until told to stop.
///
/// # Errors
/// In words: what stands in the way, and what to do.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let clock = Clock::start();
    let post_auth = post_auth(&flags)?;
    let webhook_resolve_timeout = webhook_resolve_timeout(&flags.webhook_resolve_timeout)?;
    let listener = listen(flags.listen).await?;
    let address = listener.local_addr()?;
    let external_url = external_url(&flags, address)?;
    let slack = slack(&flags)?;
    let store = Arc::new(open_store(&flags).await?);
    let engine = larum_engine::start(Setup {
        store: Arc::clone(&store),
        clock,
        http: slack.http.clone(),
        slack_api: slack.api.clone(),
        pace: pace(&flags, &slack.api)?,
        external_url: external_url.clone(),
        limits: Limits::default(),
    })
    .await
    .context("what was written down cannot be read back")?;
    first_administrator(&store, clock).await?;
    seed_policies(&engine).await?;

    let (stop, stopping) = watch::channel(false);
    let host = HostCollector::new(HostPaths::default());
    let hostname = host.node().to_owned();
    let evaluator = Evaluator::new(engine.clone(), clock, host, &external_url);
    let series = Arc::clone(evaluator.series());
    let watching = tokio::spawn(evaluator.run(stopping.clone()));
    let retention =
        Retention { age: Duration::from_secs(flags.retention_days * 24 * 3600), ..Retention::default() };
    let forgetting = tokio::spawn(keep_tidy(engine.clone(), retention, stopping.clone()));

    let mut registry = Registry::default();
    engine.meters().register(&mut registry);
    let version = env!("CARGO_PKG_VERSION");
    let setup = DoorSetup {
        version,
        hostname,
        listen_address: address,
        external_url,
        post_auth,
        webhook_resolve_timeout,
    };
    let parts = Parts { engine: engine.clone(), setup, slack, series, registry: Arc::new(registry) };
    let doors = Doors::to(parts);
    let service = app(doors.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(%address, version, "Listening on");
    let mut closed = stopping.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = closed.wait_for(|stop| *stop).await;
    });
    let serving = tokio::spawn(serving.into_future());

    signals.stop().await;
    tracing::info!("stopping: finishes what is on its way");
    doors.close();
    stop.send_replace(true);
    let _ = tokio::time::timeout(LAST_CALLS, serving).await;
    let _ = watching.await;
    let _ = forgetting.await;
    engine.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// How long callers that are being answered may take when Larum stops.
const LAST_CALLS: Duration = Duration::from_secs(10);
/// How often old rows are looked for, and the write-ahead log is folded in.
const TIDY_INTERVAL: Duration = Duration::from_secs(10);

fn post_auth(flags: &Flags) -> anyhow::Result<PostAuth> {
    let loopback = flags.listen.ip().is_loopback();
    Ok(match flags.post_auth {
        None if loopback => PostAuth::OpenOnLoopback,
        None => bail!(
            "{} can be reached by other machines: choose how posting alerts is protected with --web.post-auth=bearer, basic, or none",
            flags.listen
        ),
        Some(PostProtection::None) => PostAuth::None,
        Some(PostProtection::Bearer) => PostAuth::Bearer,
        Some(PostProtection::Basic) => PostAuth::Basic,
    })
}

fn external_url(flags: &Flags, address: SocketAddr) -> anyhow::Result<String> {
    let url = flags.external_url.clone().unwrap_or_else(|| format!("http://{address}"));
    if !url.starts_with("http://") && !url.starts_with("https://") {
        bail!("--web.external-url must begin with http:// or https://, as in https://larum.example.com");
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn webhook_resolve_timeout(given: &str) -> anyhow::Result<Duration> {
    let timeout = parse_duration(given).context("--webhook.resolve-timeout")?;
    if !WEBHOOK_RESOLVE_TIMEOUTS.contains(&timeout) {
        let [least, most] =
            [WEBHOOK_RESOLVE_TIMEOUTS.start(), WEBHOOK_RESOLVE_TIMEOUTS.end()].map(|end| show_duration(*end));
        bail!("--webhook.resolve-timeout can be from {least} to {most}, not {given}");
    }
    Ok(timeout)
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: if another program has the port, choose one with --web.listen-address")
    })
}

fn slack(flags: &Flags) -> anyhow::Result<Slack> {
    let api = match &flags.slack_api_url {
        None => ApiUrl::slack(),
        Some(url) => ApiUrl::parse(url).context("--slack-api-url")?,
    };
    let read =
        |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let extra_ca = flags.extra_ca.as_ref().map(read).transpose()?;
    let http = build_http_client(REQUEST_TIMEOUT, extra_ca.as_deref())?;
    Ok(Slack { http, api })
}

fn pace(flags: &Flags, api: &ApiUrl) -> anyhow::Result<Pace> {
    let usual = if api.is_slack() { Pace::SLACK } else { Pace::NONE };
    Ok(match flags.channel_rate {
        None => usual,
        Some(0.0) => Pace { per_channel: None, ..usual },
        Some(seconds) => {
            let gap =
                Duration::try_from_secs_f64(seconds).ok().filter(|gap| *gap <= Duration::from_secs(3600));
            let gap = gap.context("--slack.channel-rate is in seconds, from 0 to 3600")?;
            Pace { per_channel: Some(gap), ..usual }
        }
    })
}

async fn open_store(flags: &Flags) -> anyhow::Result<Store> {
    make_dir(&flags.storage)?;
    let key = flags.secret_key.clone().unwrap_or_else(|| flags.storage.join("secret.key"));
    let key = SecretKey::load_or_create(&key, random_bytes())?;
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

async fn keep_tidy(engine: Handle, retention: Retention, mut stop: watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(TIDY_INTERVAL);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = retain(engine.store(), retention, engine.now()).await {
            tracing::warn!(%error, "old rows cannot be deleted now");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhooks_alerts_last_as_long_as_core_says_or_as_a_person_does() {
        let usual = webhook_resolve_timeout(WEBHOOK_RESOLVE_TIMEOUT).expect("it is one");
        assert_eq!(usual, larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT);
        assert_eq!(webhook_resolve_timeout("1h30m").expect("it is one"), Duration::from_secs(5400));
        let refused = |given| format!("{:#}", webhook_resolve_timeout(given).expect_err("nobody means that"));
        for given in ["0", "0s", "59s", "366d"] {
            let words = format!("--webhook.resolve-timeout can be from 1m to 365d, not {given}");
            assert_eq!(refused(given), words);
        }
        let words = "is not a duration such as 90s, 5m or 1h30m";
        for given in ["", "-5m", "25", "soon"] {
            assert_eq!(refused(given), format!("--webhook.resolve-timeout: {given:?} {words}"));
        }
    }
}
