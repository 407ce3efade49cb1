//! Durations that are computed.

use std::time::Duration;

use larum_core::time::Timestamp;
use larum_promql::{Options, ParseError, Query, format_expression, parse_selector, syntax_tree};
use serde_json::json;

use super::support::{check, eval, load, over, refused};

/// A value a minute: 0 at the start, 1 after a minute, and so on.
const CLIMB: &str = "climb 0+1x60";

#[test]
fn a_range_is_computed() {
    for range in [
        "6m",
        "360",
        "5m+1m",
        "-4m + 10m",
        "7m - 60",
        "2m * 3",
        "60*6",
        "1h / 10",
        "1h6m % 1h",
        "(1 + 2) * 2m",
        "2m * (1+(1+1))",
        "1m * 2 + 1m * 4",
        "10m - 3m - 1m",
        "2^3^2 - 152",
        "(-2)^2 * 90",
        "+6m",
        "(6m)",
        "-(-6m)",
        "- -6m",
        "0x10 * 22.5",
        "1_0m - 2.4e2",
        "MAX_OF(6m, 1m)",
        "min_of(1h, max_of(2m, 3m) * 2)",
        " 5m # five\n + # and one\n 1m ",
    ] {
        check(CLIMB, &format!("count_over_time(climb[{range}])"), 30.0, "{} 6");
    }
}

#[test]
fn a_subquery_is_computed_with_its_step() {
    check(CLIMB, "sum_over_time(climb[4m+2m:1m*2])", 30.0, "{} 84");
    check(CLIMB, "count_over_time(climb[max_of(6m, 1m):(30s + 30s)])", 30.0, "{} 6");
    check(CLIMB, "count_over_time(climb[3m + 3m:])", 30.0, "{} 6");
    check(CLIMB, "count_over_time(climb[6m:0.0001 + 0.0001])", 30.0, "{} 6");
    check(CLIMB, "max_over_time(count_over_time(climb[1m*2])[5m - 1m:1m] offset (2 * 5m))", 30.0, "{} 2");
}

#[test]
fn an_offset_is_computed_where_parentheses_say_so() {
    for (expr, expected) in [
        ("climb offset (5m + 5m)", "climb 20"),
        ("climb offset (5m)", "climb 25"),
        ("climb offset +5m", "climb 25"),
        ("climb offset -(5m + 5m)", "climb 40"),
        ("climb offset (-5m * 2)", "climb 40"),
        ("climb offset min_of(1h, 10m)", "climb 20"),
        ("climb offset -max_of(1m, 10m)", "climb 40"),
        ("climb offset 0.0004 + 0.0004", "{} 30.0004"),
        ("climb offset (0.0004 + 0.0004)", "climb 30"),
        // Without parentheses the operator is the expression's.
        ("climb offset 5m * 2", "{} 50"),
        ("climb offset -5m ^ 2", "{} 1225"),
        ("climb offset min_of(1h, 10m) + 1", "{} 21"),
        ("climb offset -(5m) * 2", "{} 70"),
        // What begins with a parenthesis or with two signs goes on.
        ("climb offset (5m) * 2", "climb 20"),
        ("climb offset - -5m * 2", "climb 20"),
        ("count_over_time(climb[1m * 2] offset (1m * 5) @ 1800)", "{} 2"),
    ] {
        check(CLIMB, expr, 30.0, expected);
    }
    refused(CLIMB, "climb offset (5m) + climb", "1:21: parse error: unexpected \"climb\"");
}

#[test]
fn a_duration_knows_the_steps_and_the_range_of_its_query() {
    let of = |expr: &str| over(CLIMB, expr, 30, 40, 300).unwrap();
    assert_eq!(of("count_over_time(climb[step()])"), ["{} 5@1800 5@2100 5@2400"]);
    assert_eq!(of("count_over_time(climb[Step() * 2 + 1m])"), ["{} 11@1800 11@2100 11@2400"]);
    assert_eq!(of("count_over_time(climb[range()])"), ["{} 10@1800 10@2100 10@2400"]);
    assert_eq!(of("climb offset step()"), ["climb 25@1800 30@2100 35@2400"]);
    assert_eq!(of("climb offset -RANGE()"), ["climb 40@1800 45@2100 50@2400"]);
    assert_eq!(of("sum_over_time(climb[range()/5:step()/5])"), ["{} 59@1800 69@2100 79@2400"]);
    assert_eq!(of("max_over_time((climb offset step())[step():1m])"), ["{} 25@1800 30@2100 35@2400"]);
    assert_eq!(of("scalar(climb offset (range() - step())) + climb"), ["{} 55@1800 65@2100 75@2400"]);
    assert_eq!(of("step + range")[..], [""; 0], "they are names of metrics as well");
}

#[test]
fn an_instant_has_neither_steps_nor_a_range() {
    check(CLIMB, "climb offset (step() + range())", 30.0, "climb 30");
    check(CLIMB, "count_over_time(climb[max_of(step(), 2m)])", 30.0, "{} 2");
    refused(CLIMB, "count_over_time(climb[step()])", "22:28: duration must be greater than 0");
    refused(CLIMB, "count_over_time(climb[1m / range()])", "22:34: division by zero");
}

#[test]
fn what_comes_to_nothing_is_refused_as_prometheus_says_it() {
    for (expr, words) in [
        ("x[5m-5m]", "2:7: duration must be greater than 0"),
        ("x[(5m-6m)]", "3:8: duration must be greater than 0"),
        ("x[5m:5m-5m]", "5:10: duration must be greater than 0"),
        ("x[-5m]", "1:3: parse error: duration must be greater than 0"),
        ("x[(0s)]", "parse error: duration must be greater than 0"),
        ("x[5m/0]", "1:5: parse error: division by zero"),
        ("x[5m%(0s)]", "1:5: parse error: modulo by zero"),
        ("x[5m/(2-2)]", "2:9: division by zero"),
        ("x[5m%(2-2)]", "2:9: modulo by zero"),
        ("x[2^1000^2]", "2:10: duration is out of range"),
        ("x offset (2^1000^2)", "10:18: duration is out of range"),
        ("x offset ((-1)^0.5)", "duration is out of range"),
        ("x[300y - 1m]", "duration out of range"),
        ("x[1m+]", "1:6: parse error: unexpected \"]\""),
        ("x[1m+*1m]", "1:6: parse error: unexpected \"*\""),
        ("x[1m+1m", "1:8: parse error: unexpected end of input"),
        ("x[1m+\n 1m 1m]", "2:5: parse error: unexpected \"1m\""),
        ("x[1m+NaN]", "unexpected \"NaN\""),
        ("x[1m+5q]", "unexpected \"5q\""),
        ("x[step]", "unexpected character inside brackets: \"s\""),
        ("x[step(1)]", "unexpected \"1\""),
        ("x[max_of(1m)]", "unexpected \")\""),
        ("x offset (1m", "unexpected end of input"),
        ("x offset ()", "unexpected \")\""),
        ("x offset -y", "unexpected \"y\""),
        ("x[min(1m, 2m)]", "min() of durations is not supported: Prometheus calls it min_of() and max_of()"),
        ("x offset -max(1m, 2m)", "max() of durations is not supported"),
        ("x[start()]", "unexpected"),
    ] {
        refused("", expr, words);
    }
}

#[test]
fn what_is_nested_too_deep_is_refused_with_the_limit() {
    let too_deep = |text: String| matches!(Query::parse(&text), Err(ParseError::TooLarge { .. }));
    assert!(too_deep(format!("x[{}1m{}]", "(".repeat(300), ")".repeat(300))));
    assert!(too_deep(format!("x[{}1m]", "-".repeat(20_000))));
    assert!(too_deep(format!("x[1m{}]", "+1m".repeat(5_000))));
    assert!(too_deep(format!("x[1m{}]", "^1".repeat(5_000))));
    assert!(too_deep(format!("x{}", " + x[1m+1m]".repeat(1_900))));
    assert!(eval("x 1", &format!("x offset ({}1m{})", "(".repeat(90), ")".repeat(90)), 0.0).is_ok());
}

#[test]
fn they_are_printed_as_prometheus_prints_them() {
    for (text, expected) in [
        ("x[5m+1m]", "x[5m + 1m]"),
        ("x[ (300)*(1m+(2m)) ]", "x[300 * (1m + 2m)]"),
        ("x[90m*1500ms]", "x[1h30m * 1s500ms]"),
        ("x[(5m)]", "x[5m]"),
        ("x[10-5-2^3^2]", "x[10 - 5 - 2 ^ 3 ^ 2]"),
        ("x[-2m^2+10]", "x[-2m ^ 2 + 10]"),
        ("x[-(-(1+2))]", "x[-(-(1 + 2))]"),
        ("x[MIN_OF(step( ),5m)+RANGE()]", "x[min_of(step(), 5m) + range()]"),
        ("x[10:5+5] @ 5 offset -(5m+1)", "x[10s:5 + 5] @ 5.000 offset -(5m + 1)"),
        ("x offset (2+1)*2", "x offset (2 + 1) * 2"),
        ("x offset -step()", "x offset -step()"),
    ] {
        if text != "x[10-5-2^3^2]" && text != "x[-(-(1+2))]" && !text.starts_with("x[-2m") {
            assert_eq!(format_expression(text).unwrap(), expected);
            assert_eq!(format_expression(expected).unwrap(), expected, "formatting it again changes nothing");
        } else {
            let positive = |text: &str| text.replacen("x[", "x[1d + ", 1);
            assert_eq!(format_expression(&positive(text)).unwrap(), positive(expected));
        }
    }
}

#[test]
fn they_are_shown_in_the_tree() {
    let number =
        |value: &str, duration: bool| json!({ "type": "numberLiteral", "val": value, "duration": duration });
    let tree = syntax_tree("x[1m*2:max_of(step(), 30s)] offset -(5 - 1m)").unwrap();
    assert_eq!((&tree["range"], &tree["step"], &tree["offset"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!(
        tree["rangeExpr"],
        json!({ "type": "durationExpr", "op": "*", "lhs": number("60", true), "rhs": number("2", false),
            "wrapped": false })
    );
    assert_eq!(
        tree["stepExpr"],
        json!({ "type": "durationExpr", "op": "max_of", "wrapped": false, "rhs": number("30", true),
            "lhs": { "type": "durationExpr", "op": "step", "lhs": null, "rhs": null, "wrapped": false } })
    );
    assert_eq!(
        tree["offsetExpr"],
        json!({ "type": "durationExpr", "op": "-", "lhs": null, "wrapped": false, "rhs":
            { "type": "durationExpr", "op": "-", "lhs": number("5", false), "rhs": number("60", true),
            "wrapped": true } })
    );
    let plain = syntax_tree("x[5m] offset -1m").unwrap();
    assert_eq!((&plain["range"], &plain["rangeExpr"]), (&json!(300_000), &json!(null)));
    assert_eq!((&plain["offset"], &plain["offsetExpr"]), (&json!(-60_000), &json!(null)));
}

#[test]
fn they_count_for_the_longest_window_and_are_told_with_the_selector() {
    let longest = |text: &str| Query::parse(text).unwrap().longest_window(&Options::default());
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    assert_eq!(longest("rate(x[2 * 5m] offset (30m + 1h))"), minutes(100));
    assert_eq!(longest("rate(x[max_of(step(), 10m)] offset range())"), minutes(10));
    assert_eq!(longest("rate(x[step()])"), minutes(0));
    let told = |text: &str| eval("", text, 0.0).unwrap().empty_selectors;
    assert_eq!(told("rate(x[2 * 5m])"), ["x[2 * 5m]"]);
    assert_eq!(told("rate(x[max_of(step(),5m)])"), ["x[max_of(step(), 5m)]"]);
}

#[test]
fn a_query_that_is_fixed_to_a_time_keeps_them() {
    let at = Timestamp::from_millis(1_800_000);
    let query = Query::parse("climb offset (5m + step())").unwrap();
    let fixed = query.pinned(at).unwrap();
    let found = fixed.instant(&load(CLIMB), Timestamp::from_millis(0), &Options::default()).unwrap();
    assert_eq!(found.value.elements()[0].value, 25.0);
}

#[test]
fn a_selector_of_series_has_none() {
    for wrong in ["x offset (5m - 1m)", "x offset step()", "x[1m + 1m]"] {
        assert!(parse_selector(wrong).is_err(), "{wrong}");
    }
}
