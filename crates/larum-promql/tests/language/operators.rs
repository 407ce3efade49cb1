//! Operators and vector matching.

use larum_promql::NameRemoval;

use super::support::{check, check_with, refused};

const DATA: &str = r#"
    req{code="200", host="a"} 10
    req{code="500", host="a"} 2
    req{code="200", host="b"} 20
    limit{host="a"} 100
    limit{host="b"} 50
    info{host="a", zone="x"} 1
    info{host="b", zone="y"} 1
"#;

#[test]
fn arithmetic_between_scalars() {
    for (expr, expected) in [
        ("1 + 2 * 3", "7"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("7 % 4", "3"),
        ("-7 % 4", "-3"),
        ("1 / 0", "+Inf"),
        ("0 / 0", "NaN"),
        ("1 > bool 2", "0"),
        ("2 >= bool 2", "1"),
        ("NaN == bool NaN", "0"),
        ("NaN != bool NaN", "1"),
        ("1 atan2 1", "0.7853981633974483"),
        ("0x1F", "31"),
        ("1h30m", "5400"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("--1", "1"),
        ("+Inf", "+Inf"),
        ("8 - 3 - 2", "3"),
        ("1 # one", "1"),
        ("5m", "300"),
    ] {
        check("", expr, 0.0, expected);
    }
}

#[test]
fn a_scalar_beside_a_vector() {
    check(DATA, "limit / 10", 0.0, "{host=\"a\"} 10\n{host=\"b\"} 5");
    check(DATA, "1000 / limit", 0.0, "{host=\"a\"} 10\n{host=\"b\"} 20");
    check(DATA, "limit > 60", 0.0, "limit{host=\"a\"} 100");
    check(DATA, "60 < limit", 0.0, "limit{host=\"a\"} 100");
    check(DATA, "limit > bool 60", 0.0, "{host=\"a\"} 1\n{host=\"b\"} 0");
    check(DATA, "limit > 40 < 60", 0.0, "limit{host=\"b\"} 50");
    check("x NaN", "x != 1", 0.0, "x NaN");
    check("x NaN", "x == NaN", 0.0, "");
}

#[test]
fn one_to_one() {
    check(DATA, r#"req{code="200"} / ignoring(code) limit"#, 0.0, "{host=\"a\"} 0.1\n{host=\"b\"} 0.4");
    check(DATA, r#"req{code="200"} / on(host) limit"#, 0.0, "{host=\"a\"} 0.1\n{host=\"b\"} 0.4");
    check(DATA, "limit - limit", 0.0, "{host=\"a\"} 0\n{host=\"b\"} 0");
    check(DATA, r#"req{code="200"} < ignoring(code) limit"#, 0.0, "req{host=\"a\"} 10\nreq{host=\"b\"} 20");
    check(DATA, r#"req{code="200"} < bool on(host) limit"#, 0.0, "{host=\"a\"} 1\n{host=\"b\"} 1");
    check(DATA, r#"req{code="200"} > on(host) limit"#, 0.0, "");
    check(DATA, "limit * nothing", 0.0, "");
    check(DATA, "limit + on() group_left() vector(1)", 0.0, "{host=\"a\"} 101\n{host=\"b\"} 51");
}

#[test]
fn many_to_one() {
    check(
        DATA,
        "req / ignoring(code) group_left limit",
        0.0,
        r#"
            {code="200", host="a"} 0.1
            {code="500", host="a"} 0.02
            {code="200", host="b"} 0.4
        "#,
    );
    check(
        DATA,
        "req * on(host) group_left(zone) info",
        0.0,
        r#"
            {code="200", host="a", zone="x"} 10
            {code="500", host="a", zone="x"} 2
            {code="200", host="b", zone="y"} 20
        "#,
    );
    check(
        DATA,
        "limit - on(host) group_right req",
        0.0,
        r#"
            {code="200", host="a"} 90
            {code="500", host="a"} 98
            {code="200", host="b"} 30
        "#,
    );
    check(
        DATA,
        "req == on(host) group_left(zone) (info * 2)",
        0.0,
        r#"req{code="500", host="a", zone="x"} 2"#,
    );
    // The value of a comparison is that of the left side, whichever side is many.
    check(DATA, r#"limit > on(host) group_right req{code="500"}"#, 0.0, r#"req{code="500", host="a"} 100"#);
    check(
        DATA,
        "req * on(host) group_left(none) info",
        0.0,
        r#"
            {code="200", host="a"} 10
            {code="500", host="a"} 2
            {code="200", host="b"} 20
    "#,
    );
}

#[test]
fn matching_that_is_not_unique_is_an_error() {
    refused(
        DATA_LONG,
        "limit / on(host) req",
        "found duplicate series for the match group {host=\"a\"} on the right",
    );
    refused(DATA_LONG, "req / on(host) limit", "many-to-one matching must be explicit");
    refused(DATA_LONG, "req / on(host) group_left req", "found duplicate series");
    refused(
        DATA_LONG,
        "req * on(host) group_left(code) two{host=\"a\"}",
        "grouping labels must ensure unique matches",
    );
    // Also where a filter lets none of them through.
    refused(DATA_LONG, "req > on(host) limit", "many-to-one matching must be explicit");
    refused(DATA_LONG, "req > on(host) group_right two * 100", "on the left hand-side");
    // Where the other side has nothing at all, nothing can match twice.
    check(DATA_LONG, "limit{host=\"b\"} / on(host) req", 0.0, "");
    check(DATA_LONG, "req / on(host) group_right () nothing", 0.0, "");
}

const DATA_LONG: &str = r#"
    req{code="200", host="a"} 10x10
    req{code="500", host="a"} 2x10
    limit{host="a"} 100x10
    two{host="a", code="all"} 1x10
    two{host="b", code="1"} 1x10
    two{host="b", code="2"} 1x10
"#;

#[test]
fn sets() {
    check(DATA, "limit and on(host) info{zone=\"x\"}", 0.0, "limit{host=\"a\"} 100");
    check(DATA, "limit unless on(host) info{zone=\"x\"}", 0.0, "limit{host=\"b\"} 50");
    check(DATA, "limit unless nothing", 0.0, "limit{host=\"a\"} 100\nlimit{host=\"b\"} 50");
    check(
        DATA,
        "limit{host=\"a\"} or on(host) info",
        0.0,
        "limit{host=\"a\"} 100\ninfo{host=\"b\", zone=\"y\"} 1",
    );
    check(DATA, "limit and vector(1)", 0.0, "");
    check(DATA, "limit and on() vector(1)", 0.0, "limit{host=\"a\"} 100\nlimit{host=\"b\"} 50");
    check(DATA, "nothing or limit{host=\"a\"}", 0.0, "limit{host=\"a\"} 100");
    // `and` and `unless` bind tighter than `or`.
    check(DATA, "limit{host=\"a\"} or limit{host=\"b\"} and nothing", 0.0, "limit{host=\"a\"} 100");
}

const TWO_NAMES: &str = "a 1x10\nb 2x10";

#[test]
fn names_go_at_once_or_at_the_end() {
    check(TWO_NAMES, r#"last_over_time({__name__=~"a|b"}[5m])"#, 1.0, "a 1\nb 2");
    refused(TWO_NAMES, r#"rate({__name__=~"a|b"}[5m])"#, "same labelset");
    refused(TWO_NAMES, r#"-{__name__=~"a|b"}"#, "same labelset");
    refused(TWO_NAMES, r#"{__name__=~"a|b"} * 2"#, "same labelset");
    check("a{x=\"1\"} 1\nb{x=\"2\"} 2", r#"{__name__=~"a|b"} * 2"#, 0.0, "{x=\"1\"} 2\n{x=\"2\"} 4");
}

#[test]
fn with_late_removal_names_are_there_until_the_end() {
    let late = NameRemoval::AtTheEnd;
    let expr = r#"label_replace(rate({__name__=~"a|b"}[5m]), "from", "$1", "__name__", "(.*)")"#;
    check_with(TWO_NAMES, expr, 2.0, "{from=\"a\"} 0\n{from=\"b\"} 0", late);
    check_with(TWO_NAMES, "sum by (__name__) (a)", 2.0, "a 1", late);
    check_with(TWO_NAMES, r#"label_replace(-a, "__name__", "c", "", "")"#, 2.0, "c -1", late);
    check_with(TWO_NAMES, "abs(a) + on(__name__) abs(a)", 2.0, "{} 2", late);
}
