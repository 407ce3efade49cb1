//! The functions that a template can call.

use std::sync::{Arc, LazyLock};

use gotmpl::{FuncMap, TemplateError, Value};
use regex::{Captures, Regex, RegexBuilder};

use super::MAX_TEXT;
use super::humanize::{humanize, humanize_1024, humanize_duration, humanize_percentage, humanize_timestamp};
use super::printf::{print, printf, println, show, type_name};

/// What a template writes passes through here last; no name that a person could type.
pub(super) const SHOW: &str = "\u{1}show";
/// What stands behind a dot passes through here; no name that a person could type.
pub(super) const FIELD: &str = "\u{1}field";

/// Functions of Go's templates that stay as they are.
const GO: [&str; 12] = ["and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "slice", "call"];

/// Functions that Prometheus has and Larum does not, with the reason.
const REFUSED: [(&str, &str); 16] = [
    ("query", NO_QUERIES),
    ("first", NO_QUERIES),
    ("value", NO_QUERIES),
    ("label", NO_QUERIES),
    ("strvalue", NO_QUERIES),
    ("sortByLabel", NO_QUERIES),
    ("graphLink", "Larum has no page for graphs of expressions"),
    ("tableLink", "Larum has no page for tables of expressions"),
    ("args", "templates within templates are not supported"),
    ("tmpl", "templates within templates are not supported"),
    ("safeHtml", "texts are not HTML"),
    ("toTime", "times have no methods here; use humanizeTimestamp"),
    ("pathPrefix", "use externalURL"),
    ("parseDuration", "durations are not parsed in texts"),
    ("toDuration", "use humanizeDuration"),
    ("now", "a text says the same however often it is filled in; use $value"),
];
const NO_QUERIES: &str = "texts cannot ask for other series; use $value and $labels";

/// Whether a template may call this function.
///
/// # Errors
/// Says why not.
pub(super) fn may_call(name: &str) -> Result<(), String> {
    if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
        return Err(format!("the function {name} is not supported: {why}"));
    }
    if GO.contains(&name) || OURS.contains_key(name) {
        return Ok(());
    }
    Err(format!("function {name:?} not defined"))
}

/// The functions that are not Go's own, and those of Go's that print otherwise there than in crate gotmpl.
pub(super) fn ours() -> FuncMap {
    OURS.clone()
}

type Answer = Result<Value, TemplateError>;

static OURS: LazyLock<FuncMap> = LazyLock::new(|| {
    let mut map = FuncMap::new();
    map.insert(SHOW.into(), Arc::new(|args: &[Value]| show_last(args)));
    map.insert(FIELD.into(), Arc::new(field));
    map.insert("index".into(), Arc::new(index));
    add(&mut map, "print", |args| Ok(print(args)));
    add(&mut map, "println", |args| Ok(println(args)));
    add(&mut map, "printf", |args| match args {
        [Value::String(format), rest @ ..] => printf(format, rest),
        _ => Err("printf: the format has to be a text".into()),
    });
    add(&mut map, "html", |args| Ok(gotmpl::html_escape(&print(args))));
    add(&mut map, "js", |args| Ok(gotmpl::js_escape(&print(args))));
    add(&mut map, "urlquery", |args| Ok(gotmpl::url_encode(&print(args))));
    add_numbers(&mut map);
    add_texts(&mut map);
    map
});

fn add(
    map: &mut FuncMap,
    name: &'static str,
    function: impl Fn(&[Value]) -> Result<String, String> + Send + Sync + 'static,
) {
    let call = move |args: &[Value]| {
        let text = function(args).map_err(|error| failure(name, &error))?;
        if text.len() > MAX_TEXT {
            return Err(failure(name, &format!("more than {MAX_TEXT} bytes")));
        }
        Ok(Value::String(text.into()))
    };
    map.insert(name.into(), Arc::new(call));
}

/// The error that Go's templates make of a function's error.
fn failure(name: &str, error: &str) -> TemplateError {
    TemplateError::Exec(format!("error calling {name}: {error}"))
}

fn add_numbers(map: &mut FuncMap) {
    add(map, "humanize", |args| Ok(humanize(number(args)?)));
    add(map, "humanize1024", |args| Ok(humanize_1024(number(args)?)));
    add(map, "humanizeDuration", |args| Ok(humanize_duration(number(args)?)));
    add(map, "humanizePercentage", |args| Ok(humanize_percentage(number(args)?)));
    add(map, "humanizeTimestamp", |args| humanize_timestamp(number(args)?));
}

fn add_texts(map: &mut FuncMap) {
    add(map, "title", |args| texts(args).map(|[text]| title(text)));
    add(map, "toUpper", |args| texts(args).map(|[text]| text.to_uppercase()));
    add(map, "toLower", |args| texts(args).map(|[text]| text.to_lowercase()));
    add(map, "stripPort", |args| texts(args).map(|[text]| strip_port(text).to_owned()));
    add(map, "stripDomain", |args| texts(args).map(|[text]| strip_domain(text)));
    add(map, "reReplaceAll", |args| {
        let [pattern, with, text] = texts(args)?;
        replace_all(&expression(pattern)?, with, text)
    });
    let matches = |args: &[Value]| {
        let [pattern, text] = texts(args)?;
        Ok(Value::Bool(expression(pattern)?.is_match(text)))
    };
    map.insert(
        "match".into(),
        Arc::new(move |args: &[Value]| matches(args).map_err(|error: String| failure("match", &error))),
    );
}

/// What Go would write for a value: a number in Go's format; nothing at all stays what it is.
fn show_last(args: &[Value]) -> Answer {
    Ok(match args.last() {
        Some(number @ Value::Float(_)) => Value::String(show(number).into()),
        Some(value) => value.clone(),
        None => Value::Nil,
    })
}

/// The value under a name, level by level. A label that is not there is the empty text, as Prometheus has it
/// (`missingkey=zero` on a map of texts).
fn field(args: &[Value]) -> Answer {
    let [value, names @ ..] = args else { return Ok(Value::Nil) };
    let mut found = value.clone();
    for name in names {
        let name = name.as_str().unwrap_or_default();
        let is_root = matches!(found.field("Labels"), Some(Value::Map(_)));
        found = match (&found, found.field(name)) {
            (Value::Map(_), Some(inner)) => inner.clone(),
            (Value::Map(_), None) if !is_root => Value::String("".into()),
            (other, _) => {
                let kind = if is_root { "the alert" } else { type_name(other) };
                return Err(TemplateError::Exec(format!("can't evaluate field {name} in {kind}")));
            }
        };
    }
    Ok(found)
}

fn index(args: &[Value]) -> Answer {
    let [value, keys @ ..] = args else { return Err(failure("index", "nothing to look into")) };
    let mut found = value.clone();
    for key in keys {
        found = match (&found, key.as_str()) {
            (Value::Map(_), Some(name)) => found.field(name).cloned().unwrap_or(Value::String("".into())),
            _ => found.index(key)?,
        };
    }
    Ok(found)
}

/// The one number that a function was given, also as a text (Prometheus, `template.go`, `convertToFloat`).
fn number(args: &[Value]) -> Result<f64, String> {
    match args {
        [Value::Float(number)] => Ok(*number),
        [Value::Int(number)] => Ok(*number as f64),
        [Value::Uint(number)] => Ok(*number as f64),
        [Value::String(text)] => {
            text.parse().map_err(|_| format!("strconv.ParseFloat: parsing {text:?}: invalid syntax"))
        }
        [other] => Err(format!("can't convert {} to float", type_name(other))),
        _ => Err(format!("wants one number, not {} values", args.len())),
    }
}

/// Exactly `N` texts.
fn texts<const N: usize>(args: &[Value]) -> Result<[&str; N], String> {
    let texts: Option<Vec<&str>> = args.iter().map(Value::as_str).collect();
    texts.and_then(|texts| texts.try_into().ok()).ok_or_else(|| format!("wants texts, as many as {N}"))
}

/// The most memory one compiled expression may take, in bytes.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

fn expression(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE_LIMIT).build().map_err(|error| error.to_string())
}

/// Replaces every match, and stops as soon as the text becomes too long.
fn replace_all(pattern: &Regex, with: &str, text: &str) -> Result<String, String> {
    let (mut out, mut from) = (String::new(), 0);
    for found in pattern.captures_iter(text) {
        let whole = found.get_match();
        out.push_str(&text[from..whole.start()]);
        Captures::expand(&found, with, &mut out);
        from = whole.end();
        if out.len() > MAX_TEXT {
            return Err(format!("more than {MAX_TEXT} bytes"));
        }
    }
    out.push_str(&text[from..]);
    Ok(out)
}

/// The first letter of every word in upper case (Go, `strings.Title`).
fn title(text: &str) -> String {
    let mut within = false;
    text.chars()
        .flat_map(|c| {
            let first = !std::mem::replace(&mut within, c.is_alphanumeric() || c == '_');
            let upper = first.then(|| c.to_uppercase());
            let same = (!first).then_some(c);
            upper.into_iter().flatten().chain(same)
        })
        .collect()
}

/// The host of `host:port` or `[host]:port`; anything else stays as it is (Go, `net.SplitHostPort`).
fn strip_port(text: &str) -> &str {
    if let Some((host, port)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        let is_port = port.strip_prefix(':').is_some_and(|port| !port.contains(':'));
        return if is_port { host } else { text };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => host,
        _ => text,
    }
}

/// The first part of a host's name, its port kept; an address stays as it is.
fn strip_domain(text: &str) -> String {
    let host = strip_port(text);
    if host.parse::<std::net::IpAddr>().is_ok() {
        return text.to_owned();
    }
    let short = host.split('.').next().unwrap_or(host);
    let port = text.strip_prefix(host).unwrap_or_default();
    format!("{short}{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_capitals_where_go_has_them() {
        assert_eq!(title("hello wORLD foo-bar a_b 1st über"), "Hello WORLD Foo-Bar A_b 1st Über");
    }

    #[test]
    fn ports_and_domains_go() {
        let hosts = ["foo.example.com:12345", "192.0.2.1:1", "[2001:db8::1]:1", "2001:db8::1", "[::1]::1"];
        let bare = ["foo.example.com", "192.0.2.1", "2001:db8::1", "2001:db8::1", "[::1]::1"];
        assert_eq!(hosts.map(strip_port), bare);
        let short = ["foo:12345", "192.0.2.1:1", "[2001:db8::1]:1"];
        assert_eq!([hosts[0], hosts[1], hosts[2]].map(strip_domain), short);
    }

    #[test]
    fn replacements_are_bounded() {
        let pattern = Regex::new("(a)b").unwrap();
        assert_eq!(replace_all(&pattern, "x$1", "ab ab").unwrap(), "xa xa");
        let every = Regex::new("").unwrap();
        assert!(replace_all(&every, &"x".repeat(1000), &"y".repeat(100)).is_err());
    }
}
