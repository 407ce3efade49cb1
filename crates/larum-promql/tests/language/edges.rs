//! `anchored` and `smoothed`: what counts at the edges of ranges.

use std::cell::RefCell;
use std::time::Duration;

use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{
    Options, Querier, Query, SelectError, Series, Span, format_expression, parse_selector, syntax_tree,
};

use super::support::{MINUTE, check, eval, over, refused};

/// A counter with a gap, a reset and a standstill.
const COUNTER: &str = "c_total 10 20 30 _ 45 5 15 25x2";

#[test]
fn an_anchored_range_begins_with_the_newest_sample_before_it() {
    for (expr, minute, expected) in [
        ("increase(c_total[2m] anchored)", 4.5, "{} 15"),
        ("increase(c_total[2m] anchored)", 3.5, "{} 10"),
        ("increase(c_total[2m] anchored)", 4.0, "{} 15"),
        // The first sample of all stands for itself.
        ("increase(c_total[2m] anchored)", 0.0, "{} 0"),
        ("increase(c_total[2m] anchored)", 1.5, "{} 10"),
        // Of what was before alone nothing comes.
        ("increase(c_total[1m] anchored)", 3.5, ""),
        ("increase(c_total[1m] anchored)", 3.0, ""),
        ("changes(c_total[1m] anchored)", 3.5, ""),
        ("resets(c_total[1m] anchored)", 3.5, ""),
        // What a counter lost when it fell is counted in.
        ("increase(c_total[2m] anchored)", 5.0, "{} 20"),
        ("rate(c_total[2m] anchored)", 5.0, "{} 0.16666666666666666"),
        ("delta(c_total[2m] anchored)", 5.0, "{} -25"),
        ("changes(c_total[2m] anchored)", 5.0, "{} 2"),
        ("resets(c_total[2m] anchored)", 5.0, "{} 1"),
        ("changes(c_total[2m])", 5.0, "{} 1"),
        ("increase(c_total[2m] anchored offset 30s)", 5.0, "{} 15"),
        ("increase(c_total[2m] offset 30s anchored)", 5.0, "{} 15"),
        ("increase(c_total[2m] @ 270 anchored)", 1.0, "{} 15"),
        ("increase(c_total anchored[2m] @ 330 offset 1m)", 1.0, "{} 15"),
    ] {
        check(COUNTER, expr, minute, expected);
    }
    assert_eq!(
        over(COUNTER, "increase(c_total[90s] anchored)", 1, 4, 60).unwrap(),
        ["{} 10@60 20@120 10@180 15@240"]
    );
}

#[test]
fn an_anchor_is_no_older_than_the_lookback_before_the_range_and_never_stale() {
    let rare = "c_total 1 _x9 4 7";
    check(rare, "increase(c_total[1m30s] anchored)", 11.0, "{} 3");
    check(rare, "increase(c_total[6m] anchored)", 11.0, "{} 3");
    check(rare, "increase(c_total[6m1ms] anchored)", 11.0, "{} 6");
    check("c_total 1 2 stale _ 5 6", "increase(c_total[1m] anchored)", 4.5, "{} 3");
    check("c_total 1 2 stale", "increase(c_total[1m] anchored)", 2.5, "");
}

#[test]
fn a_smoothed_range_is_drawn_as_straight_lines_to_its_edges() {
    for (expr, minute, expected) in [
        // From half way between 30 and 45 to half way between 45 and 5; a counter began again at zero.
        ("delta(c_total[2m] smoothed)", 4.5, "{} -8.75"),
        ("increase(c_total[2m] smoothed)", 4.5, "{} 13.75"),
        ("rate(c_total[2m] smoothed)", 4.5, "{} 0.11458333333333333"),
        ("increase(c_total[2m] smoothed)", 4.0, "{} 15"),
        ("increase(c_total[1m] smoothed)", 3.5, "{} 7.5"),
        ("increase(c_total[30s] smoothed)", 3.25, "{} 3.75"),
        // Nothing is invented before the first sample and behind the last.
        ("increase(c_total[1m] smoothed)", 0.5, "{} 5"),
        ("increase(c_total[1m] smoothed)", 8.5, "{} 0"),
        ("increase(c_total[2m] smoothed)", 10.5, "{} 0"),
        ("increase(c_total[1m] smoothed)", 10.5, ""),
        ("increase(c_total[2m] smoothed offset 30s)", 5.0, "{} 13.75"),
        ("increase(c_total[2m] smoothed @ 270)", 0.0, "{} 13.75"),
    ] {
        check(COUNTER, expr, minute, expected);
    }
    check("c_total _ 5 6", "increase(c_total[30s] smoothed)", 0.5, "");
    check("c_total 1 _x6 8", "increase(c_total[1m] smoothed)", 1.5, "");
    check("c_total 1 _x6 8", "increase(c_total[1m] smoothed)", 4.0, "{} 1");
    check("c_total 1 stale _ 4", "increase(c_total[1m] smoothed)", 2.0, "{} 1");
}

#[test]
fn a_smoothed_instant_lies_on_the_line_between_two_samples() {
    let gaps = "x 0 _ 4 3 _ _ stale _ 8";
    for (expr, minute, expected) in [
        ("x smoothed", 0.0, "x 0"),
        ("x smoothed", 0.5, "x 1"),
        ("x smoothed", 2.25, "x 3.75"),
        ("x smoothed", 7.0, "x 7"),
        ("x smoothed offset 30s", 1.0, "x 1"),
        ("x smoothed @ 30", 9.0, "x 1"),
        ("x smoothed", 12.9, "x 8"),
        ("x smoothed", 13.0, ""),
        ("x anchored", 0.5, "x 0"),
        ("x anchored", 7.0, ""),
        ("timestamp(x smoothed)", 0.5, "{} 0"),
        ("timestamp(x smoothed)", 7.0, ""),
        ("absent(x smoothed)", 0.5, ""),
        ("sum_over_time(x smoothed[2m:1m])", 2.0, "{} 6"),
        ("-x smoothed", 0.5, "{} -1"),
        ("x smoothed @ 30 + x smoothed", 2.25, "{} 4.75"),
    ] {
        check(gaps, expr, minute, expected);
    }
    check("x _ 5", "x smoothed", 0.5, "");
    check("x 1 _x6 8", "x smoothed", 1.5, "x 1");
    check("x 1 _x6 8", "x smoothed", 2.0, "x 3");
    assert_eq!(over("x 0 _ 2 _ 4", "x smoothed", 0, 4, 60).unwrap(), ["x 0@0 1@60 2@120 3@180 4@240"]);
}

#[test]
fn by_itself_such_a_range_has_a_sample_on_each_edge() {
    check(COUNTER, "c_total[2m] anchored", 4.5, "c_total 30@150 45@240 45@270");
    check(COUNTER, "c_total[2m] smoothed", 4.5, "c_total 33.75@150 45@240 25@270");
    check(COUNTER, "c_total[1m] anchored", 2.0, "c_total 20@60 30@120");
    check(COUNTER, "c_total[1m] anchored", 3.5, "");
}

#[test]
fn other_functions_refuse_the_modifiers_in_prometheus_words() {
    for name in ["deriv", "irate", "idelta", "max_over_time", "absent_over_time", "last_over_time"] {
        for (word, known) in
            [("anchored", "changes, delta, increase, rate, resets"), ("smoothed", "delta, increase, rate")]
        {
            let words = format!("{word} modifier can only be used with: {known} - not with {name}");
            refused("", &format!("{name}(x[3m] {word})"), &words);
        }
    }
    for expr in [
        "changes(x[1m] smoothed)",
        "predict_linear(x[1m] smoothed, 1)",
        "quantile_over_time(0, x[1m] smoothed)",
    ] {
        refused("", expr, "smoothed modifier can only be used with: delta, increase, rate - not with ");
    }
}

#[test]
fn what_a_modifier_cannot_stand_behind_is_told_with_its_place() {
    for (text, words) in [
        ("rate(x[5m:] anchored)", "1:6: parse error: anchored modifier is not supported for subqueries"),
        (
            "rate(x[5m:1m] offset 1m smoothed)",
            "1:6: parse error: smoothed modifier is not supported for subqueries",
        ),
        ("x + (y) anchored", "1:5: parse error: anchored modifier not implemented"),
        ("1 + sum(x) by (a) smoothed", "1:5: parse error: smoothed modifier not implemented"),
        ("sum by (a) (x) smoothed", "1:1: parse error: smoothed modifier not implemented"),
        ("\n 5 anchored", "2:2: parse error: anchored modifier not implemented"),
        ("NaN smoothed", "1:1: parse error: smoothed modifier not implemented"),
        ("x anchored smoothed", "1:1: parse error: anchored and smoothed modifiers cannot be used together"),
        (
            "rate(x[5m] smoothed offset 1m anchored)",
            "1:6: parse error: anchored and smoothed modifiers cannot be used together",
        ),
        ("1[5m] smoothed", "ranges only allowed for vector selectors"),
        ("x anchored y", "1:12: parse error: unexpected \"y\""),
        ("rate(x[5m] anchored", "parse error: unclosed left parenthesis"),
        ("x anchored{a=\"b\"}", "1:11: parse error: unexpected \"{\""),
        ("anchored(x)", "1:9: parse error: unexpected \"(\""),
        ("{} smoothed", "vector selector must contain at least one non-empty matcher"),
        ("{a=\"\"} anchored", "vector selector must contain at least one non-empty matcher"),
    ] {
        let told = Query::parse(text).unwrap_err().to_string();
        assert!(told.contains(words), "{text:?}: {told}");
    }
    for text in ["x anchored", "up smoothed", "up{a=\"b\"} anchored"] {
        assert!(parse_selector(text).is_err(), "{text}");
    }
}

#[test]
fn metrics_and_labels_may_be_called_like_the_modifiers() {
    let data = "anchored{smoothed=\"a\"} 1+1x9\nsmoothed 2\nAnchored 3";
    for (expr, expected) in [
        ("anchored", "anchored{smoothed=\"a\"} 3"),
        ("Anchored", "Anchored 3"),
        ("anchored{}", "anchored{smoothed=\"a\"} 3"),
        ("anchored{smoothed=~\"a|b\"}", "anchored{smoothed=\"a\"} 3"),
        ("anchored{smoothed=\"b\"}", ""),
        ("increase(anchored[1m] anchored)", "{smoothed=\"a\"} 1"),
        ("increase( anchored{smoothed=\"a\",} [1m] ANCHORED offset 1m )", "{smoothed=\"a\"} 1"),
        ("anchored anchored", "anchored{smoothed=\"a\"} 3"),
        ("smoothed smoothed", "smoothed 2"),
        ("sum by (smoothed) (anchored)", "{smoothed=\"a\"} 3"),
        ("sum(anchored) by (smoothed, anchored)", "{smoothed=\"a\"} 3"),
        ("sum without (smoothed) (anchored)", "{} 3"),
        ("anchored + on () smoothed", "{} 5"),
        ("anchored + on () group_left smoothed", "{smoothed=\"a\"} 5"),
        ("anchored * ignoring (smoothed) smoothed", "{} 6"),
        ("anchored and on () smoothed smoothed", "anchored{smoothed=\"a\"} 3"),
        ("anchored > bool 1 # anchored", "{smoothed=\"a\"} 1"),
        ("{__name__=\"smoothed\"} smoothed", "smoothed 2"),
        (
            "label_replace(smoothed, \"anchored\", \"smoothed\", \"\", \"\")",
            "smoothed{anchored=\"smoothed\"} 2",
        ),
    ] {
        check(data, expr, 2.0, expected);
    }
    assert_eq!(Query::parse("anchored{a=\"b\"}[5m]").unwrap().selectors()[0].text, "anchored{a=\"b\"}[5m]");
    refused("", "anchored{__name__=\"x\"}", "metric name must not be set twice");
}

#[test]
fn the_modifiers_are_printed_and_shown() {
    for (text, expected) in [
        ("rate(x[5m]offset 1m   anchored)", "rate(x[5m] anchored offset 1m)"),
        (
            "rate(x{b='c',a='b'}[5m] @ end() offset 1m SMOOTHED)",
            "rate(x{a=\"b\",b=\"c\"}[5m] smoothed @ end() offset 1m)",
        ),
        ("rate(x smoothed[5m])", "rate(x[5m] smoothed)"),
        ("x offset 1m @ 5 smoothed", "x @ 5.000 smoothed offset 1m"),
        ("x anchored anchored", "x anchored"),
        (
            "rate({a=\"b\"}[1m+1m] anchored offset (1m*2))",
            "rate({a=\"b\"}[1m + 1m] anchored offset (1m * 2))",
        ),
        ("max_over_time(x smoothed [5m:1m])", "max_over_time(x smoothed[5m:1m])"),
        ("anchored{smoothed='a'} smoothed", "anchored{smoothed=\"a\"} smoothed"),
        ("sum by (anchored) (smoothed)", "sum by (anchored) (smoothed)"),
    ] {
        assert_eq!(format_expression(text).as_deref(), Ok(expected), "{text}");
        assert_eq!(
            format_expression(expected).as_deref(),
            Ok(expected),
            "formatting it again changes nothing"
        );
    }
    let shown = syntax_tree("smoothed{a=\"b\"}[5m] anchored").unwrap();
    assert_eq!((&shown["anchored"], &shown["smoothed"]), (&true.into(), &false.into()));
    assert_eq!((&shown["name"], shown["matchers"].as_array().unwrap().len()), (&"smoothed".into(), 2));
    assert_eq!(syntax_tree("x smoothed").unwrap()["smoothed"], true);
}

/// A source that notes for which minutes it is asked.
#[derive(Default)]
struct Asked(RefCell<Vec<(i64, i64)>>);

impl Querier for Asked {
    fn select(&self, _: &[Matcher], from: Timestamp, to: Timestamp) -> Result<Vec<Series>, SelectError> {
        self.0.borrow_mut().push((from.as_millis() / MINUTE, to.as_millis() / MINUTE));
        Ok(Vec::new())
    }
}

#[test]
fn the_source_is_asked_for_the_lookback_before_and_behind() {
    let asked = |text: &str, last: i64| {
        let (source, query) = (Asked::default(), Query::parse(text).unwrap());
        let (start, end) = (Timestamp::from_millis(20 * MINUTE), Timestamp::from_millis(last * MINUTE));
        let span = Span { start, end, step: Duration::from_secs(60) };
        query.range(&source, &span, &Options::default()).unwrap();
        source.0.take()
    };
    assert_eq!(asked("rate(x[2m])", 20), [(18, 20)]);
    assert_eq!(asked("rate(x[2m] anchored)", 20), [(13, 20)]);
    assert_eq!(asked("rate(x[2m] smoothed)", 20), [(13, 25)]);
    assert_eq!(asked("rate(x[2m] smoothed offset 1m)", 30), [(12, 34)]);
    assert_eq!(asked("x anchored", 20), [(15, 20)]);
    assert_eq!(asked("x smoothed", 20), [(15, 25)]);
    assert_eq!(asked("x smoothed @ 600", 30), [(5, 15)]);
    let longest = |text: &str| Query::parse(text).unwrap().longest_window(&Options::default());
    assert_eq!(longest("rate(x[10m] anchored)"), Duration::from_secs(15 * 60));
    assert_eq!(longest("rate(x[10m] smoothed offset 1h)"), Duration::from_secs(75 * 60));
    assert_eq!(longest("x smoothed"), Duration::from_secs(5 * 60));
}

#[test]
fn a_selector_that_finds_nothing_at_its_edges_is_told() {
    let empty = |expr: &str, minute: f64| eval(COUNTER, expr, minute).unwrap().empty_selectors;
    assert_eq!(empty("increase(nothing[5m] anchored)", 4.0), ["nothing[5m]"]);
    assert_eq!(empty("increase(c_total[1m] anchored)", 3.5), ["c_total[1m]"]);
    assert_eq!(empty("increase(c_total[1m] smoothed)", 3.5), [""; 0]);
    assert_eq!(empty("increase(c_total[1m] smoothed)", 10.5), ["c_total[1m]"]);
    assert_eq!(empty("c_total smoothed > 100", 3.5), [""; 0]);
    assert_eq!(empty("c_total smoothed", 20.0), ["c_total"]);
}
