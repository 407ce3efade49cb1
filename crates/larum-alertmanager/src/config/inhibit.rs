//! `inhibit_rules`: what hushes what.

use std::collections::HashSet;

use larum_core::matcher::Matcher;

use super::Options;
use super::field::{At, Section};
use super::route::matchers;

/// While an alert fires that `source` matches, those are hushed that `target` matches and that have the same labels
/// `equal`.
#[derive(Clone, Debug, PartialEq)]
pub struct InhibitRule {
    /// What it is called; no other is called so.
    pub name: Option<String>,
    /// All of them match the alert that hushes: those of `source_matchers`, `source_match` and `source_match_re`.
    pub source: Vec<Matcher>,
    /// All of them match the alert that is hushed.
    pub target: Vec<Matcher>,
    /// Labels that both have with the same value, or that neither has; in order of name, none twice.
    pub equal: Vec<String>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

pub(super) fn read(at: Option<At<'_>>, options: &Options) -> Vec<InhibitRule> {
    let mut names = HashSet::new();
    let items = at.map(|at| at.items()).unwrap_or_default();
    let rule = |at: At<'_>| {
        // An item without anything is tolerated, as Alertmanager does.
        if at.is_null() {
            return None;
        }
        let section = at.section()?;
        let name = section.take("name").and_then(|at| {
            let name = at.text().filter(|name| !name.is_empty())?;
            if !names.insert(name.clone()) {
                at.wrong(format!("the name of a rule must be unique, and {name:?} is not"));
            }
            Some(name)
        });
        let source = matchers(&section, ["source_matchers", "source_match", "source_match_re"], options);
        let target = matchers(&section, ["target_matchers", "target_match", "target_match_re"], options);
        let equal = equal(&section, options);
        Some(InhibitRule { name, source, target, equal, line: section.at().place().line })
    };
    items.into_iter().filter_map(rule).collect()
}

fn equal(section: &Section<'_>, options: &Options) -> Vec<String> {
    let items = section.take("equal").map(|at| at.items()).unwrap_or_default();
    let name = |at: &At<'_>| {
        let name = at.text()?;
        if !options.matchers.is_label_name(&name) {
            at.wrong(format!("{name:?} is no name of a label"));
        }
        Some(name)
    };
    let mut names: Vec<String> = items.iter().filter_map(name).collect();
    names.sort_unstable();
    names.dedup();
    names
}
