//! What templates make of a notification; the same as Alertmanager's own `amtool template render`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use larum_alertmanager::template::{Escape, MAX_TEXT, Scene, Templates};
use larum_alertmanager::webhook;
use larum_core::notification::Notification;
use proptest::prelude::*;

use crate::amtool::amtool;
use crate::story::{START, bare, data, disks, occasion};

/// A file as an operator writes it; the last template takes the place of one that is always there.
pub const FILE: &str = include_str!("../files/team.tmpl");

fn fill_with(
    templates: &Templates,
    text: &str,
    notification: &Notification,
    escape: Escape,
) -> Result<String, String> {
    let now = START.plus(Duration::from_secs(3723));
    let texts = templates.texts([("text".to_owned(), text)]);
    let scene = Scene::new(&data(notification), now);
    texts.fill("text", &scene, escape).map_err(|error| error.to_string())
}

/// What comes of a text, or why nothing does.
fn fill(text: &str, notification: &Notification) -> Result<String, String> {
    let templates = Templates::with_files([("team.tmpl", FILE)]).expect("it is sound");
    fill_with(&templates, text, notification, Escape::Nothing)
}

/// What amtool makes of it.
fn amtool_makes(folder: &Path, text: &str, notification: &Notification) -> Result<String, String> {
    let (templates, json) = (folder.join("team.tmpl"), folder.join("data.json"));
    std::fs::write(&templates, FILE).expect("there is room");
    std::fs::write(&json, webhook::body(&occasion(notification), 0)).expect("there is room");
    let flag = |name: &str, value: &str| format!("--template.{name}={value}");
    // Debian keeps the templates that are always there beside the program, where this amtool does not look.
    let amtool = amtool();
    let usual = amtool.ancestors().nth(2).expect("it lies in a folder of its own");
    let usual = usual.join("share/prometheus/alertmanager/default.tmpl");
    let output = Command::new(amtool)
        .args(["template", "render"])
        .args([flag("glob", &usual.to_string_lossy())])
        .args([flag("glob", &templates.to_string_lossy()), flag("data", &json.to_string_lossy())])
        .arg(flag("text", text))
        .output()
        .expect("amtool runs");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(words(&output.stdout)) } else { Err(words(&output.stderr)) }
}

/// Texts of which amtool 0.25 can make something.
const TEXTS: &[&str] = &[
    "no template",
    "{{ .Receiver }} {{ .Status }} {{ .ExternalURL }}",
    "{{ .GroupLabels.SortedPairs.Values | join \" \" }} {{ .CommonLabels.Names | join \",\" }}",
    "{{ with .CommonLabels.Remove .GroupLabels.Names }}{{ .Values | join \" \" }}{{ end }}",
    "{{ (.CommonLabels.Remove (stringSlice \"job\")).Names }}",
    "{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}",
    "{{ range $name, $value := .CommonLabels }}{{ $name }}={{ $value }};{{ end }}",
    "{{ range $index, $pair := .GroupLabels.SortedPairs }}{{ $index }}{{ $pair }}{{ end }}",
    "{{ .Alerts | len }} {{ .Alerts.Firing | len }} {{ len .Alerts.Resolved }} {{ len .CommonLabels }}",
    "{{ range .Alerts }}{{ .Status }} {{ .Labels.instance }} {{ .Fingerprint }} {{ .GeneratorURL }}\n{{ end }}",
    "{{ range .Alerts.Firing }}{{ .Annotations.summary }}\n{{ end }}",
    "{{ index .CommonLabels \"job\" }} {{ index .CommonLabels \"nope\" }}|{{ .CommonLabels.nope }}|",
    "{{ index (index .Alerts 0).Labels \"a<b\" }}|",
    "{{ range .Alerts }}{{ .StartsAt }} {{ .EndsAt }} {{ .EndsAt.IsZero }}\n{{ end }}",
    "{{ (index .Alerts 2).EndsAt.Sub (index .Alerts 2).StartsAt }}",
    "{{ (index .Alerts 0).StartsAt.Format \"Mon Jan _2 15:04:05.000 MST 2006\" }}",
    "{{ (index .Alerts 0).StartsAt.Unix }} {{ (index .Alerts 0).StartsAt.Weekday }} {{ (index .Alerts 0).EndsAt.Unix }}",
    "{{ ((index .Alerts 0).StartsAt.Add 3600000000000).Hour }} {{ ((index .Alerts 0).StartsAt.AddDate 0 1 3).YearDay }}",
    "{{ toUpper \"straße\" }} {{ \"ÄB\" | toLower }} {{ title \"hELLO wORLD foo-bar\" }}",
    "{{ match \"^Disk\" .CommonLabels.alertname }} {{ match \"^a.*z$\" \"b\" }}",
    "{{ range .Alerts }}{{ match \"<!.*> .* &\" .Annotations.summary }}{{ end }}",
    "{{ reReplaceAll \"(D)isk(.*)\" \"${1}-$2<&>\" .CommonLabels.alertname }}",
    "{{ range .Alerts }}{{ reReplaceAll \"<(!)(\\\\w+)>\" \"[$2$1<]\" .Annotations.summary }}\n{{ end }}",
    "{{ safeHtml \"<b>\" }} {{ stringSlice \"a\" \"b\" }} {{ stringSlice \"a\" \"b\" | join \"-\" }}",
    "{{ range .Alerts }}{{ .Annotations.summary | html }}|{{ .Annotations.summary | js }}\n{{ end }}",
    "{{ range .Alerts }}{{ urlquery .GeneratorURL }} {{ .Annotations.summary | printf \"%q|%.9s|%3d\" }}\n{{ end }}",
    "{{ range .Alerts }}{{ len .Annotations.summary }} {{ slice .Annotations.summary 1 9 }}\n{{ end }}",
    "{{ range .Alerts }}{{ if eq .Annotations.summary \"92.5% full\" \"<!channel>\" }}y{{ else }}n{{ end }}{{ end }}",
    "{{ if eq .Status \"firing\" }}a{{ end }}{{ if ne 1 2 }}b{{ end }}{{ if lt 1 2 }}c{{ end }}{{ ge \"b\" \"a\" }}",
    "{{ if and .CommonLabels (gt (len .Alerts) 1) }}x{{ end }}{{ if not .CommonLabels.nope }}y{{ end }}",
    "{{ printf \"%s|%d|%5.1f|%T|%T\" .Status (len .Alerts) 2.55 .CommonLabels .Alerts }}",
    "{{ $x := 1 }}{{ range .Alerts }}{{ $x = 2 }}{{ end }}{{ $x }} {{ $.Status }}",
    "{{ define \"own\" }}<{{ .Status }}>{{ end }}{{ template \"own\" . }}",
    "{{ define \"__subject\" }}mine{{ end }}{{ template \"slack.default.title\" . }}",
    "{{ block \"own\" .Alerts }}{{ len . }}{{ end }}",
    "{{ template \"team.title\" . }}|{{ template \"team.list\" .Alerts }}",
    "{{ template \"team.tmpl\" . }}",
    "{{ template \"slack.default.footer\" . }}|{{ template \"slack.default.text\" . }}",
    "{{- /* a note */ -}} a {{- /* another */}} b {{ \"c\" -}} d",
    "{{ template \"__alertmanager\" . }} {{ template \"__alertmanagerURL\" . }}",
    "{{ template \"__subject\" . }}|{{ template \"__description\" . }}|",
    "{{ template \"__text_alert_list\" .Alerts }}",
    "{{ template \"slack.default.title\" . }}|{{ template \"slack.default.fallback\" . }}",
    "{{ template \"slack.default.username\" . }}|{{ template \"slack.default.titlelink\" . }}",
    "{{ template \"slack.default.pretext\" . }}|{{ template \"slack.default.callbackid\" . }}",
    "{{ template \"slack.default.iconemoji\" . }}|{{ template \"slack.default.iconurl\" . }}|",
    "{{ template \"pagerduty.default.instances\" .Alerts.Firing }}|{{ template \"pagerduty.default.client\" . }}",
    "{{ template \"opsgenie.default.description\" . }}|{{ template \"opsgenie.default.source\" . }}",
    "{{ template \"wechat.default.message\" . }}|{{ template \"wechat.default.to_user\" . }}",
    "{{ template \"victorops.default.state_message\" . }}|",
    "{{ template \"pushover.default.message\" . }}|{{ template \"sns.default.message\" . }}|",
    "{{ template \"telegram.default.message\" . }}|{{ template \"discord.default.message\" . }}|",
    "{{ template \"webex.default.message\" . }}|",
];

/// Texts of which amtool 0.33 can make something, but not 0.25, each with what 0.33.1 makes of it for [`disks`].
const NEWER: &str = include_str!("../files/newer.txt");

fn newer() -> impl Iterator<Item = (&'static str, &'static str)> {
    let blocks = NEWER.split("\n=== end\n").filter(|block| !block.trim().is_empty());
    blocks.map(|block| block.split_once("\n=== becomes\n").expect("a text, and what becomes of it"))
}

/// Texts that amtool 0.25 cannot fill in, nor can we.
const REFUSED: &[&str] = &[
    "{{ .Nope }}",
    "{{ .CommonLabels.Remove }}",
    "{{ .Alerts.Nope }}",
    "{{ .Status.Nope }}",
    "{{ nope 1 }}",
    "{{ $x }}",
    "{{ if true }}",
    "{{ end }}",
    "{{ template \"nope\" . }}",
    "{{ toUpper 1 }}",
    "{{ toUpper }}",
    "{{ eq 1 \"a\" }}",
    "{{ lt 1 \"a\" }}",
    "{{ eq .Alerts .Alerts }}",
    "{{ match \"(\" \"a\" }}",
    "{{ reReplaceAll \"(\" \"a\" \"b\" }}",
    "{{ join 1 2 }}",
    "{{ index .Alerts 9 }}",
    "{{ stringSlice 1 }}",
];

/// Where we and amtool differ over texts.
fn differences<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room");
    let mut differences = Vec::new();
    for text in texts {
        for notification in [disks(), bare()] {
            let theirs = amtool_makes(folder.path(), text, &notification);
            let ours = fill(text, &notification);
            let is_same = match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => ours == theirs,
                (ours, theirs) => ours.is_err() == theirs.is_err(),
            };
            if !is_same {
                differences.push(format!("{text}\n  ours:   {ours:?}\n  amtool: {theirs:?}\n"));
            }
        }
    }
    differences
}

#[test]
fn amtool_makes_the_same_of_every_text() {
    let differences = differences(TEXTS.iter().copied());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Whether the peer is new enough for [`NEWER`].
fn amtool_is_new() -> bool {
    let output = Command::new(amtool()).arg("--version").output().expect("amtool runs");
    let words =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let version = words.split_once("version 0.").map(|(_, behind)| behind);
    let minor = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    minor.expect("amtool says its version") >= 33
}

#[test]
fn what_is_newer_is_known_too() {
    let differing: Vec<String> = newer()
        .map(|(text, expected)| (text, fill(text, &disks()), Ok(expected.to_owned())))
        .filter(|(_, ours, expected)| ours != expected)
        .map(|(text, ours, expected)| format!("{text}\n  {ours:?}\n  {expected:?}\n"))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    if amtool_is_new() {
        let differences = differences(newer().map(|(text, _)| text));
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

#[test]
fn amtool_refuses_what_we_refuse() {
    let folder = tempfile::tempdir().expect("there is room");
    for text in REFUSED {
        assert!(fill(text, &disks()).is_err(), "{text}: {:?}", fill(text, &disks()));
        assert!(amtool_makes(folder.path(), text, &disks()).is_err(), "{text}");
    }
}

#[test]
fn what_comes_from_alerts_pings_nobody_and_what_the_author_wrote_does() {
    let evil = [
        ("{{ .Annotations.summary }}", "&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}"),
        (
            "<!here> {{ .Annotations.summary | toUpper }}",
            "<!here> &lt;!CHANNEL&gt; \"É\" &amp; @HERE\n{{ .NOPE }}",
        ),
        ("{{ printf \"<%s|%.4s>\" \"http://x\" .Annotations.summary }}", "<http://x|&lt;!ch>"),
        ("{{ printf \"%q\" .Annotations.summary }}", r#""&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}""#),
        ("{{ slice .Annotations.summary 0 2 }}", "&lt;!"),
        (
            "{{ reReplaceAll \"<(!.*)> .*\\n.*\" \"<$0>|$1\" .Annotations.summary }}",
            "<&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}>|!channel",
        ),
        (
            "{{ reReplaceAll \"a\" .Annotations.summary \"a\" | trimSpace }}",
            "&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}",
        ),
        (
            "{{ index .Annotations \"summary\" | title | toLower }}",
            "&lt;!channel&gt; \"é\" &amp; @here\n{{ .nope }}",
        ),
        ("{{ .Annotations }}", "runbook=http://r/1, summary=&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}"),
        (
            "{{ range .Annotations.SortedPairs }}{{ .Value }}{{ end }}",
            "http://r/1&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}",
        ),
        (
            "{{ join \"<\" (list .Annotations.summary \"<!here>\") }}",
            "&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}<<!here>",
        ),
        ("{{ .GeneratorURL }}", "http://prometheus/graph?g0.expr=a%3C1&amp;g0.tab=1"),
        // What hides in an encoding is found.
        ("{{ .GeneratorURL | urlUnescape }}", "http://prometheus/graph?g0.expr=a&lt;1&amp;g0.tab=1"),
        ("{{ base64decode \"PCFjaGFubmVsPg==\" }}", "&lt;!channel&gt;"),
        (
            "{{ .Annotations.summary | base64encode | base64decode }}",
            "&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}",
        ),
        // Whoever escaped already sees no difference.
        ("{{ .Annotations.summary | html }}", "&lt;!channel&gt; &#34;é&#34; &amp; @here\n{{ .Nope }}"),
        ("{{ toJson .Annotations.summary }}", r#""\u003c!channel\u003e \"é\" \u0026 @here\n{{ .Nope }}""#),
        (
            "{{ .GeneratorURL | urlquery }}",
            "http%3A%2F%2Fprometheus%2Fgraph%3Fg0.expr%3Da%253C1%26g0.tab%3D1",
        ),
    ];
    for (text, expected) in evil {
        let text = format!("{{{{ with index .Alerts 1 }}}}{text}{{{{ end }}}}");
        assert_eq!(
            fill_with(&Templates::standard(), &text, &disks(), Escape::Slack).as_deref(),
            Ok(expected),
            "{text}"
        );
    }
    let text = "@channel {{ (index .Alerts 1).Annotations.summary }}";
    let expected = "@channel &lt;!channel&gt; \"é\" &amp; @\u{2060}here\n{{ .Nope }}";
    let filled = fill_with(&Templates::standard(), text, &disks(), Escape::SlackNames);
    assert_eq!(filled.as_deref(), Ok(expected));
    let names = "{{ .CommonLabels }} {{ .CommonLabels.Names }} {{ index .CommonLabels \"a<b\" }}";
    let filled = fill_with(&Templates::standard(), names, &bare(), Escape::Slack);
    assert_eq!(filled.as_deref(), Ok("a&lt;b=1 [a&lt;b] 1"));
}

#[test]
fn now_is_an_argument() {
    assert_eq!(
        fill("{{ (index .Alerts 0).StartsAt | since | humanizeDuration }}", &disks()).as_deref(),
        Ok("1h 2m 3s")
    );
    assert_eq!(
        fill("{{ since (index .Alerts 0).StartsAt }} {{ now }}", &disks()).as_deref(),
        Ok("1h2m3s 2026-07-01 13:02:03.5 +0000 UTC")
    );
}

#[test]
fn nothing_grows_without_bounds() {
    let doubling = "{{ $x := \"ab\" }}".to_owned() + &"{{ $x = print $x $x }}".repeat(60);
    let lists = "{{ $x := list 1 }}".to_owned() + &"{{ $x = list $x $x }}".repeat(60) + "{{ $x }}";
    let deep = "{{ $x := list 1 }}{{ range 90000 }}{{ $x = list $x }}{{ end }}";
    let wide = "{{ $x := list 1 }}{{ range 90000 }}{{ $x = append $x 1 }}{{ end }}";
    let heavy =
        "{{ $x := printf \"%9000d\" 1 }}{{ $l := list }}{{ range 9000 }}{{ $l = append $l $x }}{{ end }}";
    let folded = "{{ $x := printf \"%9000d\" 1 }}{{ $x = dict \"a\" $x }}".to_owned()
        + &"{{ $x = dict \"a\" $x \"b\" $x }}".repeat(9);
    let twice = "{{ template \"x\" (slice . 1) }}".repeat(2);
    let calls = format!(
        "{{{{ define \"x\" }}}}{{{{ if . }}}}{twice}{{{{ end }}}}{{{{ end }}}}{{{{ template \"x\" \"{}\" }}}}",
        "a".repeat(40)
    );
    let endless = [
        (doubling.as_str(), "more than 65536 bytes"),
        ("{{ range 1000000000 }}x{{ end }}", "more than 65536 bytes"),
        ("{{ range 1000000000 }}{{ end }}", "range iteration budget exhausted"),
        (&"{{ printf \"%9000d\" 1 }}".repeat(8), "more than 65536 bytes"),
        (&lists, "more than 20000 values, 16777216 bytes, or more than 20 within each other"),
        (deep, "more than 20000 values, 16777216 bytes, or more than 20 within each other"),
        (wide, "more than 20000 values, 16777216 bytes, or more than 20 within each other"),
        (heavy, "more than 20000 values, 16777216 bytes, or more than 20 within each other"),
        (&(folded.clone() + "{{ $x }}"), "more than 65536 bytes"),
        (&(folded.clone() + "{{ printf \"%v\" $x }}"), "more than 65536 bytes"),
        (&(folded + "{{ toJson $x }}"), "more than 65536 bytes"),
        (&calls, "more than 10000 templates within templates"),
        ("{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}", "recursion limit exceeded"),
        ("{{ match \"(((a{99}){99}){99}){99}\" \"a\" }}", "error calling match"),
    ];
    for (text, words) in endless {
        let said = fill(text, &disks()).expect_err("it is too much");
        assert!(said.starts_with("text cannot be filled in: ") && said.contains(words), "{text}: {said}");
    }
    let fits = "x".repeat(MAX_TEXT - 1) + "{{ 1 }}";
    assert_eq!(fill(&fits, &disks()).map(|text| text.len()), Ok(MAX_TEXT));
    let file = "{{ template \"a.tmpl\" . }}{{ template \"a.tmpl\" . }}";
    let templates = Templates::with_files([("a.tmpl", file)]).expect("it can be read");
    assert!(fill_with(&templates, file, &disks(), Escape::Nothing).is_err());
}

#[test]
fn a_file_that_is_no_template_is_refused_by_name() {
    let files = [("a.tmpl", "{{ define \"a\" }}{{ end }}"), ("b.tmpl", "{{ nope }}"), ("c.tmpl", "{{ if }}")];
    let errors = Templates::with_files(files).expect_err("two of them are wrong");
    assert_eq!(errors[0].to_string(), "b.tmpl: function \"nope\" not defined");
    assert_eq!((errors.len(), errors[1].file.as_str()), (2, "c.tmpl"));
}

const FUNCTIONS: [&str; 31] = [
    "printf",
    "print",
    "index",
    "slice",
    "len",
    "html",
    "js",
    "urlquery",
    "title",
    "toUpper",
    "trimSpace",
    "join",
    "match",
    "reReplaceAll",
    "stringSlice",
    "date",
    "tz",
    "since",
    "humanizeDuration",
    "toJson",
    "list",
    "append",
    "dict",
    "base64decode",
    "urlUnescape",
    "eq",
    "lt",
    ".CommonLabels.Remove",
    "(index .Alerts 0).StartsAt.Add",
    "(index .Alerts 0).EndsAt.AddDate",
    "now.Sub",
];
const VALUES: [&str; 20] = [
    "",
    "0",
    "-1",
    "1e308",
    "9223372036854775807",
    "\"\"",
    "\"ä%<\"",
    "\"%[2]*.3[1]d%c%-+#09U\"",
    "\"(ä)|\"",
    "\"$1${x}$\"",
    "\"Jan _2 .999Z07\"",
    ".",
    ".Alerts",
    ".CommonLabels",
    ".GroupLabels.SortedPairs",
    "nil",
    "true",
    "(index .Alerts 1).EndsAt",
    "(index .Alerts 1).Annotations.summary",
    "(dict \"a\" 1)",
];

proptest! {
    #[test]
    fn no_value_makes_a_function_panic(
        function in prop::sample::select(&FUNCTIONS[..]),
        values in prop::collection::vec(prop::sample::select(&VALUES[..]), 0..5),
    ) {
        for before in ["", ".Alerts | ", "(index .Alerts 1).Annotations.summary | "] {
            let text = format!("{{{{ {before}{function} {} }}}}", values.join(" "));
            // What panics in a function is caught by crate gotmpl, and told as an error.
            let said = fill(&text, &disks()).unwrap_or_else(|error| error);
            prop_assert!(!said.contains("panicked"), "{}: {}", text, said);
        }
    }
}
