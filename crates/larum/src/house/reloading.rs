//! Files that are read again when somebody asks for it: by a signal, or over HTTP.

use larum_api::{FailedReload, Reloads};
use larum_engine::Clock;
use tokio::signal::unix::Signal;
use tokio::sync::watch;

use super::reloaded::Reloaded;

/// Lets files be read again at each signal, and for each who asks over HTTP, until Larum stops.
pub async fn reload_when_asked<F: Future<Output = anyhow::Result<()>>>(
    reload: impl Fn() -> F,
    reloaded: Reloaded,
    clock: Clock,
    mut hang_ups: Signal,
    mut reloads: Reloads,
    mut stopping: watch::Receiver<bool>,
) {
    let reloading = async {
        loop {
            let reply = tokio::select! {
                Some(()) = hang_ups.recv() => None,
                Some(reply) = reloads.recv() => Some(reply),
                else => return,
            };
            let done = reload().await.map_err(|error| format!("{error:#}"));
            let at = clock.now().wall;
            reloaded.note(at, done.is_ok());
            reloads.note(done.clone().err().map(|error| FailedReload { at, error }));
            if let Err(error) = &done {
                tracing::error!(error, "Loading configuration file failed: what was in force before stays");
            }
            if let Some(reply) = reply {
                // Whoever asked may have gone away.
                let _ = reply.send(done);
            }
        }
    };
    tokio::select! {
        _ = stopping.wait_for(|stop| *stop) => {}
        () = reloading => {}
    }
}
