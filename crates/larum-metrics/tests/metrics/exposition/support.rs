//! An exposition told line by line.

use larum_core::label::METRIC_NAME;
use larum_metrics::exposition::{
    About, Entry, Exposition, ExpositionError, ExpositionLimits, Format, Metadata, Sample,
};

pub fn entries(format: Format, text: &[u8]) -> Result<Vec<Entry<'_>>, ExpositionError> {
    Exposition::new(text, format, ExpositionLimits::default()).collect()
}

pub fn samples(format: Format, text: &str) -> Vec<Sample> {
    let entries = entries(format, text.as_bytes()).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    let sample = |entry| match entry {
        Entry::Sample(sample) => Some(sample),
        Entry::Metadata(_) => None,
    };
    entries.into_iter().filter_map(sample).collect()
}

/// One line for each entry.
pub fn read(format: Format, text: &str) -> Vec<String> {
    let entries = entries(format, text.as_bytes()).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    entries.iter().map(show).collect()
}

/// The error that `text` ends in.
pub fn refused(format: Format, text: impl AsRef<[u8]>) -> String {
    match entries(format, text.as_ref()) {
        Ok(entries) => panic!("it was read: {entries:?}"),
        Err(error) => error.to_string(),
    }
}

fn show(entry: &Entry<'_>) -> String {
    match entry {
        Entry::Sample(Sample { labels, value, at }) => {
            let at = at.map(|at| format!(" @{}", at.as_millis())).unwrap_or_default();
            let name = labels.value(METRIC_NAME);
            format!("{name}{} {value}{at}", labels.filter(|name| name != METRIC_NAME))
        }
        Entry::Metadata(Metadata { metric, about }) => match about {
            About::Type(metric_type) => format!("{metric} is a {}", metric_type.as_str()),
            About::Help(text) => format!("{metric} means {text:?}"),
            About::Unit(unit) => format!("{metric} is in {unit:?}"),
        },
    }
}
