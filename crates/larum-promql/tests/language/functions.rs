//! Every function, with the edges of each.

use super::support::{check, eval, range, refused};
use larum_promql::Level;

#[test]
fn rate_and_increase_extrapolate_to_the_borders() {
    // A sample at both ends of the window but the left-open one: extrapolated by the missing minute.
    check("x 0+60x10", "rate(x[5m])", 10.0, "{} 1");
    check("x 0+60x10", "increase(x[5m])", 10.0, "{} 300");
    check("x 0+60x10", "increase(x[5m])", 9.5, "{} 300");
    // Rounding is as in Prometheus too: 180 times a third more, spread over 240 seconds, is a little less than 1.
    check("x 0+60x10", "rate(x[4m]) < 1", 10.0, "{} 1");
    // The series begins within the window: half a gap, and for a counter not before it would have been zero.
    check("x _x7 100 160 220", "increase(x[10m])", 9.0, "{} 150");
    check("x _x7 6 66 126", "increase(x[10m])", 9.0, "{} 126");
    check("x _x7 0 60 120", "increase(x[10m])", 9.0, "{} 120");
    check("x _x7 100 160 220", "delta(x[10m])", 9.0, "{} 150");
    // One sample tells no growth.
    check("x 5", "rate(x[5m])", 0.0, "");
    check("x 5 5", "rate(x[5m])", 1.0, "{} 0");
}

#[test]
fn a_counter_that_falls_started_again() {
    check("x 100 160 20 80 140", "increase(x[4m])", 4.0, "{} 186.66666666666666");
    check("x 0+10x4 0+10x5", "increase(x[10m])", 9.0, "{} 80");
    check("x 0+10x4 0+10x5", "resets(x[10m])", 9.0, "{} 1");
    check("x 5 4 3 3 NaN 1", "resets(x[10m])", 5.0, "{} 2");
    check("x 5 4 3 3 NaN NaN 1", "changes(x[10m])", 6.0, "{} 4");
    check("x 7", "changes(x[10m])", 0.0, "{} 0");
}

#[test]
fn the_last_two_samples() {
    check("x 0 60 180", "irate(x[5m])", 2.0, "{} 2");
    check("x 0 60 30", "irate(x[5m])", 2.0, "{} 0.5");
    check("x 0 60 30", "idelta(x[5m])", 2.0, "{} -30");
    check("x 0", "irate(x[5m])", 2.0, "");
}

#[test]
fn lines_through_samples() {
    check("x 0+60x10", "deriv(x[10m])", 10.0, "{} 1");
    check("x 600-60x10", "predict_linear(x[10m], 600)", 5.0, "{} -300");
    check("x 600-60x10", "predict_linear(x[5m] offset 5m, 0)", 10.0, "{} 0");
    check("x 5x10", "deriv(x[10m])", 10.0, "{} 0");
    check("x 5x10", "predict_linear(x[10m], 3600)", 10.0, "{} 5");
    check("x Inf Inf", "deriv(x[10m])", 1.0, "{} NaN");
    check("x 5", "deriv(x[10m])", 0.0, "");
}

#[test]
fn summaries_over_time() {
    let data = "x 4 NaN 2 8 6";
    check(data, "max_over_time(x[10m])", 4.0, "{} 8");
    check(data, "min_over_time(x[10m])", 4.0, "{} 2");
    check(data, "sum_over_time(x[10m])", 4.0, "{} NaN");
    check(data, "count_over_time(x[10m])", 4.0, "{} 5");
    check("x 4 2 8 6", "avg_over_time(x[10m])", 3.0, "{} 5");
    check("x 4 2 8 6", "stdvar_over_time(x[10m])", 3.0, "{} 5");
    check("x 4 2 8 6", "stddev_over_time(x[10m])", 3.0, "{} 2.23606797749979");
    check("x 4 2 8 6", "quantile_over_time(0.5, x[10m])", 3.0, "{} 5");
    check("x 4 2 8 6", "quantile_over_time(2, x[10m])", 3.0, "{} +Inf");
    check("x 4 2 8 6", "last_over_time(x[10m])", 3.0, "x 6");
    check("x 4 2 8 6", "first_over_time(x[2m])", 3.0, "x 8");
    check("x 4 2 8 6", "first_over_time(x[10m] offset 1m)", 3.0, "x 4");
    check("x stale _ 8 6", "first_over_time(x[10m])", 3.0, "x 8");
    check("x 4 2 8 6", "present_over_time(x[10m])", 3.0, "{} 1");
    check("x NaN NaN", "max_over_time(x[10m])", 3.0, "{} NaN");
}

#[test]
fn sums_lose_little_and_means_do_not_overflow() {
    check("x 1 1e100 1 -1e100", "sum_over_time(x[10m])", 3.0, "{} 2");
    check("x 1.7e308 1.7e308", "avg_over_time(x[10m])", 1.0, "{} 1.7e308");
    check("x 1.7e308 1.7e308", "sum_over_time(x[10m])", 1.0, "{} +Inf");
    check("x Inf Inf", "avg_over_time(x[10m])", 1.0, "{} +Inf");
    check("x Inf -Inf", "avg_over_time(x[10m])", 1.0, "{} NaN");
    check("x{a=\"1\"} 1e100\nx{a=\"2\"} 1\nx{a=\"3\"} -1e100", "sum(x)", 0.0, "{} 1");
    check("x{a=\"1\"} 1.7e308\nx{a=\"2\"} 1.7e308", "avg(x)", 0.0, "{} 1.7e308");
}

#[test]
fn each_value_by_itself() {
    let cases = [
        ("abs(x)", "1.5"),
        ("ceil(x)", "-1"),
        ("floor(x)", "-2"),
        ("round(x)", "-1"),
        ("round(x, 0.4)", "-1.6"),
        ("sgn(x)", "-1"),
        ("exp(x - x)", "1"),
        ("sqrt(x)", "NaN"),
        ("ln(x + 1.5)", "-Inf"),
        ("log2(x * -16 / 3)", "3"),
        ("log10(x * 0 + 100)", "2"),
        ("clamp(x, -1, 1)", "-1"),
        ("clamp_max(x, -2)", "-2"),
        ("clamp_min(x, 0)", "0"),
        ("deg(x * 0 + pi())", "180"),
        ("rad(x * 0 + 180)", "3.141592653589793"),
        ("sin(x * 0)", "0"),
        ("cos(x * 0)", "1"),
        ("tan(x * 0)", "0"),
        ("asin(x * 0)", "0"),
        ("acos(x * 0 + 1)", "0"),
        ("atan(x * 0)", "0"),
        ("sinh(x * 0)", "0"),
        ("cosh(x * 0)", "1"),
        ("tanh(x * 0)", "0"),
        ("asinh(x * 0)", "0"),
        ("acosh(x * 0 + 1)", "0"),
        ("atanh(x * 0)", "0"),
        ("-x", "1.5"),
        ("clamp(x, NaN, 1)", "NaN"),
    ];
    for (expr, expected) in cases {
        check("x -1.5", expr, 0.0, &format!("{{}} {expected}"));
    }
    check("x -1.5", "clamp(x, 1, 0)", 0.0, "");
    check("x NaN", "sgn(x)", 0.0, "{} NaN");
    check("x NaN", "clamp_max(x, 5)", 0.0, "{} NaN");
    check("x 2.5", "round(x)", 0.0, "{} 3");
}

#[test]
fn dates() {
    // 2023-12-31T23:59:00Z, a Sunday.
    let data = "x 1704067140";
    for (function, expected) in [
        ("year", "2023"),
        ("month", "12"),
        ("day_of_month", "31"),
        ("day_of_week", "0"),
        ("day_of_year", "365"),
        ("hour", "23"),
        ("minute", "59"),
        ("days_in_month", "31"),
    ] {
        check(data, &format!("{function}(x)"), 0.0, &format!("{{}} {expected}"));
    }
    check("", "minute()", 61.0, "{} 1");
    check("", "hour(vector(time() + 7200))", 0.0, "{} 2");
}

#[test]
fn scalars_and_vectors() {
    check("", "time()", 2.0, "120");
    check("", "pi()", 0.0, "3.141592653589793");
    check("", "vector(1)", 0.0, "{} 1");
    check("x 7", "scalar(x)", 0.0, "7");
    check("x{a=\"1\"} 7\nx{a=\"2\"} 7", "scalar(x)", 0.0, "NaN");
    check("", "scalar(x)", 0.0, "NaN");
    check("x 0 _ _", "timestamp(x)", 2.0, "{} 0");
    check("x 0 _ _", "timestamp(x + 0)", 2.0, "{} 120");
    check("x 0 1 2", "timestamp(x offset 1m)", 2.0, "{} 60");
    check("", r#""text""#, 0.0, "text");
}

#[test]
fn absence_carries_the_labels_that_are_known() {
    check("", r#"absent(x{a="1", b="2", c!="3", d=~"4"})"#, 0.0, r#"{a="1", b="2"} 1"#);
    check("", r#"absent(x{a="1", a="2", b="3"})"#, 0.0, r#"{b="3"} 1"#);
    check("", r#"absent(sum(x{a="1"}))"#, 0.0, "{} 1");
    check("x 1", "absent(x)", 0.0, "");
    check("", r#"absent_over_time(x{a="1"}[5m])"#, 0.0, r#"{a="1"} 1"#);
    check("x 1 stale", "absent_over_time(x[5m])", 3.0, "");
    check("x 1 stale", "absent(x)", 3.0, "{} 1");
    check("", "absent_over_time(sum(x)[5m:1m])", 9.0, "{} 1");
}

#[test]
fn labels_made_of_labels() {
    let data = r#"x{src="a-1", other="z"} 1"#;
    check(
        data,
        r#"label_replace(x, "dst", "$2/$1", "src", "(.*)-(.*)")"#,
        0.0,
        r#"x{dst="1/a", other="z", src="a-1"} 1"#,
    );
    check(
        data,
        r#"label_replace(x, "dst", "${n}", "src", "(?P<n>a).*")"#,
        0.0,
        r#"x{dst="a", other="z", src="a-1"} 1"#,
    );
    check(data, r#"label_replace(x, "dst", "v", "src", "a")"#, 0.0, r#"x{other="z", src="a-1"} 1"#);
    check(data, r#"label_replace(x, "src", "", "src", ".*")"#, 0.0, r#"x{other="z"} 1"#);
    check(
        data,
        r#"label_replace(x, "dst", "new", "none", "")"#,
        0.0,
        r#"x{dst="new", other="z", src="a-1"} 1"#,
    );
    check(
        data,
        r#"label_join(x, "dst", "+", "src", "none", "other")"#,
        0.0,
        r#"x{dst="a-1++z", other="z", src="a-1"} 1"#,
    );
    check(data, r#"label_join(x, "src", "+")"#, 0.0, r#"x{other="z"} 1"#);
    check(data, r#"label_replace(rate(x[5m]), "a", `\d`, "b", `\d`)"#, 0.0, "");
    refused(data, r#"label_replace(x, "dst", "", "src", "(")"#, "invalid regular expression");
    refused(data, r#"label_replace(x, "", "", "src", "")"#, "invalid destination label name");
    refused(
        "x{a=\"1\"} 1x10\nx{a=\"2\"} 2x10",
        r#"label_replace(x, "a", "same", "a", ".*")"#,
        "same labelset",
    );
}

#[test]
fn sorting_puts_nan_last() {
    let data = "x{a=\"1\"} 2\nx{a=\"2\"} NaN\nx{a=\"3\"} 1\nx{a=\"4\"} 3";
    let lines = |order: [u8; 4], values: [&str; 4]| {
        order.iter().zip(values).map(|(a, value)| format!("x{{a=\"{a}\"}} {value}\n")).collect::<String>()
    };
    check(data, "sort(x)", 0.0, &lines([3, 1, 4, 2], ["1", "2", "3", "NaN"]));
    check(data, "sort_desc(x)", 0.0, &lines([4, 1, 3, 2], ["3", "2", "1", "NaN"]));
}

/// What is said about an expression from minute 0 to `to`.
fn said(expr: &str, to: i64) -> Vec<String> {
    let evaluation = range("x 1 2 3", expr, 0, to, 60).unwrap();
    evaluation.annotations.into_iter().map(|annotation| annotation.text).collect()
}

#[test]
fn sorting_at_several_times_is_said_to_be_in_vain() {
    let in_vain =
        "PromQL warning: sort is ineffective for range queries since results are always ordered by labels";
    for expr in
        ["sort(x)", "sort_desc(nothing)", "max(sort(x) * 2)", "sum_over_time(sort(x @ 60 + x)[5m:1m])"]
    {
        assert_eq!(said(expr, 2), [in_vain], "{expr}");
    }
    let once = [
        "sort(x @ 60)",
        "sum(sort_desc(x @ end()))",
        "sort(vector(1))",
        "sum_over_time(sort(x @ 60)[5m:1m])",
    ];
    for expr in once {
        assert_eq!(said(expr, 2), [""; 0], "{expr}");
    }
    assert_eq!(said("sort(timestamp(x @ 60))", 2), [in_vain], "the time decides, whatever is fixed");
    assert_eq!(said("sort(x)", 0), [""; 0], "one time only");
    assert_eq!(eval("x 1", "sort(x)", 0.0).unwrap().annotations, []);
}

const BUCKETS: &str = r#"
    h_bucket{i="1", le="0.1"} 10
    h_bucket{i="1", le="0.5"} 20
    h_bucket{i="1", le="1e0"} 40
    h_bucket{i="1", le="+Inf"} 50
    h_bucket{i="2", le="1"} 0
    h_bucket{i="2", le="+Inf"} 0
    h_bucket{i="3", le="1"} 5
"#;

#[test]
fn quantiles_of_classic_histograms() {
    check(BUCKETS, r#"histogram_quantile(0.5, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0.625"#);
    check(BUCKETS, r#"histogram_quantile(0.1, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0.05"#);
    check(BUCKETS, r#"histogram_quantile(0.99, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 1"#);
    check(BUCKETS, r#"histogram_quantile(-1, h_bucket{i="1"})"#, 0.0, r#"{i="1"} -Inf"#);
    check(BUCKETS, r#"histogram_quantile(0.5, h_bucket{i=~"2|3"})"#, 0.0, "{i=\"2\"} NaN\n{i=\"3\"} NaN");
    check(BUCKETS, r#"histogram_quantile(0.5, sum by (le) (h_bucket{i="1"}))"#, 0.0, "{} 0.625");
    check(BUCKETS, r#"histogram_fraction(0, 0.5, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0.4"#);
    check(BUCKETS, r#"histogram_fraction(-Inf, +Inf, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 1"#);
    check(BUCKETS, r#"histogram_fraction(0.3, 0.75, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0.3"#);
}

#[test]
fn fractions_outside_the_buckets_and_below_zero() {
    check(BUCKETS, r#"histogram_fraction(-5, -1, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0"#);
    check(BUCKETS, r#"histogram_fraction(-5, 0.1, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0.2"#);
    check(BUCKETS, r#"histogram_fraction(1, 0, h_bucket{i="1"})"#, 0.0, r#"{i="1"} 0"#);
    check(BUCKETS, r#"histogram_fraction(0, NaN, h_bucket{i="1"})"#, 0.0, r#"{i="1"} NaN"#);
    check(BUCKETS, r#"histogram_fraction(0, 1, h_bucket{i="2"})"#, 0.0, r#"{i="2"} NaN"#);
    let below = "n{le=\"-1\"} 4\nn{le=\"0\"} 8\nn{le=\"+Inf\"} 8";
    check(below, "histogram_fraction(-Inf, -2, n)", 0.0, "{} 0.5");
    check(below, "histogram_fraction(-Inf, -0.5, n)", 0.0, "{} 0.75");
    check(below, "histogram_quantile(0.25, n)", 0.0, "{} -1");
}

#[test]
fn what_is_odd_about_a_histogram_is_said() {
    let bad =
        eval("h{le=\"x\"} 1\nh{le=\"1\"} 1\nh{le=\"+Inf\"} 2", "histogram_quantile(0.5, h)", 0.0).unwrap();
    assert_eq!(bad.annotations[0].level, Level::Warning);
    assert!(bad.annotations[0].text.contains(r#"malformed value of "x""#));
    let falling =
        eval("h{le=\"1\"} 5\nh{le=\"2\"} 3\nh{le=\"+Inf\"} 6", "histogram_quantile(0.5, h)", 0.0).unwrap();
    assert!(falling.annotations[0].text.contains("monotonicity"));
    let outside = eval("h{le=\"+Inf\"} 5", "histogram_quantile(7, h)", 0.0).unwrap();
    assert!(outside.annotations[0].text.contains("between 0 and 1, got 7"));
}

#[test]
fn what_larum_does_not_evaluate_is_refused_by_name() {
    for (expr, name) in [
        ("histogram_count(x)", "histogram_count()"),
        ("histogram_avg(x)", "histogram_avg()"),
        ("histogram_stddev(x)", "histogram_stddev()"),
        ("mad_over_time(x[5m])", "mad_over_time()"),
        ("sort_by_label(x, \"a\")", "sort_by_label()"),
        ("double_exponential_smoothing(x[5m], 0.5, 0.5)", "double_exponential_smoothing()"),
        ("info(x)", "info()"),
        ("ts_of_max_over_time(x[5m])", "ts_of_max_over_time()"),
        ("limitk(1, x)", "limitk()"),
        ("limit_ratio(0.5, x)", "limit_ratio()"),
        ("x + fill(0) y", "fill()"),
        ("start()", "start()"),
    ] {
        refused("", expr, name);
    }
    refused("", "holt_winters(x[5m], 1, 1)", "unknown function");
}
