//! Relabelling: rules that rewrite the labels of targets and of series, or drop them.
//!
//! Source: Prometheus, "Configuration", section `relabel_config`.

mod draft;

use std::collections::BTreeMap;

use larum_core::label::LabelSet;
use larum_re2::{Expression, Replacement};
use md5::{Digest, Md5};

pub use self::draft::{RelabelDraft, RelabelError};

/// Labels that are being rewritten. A label with an empty value is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<String, String>);

/// What a rule does; each variant holds no more than it needs.
#[derive(Clone, Debug)]
enum Action {
    Replace { target: Replacement, replacement: Replacement, regex: Expression },
    Keep(Expression),
    Drop(Expression),
    KeepEqual { target: String },
    DropEqual { target: String },
    HashMod { target: String, modulus: u64 },
    LabelMap { regex: Expression, replacement: Replacement },
    LabelDrop(Expression),
    LabelKeep(Expression),
    Lowercase { target: String },
    Uppercase { target: String },
}

/// One rule, which makes sense: see [`RelabelDraft::rule`].
#[derive(Clone, Debug)]
pub struct RelabelRule {
    source_labels: Vec<String>,
    separator: String,
    action: Action,
    /// What it was made of, by which two rules are the same.
    draft: RelabelDraft,
}

impl PartialEq for RelabelRule {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

/// Applies the rules in their order; false as soon as one of them drops the labels.
#[must_use]
pub fn relabel(labels: &mut Labels, rules: &[RelabelRule]) -> bool {
    rules.iter().all(|rule| rule.apply(labels))
}

impl RelabelRule {
    /// Applies the rule; whether the labels are kept.
    fn apply(&self, labels: &mut Labels) -> bool {
        match &self.action {
            Action::Keep(regex) => return regex.is_match(&self.source(labels)),
            Action::Drop(regex) => return !regex.is_match(&self.source(labels)),
            Action::KeepEqual { target } => return labels.value(target) == self.source(labels),
            Action::DropEqual { target } => return labels.value(target) != self.source(labels),
            Action::Replace { target, replacement, regex } => {
                let source = self.source(labels);
                let Some(name) = put_in(target, regex, &source) else { return true };
                if !name.is_empty() {
                    labels.set(name, put_in(replacement, regex, &source).unwrap_or_default());
                }
            }
            Action::HashMod { target, modulus } => {
                let hash = Md5::digest(self.source(labels).as_bytes());
                // The last eight bytes, as Prometheus takes them.
                let number = hash.iter().skip(8).fold(0, |number, &byte| number << 8 | u64::from(byte));
                labels.set(target, (number % modulus).to_string());
            }
            Action::Lowercase { target } => labels.set(target, self.source(labels).to_lowercase()),
            Action::Uppercase { target } => labels.set(target, self.source(labels).to_uppercase()),
            Action::LabelMap { regex, replacement } => {
                let mapped: Vec<(String, String)> = labels
                    .iter()
                    .filter_map(|(name, value)| Some((put_in(replacement, regex, name)?, value.to_owned())))
                    .collect();
                mapped.into_iter().for_each(|(name, value)| labels.set(name, value));
            }
            Action::LabelDrop(regex) => labels.0.retain(|name, _| !regex.is_match(name)),
            Action::LabelKeep(regex) => labels.0.retain(|name, _| regex.is_match(name)),
        }
        true
    }

    fn source(&self, labels: &Labels) -> String {
        let values: Vec<&str> = self.source_labels.iter().map(|name| labels.value(name)).collect();
        values.join(&self.separator)
    }
}

/// A replacement with what is found in a text; none, if nothing is.
fn put_in(replacement: &Replacement, expression: &Expression, text: &str) -> Option<String> {
    let found = expression.captures(text)?;
    let mut out = String::new();
    replacement.write(&mut out, usize::MAX, |name| expression.group(&found, name).map(|at| &text[at]));
    Some(out)
}

impl Labels {
    /// The value of a label, empty if it is not there.
    pub fn value(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Sets a label; an empty value or name removes it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if value.is_empty() || name.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Sets a label that is not there.
    pub fn set_default(&mut self, name: &str, value: &str) {
        if self.value(name).is_empty() {
            self.set(name, value);
        }
    }

    /// Keeps the labels whose name `keep` says yes to.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| keep(name));
    }

    /// The pairs in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels as they are now.
    pub fn to_set(&self) -> LabelSet {
        LabelSet::from_pairs(&self.0)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut labels = Self::default();
        pairs.into_iter().for_each(|(name, value)| labels.set(name, value));
        labels
    }
}
