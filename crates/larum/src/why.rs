//! `larum why`: of each alert and each receiver whether it was told, when, where, and why not; asked of a running Larum.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use larum_core::duration::parse_duration;
use larum_engine::Clock;
use larum_http::{Credentials, Secret, Tls, Trust};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::client::{Client, words};
use answer::Why;
use paper::Paper;

mod answer;
mod paper;
mod text;

/// The exit status where no alert was found.
const NONE_FOUND: u8 = 1;
/// The exit status where nothing could be asked or answered.
const NOT_ANSWERED: u8 = 2;

/// What `larum why` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Which alerts: a name, as in DiskFull, or matchers in Alertmanager's syntax, as in '{node=~"web-.*"}'; of several
    /// all must match.
    #[arg(required = true, value_name = "FILTER")]
    filters: Vec<String>,
    /// Only this receiver.
    #[arg(long, value_name = "NAME")]
    receiver: Option<String>,
    /// As of a time before, in RFC 3339, as in 2026-11-22T03:00:00+01:00, or as in '2h ago'.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// How many alerts to answer for at most, the newest, 1 to 100.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Answers for older alerts, from where the answer before ended.
    #[arg(long, value_name = "NUMBER")]
    before: Option<u64>,
    /// How to answer.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
    #[command(flatten)]
    server: Server,
}

/// Where Larum is and how to speak to it.
#[derive(Debug, clap::Args)]
struct Server {
    /// Larum, in whichever way it runs.
    #[arg(long, env = "LARUM_URL", default_value = "http://127.0.0.1:9093")]
    url: String,
    /// A service token of Larum with the role viewer. Others on this machine can see what is said on the command line: a
    /// file or the environment is better.
    #[arg(long, env = "LARUM_TOKEN", hide_env_values = true, conflicts_with = "token_file")]
    token: Option<String>,
    /// A file with that token.
    #[arg(long, env = "LARUM_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The user name, where a web configuration file asks for one.
    #[arg(long, env = "LARUM_USERNAME", requires = "password_file")]
    username: Option<String>,
    /// A file with the password of that user.
    #[arg(long, env = "LARUM_PASSWORD_FILE", requires = "username", conflicts_with_all = ["token", "token_file"])]
    password_file: Option<PathBuf>,
    /// A file with certificates (PEM) to trust besides the usual ones.
    #[arg(long = "tls-ca-file", env = "LARUM_TLS_CA_FILE")]
    tls_ca: Option<PathBuf>,
}

/// How an answer is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Output {
    /// For people.
    Text,
    /// As the API answers.
    Json,
}

/// Asks and shows the answer. The exit status is 0 if there is one, 1 if no alert was found, and 2 if it could not be
/// asked.
pub async fn run(flags: Flags) -> ExitCode {
    match flags.ask().await {
        Ok(found) => ExitCode::from(if found { 0 } else { NONE_FOUND }),
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::from(NOT_ANSWERED)
        }
    }
}

impl Flags {
    /// Whether an alert was found.
    async fn ask(&self) -> anyhow::Result<bool> {
        let clock = Clock::start();
        let now = Timestamp::from_millisecond(clock.now().wall.as_millis())?;
        let client = self.server.client(clock).context("--url")?;
        let at = self.at.as_deref().map(|at| read_time(at, now)).transpose().context("--at")?;
        let filters: Vec<String> = self.filters.iter().map(|filter| as_filter(filter)).collect();
        let (at, limit) = (at.map(|at| at.to_string()), self.limit.to_string());
        let before = self.before.map(|before| before.to_string());
        let mut asked: Vec<(&str, &str)> = filters.iter().map(|filter| ("filter", filter.as_str())).collect();
        asked.push(("limit", &limit));
        asked.extend(self.receiver.as_deref().map(|name| ("receiver", name)));
        asked.extend(at.as_deref().map(|at| ("at", at)));
        asked.extend(before.as_deref().map(|before| ("before", before)));
        let reached = || format!("Larum at {} cannot be asked", self.server.url);
        let request = client.request(Method::GET, &asked).await.with_context(reached)?;
        let (status, body) = client.ask(request).await.with_context(reached)?;
        match status {
            StatusCode::OK => self.show(&body, now),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                bail!("{} (--token-file gives a service token of the role viewer)", words(&body))
            }
            StatusCode::NOT_FOUND => {
                bail!("{} does not know the question: is it a Larum of this version?", self.server.url)
            }
            StatusCode::UNPROCESSABLE_ENTITY => bail!("{}", words(&body)),
            _ => bail!("Larum answers {status}: {}", words(&body)),
        }
    }

    fn show(&self, body: &[u8], now: Timestamp) -> anyhow::Result<bool> {
        let understood = "the answer is not as expected: is it a Larum of this version?";
        let mut out = std::io::stdout().lock();
        if self.output == Output::Json {
            let json: serde_json::Value = serde_json::from_slice(body).context(understood)?;
            writeln!(out, "{json:#}")?;
            return Ok(json["alerts"].as_array().is_some_and(|alerts| !alerts.is_empty()));
        }
        let why: Why = serde_json::from_slice(body).context(understood)?;
        // As of now it is what the clock of Larum says that counts.
        let now = if why.live { why.at } else { now };
        let mut paper = Paper::new(now, TimeZone::system());
        text::write(&why, &self.filters.join(" "), &mut paper);
        write!(out, "{}", paper.into_text())?;
        Ok(!why.alerts.is_empty())
    }
}

impl Server {
    fn client(&self, clock: Clock) -> anyhow::Result<Client> {
        let token =
            self.token.as_ref().map(Secret::text).or_else(|| self.token_file.as_ref().map(Secret::file));
        let credentials = match (token, &self.username) {
            (Some(token), _) => Credentials::bearer(token),
            (None, Some(user)) => Credentials::Basic {
                user: Some(Secret::text(user)),
                password: self.password_file.as_ref().map(Secret::file),
            },
            (None, None) => Credentials::None,
        };
        let trust = self.tls_ca.as_ref().map_or(Trust::System, |file| Trust::SystemAnd(Secret::file(file)));
        let tls = Tls { trust, ..Tls::default() };
        Client::new((&self.url, "/api/larum/v1/why"), (credentials, tls), HeaderMap::new(), clock)
    }
}

/// A bare word is the name of an alert, as for amtool.
fn as_filter(given: &str) -> String {
    let given = given.trim();
    if given.contains(['=', '~', '!', '{', '"', ',']) || given.is_empty() {
        return given.to_owned();
    }
    format!("alertname=\"{}\"", given.replace('\\', "\\\\"))
}

/// A time in RFC 3339, or a span before now, as in `2h ago`.
fn read_time(given: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    if let Some(span) = given.trim().strip_suffix("ago") {
        let span = parse_duration(span.trim())?;
        return Ok(now.checked_sub(jiff::SignedDuration::try_from(span)?)?);
    }
    given
        .trim()
        .parse()
        .context("give a time in RFC 3339, as in 2026-11-22T03:00:00+01:00, or as in '2h ago'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_a_name_and_everything_else_are_matchers() {
        assert_eq!(as_filter("DiskFull"), "alertname=\"DiskFull\"");
        assert_eq!(as_filter(" Disk Full "), "alertname=\"Disk Full\"");
        for matchers in ["a=b", "{a=\"b\"}", "a!~\"b\"", "a=b,c=d"] {
            assert_eq!(as_filter(matchers), matchers);
        }
    }

    #[test]
    fn times_are_absolute_or_a_span_ago() {
        let now: Timestamp = "2026-11-22T03:00:00Z".parse().expect("a time");
        let read = |text: &str| read_time(text, now).map(|at| at.to_string());
        assert_eq!(read("2h ago").expect("a time"), "2026-11-22T01:00:00Z");
        assert_eq!(read(" 1d12h ago ").expect("a time"), "2026-11-20T15:00:00Z");
        assert_eq!(read("2026-11-22T03:00:00+01:00").expect("a time"), "2026-11-22T02:00:00Z");
        assert!(read("yesterday").is_err() && read("ago").is_err() && read("-2h ago").is_err());
    }
}
