//! Computed durations, which the foreign parser does not know: they are read here, and it is shown a mark for each.
//!
//! The grammar is Prometheus 3.14's (`promql/parser/generated_parser.y`, `duration_expr` and `offset_duration_expr`).
//! Behind `offset` a number, a function or a parenthesis with a sign before it stands for itself: `x offset 1m * 2` is
//! twice `x offset 1m`. A parenthesis without a sign goes on: `x offset (1m) * 2` looks back two minutes.

use std::ops::Range;
use std::time::Duration;

use super::scan::{self, MAX_DEPTH};
use crate::error::ParseError;
use crate::formula::{Formula, Pairing, Term};

/// Where a duration may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// Inside brackets.
    Brackets,
    /// Behind `offset`.
    Offset,
}

/// The computed durations of a text, each known by its mark.
#[derive(Debug, Default)]
pub(super) struct Formulas(Vec<Formula>);

/// The first mark: so many years, which is more than a duration can be.
const FIRST_MARK: u64 = 1_000;
const YEAR: u64 = 365 * 86_400;

impl Formulas {
    /// Keeps a formula and answers the mark for it.
    pub fn add(&mut self, formula: Formula) -> String {
        self.0.push(formula);
        format!("{}y", FIRST_MARK + self.0.len() as u64 - 1)
    }

    /// The formula for which a duration stands, if it is a mark.
    pub fn of(&self, span: Duration) -> Option<&Formula> {
        let years = span.as_secs() / YEAR;
        self.0.get(usize::try_from(years.checked_sub(FIRST_MARK)?).ok()?)
    }
}

/// Reads the computed duration that begins at `start`; none if a plain one stands there, or none at all. Answers also
/// where it ends.
pub(super) fn read(text: &str, start: usize, spot: Spot) -> Result<Option<(Formula, usize)>, ParseError> {
    let mut reader = Reader { text, at: start, depth: 0 };
    let first = reader.peek();
    let second = reader.after(&first);
    let begins = match &text[first] {
        // A number behind `offset` and a minus is what the parser knows.
        "-" => spot == Spot::Brackets || !is_number(second),
        "+" | "(" => true,
        word if function(word).is_some() => second == "(",
        token => is_number(token) && spot == Spot::Brackets && operator(second).is_some(),
    };
    if !begins {
        return Ok(None);
    }
    if spot == Spot::Offset {
        return Ok(Some((reader.offset()?, reader.at)));
    }
    let formula = reader.sum(0)?;
    let next = reader.peek();
    if !matches!(&text[next.clone()], "]" | ":") {
        return Err(reader.unexpected(&next));
    }
    if formula.literal().is_some_and(|seconds| seconds <= 0.0) {
        return Err(scan::fault(text, formula.start, "duration must be greater than 0"));
    }
    Ok(Some((formula, reader.at)))
}

/// The precedence of a sign, which is that of a product.
const SIGN: u8 = 2;

/// The operator, its precedence, and whether it groups to the right.
fn operator(token: &str) -> Option<(Pairing, u8, bool)> {
    Some(match token {
        "+" => (Pairing::Add, 1, false),
        "-" => (Pairing::Subtract, 1, false),
        "*" => (Pairing::Multiply, 2, false),
        "/" => (Pairing::Divide, 2, false),
        "%" => (Pairing::Modulo, 2, false),
        "^" => (Pairing::Power, 3, true),
        _ => return None,
    })
}

/// What can be called.
#[derive(Clone, Copy)]
enum Function {
    Step,
    Range,
    Pair(Pairing),
    /// `min` and `max`, as the pairs were called while they were experimental.
    Former(&'static str),
}

fn function(word: &str) -> Option<Function> {
    Some(match word.to_ascii_lowercase().as_str() {
        "step" => Function::Step,
        "range" => Function::Range,
        "min_of" => Function::Pair(Pairing::Smaller),
        "max_of" => Function::Pair(Pairing::Larger),
        "min" => Function::Former("min() of durations"),
        "max" => Function::Former("max() of durations"),
        _ => return None,
    })
}

fn is_number(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_digit())
        || (token.len() > 1 && token.starts_with('.') && token.as_bytes()[1].is_ascii_digit())
}

struct Reader<'a> {
    text: &'a str,
    /// What is read ends here.
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// The next token, nothing at the end.
    fn peek(&self) -> Range<usize> {
        let mut at = self.at;
        loop {
            let rest = &self.text[at..];
            let Some(first) = rest.chars().next() else { return at..at };
            let length = match first {
                c if c.is_whitespace() => {
                    at += c.len_utf8();
                    continue;
                }
                '#' => {
                    at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                    continue;
                }
                _ if is_number(rest) => scan::number_end(rest),
                c if c.is_alphanumeric() || c == '_' => {
                    rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
                }
                c => c.len_utf8(),
            };
            return at..at + length;
        }
    }

    /// The token behind another.
    fn after(&self, token: &Range<usize>) -> &'a str {
        let next = Self { at: token.end, ..*self }.peek();
        &self.text[next]
    }

    fn token(&mut self) -> Range<usize> {
        let token = self.peek();
        self.at = token.end;
        token
    }

    fn expect(&mut self, wanted: &str) -> Result<Range<usize>, ParseError> {
        let token = self.token();
        if &self.text[token.clone()] == wanted { Ok(token) } else { Err(self.unexpected(&token)) }
    }

    fn unexpected(&self, token: &Range<usize>) -> ParseError {
        let what = match &self.text[token.clone()] {
            "" => "end of input".to_owned(),
            token => format!("{token:?}"),
        };
        let (line, column) = scan::place(self.text, token.start);
        ParseError::Unexpected { line, column, what }
    }

    /// A duration behind `offset`.
    fn offset(&mut self) -> Result<Formula, ParseError> {
        let first = self.peek();
        let sign = &self.text[first.clone()];
        if !matches!(sign, "+" | "-") {
            return if sign == "(" { self.sum(0) } else { self.single() };
        }
        if matches!(self.after(&first), "+" | "-") {
            return self.sum(0);
        }
        self.at = first.end;
        let inner = self.single()?;
        self.signed(first, inner)
    }

    /// A duration with all operators that bind at least as much as `least`.
    fn sum(&mut self, least: u8) -> Result<Formula, ParseError> {
        self.deeper()?;
        let first = self.peek();
        let mut left = if matches!(&self.text[first.clone()], "+" | "-") {
            self.at = first.end;
            let inner = self.sum(SIGN + 1)?;
            self.signed(first, inner)?
        } else {
            self.single()?
        };
        loop {
            let token = self.peek();
            let Some((pairing, precedence, to_the_right)) = operator(&self.text[token.clone()]) else {
                break;
            };
            if precedence < least {
                break;
            }
            self.at = token.end;
            let right = self.sum(if to_the_right { precedence } else { precedence + 1 })?;
            let zero = right.literal() == Some(0.0);
            let fault = match pairing {
                Pairing::Divide if zero => Some("division by zero"),
                Pairing::Modulo if zero => Some("modulo by zero"),
                _ => None,
            };
            if let Some(fault) = fault {
                return Err(scan::fault(self.text, token.start, fault));
            }
            let between = left.start..right.end;
            left = made(Term::Pair(pairing, Box::new([left, right])), between)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A number, a function, or what stands in parentheses.
    fn single(&mut self) -> Result<Formula, ParseError> {
        let token = self.token();
        let word = &self.text[token.clone()];
        if word == "(" {
            let mut inner = self.sum(0)?;
            self.expect(")")?;
            // Of parentheses around a mere number nothing remains.
            inner.wrapped = inner.literal().is_none();
            return Ok(inner);
        }
        if is_number(word) {
            let Some((value, with_units)) = scan::seconds(word)? else { return Err(self.unexpected(&token)) };
            return made(Term::Seconds { value, with_units }, token);
        }
        let Some(function) = function(word) else { return Err(self.unexpected(&token)) };
        self.expect("(")?;
        let term = match function {
            Function::Step => Term::Step,
            Function::Range => Term::Range,
            Function::Pair(pairing) => {
                let left = self.sum(0)?;
                self.expect(",")?;
                Term::Pair(pairing, Box::new([left, self.sum(0)?]))
            }
            Function::Former(what) => {
                let why = "Prometheus calls it min_of() and max_of()";
                return Err(ParseError::Unsupported { what: what.to_owned(), why });
            }
        };
        let end = self.expect(")")?.end;
        made(term, token.start..end)
    }

    /// A duration behind a sign; one before a mere number becomes a part of it.
    fn signed(&self, sign: Range<usize>, inner: Formula) -> Result<Formula, ParseError> {
        let (start, end) = (sign.start, inner.end);
        match (&self.text[sign], inner.term) {
            ("-", Term::Seconds { value, with_units }) => {
                made(Term::Seconds { value: -value, with_units }, start..end)
            }
            (_, term @ Term::Seconds { .. }) => made(term, start..end),
            ("-", term) => made(Term::Negated(Box::new(Formula { term, ..inner })), start..end),
            (_, term) => Ok(Formula { term, ..inner }),
        }
    }

    fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(too_deep()) } else { Ok(()) }
    }
}

fn too_deep() -> ParseError {
    ParseError::TooLarge { limit: MAX_DEPTH, unit: "levels of nesting" }
}

fn made(term: Term, at: Range<usize>) -> Result<Formula, ParseError> {
    let below = match &term {
        Term::Seconds { .. } | Term::Step | Term::Range => 0,
        Term::Negated(inner) => inner.depth,
        Term::Pair(_, sides) => sides.iter().map(|side| side.depth).max().unwrap_or(0),
    };
    if below >= MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(Formula { term, wrapped: false, start: at.start, end: at.end, depth: below + 1 })
}
