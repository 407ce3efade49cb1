//! What `larum serve` is told, and what it means.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_alertmanager::config::Options;
use larum_api::{ApiV2, ExternalUrl, PostAuth, Slack};
use larum_core::config::Pace;
use larum_core::duration::{parse_duration, show_duration};
use larum_core::size::parse_size;
use larum_engine::{Kept, Retention};
use larum_rules::builtin_inhibitions;
use larum_slack::http::REQUEST_TIMEOUT;
use larum_slack::{ApiUrl, build_http_client};
use larum_web::Web;
use tokio::task::spawn_blocking;

use super::files::Files;
use super::source::SourceFlags;
use crate::route_file::RouteFileAt;

/// What `larum serve` is told. Every flag is also an environment variable.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Where everything is kept.
    #[arg(long = "storage.path", env = "LARUM_STORAGE_PATH", default_value = "data")]
    pub storage: PathBuf,
    /// Where to listen.
    #[arg(long = "web.listen-address", env = "LARUM_WEB_LISTEN_ADDRESS", default_value = "127.0.0.1:9093")]
    pub listen: SocketAddr,
    /// A web configuration file as Prometheus' programs have it, for TLS and headers; it and the certificates that it
    /// names are read again when they change.
    #[arg(long = "web.config.file", env = "LARUM_WEB_CONFIG_FILE")]
    web_config: Option<PathBuf>,
    /// Where people reach the console, for the links in messages; default: the listen address.
    #[arg(long = "web.external-url", env = "LARUM_WEB_EXTERNAL_URL")]
    external_url: Option<String>,
    /// How posting alerts is protected; has to be chosen where others than this machine reach Larum.
    #[arg(long = "web.post-auth", env = "LARUM_WEB_POST_AUTH", value_enum)]
    post_auth: Option<PostProtection>,
    /// How many questions to Alertmanager's API are answered at a time; 0 stands for as many as there are processors, and
    /// at least 8.
    #[arg(long = "web.get-concurrency", env = "LARUM_WEB_GET_CONCURRENCY", default_value_t = 0)]
    get_concurrency: usize,
    /// After how long an answer of Alertmanager's API is given up, as in 10s; 0s stands for 30s, as everywhere.
    #[arg(id = "web_timeout", long = "web.timeout", env = "LARUM_WEB_TIMEOUT", default_value = "0s")]
    timeout: String,
    /// Files with rules in Prometheus' form, beside the policies of the console; `*` and `?` stand for parts of names.
    /// Can be given several times. SIGHUP and POST /-/reload read them again.
    #[arg(long = "rule-files", env = "LARUM_RULE_FILES", value_delimiter = ',', value_name = "PATTERN")]
    rule_files: Vec<PathBuf>,
    /// A prometheus.yml: its scrape_configs are scraped, its rule_files evaluated; read again at SIGHUP and
    /// POST /-/reload.
    #[arg(long = "prometheus.config-file", env = "LARUM_PROMETHEUS_CONFIG_FILE")]
    prometheus_config: Option<PathBuf>,
    /// An alertmanager.yml: its routes and receivers stand beside the receivers of the console, and its inhibition rules
    /// beside Larum's own. Read again at SIGHUP and POST /-/reload.
    #[arg(long = "config.file", env = "LARUM_CONFIG_FILE")]
    config: Option<PathBuf>,
    /// Load an alertmanager.yml whose receivers have integrations that Larum does not have: nobody is told by those, and
    /// every alert that would have been says so.
    #[arg(long = "config.skip-unsupported", env = "LARUM_CONFIG_SKIP_UNSUPPORTED")]
    skip_unsupported: bool,
    /// Where metrics come from.
    #[command(flatten)]
    pub source: SourceFlags,
    /// For how long metrics are kept in memory.
    #[arg(long = "metrics.retention-time", env = "LARUM_METRICS_RETENTION_TIME", default_value = "6h")]
    metrics_retention: String,
    /// How much memory they may take, as in 256MiB or 2GiB; near it the oldest go first.
    #[arg(
        long = "metrics.retention-size",
        env = "LARUM_METRICS_RETENTION_SIZE",
        default_value = "256MiB",
        value_parser = retention_size
    )]
    metrics_bytes: u64,
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
    #[arg(
        long = "data.retention-days",
        env = "LARUM_DATA_RETENTION_DAYS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=3650)
    )]
    retention_days: u32,
    /// How many bytes they may take, as in 500MiB or 2GiB; beyond that the oldest goes sooner, of the last day only
    /// beyond twice as many.
    #[arg(
        long = "data.retention-size",
        env = "LARUM_DATA_RETENTION_SIZE",
        default_value = RETENTION_SIZE,
        value_parser = retention_size
    )]
    retention_size: u64,
}

/// [`Retention::default`]'s bytes as people write them.
const RETENTION_SIZE: &str = "1GiB";
/// The least that history may take.
const LEAST_RETENTION_SIZE: u64 = 16 << 20;

/// [`larum_core::alert::WEBHOOK_RESOLVE_TIMEOUT`] as people write it.
const WEBHOOK_RESOLVE_TIMEOUT: &str = "25h";
/// What else it can be: less would end alerts between two messages about them, more is never.
const WEBHOOK_RESOLVE_TIMEOUTS: RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(365 * 24 * 3600);

/// For how long metrics can be kept in memory: as long as the shortest useful window, to a month.
const METRICS_RETENTION: RangeInclusive<Duration> =
    Duration::from_secs(10 * 60)..=Duration::from_secs(31 * 24 * 3600);

/// Why nobody comes in by a password of the web configuration file.
const NO_USERS: &str = "people log in to Larum's console, and programs bear a service token made there, which \
    --web.post-auth=basic takes as a password from those that post alerts. Remove it here";

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

impl Flags {
    /// How Alertmanager's API is served: to no pages of other sites.
    ///
    /// # Errors
    /// If `--web.timeout` is no span of time.
    pub fn alertmanager(&self) -> anyhow::Result<ApiV2> {
        let timeout = parse_duration(&self.timeout)
            .with_context(|| format!("--web.timeout must be a time as in 10s, not {:?}", self.timeout))?;
        Ok(ApiV2 {
            get_concurrency: NonZeroUsize::new(self.get_concurrency),
            timeout: Some(timeout).filter(|timeout| !timeout.is_zero()),
            ..ApiV2::default()
        })
    }

    /// How those who come are let in.
    ///
    /// # Errors
    /// What is wrong with the file that says so.
    pub async fn web(&self) -> anyhow::Result<Web> {
        let Some(path) = self.web_config.clone() else { return Ok(Web::plain()) };
        // A file system may take its time, or never answer at all.
        let read = spawn_blocking(move || Web::read(&path, Some(NO_USERS))).await?;
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
        tls: bool,
    ) -> anyhow::Result<ExternalUrl> {
        if let Some(given) = &self.external_url {
            let url = ExternalUrl::parse(given).with_context(|| {
                format!(
                    "--web.external-url must be where people reach Larum, as in https://larum.example.com, not {given:?}"
                )
            })?;
            if tls && !url.is_https() {
                bail!(
                    "--web.external-url is {given}, but --web.config.file says that TLS is spoken here: it must begin with https://"
                );
            }
            return Ok(url);
        }
        let scheme = if tls { "https" } else { "http" };
        // Nobody reaches 0.0.0.0: the machine's name is the best guess, as Alertmanager's (`--web.external-url`).
        let unspecified = address.ip().to_canonical().is_unspecified();
        let named =
            ExternalUrl::parse(&format!("{scheme}://{hostname}:{}", address.port())).filter(|_| unspecified);
        named
            .or_else(|| ExternalUrl::parse(&format!("{scheme}://{address}")))
            .context("--web.external-url is missing")
    }

    /// How posting alerts is protected.
    ///
    /// # Errors
    /// If it has to be chosen.
    pub fn post_auth(&self, external_url: &ExternalUrl) -> anyhow::Result<PostAuth> {
        Ok(match self.post_auth {
            None => return PostAuth::if_nobody_chose(self.listen, external_url).with_context(|| {
                format!(
                    "others than this machine reach Larum at {} ({}): choose how posting alerts is protected with --web.post-auth=bearer, basic, or none",
                    external_url.as_str(), self.listen
                )
            }),
            Some(PostProtection::None) => PostAuth::None,
            Some(PostProtection::Bearer) => PostAuth::Bearer,
            Some(PostProtection::Basic) => PostAuth::Basic,
        })
    }

    /// How long an alert of an Alertmanager's webhook fires on when nothing more is heard of it.
    ///
    /// # Errors
    /// If it is no duration, or one that nobody means.
    pub fn webhook_resolve_timeout(&self) -> anyhow::Result<Duration> {
        webhook_resolve_timeout(&self.webhook_resolve_timeout)
    }

    /// The way to Slack.
    ///
    /// # Errors
    /// If its address or the certificates are wrong.
    pub fn slack(&self) -> anyhow::Result<Slack> {
        let api = match &self.slack_api_url {
            None => ApiUrl::slack(),
            Some(url) => ApiUrl::parse(url).context("--slack-api-url")?,
        };
        let read =
            |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        let extra_ca = self.extra_ca.as_ref().map(read).transpose()?;
        let http = build_http_client(REQUEST_TIMEOUT, extra_ca.as_deref())?;
        Ok(Slack { http, api })
    }

    /// How fast messages follow one another.
    ///
    /// # Errors
    /// If it is out of range.
    pub fn pace(&self, api: &ApiUrl) -> anyhow::Result<Pace> {
        let usual = if api.is_slack() { Pace::SLACK } else { Pace::NONE };
        Ok(match self.channel_rate {
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

    /// The file with the key that secrets are encrypted with.
    pub fn secret_key(&self) -> PathBuf {
        self.secret_key.clone().unwrap_or_else(|| self.storage.join("secret.key"))
    }

    /// The files with rules, and the one that says what to scrape.
    ///
    /// # Errors
    /// What is wrong with the latter.
    pub async fn files(&self) -> anyhow::Result<Files> {
        Files::read(self.prometheus_config.clone(), self.rule_files.clone()).await
    }

    /// The file with routes, if there is one.
    pub fn route_file(&self) -> Option<RouteFileAt> {
        let path = self.config.clone()?;
        let options = Options { skip_unsupported: self.skip_unsupported, ..Options::default() };
        Some(RouteFileAt { path, options, inhibitions: builtin_inhibitions().to_vec() })
    }

    /// How much of the metrics is kept in memory.
    ///
    /// # Errors
    /// If it is no duration, or one that nobody means.
    pub fn metrics_kept(&self) -> anyhow::Result<Kept> {
        let retention = parse_duration(&self.metrics_retention).context("--metrics.retention-time")?;
        if !METRICS_RETENTION.contains(&retention) {
            let [least, most] =
                [METRICS_RETENTION.start(), METRICS_RETENTION.end()].map(|end| show_duration(*end));
            bail!("--metrics.retention-time can be from {least} to {most}");
        }
        let bytes = usize::try_from(self.metrics_bytes).context("--metrics.retention-size")?;
        Ok(Kept { retention, bytes })
    }

    /// How much of what happened is kept.
    pub fn retention(&self) -> Retention {
        let age = Duration::from_secs(u64::from(self.retention_days) * 24 * 3600);
        Retention { age, bytes: self.retention_size }
    }
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

fn retention_size(given: &str) -> Result<u64, String> {
    match parse_size(given) {
        Ok(bytes) if bytes >= LEAST_RETENTION_SIZE => Ok(bytes),
        Ok(_) => Err("at least 16MiB is needed".to_owned()),
        Err(error) => Err(error.to_string()),
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

    /// What `larum serve` with these words is told.
    fn flags(words: &[&str]) -> Result<Flags, clap::Error> {
        #[derive(clap::Parser)]
        struct Serve {
            #[command(flatten)]
            flags: Flags,
        }
        clap::Parser::try_parse_from(["serve"].iter().chain(words)).map(|Serve { flags }| flags)
    }

    #[test]
    fn links_lead_to_where_people_reach_larum() {
        let url = |words: &[&str], address: &str| {
            let url = flags(words).unwrap().external_url(address.parse().unwrap(), "web-1", false);
            url.map(|url| url.as_str().to_owned()).map_err(|error| error.to_string())
        };
        assert_eq!(url(&[], "127.0.0.1:9093").unwrap(), "http://127.0.0.1:9093");
        assert_eq!(url(&[], "0.0.0.0:9093").unwrap(), "http://web-1:9093");
        assert_eq!(url(&[], "[::]:9093").unwrap(), "http://web-1:9093");
        let given = ["--web.external-url", "https://larum.example.com/"];
        assert_eq!(url(&given, "0.0.0.0:9093").unwrap(), "https://larum.example.com");
        for wrong in ["https://", "https://user@larum.example.com", "larum.example.com"] {
            let words = url(&["--web.external-url", wrong], "127.0.0.1:9093").unwrap_err();
            assert!(words.contains("--web.external-url must be where people reach Larum"), "{words}");
        }
    }

    #[test]
    fn what_happened_is_kept_for_a_day_at_least_and_ten_years_at_most() {
        let age = |days: &str| flags(&["--data.retention-days", days]).map(|flags| flags.retention().age);
        assert_eq!(age("1").unwrap(), Duration::from_secs(24 * 3600));
        for days in ["0", "3651", "213503982334602", "-1"] {
            assert!(age(days).is_err(), "{days}");
        }
    }
    #[test]
    fn the_history_takes_as_much_as_a_person_says_and_not_less_than_it_needs() {
        assert_eq!(flags(&[]).unwrap().retention(), Retention::default());
        let bytes = |size: &str| flags(&["--data.retention-size", size]).map(|flags| flags.retention().bytes);
        for (size, expected) in [
            ("16MiB", 16 << 20),
            ("2GiB", 2 << 30),
            ("512MB", 512 << 20),
            ("1.5GiB", 3 << 29),
            ("16777216B", 16 << 20),
        ] {
            assert_eq!(bytes(size).unwrap(), expected, "{size}");
        }
        for size in ["15MiB", "0", "0B", "1", "GiB", "-1GiB", "99999999999TiB", "ten"] {
            assert!(bytes(size).is_err(), "{size}");
        }
    }
}
