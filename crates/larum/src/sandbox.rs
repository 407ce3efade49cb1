//! `larum sandbox`: a local Slack workspace.

use std::net::SocketAddr;
use std::path::PathBuf;

use larum_sandbox::{Sandbox, SandboxConfig};

use crate::signals::Stop;

/// What `larum sandbox` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// Where to listen; loopback only.
    #[arg(long = "listen", env = "LARUM_SANDBOX_LISTEN", default_value = "127.0.0.1:9094")]
    listen: SocketAddr,
    /// Where to keep the workspace, its tokens and messages; without, they are forgotten at the end.
    #[arg(long = "storage.path", env = "LARUM_SANDBOX_STORAGE_PATH")]
    storage: Option<PathBuf>,
}

/// Runs until told to stop.
///
/// # Errors
/// If the address is taken or not on loopback, or the folder cannot be used.
pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let mut stop = Stop::listen()?;
    let config = match flags.storage {
        Some(data) => SandboxConfig::kept_in(flags.listen, data),
        None => SandboxConfig { listen: flags.listen, ..SandboxConfig::in_memory() },
    };
    let started = |running: &larum_sandbox::Running| {
        tracing::info!(address = %running.addr, page = running.page_url(), api = running.api_url(), "Listening on");
    };
    Sandbox::serve(config, started, stop.asked()).await?;
    Ok(())
}
