//! `larum check config`: an `alertmanager.yml` as `larum alertmanager` would load it, its templates and integrations with
//! it.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use larum_alertmanager::config::Options;
use larum_engine::Clock;

use crate::route_file::RouteFileAt;

/// What `larum check config` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Do not mind integrations that Larum does not have.
    #[arg(long = "config.skip-unsupported")]
    skip_unsupported: bool,
}

/// Checks the files, and says how many receivers, routes and so on each has.
///
/// # Errors
/// If a file is wrong, or cannot be read.
pub async fn run(flags: &Flags) -> anyhow::Result<()> {
    let (mut out, mut wrong) = (std::io::stdout(), 0);
    for path in &flags.files {
        let options = Options { skip_unsupported: flags.skip_unsupported, ..Options::default() };
        let at = RouteFileAt { path: path.clone(), options, inhibitions: Vec::new() };
        match at.read(Clock::start()).await {
            Ok(file) => writeln!(
                out,
                "{}: right, with {} routes, {} receivers and {} inhibition rules",
                path.display(),
                file.routing.tree().routes().len(),
                file.receivers.len(),
                file.inhibitions.len()
            )?,
            Err(error) => {
                wrong += 1;
                writeln!(out, "{error:#}")?;
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("a file is wrong"),
        more => bail!("{more} files are wrong"),
    }
}
