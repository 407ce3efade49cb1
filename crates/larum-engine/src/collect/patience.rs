//! When this host does not answer, nothing new is known of it: Larum says so, by the way that all alerts go.

use std::time::Duration;

use larum_core::alert::{EndReason, Observation, RESOLVE_TIMEOUT, Says};
use larum_core::time::Timestamp;
use tokio::task::{JoinError, JoinHandle};

use crate::handle::Handle;
use crate::own::not_watching;

/// How long a look at this host may take before Larum says that nothing is watched.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a look at this host. While it takes longer than `patience`, Larum says of itself that nothing is watched.
pub async fn wait_for<T>(
    mut look: JoinHandle<T>,
    engine: &Handle,
    patience: Duration,
) -> Result<T, JoinError> {
    let since = engine.now().wall;
    let say = async |says| {
        if let Err(error) = engine.observe(vec![silent_host(since, says)]).await {
            tracing::error!(%error, "that nothing is watched cannot be told");
        }
    };
    let mut told = false;
    loop {
        if let Ok(done) = tokio::time::timeout(patience, &mut look).await {
            if told {
                say(Says::Ended { at: engine.now().wall, reason: EndReason::Resolved }).await;
            }
            return done;
        }
        if !told {
            tracing::error!(?patience, "nothing is known of this host any more: it does not answer");
        }
        told = true;
        // It is said again and again, so that it ends when Larum is started anew.
        let ends_at = engine.now().wall.plus(RESOLVE_TIMEOUT.max(patience * 2));
        say(Says::Firing { ends_at, timeout: true }).await;
    }
}

fn silent_host(since: Timestamp, says: Says) -> Observation {
    let summary = "Larum cannot watch this machine: it does not answer.";
    let details = "Reading the machine's metrics has not come to an end, as when a file system hangs. Policies over \
                   them see nothing new; all others, and alerts from elsewhere, go on as ever. Mend what hangs, or start Larum anew.";
    not_watching(summary, details, since, says)
}
