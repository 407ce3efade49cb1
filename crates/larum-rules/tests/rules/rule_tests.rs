//! Tests of rules as promtool runs them: what passes, and what is said of what does not.

use larum_rules::{RuleFile, RuleTests};

const RULES: &str = "
groups:
- name: alerts
  rules:
  - alert: High
    expr: job:x:sum > 5
    for: 2m
    keep_firing_for: 3m
    labels: {severity: 'page-{{ $labels.job }}', cluster: '{{ $externalLabels.cluster }}'}
    annotations: {summary: 'It is {{ $value }}.'}
- name: sums
  rules:
  - record: job:x:sum
    expr: sum by (job) (x)
    labels: {level: job}
";

/// Runs one test over these rules; `cases` is YAML of the test.
fn run(rules: &str, head: &str, cases: &str) -> Vec<String> {
    let rules = RuleFile::parse(rules).unwrap();
    let text = format!("rule_files: []\n{head}\ntests:\n- {}\n", cases.trim().replace('\n', "\n  "));
    RuleTests::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).run(&[rules])
}

/// One series that is high from the second to the fifth minute, and these cases.
fn high(cases: &str) -> Vec<String> {
    let given = "name: high\nexternal_labels: {cluster: c}\n\
                 input_series:\n- {series: 'x{job=\"a\"}', values: '1 9 9 9 9 1x9'}\n";
    run(RULES, "group_eval_order: [sums, alerts]", &format!("{given}{cases}"))
}

/// `High` at a time, with or without an alert.
fn case(time: &str, fires: bool) -> String {
    let labels = "{job: a, level: job, severity: page-a, cluster: c}";
    let alert = format!("{{exp_labels: {labels}, exp_annotations: {{summary: 'It is 9.'}}}}");
    format!("- {{eval_time: {time}, alertname: High, exp_alerts: [{}]}}\n", if fires { &alert } else { "" })
}

#[test]
fn an_alert_waits_fires_is_kept_and_ends() {
    let cases = [
        case("0", false),
        case("2m", false),
        case("2m59s", false),
        case("3m", true),
        case("7m59s", true),
        case("8m", false),
    ];
    assert_eq!(high(&format!("alert_rule_test:\n{}", cases.concat())), [""; 0]);
}

#[test]
fn what_rules_write_can_be_asked_for() {
    let labels = "alertname=\"High\",cluster=\"c\",job=\"a\",level=\"job\",severity=\"page-a\"";
    let sample = |expr: &str, time: &str, samples: &[(String, f64)]| {
        let samples = samples.iter().map(|(labels, value)| format!("{{labels: '{labels}', value: {value}}}"));
        let samples = samples.collect::<Vec<_>>().join(", ");
        format!("- {{expr: '{expr}', eval_time: {time}, exp_samples: [{samples}]}}\n")
    };
    let alerts = |state: &str| format!("ALERTS{{alertstate=\"{state}\",{labels}}}");
    let cases = [
        sample("job:x:sum", "3m", &[("job:x:sum{job=\"a\",level=\"job\"}".into(), 9.0)]),
        sample("ALERTS", "0", &[]),
        sample("ALERTS", "2m", &[(alerts("pending"), 1.0)]),
        sample("ALERTS", "3m30s", &[(alerts("firing"), 1.0)]),
        sample("ALERTS_FOR_STATE", "5m", &[(format!("ALERTS_FOR_STATE{{{labels}}}"), 60.0)]),
        sample("ALERTS", "8m", &[]),
        sample("count_over_time(x[10m])", "5m", &[("{job=\"a\"}".into(), 6.0)]),
        sample("1 + 2", "1m", &[("{}".into(), 3.0)]),
    ];
    assert_eq!(high(&format!("promql_expr_test:\n{}", cases.concat())), [""; 0]);
}

#[test]
fn what_fails_is_told_in_the_words_of_promtool() {
    let alert = "- {eval_time: 3m, alertname: High, exp_alerts: [{exp_labels: {job: a}}]}\n";
    assert_eq!(
        high(&format!("alert_rule_test:\n{alert}")),
        ["    name: high,\n    alertname: High, time: 3m, \n        exp:[\n            0:\n              \
          Labels:{alertname=\"High\", job=\"a\"}\n              Annotations:{}\n            ], \n        got:[\n            \
          0:\n              Labels:{alertname=\"High\", cluster=\"c\", job=\"a\", level=\"job\", severity=\"page-a\"}\n              \
          Annotations:{summary=\"It is 9.\"}\n            ]"]
    );
    let samples = "- {expr: x, eval_time: 90s, exp_samples: [{labels: 'y', value: 120}]}\n- {expr: 'x[1m]'}\n\
                   - {expr: y, exp_samples: [{labels: '{', value: 1}]}\n- {expr: 'rate('}\n";
    let said = high(&format!("promql_expr_test:\n{samples}"));
    assert_eq!(
        said[0],
        "    expr: \"x\", time: 1m30s,\n        exp: {__name__=\"y\"} 1.2E+02\n        got: {__name__=\"x\", job=\"a\"} 9E+00"
    );
    assert_eq!(said[1], "    expr: \"x[1m]\", time: 0s, err: rule result is not a vector or scalar");
    assert!(said[2].starts_with("    expr: \"y\", time: 0s, err: labels \"{\": "), "{said:?}");
    let begin = "    expr: \"rate(\", time: 0s, err: ";
    assert!(said[3].starts_with(begin) && said[3].contains("parse error"), "{said:?}");
}

#[test]
fn a_rule_that_fails_ends_its_test() {
    let rules =
        "groups:\n- name: g\n  limit: 1\n  rules:\n  - {record: one, expr: 'x > 5', labels: {a: ''}}\n";
    let given = |cases: &str| {
        let series = "input_series:\n- {series: 'x{a=\"1\"}', values: '9x9'}\n- {series: 'x{b=\"2\"}', values: '0 0 9x7'}\n";
        run(rules, "", &format!("{series}promql_expr_test:\n{cases}"))
    };
    assert_eq!(given("- {expr: one, eval_time: 1m, exp_samples: [{labels: one, value: 9}]}"), [""; 0]);
    assert_eq!(
        given("- {expr: one, eval_time: 5m}"),
        ["    rule: one, time: 2m, err: exceeded limit of 1 with 2 series"]
    );
}

#[test]
fn a_series_that_a_rule_writes_no_more_is_gone_at_once() {
    let rules = "groups:\n- name: g\n  query_offset: 1m\n  rules:\n  - {record: r, expr: 'x > 5'}\n";
    let series = "input_series:\n- {series: x, values: '9 9 1 1 9'}\n";
    let found = "exp_samples: [{labels: r, value: 9}]";
    let cases = format!(
        "- {{expr: r, eval_time: 1m, {found}}}\n- {{expr: r, eval_time: 2m}}\n- {{expr: r, eval_time: 3m}}\n\
         - {{expr: r, eval_time: 5m, {found}}}\n"
    );
    assert_eq!(run(rules, "", &format!("{series}promql_expr_test:\n{cases}")), [""; 0]);
}

#[test]
fn what_is_expected_is_text_whatever_yaml_takes_it_for() {
    let rules = "groups:\n- name: g\n  rules:\n  - {alert: A, expr: vector(1), labels: {code: '500', on: 'true'}, \
                 annotations: {none: '', where: '{{ $externalLabels.cluster }}'}}\n";
    let expected = "{exp_labels: {code: 500, on: true}, exp_annotations: {none: , where: }}";
    let cases = format!(
        "external_labels: {{cluster: }}\nalert_rule_test:\n- {{alertname: A, exp_alerts: [{expected}]}}"
    );
    assert_eq!(run(rules, "", &cases), [""; 0]);
}

#[test]
fn a_test_begins_when_it_says() {
    let given = "input_series:\n- {series: x, values: '1x5'}\n";
    let sample =
        |expr, value| format!("- {{expr: '{expr}', eval_time: 3m, exp_samples: [{{value: {value}}}]}}\n");
    let cases =
        [sample("time()", "1609459380"), sample("timestamp(x)", "1609459380"), sample("year()", "2021")];
    for start in ["1609459200", "'1609459200'", "'2021-01-01T00:00:00Z'", "2021-01-01T01:00:00+01:00"] {
        let test = format!("start_timestamp: {start}\n{given}promql_expr_test:\n{}", cases.concat());
        assert_eq!(run(RULES, "", &test), [""; 0], "{start}");
    }
    let limit =
        "groups:\n- name: g\n  limit: 1\n  rules:\n  - {record: r, expr: 'x or absent(y{n=\"1\"})'}\n";
    let late = format!("start_timestamp: 1609459200\n{given}promql_expr_test:\n- {{expr: x, eval_time: 1m}}");
    assert_eq!(run(limit, "", &late), ["    rule: r, time: 0s, err: exceeded limit of 1 with 2 series"]);
    let alert = "groups:\n- name: g\n  rules:\n  - {alert: A, expr: x > 0, for: 2m}\n";
    let cases = "alert_rule_test:\n- {eval_time: 1m, alertname: A}\n- {eval_time: 2m, alertname: A, exp_alerts: [{}]}";
    assert_eq!(run(alert, "", &format!("start_timestamp: 1609459200\n{given}{cases}")), [""; 0]);
}

#[test]
fn the_last_bit_can_be_forgiven() {
    let cases = "promql_expr_test:\n- {expr: '0.1 + 0.2', exp_samples: [{labels: '{}', value: 0.3}]}\n\
                 - {expr: '0 / 0', exp_samples: [{labels: '{}', value: .nan}]}\n";
    assert_eq!(run(RULES, "fuzzy_compare: true", cases), [""; 0]);
    assert_eq!(run(RULES, "fuzzy_compare: false", cases).len(), 1);
}

#[test]
fn files_that_are_wrong_say_where() {
    let wrong = |text: &str| RuleTests::parse(text).unwrap_err().to_string();
    assert!(wrong("foo: 1").starts_with("1:1: unknown field"), "{}", wrong("foo: 1"));
    assert!(wrong("tests:\n- interval: 5x\n").starts_with("2:13: \"5x\" is not a duration"));
    assert!(wrong("tests:\n- start_timestamp: soon\n").starts_with("2:20: \"soon\" is neither a number"));
    assert!(wrong("tests:\n- start_timestamp: 1e300\n").starts_with("2:20: \"1e300\" is neither a number"));
    let long = "promql_expr_test:\n- {expr: x, eval_time: 200y}";
    assert_eq!(
        run(RULES, "", &format!("name: n\n{long}")),
        ["    name: n,\n    more than 1000000 evaluations"]
    );
    assert_eq!(run(RULES, "group_eval_order: [a, a]", long), ["group name repeated in evaluation order: a"]);
    let given = "input_series:\n- {series: x, values: '{{count:1}}'}";
    assert_eq!(run(RULES, "", given), ["    series: x, err: native histograms are not supported"]);
}
