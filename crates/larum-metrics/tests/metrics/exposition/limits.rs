//! What a target may not exceed.

use larum_core::label::LabelSet;
use larum_metrics::exposition::{Exposition, ExpositionLimits, Format, LimitReached};

const TIGHT: ExpositionLimits = ExpositionLimits {
    line_bytes: 30,
    samples: 2,
    metadata: 1,
    labels: 2,
    label_name_bytes: 8,
    label_value_bytes: 5,
};

fn told(text: &str) -> Result<usize, String> {
    let entries: Result<Vec<_>, _> = Exposition::new(text.as_bytes(), Format::Text, TIGHT).collect();
    entries.map(|entries| entries.len()).map_err(|error| error.to_string())
}

#[test]
fn what_is_just_within_the_limits_is_read() {
    assert_eq!(told("# TYPE a gauge\n# a comment\na 1"), Ok(2));
    assert_eq!(told("abcde{eightlet=\"12345\"} 123456\na 1"), Ok(2));
}

#[test]
fn each_limit_has_its_words() {
    let no = |text: &str| told(text).unwrap_err();
    assert_eq!(
        no("# 3456789012345678901234567890!"),
        "line 1, column 31: the line has 31 bytes, the limit is 30"
    );
    assert_eq!(no("a 1\nb 2\n c 3"), "line 3, column 2: there are more samples than the limit of 2");
    assert_eq!(
        no("# TYPE a gauge\n# a comment\n # HELP a b"),
        "line 3, column 2: there are more lines of metadata than the limit of 1"
    );
    assert_eq!(no("a{b=\"1\",c=\"2\"} 1"), "line 1, column 1: the series has 3 labels, the limit is 2");
    assert_eq!(
        no("a{ninelette=\"1\"} 1"),
        r#"line 1, column 1: the label name "ninelette" has 9 bytes, the limit is 8"#
    );
    assert_eq!(
        no("a{b=\"123456\"} 1"),
        r#"line 1, column 1: the value of the label "b" has 6 bytes, the limit is 5"#
    );
    assert_eq!(
        no("abcdef 1"),
        r#"line 1, column 1: the value of the label "__name__" has 6 bytes, the limit is 5"#
    );
}

#[test]
fn the_limits_of_labels_can_be_asked_again_after_relabelling() {
    let labels = LabelSet::from_pairs([("__name__", "a"), ("b", "c"), ("instance", "x")]);
    assert_eq!(TIGHT.check(&labels), Err(LimitReached::Labels { found: 3, limit: 2 }));
    assert_eq!(ExpositionLimits::default().check(&labels), Ok(()));
}
