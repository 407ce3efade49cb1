//! Labels and values to choose from, of what fires.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Asked;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::version::LabelQuestion;
use crate::wire::condition::{LabelSuggestion, LabelSuggestions};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(suggest_labels))
}

/// Labels that have a name for people.
const TITLED: [(&str, &str); 7] = [
    ("alertname", "Alert name"),
    ("severity", "Severity"),
    ("namespace", "Namespace"),
    ("node", "Node"),
    ("workload", "Workload"),
    ("pod", "Pod"),
    ("container", "Container"),
];
/// The most labels or values that are suggested.
const MAX_SUGGESTIONS: usize = 200;
/// The most alerts that are looked through for them.
const MAX_LOOKED_AT: usize = 20_000;

/// Labels and values to choose from in a condition or a matcher.
#[utoipa::path(
    get, path = "/label-suggestions", tag = "alerts",
    params(LabelQuestion),
    responses((status = 200, body = LabelSuggestions), Problem)
)]
pub async fn suggest_labels(
    State(doors): State<Doors>,
    Asked(asked): Asked<LabelQuestion>,
) -> Result<Json<LabelSuggestions>, Problem> {
    let alerts: Vec<_> = doors.engine().read(|state| state.firing().take(MAX_LOOKED_AT).cloned().collect());
    let wanted = asked.label.unwrap_or_default();
    let (mut names, mut values) = (BTreeSet::new(), BTreeSet::new());
    for alert in &alerts {
        names.extend(alert.labels.iter().map(|(name, _)| name));
        values.extend(alert.labels.get(&wanted));
    }
    let desk = doors.engine().desk();
    match wanted.as_str() {
        "alertname" => values.extend(desk.policies.values().map(|row| &*row.policy.name)),
        "severity" => values.extend(["critical", "error", "warning", "info"]),
        _ => {}
    }
    let titled = TITLED.into_iter().map(|(name, title)| suggestion(name, title));
    let others = names.iter().filter(|name| TITLED.iter().all(|(titled, _)| titled != *name));
    let others = others.take(MAX_SUGGESTIONS).map(|name| suggestion(name, name));
    Ok(Json(LabelSuggestions {
        labels: titled.chain(others).collect(),
        values: values.into_iter().take(MAX_SUGGESTIONS).map(str::to_owned).collect(),
    }))
}

fn suggestion(name: &str, title: &str) -> LabelSuggestion {
    LabelSuggestion { name: name.to_owned(), title: title.to_owned() }
}
