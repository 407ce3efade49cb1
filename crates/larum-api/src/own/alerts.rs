//! Alerts.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::alert::{Alert as CoreAlert, AlertId, PolicyId};
use larum_core::label::SEVERITY;
use larum_core::severity::Severity;
use larum_core::verdict::{Hushed, Verdict};
use larum_store::StoreError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::alert_question::{Found, RESOLVED, Wanted};
use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::alert::{PENDING, show_alert, show_pending};
use crate::view::inhibited::show_inhibitor;
use crate::view::told::{ToldView, add_verdicts};
use crate::wire::alert::{Alert, AlertCounts, AlertQuestion, AlertStateCounts, Alerts};

/// How far back alerts are shown that are over.
const RESOLVED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// The most of them that are read at a time.
const MAX_RESOLVED: u32 = 2000;
/// The most severities that are counted by name.
const MAX_SEVERITIES: usize = 20;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_alerts)).routes(routes!(show_alert_by_id))
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
    let looking = doors.clone();
    // Taking a million alerts out takes its time, and so does looking into each of them.
    let looked = tokio::task::spawn_blocking(move || {
        let found = current(&looking);
        let counts = count(&found);
        (found, counts)
    });
    let (mut found, mut counts) = looked.await.map_err(|error| Problem::internal(&error))?;
    let (offset, limit) = (wanted.offset, wanted.limit);
    if wanted.has_state(RESOLVED) {
        let ended = ended(&doors).await?;
        counts.state.resolved = ended.len();
        found.extend(ended);
    } else {
        let since = doors.now().wall.minus(RESOLVED_FOR);
        let counted = doors.store().count_ended_alerts(since, MAX_RESOLVED).await;
        counts.state.resolved = counted.map_err(|error| Problem::internal(&error))?;
    }
    let chooses = wanted.chooser(&doors);
    let chosen = tokio::task::spawn_blocking(move || {
        found.retain(chooses);
        found.sort_by_cached_key(Found::rank);
        let page = found.iter().skip(offset).take(limit).cloned();
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

/// What is pending or fires, each as it is when it is reached: one that begins to fire meanwhile is rather there twice than
/// not at all. It takes as long as there are alerts.
pub(super) fn current(doors: &Doors) -> Vec<Found> {
    let engine = doors.engine();
    let mut found: Vec<Found> = pending(doors).collect();
    let all = engine.read(|state| state.candidates(&[]));
    found.extend(engine.firing(&all).map(Found::Known));
    found
}

/// What is pending, policy by policy.
fn pending(doors: &Doors) -> impl Iterator<Item = Found> {
    let engine = doors.engine();
    let policies: Vec<PolicyId> =
        engine.read(|state| state.policies().map(|(policy, _)| policy.id).collect());
    policies.into_iter().flat_map(move |id| {
        engine.read(|state| {
            let Some((policy, known)) = state.policy(id) else { return Vec::new() };
            let series = known.series().filter(|series| series.fired_at.is_none());
            series.map(|series| Found::Pending(Arc::clone(policy), Box::new(series.clone()))).collect()
        })
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

pub(super) fn show(doors: &Doors, page: &[Found]) -> Vec<Alert> {
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
        let found = pending(&doors).find(|alert| alert.is_pending_as(&id));
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
