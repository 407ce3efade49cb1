//! Aggregations.

use super::support::{check, eval, refused};

const DATA: &str = r#"
    x{a="1", b="p"} 1
    x{a="2", b="p"} 2
    x{a="3", b="q"} 4
    x{a="4", b="q"} NaN
"#;

#[test]
fn grouping() {
    check(DATA, "sum(x)", 0.0, "{} NaN");
    check(DATA, "sum by (b) (x)", 0.0, "{b=\"p\"} 3\n{b=\"q\"} NaN");
    check(DATA, "sum(x) by (b)", 0.0, "{b=\"p\"} 3\n{b=\"q\"} NaN");
    check(DATA, "count without (a) (x)", 0.0, "{b=\"p\"} 2\n{b=\"q\"} 2");
    check(DATA, "count by (b, none) (x)", 0.0, "{b=\"p\"} 2\n{b=\"q\"} 2");
    check(DATA, "count by (__name__) (x)", 0.0, "x 4");
    check(
        DATA,
        "count without () (x)",
        0.0,
        r#"
        {a="1", b="p"} 1
        {a="2", b="p"} 1
        {a="3", b="q"} 1
        {a="4", b="q"} 1
    "#,
    );
    check(DATA, "sum(nothing)", 0.0, "");
    check(DATA, "count(nothing)", 0.0, "");
    check(DATA, "SUM(x) BY (b)", 0.0, "{b=\"p\"} 3\n{b=\"q\"} NaN");
}

#[test]
fn each_of_them() {
    check(DATA, "max by (b) (x)", 0.0, "{b=\"p\"} 2\n{b=\"q\"} 4");
    check(DATA, "min by (b) (x)", 0.0, "{b=\"p\"} 1\n{b=\"q\"} 4");
    check(DATA, "max(x{a=\"4\"})", 0.0, "{} NaN");
    check(DATA, "avg by (b) (x{b=\"p\"})", 0.0, "{b=\"p\"} 1.5");
    check(DATA, "group by (b) (x)", 0.0, "{b=\"p\"} 1\n{b=\"q\"} 1");
    check(DATA, "stdvar(x{a!=\"4\"})", 0.0, "{} 1.5555555555555556");
    check(DATA, "stddev(x{b=\"p\"})", 0.0, "{} 0.5");
    check(DATA, "stddev(x{a=\"4\"})", 0.0, "{} NaN");
    check("x Inf", "stddev(x)", 0.0, "{} NaN");
    check(DATA, "quantile(0.5, x{a!=\"4\"})", 0.0, "{} 2");
    check(DATA, "quantile(0.25, x{b=\"p\"})", 0.0, "{} 1.25");
    check(DATA, "quantile(-1, x)", 0.0, "{} -Inf");
    check(DATA, "quantile(NaN, x)", 0.0, "{} NaN");
    assert!(eval(DATA, "quantile(2, x)", 0.0).unwrap().annotations[0].text.contains("got 2"));
}

#[test]
fn the_best_of_each_group() {
    check(DATA, "topk(2, x)", 0.0, "x{a=\"3\", b=\"q\"} 4\nx{a=\"2\", b=\"p\"} 2");
    check(DATA, "bottomk(2, x)", 0.0, "x{a=\"1\", b=\"p\"} 1\nx{a=\"2\", b=\"p\"} 2");
    check(DATA, "topk(1, x) by (b)", 0.0, "x{a=\"2\", b=\"p\"} 2\nx{a=\"3\", b=\"q\"} 4");
    check(DATA, "topk(9, x{b=\"q\"})", 0.0, "x{a=\"3\", b=\"q\"} 4\nx{a=\"4\", b=\"q\"} NaN");
    check(DATA, "topk(0, x)", 0.0, "");
    check(DATA, "topk(-3, x)", 0.0, "");
    check(DATA, "topk(scalar(x{a=\"1\"}), x)", 0.0, "x{a=\"3\", b=\"q\"} 4");
    refused("x 1x10", "topk(NaN, x)", "Parameter value is NaN");
    refused("x 1x10", "topk(1e30, x)", "overflows int64");
}

#[test]
fn counting_values() {
    let data = "v{i=\"1\"} 1.5\nv{i=\"2\"} 1.5\nv{i=\"3\"} 1e21\nv{i=\"4\"} Inf";
    check(
        data,
        r#"count_values("value", v)"#,
        0.0,
        r#"
        {value="1.5"} 2
        {value="1000000000000000000000"} 1
        {value="+Inf"} 1
    "#,
    );
    check(data, r#"count_values without (i) ("value", v{i="1"})"#, 0.0, r#"{value="1.5"} 1"#);
    check(data, r#"count_values by (i) ("i", v{i="1"})"#, 0.0, r#"{i="1.5"} 1"#);
    refused(data, r#"count_values("", v)"#, "invalid label name");
}
