//! Runs other programs, in sight of whoever waits for them.

use std::io::{BufRead, BufReader, ErrorKind, IsTerminal, Write};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::house::House;

/// Says what happens next.
pub fn say(what: &str) {
    let (bold, plain) = if std::io::stderr().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    eprintln!("{bold}==> {what}{plain}");
}

/// How long something took.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "a person is told how long a step took, nothing is decided"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Cargo, as if a person called it. This program runs under cargo itself, and what that says about this package in the
/// environment would look to some build scripts (ring's) like a reason to build again.
pub fn cargo(house: &House, arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&house.root).args(arguments);
    for (name, _) in std::env::vars_os() {
        let about_us = name.to_str().is_some_and(|name| ABOUT_US.iter().any(|start| name.starts_with(start)));
        if about_us {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// How the variables begin with which cargo describes the package that it runs (The Cargo Book, "Environment
/// Variables").
const ABOUT_US: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];

/// A command as a person would type it.
fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn does_not_start(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy().into_owned();
    match error.kind() {
        ErrorKind::NotFound => anyhow!("{program} is not installed, or not on the PATH"),
        _ => anyhow!("{program} does not start: {error}"),
    }
}

/// Runs a command and shows what it says.
///
/// # Errors
/// When it does not start or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| does_not_start(command, &error))?;
    if !status.success() {
        bail!("`{}` failed ({status})", spelled(command));
    }
    Ok(())
}

/// Runs a command, shows what it says, and hands every line of its standard output on.
///
/// # Errors
/// When it does not start or does not succeed; the lines were handed on nevertheless.
pub fn watch(command: &mut Command, mut line: impl FnMut(&str)) -> Result<()> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| does_not_start(command, &error))?;
    let output = child.stdout.take().context("a piped output can be read")?;
    for said in BufReader::new(output).split(b'\n') {
        let said = said.context("what the command says cannot be read")?;
        let said = String::from_utf8_lossy(&said);
        // Whoever reads may have gone, as `head` does: the tests still count.
        let _ = writeln!(std::io::stdout(), "{said}");
        line(&said);
    }
    let status = child.wait().context("the command cannot be waited for")?;
    if !status.success() {
        bail!("`{}` failed ({status})", spelled(command));
    }
    Ok(())
}

/// Runs a command quietly and returns its standard output, trimmed.
///
/// # Errors
/// When it does not start or does not succeed; says what it said then.
pub fn ask(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.output().map_err(|error| does_not_start(command, &error))?;
    if !status.success() {
        bail!("`{}` failed ({status}): {}", spelled(command), String::from_utf8_lossy(&stderr).trim());
    }
    Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
}
