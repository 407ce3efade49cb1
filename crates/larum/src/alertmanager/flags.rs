//! What `larum alertmanager` is told: Alertmanager's flags (Alertmanager 0.34, cmd/alertmanager).

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_alertmanager::config::Options;
use larum_api::{Access, ApiV2, CrossOrigin, ExternalUrl, Member};
use larum_core::config::Limits;
use larum_core::matcher::MatcherSyntax;
use larum_core::silence::SilenceLimits;

use larum_web::Web;

use super::idle::Idle;
use super::values::{duration, most, patience};
use crate::route_file::RouteFileAt;

/// What `larum alertmanager` is told. Every flag that does something is also an environment variable.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Alertmanager's configuration file.
    #[arg(long = "config.file", env = "LARUM_CONFIG_FILE", default_value = "alertmanager.yml")]
    config: PathBuf,
    /// Load a file whose receivers have integrations that Larum does not have: nobody is told by those, and every alert
    /// that would have been says so.
    #[arg(long = "config.skip-unsupported", env = "LARUM_CONFIG_SKIP_UNSUPPORTED")]
    skip_unsupported: bool,
    /// Where everything is kept.
    #[arg(long = "storage.path", env = "LARUM_STORAGE_PATH", default_value = "data/")]
    pub storage: PathBuf,
    /// For how long silences are kept after their end, and what was told.
    #[arg(long = "data.retention", env = "LARUM_DATA_RETENTION", default_value = "120h", value_parser = duration)]
    pub retention: Duration,
    /// The most silences, those that are over and still kept among them; 0, or less, is Larum's own limit.
    #[arg(
        long = "silences.max-silences",
        env = "LARUM_SILENCES_MAX_SILENCES",
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = most
    )]
    max_silences: usize,
    /// The most bytes of text in one silence; 0, or less, is Larum's own limit.
    #[arg(
        long = "silences.max-silence-size-bytes",
        env = "LARUM_SILENCES_MAX_SILENCE_SIZE_BYTES",
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = most
    )]
    max_silence_bytes: usize,
    /// The most alerts of one name that fire at a time; those beyond are not taken in, and counted in
    /// `alertmanager_alerts_limited_total`. 0, or less, is no limit of its own.
    #[arg(
        long = "alerts.per-alertname-limit",
        env = "LARUM_ALERTS_PER_ALERTNAME_LIMIT",
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = most
    )]
    per_alertname: usize,
    /// For how long after a start no group has a first turn.
    #[arg(
        long = "dispatch.start-delay",
        env = "LARUM_DISPATCH_START_DELAY",
        default_value = "0s",
        value_parser = duration
    )]
    pub start_delay: Duration,
    /// Where to listen; can be given several times.
    #[arg(long = "web.listen-address", env = "LARUM_WEB_LISTEN_ADDRESS", default_value = ":9093")]
    listen: Vec<String>,
    /// A file that says how those who come are let in: certificates, users (Prometheus, "HTTPS and authentication").
    #[arg(long = "web.config.file", env = "LARUM_WEB_CONFIG_FILE")]
    web_config: Option<PathBuf>,
    /// Where people reach Larum, for the links in messages; default: this machine's name.
    #[arg(long = "web.external-url", env = "LARUM_WEB_EXTERNAL_URL")]
    external_url: Option<String>,
    /// The path below which everything is; default: that of --web.external-url.
    #[arg(long = "web.route-prefix", env = "LARUM_WEB_ROUTE_PREFIX")]
    route_prefix: Option<String>,
    /// How many reads of the API are answered at a time; 0, or less, is as many as there are processors, and at least 8.
    #[arg(
        long = "web.get-concurrency",
        env = "LARUM_WEB_GET_CONCURRENCY",
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = most
    )]
    get_concurrency: usize,
    /// How long an answer of the API may take, in seconds or as 30s; 0, or less, is no limit of its own.
    #[arg(
        long = "web.timeout",
        env = "LARUM_WEB_TIMEOUT",
        default_value = "0",
        allow_hyphen_values = true,
        value_parser = patience
    )]
    timeout: Duration,
    /// Where an Alertmanager would listen to others of its cluster. Larum opens no port; empty says that there is none.
    #[arg(
        long = "cluster.listen-address",
        env = "LARUM_CLUSTER_LISTEN_ADDRESS",
        default_value = "0.0.0.0:9094"
    )]
    cluster: String,
    /// What it calls itself in its cluster.
    #[arg(long = "cluster.peer-name", env = "LARUM_CLUSTER_PEER_NAME")]
    peer_name: Option<String>,
    /// Alertmanager's features, between commas: classic-mode and utf8-strict-mode say how matchers are read.
    #[arg(long = "enable-feature", env = "LARUM_ENABLE_FEATURE", value_delimiter = ',')]
    features: Vec<String>,
    /// Those that do nothing.
    #[command(flatten)]
    pub idle: Idle,
}

impl Flags {
    /// The file with routes.
    ///
    /// # Errors
    /// If features contradict each other.
    pub fn route_file(&self) -> anyhow::Result<RouteFileAt> {
        let options = Options {
            matchers: self.matcher_syntax()?,
            skip_unsupported: self.skip_unsupported,
            retention: Some(self.retention),
            ..Options::default()
        };
        Ok(RouteFileAt { path: self.config.clone(), options, inhibitions: Vec::new() })
    }

    /// How matchers are read (Alertmanager, `--enable-feature`). Others do nothing here.
    ///
    /// # Errors
    /// If two ways are chosen.
    pub fn matcher_syntax(&self) -> anyhow::Result<MatcherSyntax> {
        let has = |feature: &str| self.features.iter().any(|given| given == feature);
        match (has("classic-mode"), has("utf8-strict-mode")) {
            (true, true) => bail!("--enable-feature: classic-mode and utf8-strict-mode exclude each other"),
            (true, false) => Ok(MatcherSyntax::Classic),
            (false, true) => Ok(MatcherSyntax::Utf8),
            (false, false) => Ok(MatcherSyntax::Fallback),
        }
    }

    /// Says once what was given and does nothing.
    pub fn say_idle(&self) {
        self.idle.say();
        let known = ["classic-mode", "utf8-strict-mode", ""];
        let idle: Vec<&str> =
            self.features.iter().map(String::as_str).filter(|feature| !known.contains(feature)).collect();
        if !idle.is_empty() {
            tracing::info!(features = idle.join(" "), "these features do nothing here");
        }
    }

    /// Where to listen: `:9093` is every address of this machine.
    ///
    /// # Errors
    /// If it is no address.
    pub async fn listen(&self) -> anyhow::Result<Vec<SocketAddr>> {
        let mut addresses = Vec::with_capacity(self.listen.len());
        for given in &self.listen {
            let full = if given.starts_with(':') { format!("[::]{given}") } else { given.clone() };
            let mut found = tokio::net::lookup_host(&full)
                .await
                .with_context(|| format!("--web.listen-address {given:?} must be HOST:PORT or :PORT"))?;
            addresses.push(found.next().with_context(|| format!("{given:?} leads nowhere"))?);
        }
        Ok(addresses)
    }

    /// How those who come are let in.
    ///
    /// # Errors
    /// What is wrong with the file that says so.
    pub async fn web(&self) -> anyhow::Result<Web> {
        let Some(path) = self.web_config.clone().filter(|path| !path.as_os_str().is_empty()) else {
            return Ok(Web::plain());
        };
        let read = tokio::task::spawn_blocking(move || Web::read(&path, None)).await?;
        read.context("--web.config.file")
    }

    /// Where people reach Larum that listens at `address`, on a machine of this name, and speaks TLS or does not.
    ///
    /// # Errors
    /// If messages could not link there.
    pub fn external_url(
        &self,
        address: SocketAddr,
        hostname: &str,
        speaks_tls: bool,
    ) -> anyhow::Result<ExternalUrl> {
        let given = self.external_url.clone().filter(|given| !given.is_empty());
        let url = given.unwrap_or_else(|| {
            let scheme = if speaks_tls { "https" } else { "http" };
            format!("{scheme}://{hostname}:{}", address.port())
        });
        ExternalUrl::parse(&url).with_context(|| {
            format!("--web.external-url must be where people reach Larum, as in https://alerts.example.com, not {url:?}")
        })
    }

    /// The path below which everything is: empty, or with a slash in front and none behind.
    pub fn route_prefix(&self, external_url: &ExternalUrl) -> String {
        let path = self.route_prefix.as_deref().unwrap_or_else(|| external_url.path());
        match path.trim_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        }
    }

    /// The most of each thing.
    pub fn limits(&self) -> Limits {
        let own = SilenceLimits::default();
        let or = |given: usize, own: usize| if given == 0 { own } else { given };
        let silences = SilenceLimits {
            silences: or(self.max_silences, own.silences),
            bytes: or(self.max_silence_bytes, own.bytes),
            ..own
        };
        Limits { silences, per_alertname: self.per_alertname, ..Limits::default() }
    }

    /// How the API is served: as Alertmanager does. `id` tells this installation from others.
    ///
    /// # Errors
    /// If features contradict each other.
    pub fn api(&self, id: &str) -> anyhow::Result<ApiV2> {
        let member = (!self.cluster.is_empty()).then(|| Member {
            name: self.peer_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()),
            address: self.cluster.clone(),
        });
        Ok(ApiV2 {
            access: Access::Everybody,
            member,
            cross_origin: CrossOrigin::Allowed,
            get_concurrency: NonZeroUsize::new(self.get_concurrency),
            timeout: (!self.timeout.is_zero()).then_some(self.timeout),
            matcher_syntax: self.matcher_syntax()?,
        })
    }
}
