//! `larum ready`: asks the Larum on this machine whether it is ready, as a container's health check.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use larum_web::Web;
use reqwest::StatusCode;

/// What `larum ready` is told: what that Larum was told as well.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Where that Larum listens; `:9093` is every address of this machine.
    #[arg(
        long = "web.listen-address",
        env = "LARUM_WEB_LISTEN_ADDRESS",
        default_value = "127.0.0.1:9093",
        value_parser = address
    )]
    listen: SocketAddr,
    /// The path below which that Larum answers, if it runs in the place of an Alertmanager.
    #[arg(long = "web.route-prefix", env = "LARUM_WEB_ROUTE_PREFIX", default_value = "")]
    prefix: String,
    /// The web configuration file that it was given.
    #[arg(long = "web.config.file", env = "LARUM_WEB_CONFIG_FILE")]
    web_config: Option<PathBuf>,
}

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks. It is well if that Larum accepts what is posted now; if it asks for a password, which is not known here, it is
/// well that it lives, and it is said that this is all.
///
/// # Errors
/// Why it is not.
#[expect(clippy::print_stdout, reason = "what is known besides the exit status is this command's answer")]
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let web = flags.web_config.as_deref().map(|path| Web::read(path, None)).transpose()?;
    let scheme = if web.is_some_and(|web| web.speaks_tls()) { "https" } else { "http" };
    let prefix = match flags.prefix.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    };
    let url = format!("{scheme}://{}{prefix}/-/ready", reachable(flags.listen));
    // It is asked by its address, which is in no certificate; nothing is told that anybody could misuse.
    let client =
        reqwest::Client::builder().no_proxy().timeout(PATIENCE).tls_danger_accept_invalid_certs(true);
    let asked = client.build()?.get(&url).send().await;
    let answer = asked.with_context(|| format!("no answer from {url}"))?;
    let status = answer.status();
    if status == StatusCode::UNAUTHORIZED {
        println!("alive: it asks for a password (401), so it cannot be asked whether it is ready");
        return Ok(());
    }
    if !status.is_success() {
        bail!("not ready: {status}: {}", answer.text().await.unwrap_or_default().trim());
    }
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let full = if text.starts_with(':') { format!("0.0.0.0{text}") } else { text.to_owned() };
    full.parse().map_err(|_| format!("{text:?} must be ADDRESS:PORT or :PORT"))
}

/// The address by which one that listens everywhere is reached from here.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(here, listen.port())
}
