//! Which of many lists of matchers a set of labels can pass, found by its values rather than by asking each list.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::label::LabelSet;
use crate::matcher::{MatchOp, Matcher};
use crate::parts::Parts;

mod literals;

use literals::{Literals, Shape};

/// Lists of matchers by number, each standing under what one of its matchers needs a label's value to be, to begin
/// with, to end with, or to hold; those that need nothing of the kind are candidates always. What comes out may pass and has
/// still to be asked; what does not come out cannot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sieve {
    labels: Parts<SmolStr, Shelf>,
    /// Those that no literal is found for, in order.
    rest: Vec<u64>,
    /// Where each stands; those not in here stand in `rest`.
    anchors: Parts<u64, Anchor>,
}

/// What is asked of one label's value.
#[derive(Clone, Debug, Default)]
struct Shelf {
    is: Texts,
    begins: Texts,
    ends: Texts,
    holds: Texts,
}

/// The longest value that is searched for texts it may hold, in bytes. One that is longer may hold all of them.
const LONGEST_SEARCHED: usize = 1024;

/// The most lists that are merged step by step. More are cheaper sorted, all at once.
const MOST_MERGED: usize = 32;

/// The lists that need a text, each in order; and how many texts of each length there are.
#[derive(Clone, Debug, Default)]
struct Texts {
    lists: Parts<Box<[u8]>, Vec<u64>>,
    lengths: BTreeMap<usize, usize>,
}

/// Under what a list stands: one of these texts must be where `shape` says in the label `name`.
#[derive(Clone, Debug)]
struct Anchor {
    name: SmolStr,
    literals: Literals,
}

impl Sieve {
    /// Adds the list with this number, which must not be there yet.
    pub(crate) fn insert(&mut self, number: u64, matchers: &[Matcher]) {
        let anchors = matchers.iter().filter_map(Anchor::of);
        // Where the fewest others stand, the fewest others are asked together with it.
        let best = anchors.min_by_key(|anchor| (self.crowd(anchor), anchor.literals.shape));
        let Some(anchor) = best else { return put(&mut self.rest, number) };
        let texts = self.labels.get_or_default(anchor.name.clone()).texts(anchor.literals.shape);
        anchor.literals.texts.iter().for_each(|text| texts.insert(text, number));
        self.anchors.insert(number, anchor);
    }

    /// Takes the list with this number out, if it is there.
    pub(crate) fn remove(&mut self, number: u64) {
        let Some(anchor) = self.anchors.remove(&number) else { return take(&mut self.rest, number) };
        let Some(shelf) = self.labels.get_mut(&*anchor.name) else { return };
        let texts = shelf.texts(anchor.literals.shape);
        anchor.literals.texts.iter().for_each(|text| texts.remove(text, number));
        if shelf.is_empty() {
            self.labels.remove(&*anchor.name);
        }
    }

    /// The numbers of all lists that these labels can pass, each once, in order.
    pub(crate) fn candidates<'a>(&'a self, labels: &LabelSet) -> Candidates<'a> {
        let mut lists = vec![self.rest.as_slice()];
        for (name, value) in labels.iter() {
            let Some(shelf) = self.labels.get(name) else { continue };
            let value = value.as_bytes();
            lists.extend(shelf.is.get(value));
            let begins = shelf.begins.lengths.range(..=value.len());
            lists.extend(begins.filter_map(|(length, _)| shelf.begins.get(&value[..*length])));
            let ends = shelf.ends.lengths.range(..=value.len());
            lists.extend(ends.filter_map(|(length, _)| shelf.ends.get(&value[value.len() - length..])));
            shelf.holds.held_by(value, &mut lists);
        }
        lists.retain(|list| !list.is_empty());
        if lists.len() <= MOST_MERGED {
            return Candidates::Merged(lists);
        }
        let mut all = lists.concat();
        all.sort_unstable();
        all.dedup();
        Candidates::Sorted(all.into_iter())
    }

    /// How many stand where this one would.
    fn crowd(&self, anchor: &Anchor) -> usize {
        let Some(shelf) = self.labels.get(&*anchor.name) else { return 0 };
        let texts = match anchor.literals.shape {
            Shape::Is => &shelf.is,
            Shape::Begins => &shelf.begins,
            Shape::Ends => &shelf.ends,
            Shape::Holds => &shelf.holds,
        };
        anchor.literals.texts.iter().filter_map(|text| texts.get(text)).map(<[u64]>::len).max().unwrap_or(0)
    }
}

/// The values of which a label must have one to pass; nothing if there are many, or if a label that is not there passes.
pub(crate) fn literal_values(matcher: &Matcher) -> Option<Box<[Box<[u8]>]>> {
    let Anchor { literals, .. } = Anchor::of(matcher)?;
    (literals.shape == Shape::Is).then_some(literals.texts)
}

impl Anchor {
    /// What a matcher needs a value to have. A label that is not there has the empty value, which has nothing.
    fn of(matcher: &Matcher) -> Option<Self> {
        let literals = match matcher.op() {
            MatchOp::Equal => Literals::equal(matcher.value()),
            MatchOp::Regexp => Literals::of_pattern(matcher.value()),
            MatchOp::NotEqual | MatchOp::NotRegexp => None,
        }?;
        Some(Self { name: SmolStr::new(matcher.name()), literals })
    }
}

impl Shelf {
    fn texts(&mut self, shape: Shape) -> &mut Texts {
        match shape {
            Shape::Is => &mut self.is,
            Shape::Begins => &mut self.begins,
            Shape::Ends => &mut self.ends,
            Shape::Holds => &mut self.holds,
        }
    }

    fn is_empty(&self) -> bool {
        [&self.is, &self.begins, &self.ends, &self.holds].iter().all(|texts| texts.lists.is_empty())
    }
}

impl Texts {
    fn get(&self, text: &[u8]) -> Option<&[u64]> {
        self.lists.get(text).map(Vec::as_slice)
    }

    /// Adds the lists of all texts that stand somewhere in this value.
    fn held_by<'a>(&'a self, value: &[u8], lists: &mut Vec<&'a [u64]>) {
        if value.len() > LONGEST_SEARCHED {
            return lists.extend(self.lists.values().map(Vec::as_slice));
        }
        for length in self.lengths.keys().take_while(|length| **length <= value.len()) {
            lists.extend(value.windows(*length).filter_map(|window| self.get(window)));
        }
    }

    fn insert(&mut self, text: &[u8], number: u64) {
        let list = self.lists.get_or_default(text.into());
        if list.is_empty() {
            *self.lengths.entry(text.len()).or_default() += 1;
        }
        put(list, number);
    }

    fn remove(&mut self, text: &[u8], number: u64) {
        let Some(list) = self.lists.get_mut(text) else { return };
        take(list, number);
        if !list.is_empty() {
            return;
        }
        self.lists.remove(text);
        if let Some(count) = self.lengths.get_mut(&text.len()) {
            *count -= 1;
            if *count == 0 {
                self.lengths.remove(&text.len());
            }
        }
    }
}

fn put(list: &mut Vec<u64>, number: u64) {
    if let Err(place) = list.binary_search(&number) {
        list.insert(place, number);
    }
}

fn take(list: &mut Vec<u64>, number: u64) {
    if let Ok(place) = list.binary_search(&number) {
        list.remove(place);
    }
}

/// Numbers of lists that can be passed, the lowest first. The next is looked for only when it is asked for.
#[derive(Debug)]
pub(crate) enum Candidates<'a> {
    /// From lists that are in order each, none empty.
    Merged(Vec<&'a [u64]>),
    /// In order already.
    Sorted(std::vec::IntoIter<u64>),
}

impl Iterator for Candidates<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let lists = match self {
            Self::Merged(lists) => lists,
            Self::Sorted(all) => return all.next(),
        };
        let lowest = lists.iter().map(|list| list[0]).min()?;
        lists.retain_mut(|list| {
            if list[0] == lowest {
                *list = &list[1..];
            }
            !list.is_empty()
        });
        Some(lowest)
    }
}

#[cfg(test)]
mod tests;
