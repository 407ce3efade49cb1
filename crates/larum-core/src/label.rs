//! Label sets: what an alert or a series is known by.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The label that holds an alert's name (Prometheus, "Alerting rules").
pub const ALERT_NAME: &str = "alertname";
/// The label that holds a series' metric name (Prometheus, "Data model").
pub const METRIC_NAME: &str = "__name__";
/// The label that says how bad it is, by convention.
pub const SEVERITY: &str = "severity";

/// An immutable set of name/value pairs, sorted by name, names unique, values never empty.
///
/// Serves for labels and for annotations. Cloning shares the text. All text lies in one allocation, because a
/// hundred thousand of these are held at a time.
#[derive(Clone)]
pub struct LabelSet(Arc<Text>);

struct Text {
    text: Box<str>,
    /// Where each name and each value ends in `text`: name, value, name, value …
    ends: Box<[u32]>,
}

/// The largest text one set may hold, in bytes; longer ones are refused at the doors long before.
pub const MAX_TEXT_BYTES: usize = u32::MAX as usize;

impl LabelSet {
    /// The set without labels.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Builds a set from pairs in any order. Pairs with an empty value mean *label not there* and are left out
    /// (Prometheus, "Data model"); of two pairs with one name the later wins.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut pairs: Vec<(N, V)> = pairs.into_iter().collect();
        pairs.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let bytes: usize = pairs.iter().map(|(n, v)| n.as_ref().len() + v.as_ref().len()).sum();
        assert!(bytes < MAX_TEXT_BYTES, "a label set is bounded at the doors");
        let mut text = String::with_capacity(bytes);
        let mut ends = Vec::with_capacity(pairs.len() * 2);
        for (index, (name, value)) in pairs.iter().enumerate() {
            let shadowed = pairs.get(index + 1).is_some_and(|next| next.0.as_ref() == name.as_ref());
            if shadowed || value.as_ref().is_empty() {
                continue;
            }
            text.push_str(name.as_ref());
            ends.push(text.len() as u32);
            text.push_str(value.as_ref());
            ends.push(text.len() as u32);
        }
        Self(Arc::new(Text { text: text.into(), ends: ends.into() }))
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.ends.len() / 2
    }

    /// Whether there are no labels.
    pub fn is_empty(&self) -> bool {
        self.0.ends.is_empty()
    }

    /// The value of the label `name`, if it is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let (found, value) = self.pair(middle);
            match found.cmp(name) {
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The value of the label `name`, or the empty string, which means the same as *not there*.
    pub fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The pairs in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        (0..self.len()).map(|index| self.pair(index))
    }

    /// This set with `name` set to `value` (removed if `value` is empty).
    pub fn with(&self, name: &str, value: &str) -> Self {
        Self::from_pairs(self.iter().chain([(name, value)]))
    }

    /// Only the labels whose name `keep` says yes to.
    pub fn filter(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        Self::from_pairs(self.iter().filter(|(name, _)| keep(name)))
    }

    /// What the API shows an alert under; equal sets have equal fingerprints, and now and then different ones too.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        for (name, value) in self.iter() {
            name.bytes().for_each(&mut add);
            add(0xff);
            value.bytes().for_each(&mut add);
            add(0xff);
        }
        Fingerprint(hash)
    }

    /// Bytes of text in all names and values.
    pub fn text_bytes(&self) -> usize {
        self.0.text.len()
    }

    fn pair(&self, index: usize) -> (&str, &str) {
        let start = if index == 0 { 0 } else { self.0.ends[index * 2 - 1] as usize };
        let (middle, end) = (self.0.ends[index * 2] as usize, self.0.ends[index * 2 + 1] as usize);
        (&self.0.text[start..middle], &self.0.text[middle..end])
    }
}

impl Default for LabelSet {
    fn default() -> Self {
        Self(Arc::new(Text { text: Box::default(), ends: Box::default() }))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for LabelSet {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self::from_pairs(pairs)
    }
}

impl PartialEq for LabelSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.ends == other.0.ends && self.0.text == other.0.text)
    }
}

impl Eq for LabelSet {}

impl Hash for LabelSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
        self.0.ends.hash(state);
    }
}

impl Ord for LabelSet {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for LabelSet {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// `{name="value", …}` with Go's quoting of the values, as Prometheus prints it.
impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// FNV-1a, 64 bits, over `name 0xFF value 0xFF` in order of name: the fingerprint that Alertmanager's API shows
/// (common/model, `LabelsToSignature`). Printed as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_sorted_and_the_later_of_two_values_wins() {
        let set = LabelSet::from_pairs([("b", "1"), ("a", "x"), ("b", "2"), ("gone", "")]);
        assert_eq!(set.to_string(), r#"{a="x", b="2"}"#);
        assert_eq!(set.get("b"), Some("2"));
        assert_eq!(set.get("gone"), None);
        assert_eq!(set.len(), 2);
    }

    #[test]
    fn an_empty_later_value_removes_the_label() {
        let set = LabelSet::from_pairs([("a", "1"), ("b", "2")]);
        assert_eq!(set.with("a", "").to_string(), r#"{b="2"}"#);
    }

    #[test]
    fn the_fingerprint_is_alertmanagers() {
        let set = LabelSet::from_pairs([("severity", "warning"), ("alertname", "test1")]);
        assert_eq!(set.fingerprint().to_string(), "8f14a41207c8456c");
    }

    #[test]
    fn sets_with_the_same_text_cut_differently_differ() {
        let one = LabelSet::from_pairs([("ab", "c")]);
        let two = LabelSet::from_pairs([("a", "bc")]);
        assert_ne!(one, two);
        assert_ne!(one.fingerprint(), two.fingerprint());
    }
}
