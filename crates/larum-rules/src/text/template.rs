//! One text of a rule: parsed once, filled in for every series.

use std::fmt;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_template::{Parsed, Ready as Template, TextError, Unfilled, Value, record};

use super::MAX_TEXT;
use super::function::functions;
use super::inquiry::{Ask, Inquiry, MAX_QUERIES};
use super::kind::Prometheus;
use super::sample::label_map;
use crate::annotation::Installation;

/// What Prometheus puts before every text of an alerting rule (Prometheus, `rules/alerting.go`, `Eval`).
const VARIABLES: &str = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}\
                         {{$externalURL := .ExternalURL}}{{$value := .Value}}";

/// Under which the tree is kept in the template; no name that a person could type.
const BODY: &str = "\u{1}text";

/// A text with `{{ … }}` in it, checked.
pub struct Text {
    source: String,
    /// None if there is nothing to fill in.
    body: Option<Parsed>,
}

/// A text ready to be filled in for every series of one evaluation.
pub struct Ready<'a> {
    text: &'a Text,
    template: Option<Template>,
    inquiry: Arc<Inquiry>,
    ask: &'a dyn Ask,
}

/// What a text can speak of.
pub struct Scene(Value);

impl Scene {
    /// An alert: the labels of its series, its value, and what is said of the whole installation. Missing labels
    /// are empty.
    pub fn new(labels: &LabelSet, value: f64, installation: &Installation) -> Self {
        let Installation { external_labels, external_url } = installation;
        Self(record([
            ("Labels", label_map(labels)),
            ("ExternalLabels", label_map(external_labels)),
            ("ExternalURL", Value::String(Arc::clone(external_url))),
            ("Value", Value::Float(value)),
        ]))
    }
}

impl Text {
    /// Parses a text.
    ///
    /// # Errors
    /// [`TextError`] when it is no template, or asks for what Larum does not know.
    pub fn parse(source: &str) -> Result<Self, TextError> {
        let read = || Parsed::read(&Prometheus, VARIABLES, source);
        let body = if source.contains("{{") { Some(read()?) } else { None };
        Ok(Self { source: source.to_owned(), body })
    }

    /// The text with the functions of an evaluation.
    pub fn ready<'a>(&'a self, inquiry: &Arc<Inquiry>, ask: &'a dyn Ask) -> Ready<'a> {
        let template = self.body.as_ref().map(|body| {
            let mut template = Template::new(functions(inquiry));
            body.defines.iter().for_each(|(name, tree)| template.add(name, tree));
            template.add(BODY, &body.tree);
            template
        });
        Ready { text: self, template, inquiry: Arc::clone(inquiry), ask }
    }
}

impl Ready<'_> {
    /// Fills the text in. What is longer than [`MAX_TEXT`] ends with `…` there.
    ///
    /// # Errors
    /// [`TextError`] when it cannot be filled in for this scene.
    pub fn fill(&self, scene: &Scene) -> Result<String, TextError> {
        let Some(template) = &self.template else { return Ok(self.text.source.clone()) };
        // It stops at most once at each question, and each question counts once for the whole evaluation.
        for _ in 0..=MAX_QUERIES {
            self.inquiry.budget().begin();
            match template.fill(BODY, &scene.0, MAX_TEXT) {
                Ok(text) => return Ok(text),
                Err(Unfilled::TooLong(text)) => return Ok(text + "…"),
                Err(Unfilled::Failed(_)) if self.inquiry.ask(self.ask) => {}
                Err(Unfilled::Failed(words)) => return Err(TextError(words)),
            }
        }
        Err(TextError(format!("more than {MAX_QUERIES} queries")))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.source).finish()
    }
}
