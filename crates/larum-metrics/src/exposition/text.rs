//! Series as they are written, so that one who saw them before need not read them again.

use larum_core::time::Timestamp;

use super::content_type::Format;
use super::cursor::Cursor;
use super::entry::{Metadata, MetricType, Sample};

/// What [`Exposition::next_with`](super::Exposition::next_with) found.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<'a, K> {
    /// A sample of a series that the reader knows.
    Known {
        /// What the reader knows it by.
        known: K,
        /// What was read.
        value: f64,
        /// When it was read, if the target says so.
        at: Option<Timestamp>,
    },
    /// A sample of another series.
    Sample {
        /// What its series stands under; none where it is written so that nothing follows it.
        text: Option<SeriesText<'a>>,
        /// The sample.
        sample: Sample,
    },
    /// Something about a metric.
    Metadata(Metadata<'a>),
}

/// The text of a series: its name and labels as the target writes them. Two that are equal mean the same labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeriesText<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// A histogram or a summary if a bound among the labels is written anew for it, else unknown.
    pub bounds: MetricType,
}

impl<'a> SeriesText<'a> {
    /// The text that a line goes on with; none if it has no end on its line.
    pub(super) fn of(cursor: &Cursor<'a>, format: Format, metric_type: MetricType) -> Option<Self> {
        let line = cursor.rest();
        let mut end = line.iter().position(|byte| matches!(byte, b'{' | b' ' | b'\t'))?;
        let blanks = match format {
            Format::Text => line[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count(),
            Format::OpenMetrics => 0,
        };
        if line.get(end + blanks) == Some(&b'{') {
            end += blanks + closed(&line[end + blanks..])?;
        }
        let bounds = match metric_type {
            MetricType::Histogram | MetricType::Summary => metric_type,
            _ => MetricType::Unknown,
        };
        Some(Self { bytes: &line[..end], bounds })
    }
}

/// How many bytes a text in braces has; a brace in quotes closes nothing.
fn closed(text: &[u8]) -> Option<usize> {
    let mut bytes = text.iter().enumerate();
    let mut quoted = false;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if quoted => drop(bytes.next()),
            b'}' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}
