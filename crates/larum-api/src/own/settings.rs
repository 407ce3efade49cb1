//! Settings for the whole house.

use axum::extract::State;
use axum::{Extension, Json};
use larum_core::duration::show_duration;
use larum_engine::{Handle, OWN};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refusal::refused_change;
use crate::body::Body;
use crate::doors::Doors;
use crate::draft::settings::read_grouping;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::wire::policy::PolicyAlerts;
use crate::wire::settings::{
    Alerting, AlertingConflict, AlertingUpdate, Grouping, GroupingConflict, GroupingUpdate,
};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(show_grouping, update_grouping))
        .routes(routes!(show_alerting, update_alerting))
}

/// How alerts are grouped.
#[utoipa::path(get, path = "/settings/grouping", tag = "settings", responses((status = 200, body = Grouping), Problem))]
pub async fn show_grouping(State(doors): State<Doors>) -> Json<Grouping> {
    Json(grouping(&doors))
}

/// Changes how alerts are grouped; no running timer restarts.
#[utoipa::path(
    put, path = "/settings/grouping", tag = "settings",
    request_body = GroupingUpdate,
    responses(
        (status = 200, body = Grouping),
        (status = 409, body = GroupingConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_grouping(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(update): Body<GroupingUpdate>,
) -> Result<Json<Grouping>, Problem> {
    let wanted = read_grouping(&update)?;
    let saved = doors.engine().save_grouping(wanted, update.version, &caller.signature()).await;
    saved.map_err(|error| {
        refused_change(&error, "the grouping", || {
            let now = grouping(&doors);
            Some((who(now.updated_by.as_deref()), now))
        })
    })?;
    tracing::info!(by = caller.signature(), "changed the grouping");
    Ok(Json(grouping(&doors)))
}

fn grouping(doors: &Doors) -> Grouping {
    let desk = doors.engine().desk();
    let row = &desk.grouping;
    let grouping = &row.grouping;
    Grouping {
        group_by: grouping.group_by().iter().map(ToString::to_string).collect(),
        group_wait: show_duration(grouping.group_wait()),
        group_interval: show_duration(grouping.group_interval()),
        repeat_interval: show_duration(grouping.repeat_interval()),
        version: row.version,
        updated_at: row.saved.as_ref().map(|(at, _)| (*at).into()),
        updated_by: row.saved.as_ref().map(|(_, by)| by.clone()),
    }
}

/// Who changed something last. Nobody did what was never saved, whatever version somebody claims to have seen.
fn who(updated_by: Option<&str>) -> String {
    updated_by.unwrap_or("Somebody").to_owned()
}

/// Whether policies speak at all.
#[utoipa::path(get, path = "/settings/alerting", tag = "settings", responses((status = 200, body = Alerting), Problem))]
pub async fn show_alerting(State(doors): State<Doors>) -> Result<Json<Alerting>, Problem> {
    Ok(Json(alerting(&doors).await?))
}

/// Switches alerting as a whole. Off, what policies say ends and is told once as *alerting off*; alerts from outside
/// flow on.
#[utoipa::path(
    put, path = "/settings/alerting", tag = "settings",
    request_body = AlertingUpdate,
    responses(
        (status = 200, body = Alerting),
        (status = 409, body = AlertingConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_alerting(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(update): Body<AlertingUpdate>,
) -> Result<Json<Alerting>, Problem> {
    let saved = doors.engine().save_alerting(update.enabled, update.version, &caller.signature()).await;
    if let Err(error) = saved {
        let now = alerting(&doors).await?;
        return Err(refused_change(&error, "alerting", || Some((who(now.updated_by.as_deref()), now))));
    }
    let to = if update.enabled { "on" } else { "off" };
    tracing::info!(by = caller.signature(), to, "switched alerting");
    Ok(Json(alerting(&doors).await?))
}

async fn alerting(doors: &Doors) -> Result<Alerting, Problem> {
    let desk = doors.engine().desk();
    let row = &desk.alerting;
    let (at, by) = row.saved.clone().unzip();
    let engine = doors.engine().clone();
    // Looking at each of a million alerts takes its time.
    let counting = tokio::task::spawn_blocking(move || count(&engine));
    let (from_policies, from_outside) = counting.await.map_err(|error| Problem::internal(&error))?;
    Ok(Alerting {
        enabled: row.enabled,
        version: row.version,
        updated_at: at.map(Into::into),
        updated_by: by,
        from_policies,
        from_outside,
    })
}

/// What policies have found, and how much fires that comes from outside.
fn count(engine: &Handle) -> (PolicyAlerts, usize) {
    let (mut firing, mut outside) = (0, 0);
    for alert in engine.all_firing() {
        match alert.policy() {
            None => outside += 1,
            Some(OWN) => {}
            Some(_) => firing += 1,
        }
    }
    let pending = engine.read(|state| {
        let series = state.policies().flat_map(|(_, state)| state.series());
        series.filter(|series| series.fired_at.is_none()).count()
    });
    (PolicyAlerts { pending, firing }, outside)
}
