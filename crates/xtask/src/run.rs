//! `cargo xtask run`: from the sources to a console in the browser, with a Slack to try it against.

mod greeting;
mod household;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::command::{cargo, run as run_command, say};
use crate::house::House;
use crate::run::greeting::{Greeting, SandboxTokens};
use crate::run::household::Household;
use crate::tools;

/// How to run Larum.
#[derive(clap::Args)]
pub struct Arguments {
    /// Talk to the real Slack instead of a sandbox
    #[arg(long)]
    slack: bool,
    /// Where the console listens, on this machine only
    #[arg(long, default_value_t = 9093)]
    port: u16,
    /// Where the Slack sandbox listens, on this machine only
    #[arg(long, default_value_t = 9094)]
    sandbox_port: u16,
    /// Where everything is kept [default: `data` in the source tree]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// Builds what changed, starts everything, and stays until Ctrl-C or until something ends by itself.
///
/// # Errors
/// When a tool is missing, a port is taken, or something cannot be built or started; says what to do.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    let data = arguments.data.clone().unwrap_or_else(|| house.root.join("data"));
    free(arguments.port, "--port")?;
    if !arguments.slack {
        free(arguments.sandbox_port, "--sandbox-port")?;
    }
    tools::console::built(&house)?;
    say("building the binary (a few minutes the first time)");
    run_command(&mut cargo(&house, &["build", "--package", "larum"]))?;

    say("starting");
    let mut household = Household::new()?;
    let sandbox = if arguments.slack {
        None
    } else {
        Some(start_sandbox(&mut household, &house, &data.join("sandbox"), arguments.sandbox_port)?)
    };
    let address = start_larum(&mut household, &house, &data, arguments.port, sandbox.as_ref())?;
    let console = format!("http://{address}");
    eprintln!("{}", Greeting { console, data: &data, larum: &house.larum(), sandbox });
    household.stay()
}

/// Fails early, before anything is built for minutes, when a port cannot be had.
fn free(port: u16, flag: &str) -> Result<()> {
    if let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        bail!("port {port} cannot be used ({error}): stop what uses it, or choose another port with {flag}");
    }
    Ok(())
}

fn start_sandbox(
    household: &mut Household,
    house: &House,
    folder: &Path,
    port: u16,
) -> Result<SandboxTokens> {
    let mut command = Command::new(house.larum());
    command.arg("sandbox").arg("--storage.path").arg(folder);
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    let address = household.start("sandbox", &mut command)?;
    SandboxTokens::asked_at(&address).context("the sandbox does not say its tokens")
}

fn start_larum(
    household: &mut Household,
    house: &House,
    data: &Path,
    port: u16,
    sandbox: Option<&SandboxTokens>,
) -> Result<String> {
    let mut command = Command::new(house.larum());
    command.arg("serve").arg("--storage.path").arg(data);
    command.arg("--web.listen-address").arg(format!("127.0.0.1:{port}"));
    if let Some(sandbox) = sandbox {
        command.arg("--slack-api-url").arg(sandbox.api_url());
    }
    household.start("larum", &mut command)
}
