//! Some hundred samples of one series in few bytes.
//!
//! Times are stored as the difference of differences, values as the exclusive or with the value before (Pelkonen
//! and others, "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, §4.1). Bits of values are
//! kept exactly, so that the staleness marker stays what it is among other NaNs.

use larum_promql::Sample;

use super::bits::{BitReader, BitWriter, low_bits};

/// How many samples a chunk holds at most: an hour of one every 15 seconds.
pub(super) const MOST_SAMPLES: u16 = 240;

/// Prefix and width of each size of a difference of differences; the first that fits is taken. A scrape that is on
/// time costs one bit.
const TIME_SIZES: [(u64, u32, u32); 4] = [(0b10, 2, 8), (0b110, 3, 14), (0b1110, 4, 22), (0b1111, 4, 64)];

/// Bits that say how many leading zeros there are, and how many bits of a difference follow.
const LEADING_BITS: u32 = 5;
const LENGTH_BITS: u32 = 6;

/// A chunk that takes no more samples. Shared between the store and its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Milliseconds since the epoch.
    pub first: i64,
    pub last: i64,
    pub count: u16,
    pub bytes: Box<[u8]>,
}

impl Chunk {
    /// Its samples in order of time; fewer if the bytes are not what [`ChunkBuilder`] wrote.
    pub(super) fn samples(&self) -> Samples<'_> {
        Samples::new(&self.bytes, self.count)
    }

    /// Memory it takes with its counts of references and its place in the series, in bytes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + size_of::<Self>() + 3 * size_of::<usize>()
    }
}

/// A chunk that takes samples.
#[derive(Clone, Debug, Default)]
pub(super) struct ChunkBuilder {
    writer: BitWriter,
    first: i64,
    last: i64,
    count: u16,
    state: State,
}

/// What the next sample is compared with, the same in writing and reading.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    at: i64,
    delta: i64,
    value: u64,
    /// Where the bits that differ lay last: leading zeros, and how many bits from there.
    leading: u32,
    length: u32,
}

impl ChunkBuilder {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= MOST_SAMPLES
    }

    /// Memory that its samples take, in bytes.
    pub(super) fn allocated(&self) -> usize {
        self.writer.allocated()
    }

    /// How many samples there are so far.
    pub(super) fn count(&self) -> u16 {
        self.count
    }

    /// The time of the first sample.
    pub(super) fn first(&self) -> i64 {
        self.first
    }

    /// Adds a sample later than the last.
    pub(super) fn push(&mut self, at: i64, value: f64) {
        let value = value.to_bits();
        if self.count == 0 {
            self.first = at;
            self.writer.bits(at.cast_unsigned(), 64);
            self.writer.bits(value, 64);
            self.state = State { at, value, ..State::default() };
        } else {
            self.push_time(at);
            self.push_value(value);
        }
        self.last = at;
        self.count += 1;
    }

    fn push_time(&mut self, at: i64) {
        let delta = at.wrapping_sub(self.state.at);
        let change = delta.wrapping_sub(self.state.delta);
        (self.state.at, self.state.delta) = (at, delta);
        if change == 0 {
            return self.writer.bit(false);
        }
        for (prefix, prefix_bits, width) in TIME_SIZES {
            if fits(change, width) {
                self.writer.bits(prefix, prefix_bits);
                return self.writer.bits(change.cast_unsigned() & low_bits(width), width);
            }
        }
    }

    fn push_value(&mut self, value: u64) {
        let differing = value ^ self.state.value;
        self.state.value = value;
        if differing == 0 {
            return self.writer.bit(false);
        }
        self.writer.bit(true);
        let leading = differing.leading_zeros().min(low_bits(LEADING_BITS) as u32);
        let trailing = differing.trailing_zeros();
        let State { leading: known, length, .. } = self.state;
        let inside = length > 0 && leading >= known && trailing >= 64 - known - length;
        // The known place is kept unless a new one saves more than it costs to tell.
        if inside && length <= 64 - leading - trailing + LEADING_BITS + LENGTH_BITS {
            self.writer.bit(false);
        } else {
            let length = 64 - leading - trailing;
            self.writer.bit(true);
            self.writer.bits(u64::from(leading), LEADING_BITS);
            self.writer.bits(u64::from(length - 1), LENGTH_BITS);
            (self.state.leading, self.state.length) = (leading, length);
        }
        let State { leading, length, .. } = self.state;
        self.writer.bits(differing >> (64 - leading - length), length);
    }

    /// Ends the chunk.
    pub(super) fn seal(self) -> Chunk {
        Chunk {
            first: self.first,
            last: self.last,
            count: self.count,
            bytes: self.writer.into_bytes().into(),
        }
    }

    /// The samples so far, in order of time.
    pub(super) fn samples(&self) -> Samples<'_> {
        Samples::new(self.writer.bytes(), self.count)
    }
}

/// Whether a signed number can be written with `width` bits.
fn fits(number: i64, width: u32) -> bool {
    width >= 64 || (number >= -(1 << (width - 1)) && number < 1 << (width - 1))
}

/// The samples of a chunk, decoded one by one.
#[derive(Clone, Debug)]
pub(super) struct Samples<'a> {
    reader: BitReader<'a>,
    left: u16,
    begun: bool,
    state: State,
}

impl<'a> Samples<'a> {
    fn new(bytes: &'a [u8], count: u16) -> Self {
        Self { reader: BitReader::new(bytes), left: count, begun: false, state: State::default() }
    }

    fn first(&mut self) -> Option<()> {
        self.begun = true;
        self.state.at = self.reader.bits(64)?.cast_signed();
        self.state.value = self.reader.bits(64)?;
        Some(())
    }

    fn next_time(&mut self) -> Option<()> {
        let mut sizes = TIME_SIZES.iter();
        let mut change = 0;
        if self.reader.bit()? {
            // Each further 1 of the prefix means the next size; the last needs no 0 to end it.
            let mut width = sizes.next()?.2;
            while width < 64 && self.reader.bit()? {
                width = sizes.next()?.2;
            }
            change = extended(self.reader.bits(width)?, width);
        }
        self.state.delta = self.state.delta.wrapping_add(change);
        self.state.at = self.state.at.wrapping_add(self.state.delta);
        Some(())
    }

    fn next_value(&mut self) -> Option<()> {
        if !self.reader.bit()? {
            return Some(());
        }
        if self.reader.bit()? {
            self.state.leading = self.reader.bits(LEADING_BITS)? as u32;
            self.state.length = self.reader.bits(LENGTH_BITS)? as u32 + 1;
        }
        let State { leading, length, .. } = self.state;
        let shift = 64_u32.checked_sub(leading + length)?;
        self.state.value ^= self.reader.bits(length)?.checked_shl(shift)?;
        Some(())
    }
}

/// The signed number that `width` bits stand for.
fn extended(bits: u64, width: u32) -> i64 {
    (bits << (64 - width)).cast_signed() >> (64 - width)
}

impl Iterator for Samples<'_> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        self.left = self.left.checked_sub(1)?;
        let read = if self.begun { self.next_time().and_then(|()| self.next_value()) } else { self.first() };
        if read.is_none() {
            self.left = 0;
        }
        read.map(|()| Sample::new(self.state.at, f64::from_bits(self.state.value)))
    }
}

#[cfg(test)]
mod tests {
    use larum_promql::{STALE, is_stale};
    use proptest::prelude::*;

    use super::*;

    fn chunk(samples: &[(i64, f64)]) -> Chunk {
        let mut builder = ChunkBuilder::default();
        samples.iter().for_each(|&(at, value)| builder.push(at, value));
        builder.seal()
    }

    fn read(chunk: &Chunk) -> Vec<(i64, u64)> {
        chunk.samples().map(|sample| (sample.at.as_millis(), sample.value.to_bits())).collect()
    }

    #[test]
    fn the_staleness_marker_stays_itself_among_other_nans() {
        let chunk = chunk(&[(0, 1.0), (15_000, STALE), (30_000, f64::NAN), (45_000, STALE)]);
        let stale: Vec<bool> = chunk.samples().map(|sample| is_stale(sample.value)).collect();
        assert_eq!(stale, [false, true, false, true]);
    }

    #[test]
    fn a_value_that_never_changes_costs_two_bits_a_sample() {
        let samples: Vec<(i64, f64)> = (0..240).map(|n| (n * 15_000, 42.0)).collect();
        let bytes = chunk(&samples).bytes.len();
        assert!(bytes <= 20 + 240 / 4, "{bytes} bytes: the first sample and two bits for each other");
    }

    #[test]
    fn a_counter_costs_less_than_three_bytes_a_sample() {
        let samples: Vec<(i64, f64)> =
            (0..240).map(|n| (n * 15_000, 1_000_000.0 + (n * 37) as f64)).collect();
        let bytes = chunk(&samples).bytes.len();
        assert!(bytes <= 240 * 3, "{bytes} bytes");
    }

    #[test]
    fn bytes_that_are_cut_or_made_up_end_early_and_do_not_panic() {
        let whole = chunk(&[(0, 1.5), (15_000, 2.5), (31_000, -7.25e300)]);
        for length in 0..whole.bytes.len() {
            let cut = Chunk { bytes: whole.bytes[..length].into(), ..whole.clone() };
            assert!(cut.samples().count() < 3);
        }
        assert!(Chunk { bytes: [0xff; 64].into(), ..whole }.samples().count() <= 3);
    }

    proptest! {
        #[test]
        fn every_sample_comes_back_to_the_bit(
            start in any::<i64>(),
            steps in prop::collection::vec((prop_oneof![Just(15_000_i64), 1..100_000_i64, any::<i64>()], any::<u64>()), 1..240),
        ) {
            let mut at = start;
            let mut samples = Vec::new();
            for (step, bits) in steps {
                at = at.wrapping_add(step);
                samples.push((at, f64::from_bits(bits)));
            }
            let expected: Vec<(i64, u64)> = samples.iter().map(|(at, value)| (*at, value.to_bits())).collect();
            prop_assert_eq!(read(&chunk(&samples)), expected);
        }

        #[test]
        fn close_values_come_back_to_the_bit(
            steps in prop::collection::vec((-3..3_i64, -1000..1000_i32), 1..240),
        ) {
            let mut samples = Vec::new();
            let mut value = 1_000.0;
            for (index, (jitter, change)) in steps.into_iter().enumerate() {
                value += f64::from(change) / 8.0;
                samples.push((index as i64 * 15_000 + jitter, value));
            }
            let expected: Vec<(i64, u64)> = samples.iter().map(|(at, value)| (*at, value.to_bits())).collect();
            prop_assert_eq!(read(&chunk(&samples)), expected);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), count in any::<u16>()) {
            let chunk = Chunk { first: 0, last: 0, count, bytes: bytes.into() };
            prop_assert!(chunk.samples().count() <= usize::from(count));
        }
    }
}
