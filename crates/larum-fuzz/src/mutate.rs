//! Variants of input, drawn from a seed: the same seed gives the same ones.

/// Numbers that look drawn (Knuth's MMIX).
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `most`, which is not 0.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// The longest input that is tried, in bytes.
pub const LONGEST: usize = 4096;

/// A variant of `of`, with pieces of `other` and of `words` in it.
pub fn variant(draw: &mut Draw, of: &[u8], other: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = of.to_vec();
    for _ in 0..=draw.below(4) {
        let place = draw.below(bytes.len() + 1);
        match draw.below(8) {
            0 | 1 if !words.is_empty() => {
                let word = words[draw.below(words.len())];
                bytes.splice(place..place, word.bytes());
            }
            2 => drop(bytes.drain(range(draw, place, bytes.len()))),
            3 if !bytes.is_empty() => {
                let place = place.min(bytes.len() - 1);
                bytes[place] ^= 1 << draw.below(8);
            }
            4 => bytes.insert(place, INTERESTING[draw.below(INTERESTING.len())]),
            5 if !other.is_empty() => {
                let from = draw.below(other.len());
                bytes.splice(place..place, other[range(draw, from, other.len())].to_vec());
            }
            6 if !bytes.is_empty() => {
                let from = draw.below(bytes.len());
                let again = bytes[range(draw, from, bytes.len())].to_vec();
                bytes.splice(place..place, again);
            }
            _ if !bytes.is_empty() => {
                let place = place.min(bytes.len() - 1);
                bytes[place] = INTERESTING[draw.below(INTERESTING.len())];
            }
            _ => {}
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Signs that mean something somewhere.
const INTERESTING: &[u8] = b"\0\n\t \"'`\\{}[]()<>,:;=!~.*+?^$|&#-_@%/0159aZ\x7f\x80\xc3\xa9\xff";

/// Some of what begins at `from`, mostly little.
fn range(draw: &mut Draw, from: usize, end: usize) -> std::ops::Range<usize> {
    let most = end - from;
    let most = most.min(1 << draw.below(10));
    let length = draw.below(most + 1);
    from..from + length
}
