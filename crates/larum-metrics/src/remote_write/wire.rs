//! Protobuf's wire format (protobuf.dev, "Encoding"), as much of it as a write request needs.

use super::Error;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    /// A text, or a message with the place of its first byte.
    Bytes(&'a [u8], usize),
    Fixed32,
}

/// The fields of one message.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the message begins in the whole.
    begin: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8], begin: usize) -> Self {
        Self { bytes, at: 0, begin }
    }

    pub(super) fn wrong(&self, reason: &'static str) -> Error {
        Error::Message { at: self.begin + self.at, reason }
    }

    /// The next field's number and value; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Error> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
                let begin = self.begin + self.at;
                Value::Bytes(self.take(length)?, begin)
            }
            5 => {
                self.array::<4>()?;
                Value::Fixed32
            }
            _ => return Err(self.wrong("a field of a kind that there is not")),
        };
        Ok(Some((key >> 3, value)))
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for place in 0..10 {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.wrong("a number that is too long"))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.wrong("it ends too early"))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..count).ok_or_else(|| self.wrong("it ends too early"))?;
        self.at += count;
        Ok(taken)
    }
}
