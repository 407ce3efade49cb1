//! Walking through a tree: a place with its path, and a section whose fields are taken out by their names. What nobody
//! takes is no field of it.

mod section;

use std::cell::RefCell;
use std::time::Duration;

use larum_core::duration::parse_duration;

pub(super) use self::section::Section;
use super::error::Report;
use super::secret::Secret;
use crate::yaml::{HIDDEN, Key, Node, Place, Typed, Value};

/// A node, and the way to it.
#[derive(Clone)]
pub(super) struct At<'a> {
    node: &'a Node,
    path: String,
    report: &'a Report,
}

impl<'a> At<'a> {
    pub fn root(node: &'a Node, report: &'a Report) -> Self {
        Self { node, path: String::new(), report }
    }

    pub fn place(&self) -> Place {
        self.node.place
    }

    pub fn wrong(&self, message: impl Into<String>) {
        self.report.wrong(self.place(), &self.path, message);
    }

    /// Whether anything is wrong so far, here or elsewhere.
    pub fn is_any_wrong(&self) -> bool {
        self.report.is_wrong()
    }

    pub fn warn(&self, message: impl Into<String>) {
        self.report.warn(self.place(), &self.path, message);
    }

    pub fn hide(&self) {
        self.report.secret(self.place());
    }

    /// The fields, if it has any; nothing at all is a section without fields.
    pub fn section(&self) -> Option<Section<'a>> {
        let fields: &[(Key, Node)] = match &self.node.value {
            Value::Mapping(fields) => fields,
            _ if self.node.is_null() => &[],
            _ => {
                self.wrong(format!("must be a mapping of fields, not {}", self.kind()));
                return None;
            }
        };
        let left = RefCell::new(fields.iter().collect());
        Some(Section { at: self.clone(), left })
    }

    pub fn items(&self) -> Vec<At<'a>> {
        match &self.node.value {
            Value::Sequence(items) => {
                let item =
                    |(index, node)| At { node, path: format!("{}[{index}]", self.path), report: self.report };
                items.iter().enumerate().map(item).collect()
            }
            _ if self.node.is_null() => Vec::new(),
            _ => {
                self.wrong(format!("must be a list, not {}", self.kind()));
                Vec::new()
            }
        }
    }

    /// Texts by their names, in the order of the file.
    pub fn pairs(&self) -> Vec<(String, At<'a>)> {
        let Some(section) = self.section() else { return Vec::new() };
        let names: Vec<&str> = section.left.borrow().iter().map(|(key, _)| key.name.as_str()).collect();
        let pairs = names.into_iter().filter_map(|name| Some((name.to_owned(), section.take_any(name)?)));
        pairs.collect()
    }

    pub fn is_null(&self) -> bool {
        self.node.is_null()
    }

    pub fn text(&self) -> Option<String> {
        match &self.node.value {
            Value::Scalar { text, .. } if !self.node.is_null() => Some(text.clone()),
            _ => {
                self.wrong(format!("must be a text, not {}", self.kind()));
                None
            }
        }
    }

    /// A boolean in any of the words of YAML 1.1, which Alertmanager's reader knows.
    pub fn boolean(&self) -> Option<bool> {
        let text = match &self.node.value {
            Value::Scalar { text, plain: true } => text.to_lowercase(),
            _ => String::new(),
        };
        match text.as_str() {
            "true" | "yes" | "on" | "y" => return Some(true),
            "false" | "no" | "off" | "n" => return Some(false),
            _ => {}
        }
        self.wrong(format!("must be true or false, not {}", self.kind()));
        None
    }

    /// Whatever stands here.
    pub fn typed(&self) -> Typed {
        Typed::of(self.node)
    }

    pub fn whole_number(&self) -> Option<u64> {
        let number = match &self.node.value {
            Value::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(format!("must be a whole number from 0, not {}", self.kind()));
        }
        number
    }

    pub fn duration(&self) -> Option<Duration> {
        parse_duration(&self.text()?).map_err(|error| self.wrong(error.to_string())).ok()
    }

    /// A span of time as Go writes it too: `1.5s`, `300ms` (Go, `time.ParseDuration`).
    pub fn timeout(&self) -> Option<Duration> {
        let text = self.text()?;
        let span = parse_duration(&text);
        span.or_else(|error| go_duration(&text).ok_or(error))
            .map_err(|error| self.wrong(error.to_string()))
            .ok()
    }

    /// A text that is not to be shown.
    pub fn secret(&self) -> Option<Secret> {
        self.hide();
        self.text().filter(|text| !text.is_empty()).map(Secret::new)
    }

    /// The URL of something that HTTP is spoken with, which is itself secret.
    pub fn secret_url(&self) -> Option<Secret> {
        self.hide();
        let url = self.text()?;
        // What was shown can be read again (Alertmanager, `SecretURL`).
        if url != HIDDEN {
            self.check_url(&url);
        }
        Some(Secret::new(url))
    }

    /// The same, or a Go template that becomes one.
    pub fn secret_url_template(&self) -> Option<Secret> {
        self.hide();
        match self.text()? {
            text if text.contains("{{") => Some(Secret::new(text)),
            _ => self.secret_url(),
        }
    }

    pub fn url(&self) -> Option<String> {
        let url = self.text()?;
        if url.contains('@') {
            self.hide();
        }
        // What was shown can be read again.
        if url != HIDDEN {
            self.check_url(&url);
        }
        Some(url)
    }

    fn check_url(&self, url: &str) {
        let rest = ["http://", "https://"].iter().find_map(|scheme| {
            let start = url.get(..scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
        });
        match rest {
            None => self.wrong("must be a URL that begins with http:// or https://"),
            Some(rest) => {
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                if host.is_empty() || host.contains(char::is_whitespace) {
                    self.wrong("is a URL without a host, or with a blank in it");
                }
            }
        }
    }

    /// Hides all scalars below, if they are `hidden` as a whole, or what a field has whose name is.
    pub fn hide_below(&self, hidden: bool, is_secret: &dyn Fn(&str) -> bool) {
        match &self.node.value {
            Value::Scalar { text, .. } => {
                // A URL can have a name and a password in it, and often is a secret as a whole.
                if hidden || text.contains('@') || text.contains("hooks.") {
                    self.hide();
                }
            }
            Value::Sequence(items) => {
                items.iter().for_each(|node| self.to(node).hide_below(hidden, is_secret));
            }
            Value::Mapping(fields) => {
                for (key, node) in fields {
                    self.to(node).hide_below(hidden || is_secret(&key.name), is_secret);
                }
            }
        }
    }

    fn to(&self, node: &'a Node) -> Self {
        At { node, path: String::new(), report: self.report }
    }

    /// What stands here, in words that say nothing of what it says.
    fn kind(&self) -> &'static str {
        match &self.node.value {
            Value::Mapping(_) => "a mapping of fields",
            Value::Sequence(_) => "a list",
            Value::Scalar { .. } if self.node.is_null() => "nothing",
            Value::Scalar { plain: false, .. } => "a text in quotes",
            Value::Scalar { .. } => "another word",
        }
    }
}

/// A span of time from decimal numbers with units, in any order.
fn go_duration(text: &str) -> Option<Duration> {
    const UNITS: [(&str, f64); 7] =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let (mut rest, mut seconds) = (text.strip_prefix('+').unwrap_or(text), 0.0);
    while !rest.is_empty() {
        let (count, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let (unit, after) =
            after.split_at(after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len()));
        let (_, size) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        seconds += count.parse::<f64>().ok()? * size;
        rest = after;
    }
    Duration::try_from_secs_f64(seconds).ok().filter(|_| !text.is_empty())
}
