//! Programs that run as long as a test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Where `cargo xtask test` says that a program is.
pub fn provided(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| {
        panic!("{variable} is not set: run `cargo xtask test`, which installs what it names")
    })
    .into()
}

/// A program of Prometheus' family that listens.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Process {
    /// Starts it, and waits until its log says where it listens.
    pub fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it has a log")).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains("Listening on"));
        // Whoever stops reading the log stops whoever writes it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let line = line.expect("it says where it listens");
        let address = line.rsplit("address=").next().expect("it says where").trim().to_owned();
        Self { child, address }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
