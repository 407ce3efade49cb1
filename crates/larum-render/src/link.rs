//! Links: only to where a browser goes safely, and never shortened.

use std::fmt::Write;

use larum_core::alert::AlertId;

use crate::limits;
use crate::text::{escaped, length, line};

/// Where Larum's own console is, for the links back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Links {
    /// Without a slash at its end.
    console: Option<String>,
}

impl Links {
    /// Links to the console at this address (`--web.external-url`); without links if it is no `http` or `https`
    /// address.
    pub fn to(external_url: &str) -> Self {
        let console = address(external_url).map(|url| url.trim_end_matches('/').to_owned());
        Self { console }
    }

    /// No links back.
    pub fn none() -> Self {
        Self::default()
    }

    /// The console's first page.
    pub(crate) fn home(&self) -> Option<String> {
        self.console.as_ref().map(|console| format!("{console}/"))
    }

    /// The page of one alert.
    pub(crate) fn alert(&self, id: AlertId) -> Option<String> {
        self.console.as_ref().map(|console| format!("{console}/alerts/{id}"))
    }

    /// The page of all alerts in which a word, or the beginning of a long one, occurs.
    pub(crate) fn alerts(&self, word: &str) -> Option<String> {
        if word.is_empty() {
            return self.console.as_ref().map(|console| format!("{console}/alerts"));
        }
        let end = word.char_indices().nth(limits::TITLE).map_or(word.len(), |(at, _)| at);
        let query = encode(&word[..end], |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        self.console.as_ref().map(|console| format!("{console}/alerts?q={query}"))
    }
}

/// `<url|label>`, or the label alone if the address is none. The label is untrusted too.
pub fn linked(url: Option<&str>, label: &str, limit: usize) -> String {
    let label = escaped(&line(label, limit).replace('|', "¦").replace('`', "ʼ"));
    match url.and_then(address) {
        Some(url) => format!("<{}|{label}>", escaped(&url)),
        None => label,
    }
}

/// `<url|label>`, or nothing if the address is none.
pub fn link(url: &str, label: &str) -> Option<String> {
    address(url).map(|url| format!("<{}|{label}>", escaped(&url)))
}

/// An address that may stand in a link: `http` or `https`, a plain host, no login in it (which would hide the real
/// host), everything odd percent-encoded (RFC 3986, 2.1), within [`limits::URL`].
pub fn address(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| raw.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let rest = &raw[scheme.len()..];
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(plain) || path.chars().any(char::is_control) {
        return None;
    }
    let url = format!(
        "{scheme}{host}{}",
        encode(path, |byte| byte.is_ascii_graphic() && !b"<>|\"`\\^{}@".contains(&byte))
    );
    (length(&escaped(&url)) <= limits::URL).then_some(url)
}

fn encode(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for bad in [
            "",
            "javascript:alert(1)",
            "ftp://a/",
            "https://",
            "https://a b/",
            "http://slack.com@evil.example/",
            "/x",
            "https://a/\u{7}",
        ] {
            assert_eq!(link(bad, "Runbook"), None, "{bad}");
        }
        assert_eq!(link("HTTPS://a.example:1/x", "R").unwrap(), "<https://a.example:1/x|R>");
    }

    #[test]
    fn what_would_end_a_link_is_encoded() {
        let url = "http://p:9090/graph?g0.expr=a > 1 | <b>&g0.tab=ü";
        assert_eq!(
            link(url, "Source").unwrap(),
            "<http://p:9090/graph?g0.expr=a%20%3E%201%20%7C%20%3Cb%3E&amp;g0.tab=%C3%BC|Source>"
        );
        assert_eq!(linked(Some("https://a/"), "x|y>z", 80), "<https://a/|x¦y&gt;z>");
        assert_eq!(linked(Some("mailto:a@b"), "x", 80), "x");
    }

    #[test]
    fn a_link_that_is_too_long_is_none() {
        assert_eq!(address(&format!("https://a/{}", "x".repeat(limits::URL))), None);
    }

    #[test]
    fn the_console_is_reached_by_its_external_address() {
        let links = Links::to("https://larum.example/base/");
        assert_eq!(links.alert(AlertId(7)).unwrap(), "https://larum.example/base/alerts/7");
        assert_eq!(links.alerts("a b&c").unwrap(), "https://larum.example/base/alerts?q=a%20b%26c");
        assert_eq!(Links::to("nowhere"), Links::none());
    }
}
