//! A policy ready to be evaluated, and what an evaluation says in the words of the mind.

use std::borrow::Cow;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_core::policy::{
    MAX_SERIES, Outcome, Policy, PolicyDraft, PolicyError, PolicyField, PolicyKind, SeriesValue,
};
use larum_core::time::Timestamp;
use larum_promql::{Element, EvalError, Evaluation, Level, Options, Query, SeriesList, Value};

use crate::annotation::{AnnotationError, Annotations, Installation};
use crate::builtin::{builtin, runbook};
use crate::measure::Reading;
use crate::template::{template_expr, template_reading};
use crate::text::link::table_link;
use crate::text::{Inquiry, Moment, NobodyToAsk, Scene};

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
    query: Arc<Query>,
    labels: Annotations,
    annotations: Annotations,
    reading: Reading,
}

impl CompiledPolicy {
    /// Parses a policy's expression and texts.
    ///
    /// # Errors
    /// What is wrong with them, at most one [`PolicyError`] per field.
    pub fn new(policy: &Policy) -> Result<Self, Vec<PolicyError>> {
        let runbook = link(policy);
        let texts = [(SUMMARY, &*policy.summary), (DESCRIPTION, &policy.details), (RUNBOOK_URL, &runbook)];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let more = policy.annotations.iter().map(|(name, text)| (name.as_str(), &**text));
        let annotations = parse_texts(texts.chain(more));
        let labels = parse_labels(policy.labels.iter().map(|(name, text)| (name.as_str(), &**text)));
        // A rule file may have an expression that no alert can come of; each of its evaluations says so.
        let query = if policy.kind.is_rule() { parse_query(&policy.expr) } else { parse_expr(&policy.expr) };
        match (query, labels, annotations) {
            (Ok(query), Ok(labels), Ok(annotations)) => {
                Ok(Self { query: Arc::new(query), labels, annotations, reading: reading(policy) })
            }
            (query, labels, annotations) => {
                let texts = labels.err().into_iter().chain(annotations.err());
                Err(query.err().into_iter().chain(texts.flatten()).collect())
            }
        }
    }

    /// The expression, to be evaluated.
    pub fn query(&self) -> &Arc<Query> {
        &self.query
    }

    /// As [`CompiledPolicy::outcome_at`], at the beginning of all time and with nobody for the texts to ask.
    pub fn outcome(
        &self,
        answer: Result<Evaluation, EvalError>,
        complete: bool,
        installation: &Installation,
    ) -> Outcome {
        let moment = Moment { at: Timestamp::default(), ask: &NobodyToAsk, installation };
        self.outcome_at(answer, complete, &moment)
    }

    /// What an evaluation of [`CompiledPolicy::query`] came to. `complete` says whether the source knows all of
    /// the time that the expression looks back on ([`Query::longest_window`]); `moment` says of what time the texts
    /// speak and whom they ask.
    pub fn outcome_at(
        &self,
        answer: Result<Evaluation, EvalError>,
        complete: bool,
        moment: &Moment,
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
        if elements.is_empty() {
            return Outcome::Series { series: Vec::new(), complete, warnings };
        }
        let inquiry = Inquiry::new(moment);
        let [labels, texts] =
            [&self.labels, &self.annotations].map(|texts| texts.ready(&inquiry, moment.ask));
        let generator_url: Arc<str> = generator_url(self.query.text(), moment.installation).into();
        let series = elements.into_iter().map(|element| {
            let scene = Scene::new(&element.labels, element.value, moment.installation);
            let ((annotations, wrong), (set_labels, more)) =
                (texts.fill("annotation", &scene), labels.fill("label", &scene));
            wrong.into_iter().chain(more).for_each(&mut warn);
            SeriesValue {
                annotations: LabelSet::from_pairs(annotations),
                set_labels,
                generator_url: Arc::clone(&generator_url),
                measured: self.reading.measured(element.value),
                labels: element.labels,
            }
        });
        Outcome::Series { series: series.collect(), complete, warnings }
    }
}

/// Where an expression can be looked at in the console (Prometheus, `rules/manager.go`, `SendAlerts`).
fn generator_url(expr: &str, installation: &Installation) -> String {
    match &*installation.external_url {
        "" => String::new(),
        url => format!("{}{}", url.trim_end_matches('/'), table_link(expr)),
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
    match draft.template.as_ref().map(template_expr) {
        Some(Ok(expr)) => draft.expr = expr,
        Some(Err(error)) => errors.push(error),
        // That it is missing is for the form to say.
        None if draft.expr.trim().is_empty() => {}
        None => errors.extend(parse_expr(&draft.expr).err()),
    }
    let texts = [(SUMMARY, &draft.summary), (DESCRIPTION, &draft.details), (RUNBOOK_URL, &draft.runbook)];
    let more = draft.annotations.iter().map(|(name, text)| (name.as_str(), text));
    let texts = texts.into_iter().chain(more).map(|(name, text)| (name, text.as_str()));
    errors.extend(parse_texts(texts).err().into_iter().flatten());
    let labels = draft.labels.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    errors.extend(parse_labels(labels).err().into_iter().flatten());
    if errors.is_empty() { Ok(draft) } else { Err(errors) }
}

fn refused_expr(message: String) -> PolicyError {
    PolicyError::Other { field: PolicyField::Expression, message }
}

fn parse_query(expr: &str) -> Result<Query, PolicyError> {
    Query::parse(expr).map_err(|error| refused_expr(error.to_string()))
}

/// The expression, if alerts can come of it.
fn parse_expr(expr: &str) -> Result<Query, PolicyError> {
    let query = parse_query(expr)?;
    // The kind of an answer does not depend on the series: without any, an evaluation costs nothing.
    let answer = query.instant(&SeriesList::default(), Timestamp::default(), &Options::default());
    match answer.map(|evaluation| elements(evaluation.value)) {
        Ok(Err(error)) => Err(refused_expr(error)),
        _ => Ok(query),
    }
}

/// The elements that an answer gives an alert each; a number is one without labels, as Prometheus has it
/// (`rules/manager.go`, `EngineQueryFunc`).
///
/// # Errors
/// Says so when it is a range of values or a text.
pub fn elements(value: Value) -> Result<Vec<Element>, String> {
    let wrong =
        |what| format!("the expression gives {what}, but an alert needs an instant vector or a number");
    match value {
        Value::Vector(elements) => Ok(elements),
        Value::Scalar(value) => Ok(vec![Element::new(LabelSet::empty(), value)]),
        Value::Matrix(_) => Err(wrong("a range of values")),
        Value::Text(_) => Err(wrong("a text")),
    }
}

fn parse_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Annotations, Vec<PolicyError>> {
    parse_at(texts, |name| match name {
        SUMMARY => PolicyField::Summary,
        DESCRIPTION => PolicyField::Details,
        RUNBOOK_URL => PolicyField::Runbook,
        _ => PolicyField::Annotations,
    })
}

fn parse_labels<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Annotations, Vec<PolicyError>> {
    parse_at(texts, |_| PolicyField::Labels)
}

/// Parses texts by their names; what is wrong is told at the field that has the name.
fn parse_at<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    field: impl Fn(&str) -> PolicyField,
) -> Result<Annotations, Vec<PolicyError>> {
    Annotations::parse(texts).map_err(|errors| {
        let refuse = |error: AnnotationError| {
            let field = field(&error.name);
            let named = matches!(field, PolicyField::Labels | PolicyField::Annotations);
            let message = if named { format!("{}: {}", error.name, error.message) } else { error.message };
            PolicyError::Other { field, message }
        };
        errors.into_iter().map(refuse).collect()
    })
}

/// The policy's runbook, a template. One that comes with Larum and names no other has its page there, if it is known
/// where Larum is to be found.
fn link(policy: &Policy) -> Cow<'_, str> {
    match &policy.kind {
        PolicyKind::Builtin { key } if policy.runbook.is_empty() => {
            let page = builtin(key).filter(|known| runbook(&known.draft.name).is_some());
            page.map_or(Cow::default(), |known| {
                let name = &known.draft.name;
                format!("{{{{ with $externalURL }}}}{{{{ . }}}}/runbooks/{name}{{{{ end }}}}").into()
            })
        }
        _ => Cow::Borrowed(&policy.runbook),
    }
}

/// How a policy's values are put into words. The limit of a policy that comes with Larum is known only while nothing
/// but its threshold was changed in its expression.
fn reading(policy: &Policy) -> Reading {
    match (&policy.template, &policy.kind) {
        (Some(template), _) => template_reading(template),
        (None, PolicyKind::Builtin { key }) => {
            builtin(key).map_or(Reading::default(), |known| known.reading_of(&policy.expr))
        }
        (None, PolicyKind::Custom | PolicyKind::RuleFile(_)) => Reading::default(),
    }
}
