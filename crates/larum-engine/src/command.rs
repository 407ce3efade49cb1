//! What the writer is asked to do. Each command is answered when what it did is on disk.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Observation, PolicyId};
use larum_core::config::Grouping;
use larum_core::outbox::{Delivery, DeliveryId, Outcome};
use larum_core::policy::{self, BuiltinEdit, PolicyDraft, RulePlace};
use larum_core::receiver::ReceiverId;
use larum_core::silence::{SilenceDraft, SilenceId};
use larum_core::time::Steady;
use larum_store::{AlertingRow, PolicyRow, ReceiverRow, SlackFacts};
use tokio::sync::oneshot;

use crate::desk::{ReceiverDraft, SettingsError};
use crate::route_file::RouteFile;
use crate::shared::Unwritable;
use crate::silence::SilenceError;

/// Why what was posted was not accepted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The state has no room.
    #[error("{0}")]
    Limit(#[from] larum_core::state::Refused),
    /// It could not be written down, so it was not accepted.
    #[error("{0}")]
    Storage(#[from] Unwritable),
    /// Larum is stopping.
    #[error("Larum is stopping")]
    Stopping,
}

impl Refused {
    /// The words under which refusals are counted.
    pub(crate) const REASONS: [&str; 3] = ["limit", "storage", "stopping"];

    /// The word under which it is counted.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Limit(_) => "limit",
            Self::Storage(_) => "storage",
            Self::Stopping => "stopping",
        }
    }
}

/// Where the answer goes.
pub(crate) type Reply<T, E> = oneshot::Sender<Result<T, E>>;

/// One command.
#[derive(Debug)]
pub(crate) enum Command {
    /// Alerts were observed.
    Observe { observations: Vec<Observation>, reply: Reply<(), Refused> },
    /// A policy was evaluated. Whoever asks is told when it was taken in.
    Evaluated {
        policy: PolicyId,
        version: u64,
        outcome: policy::Outcome,
        took: Duration,
        reply: Option<oneshot::Sender<()>>,
    },
    /// A message was sent, and this became of it.
    Sent { delivery: DeliveryId, outcome: Outcome },
    /// Somebody changes the settings.
    Change { change: Change, actor: String },
    /// Somebody wants a message sent at once.
    Retry { delivery: DeliveryId, revived: Option<Box<Delivery>>, reply: Reply<(), SettingsError> },
    /// Nothing more will be accepted; what is on its way is waited for until the deadline.
    Stop { reply: oneshot::Sender<()>, deadline: Steady },
}

/// One change of the settings; `version` is the one that was read, `None` makes a new one.
#[derive(Debug)]
pub(crate) enum Change {
    SaveReceiver {
        id: Option<(ReceiverId, u64)>,
        draft: Box<ReceiverDraft>,
        reply: Reply<ReceiverRow, SettingsError>,
    },
    /// Slack has said something of the token of a receiver at this version.
    Introduce {
        id: ReceiverId,
        version: u64,
        facts: Box<SlackFacts>,
    },
    DeleteReceiver {
        id: ReceiverId,
        version: u64,
        reply: Reply<(), SettingsError>,
    },
    SaveGrouping {
        grouping: Grouping,
        version: u64,
        reply: Reply<u64, SettingsError>,
    },
    SavePolicy {
        id: Option<(PolicyId, u64)>,
        draft: Box<PolicyDraft>,
        reply: Reply<PolicyRow, SettingsError>,
    },
    DeletePolicy {
        id: PolicyId,
        version: u64,
        reply: Reply<(), SettingsError>,
    },
    /// A built-in policy is changed as far as that goes, or set back.
    EditBuiltin {
        id: PolicyId,
        version: u64,
        edit: BuiltinEdit,
        reply: Reply<PolicyRow, SettingsError>,
    },
    /// Policies that come with this version of Larum.
    SeedPolicies {
        policies: Vec<(smol_str::SmolStr, PolicyDraft)>,
        reply: Reply<(), SettingsError>,
    },
    /// The alerting rules of all rule files.
    SeedRules {
        rules: Vec<(RulePlace, PolicyDraft)>,
        /// The files of which not everything can be read.
        unsure: BTreeSet<Arc<str>>,
        reply: Reply<(), SettingsError>,
    },
    /// A silence is added, or the one known by `edited` is edited.
    PutSilence {
        edited: Option<SilenceId>,
        draft: Box<SilenceDraft>,
        reply: Reply<SilenceId, SilenceError>,
    },
    /// A silence ends now.
    ExpireSilence {
        id: SilenceId,
        reply: Reply<(), SilenceError>,
    },
    /// Another file of routes is put into force.
    PutRouteFile {
        file: Box<RouteFile>,
        reply: Reply<(), Refused>,
    },
    /// Alerting as a whole is switched on or off.
    SaveAlerting {
        enabled: bool,
        version: u64,
        reply: Reply<AlertingRow, SettingsError>,
    },
}
