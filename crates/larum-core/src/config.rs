//! The settings that the mind works with. They cannot exist if they are wrong.

use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::alert::is_heartbeat;
use crate::inhibit::InhibitRule;
use crate::label::LabelSet;
use crate::mute::OffTime;
use crate::receiver::{Receiver, ReceiverId};
use crate::route::{GroupBy, Route, RouteId, Way};
use crate::routing::{Destination, Routing};
use crate::silence::SilenceLimits;
use crate::time::{Steady, Timestamp};

/// How alerts are gathered into messages, and how often one speaks (Alertmanager, configuration, `<route>`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grouping {
    group_by: GroupBy,
    group_wait: Duration,
    group_interval: Duration,
    repeat_interval: Duration,
}

/// Why a grouping is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GroupingError {
    /// A label's name is empty.
    #[error("A label to group by has no name: remove it.")]
    NoName,
    /// There are more than [`MAX_GROUP_BY`] labels.
    #[error("At most {MAX_GROUP_BY} labels can be grouped by; these are {0}.")]
    TooManyLabels(usize),
    /// `...` stands beside other labels.
    #[error("\"...\" groups by every label: remove the others, or remove it.")]
    AllAndMore,
    /// An interval is zero or too long.
    #[error("The {name} must be at least {least} and at most {most}.")]
    OutOfRange {
        /// Which setting.
        name: &'static str,
        /// Its least value, as people write it.
        least: &'static str,
        /// Its greatest value, as people write it.
        most: &'static str,
    },
}

/// The most labels that alerts can be grouped by.
pub const MAX_GROUP_BY: usize = 32;

impl Default for Grouping {
    fn default() -> Self {
        Self {
            group_by: GroupBy::Labels(["alertname".into(), "namespace".into()].into()),
            group_wait: Duration::from_secs(30),
            group_interval: Duration::from_secs(5 * 60),
            repeat_interval: Duration::from_secs(12 * 60 * 60),
        }
    }
}

impl Grouping {
    /// Makes a grouping. `group_by` may be `["..."]` for every label, or empty for one group of all alerts.
    ///
    /// # Errors
    /// [`GroupingError`] in words.
    pub fn new<L: AsRef<str>>(
        group_by: &[L],
        group_wait: Duration,
        group_interval: Duration,
        repeat_interval: Duration,
    ) -> Result<Self, GroupingError> {
        let range = |name, value: Duration, least: (u64, &'static str), most: (u64, &'static str)| {
            let inside = (Duration::from_secs(least.0)..=Duration::from_secs(most.0)).contains(&value);
            if inside {
                Ok(value)
            } else {
                Err(GroupingError::OutOfRange { name, least: least.1, most: most.1 })
            }
        };
        const DAY: u64 = 24 * 60 * 60;
        Ok(Self {
            group_by: read_group_by(group_by)?,
            group_wait: range("group wait", group_wait, (0, "0s"), (DAY, "1d"))?,
            group_interval: range("group interval", group_interval, (1, "1s"), (DAY, "1d"))?,
            repeat_interval: range("repeat interval", repeat_interval, (60, "1m"), (30 * DAY, "30d"))?,
        })
    }

    /// The labels that a group's alerts share, taken from one alert's.
    pub fn key(&self, labels: &LabelSet) -> LabelSet {
        self.group_by.labels(labels)
    }

    /// The names to group by, as they are written: `["..."]` for all.
    pub fn group_by(&self) -> Vec<SmolStr> {
        match &self.group_by {
            GroupBy::All => vec!["...".into()],
            GroupBy::Labels(names) => names.to_vec(),
        }
    }

    /// How long a new group gathers before its first turn.
    pub fn group_wait(&self) -> Duration {
        self.group_wait
    }

    /// How long lies between two turns of a group.
    pub fn group_interval(&self) -> Duration {
        self.group_interval
    }

    /// After how long an unchanged group that still fires speaks again.
    pub fn repeat_interval(&self) -> Duration {
        self.repeat_interval
    }
}

fn read_group_by<L: AsRef<str>>(names: &[L]) -> Result<GroupBy, GroupingError> {
    let mut kept: Vec<SmolStr> = Vec::with_capacity(names.len());
    for name in names {
        let name = SmolStr::new(name.as_ref().trim());
        if name.is_empty() {
            return Err(GroupingError::NoName);
        }
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    match kept.as_slice() {
        [all] if all == "..." => Ok(GroupBy::All),
        names if names.iter().any(|name| name == "...") => Err(GroupingError::AllAndMore),
        names if names.len() > MAX_GROUP_BY => Err(GroupingError::TooManyLabels(names.len())),
        _ => Ok(GroupBy::Labels(kept.into())),
    }
}

/// How fast messages may follow one another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// The least time between two messages to one channel of a workspace; `None` until the API asks for one.
    pub per_channel: Option<Duration>,
    /// The most messages to one workspace in a minute; `None` is no limit.
    pub per_workspace_minute: Option<u32>,
}

impl Pace {
    /// What Slack's own API stands (Slack, "Rate limits", posting messages): one a second and channel, and several
    /// hundred a minute and workspace.
    pub const SLACK: Self =
        Self { per_channel: Some(Duration::from_secs(1)), per_workspace_minute: Some(300) };
    /// As fast as the other side answers.
    pub const NONE: Self = Self { per_channel: None, per_workspace_minute: None };
}

/// The most of each thing that the state holds. At a limit the caller is told; nothing is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Alerts held in memory: those that fire and those still owed.
    pub alerts: usize,
    /// Their text, in bytes: labels, annotations, links.
    pub text: usize,
    /// Groups.
    pub groups: usize,
    /// Alerts of one name that fire; 0 is no limit (Alertmanager, `--alerts.per-alertname-limit`).
    pub per_alertname: usize,
    /// Silences.
    pub silences: SilenceLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            alerts: 1_000_000,
            text: 1 << 30,
            groups: 500_000,
            per_alertname: 0,
            silences: SilenceLimits::default(),
        }
    }
}

/// What the times of groups are counted from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Timers {
    /// From when an alert is received; a change of settings restarts none.
    #[default]
    Lasting,
    /// From when an alert began, so that a group with one that began long ago speaks at once; and another routing
    /// restarts them all (Alertmanager, dispatch, `aggrGroup.insert`, `Dispatcher.Run`).
    AsAlertmanager,
}

/// Everything the mind is configured with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who can be told because of their own conditions, in order of their numbers.
    pub receivers: Vec<Arc<Receiver>>,
    /// How those receivers' alerts are gathered.
    pub grouping: Grouping,
    /// The routes of a configuration file, and whom they tell.
    pub routing: Option<Arc<Routing>>,
    /// What the times of groups are counted from.
    pub timers: Timers,
    /// Before this no group has a first turn (Alertmanager, `--dispatch.start-delay`).
    pub speaks_from: Steady,
    /// How fast messages follow one another.
    pub pace: Pace,
    /// The most of each thing.
    pub limits: Limits,
    /// What is not told while something else fires, the first that says so first.
    pub inhibitions: Arc<[InhibitRule]>,
}

impl Default for Config {
    /// Nobody is told of anything.
    fn default() -> Self {
        Self {
            receivers: Vec::new(),
            grouping: Grouping::default(),
            routing: None,
            timers: Timers::default(),
            speaks_from: Steady::default(),
            pace: Pace::SLACK,
            limits: Limits::default(),
            inhibitions: Arc::default(),
        }
    }
}

impl Config {
    /// The receiver with this number, if it exists.
    pub fn receiver(&self, id: ReceiverId) -> Option<&Arc<Receiver>> {
        let routed = self.routing.as_ref().and_then(|routing| routing.integration(id));
        routed.or_else(|| self.receivers.iter().find(|receiver| receiver.id == id))
    }

    /// The name of the receiver with this number, also of one of the file that nobody is told by.
    pub fn name_of(&self, id: ReceiverId) -> Option<&Arc<str>> {
        let own = self.receivers.iter().find(|receiver| receiver.id == id).map(|receiver| &receiver.name);
        own.or_else(|| self.routing.as_ref()?.name_of(id))
    }

    /// Everybody who can be told: those with conditions of their own first.
    pub fn all_receivers(&self) -> impl Iterator<Item = &Arc<Receiver>> {
        self.receivers.iter().chain(self.routing.iter().flat_map(|routing| routing.integrations()))
    }

    /// The groups that an alert with these labels belongs to, each once.
    pub fn destinations(&self, labels: &LabelSet) -> Vec<Destination> {
        let mut found = self.routed_destinations(labels);
        let on = self.receivers.iter().filter(|receiver| receiver.enabled);
        found.extend(on.filter_map(|receiver| self.own_destination(receiver, labels)));
        found
    }

    /// Those of them that routes lead to.
    pub fn routed_destinations(&self, labels: &LabelSet) -> Vec<Destination> {
        self.routing.as_ref().map(|routing| routing.destinations(labels)).unwrap_or_default()
    }

    /// The group that an alert with these labels belongs to because of a receiver's own conditions, if they want it.
    /// A heartbeat they never do: who wants to hear of those has a route for them.
    pub fn own_destination(&self, receiver: &Receiver, labels: &LabelSet) -> Option<Destination> {
        let wanted = !is_heartbeat(labels) && receiver.conditions.hold(labels);
        let labels = || self.grouping.key(labels);
        wanted.then(|| Destination { receiver: receiver.id, way: Way::Conditions, labels: labels() })
    }

    /// The most groups that one alert can belong to.
    pub(crate) fn most_destinations(&self) -> usize {
        let routed = self.routing.as_ref().map_or(0, |routing| routing.most_destinations());
        self.receivers.len().saturating_add(routed)
    }

    /// Whether alerts can come to this receiver by this way.
    pub fn leads(&self, way: &Way, receiver: ReceiverId) -> bool {
        match way {
            Way::Conditions => true,
            Way::Route(_) => self.route(way, receiver).is_some(),
        }
    }

    /// How long a new group of this receiver gathers that alerts come to by this way.
    pub fn group_wait(&self, way: &Way, receiver: ReceiverId) -> Duration {
        self.timing(way, receiver).map_or(self.grouping.group_wait, |route| route.group_wait)
    }

    /// How long lies between two turns of such a group.
    pub fn group_interval(&self, way: &Way, receiver: ReceiverId) -> Duration {
        self.timing(way, receiver).map_or(self.grouping.group_interval, |route| route.group_interval)
    }

    /// After how long such a group speaks again.
    pub fn repeat_interval(&self, way: &Way, receiver: ReceiverId) -> Duration {
        self.timing(way, receiver).map_or(self.grouping.repeat_interval, |route| route.repeat_interval)
    }

    /// Why such a group says nothing at all at this time, if that is so.
    pub fn off_time(&self, way: &Way, receiver: ReceiverId, at: Timestamp) -> Option<OffTime> {
        let routing = self.routing.as_ref()?;
        let off = routing.routes_of(way, receiver).iter().map(|route| routing.off_time(*route, at));
        // Each of them tells at its own hours: it takes all of them to say nothing.
        let off: Option<Vec<OffTime>> = off.collect();
        off?.into_iter().next()
    }

    /// From when on such a group may speak again that says nothing at this time, as far as that can be looked ahead.
    pub fn off_time_ends(&self, way: &Way, receiver: ReceiverId, at: Timestamp) -> Option<Timestamp> {
        self.off_time(way, receiver, at)?;
        let routing = self.routing.as_ref()?;
        let routes = routing.routes_of(way, receiver).iter();
        routes.filter_map(|route| routing.next_off_time_change(*route, at)).min()
    }

    /// The longest that any group waits before its first turn or between two.
    pub fn longest_interval(&self) -> Duration {
        let own = self.grouping.group_wait.max(self.grouping.group_interval);
        let routes = self.routing.iter().flat_map(|routing| routing.tree().routes());
        routes.map(|(_, route)| route.group_wait.max(route.group_interval)).fold(own, Duration::max)
    }

    fn route(&self, way: &Way, receiver: ReceiverId) -> Option<RouteId> {
        self.routing.as_ref()?.route(way, receiver)
    }

    /// The route whose steps are those of such a group: where nothing leads by this way any more, the root.
    fn timing(&self, way: &Way, receiver: ReceiverId) -> Option<&Route> {
        let routing = match way {
            Way::Conditions => None,
            Way::Route(_) => self.routing.as_ref(),
        }?;
        routing.tree().route(routing.route(way, receiver).unwrap_or(RouteId(0)))
    }
}
