//! Runbooks: the pages that say what to do about an alert.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use larum_core::label::ALERT_NAME;
use larum_core::matcher::Matcher;
use larum_core::policy::PolicyKind;
use larum_rules::{runbook, runbooks};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::policy::show_severity;
use crate::wire::runbook::{Runbook, RunbookEntry, RunbookPolicy, RunbookQuestion, Runbooks};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_runbooks)).routes(routes!(show_runbook))
}

/// The pages that come with Larum, in order of name.
#[utoipa::path(
    get, path = "/runbooks", tag = "runbooks",
    params(RunbookQuestion),
    responses((status = 200, body = Runbooks), Problem)
)]
pub async fn list_runbooks(
    State(doors): State<Doors>,
    Asked(asked): Asked<RunbookQuestion>,
) -> Result<Json<Runbooks>, Problem> {
    let wanted = asked.q.unwrap_or_default().to_lowercase();
    let (mut policies, firing) = (policies(&doors), firing(&doors, Vec::new()).await?);
    let found = runbooks().filter(|(_, page)| {
        let page = page.to_lowercase();
        wanted.split_whitespace().all(|word| page.contains(word))
    });
    let mut entries: Vec<RunbookEntry> = found
        .map(|(name, page)| RunbookEntry {
            name: name.to_owned(),
            meaning: meaning(page),
            policies: policies.remove(name).unwrap_or_default(),
            firing: firing.get(name).copied().unwrap_or_default(),
        })
        .collect();
    entries.sort_by_cached_key(|entry| entry.name.to_lowercase());
    Ok(Json(Runbooks { runbooks: entries, total: runbooks().count() }))
}

/// The page about the alerts of this name.
#[utoipa::path(
    get, path = "/runbooks/{name}", tag = "runbooks",
    params(("name" = String, Path, description = "The name of the alerts.")),
    responses((status = 200, body = Runbook), Problem)
)]
pub async fn show_runbook(
    State(doors): State<Doors>,
    Named(name): Named<String>,
) -> Result<Json<Runbook>, Problem> {
    let markdown = runbook(&name)
        .ok_or_else(|| Problem::not_found("Larum brings no runbook for alerts of this name."))?;
    let policies = policies(&doors).remove(name.as_str()).unwrap_or_default();
    let named = vec![Matcher::equal(ALERT_NAME, &name)];
    let firing = firing(&doors, named).await?.get(name.as_str()).copied().unwrap_or_default();
    Ok(Json(Runbook { name, markdown, policies, firing }))
}

/// The policies that come with Larum, by the names of their alerts.
fn policies(doors: &Doors) -> BTreeMap<String, Vec<RunbookPolicy>> {
    let mut found = BTreeMap::<String, Vec<RunbookPolicy>>::new();
    for row in doors.engine().desk().policies.values() {
        let policy = &row.policy;
        if matches!(policy.kind, PolicyKind::Builtin { .. }) {
            let shown = RunbookPolicy {
                id: policy.id.0,
                severity: show_severity(policy.severity),
                enabled: policy.enabled,
            };
            found.entry(policy.name.to_string()).or_default().push(shown);
        }
    }
    found
}

/// How many alerts fire that there is a page about, by their names; of those that these matchers let through.
async fn firing(doors: &Doors, matchers: Vec<Matcher>) -> Result<HashMap<String, usize>, Problem> {
    let engine = doors.engine().clone();
    // Each of a million alerts is asked.
    let counting = tokio::task::spawn_blocking(move || {
        let mut firing: HashMap<String, usize> = runbooks().map(|(name, _)| (name.to_owned(), 0)).collect();
        let candidates = engine.read(|state| state.candidates(&matchers));
        for alert in engine.firing(&candidates) {
            if let Some(count) = firing.get_mut(alert.name()) {
                *count += 1;
            }
        }
        firing
    });
    counting.await.map_err(|error| Problem::internal(&error))
}

/// The first paragraph of the section that says what it means, as one line without marks.
fn meaning(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.starts_with('#')).skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ").replace(['`', '*'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_what_its_alert_means() {
        for (name, page) in runbooks() {
            let meaning = meaning(page);
            assert!(meaning.len() > 40 && meaning.ends_with(['.', ':']), "{name}: {meaning:?}");
        }
    }
}
