//! While the server that is asked has no answer, no policy sees anything new: Larum says so, by the way that all alerts
//! go. The policies that come with Larum could not, for they ask that same server.

use std::time::Duration;

use larum_core::alert::{EndReason, Observation, RESOLVE_TIMEOUT, Says};
use larum_core::time::{Now, Timestamp};
use larum_prometheus::{PrometheusClient, SourceError};
use tokio::sync::watch;

use super::Source;
use crate::handle::Handle;
use crate::own::not_watching;

/// How often the server is asked how it does.
const LOOK_INTERVAL: Duration = Duration::from_secs(15);
/// For how long it may have no answer before Larum says that nothing is watched.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is known of a server without an answer.
struct Silence {
    since: Now,
    /// What Larum said of it, once it said anything; the same words each time, for they are one alert.
    told: Option<String>,
}

impl Source {
    /// Asks the server how it does, again and again until `stop` turns true, and says so when it has had no answer for
    /// two minutes. Series in this process need no such watch: this waits for the end.
    pub async fn watch(self, engine: Handle, mut stop: watch::Receiver<bool>) {
        let clock = self.clock;
        let mut silence: Option<Silence> = None;
        let mut due = clock.now().steady;
        let looks = async {
            let Some(server) = self.server() else { return std::future::pending().await };
            loop {
                clock.sleep_until(Some(due)).await;
                let now = clock.now();
                due = due.step_past(now.steady, LOOK_INTERVAL);
                match server.check().await {
                    Ok(()) => {
                        if let Some(Silence { since, told: Some(details) }) = silence.take() {
                            let ended = Says::Ended { at: now.wall, reason: EndReason::Resolved };
                            say(&engine, silent_server(&details, since.wall, ended)).await;
                        }
                    }
                    Err(error) => {
                        let silence = silence.get_or_insert(Silence { since: now, told: None });
                        silence.go_on(&engine, server, &error, now).await;
                    }
                }
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = looks => {}
        }
    }
}

impl Silence {
    async fn go_on(&mut self, engine: &Handle, server: &PrometheusClient, error: &SourceError, now: Now) {
        if now.steady.since(self.since.steady) < PATIENCE {
            return;
        }
        let details = self.told.get_or_insert_with(|| {
            tracing::error!(%error, "the metrics source has no answer: policies see nothing new");
            format!(
                "Policies are evaluated by {}, which does not answer: {error}. They see nothing new and stay as they \
                 are; alerts from elsewhere go on as ever. The console's page of the metrics source says what to do.",
                server.url().as_str()
            )
        });
        // It is said again and again, so that it ends when Larum is started anew.
        let firing = Says::Firing { ends_at: now.wall.plus(RESOLVE_TIMEOUT), timeout: true };
        say(engine, silent_server(details, self.since.wall, firing)).await;
    }
}

fn silent_server(details: &str, since: Timestamp, says: Says) -> Observation {
    let summary = "Larum cannot watch: the metrics source does not answer.";
    not_watching(summary, details, since, says)
}

async fn say(engine: &Handle, seen: Observation) {
    if let Err(error) = engine.observe(vec![seen]).await {
        tracing::error!(%error, "how the metrics source does cannot be told");
    }
}
