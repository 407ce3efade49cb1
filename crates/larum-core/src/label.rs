//! Label sets: what an alert or a series is known by.

use std::fmt;
use std::sync::Arc;

/// The label that holds an alert's name (Prometheus, "Alerting rules").
pub const ALERT_NAME: &str = "alertname";
/// The label that holds a series' metric name (Prometheus, "Data model").
pub const METRIC_NAME: &str = "__name__";
/// The label that says how bad it is, by convention.
pub const SEVERITY: &str = "severity";

/// An immutable set of name/value pairs, sorted by name, names unique, values never empty.
///
/// Serves for labels and for annotations. Cloning shares the text. All of it lies in one allocation, because a hundred
/// thousand of these are held at a time: how many pairs there are, and then each name and each value behind its length
/// ([`push_number`]). Equal sets are equal texts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LabelSet(Arc<str>);

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
        pairs.dedup_by(|later, earlier| {
            let same = later.0.as_ref() == earlier.0.as_ref();
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        pairs.retain(|(_, value)| !value.as_ref().is_empty());
        let mut text = String::with_capacity(bytes + 4 * pairs.len() + 2);
        push_number(&mut text, pairs.len());
        for (name, value) in &pairs {
            push_text(&mut text, name.as_ref());
            push_text(&mut text, value.as_ref());
        }
        Self(text.into())
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        take_number(&self.0).0
    }

    /// Whether there are no labels.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of the label `name`, if it is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of the label `name`, or the empty string, which means the same as *not there*.
    pub fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The pairs in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        let (left, rest) = take_number(&self.0);
        Pairs { left, rest }
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
        self.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

/// The pairs of a set that were not asked for yet.
#[derive(Clone)]
struct Pairs<'a> {
    left: usize,
    rest: &'a str,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (name, rest) = take_text(self.rest);
        let (value, rest) = take_text(rest);
        self.rest = rest;
        Some((name, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Pairs<'_> {}

/// How many bits of a number stand in one character.
const DIGIT_BITS: u32 = 6;
/// Set in each character of a number but its last.
const MORE: u8 = 1 << DIGIT_BITS;

/// Writes a number down as characters of one byte each, the lowest six bits first, so that it can stand in a text.
fn push_number(text: &mut String, mut number: usize) {
    while number >= MORE.into() {
        text.push(char::from(MORE | (number as u8 & (MORE - 1))));
        number >>= DIGIT_BITS;
    }
    text.push(char::from(number as u8));
}

/// The number at the beginning of a text, and what follows it.
fn take_number(text: &str) -> (usize, &str) {
    let (mut number, mut digits) = (0, 0);
    for byte in text.bytes() {
        number |= usize::from(byte & (MORE - 1)) << (DIGIT_BITS * digits);
        digits += 1;
        if byte < MORE {
            break;
        }
    }
    (number, &text[digits as usize..])
}

fn push_text(text: &mut String, part: &str) {
    push_number(text, part.len());
    text.push_str(part);
}

fn take_text(text: &str) -> (&str, &str) {
    let (bytes, rest) = take_number(text);
    rest.split_at(bytes)
}

impl Default for LabelSet {
    fn default() -> Self {
        Self::from_pairs::<&str, &str>([])
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for LabelSet {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self::from_pairs(pairs)
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
    fn long_names_and_values_come_out_as_they_went_in() {
        for bytes in [0, 1, 63, 64, 65, 4095, 4096, 70_000, 300_000] {
            let (name, value) = ("n".repeat(bytes + 1), "ä".repeat(bytes + 1));
            let set = LabelSet::from_pairs([("a", "1"), (&name, &value), ("z", "2")]);
            let pairs: Vec<_> = set.iter().collect();
            assert_eq!(pairs, [("a", "1"), (&name, &value), ("z", "2")]);
            assert_eq!(set.text_bytes(), 3 * (bytes + 1) + 4);
        }
    }

    #[test]
    fn a_set_of_many_labels_is_counted() {
        let set = LabelSet::from_pairs((0..1000).map(|n| (format!("l{n:04}"), n.to_string())));
        assert_eq!(set.len(), 1000);
        assert_eq!(set.iter().len(), 1000);
        assert_eq!(set.get("l0777"), Some("777"));
        assert!(LabelSet::empty().is_empty());
    }

    #[test]
    fn sets_with_the_same_text_cut_differently_differ() {
        let one = LabelSet::from_pairs([("ab", "c")]);
        let two = LabelSet::from_pairs([("a", "bc")]);
        assert_ne!(one, two);
        assert_ne!(one.fingerprint(), two.fingerprint());
    }
}
