//! Which alerts have a label's value, found by the value rather than by asking each alert.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use roaring::RoaringBitmap;

use crate::alert::AlertId;
use crate::label::LabelSet;
use crate::matcher::Matcher;
use crate::sieve;

/// Alerts by what their labels are. What comes out may pass and has still to be asked; what does not come out cannot.
///
/// It must be small beside a hundred thousand alerts: a value is kept as 32 bits of its hash, so that now and then two
/// share a place; a value that one alert has alone takes eight bytes, and one that many share a bit or two for each.
#[derive(Debug, Default)]
pub(crate) struct AlertIndex {
    hasher: RandomState,
    /// By the upper halves of the alerts' numbers, of which there is seldom more than one.
    eras: BTreeMap<u32, Era>,
}

/// Alerts whose numbers differ in their lower halves only, which stand here for them.
#[derive(Debug, Default)]
struct Era {
    all: RoaringBitmap,
    /// Values that one alert has.
    alone: HashMap<u32, u32, RandomState>,
    /// Values that several have.
    shared: HashMap<u32, RoaringBitmap, RandomState>,
}

/// Numbers of alerts, each once.
#[derive(Clone, Debug, Default)]
pub struct AlertIds(Vec<(u32, RoaringBitmap)>);

impl AlertIds {
    /// The numbers, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = AlertId> {
        self.0
            .iter()
            .flat_map(|(era, ids)| ids.iter().map(|low| AlertId(u64::from(*era) << 32 | u64::from(low))))
    }

    /// The same, the highest first.
    pub fn newest_first(&self) -> impl Iterator<Item = AlertId> {
        self.0.iter().rev().flat_map(|(era, ids)| {
            ids.iter().rev().map(|low| AlertId(u64::from(*era) << 32 | u64::from(low)))
        })
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(_, ids)| ids.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl AlertIndex {
    /// Adds an alert, which must not be there yet.
    pub(crate) fn insert(&mut self, id: AlertId, labels: &LabelSet) {
        let (era, low) = halves(id);
        let era = self.eras.entry(era).or_default();
        era.all.insert(low);
        for (name, value) in labels.iter() {
            era.insert(place(&self.hasher, name, value.as_bytes()), low);
        }
    }

    /// Takes an alert out, which was added with these labels.
    pub(crate) fn remove(&mut self, id: AlertId, labels: &LabelSet) {
        let (number, low) = halves(id);
        let Some(era) = self.eras.get_mut(&number) else { return };
        era.all.remove(low);
        for (name, value) in labels.iter() {
            era.remove(place(&self.hasher, name, value.as_bytes()), low);
        }
        if era.all.is_empty() {
            self.eras.remove(&number);
        }
    }

    /// The alerts that can pass all of these matchers: those that have what an equality, or an expression of few literal
    /// values, asks for. Other matchers are not looked at.
    pub(crate) fn candidates(&self, matchers: &[Matcher]) -> AlertIds {
        let wanted = matchers.iter().filter_map(|matcher| {
            let values = sieve::literal_values(matcher)?;
            Some(values.iter().map(|value| place(&self.hasher, matcher.name(), value)).collect())
        });
        let wanted: Vec<Vec<u32>> = wanted.collect();
        let found = self.eras.iter().map(|(number, era)| (*number, era.with_all_of(&wanted)));
        AlertIds(found.filter(|(_, ids)| !ids.is_empty()).collect())
    }
}

impl Era {
    fn insert(&mut self, place: u32, low: u32) {
        if let Some(sharing) = self.shared.get_mut(&place) {
            sharing.insert(low);
        } else if let Some(first) = self.alone.insert(place, low).filter(|first| *first != low) {
            self.alone.remove(&place);
            self.shared.insert(place, RoaringBitmap::from_iter([first, low]));
        }
    }

    fn remove(&mut self, place: u32, low: u32) {
        if let Some(sharing) = self.shared.get_mut(&place) {
            sharing.remove(low);
            if let Some(last) = sharing.min().filter(|_| sharing.len() == 1) {
                self.shared.remove(&place);
                self.alone.insert(place, last);
            }
        } else if self.alone.get(&place) == Some(&low) {
            self.alone.remove(&place);
        }
    }

    /// Those that stand, for each of these lists, in one of its places.
    fn with_all_of(&self, wanted: &[Vec<u32>]) -> RoaringBitmap {
        let mut sets: Vec<_> = wanted.iter().map(|places| self.with_one_of(places)).collect();
        // The fewest first: what follows costs no more than they do.
        sets.sort_unstable_by_key(|set| set.len());
        let mut sets = sets.into_iter();
        let Some(fewest) = sets.next() else { return self.all.clone() };
        sets.fold(fewest.into_owned(), |found, set| found & &*set)
    }

    fn with_one_of(&self, places: &[u32]) -> Cow<'_, RoaringBitmap> {
        match places {
            [place] => self.at(*place),
            _ => {
                Cow::Owned(places.iter().fold(RoaringBitmap::new(), |found, place| found | &*self.at(*place)))
            }
        }
    }

    fn at(&self, place: u32) -> Cow<'_, RoaringBitmap> {
        match self.shared.get(&place) {
            Some(sharing) => Cow::Borrowed(sharing),
            None => Cow::Owned(self.alone.get(&place).copied().into_iter().collect()),
        }
    }
}

/// The upper and the lower half of an alert's number.
const fn halves(id: AlertId) -> (u32, u32) {
    ((id.0 >> 32) as u32, id.0 as u32)
}

fn place(hasher: &RandomState, name: &str, value: &[u8]) -> u32 {
    hasher.hash_one((name.as_bytes(), value)) as u32
}

#[cfg(test)]
mod tests;
