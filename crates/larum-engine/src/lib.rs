#![doc = include_str!("../README.md")]

use std::sync::Arc;
use std::time::Duration;

use larum_core::config::{Config, Limits, Pace, Timers};
use larum_core::inhibit::InhibitRule;
use larum_core::state::State;
use larum_render::Links;
use larum_slack::ApiUrl;
use larum_store::{Store, StoreError};
use tokio::sync::mpsc;
use uuid::Uuid;

mod clock;
mod source;
mod topic;
mod desk;
mod command;
mod meters;
mod journal;
mod shared;
mod own;
mod introduce;
mod integration;
mod route_file;
mod post;
mod check;
mod writer;
mod handle;
mod standing;
mod silence;
mod gaps;
mod collect;
mod evaluate;
mod rule_files;
mod retain;

pub use clock::{Clock, Hands, random_bytes};
pub use collect::{COLLECTION_INTERVAL, Collector, Kept, SNAPSHOT};
pub use command::Refused;
pub use desk::{Desk, MAX_POLICIES, ReceiverDraft, SettingsError};
pub use evaluate::{
    EVALUATION_INTERVAL, Evaluator, GroupEvaluation, GroupRule, RecordingEvaluation, RecordingRule, RuleGroup,
};
pub use gaps::Gaps;
pub use handle::Handle;
pub use integration::{IntegrationError, Integrations};
pub use introduce::{Introduction, introduce};
pub use journal::{Committing, Journal};
pub use meters::Meters;
pub use own::OWN;
pub use retain::{KEPT_ANYWAY, Retention, Tidy};
pub use route_file::{FileIntegration, FileReceiver, ReadFile, RouteFile, RouteFileError};
pub use rule_files::{KnownFile, RuleFiles};
pub use shared::{Storage, Unwritable};
pub use silence::SilenceError;
pub use source::{Lookup, QUERY_TIMEOUT, Source, SourceError};
pub use topic::Topic;

/// What the engine works with, decided once at the start.
#[derive(Debug)]
pub struct Setup {
    /// The memory, open.
    pub store: Arc<Store>,
    /// The one clock.
    pub clock: Clock,
    /// What calls Slack; see [`larum_slack::build_http_client`].
    pub http: reqwest::Client,
    /// Where Slack is.
    pub slack_api: ApiUrl,
    /// How fast messages follow one another.
    pub pace: Pace,
    /// The console's address, for the links in messages (`--web.external-url`).
    pub external_url: String,
    /// The most of each thing.
    pub limits: Limits,
    /// What is not told while something else fires, where no file of routes says so.
    pub inhibitions: Arc<[InhibitRule]>,
    /// The file of routes, if there is one.
    pub route_file: Option<RouteFile>,
    /// What the times of groups are counted from.
    pub timers: Timers,
    /// For how long no group has a first turn.
    pub start_delay: Duration,
    /// For how long a silence is kept after its end.
    pub silence_retention: Duration,
}

/// For how long a silence is kept after its end, unless somebody chose (Alertmanager, `--data.retention`).
pub const SILENCE_RETENTION: Duration = Duration::from_secs(120 * 60 * 60);

/// How many commands may wait for the writer before those who send them wait too.
const COMMANDS_WAITING: usize = 1024;

/// Reads back what was written down and starts the writer, which goes on from there.
///
/// # Errors
/// [`StoreError`] if it cannot be read back.
pub async fn start(setup: Setup) -> Result<Handle, StoreError> {
    let store = Arc::clone(&setup.store);
    start_through(setup, store).await
}

/// The same with somebody between the writer and the store: every step is written down through `journal`.
///
/// # Errors
/// As [`start`].
pub async fn start_through(setup: Setup, journal: Arc<dyn Journal>) -> Result<Handle, StoreError> {
    let now = setup.clock.now();
    let kept_back = setup.store.ballast().take();
    let installation = setup.store.installation(setup.clock.random_bytes()).await?;
    let recalled = setup.store.recall(now).await?;
    let desk = Desk::recalled(&recalled);
    let config = Config {
        receivers: desk.receivers.values().map(|row| Arc::new(row.receiver.clone())).collect(),
        grouping: desk.grouping.grouping.clone(),
        pace: setup.pace,
        limits: setup.limits,
        inhibitions: setup.route_file.as_ref().map_or(setup.inhibitions, RouteFile::inhibitions),
        routing: setup.route_file.as_ref().map(|file| Arc::clone(&file.routing)),
        timers: setup.timers,
        speaks_from: now.steady.plus(setup.start_delay),
    };
    let state = State::remember(config, recalled.remembered, now);
    tracing::info!(alerts = state.held(), waiting = state.outbox().len(), "read back what was written down");
    let storage = writer::storage_at_start(&state, kept_back, now);
    let shared = Arc::new(shared::Shared::new(state, desk, Arc::clone(&setup.store), setup.clock, storage));
    *shared.route_file.write() = setup.route_file.map(Arc::new);
    let (commands, waiting) = mpsc::channel(COMMANDS_WAITING);
    let answers = commands.downgrade();
    let (http, api) = (setup.http.clone(), setup.slack_api.clone());
    let check = check::Check { shared: Arc::clone(&shared), http, api, commands: answers.clone() };
    let post =
        post::Post::new(setup.http, setup.slack_api, setup.store, answers, Uuid::from_bytes(installation));
    let links = Links::to(&setup.external_url);
    let site = integration::Site { external_url: setup.external_url, links };
    let writer =
        writer::Writer::new(Arc::clone(&shared), journal, waiting, post, site, setup.silence_retention);
    tokio::spawn(async move {
        tokio::select! {
            biased;
            () = writer.run() => {}
            never = check.run() => match never {},
        }
    });
    Ok(Handle { shared, commands })
}
