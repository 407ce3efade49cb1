//! What every handler can reach.

use std::sync::Arc;
use std::time::Duration;

use larum_core::time::{Now, Steady};
use larum_engine::{Handle, Source, random_bytes};
use larum_metrics::scrape::Board;
use larum_slack::ApiUrl;
use larum_store::Store;
use larum_store::accounts::Fresh;
use prometheus_client::registry::Registry;
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::directories::Directories;
use crate::lock::attempts::Attempts;
use crate::meters::Meters;
use crate::reload::Reload;
use crate::setup::Setup;
use crate::turns::Turns;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct Doors(Arc<Inside>);

/// The rooms behind the doors.
pub struct Parts {
    /// The running engine.
    pub engine: Handle,
    /// How the doors are set up.
    pub setup: Setup,
    /// What asks Slack about tokens and channels and sends test messages.
    pub slack: Slack,
    /// Where queries are asked.
    pub source: Source,
    /// How the targets are doing that Larum itself scrapes, if it was told of a configuration.
    pub board: Option<Board>,
    /// The way to whoever reads files again.
    pub reload: Reload,
    /// What the doors count of themselves.
    pub meters: Meters,
    /// What `/metrics` shows.
    pub registry: Arc<Registry>,
}

/// The way to Slack.
#[derive(Clone, Debug)]
pub struct Slack {
    /// See [`larum_slack::build_http_client`].
    pub http: reqwest::Client,
    /// Where Slack is.
    pub api: ApiUrl,
}

/// What the doors keep for themselves.
struct Inside {
    parts: Parts,
    attempts: Attempts,
    directories: Directories,
    turns: Turns,
    silence_edit: Mutex<()>,
    opened_at: Steady,
    closing: watch::Sender<bool>,
}

impl Doors {
    /// Doors to these rooms.
    pub fn to(parts: Parts) -> Self {
        let opened_at = parts.engine.now().steady;
        let closing = watch::Sender::new(false);
        let (attempts, directories) = (Attempts::default(), Directories::default());
        let turns = Turns::new(parts.setup.alertmanager.get_concurrency);
        let silence_edit = Mutex::default();
        Self(Arc::new(Inside { parts, attempts, directories, turns, silence_edit, opened_at, closing }))
    }

    /// Larum is about to stop: it is no longer ready, and streams that would never end do.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Whether Larum is about to stop, now and from now on.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// What both clocks say.
    pub fn now(&self) -> Now {
        self.0.parts.engine.now()
    }

    /// How long the doors have been open.
    pub(crate) fn uptime(&self) -> Duration {
        self.now().steady.since(self.0.opened_at)
    }

    /// 32 bytes drawn at random.
    pub(crate) fn fresh(&self) -> Fresh {
        random_bytes()
    }

    pub(crate) fn engine(&self) -> &Handle {
        &self.0.parts.engine
    }

    pub(crate) fn store(&self) -> &Store {
        self.engine().store()
    }

    pub(crate) fn setup(&self) -> &Setup {
        &self.0.parts.setup
    }

    pub(crate) fn slack(&self) -> &Slack {
        &self.0.parts.slack
    }

    pub(crate) fn source(&self) -> &Source {
        &self.0.parts.source
    }

    pub(crate) fn board(&self) -> Option<&Board> {
        self.0.parts.board.as_ref()
    }

    pub(crate) fn reload(&self) -> &Reload {
        &self.0.parts.reload
    }

    pub(crate) fn meters(&self) -> &Meters {
        &self.0.parts.meters
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.parts.registry
    }

    pub(crate) fn directories(&self) -> &Directories {
        &self.0.directories
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// Waits until nobody else changes a silence in the console: what it was is looked at before it is changed.
    pub(crate) async fn silence_edit(&self) -> MutexGuard<'_, ()> {
        self.0.silence_edit.lock().await
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }
}
