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
mod text;

use std::borrow::Cow;
use std::convert::Infallible;

use self::cursor::Cursor;
use self::error::Fault;
use self::series::{Pairs, SeriesLine};

pub use self::content_type::{Choice, ContentTypeError, Format};
pub use self::entry::{About, Entry, Metadata, MetricType, Sample};
pub use self::error::{Expected, ExpositionError, Reason};
pub use self::limits::{ExpositionLimits, LimitReached};
pub use self::text::{SeriesText, Step};

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
    metadata: usize,
    /// Of the last `# TYPE`.
    metric_type: MetricType,
    pairs: Pairs<'a>,
}

/// What one line holds.
enum Line<'a, K> {
    Step(Step<'a, K>),
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
            metadata: 0,
            metric_type: MetricType::Unknown,
            pairs: Vec::new(),
        }
    }

    /// The next entry, for a reader who may know its series by the text that it stands under: then its labels are not
    /// read again.
    pub fn next_with<K>(
        &mut self,
        mut known: impl FnMut(SeriesText<'a>) -> Option<K>,
    ) -> Option<Result<Step<'a, K>, ExpositionError>> {
        self.rest?;
        let step = self.step(&mut known);
        if !matches!(step, Ok(Some(_))) {
            self.rest = None;
        } else if self.rest.is_none() {
            // The last line had no line feed; what must follow it is asked for at the next call.
            self.rest = Some(&[]);
        }
        let line = self.line;
        step.map_err(|fault| fault.on_line(line)).transpose()
    }

    fn step<K>(
        &mut self,
        known: &mut impl FnMut(SeriesText<'a>) -> Option<K>,
    ) -> Result<Option<Step<'a, K>>, Fault> {
        while let Some(line) = self.next_line() {
            self.limits.line(line.len()).map_err(|limit| Fault::new(self.limits.line_bytes, limit))?;
            match self.read(line, known)? {
                Line::Step(step) => return Ok(Some(step)),
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

    fn read<K>(
        &mut self,
        line: &'a [u8],
        known: &mut impl FnMut(SeriesText<'a>) -> Option<K>,
    ) -> Result<Line<'a, K>, Fault> {
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
            let begin = cursor.at();
            let Some(metadata) = metadata::read(cursor, self.format)? else { return Ok(Line::Nothing) };
            self.metadata += 1;
            self.limits.metadata(self.metadata).map_err(|limit| Fault::new(begin, limit))?;
            if let About::Type(metric_type) = metadata.about {
                self.metric_type = metric_type;
            }
            return Ok(Line::Step(Step::Metadata(metadata)));
        }
        self.sample(cursor, known).map(Line::Step)
    }

    fn sample<K>(
        &mut self,
        cursor: Cursor<'a>,
        known: &mut impl FnMut(SeriesText<'a>) -> Option<K>,
    ) -> Result<Step<'a, K>, Fault> {
        let begin = cursor.at();
        self.samples += 1;
        self.limits.samples(self.samples).map_err(|limit| Fault::new(begin, limit))?;
        let text = SeriesText::of(&cursor, self.format, self.metric_type);
        let line = SeriesLine { cursor, format: self.format, pairs: &mut self.pairs };
        if let Some(text) = text
            && let Some(known) = known(text)
        {
            let (value, at) = line.read_behind(text.bytes.len())?;
            return Ok(Step::Known { known, value, at });
        }
        let sample = line.read(self.metric_type)?;
        self.limits.check(&sample.labels).map_err(|limit| Fault::new(begin, limit))?;
        Ok(Step::Sample { text, sample })
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
        let step = self.next_with(|_| None::<Infallible>)?;
        Some(step.map(|step| match step {
            Step::Sample { sample, .. } => Entry::Sample(sample),
            Step::Metadata(metadata) => Entry::Metadata(metadata),
        }))
    }
}

/// A text that is given as it stands unless an escape had to be resolved.
type Text<'a> = Cow<'a, str>;
