//! What goes in and what comes out: samples, series and the values of expressions.

use std::fmt;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

/// One measurement of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// When it was measured.
    pub at: Timestamp,
    /// What was measured.
    pub value: f64,
}

impl Sample {
    /// A sample `millis` milliseconds after the Unix epoch.
    pub const fn new(millis: i64, value: f64) -> Self {
        Self { at: Timestamp::from_millis(millis), value }
    }

    pub(crate) const fn millis(&self) -> i64 {
        self.at.as_millis()
    }
}

/// One series with its samples in order of time, no two at one time. Cloning shares the samples.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the series is known by, the metric name among them.
    pub labels: LabelSet,
    /// Its samples, oldest first, staleness markers included.
    pub samples: Arc<[Sample]>,
}

/// The bits of the NaN that says *this series ended here* (Prometheus, `model/value`, `StaleNaN`).
pub const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The value that says *this series ended here*. Compare with [`is_stale`], never with `==`.
pub const STALE: f64 = f64::from_bits(STALE_BITS);

/// Whether a value is the staleness marker, to the bit; an ordinary NaN is not.
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_BITS
}

/// One element of an instant vector.
#[derive(Clone, Debug)]
pub struct Element {
    /// What it is known by.
    pub labels: LabelSet,
    /// Its value.
    pub value: f64,
    /// Whether its metric name goes once the whole expression is evaluated (only with
    /// [`NameRemoval::AtTheEnd`](crate::NameRemoval::AtTheEnd); already settled in results).
    pub(crate) drop_name: bool,
}

impl Element {
    /// An element whose labels are final.
    pub fn new(labels: LabelSet, value: f64) -> Self {
        Self { labels, value, drop_name: false }
    }
}

/// What an expression evaluates to (Prometheus, "Expression language data types").
#[derive(Clone, Debug)]
pub enum Value {
    /// A number without labels.
    Scalar(f64),
    /// A text.
    Text(String),
    /// One value for each of several label sets, all at the time of the evaluation.
    Vector(Vec<Element>),
    /// Several series, each with values over a range of time.
    Matrix(Vec<Series>),
}

impl Value {
    /// The elements of a vector, none for anything else.
    pub fn elements(&self) -> &[Element] {
        match self {
            Self::Vector(elements) => elements,
            _ => &[],
        }
    }
}

/// How serious a remark about an evaluation is (Prometheus, "HTTP API": `warnings` and `infos`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; the result stands.
    Info,
    /// The result may be wrong or part of it is missing.
    Warning,
}

/// A remark about an evaluation that did not fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Annotation {
    /// How serious it is.
    pub level: Level,
    /// What there is to say, in Prometheus' words (`util/annotations`): `PromQL warning: …` or `PromQL info: …`.
    pub text: String,
    /// Where in the query that begins what it is about, if it is known.
    pub place: Option<Place>,
}

/// A place in the text of a query; both numbers begin with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, counted in bytes as Prometheus counts it (`promql/parser/posrange`, `StartPosInput`).
    pub column: usize,
}

impl Place {
    /// The place of a byte of a text.
    pub(crate) fn of(text: &str, at: usize) -> Self {
        let before = &text.as_bytes()[..at.min(text.len())];
        let line_begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Self { line, column: before.len() - line_begin + 1 }
    }
}

/// What there is to say and where, as Prometheus' API has it: `PromQL warning: … (1:10)`.
impl fmt::Display for Annotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.place {
            Some(Place { line, column }) => write!(f, " ({line}:{column})"),
            None => Ok(()),
        }
    }
}

impl Annotation {
    pub(crate) fn new(level: Level, text: &str, place: Place) -> Self {
        let kind = match level {
            Level::Info => "info",
            Level::Warning => "warning",
        };
        Self { level, text: format!("PromQL {kind}: {text}"), place: Some(place) }
    }
}

/// The outcome of an evaluation.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What the expression evaluates to.
    pub value: Value,
    /// The text of each *required* selector that found nothing: one outside `absent()`, of both sides of `or`,
    /// and of the right side of `unless`. With one of these, an empty result means *no data*, not *healthy*.
    pub empty_selectors: Vec<String>,
    /// Remarks, warnings last, each once.
    pub annotations: Vec<Annotation>,
    /// How many samples were looked at, windows that overlap counted again.
    pub samples_touched: u64,
}
