//! The signals that ask something of a process.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask to stop: SIGTERM and Ctrl-C.
#[derive(Debug)]
pub struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Listens from now on.
    ///
    /// # Errors
    /// If the system does not let us.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits until one comes.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signal that asks to read files again: SIGHUP. Without it, SIGHUP ends the process.
///
/// # Errors
/// If the system does not let us.
pub fn hang_ups() -> std::io::Result<Signal> {
    signal(SignalKind::hangup())
}
