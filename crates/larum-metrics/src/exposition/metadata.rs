//! Lines that begin with `#`.

use super::content_type::Format;
use super::cursor::{Cursor, unescape};
use super::entry::{About, Metadata, MetricType};
use super::error::{Expected, Fault, Reason, excerpt};

#[derive(Clone, Copy)]
enum Keyword {
    Help,
    Type,
    Unit,
}

/// Reads the line at its `#`; none if it is a comment, which only the text format has.
pub(super) fn read<'a>(mut cursor: Cursor<'a>, format: Format) -> Result<Option<Metadata<'a>>, Fault> {
    cursor.eat(b'#');
    let Some(keyword) = keyword(&mut cursor, format)? else { return Ok(None) };
    let metric = if cursor.peek() == Some(b'"') { cursor.quoted_name()? } else { cursor.metric_name()? };
    let begin = match format {
        Format::Text if cursor.at_end() => cursor.at(),
        Format::Text if cursor.blanks() => cursor.at(),
        Format::OpenMetrics if cursor.eat(b' ') => cursor.at(),
        _ => return Err(cursor.unexpected(Expected::Space)),
    };
    let text = cursor.text(begin, begin + cursor.rest().len())?;
    let about = match keyword {
        Keyword::Help => About::Help(unescape(text, format == Format::OpenMetrics)),
        Keyword::Type => About::Type(metric_type(text, format).ok_or_else(|| {
            let shown = excerpt(text.as_bytes());
            Fault::new(begin, Reason::MetricType(shown))
        })?),
        Keyword::Unit if is_last_word(&metric, text) => About::Unit(text.into()),
        Keyword::Unit => return Err(Fault::new(begin, Reason::Unit(excerpt(text.as_bytes())))),
    };
    Ok(Some(Metadata { metric, about }))
}

fn keyword(cursor: &mut Cursor<'_>, format: Format) -> Result<Option<Keyword>, Fault> {
    if format == Format::OpenMetrics {
        if !cursor.eat(b' ') {
            return Err(cursor.unexpected(Expected::Space));
        }
        let words = [("HELP ", Keyword::Help), ("TYPE ", Keyword::Type), ("UNIT ", Keyword::Unit)];
        let found = words.into_iter().find(|(word, _)| cursor.eat_text(word));
        return match found {
            Some((_, keyword)) => Ok(Some(keyword)),
            None => Err(cursor.unexpected(Expected::Keyword)),
        };
    }
    if !cursor.blanks() {
        return Ok(None);
    }
    let keyword = match cursor.word() {
        b"HELP" => Keyword::Help,
        b"TYPE" => Keyword::Type,
        _ => return Ok(None),
    };
    Ok(cursor.blanks().then_some(keyword))
}

fn metric_type(word: &str, format: Format) -> Option<MetricType> {
    let openmetrics = format == Format::OpenMetrics;
    let word = if openmetrics { word } else { word.trim_end_matches([' ', '\t']) };
    match word {
        "counter" => Some(MetricType::Counter),
        "gauge" => Some(MetricType::Gauge),
        "histogram" => Some(MetricType::Histogram),
        "summary" => Some(MetricType::Summary),
        "untyped" if !openmetrics => Some(MetricType::Unknown),
        "unknown" if openmetrics => Some(MetricType::Unknown),
        "gaugehistogram" if openmetrics => Some(MetricType::GaugeHistogram),
        "info" if openmetrics => Some(MetricType::Info),
        "stateset" if openmetrics => Some(MetricType::StateSet),
        _ => None,
    }
}

/// Whether the name ends with `_` and the unit, or there is no unit (OpenMetrics 1.0, section "Unit").
fn is_last_word(metric: &str, unit: &str) -> bool {
    unit.is_empty() || metric.strip_suffix(unit).is_some_and(|before| before.ends_with('_'))
}
