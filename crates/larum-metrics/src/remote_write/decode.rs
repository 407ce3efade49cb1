//! From the body to series.

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::time::Timestamp;

use super::wire::{Fields, Value};
use super::{Error, InvalidLabels, Limits, PushedSeries, WriteRequest};
use crate::exposition::MetricType;
use crate::store::MetricMetadata;

/// Reads the body of a request, compressed as it came. What Larum does not keep is left out and counted.
///
/// # Errors
/// [`Error`]: nothing of it can be taken.
pub fn decode(body: &[u8], limits: &Limits) -> Result<WriteRequest, Error> {
    let unreadable = |error: snap::Error| Error::Compression(error.to_string());
    let found = snap::raw::decompress_len(body).map_err(unreadable)?;
    if found > limits.bytes {
        return Err(Error::Bytes { found, limit: limits.bytes });
    }
    let message = snap::raw::Decoder::new().decompress_vec(body).map_err(unreadable)?;
    let mut decoder = Decoder { limits, request: WriteRequest::default(), samples: 0, pairs: Vec::new() };
    let mut fields = Fields::new(&message, 0);
    while let Some(field) = fields.next()? {
        match field {
            (1, Value::Bytes(bytes, at)) => decoder.series(Fields::new(bytes, at))?,
            (3, Value::Bytes(bytes, at)) => decoder.metadata(Fields::new(bytes, at))?,
            (1 | 3, _) => return Err(fields.wrong("a series or metadata that is no message")),
            _ => {}
        }
    }
    Ok(decoder.request)
}

struct Decoder<'l, 'a> {
    limits: &'l Limits,
    request: WriteRequest,
    samples: usize,
    /// The labels of one series, kept for their memory.
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Decoder<'_, 'a> {
    fn series(&mut self, mut fields: Fields<'a>) -> Result<(), Error> {
        self.pairs.clear();
        let mut samples = Vec::new();
        let mut too_many_labels = false;
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(bytes, at)) => {
                    let label = label(Fields::new(bytes, at))?;
                    too_many_labels |= self.pairs.len() > self.limits.labels;
                    if !too_many_labels {
                        self.pairs.push(label);
                    }
                }
                (2, Value::Bytes(bytes, at)) => {
                    self.samples += 1;
                    if self.samples > self.limits.samples {
                        return Err(Error::Samples { limit: self.limits.samples });
                    }
                    samples.push(sample(Fields::new(bytes, at))?);
                }
                (3, Value::Bytes(..)) => self.request.left_out.exemplars += 1,
                (4, Value::Bytes(..)) => self.request.left_out.histograms += 1,
                (1..=4, _) => return Err(fields.wrong("a part of a series that is no message")),
                _ => {}
            }
        }
        if samples.is_empty() {
            return Ok(());
        }
        match self.labels() {
            Ok(labels) => self.request.series.push(PushedSeries { labels, samples }),
            Err(reason) => {
                self.request.left_out.invalid += samples.len() as u64;
                self.request.left_out.first_invalid.get_or_insert(reason);
            }
        }
        Ok(())
    }

    /// The labels that were read, if they can be taken.
    fn labels(&mut self) -> Result<LabelSet, InvalidLabels> {
        self.pairs.sort_unstable_by_key(|(name, _)| *name);
        let limits = self.limits;
        let any = |wrong: &dyn Fn(&(&str, &str)) -> bool| self.pairs.iter().any(wrong);
        if self.pairs.len() > limits.labels {
            return Err(InvalidLabels::Labels(limits.labels));
        }
        if any(&|(name, _)| name.is_empty()) {
            return Err(InvalidLabels::EmptyName);
        }
        if any(&|(name, _)| name.len() > limits.label_name_bytes) {
            return Err(InvalidLabels::NameBytes(limits.label_name_bytes));
        }
        if any(&|(_, value)| value.len() > limits.label_value_bytes) {
            return Err(InvalidLabels::ValueBytes(limits.label_value_bytes));
        }
        if self.pairs.windows(2).any(|two| two[0].0 == two[1].0) {
            return Err(InvalidLabels::Twice);
        }
        let labels = LabelSet::from_pairs(self.pairs.iter().copied());
        if labels.value(METRIC_NAME).is_empty() { Err(InvalidLabels::NoName) } else { Ok(labels) }
    }

    fn metadata(&mut self, mut fields: Fields<'a>) -> Result<(), Error> {
        let mut metric = "";
        let mut said = MetricMetadata::default();
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Varint(number)) => said.metric_type = metric_type(number),
                (2, Value::Bytes(bytes, _)) => metric = text(bytes, &fields)?,
                (4, Value::Bytes(bytes, _)) => text(bytes, &fields)?.clone_into(&mut said.help),
                (5, Value::Bytes(bytes, _)) => text(bytes, &fields)?.clone_into(&mut said.unit),
                _ => {}
            }
        }
        let named = !metric.is_empty() && metric.len() <= self.limits.label_value_bytes;
        // As many as there may be samples: each costs more memory here than in the message.
        if named && self.request.metadata.len() < self.limits.samples {
            self.request.metadata.push((metric.to_owned(), said));
        }
        Ok(())
    }
}

fn label<'a>(mut fields: Fields<'a>) -> Result<(&'a str, &'a str), Error> {
    let mut label = ("", "");
    while let Some(field) = fields.next()? {
        match field {
            (1, Value::Bytes(bytes, _)) => label.0 = text(bytes, &fields)?,
            (2, Value::Bytes(bytes, _)) => label.1 = text(bytes, &fields)?,
            (1 | 2, _) => return Err(fields.wrong("a label that is no text")),
            _ => {}
        }
    }
    Ok(label)
}

fn sample(mut fields: Fields<'_>) -> Result<(Timestamp, f64), Error> {
    let mut sample = (Timestamp::from_millis(0), 0.0);
    while let Some(field) = fields.next()? {
        match field {
            (1, Value::Fixed64(bits)) => sample.1 = f64::from_bits(bits),
            (2, Value::Varint(millis)) => sample.0 = Timestamp::from_millis(millis.cast_signed()),
            (1 | 2, _) => return Err(fields.wrong("a sample that is no number")),
            _ => {}
        }
    }
    Ok(sample)
}

fn text<'a>(bytes: &'a [u8], fields: &Fields<'a>) -> Result<&'a str, Error> {
    str::from_utf8(bytes).map_err(|_| fields.wrong("a text before it is not valid UTF-8"))
}

/// The numbers of `MetricMetadata.MetricType` in the message's definition.
fn metric_type(number: u64) -> MetricType {
    match number {
        1 => MetricType::Counter,
        2 => MetricType::Gauge,
        3 => MetricType::Histogram,
        4 => MetricType::GaugeHistogram,
        5 => MetricType::Summary,
        6 => MetricType::Info,
        7 => MetricType::StateSet,
        _ => MetricType::Unknown,
    }
}
