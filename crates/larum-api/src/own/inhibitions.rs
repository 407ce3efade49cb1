//! What is not told while something else fires.

use axum::Json;
use axum::extract::State;
use larum_core::inhibit::InhibitRule;
use larum_core::matcher::Matcher;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::wire::inhibition::{Inhibition, Inhibitions};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_inhibitions))
}

/// The inhibition rules, and how many alerts each hides now.
#[utoipa::path(
    get, path = "/inhibitions", tag = "alerts",
    responses((status = 200, body = Inhibitions), Problem)
)]
pub async fn list_inhibitions(State(doors): State<Doors>) -> Result<Json<Inhibitions>, Problem> {
    let engine = doors.engine().clone();
    // Asking each of a million alerts takes its time.
    let counted = tokio::task::spawn_blocking(move || {
        let rules = engine.read(|state| state.inhibitions().clone());
        let firing = engine.all_firing();
        let mut hides = vec![0; rules.rules().len()];
        for inhibitor in firing.iter().filter_map(|alert| rules.inhibitor(&alert.labels)) {
            hides[inhibitor.place] += 1;
        }
        let shown = rules.rules().iter().zip(rules.sources()).zip(hides);
        shown.map(|((rule, sources), hides)| show(rule, sources, hides)).collect()
    });
    let inhibitions = counted.await.map_err(|error| Problem::internal(&error))?;
    Ok(Json(Inhibitions { inhibitions }))
}

fn show(rule: &InhibitRule, sources: usize, hides: usize) -> Inhibition {
    let texts = |matchers: &[Matcher]| matchers.iter().map(ToString::to_string).collect();
    Inhibition {
        name: rule.name.to_string(),
        source: texts(&rule.source),
        target: texts(&rule.target),
        equal: rule.equal.iter().map(ToString::to_string).collect(),
        sources,
        hides,
    }
}
