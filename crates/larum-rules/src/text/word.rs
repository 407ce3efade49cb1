//! Functions of texts in templates (Prometheus, "Template reference", Strings).

use regex::{Captures, Regex, RegexBuilder};

use super::MAX_TEXT;

/// The most memory one compiled expression may take, in bytes.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

pub fn expression(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE_LIMIT).build().map_err(|error| error.to_string())
}

/// Replaces every match, and stops as soon as the text becomes too long.
pub fn replace_all(pattern: &Regex, with: &str, text: &str) -> Result<String, String> {
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

/// The first letter of every word in upper case, and no other changed, as Prometheus 3 has it: a word ends where Unicode
/// says so (Go, package `cases`, `Title` with `NoLower`). Prometheus 2 took every letter behind a sign for a first one.
pub fn title(text: &str) -> String {
    let (mut out, mut within, mut was_joint) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        let is_joint = matches!(c, '\'' | '.' | ':' | '·' | '’' | '‘' | '․' | '‧');
        within &= !(was_joint && is_joint);
        if c.is_uppercase() || c.is_lowercase() {
            match within {
                true => out.push(c),
                false => out.extend(c.to_uppercase()),
            }
            within = true;
        } else {
            out.push(c);
            within &= c.is_alphanumeric() || c == '_' || is_joint;
        }
        was_joint = is_joint;
    }
    out
}

/// The host of `host:port` or `[host]:port`; anything else stays as it is (Go, `net.SplitHostPort`).
pub fn strip_port(text: &str) -> &str {
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
pub fn strip_domain(text: &str) -> String {
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
        assert_eq!(title("hello wORLD foo-bar a_b über"), "Hello WORLD Foo-Bar A_b Über");
        assert_eq!(title("don't a.b:c d..e 1st 日本x"), "Don't A.b:c D..E 1St 日本X");
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
