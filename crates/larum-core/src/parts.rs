//! A map that is cheap to copy: it stands in parts, which all copies share until one of them changes something there.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// How many parts there are. Copying a map takes as long as there are, and the first change of a copy as long as there are
/// entries in one of them.
const PARTS: usize = 64;

/// Values by their keys, in no particular order.
#[derive(Clone, Debug)]
pub(crate) struct Parts<K, V> {
    hasher: RandomState,
    /// [`PARTS`] of them, or none as long as nothing stands there.
    parts: Vec<Arc<HashTable<(K, V)>>>,
    len: usize,
}

impl<K, V> Default for Parts<K, V> {
    fn default() -> Self {
        Self { hasher: RandomState::default(), parts: Vec::new(), len: 0 }
    }
}

impl<K, V> Parts<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All values.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter()).map(|(key, value)| (key, value))
    }
}

impl<K: Clone + Hash + Eq, V: Clone> Parts<K, V> {
    /// The value of this key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let hash = self.hasher.hash_one(key);
        let part = self.parts.get(place(hash))?;
        part.find(hash, |(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// The value of this key, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        // What is not there is no reason to copy a part.
        self.get(key)?;
        let hash = self.hasher.hash_one(key);
        let part = Arc::make_mut(self.parts.get_mut(place(hash))?);
        part.find_mut(hash, |(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// The value of this key, to be changed; a new one if there is none.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let (hash, rehash) = (self.hasher.hash_one(&key), |(key, _): &(K, V)| self.hasher.hash_one(key));
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Arc::default);
        }
        let part = Arc::make_mut(&mut self.parts[place(hash)]);
        let entry = part.entry(hash, |(known, _)| *known == key, rehash);
        if let Entry::Vacant(_) = &entry {
            self.len += 1;
        }
        &mut entry.or_insert_with(|| (key, V::default())).into_mut().1
    }

    /// Takes the value of this key out.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.get(key)?;
        let hash = self.hasher.hash_one(key);
        let part = Arc::make_mut(self.parts.get_mut(place(hash))?);
        let found = part.find_entry(hash, |(known, _)| known.borrow() == key).ok()?;
        self.len -= 1;
        Some(found.remove().0.1)
    }

    /// Puts a value under this key. Answers which stood there before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let before = self.remove(&key);
        let (hash, rehash) = (self.hasher.hash_one(&key), |(key, _): &(K, V)| self.hasher.hash_one(key));
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Arc::default);
        }
        Arc::make_mut(&mut self.parts[place(hash)]).insert_unique(hash, (key, value), rehash);
        self.len += 1;
        before
    }
}

/// In which part something stands. Tables look at the lowest bits of a hash and at the highest.
fn place(hash: u64) -> usize {
    (hash >> 32) as usize % PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: u32) -> Parts<u32, String> {
        let mut numbers = Parts::default();
        (0..count).for_each(|n| assert_eq!(numbers.insert(n, n.to_string()), None));
        numbers
    }

    #[test]
    fn it_is_a_map() {
        let mut numbers = numbers(1000);
        assert_eq!((numbers.len(), numbers.get(&7).map(String::as_str)), (1000, Some("7")));
        assert_eq!(numbers.insert(7, "seven".to_owned()).as_deref(), Some("7"));
        numbers.get_or_default(7).push('!');
        assert_eq!(numbers.remove(&7).as_deref(), Some("seven!"));
        assert_eq!((numbers.remove(&7), numbers.get(&7), numbers.len()), (None, None, 999));
        assert_eq!(numbers.get_or_default(7), "");
        let mut all: Vec<u32> = numbers.iter().map(|(number, _)| *number).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1000));
        assert!(Parts::<u32, u32>::default().is_empty());
    }

    #[test]
    fn a_copy_stays_as_it_was_and_shares_all_but_the_part_that_changes() {
        let mut numbers = numbers(1000);
        let before = numbers.clone();
        numbers.get_mut(&7).expect("it is there").push('!');
        assert_eq!(
            (before.get(&7).map(String::as_str), numbers.get(&7).map(String::as_str)),
            (Some("7"), Some("7!"))
        );
        let shared = numbers.parts.iter().zip(&before.parts).filter(|(one, other)| Arc::ptr_eq(one, other));
        assert_eq!(shared.count(), PARTS - 1);
        numbers.remove(&1000);
        assert_eq!(numbers.get_mut(&1000), None);
    }
}
