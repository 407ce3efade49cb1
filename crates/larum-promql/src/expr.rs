//! The expression as Larum understands it: checked, with every function resolved and every selector numbered.

use larum_core::matcher::Matcher;
use larum_re2::{Expression, Replacement};

use crate::function::Function;

/// The four types of the language (Prometheus, "Expression language data types").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Text,
    Vector,
    Matrix,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Text => "string",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
        }
    }
}

/// A checked expression. Parentheses are gone; their work is done by the shape of the tree.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Number(f64),
    Text(String),
    Select(Select),
    Range(Range),
    Call(Call),
    Relabel(Box<Relabel>),
    Aggregate(Aggregate),
    Binary(Binary),
    Negate(Box<Expr>),
}

impl Expr {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Scalar,
            Self::Text(_) => Kind::Text,
            Self::Select(_) | Self::Relabel(_) | Self::Aggregate(_) => Kind::Vector,
            Self::Range(_) => Kind::Matrix,
            Self::Call(call) => call.function.returns,
            Self::Binary(binary) => binary.kind,
            Self::Negate(inner) => inner.kind(),
        }
    }
}

/// An instant vector selector; `id` numbers the places of an expression that hold data.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub id: usize,
    pub matchers: Vec<Matcher>,
    pub shift: Shift,
    pub edges: Edges,
}

/// A range vector: samples of a selector or values of a subquery over the last `window`.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub id: usize,
    /// Milliseconds, positive.
    pub window: i64,
    pub shift: Shift,
    /// Those of a subquery are plain.
    pub edges: Edges,
    pub of: RangeOf,
}

#[derive(Clone, Debug)]
pub(crate) enum RangeOf {
    Samples(Vec<Matcher>),
    /// An expression evaluated every `step` milliseconds (none: the default step), at multiples of the step.
    Subquery {
        inner: Box<Expr>,
        step: Option<i64>,
    },
}

/// `offset` and `@`: where a selector looks from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shift {
    /// Milliseconds into the past; negative looks ahead.
    pub offset: i64,
    pub anchor: Option<Anchor>,
}

/// What counts at the edges of a range, or at the time of an instant (Prometheus, "Querying basics", `anchored` and
/// `smoothed`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edges {
    /// The samples within.
    #[default]
    Plain,
    /// The newest sample up to the beginning of a range stands for what was there then.
    Anchored,
    /// What was there is drawn as a straight line between the samples before and behind.
    Smoothed,
}

impl Edges {
    /// How many milliseconds before the beginning and behind the end of a range samples count.
    pub(crate) fn beyond(self, lookback: i64) -> (i64, i64) {
        match self {
            Self::Plain => (0, 0),
            Self::Anchored => (lookback, 0),
            Self::Smoothed => (lookback, lookback),
        }
    }

    /// The word for it.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Anchored => Some("anchored"),
            Self::Smoothed => Some("smoothed"),
        }
    }
}

/// What `@` names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Anchor {
    Millis(i64),
    Start,
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub function: &'static Function,
    pub arguments: Vec<Expr>,
    pub written: Written,
}

/// Where a call or an aggregation stands in the text of the query, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub at: usize,
    /// Where its arguments begin.
    pub arguments: Vec<usize>,
}

impl Written {
    /// Where an argument begins.
    pub(crate) fn argument(&self, index: usize) -> usize {
        self.arguments.get(index).copied().unwrap_or(self.at)
    }
}

/// `label_replace` and `label_join`: they change labels only.
#[derive(Clone, Debug)]
pub(crate) struct Relabel {
    pub inner: Expr,
    pub target: String,
    pub how: RelabelBy,
}

#[derive(Clone, Debug)]
pub(crate) enum RelabelBy {
    Replace { source: String, regex: Expression, template: String, replacement: Replacement },
    Join { sources: Vec<String>, separator: String },
}

#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub reduce: Reduce,
    pub grouping: Grouping,
    pub inner: Box<Expr>,
    pub written: Written,
}

/// What an aggregation makes of the elements of one group.
#[derive(Clone, Debug)]
pub(crate) enum Reduce {
    Sum,
    Average,
    Minimum,
    Maximum,
    Count,
    Group,
    Deviation,
    Variance,
    Quantile(Box<Expr>),
    CountValues(String),
    Largest(Box<Expr>),
    Smallest(Box<Expr>),
}

/// `by (…)` or `without (…)`; nothing at all is `by ()`.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    pub without: bool,
    /// Sorted, each once.
    pub labels: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub operator: Operator,
    pub left: Box<Expr>,
    pub right: Box<Expr>,
    /// `bool`: 0 or 1 instead of filtering.
    pub as_bool: bool,
    pub matching: Matching,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Math(Math),
    Compare(Compare),
    And,
    Or,
    Unless,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Math {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// How the elements of two vectors find each other (Prometheus, "Vector matching").
#[derive(Clone, Debug)]
pub(crate) struct Matching {
    /// `on (…)` rather than `ignoring (…)`.
    pub on: bool,
    /// Sorted, each once.
    pub labels: Vec<String>,
    pub group: Group,
}

/// Which side may have several elements for one of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Neither,
    /// `group_left (labels to take from the right)`
    Left(Vec<String>),
    /// `group_right (labels to take from the left)`
    Right(Vec<String>),
}

impl Reduce {
    /// The number it takes besides the vector.
    pub(crate) fn parameter(&self) -> Option<&Expr> {
        match self {
            Self::Quantile(number) | Self::Largest(number) | Self::Smallest(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn parameter_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Self::Quantile(number) | Self::Largest(number) | Self::Smallest(number) => Some(number),
            _ => None,
        }
    }
}

impl Compare {
    pub(crate) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Greater => left > right,
            Self::Less => left < right,
            Self::GreaterOrEqual => left >= right,
            Self::LessOrEqual => left <= right,
        }
    }
}

impl Expr {
    /// How many milliseconds before the time of evaluation the oldest sample may lie that this looks at; none if
    /// it looks at none.
    pub(crate) fn reach(&self, lookback: i64) -> Option<i64> {
        let behind = |shift: &Shift, window: i64| {
            let offset = if let Some(Anchor::Millis(_)) = shift.anchor { 0 } else { shift.offset };
            window.saturating_add(offset)
        };
        match self {
            Self::Number(_) | Self::Text(_) => None,
            Self::Select(select) => Some(behind(&select.shift, lookback)),
            Self::Range(range) => {
                let inner = match &range.of {
                    RangeOf::Samples(_) => range.edges.beyond(lookback).0,
                    RangeOf::Subquery { inner, .. } => inner.reach(lookback)?,
                };
                Some(behind(&range.shift, range.window).saturating_add(inner))
            }
            Self::Call(call) => call.arguments.iter().filter_map(|argument| argument.reach(lookback)).max(),
            Self::Relabel(relabel) => relabel.inner.reach(lookback),
            Self::Aggregate(aggregate) => {
                let parameter = aggregate.reduce.parameter().and_then(|parameter| parameter.reach(lookback));
                parameter.max(aggregate.inner.reach(lookback))
            }
            Self::Binary(binary) => binary.left.reach(lookback).max(binary.right.reach(lookback)),
            Self::Negate(inner) => inner.reach(lookback),
        }
    }
}
