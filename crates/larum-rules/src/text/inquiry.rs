//! What the texts of one evaluation share: its time, and the answers to what they ask.
//!
//! A template runs to its end or stops at a question that nobody has asked yet. Then whoever fills it in asks the
//! source and begins anew, so that the functions of templates need no source, and a question is asked once however
//! many texts and series ask it: at one time, one question has one answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use larum_core::time::Timestamp;
use larum_promql::{Element, Options, Querier, Query};
use larum_template::{Budget, Value};

use super::sample::samples;
use crate::annotation::Installation;

/// The most different queries that the texts of a rule may ask in one evaluation.
pub const MAX_QUERIES: usize = 1_000;
/// The most series that the answers to them may have together.
pub const MAX_ANSWERED: usize = 100_000;

/// Whom texts ask for the series that they name in `query`.
pub trait Ask {
    /// What an expression comes to at the time of the evaluation; a number is one element without labels.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    fn ask(&self, expr: &str) -> Result<Vec<Element>, String>;
}

/// Nobody to ask: every query of a text fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodyToAsk;

impl Ask for NobodyToAsk {
    fn ask(&self, _: &str) -> Result<Vec<Element>, String> {
        Err("there is no metrics source to ask here".to_owned())
    }
}

/// A source of series at one time.
pub struct SourceAt<'a> {
    /// The source.
    pub source: &'a dyn Querier,
    /// The time.
    pub at: Timestamp,
    /// How its expressions are evaluated.
    pub options: &'a Options,
}

impl Ask for SourceAt<'_> {
    fn ask(&self, expr: &str) -> Result<Vec<Element>, String> {
        let query = Query::parse(expr).map_err(|error| error.to_string())?;
        let answer = query.instant(self.source, self.at, self.options);
        vector(answer.map_err(|error| error.to_string())?.value)
    }
}

/// The elements of an answer, a number as one without labels.
///
/// # Errors
/// Says so when it is neither, in the words of Prometheus (`rules/manager.go`, `EngineQueryFunc`).
pub fn vector(value: larum_promql::Value) -> Result<Vec<Element>, String> {
    match value {
        larum_promql::Value::Vector(elements) => Ok(elements),
        larum_promql::Value::Scalar(value) => {
            Ok(vec![Element::new(larum_core::label::LabelSet::empty(), value)])
        }
        larum_promql::Value::Text(_) | larum_promql::Value::Matrix(_) => {
            Err("rule result is not a vector or scalar".to_owned())
        }
    }
}

/// When and where a rule is evaluated: what its texts can speak of beside their series.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The time of the evaluation.
    pub at: Timestamp,
    /// Whom the texts ask, for answers at that time.
    pub ask: &'a dyn Ask,
    /// Where it is evaluated.
    pub installation: &'a Installation,
}

/// What the functions of templates ask and learn in one evaluation: of its [`Moment`], and of whom that names.
pub struct Inquiry {
    at: Timestamp,
    external_url: Arc<str>,
    budget: Arc<Budget>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    answers: BTreeMap<Arc<str>, Result<Value, String>>,
    /// How many series the answers have.
    answered: usize,
    /// The question at which a template stopped.
    open: Option<Arc<str>>,
}

impl Inquiry {
    pub fn new(moment: &Moment<'_>) -> Arc<Self> {
        let external_url = Arc::clone(&moment.installation.external_url);
        Arc::new(Self { at: moment.at, external_url, budget: Arc::default(), notes: Mutex::default() })
    }

    pub fn external_url(&self) -> &Arc<str> {
        &self.external_url
    }

    /// Counts the templates of one text.
    pub fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// The time of the evaluation, in seconds since the Unix epoch.
    pub fn now(&self) -> f64 {
        self.at.as_millis() as f64 / 1000.0
    }

    /// The answer to a query, if it is known; else notes the question.
    pub fn answer(&self, expr: &str) -> Result<Value, String> {
        let mut notes = self.notes();
        if let Some(answer) = notes.answers.get(expr) {
            return answer.clone();
        }
        notes.open = Some(expr.into());
        Err("not asked yet".to_owned())
    }

    /// Asks the question at which a template stopped; no, if it stopped for another reason.
    pub fn ask(&self, ask: &dyn Ask) -> bool {
        let Some(expr) = self.notes().open.take() else { return false };
        let answer = self.asked(ask, &expr);
        self.notes().answers.insert(expr, answer);
        true
    }

    fn asked(&self, ask: &dyn Ask, expr: &str) -> Result<Value, String> {
        if self.notes().answers.len() >= MAX_QUERIES {
            return Err(format!("the texts of a rule can ask at most {MAX_QUERIES} queries at a time"));
        }
        let found = ask.ask(expr)?;
        let mut notes = self.notes();
        notes.answered += found.len();
        if notes.answered > MAX_ANSWERED {
            return Err(format!("the texts of a rule can ask for at most {MAX_ANSWERED} series at a time"));
        }
        Ok(samples(&found))
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
