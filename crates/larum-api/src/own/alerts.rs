//! Alerts.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::alert::{Alert as CoreAlert, AlertId, PolicyId};
use larum_core::inhibit::Inhibitions;
use larum_core::label::{LabelSet, SEVERITY};
use larum_core::policy::{Policy, SeriesState};
use larum_core::severity::Severity;
use larum_core::silence::{Silence, SilenceId, SilenceState};
use larum_core::state::State as EngineState;
use larum_core::time::Timestamp;
use larum_core::verdict::{Hushed, Verdict};
use larum_store::StoreError;
use regex::Regex;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::question::{search, words};
use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::alert::{PENDING, pending_id, show_alert, show_pending};
use crate::view::inhibited::show_inhibitor;
use crate::view::silence::silenced_by;
use crate::view::told::{ToldView, add_verdicts};
use crate::wire::alert::{Alert, AlertCounts, AlertQuestion, AlertStateCounts, Alerts};
use crate::wire::silence::SilencedBy;

/// How many alerts a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (200, 1000);
/// How far back alerts are shown that are over.
const RESOLVED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// The most of them that are read at a time.
const MAX_RESOLVED: u32 = 2000;
const STATES: [&str; 3] = ["firing", "pending", RESOLVED];
const RESOLVED: &str = "resolved";
/// The most severities that are counted by name.
const MAX_SEVERITIES: usize = 20;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_alerts)).routes(routes!(show_alert_by_id))
}

/// An alert as it is found, before it is shown.
#[derive(Clone)]
enum Found {
    Known(Arc<CoreAlert>),
    Pending(Arc<Policy>, Box<SeriesState>),
}

impl Found {
    fn labels(&self) -> &LabelSet {
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
    fn rank(&self) -> (u8, Reverse<Timestamp>) {
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
    fn is_pending_as(&self, id: &str) -> bool {
        matches!(self, Self::Pending(policy, series) if pending_id(policy.id, series) == id)
    }

    /// By which silences it is silenced; what is over is silenced by none.
    fn silenced_by(&self, state: &EngineState, now: Timestamp) -> Vec<SilencedBy> {
        let is_over = matches!(self, Self::Known(alert) if !alert.is_firing());
        if is_over { Vec::new() } else { silenced_by(state.silences(), self.labels(), now) }
    }

    /// Whether it fires and would be told if nothing hid it.
    fn is_to_be_told(&self) -> bool {
        matches!(self, Self::Known(alert) if alert.is_firing() && !alert.is_heartbeat())
    }
}

/// Current alerts: firing before pending before resolved, newest first.
#[utoipa::path(
    get, path = "/alerts", tag = "alerts",
    params(AlertQuestion),
    responses((status = 200, body = Alerts), Problem)
)]
pub async fn list_alerts(
    State(doors): State<Doors>,
    Asked(asked): Asked<AlertQuestion>,
) -> Result<Json<Alerts>, Problem> {
    let wanted = Wanted::read(asked)?;
    let mut found = current(&doors);
    let mut counts = count(&found);
    if wanted.states.iter().any(|state| state == RESOLVED) {
        let ended = ended(&doors).await?;
        counts.state.resolved = ended.len();
        found.extend(ended);
    } else {
        let since = doors.now().wall.minus(RESOLVED_FOR);
        let counted = doors.store().count_ended_alerts(since, MAX_RESOLVED).await;
        counts.state.resolved = counted.map_err(|error| Problem::internal(&error))?;
    }
    let hides = Hides::of(&doors, &wanted);
    // Looking into each of a million alerts takes its time.
    let chosen = tokio::task::spawn_blocking(move || {
        found.retain(|alert| wanted.wants(alert) && hides.as_ref().is_some_and(|hides| hides.all(alert)));
        found.sort_by_cached_key(Found::rank);
        let page = found.iter().skip(wanted.offset).take(wanted.limit).cloned();
        (page.collect::<Vec<Found>>(), found.len())
    });
    let (page, total) = chosen.await.map_err(|error| Problem::internal(&error))?;
    Ok(Json(Alerts { alerts: show(&doors, &page), total, counts }))
}

async fn ended(doors: &Doors) -> Result<Vec<Found>, Problem> {
    let now = doors.now();
    let ended = doors.store().ended_alerts(now.wall.minus(RESOLVED_FOR), MAX_RESOLVED, now).await;
    let ended = ended.map_err(|error| Problem::internal(&error))?;
    Ok(ended.into_iter().map(|alert| Found::Known(Arc::new(alert))).collect())
}

fn current(doors: &Doors) -> Vec<Found> {
    doors.engine().read(|state| {
        let firing = state.firing().map(|alert| Found::Known(Arc::clone(alert)));
        let pending = state.policies().flat_map(|(policy, state)| {
            let series = state.series().filter(|series| series.fired_at.is_none());
            series.map(|series| Found::Pending(Arc::clone(policy), Box::new(series.clone())))
        });
        firing.chain(pending).collect()
    })
}

/// Counts alerts that fire or are pending. Of the severities that Larum does not know, senders can invent any number:
/// the most frequent ones are named.
fn count(current: &[Found]) -> AlertCounts {
    let (mut state, mut severity) = (AlertStateCounts::default(), HashMap::<&str, usize>::new());
    for alert in current {
        match alert {
            Found::Known(_) => state.firing += 1,
            Found::Pending(..) => state.pending += 1,
        }
        *severity.entry(alert.labels().value(SEVERITY)).or_default() += 1;
    }
    let mut severity: Vec<(&str, usize)> = severity.into_iter().collect();
    let known = |word: &str| Severity::from_word(word) != Severity::Other;
    severity.sort_unstable_by_key(|(word, count)| (!known(word), Reverse(*count), *word));
    severity.truncate(MAX_SEVERITIES);
    let severity = severity.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    AlertCounts { state, severity }
}

fn show(doors: &Doors, page: &[Found]) -> Vec<Alert> {
    let now = doors.now();
    let desk = doors.engine().desk();
    let known: Vec<_> = doors.engine().read(|state| {
        let told = ToldView::of(state, now);
        let known = |alert: &Found| match alert {
            Found::Known(alert) => (told.receivers(alert), state.inhibitor(alert.id).map(show_inhibitor)),
            Found::Pending(..) => (Vec::new(), None),
        };
        page.iter().map(|alert| (known(alert), alert.silenced_by(state, now.wall))).collect()
    });
    let shown = page.iter().zip(known).map(|(alert, ((receivers, inhibited), silenced))| match alert {
        Found::Known(alert) => Alert { inhibited, silenced, ..show_alert(alert, &desk, receivers) },
        Found::Pending(policy, series) => Alert { silenced, ..show_pending(policy, series, now.wall) },
    });
    shown.collect()
}

/// Which alerts are asked for.
struct Wanted {
    states: Vec<String>,
    severities: Vec<String>,
    text: Option<Regex>,
    policy: Option<PolicyId>,
    /// The name of the rule that keeps them from being told.
    inhibited_by: Option<String>,
    /// The silence that does.
    silenced_by: Option<SilenceId>,
    offset: usize,
    limit: usize,
}

impl Wanted {
    fn read(asked: AlertQuestion) -> Result<Self, Problem> {
        let mut states = words(asked.state.as_deref());
        if let Some(unknown) = states.iter().find(|state| !STATES.contains(&state.as_str())) {
            let words = format!("{unknown:?} is no state of an alert; there are {}.", STATES.join(", "));
            return Err(Problem::invalid("state", words));
        }
        if states.is_empty() {
            states = STATES[..2].iter().map(ToString::to_string).collect();
        }
        let text = search(asked.q.as_deref())?;
        let severities = words(asked.severity.as_deref());
        let silenced_by = asked.silenced_by.as_deref().map(str::parse).transpose();
        let silenced_by = silenced_by
            .map_err(|_| Problem::invalid("silenced_by", "Give the id of a silence, which is a UUID."))?;
        Ok(Self {
            states,
            severities,
            text,
            policy: asked.policy.map(PolicyId),
            inhibited_by: asked.inhibited_by,
            silenced_by,
            offset: asked.offset.unwrap_or(0),
            limit: asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1),
        })
    }

    fn wants(&self, alert: &Found) -> bool {
        let severity = alert.labels().value(SEVERITY);
        self.states.iter().any(|state| state == alert.state())
            && (self.severities.is_empty() || self.severities.iter().any(|wanted| wanted == severity))
            && self.policy.is_none_or(|policy| alert.policy() == Some(policy))
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

/// One alert.
#[utoipa::path(
    get, path = "/alerts/{id}", tag = "alerts", operation_id = "show_alert",
    params(("id" = String, Path)),
    responses((status = 200, body = Alert), Problem)
)]
pub async fn show_alert_by_id(
    State(doors): State<Doors>,
    Named(id): Named<String>,
) -> Result<Json<Alert>, Problem> {
    if id.starts_with(PENDING) {
        let found = current(&doors).into_iter().find(|alert| alert.is_pending_as(&id));
        let found = found.ok_or_else(|| Problem::not_found("This alert is not pending any more."))?;
        return Ok(Json(show(&doors, &[found]).remove(0)));
    }
    let id = AlertId(id.parse().map_err(|_| Problem::not_found("There is no such alert."))?);
    let internal = |error: StoreError| Problem::internal(&error);
    let held = doors.engine().read(|state| state.alert(id).cloned());
    let alert = match held {
        Some(alert) => alert,
        None => {
            let stored = doors.store().alert(id, doors.now()).await.map_err(internal)?;
            Arc::new(
                stored.ok_or_else(|| Problem::not_found("There is no such alert, or it ended long ago."))?,
            )
        }
    };
    let verdicts = doors.store().verdicts(id).await.map_err(internal)?;
    let inhibitors = inhibitors(&doors, &verdicts).await.map_err(internal)?;
    let mut shown = show(&doors, &[Found::Known(alert)]).remove(0);
    doors.engine().read(|state| add_verdicts(&mut shown.receivers, &verdicts, &inhibitors, state));
    Ok(Json(shown))
}

/// The alerts that inhibited another, as far as they are still known.
async fn inhibitors(doors: &Doors, verdicts: &[Verdict]) -> Result<Vec<Arc<CoreAlert>>, StoreError> {
    let mut known = Vec::new();
    for verdict in verdicts {
        let Hushed::Inhibited(inhibited) = &verdict.reason else { continue };
        match doors.engine().read(|state| state.alert(inhibited.by).cloned()) {
            Some(alert) => known.push(alert),
            None => known.extend(doors.store().alert(inhibited.by, doors.now()).await?.map(Arc::new)),
        }
    }
    Ok(known)
}
