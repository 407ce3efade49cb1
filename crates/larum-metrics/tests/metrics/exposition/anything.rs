//! Any input is read or refused, and never more than that.

use std::collections::HashMap;

use larum_core::label::{LabelSet, METRIC_NAME};
use larum_metrics::exposition::{
    Entry, Exposition, ExpositionError, ExpositionLimits, Format, Sample, SeriesText, Step,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::node_exporter::EXCERPT;

const OPENMETRICS: &str = "# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n# HELP a_seconds x \\\\ \\n y\n\
     a_seconds_bucket{le=\"1\",b=\"\\\"c\"} 3 1.5 # {d=\"e\"} 0.5 2\na_seconds_sum NaN\n\
     {\"f.g\",h=\"\\\\\"} -Inf\n# EOF\n";

/// Bytes that mean something to one of the formats.
const PIECES: [&[u8]; 16] = [
    b"{", b"}", b"\"", b"\\", b",", b"=", b" ", b"\t", b"\n", b"#", b"# EOF", b"NaN", b"1e400", b"\xff",
    b"\0", b"# TYPE ",
];

/// Every entry has a name and keeps the limits, and an error has a place inside the text.
fn examine(body: &[u8], format: Format) -> Result<(), TestCaseError> {
    let limits = ExpositionLimits { label_value_bytes: 40, labels: 5, ..ExpositionLimits::default() };
    let lines = body.split(|byte| *byte == b'\n').count();
    let mut exposition = Exposition::new(body, format, limits);
    let mut count = 0;
    while let Some(entry) = exposition.next() {
        count += 1;
        match entry {
            Ok(Entry::Sample(sample)) => {
                prop_assert!(!sample.labels.value(METRIC_NAME).is_empty());
                prop_assert_eq!(limits.check(&sample.labels), Ok(()));
            }
            Ok(Entry::Metadata(metadata)) => prop_assert!(!metadata.metric.is_empty()),
            Err(ExpositionError { line, column, reason }) => {
                prop_assert!((1..=lines + 1).contains(&line), "line {} of {}", line, lines);
                prop_assert!((1..=body.len() + 1).contains(&column), "column {}", column);
                prop_assert!(reason.to_string().len() < 400);
                prop_assert_eq!(exposition.next(), None);
                break;
            }
        }
    }
    prop_assert!(count <= lines + 1);
    Ok(())
}

/// A reader who knows series by their text reads the same as one who reads every label, twice over.
fn examine_known(body: &[u8], format: Format) -> Result<(), TestCaseError> {
    let mut known: HashMap<SeriesText<'_>, LabelSet> = HashMap::new();
    let plain: Vec<_> = Exposition::new(body, format, ExpositionLimits::default()).collect();
    for _ in 0..2 {
        let mut exposition = Exposition::new(body, format, ExpositionLimits::default());
        let mut entries = Vec::new();
        while let Some(step) = exposition.next_with(|text| known.get(&text).cloned()) {
            entries.push(step.map(|step| match step {
                Step::Known { known: labels, value, at } => Entry::Sample(Sample { labels, value, at }),
                Step::Metadata(metadata) => Entry::Metadata(metadata),
                Step::Sample { text, sample } => {
                    known.extend(text.map(|text| (text, sample.labels.clone())));
                    Entry::Sample(sample)
                }
            }));
        }
        // NaN is not itself, but is written in one way.
        prop_assert_eq!(format!("{entries:?}"), format!("{plain:?}"));
    }
    Ok(())
}

fn format() -> impl Strategy<Value = Format> {
    select(vec![Format::Text, Format::OpenMetrics])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn arbitrary_bytes(body in vec(any::<u8>(), 0..300), format in format()) {
        examine(&body, format)?;
        examine_known(&body, format)?;
    }

    #[test]
    fn arbitrary_pieces(pieces in vec(select(PIECES.to_vec()), 0..60), format in format()) {
        examine(&[b"a", pieces.concat().as_slice()].concat(), format)?;
        examine(&pieces.concat(), format)?;
    }

    #[test]
    fn mutated_texts(
        openmetrics in any::<bool>(),
        format in format(),
        changes in vec((any::<Index>(), 0..3usize, select(PIECES.to_vec())), 1..6),
    ) {
        let mut body = if openmetrics { OPENMETRICS } else { EXCERPT }.as_bytes().to_vec();
        for (place, removed, piece) in changes {
            let from = place.index(body.len());
            let to = (from + removed).min(body.len());
            body.splice(from..to, piece.iter().copied());
        }
        examine(&body, format)?;
        examine_known(&body, format)?;
    }

    #[test]
    fn cut_texts(cut in any::<Index>()) {
        let cut = cut.index(OPENMETRICS.len() - 1);
        examine(&OPENMETRICS.as_bytes()[..cut], Format::OpenMetrics)?;
        let limits = ExpositionLimits::default();
        let mut exposition = Exposition::new(&OPENMETRICS.as_bytes()[..cut], Format::OpenMetrics, limits);
        prop_assert!(exposition.any(|entry| entry.is_err()), "a cut text is not taken for whole");
    }

    #[test]
    fn what_is_written_is_read(
        name in "[a-zA-Z_:][a-zA-Z0-9_:]{0,20}",
        value in any::<f64>(),
        text in any::<String>(),
        millis in any::<i64>(),
    ) {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let body = format!("{name}{{label=\"{escaped}\"}} {value:?} {millis}\n");
        let limits = ExpositionLimits { label_value_bytes: usize::MAX, ..ExpositionLimits::default() };
        let entry = Exposition::new(body.as_bytes(), Format::Text, limits).next();
        let Some(Ok(Entry::Sample(sample))) = entry else { panic!("{entry:?}") };
        prop_assert_eq!(sample.labels.value(METRIC_NAME), name);
        prop_assert_eq!(sample.labels.value("label"), text);
        prop_assert!(sample.value == value || sample.value.is_nan() && value.is_nan());
        prop_assert_eq!(sample.at.map(|at| at.as_millis()), Some(millis));
    }
}
