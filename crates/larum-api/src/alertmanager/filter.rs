//! The questions of `GET /api/v2/alerts`.

use larum_core::alert::Alert;
use larum_core::matcher::{MatchOp, Matcher};

use super::error::Refusal;

/// The most matchers one question may have.
pub const MAX_MATCHERS: usize = 64;

/// Which alerts are asked for.
#[derive(Debug, Default)]
pub struct Question {
    /// All of them must match.
    matchers: Vec<Matcher>,
    /// Anchored; one of the alert's receivers must match.
    receiver: Option<Matcher>,
    /// Alerts that somebody is told of are wanted; here that is all of them.
    without_active: bool,
}

impl Question {
    /// Reads the parameters behind the question mark; those that are not known are left alone.
    ///
    /// # Errors
    /// [`Refusal`] in Alertmanager's words.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        let mut question = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "filter" if question.matchers.len() == MAX_MATCHERS => {
                    return Err(Refusal::bad(format!("at most {MAX_MATCHERS} filters can be given")));
                }
                "filter" => question.matchers.push(parse_matcher(&value)?),
                "receiver" if !value.is_empty() => {
                    let receiver = Matcher::new("", MatchOp::Regexp, &*value);
                    let refuse = |error| Refusal::bad(format!("failed to parse receiver param: {error}"));
                    question.receiver = Some(receiver.map_err(refuse)?);
                }
                "active" if !value.is_empty() => question.without_active = !is_true(&value),
                _ => {}
            }
        }
        Ok(question)
    }

    /// Whether the labels are asked for.
    pub fn wants(&self, alert: &Alert) -> bool {
        !self.without_active && self.matchers.iter().all(|matcher| matcher.matches(&alert.labels))
    }

    /// Whether an alert with these receivers is asked for.
    pub fn wants_receivers<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        self.receiver.as_ref().is_none_or(|wanted| names.any(|name| wanted.matches_value(name)))
    }
}

/// What go-openapi takes for true; everything else is false (go-openapi/swag, `ConvertBool`).
fn is_true(text: &str) -> bool {
    let words = ["true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"];
    words.contains(&text.to_lowercase().as_str())
}

/// Reads one matcher: `name="value"`, `!=`, `=~` or `!~`; the quotes may be left out where nothing in between needs
/// them (Alertmanager, "Configuration", "Matchers").
fn parse_matcher(text: &str) -> Result<Matcher, Refusal> {
    let bad = || Refusal::bad(format!("bad matcher format: {text}"));
    let (name, rest) = parse_name(text.trim()).ok_or_else(bad)?;
    let rest = rest.trim_start();
    let signs = [
        ("=~", MatchOp::Regexp),
        ("!~", MatchOp::NotRegexp),
        ("!=", MatchOp::NotEqual),
        ("=", MatchOp::Equal),
    ];
    let found = signs.into_iter().find_map(|(sign, op)| Some((op, rest.strip_prefix(sign)?)));
    let (op, value) = found.ok_or_else(bad)?;
    let value = parse_value(value.trim()).ok_or_else(bad)?;
    Matcher::new(name, op, value).map_err(|error| Refusal::bad(error.to_string()))
}

/// A name in quotes may be any text, one without ends before the sign.
fn parse_name(text: &str) -> Option<(String, &str)> {
    if text.starts_with('"') {
        let end = closing_quote(text)?;
        let name = unquote(&text[1..end])?;
        return (!name.is_empty()).then_some((name, &text[end + 1..]));
    }
    let end = text.find(['=', '!'])?;
    let name = text[..end].trim_end();
    let wrong = |c: char| c.is_whitespace() || "{},\"'`\\~".contains(c);
    (!name.is_empty() && !name.contains(wrong)).then(|| (name.to_owned(), &text[end..]))
}

fn parse_value(text: &str) -> Option<String> {
    if text.starts_with('"') {
        let end = closing_quote(text)?;
        return if end + 1 == text.len() { unquote(&text[1..end]) } else { None };
    }
    if text.contains('"') { None } else { unquote(text) }
}

/// Where the quote that opens the text is closed.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// `\n`, `\"` and `\\` stand for what they stand for everywhere; before anything else a backslash is itself.
fn unquote(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next()? {
            'n' => plain.push('\n'),
            other @ ('"' | '\\') => plain.push(other),
            other => plain.extend(['\\', other]),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse_matcher(text) {
            Ok(matcher) => matcher.to_string(),
            Err(Refusal::Handler { message, .. }) => message,
            Err(other) => panic!("{text} gave {other:?}"),
        }
    }

    #[test]
    fn matchers_are_read_as_amtool_writes_them() {
        assert_eq!(read(r#"alertname="a b""#), r#"alertname="a b""#);
        assert_eq!(read("alertname=a"), r#"alertname="a""#);
        assert_eq!(read(" severity =~ crit.*|warn "), r#"severity=~"crit.*|warn""#);
        assert_eq!(read("a!=b"), r#"a!="b""#);
        assert_eq!(read("b="), r#"b="""#);
        assert_eq!(read(r#""a name"!~"x\"y\n""#), r#"a name!~"x\"y\n""#);
        assert_eq!(read(r"instance=~\d+"), r#"instance=~"\\d+""#);
    }

    #[test]
    fn what_is_no_matcher_is_refused() {
        for text in ["foo", "", "{a=x,b=y}", "=x", "a b=c", r#"a="b"c"#, r#"a=b"c"#, r#"a="b"#] {
            assert_eq!(read(text), format!("bad matcher format: {text}"));
        }
        assert!(read("a=~(").starts_with("bad regular expression"));
    }
}
