//! What is measured: a program in a process and a folder of its own, started on a free port.

use std::ffi::OsString;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::client::Client;
use crate::clock;
use crate::configuration::Configuration;
use crate::process::cpu_seconds;
use crate::receiver::Receiver;

/// How long a program may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(2);
/// What part of a processor a program uses at most that has nothing left to do.
const IDLE: f64 = 0.05;

/// Which program it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Prometheus' Alertmanager.
    Alertmanager,
    /// Prometheus itself.
    Prometheus,
    /// Larum.
    Larum,
}

impl Kind {
    /// What a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alertmanager => "Alertmanager",
            Self::Prometheus => "Prometheus",
            Self::Larum => "Larum",
        }
    }
}

/// A program that can be measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// Which it is.
    pub kind: Kind,
    /// What a person calls it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// A running program, and whom it tells. It ends with this value, and what it wrote goes with it.
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whom it tells.
    pub receiver: Receiver,
    folder: TempDir,
    program: PathBuf,
    arguments: Vec<OsString>,
    process: Child,
    starts: u32,
}

impl Target {
    /// Starts an Alertmanager, or Larum in its place.
    ///
    /// # Errors
    /// When it does not start; says what it said.
    pub async fn router(program: &Program, configuration: &Configuration) -> Result<Self> {
        let (folder, receiver) = (tempfile::tempdir()?, Receiver::listen()?);
        let file = folder.path().join("alertmanager.yml");
        std::fs::write(&file, configuration.text(receiver.address))?;
        let mut arguments = Vec::new();
        if program.kind == Kind::Larum {
            arguments.push("alertmanager".into());
        }
        arguments.extend([flag("config.file", &file), flag("storage.path", &folder.path().join("data"))]);
        arguments.extend(["--web.listen-address=127.0.0.1:0".into(), "--cluster.listen-address=".into()]);
        Self::start(program, arguments, folder, receiver).await
    }

    /// Starts a Prometheus, or Larum with the same file, that reads `prometheus.yml` in this folder.
    ///
    /// # Errors
    /// When it does not start; says what it said.
    pub async fn evaluator(program: &Program, folder: TempDir) -> Result<Self> {
        let (file, data) = (folder.path().join("prometheus.yml"), folder.path().join("data"));
        let listen = "--web.listen-address=127.0.0.1:0".into();
        let arguments = match program.kind {
            Kind::Larum => {
                vec![
                    "serve".into(),
                    flag("prometheus.config-file", &file),
                    flag("storage.path", &data),
                    listen,
                ]
            }
            _ => vec![flag("config.file", &file), flag("storage.tsdb.path", &data), listen],
        };
        Self::start(program, arguments, folder, Receiver::listen()?).await
    }

    async fn start(
        program: &Program,
        arguments: Vec<OsString>,
        folder: TempDir,
        receiver: Receiver,
    ) -> Result<Self> {
        let (process, address) = launch(&program.path, &arguments, &folder.path().join("0.log")).await?;
        Ok(Self { address, receiver, folder, program: program.path.clone(), arguments, process, starts: 1 })
    }

    /// The id of its process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn id(&self) -> Result<u32> {
        self.process.id().context("it has ended")
    }

    /// Ends it by a signal and waits until it is gone.
    ///
    /// # Errors
    /// When it has ended before, or does not end.
    pub async fn stop(&mut self, signal: Signal) -> Result<()> {
        self.send(signal)?;
        timeout(PATIENCE, self.process.wait()).await.context("it does not stop")??;
        Ok(())
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When it has ended.
    pub fn send(&self, signal: Signal) -> Result<()> {
        let id = Pid::from_raw(i32::try_from(self.id()?)?).context("a process has an id")?;
        Ok(kill_process(id, signal)?)
    }

    /// Starts it again, with all it had written; how long until it was ready.
    ///
    /// # Errors
    /// When it does not start; says what it said.
    pub async fn start_again(&mut self) -> Result<Duration> {
        let begun = clock::now();
        let log = self.folder.path().join(format!("{}.log", self.starts));
        (self.process, self.address) = launch(&self.program, &self.arguments, &log).await?;
        self.starts += 1;
        Ok(begun.elapsed())
    }

    /// Waits until it does nothing. Whether it came to that, within the limit.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn settle(&self, limit: Duration) -> Result<bool> {
        let begun = clock::now();
        while begun.elapsed() < limit {
            let before = cpu_seconds(self.id()?)?;
            sleep(Duration::from_secs(1)).await;
            if cpu_seconds(self.id()?)? - before <= IDLE {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn flag(name: &str, value: &Path) -> OsString {
    let mut flag = OsString::from(format!("--{name}="));
    flag.push(value);
    flag
}

/// Starts a program and waits until it is ready.
async fn launch(program: &Path, arguments: &[OsString], log: &Path) -> Result<(Child, SocketAddr)> {
    let output = File::create(log)?;
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true).stdin(Stdio::null());
    command.stdout(output.try_clone()?).stderr(output);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LARUM_")) {
        command.env_remove(name);
    }
    let mut process = command.spawn().with_context(|| format!("{} does not start", program.display()))?;
    let begun = clock::now();
    while begun.elapsed() < PATIENCE && process.try_wait()?.is_none() {
        if let Some(address) = address_in(&std::fs::read_to_string(log)?) {
            let mut client = Client::new(address);
            if client.get("/-/ready").await.is_ok_and(|answer| answer.status == 200) {
                return Ok((process, address));
            }
        }
        sleep(LOOK).await;
    }
    bail!("{} does not become ready: {}", program.display(), std::fs::read_to_string(log)?)
}

/// Where a log says that its program listens.
fn address_in(log: &str) -> Option<SocketAddr> {
    let line = log.lines().find(|line| line.contains("Listening on"))?;
    line.split_once("address=")?.1.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_says_where_its_program_listens() {
        let log =
            "level=info msg=\"starts\"\nlevel=info msg=\"Listening on\" address=127.0.0.1:4242 tls=false\n";
        assert_eq!(address_in(log), Some(SocketAddr::from(([127, 0, 0, 1], 4242))));
        assert_eq!(address_in("level=info msg=\"Listening on\" addr"), None);
    }
}
