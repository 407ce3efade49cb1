//! Where calls and their arguments stand in a text: the foreign parser's tree does not say it.

use std::ops::Range;

use super::scan;
use crate::expr::Written;

/// The tokens of a text and how far its calls have been found, one after the other in the order of the text.
pub(super) struct Calls<'a> {
    text: &'a str,
    tokens: Vec<Range<usize>>,
    next: usize,
}

impl<'a> Calls<'a> {
    /// The calls of a text, from its beginning.
    pub fn new(text: &'a str) -> Self {
        Self { text, tokens: scan::tokens(text).unwrap_or_default(), next: 0 }
    }

    /// Where the next call of the function or aggregation `name` stands.
    pub fn next(&mut self, name: &str) -> Written {
        let mut index = self.next;
        while index < self.tokens.len() {
            if self.token(index).eq_ignore_ascii_case(name)
                && let Some(open) = self.parenthesis(index + 1)
            {
                self.next = index + 1;
                return Written { at: self.tokens[index].start, arguments: self.arguments(open) };
            }
            index += 1;
        }
        Written::default()
    }

    fn token(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.text[token.clone()])
    }

    /// The parenthesis that opens the arguments behind a name, and behind `by (…)` or `without (…)`.
    fn parenthesis(&self, index: usize) -> Option<usize> {
        let word = self.token(index);
        if word == "(" {
            return Some(index);
        }
        let grouped = word.eq_ignore_ascii_case("by") || word.eq_ignore_ascii_case("without");
        if !grouped || self.token(index + 1) != "(" {
            return None;
        }
        let behind = self.end(index + 1) + 1;
        (self.token(behind) == "(").then_some(behind)
    }

    /// The token that closes what another opens, or the end.
    fn end(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for index in open..self.tokens.len() {
            match self.token(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return index;
            }
        }
        self.tokens.len()
    }

    /// Where the arguments begin, without parentheses around them.
    fn arguments(&self, open: usize) -> Vec<usize> {
        let close = self.end(open);
        let mut starts = Vec::new();
        let mut first = open + 1;
        let mut index = first;
        while index <= close && first < close {
            match self.token(index) {
                "(" | "[" | "{" => index = self.end(index),
                "," | ")" => {
                    starts.push(self.bare(first, index));
                    first = index + 1;
                }
                _ => {}
            }
            index += 1;
        }
        starts
    }

    /// Where the expression of the tokens from `first` up to `end` begins, without parentheses around it.
    fn bare(&self, mut first: usize, mut end: usize) -> usize {
        while self.token(first) == "(" && self.end(first) + 1 == end {
            (first, end) = (first + 1, end - 1);
        }
        self.tokens.get(first).map_or(0, |token| token.start)
    }
}
