//! Prometheus' text format.

use larum_metrics::exposition::Format;

use super::support::{entries, read, refused};

fn text(text: &str) -> Vec<String> {
    read(Format::Text, text)
}

fn no_text(text: impl AsRef<[u8]>) -> String {
    refused(Format::Text, text)
}

#[test]
fn samples_and_what_is_said_about_them_come_in_order() {
    let said = text(
        "# HELP doors_total Doors that were opened.\n\
         # TYPE doors_total counter\n\
         doors_total{house=\"north\",floor=\"2\"} 17 1800000000123\n\
         doors_total 3\n\
         # A remark.\n\
         \n\
         # TYPE rooms untyped\n\
         rooms 2.5e1",
    );
    assert_eq!(
        said,
        [
            r#"doors_total means "Doors that were opened.""#,
            "doors_total is a counter",
            r#"doors_total{floor="2", house="north"} 17 @1800000000123"#,
            "doors_total{} 3",
            "rooms is a unknown",
            "rooms{} 25",
        ]
    );
}

#[test]
fn blanks_may_stand_between_words_and_commas_be_forgotten_as_in_prometheus() {
    assert_eq!(text("\t a { b = \"c\" , d=\"e\" , } \t 1   -5 \t"), [r#"a{b="c", d="e"} 1 @-5"#]);
    assert_eq!(text("a{b=\"c\" d=\"e\"}1"), [r#"a{b="c", d="e"} 1"#]);
    assert_eq!(text("a{} 1\n  \n#\n#HELP a\n# HELP\n# HELPFUL a b"), ["a{} 1"]);
    assert_eq!(text("#\tTYPE\t a  gauge \t"), ["a is a gauge"]);
    assert_eq!(text("# HELP a"), [r#"a means """#]);
    assert!(text("").is_empty());
}

#[test]
fn escapes_are_resolved_and_other_backslashes_stay() {
    assert_eq!(
        text(r#"a{path="C:\\n",quote="\"",lines="1\n2",other="\d\"} \\"} 1"#),
        [r#"a{lines="1\n2", other="\\d\"} \\", path="C:\\n", quote="\""} 1"#]
    );
    assert_eq!(text(r#"# HELP a One \\ two\nthree \" \x"#), [r#"a means "One \\ two\nthree \\\" \\x""#]);
    assert_eq!(text("a{zero=\"x\0y\",snow=\"❄\"} 1"), [r#"a{snow="❄", zero="x\0y"} 1"#]);
}

#[test]
fn names_in_quotes_may_have_any_character() {
    assert_eq!(
        text(r#"{"http.requests", "le petit nom"="x", plain="y"} 1"#),
        [r#"http.requests{le petit nom="x", plain="y"} 1"#]
    );
    assert_eq!(text(r#"{plain="y","a \"b\""} 1"#), [r#"a "b"{plain="y"} 1"#]);
    assert_eq!(text("# TYPE \"http.requests\" counter"), ["http.requests is a counter"]);
    assert_eq!(no_text(r#"{a="b"} 1"#), r#"line 1, column 1: a metric name was expected, not "{""#);
    assert_eq!(no_text(r#"a{"b"} 1"#), "line 1, column 3: the series already has a metric name");
    assert_eq!(no_text(r#"{"a","b"} 1"#), "line 1, column 6: the series already has a metric name");
    assert_eq!(no_text(r#"{""} 1"#), "line 1, column 2: a name cannot be empty");
    assert_eq!(no_text(r#"a{""="b"} 1"#), "line 1, column 3: a name cannot be empty");
}

#[test]
fn numbers_are_what_go_takes_for_one() {
    let good = "a NaN\na nan\na +Inf\na -inf\na Infinity\na .5\na 5.\na +1e-3\na -0";
    let values = ["NaN", "NaN", "inf", "-inf", "inf", "0.5", "5", "0.001", "-0"];
    assert_eq!(text(good), values.map(|value| format!("a{{}} {value}")));
    for bad in ["true", "1_2", "0x1p-3", "1e", "--1", "1e999", "+NaN", "-nan", "."] {
        let why = format!("line 1, column 3: a value was expected, not {bad:?}");
        assert_eq!(no_text(format!("a {bad}")), why);
    }
}

#[test]
fn an_empty_label_is_none() {
    assert_eq!(text("a{b=\"\",c=\"d\"} 1"), [r#"a{c="d"} 1"#]);
    assert_eq!(text("a{b=\"\",b=\"d\"} 1"), [r#"a{b="d"} 1"#]);
}

#[test]
fn bounds_of_buckets_and_quantiles_are_written_in_one_way() {
    let said = text(
        "# TYPE size histogram\n\
         size_bucket{le=\"1\"} 1\n\
         size_bucket{le=\"0.25\"} 1\n\
         size_bucket{le=\"1000000\"} 2\n\
         size_bucket{le=\"1e-5\"} 0\n\
         size_bucket{le=\"+Inf\"} 2\n\
         size_bucket{le=\"many\",quantile=\"1\"} 2\n\
         size_sum 7\n\
         # TYPE pace summary\n\
         pace{quantile=\"0\",le=\"1\"} 4\n\
         # TYPE other gauge\n\
         other{le=\"1\"} 4\n",
    );
    let samples: Vec<&String> = said.iter().filter(|line| !line.contains(" is a ")).collect();
    assert_eq!(
        samples,
        [
            r#"size_bucket{le="1.0"} 1"#,
            r#"size_bucket{le="0.25"} 1"#,
            r#"size_bucket{le="1e+06"} 2"#,
            r#"size_bucket{le="1e-05"} 0"#,
            r#"size_bucket{le="+Inf"} 2"#,
            r#"size_bucket{le="many", quantile="1"} 2"#,
            "size_sum{} 7",
            r#"pace{le="1", quantile="0.0"} 4"#,
            r#"other{le="1"} 4"#,
        ]
    );
}

#[test]
fn a_wrong_line_is_named_with_its_place_and_reason() {
    let told = |text: &str| no_text(format!("fine 1\n{text}\nfine 2\n"));
    assert_eq!(told("a"), "line 2, column 2: a value was expected, not the end of the line");
    assert_eq!(told("9a 1"), r#"line 2, column 1: a metric name was expected, not "9a""#);
    assert_eq!(
        told("a{b='c'} 1"),
        r#"line 2, column 5: a label value in double quotes was expected, not "'c'}""#
    );
    assert_eq!(told("a{9=\"b\"} 1"), r#"line 2, column 3: a label name was expected, not "9=\"b\"}""#);
    assert_eq!(told("a{=\"b\"} 1"), r#"line 2, column 3: a label name was expected, not "=\"b\"}""#);
    assert_eq!(told("a{b} 1"), "line 2, column 4: `=` was expected, not \"}\"");
    assert_eq!(told("a{b=\"c} 1"), "line 2, column 5: the string has no closing quote on its line");
    assert_eq!(told("a{b=\"c\\"), "line 2, column 5: the string has no closing quote on its line");
    assert_eq!(told("a{b=\"c\""), "line 2, column 8: a label name was expected, not the end of the line");
    assert_eq!(told("a{b=\"1\",b=\"2\"} 1"), r#"line 2, column 1: the label "b" is given more than once"#);
    assert_eq!(
        told("a{__name__=\"b\"} 1"),
        r#"line 2, column 1: the label "__name__" is given more than once"#
    );
    assert_eq!(told("a 1 1.5"), r#"line 2, column 5: a timestamp was expected, not "1.5""#);
    assert_eq!(
        told("a 1 9223372036854775808"),
        r#"line 2, column 5: a timestamp was expected, not "9223372036854775808""#
    );
    assert_eq!(told("a 1 5 6"), r#"line 2, column 7: the end of the line was expected, not "6""#);
    assert_eq!(told("a 1\r"), r#"line 2, column 3: a value was expected, not "1\r""#);
    assert_eq!(told("\0a 1"), r#"line 2, column 1: a metric name was expected, not "\0a""#);
    assert_eq!(told("# TYPE a info"), r#"line 2, column 10: "info" is not a type of this format"#);
    assert_eq!(told("# TYPE a"), r#"line 2, column 9: "" is not a type of this format"#);
    assert_eq!(told("# HELP 9"), r#"line 2, column 8: a metric name was expected, not "9""#);
    assert_eq!(told("# HELP a-b c"), r#"line 2, column 9: a space was expected, not "-b""#);
}

#[test]
fn text_in_another_encoding_is_refused_but_in_remarks() {
    assert_eq!(no_text(b"a{b=\"c\xff\"} 1"), "line 1, column 7: the text is not valid UTF-8");
    assert_eq!(no_text(b"# HELP a \xff"), "line 1, column 10: the text is not valid UTF-8");
    assert_eq!(
        no_text(b"a{\xff=\"c\"} 1"),
        "line 1, column 3: a label name was expected, not \"\u{fffd}=\\\"c\\\"}\""
    );
    assert_eq!(entries(Format::Text, b"# \xff\n"), Ok(vec![]));
}

#[test]
fn a_web_page_is_refused_shortly() {
    let page = format!("<html>{}", "x".repeat(5000));
    let told = no_text(page);
    assert!(told.starts_with(r#"line 1, column 1: a metric name was expected, not "<html>x"#), "{told}");
    assert!(told.len() < 120, "{told}");
}

#[test]
fn nothing_comes_after_an_error() {
    use larum_metrics::exposition::{Exposition, ExpositionLimits};
    let mut exposition = Exposition::new(b"a 1\n!\nb 2\n", Format::Text, ExpositionLimits::default());
    assert!(exposition.next().is_some_and(|entry| entry.is_ok()));
    assert!(exposition.next().is_some_and(|entry| entry.is_err()));
    assert_eq!(exposition.next(), None);
    assert_eq!(exposition.next(), None);
}
