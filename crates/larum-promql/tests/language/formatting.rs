//! Expressions laid out and shown as trees, as Prometheus does.

use larum_promql::{format_expression, parse_selector, syntax_tree};
use serde_json::json;

fn formatted(text: &str) -> String {
    format_expression(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_short_expression_stands_on_one_line() {
    for (text, expected) in [
        ("foo/bar", "foo / bar"),
        (
            "sum by(job,instance)(rate(x{c=~\"d\",a='b'}[5m]))>0",
            "sum by (job, instance) (rate(x{a=\"b\",c=~\"d\"}[5m])) > 0",
        ),
        ("sum(x)without(le)", "sum without (le) (x)"),
        ("sum by() (x)", "sum(x)"),
        ("topk(3,x)", "topk(3, x)"),
        ("a*on(x)group_left(y)b", "a * on (x) group_left (y) b"),
        ("a + ignoring(x) b", "a + ignoring (x) b"),
        ("a + ignoring() b", "a + b"),
        ("a * ignoring() group_right(y) b", "a * ignoring () group_right (y) b"),
        ("a==bool 1", "a == bool 1"),
        ("-x", "-x"),
        ("-1", "-1"),
        ("1e6+0x1F", "1000000 + 31"),
        ("Inf", "+Inf"),
        ("x offset 1h30m @ 1600000000.5", "x @ 1600000000.500 offset 1h30m"),
        ("x offset -7d", "x offset -1w"),
        ("x offset ++0x10%0x10", "x offset (16 % 16)"),
        ("x[26h] @ end()", "x[26h] @ end()"),
        ("min_over_time(x[1h:30s] offset 90d)", "min_over_time(x[1h:30s] offset 90d)"),
        ("max_over_time((a - b)[60m:])", "max_over_time((a - b)[1h:])"),
        (r#"label_replace(x, 'a', `\d`, "b", "\t")"#, r#"label_replace(x, "a", "\\d", "b", "\t")"#),
        (r#"{"a.b", c="d", A="e"}"#, r#"{A="e",__name__="a.b",c="d"}"#),
        (
            r#"{"1a"} + {"Inf"} > bool {"bool"}"#,
            r#"{__name__="1a"} + {__name__="Inf"} > bool {__name__="bool"}"#,
        ),
        (r#"sum + {"sum"}"#, r#"sum + {__name__="sum"}"#),
        (r#"{"a.b"="c", __name__="x"}"#, r#"{"a.b"="c",__name__="x"}"#),
        (r#"sum by ("a.b", c) (x)"#, r#"sum by ("a.b", c) (x)"#),
    ] {
        assert_eq!(formatted(text), expected, "{text}");
        assert_eq!(formatted(expected), expected, "formatting it again changes nothing");
    }
}

#[test]
fn a_long_expression_has_its_parts_on_lines_of_their_own() {
    let text = "sum by (namespace) (rate(container_cpu_usage_seconds_total{container!=\"\",image!=\"\"}[5m])) / on(namespace) group_left() sum by (namespace) (kube_pod_container_resource_requests{resource=\"cpu\"})";
    let expected = "  sum by (namespace) (rate(container_cpu_usage_seconds_total{container!=\"\",image!=\"\"}[5m]))\n\
                    / on (namespace) group_left ()\n  \
                      sum by (namespace) (kube_pod_container_resource_requests{resource=\"cpu\"})";
    assert_eq!(formatted(text), expected);
    let name = "a_metric_with_quite_a_long_name_so_that_its_line_is_long_for_a_page";
    assert_eq!(
        formatted(&format!("-histogram_quantile(0.9, sum by (le) (rate({name}_bucket[5m])))")),
        format!("-histogram_quantile(\n  0.9,\n  sum by (le) (rate({name}_bucket[5m]))\n)")
    );
}

#[test]
fn an_expression_is_shown_as_a_tree() {
    let selector = |name: &str, matchers: serde_json::Value| {
        json!({ "type": "vectorSelector", "name": name, "offset": 0, "offsetExpr": null, "matchers": matchers,
            "timestamp": null, "startOrEnd": null, "anchored": false, "smoothed": false })
    };
    let named = |name: &str| json!({ "name": "__name__", "type": "=", "value": name });
    assert_eq!(
        syntax_tree("foo{a!='b'} / on(a) group_left(c) bar").unwrap(),
        json!({
            "type": "binaryExpr", "op": "/", "bool": false,
            "lhs": selector("foo", json!([{ "name": "a", "type": "!=", "value": "b" }, named("foo")])),
            "rhs": selector("bar", json!([named("bar")])),
            "matching": { "card": "many-to-one", "labels": ["a"], "on": true, "include": ["c"],
                "fillValues": { "lhs": null, "rhs": null } },
        })
    );
    let tree = syntax_tree("topk(2, rate(x[5m] @ 1.5 offset -1m) > 3)").unwrap();
    assert_eq!(
        (&tree["op"], &tree["param"]["val"], &tree["without"]),
        (&json!("topk"), &json!("2"), &json!(false))
    );
    assert_eq!(tree["expr"]["matching"], json!(null), "a number matches nothing");
    let call = &tree["expr"]["lhs"];
    assert_eq!(
        call["func"],
        json!({ "name": "rate", "argTypes": ["matrix"], "variadic": 0, "returnType": "vector" })
    );
    let range = &call["args"][0];
    assert_eq!(
        (&range["range"], &range["offset"], &range["timestamp"]),
        (&json!(300_000), &json!(-60_000), &json!(1_500))
    );
    assert_eq!(syntax_tree("a and b").unwrap()["matching"]["card"], "many-to-many");
    assert_eq!(syntax_tree("x[1h:5m]").unwrap()["step"], 300_000);
}

#[test]
fn a_selector_is_nothing_more_than_that() {
    let matchers = parse_selector(r#"up{job=~"a|b"}"#).unwrap();
    let shown: Vec<String> = matchers.iter().map(ToString::to_string).collect();
    assert_eq!(shown, [r#"__name__="up""#, r#"job=~"a|b""#]);
    for wrong in ["up offset 5m", "up @ 5", "up[5m]", "up + 1", "sum(up)", "{}", "{a=\"\"}", ""] {
        assert!(parse_selector(wrong).is_err(), "{wrong}");
    }
}
