//! The texts of rules: what they say, and that promtool says the same.

use std::process::Command;

use larum_rules::{RuleFile, RuleTests};

/// What is measured in every test, at the fifth minute.
const GIVEN: &str = "
  external_url: 'http://larum.example:9090/a%20b/x/'
  external_labels: {x: 'y'}
  input_series:
  - {series: 'm{n=\"1\", c=\"z\", host=\"foo.example.com:80\"}', values: '1234567x10'}
  - {series: 'up{job=\"b\", instance=\"i2\"}', values: '1x10'}
  - {series: 'up{job=\"a\", instance=\"i1\"}', values: '0x10'}
";

/// Text and what comes of it; promtool 2.42 says the same.
const SAME: &[(&str, &str)] = &[
    // Queries.
    ("{{ query \"sort(up)\" | first | value }} {{ query \"sort(up)\" | first | label \"job\" }}", "0 a"),
    ("[{{ query \"up\" | first | strvalue }}] {{ label \"no\" (query \"sort(up)\" | first) }}", "[] "),
    ("{{ range query \"sort(up)\" }}{{ .Labels.instance }}={{ .Value }};{{ end }}", "i1=0;i2=1;"),
    (
        "{{ range $i, $s := query \"sort_desc(up)\" }}{{ if $i }}, {{ end }}{{ $s.Labels.job }}{{ end }}",
        "b, a",
    ),
    ("{{ range sortByLabel \"job\" (query \"sort_desc(up)\") }}{{ .Labels.job }}{{ end }}", "ab"),
    ("{{ with query \"nope\" }}x{{ else }}none{{ end }} {{ len (query \"sort(up)\") }}", "none 2"),
    ("{{ query \"time()\" | first | value }} {{ query \"timestamp(up)\" | first | value }}", "300 300"),
    (
        "{{ (query \"sort(up)\" | first).Labels.job }} {{ (index (query \"sort(up)\") 1).Value | printf \"%.2f\" }}",
        "a 1.00",
    ),
    ("{{ with printf \"up{job='%s'}\" \"b\" | query }}{{ . | first | label \"instance\" }}{{ end }}", "i2"),
    ("{{ first (query \"sort(up)\") }}", "{map[__name__:up instance:i1 job:a] 0}"),
    ("{{ print (first (query \"sort(up)\")) }}", "&{map[__name__:up instance:i1 job:a] 0}"),
    ("{{ range query \"sort(up)\" }}{{ printf \"%v;\" .Value }}{{ end }}", "0;1;"),
    ("{{ query \"sort(up)\" | first | value | humanizePercentage }}", "0%"),
    ("{{ $x := 9 }}{{ range query \"sort(up)\" }}{{ $x = .Value }}{{ end }}{{ $x }}", "1"),
    (
        "{{ range query \"sort(up)\" }}{{ if eq .Value 1.0 }}{{ .Labels.job }}{{ break }}{{ end }}{{ end }}",
        "b",
    ),
    ("{{ .Labels.n }} {{ .Value }} {{ (query \"sort(up)\" | first).Labels.nope }}|", "1 1.234567e+06 |"),
    (
        "{{ . }}",
        "{map[__name__:m c:z host:foo.example.com:80 n:1] map[x:y] http://larum.example:9090/a%20b/x/ 1.234567e+06}",
    ),
    // Templates within templates.
    ("{{ define \"x\" }}[{{ . }}]{{ end }}{{ template \"x\" \"q\" }}{{ template \"x\" }}", "[q][<no value>]"),
    ("{{ block \"y\" $value }}v={{ . }}{{ end }}", "v=1.234567e+06"),
    (
        "{{ template \"s\" . }}{{ define \"s\" }}{{ .Value }} {{ .Labels.n }} {{ $.Labels.c }}{{ end }}",
        "1.234567e+06 1 z",
    ),
    (
        "{{ define \"m\" }}{{ range query \"sort(up)\" }}{{ .Labels.job }}{{ end }}{{ end }}{{ template \"m\" }}",
        "ab",
    ),
    ("{{ define \"x\" }} {{ end }}{{ define \"x\" }}b{{ end }}{{ template \"x\" }}", "b"),
    ("{{ define \"x\" }}b{{ end }}{{ define \"x\" }} {{ end }}{{ template \"x\" }}", "b"),
    ("{{ with args 1 \"b\" }}{{ .arg0 }}{{ .arg1 }}{{ .arg2 }}{{ end }}", "1b<no value>"),
    (
        "{{ args 1.5 \"b\" }} {{ define \"a\" }}{{ .arg1 }}{{ end }}{{ template \"a\" (args 1 2) }}",
        "map[arg0:1.5 arg1:b] 2",
    ),
    // Times.
    ("{{ toTime 1435065584.128 }}", "2015-06-23 13:19:44.128 +0000 UTC"),
    (
        "{{ (toTime 1435065584.128).Format \"Mon, 02 Jan 2006 15:04:05.000 Z07:00\" }}",
        "Tue, 23 Jun 2015 13:19:44.128 Z",
    ),
    (
        "{{ $t := toTime 1435065584 }}{{ $t.Hour }}:{{ $t.Minute }} {{ $t.Format \"Jan _2 3PM\" }}",
        "13:19 Jun 23 1PM",
    ),
    (
        "{{ with toTime 1435065584 }}{{ .Year }} {{ .Month }} {{ .Weekday }} {{ .Unix }} {{ .YearDay }}{{ end }}",
        "2015 June Tuesday 1435065584 174",
    ),
    ("{{ (toTime 1435065584).UTC.Day }} {{ (toTime 1435065584.5).Nanosecond }}", "23 500000000"),
    ("{{ (toTime 1435065584).Add 5 }}", "2015-06-23 13:19:44.000000005 +0000 UTC"),
    ("{{ (toTime 1435065584).Truncate 3600000000000 }}", "2015-06-23 13:00:00 +0000 UTC"),
    ("{{ (toTime 1435065584).AddDate 0 1 10 }}", "2015-08-02 13:19:44 +0000 UTC"),
    ("{{ (toTime 60).Sub (toTime 1.5) }} {{ ((toTime 60).Sub (toTime 1.5)).Seconds }}", "58.5s 58.5"),
    ("{{ (toTime 60).After (toTime 1.5) }} {{ \"2006\" | (toTime 60).Format }}", "true 1970"),
    (
        "{{ printf \"%v|%s\" (toTime 60) (toTime 60) }}",
        "1970-01-01 00:01:00 +0000 UTC|1970-01-01 00:01:00 +0000 UTC",
    ),
    ("{{ parseDuration \"1h30m\" }} {{ parseDuration \"90s\" | humanizeDuration }}", "5400 1m 30s"),
    // Links and texts.
    ("{{ tableLink \"up{a=\\\"b\\\"} > 1\" }}", "/graph?g0.expr=up%7Ba%3D%22b%22%7D+%3E+1&g0.tab=1"),
    ("{{ graphLink \"sum(up) by (x)\" }}", "/graph?g0.expr=sum%28up%29+by+%28x%29&g0.tab=0"),
    (
        "{{ $externalURL }} {{ .ExternalURL }}",
        "http://larum.example:9090/a%20b/x/ http://larum.example:9090/a%20b/x/",
    ),
    (
        "{{ safeHtml \"<b>\" }} {{ html \"<b>\" }} {{ js \"it's <a>\" }} {{ urlquery \"a b&c\" }}",
        "<b> &lt;b&gt; it\\'s \\u003Ca\\u003E a+b%26c",
    ),
    (
        "{{ stripPort $labels.host }} {{ stripDomain $labels.host }} {{ title \"aa bB_c d-e\" }}",
        "foo.example.com foo:80 Aa BB_c D-E",
    ),
    (
        "{{ toUpper \"aé\" }} {{ toLower \"AÉ\" }} {{ match \"^a.*\" \"abc\" }} {{ reReplaceAll \"(.*)b\" \"${1}X\" \"aab\" }}",
        "AÉ aé true aaX",
    ),
    (
        "{{ stripPort \"a]:1\" }} {{ stripDomain \"a.b:\" }} {{ toUpper \"straße\" }} {{ reReplaceAll \"(a)\" \"${ $1\" \"a\" }}",
        "a]:1 a STRAßE ${ a",
    ),
    (
        "{{ printf \"%q %T %T\" $externalLabels $value (query \"up\") }} {{ printf \"%#x %c %U %q\" 255 65 65 65 }}",
        "map[\"x\":\"y\"] float64 template.queryResult 0xff A U+0041 'A'",
    ),
    (
        "{{ printf \"%[2]*[1]d|%[3]d|%[x]d|%[1]d\" 1 3 }} {{ printf \"%.3d|% x|%#q|%+q\" 5 \"hi\" \"a\" \"é\" }}",
        "  1|%!d(BADINDEX)|%!d(BADINDEX)|1 005|68 69|`a`|\"\\u00e9\"",
    ),
    (
        "{{ printf \"%*d|\" -3 5 }}{{ printf \"%*d\" \"x\" 5 }} {{ printf \"%s\" nil }} {{ printf \"%6.2f\" \"1.5\" }}",
        "5  |%!(BADWIDTH)5 %!s(<nil>) %!f(string=    1.)",
    ),
    (
        "{{ printf \"%+v|%+v|%+d|%05s|%06.3d|%06f\" 5 1.5 5 \"ab\" 5 (parseDuration \"1s\") }}",
        "5|1.5|+5|000ab|   005|1.000000",
    ),
    (
        "{{ (toTime 1422662400).AddDate 0 1 0 }} {{ (toTime 1435065584.75).Round 1000000000 }} {{ (toTime 0).IsDST }}",
        "2015-03-03 00:00:00 +0000 UTC 2015-06-23 13:19:45 +0000 UTC false",
    ),
    // Blanks.
    (
        "a {{- /* it's */}} b {{/* c */ -}} d {{- /* e */ -}} f {{ \"{{- /* g */}} h\" }}",
        "a b df {{- /* g */}} h",
    ),
    // Comparisons and the rest of Go.
    (
        "{{ if gt $value 90.0 }}gt{{ end }} {{ if eq \"a\" \"b\" \"a\" }}eq{{ end }} {{ if ne 1 2 }}ne{{ end }} {{ le 1 2 }}",
        "gt eq ne true",
    ),
    ("{{ not true }} {{ and 1 0 }} {{ or \"\" \"x\" }} {{ lt \"a\" \"b\" }}", "false 0 x true"),
    ("{{ if eq $labels.n \"2\" }}a{{ else if eq $labels.n \"1\" }}b{{ else }}c{{ end }}", "b"),
    ("{{ range $l := $labels }}{{ $l }},{{ end }} {{ $externalLabels.x }}", "m,z,foo.example.com:80,1, y"),
    ("{{ printf \"%s %q %v %d %05.1f %x %t\" \"a\" \"b\" 1 2 3.14 255 true }}", "a \"b\" 1 2 003.1 ff true"),
    (
        "{{ slice \"abcdef\" 1 3 }} {{ index $labels \"c\" }} {{ len \"abc\" }} {{ print 1 2 \"a\" }}",
        "bc z 3 1 2a",
    ),
    (
        "{{ humanizeTimestamp 1435065584.128 }} {{ humanize1024 2048 }} {{ humanizeDuration 4000 }}",
        "2015-06-23 13:19:44.128 +0000 UTC 2ki 1h 6m 40s",
    ),
];

/// Texts that fail: in their place stands a reason, with these words.
const FAILS: &[(&str, &str)] = &[
    (
        "{{ query \"nope\" | first | value }}",
        "error calling first: first() called on vector with no elements",
    ),
    ("{{ query \"up[5m]\" }}", "error calling query: rule result is not a vector or scalar"),
    ("{{ query \"((\" }}", "parse error"),
    ("{{ template \"nope\" }}", "nope"),
    ("{{ if gt $value 90 }}x{{ end }}", "incompatible types for comparison"),
    ("{{ (toTime $value).Foo }}", "can't evaluate field Foo in type *time.Time"),
    ("{{ toTime \"x\" }}", "strconv.ParseFloat: parsing \"x\": invalid syntax"),
    ("{{ (query \"up\" | first).Nope }}", "can't evaluate field Nope in type *template.sample"),
    ("{{ parseDuration \"5 parsecs\" }}", "error calling parseDuration"),
    ("{{ humanize \"1e400\" }}", "strconv.ParseFloat: parsing \"1e400\": value out of range"),
    ("{{ toUpper 1 }}", "expected string; found 1"),
    ("{{ match \"(\" \"a\" }}", "error calling match: error parsing regexp: "),
    ("{{ value 5 }}", "value"),
    ("{{ label \"x\" $labels }}", "label"),
    ("{{ $labels.n.x }}", "can't evaluate field x in type string"),
    ("{{ $labels.n 5 }}", "n has arguments but cannot be invoked as function"),
];

/// What Prometheus 3 has and promtool 2.42 has not, or has otherwise.
const NEWER: &[(&str, &str)] = &[
    (
        "{{ now }} {{ toDuration 5400 }} {{ (toDuration 90).Minutes }} {{ urlQueryEscape \"a b\" }}",
        "300 1h30m0s 1.5 a+b",
    ),
    ("{{ pathPrefix }} {{ externalURL }}", "/a b/x http://larum.example:9090/a%20b/x/"),
    ("{{ title \"don't\" }}", "Don't"),
];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Rules of one alert with these texts, and a test that expects these of it.
fn files(texts: &[(&str, &str)]) -> (String, String) {
    let line = |(index, text): (usize, &str)| format!("      a{index:02}: {}\n", quoted(text));
    let given: String = texts.iter().map(|(text, _)| *text).enumerate().map(line).collect();
    let expected: String = texts.iter().map(|(_, expected)| *expected).enumerate().map(line).collect();
    let rules =
        format!("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: m > 0\n    annotations:\n{given}");
    let alert = format!(
        "    - exp_labels: {{n: '1', c: z, host: 'foo.example.com:80'}}\n      exp_annotations:\n{}",
        expected.replace("      a", "        a")
    );
    let tests = format!(
        "rule_files: [rules.yaml]\ntests:\n- interval: 1m{GIVEN}  alert_rule_test:\n  - eval_time: 5m\n    \
         alertname: A\n    exp_alerts:\n{alert}"
    );
    (rules, tests)
}

/// What fails of these texts.
fn run(texts: &[(&str, &str)]) -> String {
    let (rules, tests) = files(texts);
    let rules = RuleFile::parse(&rules).unwrap_or_else(|errors| panic!("{errors:?}"));
    RuleTests::parse(&tests).unwrap_or_else(|error| panic!("{error}\n{tests}")).run(&[rules]).concat()
}

#[test]
fn texts_say_what_prometheus_makes_of_them() {
    for text in SAME.iter().chain(NEWER) {
        assert_eq!(run(&[*text]), "", "{}", text.0);
    }
}

#[test]
fn a_text_that_fails_has_its_reason_in_its_place() {
    for (text, words) in FAILS {
        let said = run(&[(text, "")]);
        let words = words.replace('"', "\\\"");
        assert!(
            said.contains("a00=\"<error expanding template: ") && said.contains(&words),
            "{text}: {said}"
        );
    }
}

/// What promtool says of a test of these texts.
fn promtool(texts: &[(&str, &str)]) -> String {
    let prometheus = std::env::var_os("LARUM_TEST_PROMETHEUS");
    let prometheus = prometheus.unwrap_or_else(|| {
        panic!("LARUM_TEST_PROMETHEUS is not set: run `cargo xtask test`, which installs it")
    });
    let folder = tempfile::tempdir().unwrap();
    let (rules, tests) = files(texts);
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    std::fs::write(folder.path().join("tests.yaml"), tests).unwrap();
    let mut promtool = Command::new(std::path::Path::new(&prometheus).with_file_name("promtool"));
    let output = promtool.args(["test", "rules"]).arg(folder.path().join("tests.yaml")).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn promtool_says_the_same() {
    let said = promtool(SAME);
    assert!(said.contains("SUCCESS"), "{said}");
    for (text, _) in FAILS {
        let said = promtool(&[(text, "")]);
        assert!(said.contains("a00=\"<error expanding template: "), "{text}: {said}");
    }
}
