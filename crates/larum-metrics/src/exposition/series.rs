//! Lines that hold a sample.

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_core::time::Timestamp;

use super::Text;
use super::content_type::Format;
use super::cursor::Cursor;
use super::entry::{MetricType, Sample};
use super::error::{Expected, Fault, Reason, excerpt};
use super::number::{canonical, float, seconds_as_millis};

/// The labels of one line, the metric name among them, kept from line to line for their memory.
pub(super) type Pairs<'a> = Vec<(Text<'a>, Text<'a>)>;

pub(super) struct SeriesLine<'l, 'a> {
    pub cursor: Cursor<'a>,
    pub format: Format,
    pub pairs: &'l mut Pairs<'a>,
}

impl<'a> SeriesLine<'_, 'a> {
    /// Reads the whole line; `metric_type` is that of the last `# TYPE`.
    pub(super) fn read(mut self, metric_type: MetricType) -> Result<Sample, Fault> {
        self.pairs.clear();
        let labels = self.series(metric_type)?;
        let (value, at) = self.tail()?;
        Ok(Sample { labels, value, at })
    }

    /// Reads what follows the first `bytes`, which hold the series.
    pub(super) fn read_behind(mut self, bytes: usize) -> Result<(f64, Option<Timestamp>), Fault> {
        self.cursor.skip(bytes);
        self.tail()
    }

    fn tail(&mut self) -> Result<(f64, Option<Timestamp>), Fault> {
        self.gap()?;
        let value = self.value()?;
        let at = match self.format {
            Format::Text => self.text_tail()?,
            Format::OpenMetrics => self.openmetrics_tail()?,
        };
        Ok((value, at))
    }

    fn series(&mut self, metric_type: MetricType) -> Result<LabelSet, Fault> {
        let begin = self.cursor.at();
        if self.cursor.peek() != Some(b'{') {
            let name = self.cursor.metric_name()?;
            self.pairs.push((METRIC_NAME.into(), name));
        }
        let mut after_name = self.cursor.clone();
        if self.format == Format::Text {
            after_name.blanks();
        }
        if after_name.eat(b'{') {
            self.cursor = after_name;
            let named = !self.pairs.is_empty();
            if !self.labels(named)? {
                let found = "{".to_owned();
                return Err(Fault::new(begin, Reason::Unexpected { expected: Expected::MetricName, found }));
            }
        }
        let bound = match metric_type {
            MetricType::Histogram => "le",
            MetricType::Summary => "quantile",
            _ => "",
        };
        for (_, value) in self.pairs.iter_mut().filter(|(name, _)| name == bound) {
            *value = canonical(std::mem::take(value));
        }
        let labels = LabelSet::from_pairs(self.pairs.iter().map(|(name, value)| (name, value)));
        if labels.len() < self.pairs.len() { Err(self.duplicate(begin)) } else { Ok(labels) }
    }

    /// Reads what is between braces, after the opening one, and whether the series then has a metric name: that is
    /// given before them, or inside as a string without a value.
    fn labels(&mut self, mut named: bool) -> Result<bool, Fault> {
        loop {
            self.blanks_between();
            if self.cursor.eat(b'}') {
                return Ok(named);
            }
            let begin = self.cursor.at();
            let quoted = self.cursor.peek() == Some(b'"');
            let name = if quoted { self.cursor.quoted_name()? } else { self.cursor.label_name()? };
            self.blanks_between();
            if quoted && matches!(self.cursor.peek(), Some(b',' | b'}')) {
                if std::mem::replace(&mut named, true) {
                    return Err(Fault::new(begin, Reason::SecondMetricName));
                }
                self.pairs.push((METRIC_NAME.into(), name));
            } else {
                self.label_value(name)?;
            }
            self.blanks_between();
            // In the text format Prometheus reads labels without a comma between them too.
            let comma = self.cursor.eat(b',');
            if !comma && self.format == Format::OpenMetrics && self.cursor.peek() != Some(b'}') {
                return Err(self.cursor.unexpected(Expected::CommaOrBrace));
            }
        }
    }

    /// A label with an empty value is as good as none (Prometheus, "Data model").
    fn label_value(&mut self, name: Text<'a>) -> Result<(), Fault> {
        if !self.cursor.eat(b'=') {
            return Err(self.cursor.unexpected(Expected::Equals));
        }
        self.blanks_between();
        let value = self.cursor.quoted(Expected::LabelValue)?;
        if !value.is_empty() {
            self.pairs.push((name, value));
        }
        Ok(())
    }

    fn duplicate(&self, begin: usize) -> Fault {
        let mut names: Vec<&str> = self.pairs.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|names| names[0] == names[1]).map_or("", |names| names[0]);
        Fault::new(begin, Reason::DuplicateLabel(excerpt(twice.as_bytes())))
    }

    /// Any blanks or none in the text format, one space in OpenMetrics.
    fn gap(&mut self) -> Result<(), Fault> {
        match self.format {
            Format::Text => {
                self.cursor.blanks();
                Ok(())
            }
            Format::OpenMetrics if self.cursor.eat(b' ') => Ok(()),
            Format::OpenMetrics => Err(self.cursor.unexpected(Expected::Space)),
        }
    }

    fn blanks_between(&mut self) {
        if self.format == Format::Text {
            self.cursor.blanks();
        }
    }

    fn value(&mut self) -> Result<f64, Fault> {
        let before = self.cursor.clone();
        float(self.cursor.word()).ok_or_else(|| before.unexpected(Expected::Value))
    }

    /// An integer of milliseconds, or nothing.
    fn text_tail(&mut self) -> Result<Option<Timestamp>, Fault> {
        self.cursor.blanks();
        if self.cursor.at_end() {
            return Ok(None);
        }
        let before = self.cursor.clone();
        let millis = std::str::from_utf8(self.cursor.word()).ok().and_then(|word| word.parse().ok());
        let millis = millis.ok_or_else(|| before.unexpected(Expected::Timestamp))?;
        self.cursor.blanks();
        self.line_end()?;
        Ok(Some(Timestamp::from_millis(millis)))
    }

    /// A timestamp, an exemplar, both in this order, or nothing.
    fn openmetrics_tail(&mut self) -> Result<Option<Timestamp>, Fault> {
        let mut at = None;
        if self.cursor.at_end() {
            return Ok(None);
        }
        self.gap()?;
        if self.cursor.peek() != Some(b'#') {
            at = Some(self.seconds()?);
            if self.cursor.at_end() {
                return Ok(at);
            }
            self.gap()?;
        }
        self.exemplar()?;
        Ok(at)
    }

    fn seconds(&mut self) -> Result<Timestamp, Fault> {
        let before = self.cursor.clone();
        let millis = float(self.cursor.word()).and_then(seconds_as_millis);
        millis.map(Timestamp::from_millis).ok_or_else(|| before.unexpected(Expected::Timestamp))
    }

    /// `# {labels} value`, and perhaps a timestamp: held to its form and forgotten.
    fn exemplar(&mut self) -> Result<(), Fault> {
        if !self.cursor.eat_text("# {") {
            return Err(self.cursor.unexpected(Expected::Exemplar));
        }
        self.pairs.clear();
        self.labels(true)?;
        self.gap()?;
        self.value()?;
        if !self.cursor.at_end() {
            self.gap()?;
            self.seconds()?;
        }
        self.line_end()
    }

    fn line_end(&self) -> Result<(), Fault> {
        if self.cursor.at_end() { Ok(()) } else { Err(self.cursor.unexpected(Expected::LineEnd)) }
    }
}
