//! What a scrape target answers, read sample by sample: Prometheus' text format 0.0.4 and OpenMetrics 1.0.
//!
//! Sources: Prometheus, "Exposition formats", sections "Text-based format" and "OpenMetrics"; OpenMetrics 1.0, section
//! "Text format" (ABNF); Prometheus 3, "UTF-8 in Prometheus" for quoted names. Where Prometheus' own reader is stricter
//! or laxer than these, what it takes is taken, since whoever wrote a target tried it with Prometheus.
//!
//! Different from Prometheus: a label value never runs over the end of its line, and a byte 0 outside a label value is
//! an error, not the end.

mod content_type;
mod cursor;
mod entry;
mod error;
mod limits;
mod metadata;
mod number;
mod series;

use std::borrow::Cow;

use self::cursor::Cursor;
use self::error::Fault;
use self::series::{Pairs, SeriesLine};

pub use self::content_type::{Choice, ContentTypeError, Format};
pub use self::entry::{About, Entry, Metadata, MetricType, Sample};
pub use self::error::{Expected, ExpositionError, Reason};
pub use self::limits::{ExpositionLimits, LimitReached};

/// The entries of one answer, in its order. After an error there are no more: as in Prometheus, one wrong line makes
/// the whole scrape fail, and what came before it is to be thrown away.
///
/// Comments and exemplars are read over; exemplars must be well formed. `_created`, `_bucket`, `_sum` and `_count` are
/// samples like any other.
#[derive(Debug)]
pub struct Exposition<'a> {
    /// What has not been read; none after the end.
    rest: Option<&'a [u8]>,
    format: Format,
    limits: ExpositionLimits,
    line: usize,
    samples: usize,
    /// Of the last `# TYPE`.
    metric_type: MetricType,
    pairs: Pairs<'a>,
}

/// What one line holds.
enum Line<'a> {
    Entry(Entry<'a>),
    Nothing,
    End,
}

impl<'a> Exposition<'a> {
    /// Reads `body`, which is not compressed any more, as `format`.
    pub fn new(body: &'a [u8], format: Format, limits: ExpositionLimits) -> Self {
        Self {
            rest: Some(body),
            format,
            limits,
            line: 0,
            samples: 0,
            metric_type: MetricType::Unknown,
            pairs: Vec::new(),
        }
    }

    fn entry(&mut self) -> Result<Option<Entry<'a>>, Fault> {
        while let Some(line) = self.next_line() {
            self.limits.line(line.len()).map_err(|limit| Fault::new(self.limits.line_bytes, limit))?;
            match self.read(line)? {
                Line::Entry(entry) => return Ok(Some(entry)),
                Line::Nothing => {}
                Line::End => return self.end().map(|()| None),
            }
        }
        match self.format {
            Format::Text => Ok(None),
            Format::OpenMetrics => Err(self.after_the_last_line(Reason::NoEof)),
        }
    }

    /// The next line without its end. What follows the last line feed is a line only if there is something.
    fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest.filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        self.rest = end.and_then(|end| rest.get(end + 1..));
        self.line += 1;
        Some(&rest[..end.unwrap_or(rest.len())])
    }

    fn read(&mut self, line: &'a [u8]) -> Result<Line<'a>, Fault> {
        let mut cursor = Cursor::new(line);
        if self.format == Format::Text {
            cursor.blanks();
            if cursor.at_end() {
                return Ok(Line::Nothing);
            }
        } else if line == b"# EOF" {
            return Ok(Line::End);
        }
        if cursor.peek() == Some(b'#') {
            let Some(metadata) = metadata::read(cursor, self.format)? else { return Ok(Line::Nothing) };
            if let About::Type(metric_type) = metadata.about {
                self.metric_type = metric_type;
            }
            return Ok(Line::Entry(Entry::Metadata(metadata)));
        }
        let begin = cursor.at();
        let series = SeriesLine { cursor, format: self.format, pairs: &mut self.pairs };
        let sample = series.read(self.metric_type)?;
        self.samples += 1;
        self.limits
            .samples(self.samples)
            .and_then(|()| self.limits.check(&sample.labels))
            .map_err(|limit| Fault::new(begin, limit))?;
        Ok(Line::Entry(Entry::Sample(sample)))
    }

    fn end(&mut self) -> Result<(), Fault> {
        if self.rest.is_some_and(|rest| !rest.is_empty()) {
            return Err(self.after_the_last_line(Reason::AfterEof));
        }
        Ok(())
    }

    fn after_the_last_line(&mut self, reason: Reason) -> Fault {
        self.line += 1;
        Fault::new(0, reason)
    }
}

impl<'a> Iterator for Exposition<'a> {
    type Item = Result<Entry<'a>, ExpositionError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest?;
        let entry = self.entry();
        if !matches!(entry, Ok(Some(_))) {
            self.rest = None;
        } else if self.rest.is_none() {
            // The last line had no line feed; what must follow it is asked for at the next call.
            self.rest = Some(&[]);
        }
        let line = self.line;
        entry.map_err(|fault| fault.on_line(line)).transpose()
    }
}

/// A text that is given as it stands unless an escape had to be resolved.
type Text<'a> = Cow<'a, str>;
