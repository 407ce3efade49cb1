//! Policies.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_core::alert::PolicyId;
use larum_core::policy::{NO_DATA_HOLD, PolicyKind};
use larum_engine::SettingsError;
use larum_store::PolicyRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refusal::refused;
use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::draft::policy::read_policy;
use crate::lock::identity::Caller;
use crate::problem::{Code, Problem};
use crate::version::VersionQuestion;
use crate::view::policy::{PolicyLook, show_policy};
use crate::wire::policy::{Policies, Policy, PolicyConflict, PolicyDraft, PolicySwitch, PolicyUpdate};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_policies, create_policy))
        .routes(routes!(show_policy_by_id, update_policy, delete_policy))
        .routes(routes!(switch_policy))
}

/// All policies.
#[utoipa::path(get, path = "/policies", tag = "policies", responses((status = 200, body = Policies), Problem))]
pub async fn list_policies(State(doors): State<Doors>) -> Json<Policies> {
    let mut looks: BTreeMap<PolicyId, PolicyLook> = doors.engine().read(|state| {
        state.policies().map(|(policy, state)| (policy.id, PolicyLook::of(policy, state))).collect()
    });
    let desk = doors.engine().desk();
    let mut rows: Vec<&PolicyRow> = desk.policies.values().map(AsRef::as_ref).collect();
    rows.sort_by_cached_key(|row| (row.policy.kind != PolicyKind::Custom, row.policy.name.to_lowercase()));
    let shown = rows.into_iter().map(|row| {
        let look = looks.remove(&row.policy.id).unwrap_or_else(|| PolicyLook::unknown(&row.policy));
        show_policy(row, look)
    });
    Json(Policies { policies: shown.collect() })
}

/// Makes a custom policy; it is evaluated at once.
#[utoipa::path(
    post, path = "/policies", tag = "policies",
    request_body = PolicyDraft,
    responses((status = 201, body = Policy), Problem)
)]
pub async fn create_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<PolicyDraft>,
) -> Result<(StatusCode, Json<Policy>), Problem> {
    let draft = read_policy(draft, NO_DATA_HOLD)?;
    let row = doors.engine().save_policy(None, draft, &caller.signature()).await;
    let row = row.map_err(|error| refused(&error))?;
    tracing::info!(policy = row.policy.id.0, by = caller.signature(), "made a policy");
    Ok((StatusCode::CREATED, Json(show(&doors, &row))))
}

/// One policy.
#[utoipa::path(
    get, path = "/policies/{id}", tag = "policies", operation_id = "show_policy",
    params(("id" = u64, Path)),
    responses((status = 200, body = Policy), Problem)
)]
pub async fn show_policy_by_id(
    State(doors): State<Doors>,
    Named(id): Named<u64>,
) -> Result<Json<Policy>, Problem> {
    Ok(Json(show(&doors, &known(&doors, id)?)))
}

/// Changes a custom policy; it is evaluated at once.
#[utoipa::path(
    put, path = "/policies/{id}", tag = "policies",
    params(("id" = u64, Path)),
    request_body = PolicyUpdate,
    responses(
        (status = 200, body = Policy),
        (status = 409, body = PolicyConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Body(update): Body<PolicyUpdate>,
) -> Result<Json<Policy>, Problem> {
    let policy = known(&doors, id)?.policy;
    if policy.kind != PolicyKind::Custom {
        let words = "A built-in policy can be switched off, not changed. Make one of your own instead.";
        return Err(Problem::new(Code::Forbidden, words));
    }
    let draft = read_policy(update.draft, policy.no_data_hold)?;
    save(&doors, &caller, (id, update.version), draft).await
}

/// Deletes a custom policy; its alerts end.
#[utoipa::path(
    delete, path = "/policies/{id}", tag = "policies",
    params(("id" = u64, Path), VersionQuestion),
    responses(
        (status = 204),
        (status = 409, body = PolicyConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn delete_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Asked(asked): Asked<VersionQuestion>,
) -> Result<StatusCode, Problem> {
    let deleted = doors.engine().delete_policy(PolicyId(id), asked.version, &caller.signature()).await;
    deleted.map_err(|error| refused_change(&doors, id, &error))?;
    tracing::info!(policy = id, by = caller.signature(), "deleted a policy");
    Ok(StatusCode::NO_CONTENT)
}

/// Switches a policy on or off, built-in ones too.
#[utoipa::path(
    put, path = "/policies/{id}/enabled", tag = "policies",
    params(("id" = u64, Path)),
    request_body = PolicySwitch,
    responses(
        (status = 200, body = Policy),
        (status = 409, body = PolicyConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn switch_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Body(switch): Body<PolicySwitch>,
) -> Result<Json<Policy>, Problem> {
    let draft =
        larum_core::policy::PolicyDraft { enabled: switch.enabled, ..known(&doors, id)?.policy.draft() };
    save(&doors, &caller, (id, switch.version), draft).await
}

async fn save(
    doors: &Doors,
    caller: &Caller,
    (id, version): (u64, u64),
    draft: larum_core::policy::PolicyDraft,
) -> Result<Json<Policy>, Problem> {
    let saved = doors.engine().save_policy(Some((PolicyId(id), version)), draft, &caller.signature()).await;
    let row = saved.map_err(|error| refused_change(doors, id, &error))?;
    let enabled = row.policy.enabled;
    tracing::info!(
        policy = id,
        version = row.policy.version,
        enabled,
        by = caller.signature(),
        "changed a policy"
    );
    Ok(Json(show(doors, &row)))
}

fn known(doors: &Doors, id: u64) -> Result<PolicyRow, Problem> {
    let desk = doors.engine().desk();
    let row = desk.policies.get(&PolicyId(id)).map(|row| PolicyRow::clone(row));
    row.ok_or_else(|| refused(&SettingsError::NotFound))
}

fn show(doors: &Doors, row: &PolicyRow) -> Policy {
    let look = doors
        .engine()
        .read(|state| state.policy(row.policy.id).map(|(policy, state)| PolicyLook::of(policy, state)));
    show_policy(row, look.unwrap_or_else(|| PolicyLook::unknown(&row.policy)))
}

fn refused_change(doors: &Doors, id: u64, error: &SettingsError) -> Problem {
    match (error, known(doors, id)) {
        (SettingsError::Conflict, Ok(row)) => {
            let words =
                format!("{} changed this policy in the meantime: see what it is now.", row.updated_by);
            Problem::conflict(words, &show(doors, &row))
        }
        (error, _) => refused(error),
    }
}
