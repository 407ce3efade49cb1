//! The processes that run together: each is started, listened to, and stopped in order.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a process may say nothing before it listens.
const READY: Duration = Duration::from_secs(60);
/// How long a process may take to stop: a little more than Larum gives the calls in flight.
const STOPPED: Duration = Duration::from_secs(15);

/// What happens while the processes run.
enum Event {
    Said { name: &'static str, line: String },
    Ended { name: &'static str, status: ExitStatus },
    Asked,
}

/// The processes, in the order of their start.
pub struct Household {
    running: Vec<(&'static str, Pid)>,
    events: Receiver<Event>,
    tell: Sender<Event>,
}

impl Household {
    /// Nothing runs yet; from now on Ctrl-C asks to stop.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub fn new() -> Result<Self> {
        let (tell, events) = channel();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals cannot be listened to")?;
        let asked = tell.clone();
        // Both threads and their channel end with this process.
        thread::spawn(move || signals.forever().try_for_each(|_| asked.send(Event::Asked)));
        Ok(Self { running: Vec::new(), events, tell })
    }

    /// Starts a process and returns the address on which it listens, as its log says.
    ///
    /// # Errors
    /// When it does not start, ends, or stays silent. What ran before is stopped then.
    pub fn start(&mut self, name: &'static str, command: &mut Command) -> Result<String> {
        // A group of its own keeps Ctrl-C from it, so that everything stops in order.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let listening = command
            .spawn()
            .with_context(|| format!("{name} does not start"))
            .and_then(|child| self.attend(name, child))
            .and_then(|()| self.listening(name));
        if listening.is_err() {
            self.stop();
        }
        listening
    }

    fn attend(&mut self, name: &'static str, mut child: Child) -> Result<()> {
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process has an id")?;
        self.running.push((name, id));
        let said = [
            child.stdout.take().map(|out| hand_on(name, out, self.tell.clone())),
            child.stderr.take().map(|err| hand_on(name, err, self.tell.clone())),
        ];
        let tell = self.tell.clone();
        thread::spawn(move || {
            // Its last words come before the news that it ended.
            said.into_iter().flatten().for_each(|thread| drop(thread.join()));
            if let Ok(status) = child.wait() {
                // Nobody listens any more when this process ends first.
                let _ = tell.send(Event::Ended { name, status });
            }
        });
        Ok(())
    }

    fn listening(&mut self, of: &'static str) -> Result<String> {
        loop {
            match self.events.recv_timeout(READY) {
                Ok(Event::Said { name, line }) => {
                    eprintln!("{line}");
                    if let Some(address) = address(&line).filter(|_| name == of) {
                        return Ok(address.to_owned());
                    }
                }
                Ok(Event::Ended { name, status }) => {
                    self.running.retain(|(running, _)| *running != name);
                    bail!("{name} did not start ({status}): the lines above say why");
                }
                Ok(Event::Asked) => bail!("stopped before {of} was ready"),
                Err(_) => bail!("{of} said nothing for {} s and does not listen", READY.as_secs()),
            }
        }
    }

    /// Shows the log until somebody asks to stop or a process ends by itself; then stops everything.
    ///
    /// # Errors
    /// When a process ended by itself.
    pub fn stay(mut self) -> Result<ExitCode> {
        let ended = loop {
            match self.events.recv() {
                Ok(Event::Said { line, .. }) => eprintln!("{line}"),
                Ok(Event::Ended { name, status }) => {
                    self.running.retain(|(running, _)| *running != name);
                    break Some(anyhow!("{name} ended by itself ({status}): its last lines say why"));
                }
                Ok(Event::Asked) | Err(_) => break None,
            }
        };
        self.stop();
        ended.map_or(Ok(ExitCode::SUCCESS), Err)
    }

    /// Stops everything, the last first: Larum may still finish a message to the sandbox.
    fn stop(&mut self) {
        while let Some((name, id)) = self.running.pop() {
            eprintln!("stopping {name}");
            // It may have ended in the meantime, which is as good.
            let _ = kill_process(id, Signal::TERM);
            if !self.ended(name) {
                eprintln!("{name} did not stop within {} s: ending it", STOPPED.as_secs());
                let _ = kill_process(id, Signal::KILL);
            }
        }
    }

    /// Waits for the end of a process. A second Ctrl-C is impatience: then it does not wait.
    fn ended(&mut self, of: &'static str) -> bool {
        loop {
            match self.events.recv_timeout(STOPPED) {
                Ok(Event::Said { line, .. }) => eprintln!("{line}"),
                Ok(Event::Ended { name, .. }) if name == of => return true,
                Ok(Event::Ended { name, .. }) => self.running.retain(|(running, _)| *running != name),
                Ok(Event::Asked) | Err(_) => return false,
            }
        }
    }
}

fn hand_on(
    name: &'static str,
    output: impl Read + Send + 'static,
    tell: Sender<Event>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if tell.send(Event::Said { name, line }).is_err() {
                return;
            }
        }
    })
}

/// The address in the line of a log that says where a process listens.
fn address(line: &str) -> Option<&str> {
    let after = line.contains("Listening on").then(|| line.split_once("address="))??.1;
    let address = after.split_whitespace().next()?.trim_matches('"');
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_log_says_where_a_process_listens() {
        let line =
            r#"ts=2026-11-22T08:00:00Z level=info msg="Listening on" address=127.0.0.1:9093 tls=false"#;
        assert_eq!(address(line), Some("127.0.0.1:9093"));
        assert_eq!(address("Listening on address=\"127.0.0.1:1\""), Some("127.0.0.1:1"));
        assert_eq!(address("level=info msg=\"Opened the store\" address=nowhere"), None);
    }
}
