//! Reading one matcher as Alertmanager does unless told otherwise (Alertmanager, "Configuration", "Label matchers"): by
//! the classic rules, and by those for UTF-8 where the classic ones do not know what it says.

use larum_core::matcher::{MatchOp, Matcher};

/// Reads one matcher: `name="value"`, `!=`, `=~` or `!~`.
///
/// # Errors
/// In Alertmanager's words.
pub fn parse_matcher(text: &str) -> Result<Matcher, String> {
    if text.starts_with('{') || text.ends_with('}') {
        return Err(format!("unexpected open or close brace: {text}"));
    }
    let (name, op, value) = match classic(text) {
        Ok(parts) => parts,
        Err(words) => utf8(text).ok_or(words)?,
    };
    Matcher::new(name, op, value).map_err(|error| error.to_string())
}

type Parts = (String, MatchOp, String);

/// The classic rules: a name of ASCII letters, digits, `_` and `:`; quotes around the value may be left out; `\n`, `\"`
/// and `\\` stand for what they stand for everywhere, and before anything else a backslash is itself.
fn classic(text: &str) -> Result<Parts, String> {
    let bad = || format!("bad matcher format: {text}");
    let trimmed = text.trim_matches(is_blank);
    let end = trimmed.find(|c: char| !c.is_ascii_alphanumeric() && !"_:".contains(c)).ok_or_else(bad)?;
    let (name, rest) = trimmed.split_at(end);
    if !name.starts_with(|c: char| !c.is_ascii_digit()) {
        return Err(bad());
    }
    let (op, given) = operator(rest.trim_start_matches(is_blank)).ok_or_else(bad)?;
    let given = given.trim_start_matches(is_blank);
    let value = classic_value(given)
        .ok_or_else(|| format!("matcher value contains unescaped double quote: {given}"))?;
    Ok((name.to_owned(), op, value))
}

fn classic_value(given: &str) -> Option<String> {
    let (text, mut closes) = given.strip_prefix('"').map_or((given, false), |text| (text, true));
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if closes && letters.as_str().is_empty() => closes = false,
            '"' => return None,
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some(other @ ('"' | '\\')) => plain.push(other),
                other => plain.extend(['\\'].into_iter().chain(other)),
            },
            other => plain.push(other),
        }
    }
    (!closes).then_some(plain)
}

/// The rules for UTF-8: a name and a value are strings of Go in quotes, or have nothing in them that needs any; a comma
/// may follow.
fn utf8(text: &str) -> Option<Parts> {
    let (name, rest) = token(text.trim_start())?;
    let (op, rest) = operator(rest.trim_start())?;
    let (value, rest) = token(rest.trim_start())?;
    let rest = rest.trim_start();
    let over = rest.strip_prefix(',').unwrap_or(rest).trim_start().is_empty();
    (over && !name.is_empty()).then_some((name, op, value))
}

/// What stands first, and what follows it.
fn token(text: &str) -> Option<(String, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return unquote(quoted);
    }
    let reserved = |c: char| c.is_whitespace() || "{}!=~,\\\"'`".contains(c);
    let (token, rest) = text.split_at(text.find(reserved).unwrap_or(text.len()));
    (!token.is_empty()).then(|| (token.to_owned(), rest))
}

fn operator(text: &str) -> Option<(MatchOp, &str)> {
    let signs = [
        ("=~", MatchOp::Regexp),
        ("!~", MatchOp::NotRegexp),
        ("!=", MatchOp::NotEqual),
        ("=", MatchOp::Equal),
    ];
    signs.into_iter().find_map(|(sign, op)| Some((op, text.strip_prefix(sign)?)))
}

/// What Go's regular expressions take for a blank (RE2, "Syntax", `\s`).
fn is_blank(letter: char) -> bool {
    "\t\n\x0C\r ".contains(letter)
}

/// A string of Go whose opening quote has been read (The Go Programming Language Specification, "String literals"), and
/// what follows it. `None` if it is none, or no UTF-8.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        let letter = rest.chars().next()?;
        rest = &rest[letter.len_utf8()..];
        match letter {
            '"' => return Some((String::from_utf8(bytes).ok()?, rest)),
            '\n' => return None,
            '\\' => rest = escape(rest, &mut bytes)?,
            letter => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
}

/// What stands behind a backslash; answers with what follows it.
fn escape<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Option<&'a str> {
    const SIMPLE: [(u8, u8); 9] = [
        (b'a', 0x07),
        (b'b', 0x08),
        (b'f', 0x0C),
        (b'n', b'\n'),
        (b'r', b'\r'),
        (b't', b'\t'),
        (b'v', 0x0B),
        (b'\\', b'\\'),
        (b'"', b'"'),
    ];
    let kind = *text.as_bytes().first()?;
    if let Some((_, byte)) = SIMPLE.iter().find(|(letter, _)| *letter == kind) {
        bytes.push(*byte);
        return text.get(1..);
    }
    let (start, radix, length) = match kind {
        b'x' => (1, 16, 2),
        b'u' => (1, 16, 4),
        b'U' => (1, 16, 8),
        _ => (0, 8, 3),
    };
    let digits =
        text.get(start..start + length).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    match kind {
        b'u' | b'U' => bytes.extend(char::from_u32(code)?.encode_utf8(&mut [0; 4]).bytes()),
        _ => bytes.push(u8::try_from(code).ok()?),
    }
    text.get(start + length..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse_matcher(text).map_or_else(|words| words, |matcher| matcher.to_string())
    }

    #[test]
    fn matchers_are_read_as_amtool_writes_them() {
        assert_eq!(read(r#"alertname="a b""#), r#"alertname="a b""#);
        assert_eq!(read("alertname=a"), r#"alertname="a""#);
        assert_eq!(read(" severity =~ crit.*|warn "), r#"severity=~"crit.*|warn""#);
        assert_eq!(read("a!=b"), r#"a!="b""#);
        assert_eq!(read("b="), r#"b="""#);
        assert_eq!(read("a b=c"), "bad matcher format: a b=c");
        assert_eq!(read("a=b c"), r#"a="b c""#);
        assert_eq!(read(r"instance=~\d+"), r#"instance=~"\\d+""#);
    }

    #[test]
    fn the_classic_rules_go_before_those_for_utf8_where_both_know_what_is_said() {
        assert_eq!(read(r#"a="\t\u00e9\n""#), read(r#"a="\\t\\u00e9\n""#));
        assert_eq!(read("a=\"x"), "matcher value contains unescaped double quote: \"x");
    }

    #[test]
    fn what_the_classic_rules_do_not_know_is_read_by_those_for_utf8() {
        assert_eq!(read(r#""a name"!~"x\"y\n""#), r#"a name!~"x\"y\n""#);
        assert_eq!(read(r#""caf\u00e9"="\t\xf0\x9f\x99\x82\101""#), read("\"caf\u{e9}\"=\"\t\u{1f642}A\""));
        assert_eq!(read("a.b=c"), r#"a.b="c""#);
        assert_eq!(read(r#""a name"=b,"#), r#"a name="b""#);
        assert_eq!(read("\u{fc}=\u{65e5}"), "\u{fc}=\"\u{65e5}\"");
    }

    #[test]
    fn what_is_no_matcher_is_refused() {
        for text in
            ["foo", "", "=x", "1a b=c", r#""a b"=c d"#, r#""a b"="\xff""#, r#""a b"="\ud800""#, r#"""=x"#]
        {
            assert_eq!(read(text), format!("bad matcher format: {text}"));
        }
        for text in ["{a=x,b=y}", "{a=x", "a=x}"] {
            assert_eq!(read(text), format!("unexpected open or close brace: {text}"));
        }
        for text in [r#"a="b"c"#, r#"a=b"c"#, r#"a="b"#] {
            assert!(read(text).starts_with("matcher value contains unescaped double quote: "), "{text}");
        }
        assert!(read("a=~(").starts_with("bad regular expression"));
    }
}
