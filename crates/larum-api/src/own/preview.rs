//! What a policy would find now, and what it would have done.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::label::LabelSet;
use larum_core::policy::{self, MAX_SERIES};
use larum_core::time::Timestamp;
use larum_engine::{EVALUATION_INTERVAL, SourceError};
use larum_prometheus::Concern;
use larum_promql::{
    Comparison, Element, EvalError, Evaluation, Level, Limits, Options, Query, Span, Value, comparison,
};
use larum_rules::{Unit, complete_draft, elements, template_reading};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::policies::known;
use super::rehearsal::{Lines, show_rehearsal};
use crate::body::Body;
use crate::doors::Doors;
use crate::draft::policy::{read_span, refused, refused_edit};
use crate::draft::receiver::sentence;
use crate::draft::template::read_rule;
use crate::problem::Problem;
use crate::view::labels::show_labels;
use crate::view::policy::builtin_of;
use crate::view::template::show_comparator;
use crate::wire::preview::{PolicyPreview, PolicyPreviewDraft, PreviewSeries, PreviewThreshold};
use crate::wire::time::milliseconds;

/// The most series that a preview shows; those for which the condition holds come first.
const MAX_PREVIEWED: usize = 200;
/// How long each question to the metrics source may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How far back a preview looks at most: what is asked in passing is not to read all there is.
const MAX_RANGE: Duration = Duration::from_secs(15 * 24 * 60 * 60);
/// At how many moments a preview looks: at least, unless told, at most.
const STEPS: (u32, u32, u32) = (10, 720, 1440);
/// The most samples that one question may look at.
const MAX_SAMPLES: u64 = 20_000_000;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(preview_policy))
}

/// What a policy would find now, and what it would have done. Saves nothing.
#[utoipa::path(
    post, path = "/policies/preview", tag = "policies",
    request_body = PolicyPreviewDraft,
    responses((status = 200, body = PolicyPreview), Problem)
)]
pub async fn preview_policy(
    State(doors): State<Doors>,
    Body(draft): Body<PolicyPreviewDraft>,
) -> Result<Json<PolicyPreview>, Problem> {
    let began = doors.now();
    let span = read_span_back(&draft, began.wall)?;
    let (hold, keep_firing) =
        (span_of("for", &draft.r#for)?, span_of("keep_firing_for", &draft.keep_firing_for)?);
    let subject = Subject::read(&doors, draft)?;
    let mut warnings = Vec::new();
    let now = subject.now(&doors, began.wall, &mut warnings).await?;
    let rehearsal = match span {
        Some(span) => {
            let lines = subject.over(&doors, span, &mut warnings).await?;
            // A hundred thousand series at a thousand moments take their time.
            let shown =
                tokio::task::spawn_blocking(move || show_rehearsal(lines, span, hold, keep_firing)).await;
            Some(shown.map_err(|error| Problem::internal(&error))?)
        }
        None => None,
    };
    let Subject { rule, unit, compared, .. } = subject;
    let policy::PolicyDraft { expr, summary, details, description: sentence, .. } = rule;
    let threshold = compared.map(|compared| PreviewThreshold {
        comparator: show_comparator(compared.comparator),
        value: Some(compared.limit).filter(|limit| limit.is_finite()),
    });
    let took_ms = milliseconds(doors.now().steady.since(began.steady));
    let Now { series, total, no_data } = now;
    let unit = unit.as_str().to_owned();
    Ok(Json(PolicyPreview {
        expr,
        sentence,
        summary,
        details,
        series,
        total,
        no_data,
        unit,
        threshold,
        rehearsal,
        warnings,
        took_ms,
    }))
}

fn span_of(field: &str, given: &Option<String>) -> Result<Duration, Problem> {
    given.as_deref().map_or(Ok(Duration::ZERO), |given| read_span(field, given))
}

/// The time that is to be looked back on, in steps that are no shorter than those of real evaluations.
fn read_span_back(draft: &PolicyPreviewDraft, now: Timestamp) -> Result<Option<Span>, Problem> {
    let Some(range) = &draft.range else { return Ok(None) };
    let range = read_span("range", range)?;
    if range.is_zero() || range > MAX_RANGE {
        return Err(Problem::invalid("range", "A preview can look back at most 15 days."));
    }
    let (least, usual, most) = STEPS;
    let steps = draft.steps.unwrap_or(usual);
    if !(least..=most).contains(&steps) {
        let words = format!("A preview has between {least} and {most} steps.");
        return Err(Problem::invalid("steps", words));
    }
    let step = Duration::from_secs((range / steps).as_secs()).max(EVALUATION_INTERVAL);
    Ok(Some(Span { start: now.minus(range), end: now, step }))
}

/// What is tried out.
struct Subject {
    rule: policy::PolicyDraft,
    unit: Unit,
    /// The whole expression.
    whole: Arc<Query>,
    /// What it compares with a number, if it does so.
    compared: Option<Comparison>,
    /// What is drawn: what is compared, or else the whole expression.
    measured: Arc<Query>,
}

impl Subject {
    fn read(doors: &Doors, draft: PolicyPreviewDraft) -> Result<Self, Problem> {
        let (rule, unit) = match draft.builtin {
            Some(builtin) if draft.template.is_none() && draft.expr.is_none() => {
                let row = known(doors, builtin.id)?;
                let comes = builtin_of(&row.policy)
                    .ok_or_else(|| Problem::invalid("builtin.id", "This policy does not come with Larum."))?;
                let threshold = builtin.threshold.or(row.policy.edit.threshold);
                let edit = policy::BuiltinEdit { threshold, ..policy::BuiltinEdit::default() };
                let edited = comes.edited(edit).map_err(|error| refused_edit(&[error]))?;
                (edited, comes.reading.unit)
            }
            Some(_) => {
                let words = "Give a template, an expression or a built-in policy, and only one of them.";
                return Err(Problem::invalid("builtin", words));
            }
            None => {
                let rule = read_rule(draft.template, draft.expr)?;
                let unit =
                    rule.template.as_ref().map_or(Unit::Number, |template| template_reading(template).unit);
                (rule, unit)
            }
        };
        if rule.expr.trim().is_empty() {
            return Err(Problem::invalid("expr", "The expression is missing."));
        }
        let rule = complete_draft(rule).map_err(|errors| refused(&errors))?;
        let parse = |text: &str| Query::parse(text).map(Arc::new).map_err(|error| Problem::internal(&error));
        let whole = parse(&rule.expr)?;
        let compared = comparison(&rule.expr);
        let measured = match &compared {
            Some(compared) => parse(&compared.measured)?,
            None => Arc::clone(&whole),
        };
        Ok(Self { rule, unit, whole, compared, measured })
    }

    /// What says by itself whether the condition holds for a value; none if only the whole expression knows.
    fn decides(&self) -> Option<&Comparison> {
        self.compared.as_ref().filter(|compared| compared.whole)
    }

    async fn now(&self, doors: &Doors, at: Timestamp, warnings: &mut Vec<String>) -> Result<Now, Problem> {
        let ask = async |query: &Arc<Query>| {
            let found = doors.source().instant(query, at, options(), PATIENCE).await;
            found.map_err(|error| unanswered(&error, &self.rule))
        };
        let measured = ask(&self.measured).await?;
        let mut no_data = measured.empty_selectors.clone();
        let values = take(measured, warnings)?;
        let holding: Option<HashSet<LabelSet>> = if self.compared.is_some() && self.decides().is_none() {
            let found = ask(&self.whole).await?;
            for selector in &found.empty_selectors {
                if !no_data.contains(selector) {
                    no_data.push(selector.clone());
                }
            }
            Some(take(found, warnings)?.into_iter().map(|element| element.labels).collect())
        } else {
            None
        };
        let holds = |element: &Element| match (self.decides(), &holding) {
            (Some(compared), _) => holds(compared, element.value),
            (None, Some(holding)) => holding.contains(&element.labels),
            (None, None) => true,
        };
        let total = values.len();
        let mut series: Vec<PreviewSeries> = values
            .iter()
            .map(|element| PreviewSeries {
                labels: show_labels(&element.labels),
                value: Some(element.value).filter(|value| value.is_finite()),
                holds: holds(element),
            })
            .collect();
        series.sort_by(|a, b| (!a.holds, &a.labels).cmp(&(!b.holds, &b.labels)));
        series.truncate(MAX_PREVIEWED);
        Ok(Now { series, total, no_data })
    }

    async fn over(&self, doors: &Doors, span: Span, warnings: &mut Vec<String>) -> Result<Lines, Problem> {
        let ask = async |query: &Arc<Query>, warnings: &mut Vec<String>| {
            let found = doors.source().range(query, span, options(), PATIENCE).await;
            let found = found.map_err(|error| unanswered(&error, &self.rule))?;
            warn(&found, warnings);
            match found.value {
                Value::Matrix(series) => Ok(series),
                _ => Ok(Vec::new()),
            }
        };
        let measured = ask(&self.measured, warnings).await?;
        let lines = match (self.decides(), &self.compared) {
            (Some(compared), _) => Lines::compared(measured, span, |value| holds(compared, value)),
            (None, Some(_)) => Lines::held(measured, &ask(&self.whole, warnings).await?, span),
            (None, None) => Lines::compared(measured, span, |_| true),
        };
        Ok(lines)
    }
}

/// What is found now.
struct Now {
    series: Vec<PreviewSeries>,
    total: usize,
    no_data: Vec<String>,
}

fn options() -> Options {
    let limits = Limits { samples: MAX_SAMPLES, series: 10 * MAX_SERIES, ..Limits::default() };
    Options { limits, ..Options::default() }
}

fn take(found: Evaluation, warnings: &mut Vec<String>) -> Result<Vec<Element>, Problem> {
    warn(&found, warnings);
    elements(found.value).map_err(|words| Problem::invalid("expr", sentence(&words)))
}

fn warn(found: &Evaluation, warnings: &mut Vec<String>) {
    for remark in found.annotations.iter().filter(|remark| remark.level == Level::Warning) {
        if !warnings.contains(&remark.text) {
            warnings.push(remark.text.clone());
        }
    }
}

/// What asks for too much, or does not fit the data, is for whoever wrote it to change.
fn unanswered(error: &SourceError, rule: &policy::PolicyDraft) -> Problem {
    let place = if rule.template.is_some() { "template" } else { "expr" };
    let words = sentence(&error.to_string());
    let asked = match error {
        SourceError::Eval(error) => !matches!(error, EvalError::Select(_)),
        SourceError::Remote(error) => error.concern() == Concern::Request,
        SourceError::Broke => false,
    };
    if asked { Problem::invalid(place, words) } else { Problem::unavailable(words) }
}

/// As PromQL compares (Prometheus, "Comparison binary operators").
#[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
fn holds(compared: &Comparison, value: f64) -> bool {
    let limit = compared.limit;
    match compared.comparator {
        policy::Comparator::Greater => value > limit,
        policy::Comparator::GreaterOrEqual => value >= limit,
        policy::Comparator::Less => value < limit,
        policy::Comparator::LessOrEqual => value <= limit,
        policy::Comparator::Equal => value == limit,
        policy::Comparator::NotEqual => value != limit,
    }
}
