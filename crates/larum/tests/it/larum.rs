//! The binary as a process: started on a free port, listened to, stopped, killed.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long anything may take that is not measured. Far more than it takes, also on a machine that is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A command of the binary under test, without what its environment could tell it.
pub fn larum() -> Command {
    command(env!("CARGO_BIN_EXE_larum"))
}

/// A program that ends with the test.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.kill_on_drop(true).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LARUM_")) {
        command.env_remove(name);
    }
    command
}

/// What a process has said so far, line by line.
#[derive(Clone)]
pub struct Log(watch::Receiver<Arc<Vec<String>>>);

impl Log {
    /// Reads what a process says until it ends.
    pub fn of(output: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let (say, said) = watch::channel(Arc::default());
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                say.send_modify(|said: &mut Arc<Vec<String>>| Arc::make_mut(said).push(line));
            }
        });
        Self(said)
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.0.borrow().join("\n")
    }

    /// All of it, once the process has ended.
    pub async fn to_its_end(&self) -> String {
        let mut said = self.0.clone();
        while timeout(PATIENCE, said.changed()).await.expect("it ends").is_ok() {}
        self.text()
    }

    /// Waits for a line with these words. `None` if the process ended, or does not say it.
    pub async fn line_with(&mut self, words: &str) -> Option<String> {
        let find = |said: &Vec<String>| said.iter().find(|line| line.contains(words)).cloned();
        let heard = timeout(PATIENCE, self.0.wait_for(|said| find(said).is_some())).await;
        find(&heard.ok()?.ok()?.clone())
    }
}

/// A running `larum serve`.
pub struct Larum {
    child: Child,
    log: Log,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A start that came to nothing.
#[derive(Debug)]
pub struct Refused {
    /// How the process ended.
    pub status: ExitStatus,
    /// What it said.
    pub log: String,
}

impl Larum {
    /// Starts `larum serve` on a free port and waits until it listens.
    pub async fn start(data: &Path, slack_api_url: &str) -> Result<Self, Refused> {
        let mut command = larum();
        command.arg("serve").arg("--storage.path").arg(data);
        command.args(["--web.listen-address", "127.0.0.1:0", "--slack-api-url", slack_api_url]);
        Self::of(&mut command).await
    }

    /// Starts a command that becomes `larum serve`, and waits until it listens.
    pub async fn of(command: &mut Command) -> Result<Self, Refused> {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut log = Log::of(child.stderr.take().expect("its log can be read"));
        let Some(line) = log.line_with("Listening on").await else {
            let ended = timeout(PATIENCE, child.wait()).await;
            let status = ended.expect("what does not listen ends").expect("it can be waited for");
            return Err(Refused { status, log: log.text() });
        };
        let address = line.split_once("address=").and_then(|(_, rest)| rest.split(' ').next());
        let address = address.and_then(|address| address.parse().ok());
        Ok(Self { child, log, address: address.unwrap_or_else(|| panic!("no address in {line}")) })
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// When it said these words first, by its own clock.
    pub fn said_at(&self, words: &str) -> Timestamp {
        let said = self.log();
        let line = said
            .lines()
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("no {words:?} in {said}"));
        let time = line.strip_prefix("time=").and_then(|line| line.split(' ').next());
        time.and_then(|time| time.parse().ok()).unwrap_or_else(|| panic!("no time in {line}"))
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Ends it in the middle of whatever it does.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Asks it to stop, as a service manager does, and says how it ended.
    pub async fn stop(self) -> ExitStatus {
        self.stop_and_log().await.0
    }

    /// The same, and all that it said.
    pub async fn stop_and_log(mut self) -> (ExitStatus, String) {
        send(self.id(), Signal::TERM);
        let ended = timeout(PATIENCE, self.child.wait()).await.expect("it stops");
        (ended.expect("it can be waited for"), self.log.to_its_end().await)
    }
}

/// Sends a signal to a process.
pub fn send(process: u32, signal: Signal) {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process has an id");
    kill_process(process, signal).expect("it runs");
}

impl Drop for Larum {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the log of larum at {} ---\n{}", self.address, self.log.text());
        }
    }
}
