//! What a form for a policy needs to know.

use axum::Json;
use larum_core::policy;
use larum_rules::{METRIC_CHOICES, MetricChoice, template_details, template_summary};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::template::{show_comparator, show_target_kind};
use crate::wire::policy::PolicySeverity;
use crate::wire::template::{Metric, PolicyTemplates, TemplateChoice};

/// Durations to choose from.
const DURATIONS: [&str; 6] = ["0s", "1m", "5m", "15m", "30m", "60m"];
/// Times to bear without data to choose from, as [`larum_core::duration::show_duration`] writes them.
const NO_DATA_HOLDS: [&str; 7] = ["0s", "5m", "15m", "30m", "1h", "6h", "1d"];

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_policy_templates))
}

/// What a form for a policy needs to know.
#[utoipa::path(
    get, path = "/policies/templates", tag = "policies",
    responses((status = 200, body = PolicyTemplates), Problem)
)]
pub async fn list_policy_templates() -> Json<PolicyTemplates> {
    Json(PolicyTemplates {
        templates: METRIC_CHOICES.iter().map(choice).collect(),
        durations: DURATIONS.map(str::to_owned).into(),
        no_data_holds: NO_DATA_HOLDS.map(str::to_owned).into(),
        severities: vec![
            PolicySeverity::Critical,
            PolicySeverity::Error,
            PolicySeverity::Warning,
            PolicySeverity::Info,
        ],
    })
}

fn choice(choice: &MetricChoice) -> TemplateChoice {
    let template = choice.template();
    TemplateChoice {
        metric: Metric(choice.metric),
        target: show_target_kind(choice.target_kind()),
        knows_instances: choice.knows_instances(),
        title: choice.title.to_owned(),
        unit: choice.unit.sign().to_owned(),
        description: choice.description.to_owned(),
        comparators: policy::Comparator::ALL.map(show_comparator).into(),
        comparator: show_comparator(choice.comparator),
        threshold: choice.threshold,
        integer: choice.integer,
        min: choice.least,
        max: Some(choice.most),
        summary: template_summary(&template),
        details: template_details(&template),
    }
}
