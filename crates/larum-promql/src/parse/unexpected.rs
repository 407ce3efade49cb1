//! Where an expression stops being one: the foreign parser says only that it is none.

use std::ops::Range;

use super::{parsed, scan};
use crate::error::ParseError;

/// What the parser says of a text that is no PromQL when it does not say more.
const NO_PROMQL: &str = "invalid promql query";
/// The longest text of which the place is looked for, in bytes: it is parsed many times for that.
const MAX_BYTES: usize = 4 * 1024;
/// What can follow the beginning of an expression inside its open brackets …
const INSIDE: [&str; 9] = ["", " x", " 1", " 1m", " =\"x\"", " \"x\"", " x=\"x\"", " (x)", "()"];
/// … and behind them.
const BEHIND: [&str; 3] = ["", "(x)", " x"];

/// The error for a text that the parser refuses for `reason`: with the place and the token that cannot stand there, if
/// the parser is silent about that.
pub(super) fn explain(text: &str, reason: String) -> ParseError {
    let tokens = if reason == NO_PROMQL && text.len() <= MAX_BYTES { scan::tokens(text).ok() } else { None };
    let Some(tokens) = tokens else { return ParseError::Syntax(in_prometheus_words(reason)) };
    // Of a text that can become an expression, each beginning can.
    let sound = partition_point(tokens.len(), |count| can_become_promql(text, &tokens[..=count]));
    let token = tokens.get(sound).cloned().unwrap_or(text.trim_end().len()..text.len());
    let (line, column) = scan::place(text, token.start);
    let what = match tokens.get(sound) {
        Some(token) => format!("{:?}", &text[token.clone()]),
        None => "end of input".to_owned(),
    };
    ParseError::Unexpected { line, column, what }
}

/// The parser calls types as Prometheus' code does, not as its messages do.
fn in_prometheus_words(reason: String) -> String {
    if !reason.contains("expected ") {
        return reason;
    }
    let mut words = reason;
    for before in ["type", "got"] {
        words = words.replace(&format!("{before} matrix"), &format!("{before} range vector"));
        words = words.replace(&format!("{before} vector"), &format!("{before} instant vector"));
    }
    words.replace('\'', "\"")
}

/// Whether the parser refuses an expression only for what its parts are, not for how it is written.
fn is_about_types(reason: &str) -> bool {
    const ABOUT_WRITING: [&str; 6] = ["invalid", "unexpected", "unclosed", "unterminated", "bad", "missing"];
    !ABOUT_WRITING.iter().any(|word| reason.starts_with(word))
}

/// How many of the first `count` numbers are sound, when all are up to one.
fn partition_point(count: usize, is_sound: impl Fn(usize) -> bool) -> usize {
    let (mut sound, mut unsound) = (0, count);
    while sound < unsound {
        let middle = usize::midpoint(sound, unsound);
        if is_sound(middle) {
            sound = middle + 1;
        } else {
            unsound = middle;
        }
    }
    sound
}

/// Whether anything that could follow makes the text up to the end of these tokens an expression.
fn can_become_promql(text: &str, tokens: &[Range<usize>]) -> bool {
    let beginning = &text[..tokens.last().map_or(0, |token| token.end)];
    let mut open = Vec::new();
    for token in tokens {
        match &text[token.clone()] {
            "(" => open.push(')'),
            "[" => open.push(']'),
            "{" => open.push('}'),
            ")" | "]" | "}" => drop(open.pop()),
            _ => {}
        }
    }
    let closing: String = open.iter().rev().collect();
    let is_promql = |text: String| match scan::prepare(&text) {
        Ok(prepared) => parsed(&prepared.text).map_or_else(|reason| is_about_types(&reason), |_| true),
        Err(_) => false,
    };
    INSIDE
        .iter()
        .any(|inside| BEHIND.iter().any(|behind| is_promql(format!("{beginning}{inside}{closing}{behind}"))))
}
