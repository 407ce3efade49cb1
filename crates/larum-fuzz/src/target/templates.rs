//! Templates: whatever they say, what comes of them is bounded, in length and in time.

use larum_alertmanager::data::{Data, DataAlert};
use larum_alertmanager::template::{Escape, MAX_TEXT, Scene, Templates};
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

pub const WORDS: [&str; 40] = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{ end }}",
    "{{ range .Alerts }}",
    "{{ if ",
    "{{ else }}",
    "{{ with ",
    "{{ define \"a\" }}",
    "{{ template \"a\" . }}",
    "{{ block \"a\" . }}",
    "$x := ",
    "$x",
    ".Labels",
    ".CommonLabels.SortedPairs",
    ".Values",
    ".Alerts.Firing",
    ".GroupLabels.alertname",
    ".StartsAt",
    "| toUpper",
    "| toJson",
    "| len",
    "index ",
    "printf \"%s\" ",
    "reReplaceAll \"(.)\" \"$1$1\" ",
    "match \"a\" ",
    "stringSlice \"a\" ",
    "join \",\" ",
    "dict \"a\" 1",
    "list 1 2",
    "append ",
    "date \"2006\" ",
    "since ",
    "humanizeDuration ",
    "eq 1 ",
    "and ",
    "or ",
    "/* a */",
    "range $i, $a := ",
];

fn scene() -> Scene {
    let alert = |i: &str, is_resolved| DataAlert {
        is_resolved,
        labels: LabelSet::from_pairs([("alertname", "Disk"), ("i", i)]),
        annotations: LabelSet::from_pairs([("summary", "<!channel> {{ \"&\" }} é")]),
        starts_at: Timestamp::from_millis(1_800_000_000_000),
        ends_at: is_resolved.then(|| Timestamp::from_millis(1_800_000_060_000)),
        generator_url: "http://x/".to_owned(),
        fingerprint: "0123456789abcdef".to_owned(),
    };
    let data = Data {
        receiver: "team".to_owned(),
        alerts: vec![alert("1", false), alert("2", true)],
        notification_reason: "first notification",
        group_labels: LabelSet::from_pairs([("alertname", "Disk")]),
        common_labels: LabelSet::from_pairs([("alertname", "Disk")]),
        common_annotations: LabelSet::empty(),
        external_url: "http://larum".to_owned(),
    };
    Scene::new(&data, Timestamp::from_millis(1_800_000_030_000))
}

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (file, field) = text.split_once('\0').unwrap_or(("", &text));
    let Ok(templates) = Templates::with_files([("file.tmpl", file)]) else { return };
    let texts = templates.texts([("field".to_owned(), field)]);
    let scene = scene();
    match texts.fill("field", &scene, Escape::Nothing) {
        Ok(out) if field.contains("{{") => assert!(out.len() <= MAX_TEXT, "{} bytes", out.len()),
        Ok(out) => assert_eq!(out, field),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    // What comes from an alert pings nobody, unless the template itself wrote that.
    if let Ok(out) = texts.fill("field", &scene, Escape::Slack)
        && !text.contains('<')
        && !text.contains("\\")
        && !text.contains("printf")
        && !text.contains("safe")
        && !text.contains("base64")
        && !text.contains("html")
        && !text.contains("url")
    {
        assert!(!out.contains("<!channel>"), "{text} pings");
    }
}
