//! What a form for a policy needs to know, and what a template finds now.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use larum_core::policy;
use larum_core::time::Timestamp;
use larum_promql::{Element, Options, Querier, Query};
use larum_rules::{
    METRIC_CHOICES, MetricChoice, complete_draft, template_details, template_measured_expr, template_summary,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Body;
use crate::doors::Doors;
use crate::draft::policy::refused;
use crate::draft::template::read_rule;
use crate::problem::Problem;
use crate::view::template::{show_comparator, show_target_kind};
use crate::wire::policy::PolicySeverity;
use crate::wire::template::{
    Metric, PolicyPreview, PolicyPreviewDraft, PolicyTemplates, PreviewSeries, TemplateChoice,
};

/// Durations to choose from.
const DURATIONS: [&str; 6] = ["0s", "1m", "5m", "15m", "30m", "60m"];
/// Times to bear without data to choose from, as [`larum_rules::show_duration`] writes them.
const NO_DATA_HOLDS: [&str; 7] = ["0s", "5m", "15m", "30m", "1h", "6h", "1d"];
/// The most series that a preview shows; those for which the condition holds come first.
const MAX_PREVIEWED: usize = 200;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_policy_templates)).routes(routes!(preview_policy))
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

/// What a template or an expression finds now.
#[utoipa::path(
    post, path = "/policies/preview", tag = "policies",
    request_body = PolicyPreviewDraft,
    responses((status = 200, body = PolicyPreview), Problem)
)]
pub async fn preview_policy(
    State(doors): State<Doors>,
    Body(draft): Body<PolicyPreviewDraft>,
) -> Result<Json<PolicyPreview>, Problem> {
    let rule = read_rule(draft.template, draft.expr)?;
    if rule.expr.trim().is_empty() {
        return Err(Problem::invalid("expr", "The expression is missing."));
    }
    let rule = complete_draft(rule).map_err(|errors| refused(&errors))?;
    let (source, now) = (Arc::clone(doors.series()), doors.now().wall);
    let asked = rule.clone();
    let found = tokio::task::spawn_blocking(move || measure(&asked, &*source, now)).await;
    let (series, no_data) = found.map_err(|error| Problem::internal(&error))??;
    let policy::PolicyDraft { expr, summary, details, description: sentence, .. } = rule;
    Ok(Json(PolicyPreview { expr, sentence, summary, details, series, no_data }))
}

/// The series of the answer, and the selectors that find nothing. What a template measures is shown where it does not
/// hold, too; an expression shows what it answers, which holds.
fn measure(
    rule: &policy::PolicyDraft,
    source: &dyn Querier,
    now: Timestamp,
) -> Result<(Vec<PreviewSeries>, Vec<String>), Problem> {
    let measured = rule.template.as_ref().map(template_measured_expr).transpose();
    let measured = measured.map_err(|error| refused(&[error]))?;
    let query = Query::parse(measured.as_deref().unwrap_or(&rule.expr));
    let query = query.map_err(|error| Problem::internal(&error))?;
    let found = query.instant(source, now, &Options::default());
    let found = found
        .map_err(|error| Problem::unavailable(format!("The metrics source does not answer: {error}.")))?;
    let show = |element: &Element| PreviewSeries {
        labels: element
            .labels
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<BTreeMap<_, _>>(),
        value: Some(element.value).filter(|value| value.is_finite()),
        holds: rule.template.as_ref().is_none_or(|template| holds(template, element.value)),
    };
    let mut shown: Vec<PreviewSeries> = found.value.elements().iter().map(show).collect();
    shown.sort_by(|a, b| (!a.holds, &a.labels).cmp(&(!b.holds, &b.labels)));
    shown.truncate(MAX_PREVIEWED);
    Ok((shown, found.empty_selectors))
}

/// As PromQL compares (Prometheus, "Comparison binary operators").
#[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
fn holds(template: &policy::Template, value: f64) -> bool {
    let limit = template.threshold;
    match template.comparator {
        policy::Comparator::Greater => value > limit,
        policy::Comparator::GreaterOrEqual => value >= limit,
        policy::Comparator::Less => value < limit,
        policy::Comparator::LessOrEqual => value <= limit,
        policy::Comparator::Equal => value == limit,
        policy::Comparator::NotEqual => value != limit,
    }
}
