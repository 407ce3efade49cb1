//! Selectors, staleness, offsets, `@` and subqueries.

use std::time::Duration;

use super::support::{check, eval, over, refused};
use larum_promql::{Options, Query};

const DATA: &str = r#"
    up{job="a"} 0+1x20
    up{job="b"} 0 1 stale _ 4 5
    gap 1 _x10 2
"#;

#[test]
fn the_newest_sample_within_five_minutes_counts_and_the_window_is_left_open() {
    check("x 1", "x", 4.99, "x 1");
    // Prometheus 3: a sample exactly five minutes old is out.
    check("x 1", "x", 5.0, "");
    check("x _ _ 7", "x", 1.0, "");
    check("x _ _ 7", "x", 2.0, "x 7");
}

#[test]
fn a_staleness_marker_ends_a_series_at_once_and_is_no_sample_of_a_range() {
    check(DATA, r#"up{job="b"}"#, 1.9, r#"up{job="b"} 1"#);
    check(DATA, r#"up{job="b"}"#, 2.0, "");
    check(DATA, r#"up{job="b"}"#, 3.5, "");
    check(DATA, r#"up{job="b"}"#, 4.0, r#"up{job="b"} 4"#);
    check(DATA, r#"count_over_time(up{job="b"}[6m])"#, 5.0, r#"{job="b"} 4"#);
}

#[test]
fn ordinary_nan_is_a_value() {
    check("x NaN", "x", 0.0, "x NaN");
    check("x 1 NaN", "count_over_time(x[5m])", 1.0, "{} 2");
}

#[test]
fn ranges_are_left_open() {
    check("x 0+1x10", "count_over_time(x[5m])", 5.0, "{} 5");
    check("x 0+1x10", "sum_over_time(x[5m])", 5.0, "{} 15");
    check("x 0+1x10", "x[2m]", 5.0, "x 4@240 5@300");
}

#[test]
fn matchers_of_all_four_kinds() {
    check(DATA, r#"up{job!="a"}"#, 1.0, r#"up{job="b"} 1"#);
    check(DATA, r#"up{job=~"a|x"}"#, 1.0, r#"up{job="a"} 1"#);
    check(DATA, r#"up{job!~"a.*"}"#, 1.0, r#"up{job="b"} 1"#);
    check(DATA, r#"{__name__=~"up|gap", job=""}"#, 1.0, "gap 1");
    check(DATA, r#"{"up", job="a"}"#, 1.0, r#"up{job="a"} 1"#);
    check(DATA, r#"up{job=~`\w`}"#, 0.0, "up{job=\"a\"} 0\nup{job=\"b\"} 0");
}

#[test]
fn a_dot_matches_newlines_as_in_prometheus_3() {
    let query = Query::parse("x{a=~\"b.c\"}").unwrap();
    assert!(query.selectors()[0].matchers[1].matches_value("b\nc"));
}

#[test]
fn offsets_look_back_and_ahead() {
    check(DATA, r#"up{job="a"} offset 3m"#, 10.0, r#"up{job="a"} 7"#);
    check(DATA, r#"up{job="a"} offset -3m"#, 10.0, r#"up{job="a"} 13"#);
    check(DATA, r#"sum_over_time(up{job="a"}[2m] offset 3m)"#, 10.0, r#"{job="a"} 13"#);
    check(DATA, r#"sum_over_time(up{job="a"}[2m:1m] offset 3m)"#, 10.0, r#"{job="a"} 13"#);
}

#[test]
fn at_fixes_the_time() {
    check(DATA, r#"up{job="a"} @ 300"#, 10.0, r#"up{job="a"} 5"#);
    check(DATA, r#"up{job="a"} @ 300 offset 1m"#, 10.0, r#"up{job="a"} 4"#);
    check(DATA, r#"up{job="a"} offset 1m @ 300"#, 10.0, r#"up{job="a"} 4"#);
    check(DATA, r#"sum_over_time(up{job="a"}[2m] @ 300)"#, 10.0, r#"{job="a"} 9"#);
    assert_eq!(
        over(DATA, r#"up{job="a"} @ start() + up{job="a"} @ end()"#, 2, 4, 60).unwrap(),
        [r#"{job="a"} 6@120 6@180 6@240"#]
    );
    // Within a subquery too, `start()` and `end()` are those of the whole query.
    check(DATA, r#"sum_over_time((up{job="a"} @ end())[3m:1m])"#, 10.0, r#"{job="a"} 30"#);
    check(DATA, r#"sum_over_time(up{job="a"}[3m:1m] @ 300)"#, 10.0, r#"{job="a"} 12"#);
}

#[test]
fn subqueries_run_at_multiples_of_their_step() {
    check("x 0+1x20", "x[3m:1m]", 10.0, "x 8@480 9@540 10@600");
    check("x 0+1x20", "x[3m:1m]", 10.5, "x 8@480 9@540 10@600");
    check("x 0+1x20", "x[5m:2m]", 10.0, "x 6@360 8@480 10@600");
    check("x 0+1x20", "x[3m:]", 10.0, "x 8@480 9@540 10@600");
    check("x 0+1x20", "x[3m:1m] offset 2m", 10.0, "x 6@360 7@420 8@480");
    check("x 0+60x20", "max_over_time(rate(x[2m])[4m:1m])", 10.0, "{} 1");
    check("x 0+1x20", "sum_over_time(sum_over_time(x[2m:1m])[2m:1m])", 10.0, "{} 36");
}

#[test]
fn range_queries_step_through_time() {
    assert_eq!(over("x 0+1x10", "x", 1, 3, 60).unwrap(), ["x 1@60 2@120 3@180"]);
    assert_eq!(over("x 0+1x10", "x", 1, 2, 30).unwrap(), ["x 1@60 1@90 2@120"]);
    assert_eq!(over("x 0+1x10", "sum_over_time(x[2m])", 2, 4, 60).unwrap(), ["{} 3@120 5@180 7@240"]);
    assert_eq!(over("x 1 stale _ _ 2", "x", 0, 4, 60).unwrap(), ["x 1@0 2@240"]);
    assert_eq!(over("", "time()", 0, 2, 60).unwrap(), ["{} 0@0 60@60 120@120"]);
    assert_eq!(over("x 0+1x9", "sum_over_time(x[2m:1m])", 5, 6, 60).unwrap(), ["{} 9@300 11@360"]);
    assert!(over("x 1", "x[5m]", 0, 1, 60).unwrap_err().contains("instant vector"));
    assert!(over("x 1", "x", 1, 0, 60).unwrap_err().contains("before its start"));
    assert!(over("x 1", "x", 0, 20_000, 60).unwrap_err().contains("11000 steps"));
}

#[test]
fn the_longest_window_counts_all_that_reaches_back() {
    let longest = |text: &str| Query::parse(text).unwrap().longest_window(&Options::default());
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    assert_eq!(longest("1 + time()"), minutes(0));
    assert_eq!(longest("x"), minutes(5));
    assert_eq!(longest("rate(x[10m]) > y offset 1h"), minutes(65));
    assert_eq!(longest("predict_linear(x[6h], 3600) < 0 and x"), minutes(360));
    assert_eq!(longest("max_over_time(rate(x[5m])[1h:1m] offset 30m)"), minutes(95));
    assert_eq!(longest("x offset -1h"), minutes(0));
    assert_eq!(longest("topk(scalar(y offset 1d), x)"), minutes(24 * 60 + 5));
}

fn empty(expr: &str) -> Vec<String> {
    eval(DATA, expr, 10.0).unwrap().empty_selectors
}

#[test]
fn a_required_selector_that_finds_nothing_is_told() {
    assert_eq!(empty("nothing > 5"), ["nothing"]);
    assert_eq!(empty(r#"rate(nothing{a="b"}[5m])"#), [r#"nothing{a="b"}[5m]"#]);
    assert_eq!(empty(r#"up{job="a"} > 1000"#), [""; 0]);
    assert_eq!(empty(r#"up{job="b"}"#), [r#"up{job="b"}"#], "the newest sample is five minutes old");
    assert_eq!(empty("absent(nothing)"), [""; 0]);
    assert_eq!(empty("absent_over_time(nothing[5m])"), [""; 0]);
    assert_eq!(empty("nothing or up"), [""; 0]);
    assert_eq!(empty("up unless nothing"), [""; 0]);
    assert_eq!(empty("nothing unless up"), ["nothing"]);
    assert_eq!(empty("up and on() nothing and on() nothing"), ["nothing"]);
    assert_eq!(empty("max_over_time(nothing[1h:])"), ["nothing"]);
    assert_eq!(empty("sum(nothing) / sum(up) > 1"), ["nothing"]);
    assert_eq!(empty("vector(1)"), [""; 0]);
}

#[test]
fn a_selector_must_ask_for_something() {
    refused("", r#"{job=~".*"}"#, "at least one non-empty matcher");
    refused("", r#"up{__name__="x"}"#, "must not be set twice");
    refused("", r#"{"up", "x"}"#, "must not be set twice");
    refused("", r#"up{a="b" or c="d"}"#, "not part of PromQL");
    refused("", r#"up{a=~"("}"#, "illegal regex");
}
