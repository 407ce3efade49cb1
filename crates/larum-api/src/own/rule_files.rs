//! The rule files that Larum was told of, and reading them again.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use larum_core::alert::PolicyId;
use larum_core::duration::show_duration;
use larum_core::policy::{PolicyKind, RulePlace};
use larum_engine::{Handle, KnownFile};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::lock::identity::Caller;
use crate::problem::Problem;
use crate::view::policy::PolicyLook;
use crate::view::rule_file::{Known, show_file};
use crate::wire::rule_file::RuleFiles;

/// How many policies are looked at under one lock.
const AT_ONCE: usize = 64;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_rule_files)).routes(routes!(reload_rule_files))
}

/// The rule files, their groups and rules, and what is wrong with them.
#[utoipa::path(get, path = "/rule-files", tag = "rules", responses((status = 200, body = RuleFiles), Problem))]
pub async fn list_rule_files(State(doors): State<Doors>) -> Result<Json<RuleFiles>, Problem> {
    // There may be thousands of rules.
    let shown = tokio::task::spawn_blocking(move || show(doors.engine()));
    shown.await.map(Json).map_err(|error| Problem::internal(&error))
}

/// Reads the files again: those with rules, and the configuration that names targets. Rules that are sound are in force
/// when this answers.
#[utoipa::path(post, path = "/rule-files/reload", tag = "rules", responses((status = 200, body = RuleFiles), Problem))]
pub async fn reload_rule_files(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<RuleFiles>, Problem> {
    doors.reload().ask().await.map_err(|error| {
        Problem::invalid("", format!("The files were not read again, and all stays as it was: {error}."))
    })?;
    tracing::info!(by = caller.signature(), "had the files read again");
    list_rule_files(State(doors)).await
}

fn show(engine: &Handle) -> RuleFiles {
    let files = engine.rule_files();
    let mut known = Known { policies: policies(engine), looks: HashMap::new(), groups: HashMap::new() };
    let ids: Vec<PolicyId> = known.policies.values().copied().collect();
    for some in ids.chunks(AT_ONCE) {
        engine.read(|state| {
            let found = some.iter().filter_map(|id| Some((*id, state.policy(*id)?)));
            known.looks.extend(found.map(|(id, (policy, state))| (id, PolicyLook::of(policy, state))));
        });
    }
    for group in engine.rule_groups().iter() {
        known.groups.insert((Arc::clone(&group.file), Arc::clone(&group.name)), Arc::clone(group));
    }
    let show = |(path, file): (&Arc<str>, &KnownFile)| show_file(path, file, &files, &known);
    RuleFiles { files: files.files.iter().map(show).collect(), interval: show_duration(files.interval) }
}

/// The policies that rules are, by their places.
fn policies(engine: &Handle) -> HashMap<RulePlace, PolicyId> {
    let desk = engine.desk();
    let placed = desk.policies.iter().filter_map(|(id, row)| match &row.policy.kind {
        PolicyKind::RuleFile(place) => Some((place.clone(), *id)),
        _ => None,
    });
    placed.collect()
}
