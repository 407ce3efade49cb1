//! `anchored` and `smoothed`, two words that the foreign parser reserves and takes nowhere: here they are taken out of
//! the text, and private matchers in the selectors say what they meant.
//!
//! Behind an operand the words are modifiers, before one they are names (Prometheus, `generated_parser.y`,
//! `anchored_expr`, `metric_identifier` and `maybe_label`).

use std::ops::Range;

use promql_parser::label::Matcher;
use promql_parser::parser::VectorSelector;

use super::scan::fault;
use crate::error::ParseError;
use crate::expr::Edges;

/// The private label whose value is the name of a metric that is called like a modifier.
const NAME: &str = "\u{10fd00}";
/// The private label of an anchored selector.
const ANCHORED: &str = "\u{10fd01}";
/// The private label of a smoothed selector.
const SMOOTHED: &str = "\u{10fd02}";

/// The name that stands before the braces of a selector.
pub(super) fn name(selector: &VectorSelector) -> Option<&str> {
    let private = || selector.matchers.matchers.iter().find(|matcher| matcher.name == NAME);
    selector.name.as_deref().or_else(|| private().map(|matcher| matcher.value.as_str()))
}

/// The matchers that stand in the braces of a selector.
pub(super) fn matchers(selector: &VectorSelector) -> impl Iterator<Item = &Matcher> {
    let private = [NAME, ANCHORED, SMOOTHED];
    selector.matchers.matchers.iter().filter(move |matcher| !private.contains(&matcher.name.as_str()))
}

/// What counts at the edges of a selector.
pub(super) fn edges(selector: &VectorSelector) -> Edges {
    let has = |label: &str| selector.matchers.matchers.iter().any(|matcher| matcher.name == label);
    match () {
        () if has(ANCHORED) => Edges::Anchored,
        () if has(SMOOTHED) => Edges::Smoothed,
        () => Edges::Plain,
    }
}

/// The modifier that a word is where it is one.
fn modifier(word: &str) -> Option<Edges> {
    [Edges::Anchored, Edges::Smoothed]
        .into_iter()
        .find(|edges| edges.word().is_some_and(|name| word.eq_ignore_ascii_case(name)))
}

/// Whether one of the words may be in a text.
pub(super) fn may_be_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("anchored") || text.contains("smoothed")
}

/// A token of a text, neither space nor comment.
pub(super) struct Token {
    /// Where it begins in the text.
    pub at: usize,
    /// Where it stands in the prepared text.
    pub made: Range<usize>,
}

/// The prepared text without the words, as far as they stand where the parser would look at them.
pub(super) fn taken_out(text: &str, prepared: &str, tokens: &[Token]) -> Result<String, ParseError> {
    let mut reader = Reader {
        text,
        prepared,
        tokens,
        next: 0,
        operand: None,
        open: Vec::new(),
        found: Vec::new(),
        edits: Vec::new(),
    };
    while let Some(token) = tokens.get(reader.next) {
        reader.next += 1;
        reader.token(token)?;
    }
    Ok(reader.edited())
}

/// The expression that has just ended, to which a modifier would belong.
#[derive(Clone, Copy)]
struct Operand {
    /// Where it begins in the text.
    at: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// A selector, also with a range behind it; its place among those found.
    Selector(usize),
    Subquery,
    /// A range of what is no selector, which the parser refuses.
    NoRange,
    Other,
}

/// A selector, by its places in the prepared text.
struct Found {
    name: Option<Range<usize>>,
    /// Where the inside of its braces begins, and whether nothing is in them.
    braces: Option<(usize, bool)>,
    edges: Edges,
}

/// What an open parenthesis is about.
enum Open {
    /// The labels by which an aggregation groups; the aggregation begins at the place.
    Grouping(usize),
    /// The labels by which the sides of an operator match.
    Matching,
    /// Expressions; the whole begins at the place.
    Expressions(usize),
}

struct Reader<'a> {
    text: &'a str,
    prepared: &'a str,
    tokens: &'a [Token],
    next: usize,
    operand: Option<Operand>,
    open: Vec<Open>,
    found: Vec<Found>,
    /// What to put in the place of parts of the prepared text.
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> &'a str {
        self.tokens.get(self.next).map_or("", |token| &self.prepared[token.made.clone()])
    }

    /// Goes on behind the next such token; answers all that was passed over.
    fn skip_to(&mut self, closing: &str) -> &'a [Token] {
        let from = self.next;
        while self.next < self.tokens.len() && self.peek() != closing {
            self.next += 1;
        }
        self.next += 1;
        self.tokens.get(from..self.next - 1).unwrap_or(&[])
    }

    fn skip_signs(&mut self) {
        while matches!(self.peek(), "+" | "-") {
            self.next += 1;
        }
    }

    fn is(&mut self, at: usize, what: What) {
        self.operand = Some(Operand { at, what });
    }

    fn token(&mut self, token: &'a Token) -> Result<(), ParseError> {
        let word = &self.prepared[token.made.clone()];
        match word.chars().next().unwrap_or(' ') {
            '{' => self.braces(token),
            '[' => self.brackets(),
            '(' => {
                let at = self.operand.take().map_or(token.at, |operand| operand.at);
                self.open.push(Open::Expressions(at));
            }
            ')' => match self.open.pop() {
                Some(Open::Expressions(at) | Open::Grouping(at)) => self.is(at, What::Other),
                _ => self.operand = None,
            },
            '@' => {
                self.skip_signs();
                self.next += 1;
                if self.peek() == "(" {
                    self.skip_to(")");
                }
            }
            '"' | '\'' | '.' | '0'..='9' => self.is(token.at, What::Other),
            c if c.is_alphabetic() || c == '_' || c == ':' => return self.word(token, word),
            _ => self.operand = None,
        }
        Ok(())
    }

    fn braces(&mut self, token: &Token) {
        let braces = Some((token.made.end, self.peek() == "}"));
        match self.operand {
            // A name and nothing behind it.
            Some(Operand { what: What::Selector(place), .. })
                if self.found[place].name.as_ref().is_some_and(|name| self.ends_before(name)) =>
            {
                self.found[place].braces = braces;
            }
            _ => {
                self.is(token.at, What::Selector(self.found.len()));
                self.found.push(Found { name: None, braces, edges: Edges::Plain });
            }
        }
        self.skip_to("}");
    }

    /// Whether the name is all that stands right before the token that is read.
    fn ends_before(&self, name: &Range<usize>) -> bool {
        let before = self.next.checked_sub(2).and_then(|place| self.tokens.get(place));
        before.is_some_and(|before| before.made == *name)
    }

    fn brackets(&mut self) {
        let is_subquery =
            self.skip_to("]").iter().any(|token| self.prepared[token.made.clone()].contains(':'));
        let Some(operand) = &mut self.operand else { return };
        operand.what = match operand.what {
            _ if is_subquery => What::Subquery,
            What::Selector(place) => What::Selector(place),
            _ => What::NoRange,
        };
    }

    fn word(&mut self, token: &Token, word: &str) -> Result<(), ParseError> {
        if matches!(self.open.last(), Some(Open::Grouping(_) | Open::Matching)) {
            if modifier(word).is_some() {
                self.edits.push((token.made.clone(), format!("\"{word}\"")));
            }
            return Ok(());
        }
        match (word.to_ascii_lowercase().as_str(), self.operand) {
            ("offset", Some(_)) => {
                self.skip_signs();
                self.next += 1;
            }
            ("by" | "without", Some(operand)) if self.peek() == "(" => {
                self.labels(Open::Grouping(operand.at));
            }
            ("on" | "ignoring" | "group_left" | "group_right", _) if self.peek() == "(" => {
                self.labels(Open::Matching);
            }
            ("on" | "ignoring" | "group_left" | "group_right" | "bool", _) => self.operand = None,
            ("and" | "or" | "unless" | "atan2", Some(_)) => self.operand = None,
            ("nan" | "inf", None) => self.is(token.at, What::Other),
            (_, Some(operand)) if modifier(word).is_some() => return self.modify(operand, token, word),
            _ => {
                self.is(token.at, What::Selector(self.found.len()));
                let name = Some(token.made.clone());
                self.found.push(Found { name, braces: None, edges: Edges::Plain });
            }
        }
        Ok(())
    }

    fn labels(&mut self, open: Open) {
        self.next += 1;
        self.operand = None;
        self.open.push(open);
    }

    /// Prometheus, `setAnchored` and `setSmoothed`.
    fn modify(&mut self, operand: Operand, token: &Token, word: &str) -> Result<(), ParseError> {
        let edges = modifier(word).unwrap_or_default();
        let is_anchored = edges == Edges::Anchored;
        let wrong = match operand.what {
            What::Selector(place) => {
                let before = std::mem::replace(&mut self.found[place].edges, edges);
                let other = before != Edges::Plain && before != edges;
                other.then_some("anchored and smoothed modifiers cannot be used together")
            }
            What::NoRange => None,
            What::Subquery if is_anchored => Some("anchored modifier is not supported for subqueries"),
            What::Subquery => Some("smoothed modifier is not supported for subqueries"),
            What::Other if is_anchored => Some("anchored modifier not implemented"),
            What::Other => Some("smoothed modifier not implemented"),
        };
        self.edits.push((token.made.clone(), String::new()));
        wrong.map_or(Ok(()), |what| Err(fault(self.text, operand.at, what)))
    }

    /// The prepared text with all that was found out.
    fn edited(mut self) -> String {
        for Found { name, braces, edges } in self.found {
            let called = name.clone().filter(|name| modifier(&self.prepared[name.clone()]).is_some());
            let mut private: Vec<String> = Vec::new();
            private.extend(called.clone().map(|name| format!("\"{NAME}\"=\"{}\"", &self.prepared[name])));
            private.extend(match edges {
                Edges::Plain => None,
                Edges::Anchored => Some(format!("\"{ANCHORED}\"=\"\"")),
                Edges::Smoothed => Some(format!("\"{SMOOTHED}\"=\"\"")),
            });
            if private.is_empty() {
                continue;
            }
            let private = private.join(",");
            let end = name.map_or(0, |name| name.end);
            let edit = match braces {
                Some((inside, true)) => (inside..inside, private),
                Some((inside, false)) => (inside..inside, private + ","),
                None => (end..end, format!("{{{private}}}")),
            };
            self.edits.extend(called.map(|name| (name, String::new())));
            self.edits.push(edit);
        }
        self.edits.sort_by_key(|(place, _)| (place.start, place.end));
        let (mut edited, mut done) = (String::with_capacity(self.prepared.len() + 64), 0);
        for (place, instead) in self.edits {
            edited.push_str(&self.prepared[done..place.start]);
            edited.push_str(&instead);
            done = place.end;
        }
        edited + &self.prepared[done..]
    }
}
