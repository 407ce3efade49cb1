//! `larum import silences`: those of a running Alertmanager, into a running Larum.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use larum_core::time::Timestamp;
use larum_engine::Clock;
use larum_http::{ClientCertificate, Credentials, Secret, Tls, Trust, cut, header_name, header_value};
use reqwest::header::HeaderMap;

use super::server::{Answer, Server};
use super::silence::{Key, Silence};

/// Headers that Larum sets by itself.
const RESERVED: [&str; 4] = ["authorization", "content-length", "content-type", "host"];

/// What `larum import silences` is told. Every flag is also an environment variable.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The Alertmanager (0.16 or newer), or another server with its API v2, such as Mimir.
    #[arg(long, env = "LARUM_IMPORT_FROM", value_name = "URL")]
    from: String,
    /// Larum.
    #[arg(long, env = "LARUM_IMPORT_TO", value_name = "URL", default_value = "http://127.0.0.1:9093")]
    to: String,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    from_server: FromFlags,
    #[command(flatten)]
    to_server: ToFlags,
}

/// How to speak to the Alertmanager.
#[derive(Debug, clap::Args)]
struct FromFlags {
    /// The user name for the Alertmanager.
    #[arg(long = "from.username", env = "LARUM_IMPORT_FROM_USERNAME")]
    username: Option<String>,
    /// A file with the password of that user.
    #[arg(long = "from.password-file", env = "LARUM_IMPORT_FROM_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    /// A file with the bearer token for the Alertmanager.
    #[arg(long = "from.bearer-token-file", env = "LARUM_IMPORT_FROM_BEARER_TOKEN_FILE")]
    bearer_token_file: Option<PathBuf>,
    /// A header for the Alertmanager, as in `X-Scope-OrgID=team`; can be given several times.
    #[arg(long = "from.header", env = "LARUM_IMPORT_FROM_HEADER", value_name = "NAME=VALUE")]
    headers: Vec<String>,
    /// A file with certificates (PEM) to trust besides the usual ones.
    #[arg(long = "from.tls-ca-file", env = "LARUM_IMPORT_FROM_TLS_CA_FILE")]
    tls_ca: Option<PathBuf>,
    /// A file with the client certificate (PEM) to show to the Alertmanager.
    #[arg(long = "from.tls-cert-file", env = "LARUM_IMPORT_FROM_TLS_CERT_FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// A file with the key of that certificate (PEM).
    #[arg(long = "from.tls-key-file", env = "LARUM_IMPORT_FROM_TLS_KEY_FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Takes any certificate of the Alertmanager.
    #[arg(long = "from.tls-insecure-skip-verify", env = "LARUM_IMPORT_FROM_TLS_INSECURE_SKIP_VERIFY")]
    tls_insecure: bool,
}

/// How to speak to Larum.
#[derive(Debug, clap::Args)]
struct ToFlags {
    /// A service token of Larum with the role platform-admin. Others on this machine can see what is said on the
    /// command line: a file or the environment is better.
    #[arg(long, env = "LARUM_TOKEN", hide_env_values = true, conflicts_with = "token_file")]
    token: Option<String>,
    /// A file with that token.
    #[arg(long, env = "LARUM_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The user name for Larum, where it runs in the place of an Alertmanager with a web configuration file.
    #[arg(
        id = "to_username",
        long = "to.username",
        env = "LARUM_IMPORT_TO_USERNAME",
        requires = "to_password_file",
        conflicts_with_all = ["token", "token_file"]
    )]
    username: Option<String>,
    /// A file with the password of that user.
    #[arg(
        id = "to_password_file",
        long = "to.password-file",
        env = "LARUM_IMPORT_TO_PASSWORD_FILE",
        requires = "to_username"
    )]
    password_file: Option<PathBuf>,
    /// A file with certificates (PEM) to trust besides the usual ones.
    #[arg(long = "to.tls-ca-file", env = "LARUM_IMPORT_TO_TLS_CA_FILE")]
    larum_ca: Option<PathBuf>,
}

/// Takes the active and the pending silences over, each with its author, its comment and its times. What Larum has
/// already is left alone, so doing it twice changes nothing.
///
/// # Errors
/// If one of the two cannot be asked, or Larum does not take a silence.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let clock = Clock::start();
    let from = flags.from_server.server(&flags.from, clock).context("--from")?;
    let to = flags.to_server.server(&flags.to, clock).context("--to")?;
    let found = from.silences().await.with_context(|| format!("the silences of {}", flags.from))?;
    let known = to.silences().await.with_context(|| advice(&flags.to))?;
    let mut work = Work { to, dry_run: flags.dry_run, known: keys(known), told: Told::default() };
    for silence in found {
        work.take(silence, clock.now().wall).await.with_context(|| advice(&flags.to))?;
    }
    let Told { imported, known, refused, over } = work.told;
    let done = if flags.dry_run { "would be imported" } else { "imported" };
    say(&format!("{imported} {done}, {known} known already, {over} over and left out, {refused} refused."))?;
    if refused > 0 {
        bail!("Larum does not take {refused} of the silences of {}", flags.from);
    }
    Ok(())
}

fn advice(to: &str) -> String {
    format!(
        "Larum at {to} (it wants a service token of the role platform-admin: --token-file; or, in the place of an \
         Alertmanager with a web configuration file, --to.username and --to.password-file)"
    )
}

/// What has become of the silences.
#[derive(Default)]
struct Told {
    imported: usize,
    known: usize,
    refused: usize,
    over: usize,
}

struct Work {
    to: Server,
    dry_run: bool,
    known: BTreeSet<Key>,
    told: Told,
}

impl Work {
    async fn take(&mut self, given: serde_json::Value, now: Timestamp) -> anyhow::Result<()> {
        let name = given["id"].as_str().unwrap_or("one without an id").to_owned();
        let (silence, key) = match read(given) {
            Ok(read) => read,
            Err(why) => return self.refuse(&name, &why.to_string()),
        };
        if silence.is_over() {
            self.told.over += 1;
            return Ok(());
        }
        if !self.known.insert(key) {
            self.told.known += 1;
            return say(&format!("known     {silence}"));
        }
        let answer = match self.dry_run {
            true => {
                silence.check(now).map_or_else(|why| Answer::Refused(why.to_string()), |()| Answer::Taken)
            }
            false => self.to.add(&silence).await?,
        };
        match answer {
            Answer::Taken => {
                self.told.imported += 1;
                say(&format!("{}  {silence}", if self.dry_run { "would do" } else { "imported" }))
            }
            Answer::Refused(why) => self.refuse(&format!("{name}, {silence}"), &why),
        }
    }

    fn refuse(&mut self, name: &str, why: &str) -> anyhow::Result<()> {
        self.told.refused += 1;
        say(&format!("refused   {}\n          {}", cut(name), cut(why)))
    }
}

fn read(given: serde_json::Value) -> anyhow::Result<(Silence, Key)> {
    let silence: Silence = serde_json::from_value(given)?;
    let key = silence.key()?;
    Ok((silence, key))
}

/// What Larum has already; of what cannot be read nothing is known.
fn keys(silences: Vec<serde_json::Value>) -> BTreeSet<Key> {
    let read = silences.into_iter().filter_map(|given| read(given).ok());
    read.filter(|(silence, _)| !silence.is_over()).map(|(_, key)| key).collect()
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

impl FromFlags {
    fn server(&self, address: &str, clock: Clock) -> anyhow::Result<Server> {
        let mut headers = HeaderMap::new();
        for header in &self.headers {
            let (name, value) =
                header.split_once('=').context("--from.header is NAME=VALUE, as in X-Scope-OrgID=team")?;
            let name = header_name(name, &RESERVED).context("--from.header")?;
            let value = header_value(&name, value).context("--from.header")?;
            headers.append(name, value);
        }
        let certificate = self.tls_cert.clone().zip(self.tls_key.clone());
        let tls = Tls {
            trust: trust(self.tls_ca.as_ref()),
            certificate: certificate.map(|(certificate, key)| ClientCertificate::files(certificate, key)),
            insecure_skip_verify: self.tls_insecure,
            ..Tls::default()
        };
        Server::new(address, (self.credentials()?, tls), headers, clock)
    }

    fn credentials(&self) -> anyhow::Result<Credentials> {
        Ok(match (&self.bearer_token_file, &self.username, &self.password_file) {
            (None, None, None) => Credentials::None,
            (Some(file), None, None) => Credentials::bearer(Secret::file(file)),
            (None, Some(user), Some(file)) => {
                Credentials::Basic { user: Some(Secret::text(user)), password: Some(Secret::file(file)) }
            }
            (Some(_), ..) => bail!("give --from.bearer-token-file or a user name, not both"),
            _ => bail!("--from.username and --from.password-file belong together"),
        })
    }
}

impl ToFlags {
    fn server(&self, address: &str, clock: Clock) -> anyhow::Result<Server> {
        let token =
            self.token.as_ref().map(Secret::text).or_else(|| self.token_file.as_ref().map(Secret::file));
        let credentials = match (token, &self.username, &self.password_file) {
            (Some(token), ..) => Credentials::bearer(token),
            (None, Some(user), Some(file)) => {
                Credentials::Basic { user: Some(Secret::text(user)), password: Some(Secret::file(file)) }
            }
            (None, ..) => Credentials::None,
        };
        let tls = Tls { trust: trust(self.larum_ca.as_ref()), ..Tls::default() };
        Server::new(address, (credentials, tls), HeaderMap::new(), clock)
    }
}

fn trust(authority: Option<&PathBuf>) -> Trust {
    authority.map_or(Trust::System, |file| Trust::SystemAnd(Secret::file(file)))
}
