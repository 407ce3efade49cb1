//! Alerts come and go, and are found by matchers as if each had been asked.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::matcher::{MatcherSyntax, parse_matchers};

fn matchers(text: &str) -> Vec<Matcher> {
    parse_matchers(text, MatcherSyntax::Fallback).expect("they are matchers").value
}

fn labels(text: &str) -> LabelSet {
    matchers(text).iter().map(|matcher| (matcher.name().to_owned(), matcher.value().to_owned())).collect()
}

/// Held alerts beside their index.
#[derive(Default)]
struct Shelf {
    held: BTreeMap<u64, LabelSet>,
    index: AlertIndex,
}

impl Shelf {
    fn of<const N: usize>(alerts: [(u64, &str); N]) -> Self {
        let mut shelf = Self::default();
        alerts.into_iter().for_each(|(id, text)| shelf.put(id, labels(text)));
        shelf
    }

    fn put(&mut self, id: u64, labels: LabelSet) {
        if !self.held.contains_key(&id) {
            self.index.insert(AlertId(id), &labels);
            self.held.insert(id, labels);
        }
    }

    fn drop(&mut self, id: u64) {
        if let Some(labels) = self.held.remove(&id) {
            self.index.remove(AlertId(id), &labels);
        }
    }

    fn candidates(&self, text: &str) -> Vec<u64> {
        self.index.candidates(&matchers(text)).iter().map(|id| id.0).collect()
    }
}

#[test]
fn an_equality_finds_those_that_have_the_value_and_no_others() {
    let shelf = Shelf::of([(1, "a=x,b=1"), (2, "a=y,b=1"), (3, "a=x,b=2"), (4, "c=x")]);
    assert_eq!(shelf.candidates("a=x"), [1, 3]);
    assert_eq!(shelf.candidates("a=x,b=2"), [3]);
    assert_eq!(shelf.candidates("a=nobody"), [0; 0]);
    assert_eq!(shelf.candidates("a=x,b=nobody"), [0; 0]);
}

#[test]
fn an_expression_of_literal_values_finds_those_that_have_one_of_them() {
    let shelf = Shelf::of([(1, "a=x,b=1"), (2, "a=y,b=1"), (3, "a=z,b=1")]);
    assert_eq!(shelf.candidates("a=~'x|z'".replace('\'', "\"").as_str()), [1, 3]);
    assert_eq!(shelf.candidates("a=~\"(x|y)\",b=1"), [1, 2]);
}

#[test]
fn what_a_missing_label_passes_rules_nobody_out() {
    let shelf = Shelf::of([(1, "a=x"), (2, "b=y")]);
    for text in ["a=\"\"", "a!=x", "a!~x", "a=~\"x|\"", "a=~\".*\"", "a=~\"x.*\"", ""] {
        assert_eq!(shelf.candidates(text), [1, 2], "{text}");
    }
}

#[test]
fn numbers_may_be_as_large_as_they_come() {
    let mut shelf = Shelf::of([(7, "a=x"), (7 | 1 << 32, "a=x"), (u64::MAX, "a=x,b=y")]);
    assert_eq!(shelf.candidates("a=x"), [7, 7 | 1 << 32, u64::MAX]);
    assert_eq!(shelf.candidates("b=y"), [u64::MAX]);
    shelf.drop(7);
    assert_eq!(shelf.candidates("a=x"), [7 | 1 << 32, u64::MAX], "another with the same lower half stays");
}

#[test]
fn when_all_are_gone_nothing_is_left() {
    let mut shelf = Shelf::of([(1, "a=x,b=1"), (2, "a=x,b=2"), (3, "a=x,b=1")]);
    (1..=3).for_each(|id| shelf.drop(id));
    assert!(shelf.index.eras.is_empty());
    assert!(shelf.index.candidates(&[]).is_empty());
}

proptest! {
    /// Alerts come and go; then every matcher finds all that it matches.
    #[test]
    fn nobody_is_missed(
        steps in vec((0_u64..12, vec((select(vec!["a", "b", "c"]), select(vec!["1", "2", "3"])), 1..4)), 0..60),
        asked in vec((select(vec!["a", "b", "c"]), select(vec!["=", "!=", "=~", "!~"]), select(vec!["1", "2", "", "1|2", "3?"])), 0..4),
    ) {
        let mut shelf = Shelf::default();
        for (id, pairs) in steps {
            let id = id << 31;
            if shelf.held.contains_key(&id) {
                shelf.drop(id);
            } else {
                shelf.put(id, LabelSet::from_pairs(pairs));
            }
        }
        let text: Vec<String> = asked.iter().map(|(name, op, value)| format!("{name}{op}\"{value}\"")).collect();
        let matchers = matchers(&text.join(","));
        let found: Vec<u64> = shelf.index.candidates(&matchers).iter().map(|id| id.0).collect();
        prop_assert!(found.is_sorted());
        for (id, labels) in &shelf.held {
            let passes = matchers.iter().all(|matcher| matcher.matches(labels));
            prop_assert!(!passes || found.contains(id), "{} of {:?}: {:?}", labels, text, found);
        }
        prop_assert!(found.iter().all(|id| shelf.held.contains_key(id)), "nobody is found who is gone");
        let exact = asked.iter().all(|(_, op, value)| *op == "=" && !value.is_empty());
        if exact {
            let all = |id: &&u64| matchers.iter().all(|matcher| matcher.matches(&shelf.held[*id]));
            prop_assert_eq!(found.iter().filter(all).count(), found.len(), "equalities alone find no others");
        }
    }
}
