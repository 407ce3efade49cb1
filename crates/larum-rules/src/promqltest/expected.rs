//! What an evaluation is expected to come to.

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{Annotation, Level};
use larum_re2::Expression;

use super::quoted::unquote;
use super::series::Point;

/// What is written below an `eval`.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub result: Results,
    /// The elements come in the order in which they are written.
    pub ordered: bool,
    /// The evaluation fails, and its error is one of these.
    pub fail: Option<Wording>,
    /// There are warnings: each wording is met by one, and each warning by a wording.
    pub warn: Vec<Wording>,
    /// The same of infos.
    pub info: Vec<Wording>,
    pub no_warn: bool,
    pub no_info: bool,
}

/// The values that are expected.
#[derive(Debug, Default)]
pub(super) enum Results {
    /// Neither series nor a number.
    #[default]
    Nothing,
    Scalar(f64),
    Text(String),
    /// Series in the order in which they are written.
    Series(Vec<(LabelSet, Vec<Point>)>),
    /// The series of a range vector, whose points stand at these times.
    Range {
        times: Times,
        series: Vec<(LabelSet, Vec<Point>)>,
    },
}

/// From when to when, and how far apart, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub from: i64,
    pub to: i64,
    pub step: i64,
}

impl Times {
    /// When the point at `index` stands; none if behind the end.
    pub fn at(&self, index: usize) -> Option<Timestamp> {
        let index = i64::try_from(index).ok()?;
        let at = self.from.checked_add(index.checked_mul(self.step)?)?;
        (at <= self.to).then_some(Timestamp::from_millis(at))
    }
}

/// What an error or a remark is to say.
#[derive(Debug)]
pub(super) enum Wording {
    Any,
    Exactly(String),
    Like(Expression, String),
}

impl Wording {
    /// Reads `msg: text`, `regex: pattern`, or nothing.
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            Ok(Self::Any)
        } else if let Some(exact) = text.strip_prefix("msg:") {
            Ok(Self::Exactly(exact.trim().to_owned()))
        } else if let Some(pattern) = text.strip_prefix("regex:") {
            Self::like(pattern)
        } else {
            Err(format!("expected `msg: …` or `regex: …`, not {text:?}"))
        }
    }

    pub fn like(pattern: &str) -> Result<Self, String> {
        let pattern = pattern.trim();
        let expression = Expression::found(pattern).map_err(|error| error.to_string())?;
        Ok(Self::Like(expression, pattern.to_owned()))
    }

    pub fn is_met_by(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(exact) => exact == text,
            Self::Like(expression, _) => expression.is_match(text),
        }
    }
}

impl std::fmt::Display for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Exactly(text) => write!(f, "{text:?}"),
            Self::Like(_, pattern) => write!(f, "something like {pattern:?}"),
        }
    }
}

impl Expected {
    /// Takes an `expect` line (Prometheus, `promqltest/README.md`, "`expect` Syntax"), without the word `expect`.
    pub fn take(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim();
        let end = line.find(char::is_whitespace).unwrap_or(line.len());
        let (word, rest) = line.split_at(end);
        match word {
            "ordered" => self.ordered = true,
            "no_warn" => self.no_warn = true,
            "no_info" => self.no_info = true,
            "warn" => self.warn.push(Wording::read(rest)?),
            "info" => self.info.push(Wording::read(rest)?),
            "fail" if self.fail.is_some() => return Err("`expect fail` may stand but once".to_owned()),
            "fail" => self.fail = Some(Wording::read(rest)?),
            _ => return Err(format!("`expect {line}` is not known")),
        }
        for (some, none, what) in [(&self.warn, self.no_warn, "warn"), (&self.info, self.no_info, "info")] {
            if !some.is_empty() && none {
                return Err(format!("`expect {what}` and `expect no_{what}` exclude each other"));
            }
        }
        Ok(())
    }

    /// Adds what one of the older commands expects by its name, where no line says it more exactly.
    pub fn take_older(&mut self, command: &str) {
        match command {
            "eval_ordered" => self.ordered = true,
            "eval_fail" if self.fail.is_none() => self.fail = Some(Wording::Any),
            "eval_warn" if self.warn.is_empty() => self.warn.push(Wording::Any),
            "eval_info" if self.info.is_empty() => self.info.push(Wording::Any),
            _ => {}
        }
    }

    /// What of the expectations the remarks of an evaluation do not meet. Their places are compared where they are
    /// written: Prometheus' own tests have them since July 2026, and had none before.
    pub fn check_annotations(&self, annotations: &[Annotation]) -> Result<(), String> {
        let of = |level| annotations.iter().filter(move |annotation| annotation.level == level);
        check_level("warning", &self.warn, self.no_warn, &of(Level::Warning).collect::<Vec<_>>())?;
        check_level("info", &self.info, self.no_info, &of(Level::Info).collect::<Vec<_>>())
    }
}

fn check_level(what: &str, wanted: &[Wording], none: bool, found: &[&Annotation]) -> Result<(), String> {
    let told = || found.iter().map(ToString::to_string).collect::<Vec<_>>();
    if none && !found.is_empty() {
        return Err(format!("expected no {what}, got {:?}", told()));
    }
    let meets = |wording: &Wording, annotation: &Annotation| {
        wording.is_met_by(&annotation.text) || wording.is_met_by(&annotation.to_string())
    };
    if let Some(missing) = wanted.iter().find(|wording| !found.iter().any(|one| meets(wording, one))) {
        return Err(format!("expected {missing} as {what}, got {:?}", told()));
    }
    match found.iter().find(|one| !wanted.iter().any(|wording| meets(wording, one))) {
        Some(unexpected) if !wanted.is_empty() => {
            Err(format!("the {what} {:?} was not expected", unexpected.to_string()))
        }
        _ => Ok(()),
    }
}

/// Reads what stands behind `expect string`: a quoted text, or the text itself behind one space, as it was written
/// for some time.
pub(super) fn text(literal: &str) -> Result<String, String> {
    let literal = literal.strip_prefix(' ').unwrap_or(literal);
    if !literal.starts_with(['"', '\'', '`']) {
        return Ok(literal.to_owned());
    }
    match unquote(literal)? {
        (text, "") => Ok(text),
        _ => Err(format!("{literal:?} is not one quoted text")),
    }
}
