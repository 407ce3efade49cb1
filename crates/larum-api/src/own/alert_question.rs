//! Which alerts are asked for.

use std::cmp::Reverse;
use std::sync::Arc;

use larum_core::alert::{Alert as CoreAlert, PolicyId};
use larum_core::config::Config;
use larum_core::inhibit::Inhibitions;
use larum_core::label::{LabelSet, SEVERITY};
use larum_core::matcher::Matcher;
use larum_core::policy::{Policy, SeriesState};
use larum_core::silence::{Silence, SilenceId, SilenceState};
use larum_core::state::State as EngineState;
use larum_core::time::Timestamp;
use regex::Regex;

use super::question::{search, words};
use crate::alertmanager::places;
use crate::doors::Doors;
use crate::draft::silence::read_text as read_matchers;
use crate::problem::Problem;
use crate::view::alert::pending_id;
use crate::view::silence::silenced_by;
use crate::wire::alert::AlertQuestion;
use crate::wire::silence::SilencedBy;

/// How many alerts a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (200, 1000);
const STATES: [&str; 3] = ["firing", "pending", RESOLVED];
/// The state of what is over.
pub const RESOLVED: &str = "resolved";

/// An alert as it is found, before it is shown.
#[derive(Clone)]
pub enum Found {
    /// It fires, or did.
    Known(Arc<CoreAlert>),
    /// It does not fire yet.
    Pending(Arc<Policy>, Box<SeriesState>),
}

impl Found {
    /// Its labels.
    pub fn labels(&self) -> &LabelSet {
        match self {
            Self::Known(alert) => &alert.labels,
            Self::Pending(_, series) => &series.labels,
        }
    }

    fn annotations(&self) -> &LabelSet {
        match self {
            Self::Known(alert) => &alert.annotations,
            Self::Pending(_, series) => &series.annotations,
        }
    }

    fn policy(&self) -> Option<PolicyId> {
        match self {
            Self::Known(alert) => alert.policy(),
            Self::Pending(policy, _) => Some(policy.id),
        }
    }

    /// Firing before pending before resolved, and the newest of each first.
    pub fn rank(&self) -> (u8, Reverse<Timestamp>) {
        match self {
            Self::Known(alert) => match alert.ended_at() {
                None => (0, Reverse(alert.starts_at)),
                Some(at) => (2, Reverse(at)),
            },
            Self::Pending(_, series) => (1, Reverse(series.since)),
        }
    }

    fn state(&self) -> &'static str {
        STATES[usize::from(self.rank().0)]
    }

    /// Whether it is pending and known by this.
    pub fn is_pending_as(&self, id: &str) -> bool {
        matches!(self, Self::Pending(policy, series) if pending_id(policy.id, series) == id)
    }

    /// By which silences it is silenced; what is over is silenced by none.
    pub fn silenced_by(&self, state: &EngineState, now: Timestamp) -> Vec<SilencedBy> {
        let is_over = matches!(self, Self::Known(alert) if !alert.is_firing());
        if is_over { Vec::new() } else { silenced_by(state.silences(), self.labels(), now) }
    }

    /// Whether it fires and would be told if nothing hid it.
    fn is_to_be_told(&self) -> bool {
        matches!(self, Self::Known(alert) if alert.is_firing() && !alert.is_heartbeat())
    }
}

/// Which alerts are asked for.
pub struct Wanted {
    states: Vec<String>,
    severities: Vec<String>,
    text: Option<Regex>,
    /// Each must match.
    matchers: Vec<Matcher>,
    /// The name of one whom they are told to, by a route or by its own conditions.
    receiver: Option<String>,
    policy: Option<PolicyId>,
    /// The name of the rule that keeps them from being told.
    inhibited_by: Option<String>,
    /// The silence that does.
    silenced_by: Option<SilenceId>,
    /// How many to leave out first.
    pub offset: usize,
    /// How many to answer with.
    pub limit: usize,
}

impl Wanted {
    /// Reads a question.
    ///
    /// # Errors
    /// [`Problem`] at what is wrong with it.
    pub fn read(asked: AlertQuestion) -> Result<Self, Problem> {
        let mut states = words(asked.state.as_deref());
        if let Some(unknown) = states.iter().find(|state| !STATES.contains(&state.as_str())) {
            let words = format!("{unknown:?} is no state of an alert; there are {}.", STATES.join(", "));
            return Err(Problem::invalid("state", words));
        }
        if states.is_empty() {
            states = STATES[..2].iter().map(ToString::to_string).collect();
        }
        let (text, matchers) = read_text(asked.q.as_deref())?;
        let severities = words(asked.severity.as_deref());
        let silenced_by = asked.silenced_by.as_deref().map(str::parse).transpose();
        let silenced_by = silenced_by
            .map_err(|_| Problem::invalid("silenced_by", "Give the id of a silence, which is a UUID."))?;
        Ok(Self {
            states,
            severities,
            text,
            matchers,
            receiver: asked.receiver.filter(|name| !name.is_empty()),
            policy: asked.policy.map(PolicyId),
            inhibited_by: asked.inhibited_by,
            silenced_by,
            offset: asked.offset.unwrap_or(0),
            limit: asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1),
        })
    }

    /// Whether alerts in this state are asked for.
    pub fn has_state(&self, wanted: &str) -> bool {
        self.states.iter().any(|state| state == wanted)
    }

    /// What says of each alert whether it is asked for, as things stand now.
    pub fn chooser(self, doors: &Doors) -> impl Fn(&Found) -> bool + use<> {
        let hides = Hides::of(doors, &self);
        let config = doors.engine().read(|state| state.config.clone());
        move |alert| {
            self.wants(alert)
                && self.receiver.as_ref().is_none_or(|name| is_told(&config, name, alert))
                && hides.as_ref().is_some_and(|hides| hides.all(alert))
        }
    }

    fn wants(&self, alert: &Found) -> bool {
        let severity = alert.labels().value(SEVERITY);
        self.has_state(alert.state())
            && (self.severities.is_empty() || self.severities.iter().any(|wanted| wanted == severity))
            && self.policy.is_none_or(|policy| alert.policy() == Some(policy))
            && self.matchers.iter().all(|matcher| matcher.matches(alert.labels()))
            && self.text.as_ref().is_none_or(|text| is_in(text, alert))
    }
}

/// What has to hide an alert that is asked for.
struct Hides {
    rule: Option<(String, Inhibitions)>,
    silence: Option<Arc<Silence>>,
}

impl Hides {
    /// Nothing if the silence that is asked for hides no alert now.
    fn of(doors: &Doors, wanted: &Wanted) -> Option<Self> {
        let now = doors.now().wall;
        doors.engine().read(|state| {
            let rule = wanted.inhibited_by.clone().map(|rule| (rule, state.inhibitions().clone()));
            let active = |silence: &&Arc<Silence>| silence.state(now) == SilenceState::Active;
            let silence = match wanted.silenced_by {
                Some(id) => Some(Arc::clone(state.silences().get(id).filter(active)?)),
                None => None,
            };
            Some(Self { rule, silence })
        })
    }

    /// Whether all of it hides this alert.
    fn all(&self, alert: &Found) -> bool {
        let inhibits = |(rule, rules): &(String, Inhibitions)| {
            let inhibitor = rules.inhibitor(alert.labels());
            alert.is_to_be_told() && inhibitor.is_some_and(|inhibitor| *inhibitor.rule.name == **rule)
        };
        let silences = |silence: &Arc<Silence>| alert.is_to_be_told() && silence.matches(alert.labels());
        self.rule.as_ref().is_none_or(inhibits) && self.silence.as_ref().is_none_or(silences)
    }
}

fn is_in(text: &Regex, alert: &Found) -> bool {
    let mut texts = alert.labels().iter().chain(alert.annotations().iter());
    texts.any(|(_, value)| text.is_match(value))
}

/// A text in braces is matchers; any other is looked for.
fn read_text(text: Option<&str>) -> Result<(Option<Regex>, Vec<Matcher>), Problem> {
    let text = text.map(str::trim);
    match text.filter(|text| text.starts_with('{')) {
        Some("{}") => Ok((None, Vec::new())),
        Some(matchers) => Ok((None, read_matchers("q", matchers)?.value)),
        None => Ok((search(text)?, Vec::new())),
    }
}

fn is_told(config: &Config, receiver: &str, alert: &Found) -> bool {
    places(config, alert.labels()).iter().any(|place| &*place.receiver == receiver)
}
