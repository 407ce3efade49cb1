//! The fields of a mapping.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use super::At;
use crate::yaml::{Key, Node, Value};

/// The fields of a mapping. Those that nobody took when it goes away are told to be unknown.
pub(in crate::config) struct Section<'a> {
    pub(super) at: At<'a>,
    pub(super) left: RefCell<Vec<&'a (Key, Node)>>,
}

impl<'a> Section<'a> {
    pub fn at(&self) -> &At<'a> {
        &self.at
    }

    /// The field of this name, if it is there and says something.
    pub fn take(&self, name: &str) -> Option<At<'a>> {
        self.take_any(name).filter(|at| !at.is_null())
    }

    /// The field of this name, if it is there.
    pub fn take_any(&self, name: &str) -> Option<At<'a>> {
        let mut left = self.left.borrow_mut();
        let index = left.iter().position(|(key, _)| key.name == name)?;
        let (_, node) = left.remove(index);
        Some(At { node, path: self.path_of(name), report: self.at.report })
    }

    /// Whether a field is there that nobody has taken yet, and says something.
    pub fn says(&self, name: &str) -> bool {
        let left = self.left.borrow();
        left.iter().any(|(key, node)| {
            let empty = match &node.value {
                Value::Sequence(items) => items.is_empty(),
                Value::Mapping(fields) => fields.is_empty(),
                Value::Scalar { text, .. } => node.is_null() || text == "false",
            };
            key.name == name && !empty
        })
    }

    /// Says that a field cannot be here, and takes it away.
    pub fn refuse(&self, name: &str, message: &str) {
        let mut left = self.left.borrow_mut();
        if let Some(index) = left.iter().position(|(key, _)| key.name == name) {
            let (key, _) = left.remove(index);
            self.at.report.wrong(key.place, &self.path_of(name), message);
        }
    }

    fn path_of(&self, name: &str) -> String {
        if self.at.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at.path) }
    }

    /// Says that a field is not there that should be; answers with nothing, for whoever asked for it.
    pub fn missing<T>(&self, name: &str, message: &str) -> Option<T> {
        self.at.report.wrong(self.at.place(), &self.path_of(name), message);
        None
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.take(name)?.text()
    }

    /// A text, or what it is if nothing is said.
    pub fn text_or(&self, name: &str, usual: &str) -> String {
        self.text(name).unwrap_or_else(|| usual.to_owned())
    }

    pub fn boolean_or(&self, name: &str, usual: bool) -> bool {
        self.take(name).and_then(|at| at.boolean()).unwrap_or(usual)
    }

    pub fn duration(&self, name: &str) -> Option<Duration> {
        self.take(name)?.duration()
    }

    /// How long an attempt may take; zero, if nothing is said.
    pub fn timeout(&self, name: &str) -> Duration {
        self.take(name).and_then(|at| at.timeout()).unwrap_or_default()
    }

    /// A list of texts, if the field is there; an empty one, if it is empty.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.take(name)?.items();
        Some(items.iter().filter_map(At::text).collect())
    }

    /// Texts by their names.
    pub fn texts_by_name(&self, name: &str) -> BTreeMap<String, String> {
        let pairs = self.take(name).map(|at| at.pairs()).unwrap_or_default();
        pairs.into_iter().filter_map(|(name, at)| Some((name, at.text()?))).collect()
    }

    /// At most one of these fields may be there; they are, in their order.
    pub fn exclusive(&self, names: &[&str]) {
        let left = self.left.borrow();
        let given = names
            .iter()
            .filter_map(|name| left.iter().find(|(key, node)| key.name == *name && !node.is_null()));
        let given: Vec<_> = given.collect();
        if let Some((key, _)) = given.iter().max_by_key(|(key, _)| key.place)
            && given.len() > 1
        {
            let message = format!("at most one of {} can be given", names.join(", "));
            self.at.report.wrong(key.place, &self.path_of(&key.name), message);
        }
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        for (key, _) in self.left.borrow().iter() {
            let path = self.path_of(&key.name);
            self.at.report.wrong(key.place, &path, "there is no such field here");
        }
    }
}
