//! What is said about an evaluation, and about which part of the query.

use larum_promql::{Annotation, Place};

use super::support::{eval, range};

const DATA: &str = "up{job=\"a\"} 0+1x20\nh{le=\"1\"} 5\nh{le=\"2\"} 3\nh{le=\"+Inf\"} 6\nodd{le=\"x\"} 1";

/// The places, line and column, of all that is said.
fn places(expr: &str) -> Vec<String> {
    let said = eval(DATA, expr, 0.0).unwrap_or_else(|error| panic!("{expr}: {error}")).annotations;
    let place = |annotation: Annotation| {
        let Place { line, column } = annotation.place.unwrap();
        assert!(annotation.to_string().ends_with(&format!(" ({line}:{column})")), "{annotation}");
        format!("{line}:{column}")
    };
    said.into_iter().map(place).collect()
}

#[test]
fn a_remark_names_the_argument_it_is_about() {
    for (expr, place) in [
        ("quantile(2, up)", "1:10"),
        ("quantile( 2,up) by (job)", "1:11"),
        ("QUANTILE by (job) (-3, up)", "1:20"),
        ("quantile without () (2, up)", "1:22"),
        ("quantile(scalar(up) + 5, up)", "1:10"),
        ("quantile_over_time(# x\n 3 + 4, (up[5m]))", "2:2"),
        ("histogram_quantile(7, nothing)", "1:20"),
        ("histogram_quantile(0.5, h)", "1:25"),
        ("histogram_quantile(0.5, odd)", "1:25"),
        ("histogram_fraction(0, 1, odd)", "1:26"),
        ("up + quantile(2, up) * 3", "1:15"),
        ("sum by (quantile) (up) or on (quantile) quantile(2, up)", "1:50"),
        ("label_join(quantile(2, up), \"a\", \"(\", \"quantile(\")", "1:21"),
        ("{job=\"quantile(\"} or quantile(2, up)", "1:31"),
        ("up offset (1m + 1m) or quantile(2, up)", "1:33"),
        ("{\"ä\"} or quantile(2, up)", "1:20"),
    ] {
        assert_eq!(places(expr), [place], "{expr}");
    }
}

#[test]
fn parentheses_around_an_argument_are_no_part_of_it() {
    for (expr, place) in [
        ("quantile((2), up)", "1:11"),
        ("quantile(((2)), up)", "1:12"),
        ("quantile((5 + 1)*2, up)", "1:10"),
        ("quantile((5 + 1)*(2), up)", "1:10"),
        ("quantile((scalar((up)))+3, up)", "1:10"),
        ("histogram_fraction(0, 1, ((odd)))", "1:28"),
    ] {
        assert_eq!(places(expr), [place], "{expr}");
    }
}

#[test]
fn what_is_said_twice_is_told_once_of_the_last_place() {
    assert_eq!(places("quantile(2, up) + quantile(2, up)"), ["1:28"]);
    assert_eq!(places("quantile(2, up) + quantile(3, up)"), ["1:10", "1:28"]);
}

#[test]
fn a_remark_is_told_as_prometheus_tells_it() {
    let said = |expr: &str| {
        let annotations = range(DATA, expr, 5, 10, 60).unwrap().annotations;
        annotations.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        said("1 + sum(increase(up{job=\"a\"}[5m]))"),
        [
            "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"up\" (1:18)"
        ]
    );
    assert_eq!(
        said("-\n sort(up)"),
        [
            "PromQL warning: sort is ineffective for range queries since results are always ordered by labels (2:2)"
        ]
    );
}
