//! A stream of bits in bytes, most significant bit first.

/// Writes bits.
#[derive(Clone, Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits still free in the last byte.
    free: u32,
}

impl BitWriter {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Memory it takes, in bytes.
    pub(super) fn allocated(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn bit(&mut self, bit: bool) {
        self.bits(u64::from(bit), 1);
    }

    /// The lowest `count` bits of `value`, at most 64.
    pub(super) fn bits(&mut self, value: u64, count: u32) {
        let mut left = count;
        while left > 0 {
            if self.free == 0 {
                if self.bytes.len() == self.bytes.capacity() {
                    // A quarter at a time: there are as many of these as series.
                    self.bytes.reserve_exact((self.bytes.len() / 4).max(16));
                }
                self.bytes.push(0);
                self.free = 8;
            }
            let taken = left.min(self.free);
            let part = (value >> (left - taken)) & low_bits(taken);
            self.free -= taken;
            left -= taken;
            if let Some(last) = self.bytes.last_mut() {
                *last |= (part as u8) << self.free;
            }
        }
    }
}

/// The value with the lowest `count` bits set, `count` at most 64.
pub(super) fn low_bits(count: u32) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// Reads bits; none where the stream ends.
#[derive(Clone, Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Bits read so far.
    position: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.position / 8)?;
        let bit = byte >> (7 - self.position % 8) & 1 == 1;
        self.position += 1;
        Some(bit)
    }

    /// The next `count` bits, at most 64.
    pub(super) fn bits(&mut self, count: u32) -> Option<u64> {
        let offset = (self.position % 8) as u32;
        let word = self.bytes.get(self.position / 8..).and_then(|rest| rest.first_chunk::<8>());
        match word {
            // Nearly always one word holds them all.
            Some(word) if count > 0 && offset + count <= 64 => {
                self.position += count as usize;
                Some(u64::from_be_bytes(*word) << offset >> (64 - count))
            }
            _ => self.bits_bytewise(count),
        }
    }

    fn bits_bytewise(&mut self, count: u32) -> Option<u64> {
        let mut value = 0;
        let mut left = count;
        while left > 0 {
            let byte = *self.bytes.get(self.position / 8)?;
            let available = 8 - (self.position % 8) as u32;
            let taken = left.min(available);
            let part = u64::from(byte) >> (available - taken) & low_bits(taken);
            value = (value << taken) | part;
            self.position += taken as usize;
            left -= taken;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = BitWriter::default();
        let parts =
            [(1, 1), (0, 1), (0b1_0110, 5), (u64::MAX, 64), (0, 3), (0x1234_5678_9abc, 48), (7, 3), (0, 0)];
        for (value, count) in parts {
            writer.bits(value, count);
        }
        let bytes = writer.into_bytes();
        let mut reader = BitReader::new(&bytes);
        for (value, count) in parts {
            assert_eq!(reader.bits(count), Some(value), "{count} bits");
        }
        assert_eq!(BitReader::new(&[0xff]).bits(9), None);
    }
}
