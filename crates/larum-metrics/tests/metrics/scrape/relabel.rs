//! Relabelling as Prometheus documents it.

use larum_metrics::scrape::relabel::{Labels, RelabelDraft, relabel};

fn draft(yaml: &str) -> RelabelDraft {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error} in {yaml}"))
}

/// What a rule makes of labels; none if it drops them.
fn relabelled(labels: &[(&str, &str)], yaml: &str) -> Option<String> {
    let mut labels: Labels = labels.iter().copied().collect();
    let rule = draft(yaml).rule().unwrap_or_else(|error| panic!("{error} in {yaml}"));
    relabel(&mut labels, &[rule]).then(|| labels.to_set().to_string())
}

fn refused(yaml: &str) -> String {
    draft(yaml).rule().unwrap_err().to_string()
}

const AB: &[(&str, &str)] = &[("a", "foo"), ("b", "Bar")];

#[test]
fn replace_writes_what_was_found() {
    for (yaml, expected) in [
        ("{source_labels: [a], target_label: c}", r#"{a="foo", b="Bar", c="foo"}"#),
        ("{source_labels: [a, b], target_label: c}", r#"{a="foo", b="Bar", c="foo;Bar"}"#),
        ("{source_labels: [a, b], separator: '', target_label: a}", r#"{a="fooBar", b="Bar"}"#),
        (
            "{source_labels: [a], regex: 'f(o)(.*)', target_label: c, replacement: '${2}x$1-$3'}",
            r#"{a="foo", b="Bar", c="oxo-"}"#,
        ),
        ("{source_labels: [a], regex: fo, target_label: c}", r#"{a="foo", b="Bar"}"#),
        ("{source_labels: [none], target_label: a}", r#"{b="Bar"}"#),
        ("{target_label: c, replacement: fixed}", r#"{a="foo", b="Bar", c="fixed"}"#),
        ("{source_labels: [b], target_label: '${1}_x', replacement: y}", r#"{Bar_x="y", a="foo", b="Bar"}"#),
        (
            "{source_labels: [a], regex: '(x)?foo', target_label: '$1', replacement: y}",
            r#"{a="foo", b="Bar"}"#,
        ),
        ("{source_labels: [a], regex: 'f.*', target_label: b, replacement: ''}", r#"{a="foo"}"#),
    ] {
        assert_eq!(relabelled(AB, yaml).as_deref(), Some(expected), "{yaml}");
    }
}

#[test]
fn keep_and_drop_match_the_whole_value() {
    for (yaml, kept) in [
        ("{source_labels: [a], regex: foo, action: keep}", true),
        ("{source_labels: [a], regex: fo, action: keep}", false),
        ("{source_labels: [a], regex: foo, action: Drop}", false),
        ("{source_labels: [a], regex: fo, action: drop}", true),
        ("{source_labels: [none], regex: '', action: drop}", false),
        ("{source_labels: [a], target_label: b, action: keepequal}", false),
        ("{source_labels: [a], target_label: b, action: dropequal}", true),
        ("{source_labels: [a], target_label: a, action: keepequal}", true),
        ("{source_labels: [a], target_label: a, action: dropequal}", false),
    ] {
        assert_eq!(relabelled(AB, yaml).is_some(), kept, "{yaml}");
    }
    assert!(relabelled(&[("a", "x\ny")], "{source_labels: [a], regex: 'x.y', action: keep}").is_some());
}

#[test]
fn labels_are_mapped_kept_and_dropped_by_name() {
    let labels = &[("__meta_x", "1"), ("__meta_y", "2"), ("z", "3")];
    let all = |yaml| relabelled(labels, yaml).unwrap();
    assert_eq!(
        all("{regex: '__meta_(.+)', action: labelmap}"),
        r#"{__meta_x="1", __meta_y="2", x="1", y="2", z="3"}"#
    );
    assert_eq!(
        all("{regex: '__meta_(.+)', replacement: 'k_$1', action: labelmap}"),
        r#"{__meta_x="1", __meta_y="2", k_x="1", k_y="2", z="3"}"#
    );
    assert_eq!(all("{regex: '__meta_.+', action: labeldrop}"), r#"{z="3"}"#);
    assert_eq!(all("{regex: 'z|__meta_x', action: labelkeep}"), r#"{__meta_x="1", z="3"}"#);
}

#[test]
fn values_change_case_and_are_hashed_as_prometheus_does_it() {
    assert_eq!(
        relabelled(AB, "{source_labels: [a, b], target_label: c, action: uppercase}").unwrap(),
        r#"{a="foo", b="Bar", c="FOO;BAR"}"#
    );
    assert_eq!(
        relabelled(AB, "{source_labels: [b], target_label: b, action: lowercase}").unwrap(),
        r#"{a="foo", b="bar"}"#
    );
    // The last eight bytes of its MD5 as a number, modulo 1000: worked out with another program.
    let hashed =
        relabelled(&[("c", "baz")], "{source_labels: [c], target_label: d, modulus: 1000, action: hashmod}");
    assert_eq!(hashed.as_deref(), Some(r#"{c="baz", d="976"}"#));
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    for (yaml, reason) in [
        ("{action: replicate}", r#"unknown relabel action "replicate""#),
        ("{source_labels: [a]}", "the action replace needs a target_label"),
        ("{action: hashmod, target_label: a}", "the action hashmod needs a modulus that is not zero"),
        ("{action: hashmod, modulus: 3}", "the action hashmod needs a target_label"),
        ("{action: keepequal}", "the action keepequal needs a target_label"),
        ("{action: dropequal, target_label: a, regex: x}", "the action dropequal has no use for regex"),
        (
            "{action: lowercase, target_label: a, replacement: x}",
            "the action lowercase has no use for replacement",
        ),
        (
            "{action: labeldrop, regex: x, source_labels: [a]}",
            "the action labeldrop has no use for source_labels",
        ),
        (
            "{action: labelkeep, regex: x, target_label: a}",
            "the action labelkeep has no use for target_label",
        ),
    ] {
        assert_eq!(refused(yaml), reason, "{yaml}");
    }
    assert!(refused("{action: keep, regex: '('}").starts_with(r#"bad regular expression "(": "#));
}
