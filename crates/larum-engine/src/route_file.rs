//! A configuration file with routes: what it says, ready to be put into force.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_alertmanager::config::{Configuration, Receiver};
use larum_alertmanager::routing::{SLACK, WEBHOOK, inhibitions, receiver_id, routing};
use larum_alertmanager::template::Templates;
use larum_core::inhibit::InhibitRule;
use larum_core::label::LabelSet;
use larum_core::receiver::ReceiverId;
use larum_core::routing::{Routing, RoutingError};
use larum_core::time::Timestamp;

use crate::clock::Clock;
use crate::command::{Change, Refused};
use crate::handle::Handle;
use crate::integration::{IntegrationError, Integrations};

/// What a configuration file says (Alertmanager, "Configuration"), ready to be put into force.
#[derive(Clone, Debug)]
pub struct RouteFile {
    /// Where it lies.
    pub path: Arc<Path>,
    /// When it was read.
    pub read_at: Timestamp,
    /// Routes, receivers, time intervals.
    pub routing: Arc<Routing>,
    /// What inhibits what, whoever says so.
    pub inhibitions: Arc<[InhibitRule]>,
    /// What tells the receivers.
    pub integrations: Integrations,
    /// After how long an alert is over whose sender gave no end.
    pub resolve_timeout: Duration,
    /// The receivers in the order of the file.
    pub receivers: Arc<[FileReceiver]>,
    /// A number that changes with the text of the file.
    pub hash: u64,
    /// The file as people may see it, without secrets.
    pub original: Arc<str>,
}

/// A receiver of the file, as people may see it.
#[derive(Clone, Debug)]
pub struct FileReceiver {
    /// What routes call it by.
    pub name: Arc<str>,
    /// What it is known by, its name among it.
    pub labels: LabelSet,
    /// The ways to tell it, those that Larum does not have behind the others.
    pub integrations: Vec<FileIntegration>,
}

/// One way to tell a receiver of the file.
#[derive(Clone, Debug)]
pub struct FileIntegration {
    /// What it is known by.
    pub id: ReceiverId,
    /// Alertmanager's name for its kind.
    pub kind: &'static str,
    /// Which of its kind, from 0.
    pub index: usize,
    /// Where at its neighbour messages arrive, as far as that is no secret: a channel. May be empty, or a template.
    pub place: String,
    /// Whether it is told that alerts are over.
    pub send_resolved: bool,
    /// The line of the file, if Larum does not have this kind: then nobody is told by it.
    pub unsupported_at: Option<usize>,
}

/// A file that was read, with the files of templates that it names.
#[derive(Clone, Copy, Debug)]
pub struct ReadFile<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// All of it.
    pub text: &'a str,
    /// What it says.
    pub configuration: &'a Configuration,
    /// Its templates.
    pub templates: &'a Templates,
    /// What inhibits what, whatever the file says; asked before the file's.
    pub inhibitions: &'a [InhibitRule],
}

/// Why a file cannot be put into force.
#[derive(Debug, thiserror::Error)]
pub enum RouteFileError {
    /// Its routes are wrong.
    #[error(transparent)]
    Routes(#[from] RoutingError),
    /// An integration is.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
}

impl RouteFile {
    /// What a file says that was just read.
    ///
    /// # Errors
    /// [`RouteFileError`] in words.
    pub fn of(read: ReadFile<'_>, clock: Clock) -> Result<Self, RouteFileError> {
        let ReadFile { configuration, templates, .. } = read;
        let now: larum_webhook::Clock = Arc::new(move || clock.now());
        let rules = read.inhibitions.iter().cloned().chain(inhibitions(configuration));
        Ok(Self {
            path: read.path.into(),
            read_at: clock.now().wall,
            routing: Arc::new(routing(configuration)?),
            inhibitions: rules.collect(),
            integrations: Integrations::of(configuration, templates, &now)?,
            resolve_timeout: configuration.resolve_timeout,
            receivers: configuration.receivers.iter().map(FileReceiver::of).collect(),
            hash: hash_of(read.text),
            original: configuration.original().into(),
        })
    }

    pub(crate) fn inhibitions(&self) -> Arc<[InhibitRule]> {
        Arc::clone(&self.inhibitions)
    }
}

impl FileReceiver {
    fn of(receiver: &Receiver) -> Self {
        let labels: LabelSet = receiver.labels.iter().collect();
        let one = |kind, index, place: &str, send_resolved, unsupported_at| FileIntegration {
            id: receiver_id(&receiver.name, kind, index),
            kind,
            index,
            place: place.to_owned(),
            send_resolved,
            unsupported_at,
        };
        let slack = receiver.slack.iter().enumerate();
        let slack = slack.map(|(at, slack)| one(SLACK, at, &slack.channel, slack.send_resolved, None));
        let webhooks = receiver.webhooks.iter().enumerate();
        let webhooks = webhooks.map(|(at, webhook)| one(WEBHOOK, at, "", webhook.send_resolved, None));
        let unsupported = receiver.unsupported.iter().enumerate();
        let unsupported =
            unsupported.map(|(at, other)| one(other.integration, at, "", false, Some(other.line)));
        Self {
            name: receiver.name.as_str().into(),
            labels: labels.with("name", &receiver.name),
            integrations: slack.chain(webhooks).chain(unsupported).collect(),
        }
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Handle {
    /// The file of routes in force, if there is one.
    pub fn route_file(&self) -> Option<Arc<RouteFile>> {
        self.shared.route_file.read().clone()
    }

    /// Puts another file of routes into force. `actor` is who asked for it.
    ///
    /// # Errors
    /// [`Refused`] in words; then the former one stays.
    pub async fn put_route_file(&self, file: RouteFile, actor: &str) -> Result<(), Refused> {
        let change = |reply| Change::PutRouteFile { file: Box::new(file), reply };
        self.ask(actor, change, || Refused::Stopping).await
    }
}
