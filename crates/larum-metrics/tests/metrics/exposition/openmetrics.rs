//! OpenMetrics 1.0.

use larum_metrics::exposition::Format;

use super::support::{read, refused};

fn openmetrics(text: &str) -> Vec<String> {
    read(Format::OpenMetrics, text)
}

fn no_openmetrics(text: impl AsRef<[u8]>) -> String {
    refused(Format::OpenMetrics, text)
}

#[test]
fn samples_and_what_is_said_about_them_come_in_order() {
    let said = openmetrics(
        "# TYPE wait_seconds histogram\n\
         # UNIT wait_seconds seconds\n\
         # HELP wait_seconds How long a \\\"guest\\\" waits.\n\
         wait_seconds_bucket{le=\"1\"} 3 # {trace_id=\"a b\",\"span.id\"=\"c\"} 0.5 1800000000.5\n\
         wait_seconds_bucket{le=\"+Inf\"} 4 1800000000.123 # {} 7\n\
         wait_seconds_sum 9.5 1.8e9\n\
         wait_seconds_created 1700000000.25\n\
         {\"door.state\",door=\"front\"} NaN\n\
         # EOF\n",
    );
    assert_eq!(
        said,
        [
            "wait_seconds is a histogram",
            r#"wait_seconds is in "seconds""#,
            r#"wait_seconds means "How long a \"guest\" waits.""#,
            r#"wait_seconds_bucket{le="1.0"} 3"#,
            r#"wait_seconds_bucket{le="+Inf"} 4 @1800000000123"#,
            "wait_seconds_sum{} 9.5 @1800000000000",
            "wait_seconds_created{} 1700000000.25",
            r#"door.state{door="front"} NaN"#,
        ]
    );
}

#[test]
fn all_types_are_known() {
    for word in ["counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown"]
    {
        assert_eq!(openmetrics(&format!("# TYPE a {word}\n# EOF")), [format!("a is a {word}")]);
    }
    assert_eq!(
        no_openmetrics("# TYPE a untyped\n# EOF"),
        r#"line 1, column 10: "untyped" is not a type of this format"#
    );
    assert_eq!(
        no_openmetrics("# TYPE a gauge \n# EOF"),
        r#"line 1, column 10: "gauge " is not a type of this format"#
    );
}

#[test]
fn the_text_is_whole_only_with_its_end() {
    assert!(openmetrics("# EOF").is_empty());
    assert!(openmetrics("# EOF\n").is_empty());
    assert_eq!(no_openmetrics(""), "line 1, column 1: the text does not end with # EOF");
    assert_eq!(no_openmetrics("a 1\n"), "line 2, column 1: the text does not end with # EOF");
    assert_eq!(no_openmetrics("a 1"), "line 2, column 1: the text does not end with # EOF");
    assert_eq!(no_openmetrics("a 1\n# EOF\n\n"), "line 3, column 1: something follows # EOF");
    assert_eq!(no_openmetrics("a 1\n# EOF\nb 1\n"), "line 3, column 1: something follows # EOF");
    let keyword = r#"a space was expected, not "EOF""#;
    assert_eq!(no_openmetrics("#EOF"), format!("line 1, column 2: {keyword}"));
}

#[test]
fn a_unit_is_the_last_word_of_the_name() {
    assert_eq!(openmetrics("# UNIT a_seconds \n# EOF"), [r#"a_seconds is in """#]);
    assert_eq!(
        no_openmetrics("# UNIT a_seconds bytes\n# EOF"),
        r#"line 1, column 18: the unit "bytes" is not the last word of the metric's name"#
    );
    assert!(no_openmetrics("# UNIT seconds seconds\n# EOF").contains("not the last word"));
}

#[test]
fn its_form_is_strict() {
    let told = |line: &str| no_openmetrics(format!("{line}\n# EOF\n"));
    assert_eq!(told(""), "line 1, column 1: a metric name was expected, not the end of the line");
    assert_eq!(told(" a 1"), r#"line 1, column 1: a metric name was expected, not " a 1""#);
    assert_eq!(told("# a remark"), r#"line 1, column 3: HELP, TYPE, UNIT or EOF was expected, not "a""#);
    assert_eq!(told("# HELP a"), "line 1, column 9: a space was expected, not the end of the line");
    assert_eq!(told("a"), "line 1, column 2: a space was expected, not the end of the line");
    assert_eq!(told("a  1"), r#"line 1, column 3: a value was expected, not " 1""#);
    assert_eq!(told("a {} 1"), r#"line 1, column 3: a value was expected, not "{}""#);
    assert_eq!(told("a{}1"), r#"line 1, column 4: a space was expected, not "1""#);
    assert_eq!(
        told("a{b=\"c\", d=\"e\"} 1"),
        r#"line 1, column 9: a label name was expected, not " d=\"e\"} 1""#
    );
    assert_eq!(
        told("a{b=\"c\"d=\"e\"} 1"),
        "line 1, column 8: `,` or `}` was expected, not \"d=\\\"e\\\"}\""
    );
    assert_eq!(told("a 1 "), "line 1, column 5: a timestamp was expected, not the end of the line");
    assert_eq!(told("a 1 NaN"), r#"line 1, column 5: a timestamp was expected, not "NaN""#);
    assert_eq!(told("a 1 -Inf"), r#"line 1, column 5: a timestamp was expected, not "-Inf""#);
    assert_eq!(told("a 1 1e300"), r#"line 1, column 5: a timestamp was expected, not "1e300""#);
    assert_eq!(told("a 1 2 3"), "line 1, column 7: `{` of an exemplar was expected, not \"3\"");
}

#[test]
fn exemplars_are_forgotten_but_must_be_well_formed() {
    let told = |exemplar: &str| no_openmetrics(format!("a_total 1 {exemplar}\n# EOF\n"));
    assert_eq!(told("# {b=\"c\"}"), "line 1, column 20: a space was expected, not the end of the line");
    assert_eq!(told("# {b=\"c\"} x"), r#"line 1, column 21: a value was expected, not "x""#);
    assert_eq!(told("# {\"b\"} 1"), "line 1, column 14: the series already has a metric name");
    assert_eq!(told("# {b=\"c\"} 1 x"), r#"line 1, column 23: a timestamp was expected, not "x""#);
    assert_eq!(told("# {b=\"c\"} 1 2 3"), r#"line 1, column 24: the end of the line was expected, not " 3""#);
    assert_eq!(
        told("#{b=\"c\"} 1"),
        "line 1, column 11: `{` of an exemplar was expected, not \"#{b=\\\"c\\\"}\""
    );
}
