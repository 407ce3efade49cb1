//! What every conversation needs: a clock that the test moves, and a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use larum_core::time::{Now, Steady, Timestamp};
use larum_webhook::{Clock, Config, Outcome, Secret, WebhookClient};

/// Far more than anything takes that is not measured, also on a machine that is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Long enough for a busy machine to send something, short enough to wait for.
pub const SHORT: Duration = Duration::from_millis(300);
/// When the clock begins: Tue, 14 Nov 2023 22:13:20 GMT.
const BEGIN: i64 = 1_700_000_000_000;
/// What is posted.
pub const BODY: &str = r#"{"text":"caf\u00e9 <!channel>"}"#;

/// A clock that stands still until the test moves it.
#[derive(Clone, Default)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn clock(&self) -> Clock {
        let passed = Arc::clone(&self.0);
        Arc::new(move || {
            let millis = passed.load(Ordering::SeqCst);
            Now { wall: Timestamp::from_millis(BEGIN + millis), steady: Steady::from_millis(millis) }
        })
    }
}

/// What the binary does first of all.
pub fn install_provider() {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client whose clock stands still.
pub fn client(config: Config) -> WebhookClient {
    client_at(config, &Time::default())
}

pub fn client_at(config: Config, time: &Time) -> WebhookClient {
    install_provider();
    WebhookClient::new(config, time.clock()).unwrap()
}

/// Posts to this address.
pub async fn post(client: &WebhookClient, url: &str) -> Outcome {
    client.post(&Secret::text(url), BODY, PATIENCE).await
}

/// The reason of an outcome that is none to be glad of.
pub fn reason(outcome: &Outcome) -> &str {
    outcome.reason().expect("it was not delivered")
}
