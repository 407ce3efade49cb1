//! Where the series come from that policies watch.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_core::duration::parse_duration;
use larum_engine::Clock;
use larum_prometheus::{Auth, ClientCertificate, Config, PrometheusClient, Secret, ServerUrl};

/// What `larum serve` is told of its metrics source.
#[derive(Debug, clap::Args)]
pub struct SourceFlags {
    /// Where metrics come from: `embedded` (this host, and the targets of --prometheus.config-file) or
    /// `prometheus=URL`, a Prometheus-compatible server (Prometheus, Thanos, Mimir, VictoriaMetrics).
    #[arg(long = "metrics-source", env = "LARUM_METRICS_SOURCE", default_value = EMBEDDED)]
    source: String,
    /// A file with the bearer token for that server; read again for every query.
    #[arg(long = "metrics-source.bearer-token-file", env = "LARUM_METRICS_SOURCE_BEARER_TOKEN_FILE")]
    bearer_token_file: Option<PathBuf>,
    /// The user name for that server.
    #[arg(long = "metrics-source.username", env = "LARUM_METRICS_SOURCE_USERNAME")]
    username: Option<String>,
    /// A file with the password for that server; read again for every query.
    #[arg(long = "metrics-source.password-file", env = "LARUM_METRICS_SOURCE_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    /// A file with certificates (PEM) to trust besides the usual ones.
    #[arg(long = "metrics-source.tls-ca-file", env = "LARUM_METRICS_SOURCE_TLS_CA_FILE")]
    tls_ca: Option<PathBuf>,
    /// A file with the client certificate (PEM) that Larum shows to that server.
    #[arg(
        long = "metrics-source.tls-cert-file",
        env = "LARUM_METRICS_SOURCE_TLS_CERT_FILE",
        requires = "tls_key"
    )]
    tls_cert: Option<PathBuf>,
    /// A file with the key of that certificate (PEM).
    #[arg(
        long = "metrics-source.tls-key-file",
        env = "LARUM_METRICS_SOURCE_TLS_KEY_FILE",
        requires = "tls_cert"
    )]
    tls_key: Option<PathBuf>,
    /// A header for that server, as in `X-Scope-OrgID=team`; can be given several times.
    #[arg(long = "metrics-source.header", env = "LARUM_METRICS_SOURCE_HEADER", value_name = "NAME=VALUE")]
    headers: Vec<String>,
    /// How long that server may take to answer a query.
    #[arg(long = "metrics-source.timeout", env = "LARUM_METRICS_SOURCE_TIMEOUT", default_value = "30s")]
    timeout: String,
}

const EMBEDDED: &str = "embedded";

impl SourceFlags {
    /// The server to ask; none if Larum keeps the series itself.
    ///
    /// # Errors
    /// What is wrong with the flags.
    pub fn server(&self, clock: Clock) -> anyhow::Result<Option<PrometheusClient>> {
        let Some(url) = self.source.strip_prefix("prometheus=") else {
            if self.source != EMBEDDED {
                bail!("--metrics-source is embedded or prometheus=URL, not {:?}", self.source);
            }
            self.refuse_lonely()?;
            return Ok(None);
        };
        let mut config = Config::new(ServerUrl::parse(url).context("--metrics-source")?);
        config.auth = self.auth()?;
        config.tls.extra_ca = self.tls_ca.clone();
        if let (Some(certificate), Some(key)) = (self.tls_cert.clone(), self.tls_key.clone()) {
            config.tls.certificate = Some(ClientCertificate { certificate, key });
        }
        for header in &self.headers {
            let (name, value) = header
                .split_once('=')
                .context("--metrics-source.header is NAME=VALUE, as in X-Scope-OrgID=team")?;
            config.headers.set(name, value).context("--metrics-source.header")?;
        }
        config.limits.timeout = self.timeout()?;
        // VictoriaMetrics leaves out the newest half minute otherwise; others do not know the word.
        config.parameters.add("nocache", "1");
        let client = PrometheusClient::new(config, Arc::new(move || clock.now()));
        Ok(Some(client.context("the metrics source cannot be asked")?))
    }

    fn timeout(&self) -> anyhow::Result<Duration> {
        let timeout = parse_duration(&self.timeout).context("--metrics-source.timeout")?;
        if timeout.is_zero() {
            bail!("--metrics-source.timeout must be longer than nothing");
        }
        Ok(timeout)
    }

    fn auth(&self) -> anyhow::Result<Auth> {
        Ok(match (&self.bearer_token_file, &self.username, &self.password_file) {
            (None, None, None) => Auth::None,
            (Some(file), None, None) => Auth::Bearer(Secret::file(file)),
            (None, Some(user), Some(file)) => {
                Auth::Basic { user: user.clone(), password: Secret::file(file) }
            }
            (Some(_), ..) => bail!("give --metrics-source.bearer-token-file or a user name, not both"),
            _ => bail!("--metrics-source.username and --metrics-source.password-file belong together"),
        })
    }

    /// What is said of a server is a mistake where there is none.
    fn refuse_lonely(&self) -> anyhow::Result<()> {
        let given = [
            (self.bearer_token_file.is_some(), "bearer-token-file"),
            (self.username.is_some(), "username"),
            (self.password_file.is_some(), "password-file"),
            (self.tls_ca.is_some(), "tls-ca-file"),
            (self.tls_cert.is_some(), "tls-cert-file"),
            (!self.headers.is_empty(), "header"),
        ];
        match given.iter().find(|(given, _)| *given) {
            Some((_, name)) => bail!("--metrics-source.{name} needs --metrics-source=prometheus=URL"),
            None => Ok(()),
        }
    }
}
