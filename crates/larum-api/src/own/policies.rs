//! Policies.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_core::alert::PolicyId;
use larum_core::policy::{BuiltinEdit, PolicyDraft as Draft, PolicyKind};
use larum_engine::SettingsError;
use larum_store::PolicyRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refusal::{refused, refused_change};
use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::draft::policy::{read_builtin, read_policy, refused_edit};
use crate::lock::identity::Caller;
use crate::problem::{Code, Problem};
use crate::version::VersionQuestion;
use crate::view::policy::{PolicyLook, builtin_of, show_policy};
use crate::wire::policy::{Policies, Policy};
use crate::wire::policy_change::{
    BuiltinUpdate, PolicyConflict, PolicyDraft, PolicyReset, PolicySwitch, PolicyUpdate,
};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(list_policies, create_policy))
        .routes(routes!(show_policy_by_id, update_policy, delete_policy))
        .routes(routes!(switch_policy))
        .routes(routes!(edit_builtin_policy))
        .routes(routes!(reset_policy))
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
    let draft = read_policy(draft, &Draft::default())?;
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
    if let PolicyKind::Builtin { .. } = policy.kind {
        let words = "Of a built-in policy only threshold, duration and severity can be changed. Make one of your own instead.";
        return Err(Problem::new(Code::Forbidden, words));
    }
    let draft = read_policy(update.draft, &policy.draft())?;
    save(&doors, &caller, (id, update.version), draft).await.map(Json)
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
    delete(&doors, &caller, (id, asked.version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a policy that was read at this version.
pub async fn delete(doors: &Doors, caller: &Caller, (id, version): (u64, u64)) -> Result<(), Problem> {
    let deleted = doors.engine().delete_policy(PolicyId(id), version, &caller.signature()).await;
    deleted.map_err(|error| refused_at(doors, id, &error))?;
    tracing::info!(policy = id, by = caller.signature(), "deleted a policy");
    Ok(())
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
    switch_to(&doors, &caller, (id, switch.version), switch.enabled).await.map(Json)
}

/// Switches a policy that was read at this version; one that is so already stays as it is.
pub async fn switch_to(
    doors: &Doors,
    caller: &Caller,
    (id, version): (u64, u64),
    enabled: bool,
) -> Result<Policy, Problem> {
    let row = known(doors, id)?;
    if row.policy.enabled == enabled && row.policy.version == version {
        return Ok(show(doors, &row));
    }
    if let Some(comes) = builtin_of(&row.policy) {
        let changed = Some(enabled).filter(|enabled| *enabled != comes.draft.enabled);
        let edit = BuiltinEdit { enabled: changed, ..row.policy.edit };
        return edit_as(doors, caller, (id, version), edit).await;
    }
    save(doors, caller, (id, version), Draft { enabled, ..row.policy.draft() }).await
}

/// Changes what can be changed about a built-in policy; it is evaluated at once.
#[utoipa::path(
    put, path = "/policies/{id}/builtin", tag = "policies",
    params(("id" = u64, Path)),
    request_body = BuiltinUpdate,
    responses(
        (status = 200, body = Policy),
        (status = 409, body = PolicyConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn edit_builtin_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Body(update): Body<BuiltinUpdate>,
) -> Result<Json<Policy>, Problem> {
    let row = known(&doors, id)?;
    let comes = builtin_of(&row.policy).ok_or_else(not_builtin)?;
    let edit = read_builtin(&update, comes)?;
    edit_as(&doors, &caller, (id, update.version), edit).await.map(Json)
}

/// Sets a built-in policy back to how it comes.
#[utoipa::path(
    post, path = "/policies/{id}/reset", tag = "policies",
    params(("id" = u64, Path)),
    request_body = PolicyReset,
    responses(
        (status = 200, body = Policy),
        (status = 409, body = PolicyConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn reset_policy(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<u64>,
    Body(reset): Body<PolicyReset>,
) -> Result<Json<Policy>, Problem> {
    reset_to_default(&doors, &caller, (id, reset.version)).await.map(Json)
}

/// Sets a built-in policy that was read at this version back.
pub async fn reset_to_default(
    doors: &Doors,
    caller: &Caller,
    (id, version): (u64, u64),
) -> Result<Policy, Problem> {
    builtin_of(&known(doors, id)?.policy).ok_or_else(not_builtin)?;
    edit_as(doors, caller, (id, version), BuiltinEdit::default()).await
}

fn not_builtin() -> Problem {
    Problem::new(Code::Forbidden, "This is possible only for a policy that comes with Larum.")
}

async fn edit_as(
    doors: &Doors,
    caller: &Caller,
    (id, version): (u64, u64),
    edit: BuiltinEdit,
) -> Result<Policy, Problem> {
    let edited = doors.engine().edit_builtin((PolicyId(id), version), edit, &caller.signature()).await;
    let row = edited.map_err(|error| match &error {
        SettingsError::Policy(errors) => refused_edit(errors),
        error => refused_at(doors, id, error),
    })?;
    log_change(&row, caller);
    Ok(show(doors, &row))
}

async fn save(
    doors: &Doors,
    caller: &Caller,
    (id, version): (u64, u64),
    draft: Draft,
) -> Result<Policy, Problem> {
    let saved = doors.engine().save_policy(Some((PolicyId(id), version)), draft, &caller.signature()).await;
    let row = saved.map_err(|error| refused_at(doors, id, &error))?;
    log_change(&row, caller);
    Ok(show(doors, &row))
}

fn log_change(row: &PolicyRow, caller: &Caller) {
    let (by, policy) = (caller.signature(), &row.policy);
    let (version, enabled) = (policy.version, policy.enabled);
    tracing::info!(policy = policy.id.0, version, enabled, by, "changed a policy");
}

/// The policy of this number.
pub fn known(doors: &Doors, id: u64) -> Result<PolicyRow, Problem> {
    let desk = doors.engine().desk();
    let row = desk.policies.get(&PolicyId(id)).map(|row| PolicyRow::clone(row));
    row.ok_or_else(|| refused(&SettingsError::NotFound))
}

/// The policy of a row, as it stands now.
pub fn show(doors: &Doors, row: &PolicyRow) -> Policy {
    let look = doors
        .engine()
        .read(|state| state.policy(row.policy.id).map(|(policy, state)| PolicyLook::of(policy, state)));
    show_policy(row, look.unwrap_or_else(|| PolicyLook::unknown(&row.policy)))
}

fn refused_at(doors: &Doors, id: u64, error: &SettingsError) -> Problem {
    refused_change(error, "this policy", || {
        let row = known(doors, id).ok()?;
        Some((row.updated_by.clone(), show(doors, &row)))
    })
}
