//! What is no expression, what is too much of one, and that nothing panics.

use std::time::Duration;

use larum_core::time::Timestamp;
use larum_promql::{Limits, Options, ParseError, Query, Span};

use super::support::{check, load, refused};

#[test]
fn types_must_fit() {
    refused("", "rate(x)", "expected type");
    refused("", "sum(x[5m])", "expected type");
    refused("", "abs(1)", "expected type");
    refused("", "exp(NaN)", "expected type");
    refused("", r#""a" + 1"#, "scalar and instant vector");
    refused("", "1 > 2", "must use BOOL");
    refused("", "1 and x", "set operator");
    refused("", "x + bool y", "bool");
    refused("", "x and on(a) group_left y", "no grouping allowed");
    refused("", "x[5m][5m]", "range");
    refused("", "-x[5m]", "unary");
    refused("", "topk(x, y)", "expected type");
    refused("", "abs()", "argument");
    refused("", "abs(x, y)", "argument");
    refused("", "label_join(x, \"a\")", "argument");
}

#[test]
fn nonsense_is_refused() {
    for text in [
        "",
        " ",
        "x y",
        "x{",
        "x[5m",
        "sum(x))",
        "1 +",
        "x{a=}",
        "x offset",
        "x @",
        "\"open",
        "`open",
        "x{a=\"b\" c=\"d\"}",
        "é",
        "x[5m:1m:1m]",
        "x = y",
        "x[-5m]",
        "x[0s]",
        "x[0]",
        "x @ 1e300",
        "sum(x,)",
    ] {
        assert!(Query::parse(text).is_err(), "{text:?} was taken");
    }
}

#[test]
fn what_cannot_stand_where_it_stands_is_named_with_its_place() {
    for (text, words) in [
        ("1 +", "1:4: parse error: unexpected end of input"),
        ("sum by (a) (rate(x[5m]))\n  > bool ", "2:9: parse error: unexpected end of input"),
        ("sum by", "1:7: parse error: unexpected end of input"),
        ("x + on", "1:7: parse error: unexpected end of input"),
        ("x @ start", "1:10: parse error: unexpected end of input"),
        ("x y", "1:3: parse error: unexpected \"y\""),
        ("x = y", "1:3: parse error: unexpected \"=\""),
        ("x_1 ==\n 1 y", "2:4: parse error: unexpected \"y\""),
        ("x{a=\"é\"} >= <= 2", "1:13: parse error: unexpected \"<=\""),
        ("sum(x) > # so\n > 4", "2:2: parse error: unexpected \">\""),
        ("x{a=}", "1:5: parse error: unexpected \"}\""),
        ("x{a=\"b\" c=\"d\"}", "1:9: parse error: unexpected \"c\""),
        ("rate(x[5m] y)", "1:12: parse error: unexpected \"y\""),
        ("sum(by (a) x)", "1:8: parse error: unexpected \"(\""),
        ("(a or b) and (c", "parse error: unclosed left parenthesis"),
        (
            "rate(x)",
            "parse error: expected type range vector in call to function \"rate\", got instant vector",
        ),
    ] {
        assert_eq!(Query::parse(text).unwrap_err().to_string(), words, "{text:?}");
    }
}

#[test]
fn durations_beyond_all_measure_are_refused() {
    for text in [
        "x[1e30]",
        "x offset 1e30",
        "x[5000000000s]",
        "x[1m5000000000s]",
        "x[300y]",
        "x offset -300y",
        "x[0xffffffffffff]",
        "x[1m:1e30]",
        "x[NaN]",
    ] {
        assert!(Query::parse(text).is_err(), "{text:?} was taken");
    }
    check("x 0+1x10", "count_over_time(x[300])", 5.0, "{} 5");
    check("x 0+1x10", "x offset 60", 5.0, "x 4");
}

#[test]
fn quotes_of_three_kinds_and_escapes() {
    let data = "x{a=\"b\"} 1";
    for text in [
        r#"x{a="b"}"#,
        "x{a='b'}",
        "x{a=`b`}",
        r#"x{a="\x62"}"#,
        r#"x{a="\u0062"}"#,
        r#"x{a="\142"}"#,
        "x{a=~`\\w`}",
        "x{a=~\"\\\\w\"}",
    ] {
        check(data, text, 0.0, "x{a=\"b\"} 1");
    }
    // Bytes that make up a character are that character; others are part of no label.
    check("x{a=\"é\"} 1", r#"x{a="\xc3\xa9"}"#, 0.0, "x{a=\"é\"} 1");
    check(data, r#"x{a="\xff"}"#, 0.0, "");
    check(data, r#"x{a!="\377"}"#, 0.0, "x{a=\"b\"} 1");
    refused(data, r#"count_values("a\xc5z", x)"#, r#"invalid label name "a\xc5z""#);
    refused(
        data,
        r#"label_replace(x, "\xff", "", "a", "")"#,
        "invalid destination label name in label_replace()",
    );
    refused(data, r#"label_join(x, "a", "", "\xff")"#, "invalid source label name in label_join()");
    refused(data, r#"label_replace(x, "b", "\xff", "a", ".*")"#, "UTF-8");
    refused(data, r#""\xff""#, "UTF-8");
}

#[test]
fn what_is_experimental_or_new_in_prometheus_is_refused_by_name() {
    for text in ["x </ 1", "x >/ -1"] {
        refused(
            "",
            text,
            "trimming native histograms is not supported: Larum does not evaluate native histograms",
        );
    }
    for text in [
        "limitk(1, x)",
        "info(x)",
        "info(x, {__name__!=\"y_info\"})",
        "mad_over_time(x[5m])",
        "sort_by_label(x, \"a\")",
        "x + fill(0) y",
        "max_of(1, 2)",
        "min_of(1, 2)",
        "step()",
        "range()",
        "start()",
        "end()",
    ] {
        refused("", text, "it is experimental in Prometheus");
    }
}

#[test]
fn names_in_utf_8() {
    let query = Query::parse(r#"{"my metric", "some.label"="x"}"#).unwrap();
    assert_eq!(query.selectors()[0].matchers.len(), 2);
    assert!(Query::parse(r#"sum by ("some.label") ({"my metric"})"#).is_ok());
}

#[test]
fn too_much_is_refused_with_the_limit() {
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert!(Query::parse(&deep(100)).is_ok());
    let too_large = |text: &str| matches!(Query::parse(text), Err(ParseError::TooLarge { .. }));
    assert!(too_large(&deep(5_000)));
    assert!(too_large(&"-".repeat(100_000)));
    assert!(too_large(&format!("1{}", " + 1".repeat(3_000))));
    assert!(too_large(&format!("1{}", " + 1".repeat(300))));
    assert!(too_large(&format!("x{}", " or x".repeat(2_500))));
    assert!(too_large(&"x".repeat(70_000)));
    assert!(
        too_large(&format!("x{}", "[1m:1m]".repeat(1_200)))
            || Query::parse(&format!("x{}", "[1m:1m]".repeat(1_200))).is_err()
    );
}

#[test]
fn what_is_deep_but_allowed_is_evaluated() {
    let nested =
        |open: &str, close: &str, levels| format!("{}x{}", open.repeat(levels), close.repeat(levels));
    check("x 1", &nested("abs(", ")", 250), 0.0, "{} 1");
    check("x 1", &nested("sum(", ")", 250), 0.0, "{} 1");
    check("x 1", &format!("x{}", " + x".repeat(250)), 0.0, "{} 251");
    check("x 1", &format!("x{}", " or x".repeat(250)), 0.0, "x 1");
    check("x 1x9", &nested("max_over_time(", "[1m:1m])", 120), 0.0, "{} 1");
}

#[test]
fn an_evaluation_that_costs_too_much_is_stopped_with_the_limit() {
    let at = Timestamp::from_millis(600_000);
    let run = |text: &str, limits: Limits| {
        let options = Options { limits, ..Options::default() };
        Query::parse(text)
            .unwrap()
            .instant(&load("x{a=\"1\"} 0x20\nx{a=\"2\"} 0x20"), at, &options)
            .unwrap_err()
            .to_string()
    };
    let few = Limits { samples: 20, ..Limits::default() };
    assert_eq!(run("sum_over_time(x[20m])", few), "the query needs more than 20 samples");
    assert_eq!(run("max_over_time(vector(1)[1h:1s])", few), "the query needs more than 20 samples");
    assert_eq!(run("x", Limits { series: 1, ..Limits::default() }), "the query needs more than 1 series");
    assert_eq!(
        run("max_over_time(vector(1)[250y:1ms])", Limits { samples: 10_000, ..Limits::default() }),
        "the query needs more than 10000 samples"
    );
}

#[test]
fn times_at_the_ends_of_time_are_no_panic() {
    let data = load("x 0x20");
    for text in [
        "x",
        "rate(x[250y])",
        "x offset 250y",
        "x offset -250y",
        "max_over_time(x[1h:1m])",
        "x @ -9e9",
        "minute()",
        "predict_linear(x[5m], 1e300)",
    ] {
        let query = Query::parse(text).unwrap();
        for at in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
            let _ = query.instant(&data, Timestamp::from_millis(at), &Options::default());
        }
        let span = Span {
            start: Timestamp::from_millis(i64::MIN),
            end: Timestamp::from_millis(i64::MAX),
            step: Duration::from_millis(1),
        };
        assert!(query.range(&data, &span, &Options::default()).is_err());
    }
}

/// Texts put together from pieces of the language at random, most of them nonsense: none may panic.
#[test]
fn no_text_panics() {
    const PIECES: [&str; 46] = [
        "x",
        "y{a=\"b\"}",
        "(",
        ")",
        "[5m]",
        "[5m:1m]",
        "{",
        "}",
        "[",
        "]",
        ",",
        " ",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "==",
        "!=",
        ">",
        "<",
        "=~",
        "!~",
        " and ",
        " or ",
        " unless ",
        " on(a) ",
        " ignoring(a) ",
        " group_left ",
        " bool ",
        " by (a) ",
        "sum",
        "rate(",
        "topk(",
        "absent(",
        "1",
        "1e30",
        "5m",
        "\"s\"",
        "`",
        "'",
        "\\",
        " offset ",
        " @ ",
        "é",
    ];
    let data = load("x 0+1x20\ny{a=\"b\"} 1x20");
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut taken = 0;
    for _ in 0..20_000 {
        let text: String = (0..=random(12)).map(|_| PIECES[random(PIECES.len())]).collect();
        if let Ok(query) = Query::parse(&text) {
            taken += 1;
            let _ = query.instant(&data, Timestamp::from_millis(600_000), &Options::default());
        }
    }
    assert!(taken > 200, "only {taken} of the texts were expressions");
}

#[test]
fn words_of_the_language_can_name_a_metric() {
    for name in ["min", "sum", "by", "offset", "and", "unless", "start", "end", "topk", "time", "rate"] {
        check(&format!("{name} 1"), name, 0.0, &format!("{name} 1"));
    }
    for label in ["on", "bool", "group_left", "ignoring", "offset", "atan2"] {
        check("x 1", &format!("sum by ({label}) (x)"), 0.0, "{} 1");
    }
}

#[test]
fn numbers_as_go_reads_them() {
    for (text, value) in [
        ("1_000", "1000"),
        ("0x_1F", "31"),
        ("0XF_F", "255"),
        (".5_0", "0.5"),
        ("1_0e1_0", "100000000000"),
        ("010", "8"),
        ("08", "8"),
        ("00.5", "0.5"),
        ("1m30s", "90"),
    ] {
        check("", text, 0.0, value);
    }
    check("x 0+1x10", "count_over_time(x[0_300])", 5.0, "{} 4");
    for text in ["1_", "1__0", "1_.5", "1._5", "1e_5", "0x_", "5_m"] {
        assert!(Query::parse(&format!("{text} + 1")).is_err(), "{text}");
    }
}

#[test]
fn a_duration_of_zero_is_a_number_and_an_offset_and_no_range() {
    check("x 1 2", "x offset 0s", 1.0, "x 2");
    check("x 1 2", "x @ 0h0m", 1.0, "x 1");
    check("x 1 2", "x > 0ms", 1.0, "x 2");
    refused("", "x[0s]", "duration must be greater than 0");
    refused("", "x[1m:0s]", "duration must be greater than 0");
    refused("", "x > 0m0h", "parse error");
}

#[test]
fn the_characters_that_larum_marks_expressions_with_are_refused_however_they_are_written() {
    let literal = "{__name__=\"x\",\"\u{10fd01}\"=\"a\"}";
    let escaped = r#"{__name__="x","\U0010FD01"="a"}"#;
    let in_bytes = r#"{__name__="x","\xf4\x8f\xb4\x81"="a"}"#;
    let not_utf8 = "{a=\"\u{10fe80}\"}";
    for text in [literal, escaped, in_bytes, not_utf8] {
        let error = Query::parse(text).map(drop).unwrap_err().to_string();
        assert!(error.contains("U+10FD00"), "{text}: {error}");
    }
    assert!(Query::parse(r#"{a="\xff"}"#).is_ok(), "a byte that is no UTF-8 is another matter");
}
