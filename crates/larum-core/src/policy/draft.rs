//! A policy as a person typed it, and why it is refused.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use smol_str::SmolStr;

use crate::alert::PolicyId;
use crate::label::{ALERT_NAME, METRIC_NAME, SEVERITY};
use crate::policy::edit::BuiltinEdit;
use crate::policy::refused::{PolicyError, PolicyField};
use crate::policy::template::Template;
use crate::policy::{NO_DATA_HOLD, Policy, PolicyKind};
use crate::severity::Severity;

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// The longest summary, in characters.
pub const MAX_SUMMARY: usize = 500;
/// The longest details, in characters.
pub const MAX_DETAILS: usize = 5_000;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 500;
/// The longest link to a runbook, in characters.
pub const MAX_RUNBOOK: usize = 2_000;
/// The longest expression, in characters.
pub const MAX_EXPRESSION: usize = 10_000;
/// The longest time for which an expression can be asked to hold, and for which no data can be borne with.
pub const MAX_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

/// The most labels, and the most annotations, that a policy can set beside its own.
pub const MAX_TEXTS: usize = 32;
/// The longest label or annotation that a policy can set, in characters.
pub const MAX_TEXT: usize = 2_000;

/// A policy before anything is known to be right about it.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyDraft {
    /// See [`Policy::name`].
    pub name: String,
    /// See [`Policy::alias`]; up to [`MAX_NAME`].
    pub alias: String,
    /// See [`Policy::enabled`].
    pub enabled: bool,
    /// See [`Policy::severity`].
    pub severity: Severity,
    /// See [`Policy::hold`]; up to [`MAX_HOLD`].
    pub hold: Duration,
    /// See [`Policy::keep_firing`]; up to [`MAX_HOLD`].
    pub keep_firing: Duration,
    /// See [`Policy::expr`].
    pub expr: String,
    /// See [`Policy::template`].
    pub template: Option<Template>,
    /// See [`Policy::summary`].
    pub summary: String,
    /// See [`Policy::details`].
    pub details: String,
    /// See [`Policy::description`].
    pub description: String,
    /// See [`Policy::runbook`].
    pub runbook: String,
    /// See [`Policy::no_data_hold`]; up to [`MAX_HOLD`].
    pub no_data_hold: Duration,
    /// See [`Policy::edit`].
    pub edit: BuiltinEdit,
    /// See [`Policy::labels`]; up to [`MAX_TEXTS`].
    pub labels: BTreeMap<SmolStr, String>,
    /// See [`Policy::annotations`]; up to [`MAX_TEXTS`].
    pub annotations: BTreeMap<SmolStr, String>,
}

impl Default for PolicyDraft {
    /// Enabled, warning, five minutes, and no words yet.
    fn default() -> Self {
        Self {
            name: String::new(),
            alias: String::new(),
            enabled: true,
            severity: Severity::Warning,
            hold: Duration::from_secs(5 * 60),
            keep_firing: Duration::ZERO,
            expr: String::new(),
            template: None,
            summary: String::new(),
            details: String::new(),
            description: String::new(),
            runbook: String::new(),
            no_data_hold: NO_DATA_HOLD,
            edit: BuiltinEdit::default(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// Makes a policy of a draft; texts are trimmed. One that stands in a rule file is taken as it is: whoever read the
    /// file has checked what Prometheus checks.
    ///
    /// # Errors
    /// Everything that is wrong with it, at most one [`PolicyError`] per field, in the order of the form.
    pub fn new(
        id: PolicyId,
        kind: PolicyKind,
        version: u64,
        draft: &PolicyDraft,
    ) -> Result<Self, Vec<PolicyError>> {
        if kind.is_rule() {
            return Ok(Self::of_rule(id, kind, version, draft));
        }
        let mut form = Form(Vec::new());
        form.severity(draft.severity, &kind);
        form.span(PolicyField::Duration, draft.hold);
        form.span(PolicyField::KeepFiring, draft.keep_firing);
        form.span(PolicyField::NoDataHold, draft.no_data_hold);
        if let Some(Err(error)) = draft.template.as_ref().map(Template::check) {
            form.refuse_if(true, error);
        }
        let policy = Self {
            id,
            kind,
            version,
            name: form.line(PolicyField::Name, &draft.name, 1..=MAX_NAME),
            alias: form.line(PolicyField::Alias, &draft.alias, 0..=MAX_NAME),
            enabled: draft.enabled,
            severity: draft.severity,
            hold: draft.hold,
            keep_firing: draft.keep_firing,
            expr: form.text(PolicyField::Expression, &draft.expr, 1..=MAX_EXPRESSION),
            template: draft.template.clone(),
            summary: form.line(PolicyField::Summary, &draft.summary, 1..=MAX_SUMMARY),
            details: form.text(PolicyField::Details, &draft.details, 0..=MAX_DETAILS),
            description: form.line(PolicyField::Description, &draft.description, 0..=MAX_DESCRIPTION),
            runbook: form.line(PolicyField::Runbook, &draft.runbook, 0..=MAX_RUNBOOK),
            no_data_hold: draft.no_data_hold,
            edit: draft.edit,
            labels: form.texts(PolicyField::Labels, &draft.labels),
            annotations: form.texts(PolicyField::Annotations, &draft.annotations),
        };
        form.link(&policy.runbook);
        form.finish(policy)
    }

    fn of_rule(id: PolicyId, kind: PolicyKind, version: u64, draft: &PolicyDraft) -> Self {
        Self {
            id,
            kind,
            version,
            name: draft.name.as_str().into(),
            alias: draft.alias.as_str().into(),
            enabled: draft.enabled,
            severity: draft.severity,
            hold: draft.hold,
            keep_firing: draft.keep_firing,
            expr: draft.expr.as_str().into(),
            template: None,
            summary: draft.summary.as_str().into(),
            details: draft.details.as_str().into(),
            description: draft.description.as_str().into(),
            runbook: draft.runbook.as_str().into(),
            no_data_hold: draft.no_data_hold,
            edit: draft.edit,
            labels: shared(&draft.labels),
            annotations: shared(&draft.annotations),
        }
    }

    /// The draft that makes this policy, for editing it.
    pub fn draft(&self) -> PolicyDraft {
        PolicyDraft {
            name: self.name.to_string(),
            alias: self.alias.to_string(),
            enabled: self.enabled,
            severity: self.severity,
            hold: self.hold,
            keep_firing: self.keep_firing,
            expr: self.expr.to_string(),
            template: self.template.clone(),
            summary: self.summary.to_string(),
            details: self.details.to_string(),
            description: self.description.to_string(),
            runbook: self.runbook.to_string(),
            no_data_hold: self.no_data_hold,
            edit: self.edit,
            labels: owned(&self.labels),
            annotations: owned(&self.annotations),
        }
    }
}

fn shared(texts: &BTreeMap<SmolStr, String>) -> BTreeMap<SmolStr, Arc<str>> {
    texts.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect()
}

fn owned(texts: &BTreeMap<SmolStr, Arc<str>>) -> BTreeMap<SmolStr, String> {
    texts.iter().map(|(name, text)| (name.clone(), text.to_string())).collect()
}

/// What is wrong with a form so far.
struct Form(Vec<PolicyError>);

impl Form {
    fn refuse_if(&mut self, wrong: bool, error: PolicyError) {
        if wrong && !self.0.iter().any(|known| known.field() == error.field()) {
            self.0.push(error);
        }
    }

    fn severity(&mut self, severity: Severity, kind: &PolicyKind) {
        // Severity `none` is the watchdog's: what a person makes is meant to be heard.
        let heartbeat = severity == Severity::None && *kind == PolicyKind::Custom;
        self.refuse_if(severity == Severity::Other || heartbeat, PolicyError::Severity);
    }

    fn span(&mut self, field: PolicyField, span: Duration) {
        self.refuse_if(span > MAX_HOLD, PolicyError::TooLate { field });
    }

    /// A text that may have line breaks and tabs.
    fn text(&mut self, field: PolicyField, given: &str, length: std::ops::RangeInclusive<usize>) -> Arc<str> {
        let text = given.trim();
        let (count, limit) = (text.chars().count(), *length.end());
        self.refuse_if(count < *length.start(), PolicyError::Missing { field });
        self.refuse_if(count > limit, PolicyError::TooLong { field, length: count, limit });
        let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        self.refuse_if(text.contains(hidden), PolicyError::Control { field });
        text.into()
    }

    /// A text on one line.
    fn line(&mut self, field: PolicyField, given: &str, length: std::ops::RangeInclusive<usize>) -> Arc<str> {
        let text = self.text(field, given, length);
        self.refuse_if(text.contains(char::is_control), PolicyError::Control { field });
        text
    }

    /// Labels or annotations by their names. The names that a policy gives its alerts itself are not among them.
    fn texts(
        &mut self,
        field: PolicyField,
        given: &BTreeMap<SmolStr, String>,
    ) -> BTreeMap<SmolStr, Arc<str>> {
        let own: &[&str] = match field {
            PolicyField::Labels => &[ALERT_NAME, SEVERITY, METRIC_NAME],
            _ => &["summary", "description", "runbook_url"],
        };
        let count = given.len();
        self.refuse_if(count > MAX_TEXTS, PolicyError::TooMany { field, count, limit: MAX_TEXTS });
        for (name, text) in given {
            let classic = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            self.refuse_if(
                !classic || own.contains(&name.as_str()),
                PolicyError::TextName { field, name: name.clone() },
            );
            self.text(field, text, 0..=MAX_TEXT);
        }
        shared(given)
    }

    fn link(&mut self, link: &str) {
        let wrong = !link.is_empty() && !link.starts_with("https://") && !link.starts_with("http://");
        self.refuse_if(wrong, PolicyError::Runbook);
    }

    fn finish(mut self, policy: Policy) -> Result<Policy, Vec<PolicyError>> {
        self.0.sort_by_key(|error| error.field() as u8);
        if self.0.is_empty() { Ok(policy) } else { Err(self.0) }
    }
}
