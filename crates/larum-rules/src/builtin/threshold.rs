//! The one number in the expression of a built-in policy that a person may set.

use std::ops::Range;

use larum_core::policy::Comparator;

/// What a built-in policy compares with, and where that stands in its expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Threshold {
    /// How it compares.
    pub comparator: Comparator,
    /// What it compares with as it comes, in the unit of the policy's [`Reading`](crate::Reading).
    pub value: f64,
    place: Range<usize>,
}

impl Threshold {
    /// Finds the limit, `> 0.9`, in an expression: the comparator and then the number, as a whole operand.
    ///
    /// # Errors
    /// What is wrong with it: it is no limit, it is not there, or it is there more than once.
    pub(super) fn find(expr: &str, limit: &str) -> Result<Self, &'static str> {
        let (sign, number) = limit.split_once(' ').ok_or("a limit is a comparator and a number")?;
        let comparator = Comparator::from_sign(sign).ok_or("a limit begins with a comparator")?;
        let value = number.parse().map_err(|_| "a limit ends with a number")?;
        let tokens: Vec<Range<usize>> = tokens(expr);
        let text = |at: usize| tokens.get(at).map_or("", |token| &expr[token.clone()]);
        let is_limit = |at: &usize| {
            text(*at) == sign
                && text(at + 1) == number
                && matches!(text(at + 2), "" | ")" | "and" | "or" | "unless")
        };
        let mut found = (0..tokens.len()).filter(is_limit);
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(Self { comparator, value, place: tokens[at + 1].clone() }),
            (None, _) => Err("its limit does not stand in its expression"),
            (Some(_), Some(_)) => Err("its limit stands in its expression more than once"),
        }
    }

    /// The expression with another number in the place of this one.
    pub(super) fn written(&self, expr: &str, value: f64) -> String {
        // Numbers are displayed without an exponent, and so that they are read back as the same.
        format!("{}{value}{}", &expr[..self.place.start], &expr[self.place.end..])
    }

    /// The number that stands in this place of `edited`, which is otherwise the expression.
    pub(super) fn read(&self, expr: &str, edited: &str) -> Option<f64> {
        let rest = edited.strip_prefix(&expr[..self.place.start])?;
        let number = rest.strip_suffix(&expr[self.place.end..])?;
        number.parse().ok().filter(|_| tokens(number).len() == 1)
    }
}

/// Words and numbers, quoted texts, comparators, and every other character by itself; no blanks and no comments.
fn tokens(expr: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = expr[at..].chars().next() {
        let rest = &expr[at..];
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' | '`' => quoted(rest, first),
            '>' | '<' | '=' | '!' => rest.find(|c| !"><=!~".contains(c)).unwrap_or(rest.len()),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        if first != '#' && !first.is_whitespace() {
            tokens.push(at..at + length);
        }
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// How long the quoted text is with which `rest` begins.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expression with 7 in the place of its limit.
    fn seven(expr: &str, limit: &str) -> Result<String, &'static str> {
        Threshold::find(expr, limit).map(|threshold| threshold.written(expr, 7.0))
    }

    #[test]
    fn a_limit_is_a_whole_operand_and_stands_there_once() {
        let written = [
            ("up > 0.9", "> 0.9", "up > 7"),
            ("(a or vector(0)) >0 and on () b", "> 0", "(a or vector(0)) >7 and on () b"),
            ("a > 0.95 and b < 0.9 and c > 0.9", "> 0.9", "a > 0.95 and b < 0.9 and c > 7"),
            ("a{x=\"> 5 \\\" > 5\"} > 5 # > 5", "> 5", "a{x=\"> 5 \\\" > 5\"} > 7 # > 5"),
            ("a{x=`> 5\\`} >= 5 unless b > 5", ">= 5", "a{x=`> 5\\`} >= 7 unless b > 5"),
            ("(a > 5) == 5 * 2", "> 5", "(a > 7) == 5 * 2"),
        ];
        for (expr, limit, expected) in written {
            assert_eq!(seven(expr, limit).as_deref(), Ok(expected));
        }
        for (expr, limit) in [("a > 5 * 2", "> 5"), ("a > 5 and b > 5", "> 5"), ("a >= 5", "> 5"), ("a", "5")]
        {
            assert!(seven(expr, limit).is_err(), "{limit} in {expr}");
        }
    }

    #[test]
    fn a_number_that_was_written_is_read_again() {
        let expr = "a > 0.9 and b";
        let threshold = Threshold::find(expr, "> 0.9").unwrap();
        for value in [0.0, 0.1 + 0.2, 1e-9, 123_456_789_012.5] {
            assert_eq!(threshold.read(expr, &threshold.written(expr, value)), Some(value));
        }
        for edited in ["a > 1", "a > 0.8 + 1 and b", "a > x and b", "a > 0.8 and c"] {
            assert_eq!(threshold.read(expr, edited), None, "{edited}");
        }
    }
}
