//! Messages for Slack and for webhooks, where no real Alertmanager is needed to know them.

use larum_alertmanager::config::{SlackConfig, update_url};
use larum_alertmanager::slack::{MAX_TITLE, SlackPost, SlackTexts, channel_of, plain_of, update_of};
use larum_alertmanager::template::{FieldError, Templates};
use larum_alertmanager::webhook::{self, UrlTemplate};
use serde_json::Value;

use crate::sound;
use crate::story::{START, bare, data, disks, occasion};

fn slack(fields: &str) -> SlackConfig {
    let text = format!(
        "route: {{ receiver: a }}\nreceivers: [{{ name: a, slack_configs: [{{ api_url: http://x, channel: '#a', {fields} }}] }}]"
    );
    sound(&text).receivers.remove(0).slack.remove(0)
}

fn post(fields: &str) -> Result<SlackPost, FieldError> {
    SlackTexts::new(&slack(fields), &Templates::standard()).post(&data(&disks()), START)
}

fn json(body: &str) -> Value {
    serde_json::from_str(body).expect("it is JSON")
}

#[test]
fn texts_are_escaped_and_urls_are_not() {
    let second = "(index .Alerts 1)";
    let fields = format!(
        "text: '{{{{ {second}.Annotations.summary }}}}', title_link: '{{{{ {second}.GeneratorURL }}}}', \
         message_text: '<!here> {{{{ {second}.Annotations.summary }}}}', color: '#123'"
    );
    let post = post(&fields).expect("it can be filled in");
    let body = json(&post.body);
    assert_eq!(post.channel, "#a");
    assert_eq!(body["text"], "<!here> &lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}");
    assert_eq!(body["attachments"][0]["text"], "&lt;!channel&gt; \"é\" &amp; @here\n{{ .Nope }}");
    assert_eq!(body["attachments"][0]["title_link"], "http://prometheus/graph?g0.expr=a%3C1&g0.tab=1");
    assert_eq!(body["attachments"][0]["color"], "#123");
    let keys: Vec<&String> = body.as_object().expect("it is one").keys().collect();
    assert_eq!(keys, ["attachments", "channel", "text", "username"]);
}

#[test]
fn a_field_that_fails_is_named() {
    let cases = [
        ("text: '{{ .Nope }}'", "text cannot be filled in: can't evaluate field Nope in type *template.Data"),
        ("title: '{{ nope }}'", "title cannot be filled in: function \"nope\" not defined"),
        ("footer: '{{ template \"x\" . }}'", "footer cannot be filled in: "),
        (
            "text: '{{ range 10000000 }}0123456789{{ end }}'",
            "text cannot be filled in: more than 65536 bytes",
        ),
        (
            "fields: [{ title: a, value: b }, { title: a, value: '{{ if }}' }]",
            "fields[1].value cannot be filled in: ",
        ),
        (
            "actions: [{ type: button, text: a, name: b, confirm: { text: '{{ toUpper 1 }}' } }]",
            "actions[0].confirm.text cannot be filled in: error calling toUpper: ",
        ),
    ];
    for (fields, words) in cases {
        let said = post(fields).expect_err("it fails").to_string();
        assert!(said.starts_with(words), "{fields}: {said}");
    }
}

#[test]
fn what_is_told_in_plain_words_goes_where_it_was_to_go_if_that_can_be_said() {
    let channel = |template: &str| {
        let mut config = slack("text: '{{ .Nope }}'");
        config.channel = template.to_owned();
        let texts = SlackTexts::new(&config, &Templates::standard());
        let (data, text) = (data(&disks()), "Two disks are full");
        texts.post(&data, START).expect_err("its text fails");
        let plain = texts.plain(text, &data, START);
        assert_eq!(json(&plain)["text"], text);
        channel_of(&plain)
    };
    assert_eq!(channel("#ops").as_deref(), Some("#ops"));
    assert_eq!(channel("#{{ .CommonLabels.job }}").as_deref(), Some("#node"));
    assert_eq!(channel("{{ .CommonLabels.nobody }}"), None, "nobody said which");
    assert_eq!(channel("#{{ .Team }}"), None, "it fails too");
}

#[test]
fn a_title_is_cut_before_it_is_escaped() {
    let title = "title: '{{ range 600 }}{{ slice (index $.Alerts 1).Annotations.summary 0 2 }}{{ end }}'";
    let body = json(&post(title).expect("it can be filled in").body);
    let title = body["attachments"][0]["title"].as_str().expect("it is a text");
    assert_eq!(title, "&lt;!".repeat(MAX_TITLE / 2 - 1) + "&lt;…");
}

#[test]
fn a_text_may_define_templates_for_itself() {
    let fields = "title: '{{ define \"__subject\" }}mine{{ end }}{{ template \"__subject\" . }}'";
    let body = json(&post(fields).expect("it can be filled in").body);
    assert_eq!(body["attachments"][0]["title"], "mine");
    let fallback = body["attachments"][0]["fallback"].as_str().expect("it is a text");
    assert!(
        fallback.starts_with("[FIRING:2] DiskFull node (a b) | http://larum.example/x/#/alerts?receiver=")
    );
}

#[test]
fn a_webhook_counts_the_alerts_that_it_leaves_out() {
    let notification = disks();
    let body = json(&webhook::body(&occasion(&notification), 2));
    let alerts = body["alerts"].as_array().expect("it is a list");
    assert_eq!((alerts.len(), &body["truncatedAlerts"]), (2, &Value::from(1)));
    assert_eq!(json(&webhook::body(&occasion(&notification), 3))["truncatedAlerts"], 0);
}

#[test]
fn a_webhook_is_byte_for_byte_alertmanagers() {
    let body = webhook::body(&occasion(&bare()), 0);
    let expected = r#"{"receiver":"default","status":"resolved","alerts":[{"status":"resolved","labels":{"a\u003cb":"1"},"annotations":{},"startsAt":"2026-07-01T12:00:00.5Z","endsAt":"2026-07-01T12:00:00.5Z","generatorURL":"","fingerprint":"e51f2a4d8361ac03"}],"notification_reason":"all alerts resolved","groupLabels":{},"commonLabels":{"a\u003cb":"1"},"commonAnnotations":{},"externalURL":"http://larum.example/x","version":"4","groupKey":"{}:{alertname=\"DiskFull\"}","truncatedAlerts":0}"#;
    assert_eq!(body, expected.to_owned() + "\n");
}

#[test]
fn the_url_of_a_webhook_may_be_a_template() {
    let template = |text| UrlTemplate::read(text, &Templates::standard());
    let url = |text| template(text).expect("it is one").fill(&data(&disks()), START);
    assert_eq!(url("http://x/{{ .CommonLabels.job }}").as_deref(), Ok("http://x/node"));
    assert!(template("http://x/}}").is_none());
    assert_eq!(url("http://x/{{ .Nope }}").expect_err("it fails").field, "url");
}

#[test]
fn a_body_that_was_written_says_what_it_was_written_from() {
    let (before, body) = (data(&disks()), webhook::body(&occasion(&disks()), 0));
    let after = webhook::data_of(&body).expect("it was written here");
    let asked = "{{ .Receiver }} {{ .Status }} {{ .GroupLabels }} {{ .CommonLabels }} {{ .CommonAnnotations }} \
        {{ .NotificationReason }} {{ range .Alerts }}{{ .Status }} {{ .Labels }} {{ .StartsAt }} {{ .EndsAt }} \
        {{ .Fingerprint }} {{ .GeneratorURL }}{{ end }}";
    let template = UrlTemplate::read(asked, &Templates::standard()).expect("it is one");
    assert_eq!(template.fill(&after, START), template.fill(&before, START));
    assert!(webhook::data_of("{}").is_none());
}

#[test]
fn a_message_that_is_there_is_said_anew_with_nothing_of_the_old_one_left() {
    let body = post("message_text: now, title: t").expect("it is written").body;
    let anew = json(&update_of(&body, "C1", "1.2").expect("it is"));
    assert_eq!((&anew["channel"], &anew["ts"], &anew["text"]), (&"C1".into(), &"1.2".into(), &"now".into()));
    assert_eq!(anew["attachments"][0]["title"], "t");
    let plain = plain_of(&body).expect("it is written here");
    let plain = json(&update_of(&plain, "C1", "1.2").expect("it is"));
    assert_eq!(plain["attachments"], serde_json::json!([]));
    assert!(update_of("[]", "C1", "1.2").is_none());
    assert_eq!(
        update_url("https://a.b/api/chat.postMessage").as_deref(),
        Some("https://a.b/api/chat.update")
    );
    assert_eq!(update_url("https://hooks.slack.com/services/T/B/x"), None);
}
