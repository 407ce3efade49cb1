//! Whatever is asked, there is an answer or an error, and never a panic; and each limit is told by name.

use std::time::Duration;

use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_promql::{
    Limits, NameRemoval, Options, Querier, Query, SelectError, Series, SeriesList, Span, Until, Value,
    format_expression, syntax_tree,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::support::load;

const DATA: &str = r#"
    c_total{job="a", i="1"} 0+30x20 5+7x20
    c_total{job="b", i="2"} 1 2 _ 4 5 stale _ _ 8 9+1x30
    g{job="a"} 5 4 3 -1 NaN 3 Inf -Inf 2x10
    h{le="1"} 1+1x40
    h{le="+Inf"} 4+5x40
    h{le="odd"} 1
"#;

/// What expressions are made of, whole and broken.
const PIECES: [&str; 106] = [
    "c_total",
    "g",
    "h",
    "{job=\"a\"}",
    "{__name__=~\".+\"}",
    "{",
    "}",
    "(",
    ")",
    "(",
    ")",
    "[5m]",
    "[1m:30s]",
    "[1m:]",
    "[",
    "]",
    "[292y:1ms]",
    "[1]",
    "[1m + 30s]",
    "[step() * 2:range()",
    "[max_of(5m,",
    "min_of(step(), 1m)",
    "[2^1000^1000]",
    "offset (",
    "offset -(1m % step())",
    "offset range()",
    "step()",
    "range(",
    ":",
    ",",
    "anchored",
    "smoothed",
    "[5m] anchored",
    "increase(c_total[2m] smoothed",
    "offset 1m",
    "offset -292y",
    "offset",
    "@ 60",
    "@ start()",
    "@ end()",
    "@ -9e18",
    "@ Inf",
    "@",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "atan2",
    "==",
    "!=",
    ">",
    "<",
    ">= bool",
    "<=",
    "and",
    "or",
    "unless",
    "on (job)",
    "ignoring (i)",
    "on ()",
    "group_left ()",
    "group_right (i)",
    "bool",
    "sum",
    "avg by (job)",
    "topk(2,",
    "bottomk(1e99,",
    "quantile(0.5,",
    "count_values(\"v\",",
    "stddev",
    "without (i)",
    "by",
    "rate(",
    "increase(",
    "deriv(",
    "predict_linear(",
    "quantile_over_time(2,",
    "max_over_time(",
    "absent(",
    "absent_over_time(",
    "histogram_quantile(0.9,",
    "histogram_fraction(0, 1,",
    "label_replace(",
    "\"dst\", \"$1\", \"job\", \"(.*)\"",
    "label_join(",
    "\"\\xff\"",
    "'x'",
    "`y",
    "scalar(",
    "vector(",
    "time()",
    "timestamp(",
    "round(",
    "clamp(",
    "year()",
    "sort_desc(",
    "limitk(1,",
    "NaN",
    "-Inf",
    "1e308",
    "0x_f",
    "1h30m",
    "9999999999y",
    "# ä",
];

/// Whole expressions.
const LEAVES: [&str; 24] = [
    "c_total",
    "g",
    "h",
    "{__name__=~\".+\"}",
    "c_total offset -292y",
    "g @ 1e15",
    "g @ -1e15 offset 1y",
    "NaN",
    "-Inf",
    "1e308",
    "time()",
    "rate(c_total[292y])",
    "vector(time())",
    "c_total[5m]",
    "g offset (2 ^ 3 * 1m - step())",
    "c_total offset -range()",
    "rate(c_total[max_of(step(), 3m)])",
    "count_over_time(g[2y ^ 7])",
    "rate(c_total[3m] anchored)",
    "resets(g[1m] anchored offset -292y)",
    "increase(c_total[292y] smoothed)",
    "delta({job=\"a\"}[1ms] smoothed @ -9e15)",
    "g smoothed",
    "{__name__=~\".+\"} smoothed offset 30s",
];

/// Expressions around others.
const AROUND: [&str; 32] = [
    "-(§)",
    "sum by (job) (§)",
    "avg without (i) (§)",
    "topk(2, §)",
    "bottomk(scalar(g), §)",
    "quantile(§, c_total)",
    "count_values(\"v\", §)",
    "stdvar(§)",
    "abs(§)",
    "round(§, 0)",
    "clamp(§, -1, NaN)",
    "year(§)",
    "days_in_month(§)",
    "absent(§)",
    "scalar(§)",
    "vector(§)",
    "timestamp(§)",
    "sort_desc(§)",
    "histogram_quantile(0.9, §)",
    "histogram_fraction(-Inf, §, h)",
    "label_replace(§, \"i\", \"$1\", \"job\", \"(.*)\")",
    "label_join(§, \"__name__\", \"-\", \"job\")",
    "rate((§)[1h:59s])",
    "predict_linear((§)[5m:1m], 1e300)",
    "quantile_over_time(2, (§)[1m:7s] offset 290y)",
    "increase((§)[292y:100y])",
    "deriv((§)[5m:1m] @ end())",
    "changes((§)[1h:] @ 0)",
    "last_over_time((§)[3m:1m])",
    "sum_over_time((§)[range() + 1m:min_of(step(), 7s)] offset (step() / 7))",
    "max_over_time((§)[5m * 2:1m % step()])",
    "(§) + 1",
];

const BETWEEN: [&str; 14] = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "atan2",
    "> bool",
    "<=",
    "== on (job)",
    "and",
    "or on ()",
    "unless ignoring (i)",
    "* on (job) group_left (i)",
];

/// Expressions that mostly parse.
fn expression() -> impl Strategy<Value = String> {
    select(&LEAVES[..]).prop_map(str::to_owned).prop_recursive(5, 24, 2, |inner| {
        let around =
            (select(&AROUND[..]), inner.clone()).prop_map(|(outer, inner)| outer.replace('§', &inner));
        let between = (inner.clone(), select(&BETWEEN[..]), inner)
            .prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})"));
        prop_oneof![3 => around, 1 => between]
    })
}

/// What computed durations are made of.
const DURATIONS: [&str; 22] = [
    "1m",
    "5m",
    "90",
    "0",
    "1.5",
    "1e9",
    "0x10",
    "292y",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "(",
    ")",
    "step()",
    "range()",
    "min_of(1m,",
    "max_of(",
    ",",
    " # \n",
];

const TIMES: [i64; 9] =
    [i64::MIN, i64::MIN / 2, -62_135_596_800_000, -1, 0, 600_000, 1_499_999, i64::MAX / 2, i64::MAX];

fn small() -> Limits {
    Limits { samples: 20_000, series: 100, steps: 100, label_bytes: 100_000 }
}

/// Asks for it in every way.
fn ask(text: &str, source: &SeriesList, at: i64, step: u64) {
    let Ok(query) = Query::parse(text) else { return };
    for name_removal in [NameRemoval::AtOnce, NameRemoval::AtTheEnd] {
        let options = Options { limits: small(), name_removal, ..Options::default() };
        let _ = query.longest_window(&options);
        let at = Timestamp::from_millis(at);
        let _ = query.instant(source, at, &options);
        if let Some(pinned) = query.pinned(at) {
            let _ = pinned.instant(source, Timestamp::from_millis(7), &options);
        }
        let span =
            Span { start: at, end: at.plus(Duration::from_secs(300)), step: Duration::from_millis(step) };
        let _ = query.range(source, &span, &options);
    }
    if let Ok(formatted) = format_expression(text) {
        assert_eq!(format_expression(&formatted).as_ref(), Ok(&formatted), "{text} stays as it is formatted");
    }
    let _ = syntax_tree(text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_the_language_in_any_order(
        pieces in prop::collection::vec(select(&PIECES[..]), 1..14),
        at in select(&TIMES[..]),
        step in select(&[0_u64, 1, 7_000, 60_000, u64::MAX][..]),
    ) {
        ask(&pieces.join(" "), &load(DATA), at, step);
    }

    #[test]
    fn expressions_in_one_another(
        text in expression(),
        at in select(&TIMES[..]),
        step in select(&[1_u64, 7_000, 60_000][..]),
    ) {
        ask(&text, &load(DATA), at, step);
    }

    #[test]
    fn calls_of_every_function_with_anything(
        function in "[a-z_]{2,12}",
        arguments in prop::collection::vec(select(&PIECES[..]), 0..5),
        at in select(&TIMES[..]),
    ) {
        ask(&format!("{function}({})", arguments.join(", ")), &load(DATA), at, 60_000);
        ask(&format!("-({}) + {}", arguments.join(" "), arguments.join(" ")), &load(DATA), at, 60_000);
    }

    #[test]
    fn any_text(text in any::<String>(), tail in "[ -~]{0,60}") {
        ask(&text, &load(DATA), 0, 1_000);
        ask(&format!("c_total{tail}"), &load(DATA), 0, 1_000);
    }

    #[test]
    fn durations_of_any_parts(
        parts in prop::collection::vec(select(&DURATIONS[..]), 1..12),
        around in select(&["g[§]", "rate(c_total[§])", "g offset (§)", "g offset §", "rate(g[§:§])"][..]),
        step in select(&[1_u64, 7_000, 60_000][..]),
    ) {
        ask(&around.replace('§', &parts.join("")), &load(DATA), 600_000, step);
    }
}

#[test]
fn times_at_both_ends_of_the_range_are_no_panic() {
    let options = Options::default();
    let ends = [i64::MIN, i64::MAX].map(Timestamp::from_millis);
    let span = Span { start: ends[0], end: ends[1], step: Duration::from_millis(i64::MAX.unsigned_abs()) };
    let evaluation = Query::parse("1").unwrap().range(&load(""), &span, &options).unwrap();
    let Value::Matrix(series) = evaluation.value else { panic!("a range is a matrix") };
    let times: Vec<_> = series[0].samples.iter().map(|sample| sample.at.as_millis()).collect();
    assert_eq!(times, [i64::MIN, -1, i64::MAX - 1]);
    let query = Query::parse("predict_linear(g[5m] @ 1200, 1)").unwrap();
    for at in ends {
        assert_eq!(query.instant(&load(DATA), at, &options).unwrap().value.elements().len(), 1);
    }
}

/// Why an expression cannot be evaluated within small limits.
fn told(text: &str) -> String {
    let options = Options { limits: small(), ..Options::default() };
    let outcome =
        Query::parse(text).unwrap().instant(&load(DATA), Timestamp::from_millis(1_200_000), &options);
    outcome.unwrap_err().to_string()
}

#[test]
fn labels_do_not_grow_beyond_their_limit() {
    let long = "0123456789".repeat(4_000);
    let too_much = "the query needs more than 100000 bytes of labels";
    // Ten digits, ten times that, ten times that …
    let mut joined = r#"label_replace(c_total, "a", "0123456789", "", "")"#.to_owned();
    for _ in 0..5 {
        joined = format!(r#"label_join({joined}, "a", ""{})"#, r#", "a""#.repeat(10));
    }
    assert_eq!(told(&joined), too_much);
    let replaced = format!(r#"label_replace(c_total, "a", "{}", "__name__", "(.*)")"#, "$1".repeat(20_000));
    assert_eq!(told(&replaced), too_much);
    let one = format!(r#"label_replace(vector(1), "a", "{long}", "", "")"#);
    assert_eq!(told(&format!(r#"{{__name__=~"h|c_total"}} * on () group_left (a) {one}"#)), too_much);
}

/// A source that knows how many samples it has and cannot be read.
struct Unreadable(u64);

impl Querier for Unreadable {
    fn select(&self, _: &[Matcher], _: Timestamp, _: Timestamp) -> Result<Vec<Series>, SelectError> {
        Err(SelectError("it was read".to_owned()))
    }

    fn at_least(&self, _: &[Matcher], _: Timestamp, _: Timestamp) -> u64 {
        self.0
    }
}

#[test]
fn what_is_too_much_is_not_even_read() {
    let at = Timestamp::from_millis(1_200_000);
    let options = Options { limits: small(), ..Options::default() };
    for (samples, words) in [
        (20_000, "cannot read series: it was read"),
        (20_001, "the query needs more than 20000 samples"),
        (u64::MAX, "the query needs more than 20000 samples"),
    ] {
        let source = Unreadable(samples);
        let until = Until::new(&source, || true);
        let windows = Query::parse("sum_over_time(g[1h])").unwrap().instant(&until, at, &options);
        assert_eq!(windows.unwrap_err().to_string(), words);
        let span = Span { start: at, end: at.plus(Duration::from_secs(9)), step: Duration::from_secs(1) };
        let steps = Query::parse("g").unwrap().range(&until, &span, &options);
        assert_eq!(steps.unwrap_err().to_string(), words);
    }
}

#[test]
fn each_limit_is_told_by_name() {
    let at = Timestamp::from_millis(1_200_000);
    assert_eq!(told("sum_over_time(vector(1)[1d:1s])"), "the query needs more than 20000 samples");
    let many: String = (0..101).map(|n| format!("x{{n=\"{n}\"}} 1\n")).collect();
    let options = Options { limits: small(), ..Options::default() };
    let outcome = Query::parse("x").unwrap().instant(&load(&many), Timestamp::from_millis(0), &options);
    assert_eq!(outcome.unwrap_err().to_string(), "the query needs more than 100 series");
    let span = Span { start: at, end: at.plus(Duration::from_secs(100)), step: Duration::from_secs(1) };
    let outcome = Query::parse("1").unwrap().range(&load(""), &span, &options);
    assert_eq!(outcome.unwrap_err().to_string(), "the query needs more than 100 steps");
    let asked = std::cell::Cell::new(0);
    let data = load(DATA);
    let until = Until::new(&data, || asked.replace(asked.get() + 1) < 3);
    let outcome = Query::parse("sum_over_time(g[1d:1s])").unwrap().instant(&until, at, &Options::default());
    assert_eq!(outcome.unwrap_err().to_string(), "query timed out in expression evaluation");
}
