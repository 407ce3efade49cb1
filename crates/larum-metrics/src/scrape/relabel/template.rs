//! `$1` and `${name}` in a replacement, as Go's `Regexp.Expand` reads them (pkg.go.dev/regexp, `Regexp.Expand`).

use regex::Captures;

/// A text with places for what an expression found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Number(usize),
    Name(String),
}

impl Template {
    /// Reads a template. A `$` that begins no name stands for itself, and so does `$$` for one.
    pub(super) fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            rest = if let Some(after) = after.strip_prefix('$') {
                parts.push(Part::Text("$".to_owned()));
                after
            } else if let Some((name, after)) = name(after) {
                parts.push(part(name));
                after
            } else {
                parts.push(Part::Text("$".to_owned()));
                after
            };
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Self(parts)
    }

    /// The text with what was found; what was not found is empty.
    pub(super) fn expand(&self, found: &Captures<'_>) -> String {
        let text = |part: &'_ Part| -> String {
            match part {
                Part::Text(text) => text.clone(),
                Part::Number(number) => found.get(*number).map_or("", |group| group.as_str()).to_owned(),
                Part::Name(name) => found.name(name).map_or("", |group| group.as_str()).to_owned(),
            }
        };
        self.0.iter().map(text).collect()
    }
}

/// The name that a text begins with, in braces or not, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let (text, braced) = text.strip_prefix('{').map_or((text, false), |inside| (inside, true));
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = if braced { rest.strip_prefix('}')? } else { rest };
    (!name.is_empty()).then_some((name, rest))
}

/// A name of digits is a number unless it begins with a zero and goes on.
fn part(name: &str) -> Part {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    match name.parse() {
        Ok(number) if is_number => Part::Number(number),
        _ => Part::Name(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_as_go_fills_them() {
        let regex = regex::Regex::new(r"^(\w+)-(?P<word>\w+)(!)?$").expect("it is right");
        let found = regex.captures("one-two").expect("it matches");
        for (template, expected) in [
            ("$1", "one"),
            ("${1}_x", "one_x"),
            ("$1_x", ""),
            ("$1x$2", "two"),
            ("$word/$0", "two/one-two"),
            ("${word}s", "twos"),
            ("[$3]", "[]"),
            ("$9", ""),
            ("$01", ""),
            ("$$1", "$1"),
            ("5$", "5$"),
            ("$-$", "$-$"),
            ("${1", "${1"),
            ("${a-b}", "${a-b}"),
            ("${}", "${}"),
            ("", ""),
        ] {
            assert_eq!(Template::new(template).expand(&found), expected, "{template}");
        }
    }
}
