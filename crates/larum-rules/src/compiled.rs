//! A policy ready to be evaluated, and what an evaluation says in the words of the mind.

use larum_core::policy::{
    MAX_SERIES, Outcome, Policy, PolicyDraft, PolicyError, PolicyField, PolicyKind, SeriesValue,
};
use larum_core::time::Timestamp;
use larum_promql::{Element, EvalError, Evaluation, Level, Options, Query, SeriesList, Value};

use crate::annotation::{Annotations, Installation};
use crate::builtin::builtin;
use crate::measure::Reading;
use crate::template::{template_expr, template_reading};

/// The annotation that a policy's summary becomes.
pub const SUMMARY: &str = "summary";
/// The annotation that a policy's details become.
pub const DESCRIPTION: &str = "description";
/// The annotation that a policy's runbook becomes.
pub const RUNBOOK_URL: &str = "runbook_url";

/// The most warnings one evaluation tells of.
pub const MAX_WARNINGS: usize = 10;

/// A policy whose expression and texts are parsed. Made again when the policy is edited.
#[derive(Debug)]
pub struct CompiledPolicy {
    query: Query,
    annotations: Annotations,
    reading: Reading,
}

impl CompiledPolicy {
    /// Parses a policy's expression and texts.
    ///
    /// # Errors
    /// What is wrong with them, at most one [`PolicyError`] per field.
    pub fn new(policy: &Policy) -> Result<Self, Vec<PolicyError>> {
        let parsed =
            (parse_expr(&policy.expr), parse_texts(&policy.summary, &policy.details, &policy.runbook));
        match parsed {
            (Ok(query), Ok(annotations)) => Ok(Self { query, annotations, reading: reading(policy) }),
            (query, annotations) => {
                let errors = query.err().into_iter().chain(annotations.err().into_iter().flatten());
                Err(errors.collect())
            }
        }
    }

    /// The expression, to be evaluated.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What an evaluation of [`CompiledPolicy::query`] came to. `complete` says whether the source knows all of
    /// the time that the expression looks back on ([`Query::longest_window`]).
    pub fn outcome(
        &self,
        answer: Result<Evaluation, EvalError>,
        complete: bool,
        installation: &Installation,
    ) -> Outcome {
        let Evaluation { value, empty_selectors, annotations: remarks, .. } = match answer {
            Ok(evaluation) => evaluation,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        let elements = match elements(value) {
            Ok(elements) if elements.len() <= MAX_SERIES => elements,
            Ok(elements) => return Outcome::Failed(too_many(elements.len())),
            Err(error) => return Outcome::Failed(error),
        };
        if elements.is_empty() && !empty_selectors.is_empty() {
            return Outcome::NoData { selectors: empty_selectors, complete };
        }
        let mut warnings: Vec<String> = Vec::new();
        let mut warn = |warning: String| {
            if warnings.len() < MAX_WARNINGS && !warnings.contains(&warning) {
                warnings.push(warning);
            }
        };
        remarks
            .into_iter()
            .filter(|remark| remark.level == Level::Warning)
            .for_each(|remark| warn(remark.text));
        let series =
            elements.into_iter().map(|element| self.series(element, installation, &mut warn)).collect();
        Outcome::Series { series, complete, warnings }
    }

    fn series(&self, element: Element, installation: &Installation, warn: impl FnMut(String)) -> SeriesValue {
        let Element { labels, value, .. } = element;
        let filled = self.annotations.fill(&labels, value, installation);
        filled.warnings.into_iter().for_each(warn);
        SeriesValue { annotations: filled.annotations, measured: self.reading.measured(value), labels }
    }
}

fn too_many(count: usize) -> String {
    format!("the answer has {count} series; at most {MAX_SERIES} are allowed")
}

/// Completes a draft and checks what the mind cannot: writes the expression of its template, and parses the
/// expression and the texts.
///
/// # Errors
/// What is wrong with them, at most one [`PolicyError`] per field.
pub fn complete_draft(mut draft: PolicyDraft) -> Result<PolicyDraft, Vec<PolicyError>> {
    let mut errors = Vec::new();
    match draft.template.map(template_expr) {
        Some(Ok(expr)) => draft.expr = expr,
        Some(Err(error)) => errors.push(error),
        // That it is missing is for the form to say.
        None if draft.expr.trim().is_empty() => {}
        None => errors.extend(parse_expr(&draft.expr).err()),
    }
    errors.extend(parse_texts(&draft.summary, &draft.details, &draft.runbook).err().into_iter().flatten());
    if errors.is_empty() { Ok(draft) } else { Err(errors) }
}

fn parse_expr(expr: &str) -> Result<Query, PolicyError> {
    let refuse = |message| PolicyError::Other { field: PolicyField::Expression, message };
    let query = Query::parse(expr).map_err(|error| refuse(error.to_string()))?;
    // The kind of an answer does not depend on the series: without any, an evaluation costs nothing.
    let answer = query.instant(&SeriesList::default(), Timestamp::default(), &Options::default());
    match answer.map(|evaluation| elements(evaluation.value)) {
        Ok(Err(error)) => Err(refuse(error)),
        _ => Ok(query),
    }
}

/// The elements that an answer gives an alert each; a number is one without labels, as Prometheus has it
/// (`rules/manager.go`, `EngineQueryFunc`).
fn elements(value: Value) -> Result<Vec<Element>, String> {
    let wrong =
        |what| format!("the expression gives {what}, but an alert needs an instant vector or a number");
    match value {
        Value::Vector(elements) => Ok(elements),
        Value::Scalar(value) => Ok(vec![Element::new(larum_core::label::LabelSet::empty(), value)]),
        Value::Matrix(_) => Err(wrong("a range of values")),
        Value::Text(_) => Err(wrong("a text")),
    }
}

fn parse_texts(summary: &str, details: &str, runbook: &str) -> Result<Annotations, Vec<PolicyError>> {
    let texts = [(SUMMARY, summary), (DESCRIPTION, details), (RUNBOOK_URL, runbook)];
    Annotations::parse(texts).map_err(|errors| {
        let field = |name: &str| match name {
            SUMMARY => PolicyField::Summary,
            DESCRIPTION => PolicyField::Details,
            _ => PolicyField::Runbook,
        };
        let refuse = |error: crate::AnnotationError| PolicyError::Other {
            field: field(&error.name),
            message: error.message,
        };
        errors.into_iter().map(refuse).collect()
    })
}

/// How a policy's values are put into words. The limit of a policy that comes with Larum is known only while its
/// expression is the one it came with.
fn reading(policy: &Policy) -> Reading {
    match (&policy.template, &policy.kind) {
        (Some(template), _) => template_reading(*template),
        (None, PolicyKind::Builtin { key }) => builtin(key).map_or(Reading::default(), |known| {
            let same = *policy.expr == *known.draft.expr;
            Reading { limit: known.reading.limit.filter(|_| same), ..known.reading }
        }),
        (None, PolicyKind::Custom) => Reading::default(),
    }
}
