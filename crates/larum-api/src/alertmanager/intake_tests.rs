use std::fmt::Write as _;

use larum_core::alert::{EndReason, Origin, Says};
use larum_core::matcher::MatcherSyntax;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_332_600_000);

fn post(body: &str) -> Result<Intake, Refusal> {
    read(body.as_bytes(), Terms::at(NOW))
}

fn accepted(body: &str) -> Vec<Observation> {
    let intake = post(body).unwrap();
    assert_eq!(intake.verdict(), None, "{body}");
    intake.observations
}

fn refused(body: &str) -> (u16, String) {
    match post(body).map(|intake| intake.verdict()) {
        Err(Refusal::Framework { code, message }) => (code, message),
        Ok(Some(Refusal::Handler { status, message })) => (status.as_u16(), message),
        other => panic!("{body} gave {other:?}"),
    }
}

#[test]
fn an_alert_without_times_fires_from_now_until_the_timeout() {
    let seen = accepted(r#"[{"labels":{"alertname":"x","gone":"","null":null}}]"#).remove(0);
    assert_eq!(seen.labels.to_string(), r#"{alertname="x"}"#);
    assert_eq!(seen.starts_at, NOW);
    assert_eq!(seen.says, Says::Firing { ends_at: NOW.plus(Duration::from_secs(300)), timeout: true });
    assert_eq!(seen.origin, Origin::Prometheus);
}

#[test]
fn an_end_in_the_past_resolves_and_gives_the_missing_start() {
    let seen = accepted(r#"[{"labels":{"a":"b"},"endsAt":"2026-11-22T07:29:00Z"}]"#).remove(0);
    let at = NOW.minus(Duration::from_secs(60));
    assert_eq!((seen.starts_at, seen.says), (at, Says::Ended { at, reason: EndReason::Resolved }));
}

#[test]
fn an_end_in_the_future_is_the_senders_own() {
    let seen = accepted(
        r#"[{"labels":{"a":"b"},"startsAt":"2026-11-22T07:00:00Z","endsAt":"2026-11-22T07:34:00Z","generatorURL":"http://p/graph?g0.expr=up"}]"#,
    )
    .remove(0);
    assert_eq!(seen.says, Says::Firing { ends_at: NOW.plus(Duration::from_secs(240)), timeout: false });
    assert_eq!(&*seen.generator_url, "http://p/graph?g0.expr=up");
}

#[test]
fn in_classic_mode_names_are_what_they_were() {
    let terms = Terms { syntax: MatcherSyntax::Classic, ..Terms::at(NOW) };
    let body =
        r#"[{"labels":{"a.b":"c"}},{"labels":{"ok_1":"c"}},{"labels":{"a":"b"},"annotations":{"1":"x"}}]"#;
    let intake = read(body.as_bytes(), terms).expect("it is read");
    assert_eq!(
        intake.refused,
        ["invalid label set: invalid name \"a.b\"", "invalid annotations: invalid name \"1\""]
    );
    assert_eq!(intake.observations.len(), 1);
}

#[test]
fn text_of_every_kind_stays_as_it_is() {
    let body = r#"[{"labels":{"alertname":"<!channel> \"q\" \n \u202eabc","наме ü":"日本"},"annotations":{"summary":"`<@U1>`\t&"}}]"#;
    let seen = accepted(body).remove(0);
    assert_eq!(seen.labels.value("alertname"), "<!channel> \"q\" \n \u{202e}abc");
    assert_eq!(seen.labels.value("наме ü"), "日本");
    assert_eq!(seen.annotations.value("summary"), "`<@U1>`\t&");
}

#[test]
fn nothing_to_take_in_is_fine_but_no_body_is_not() {
    assert!(accepted("[]").is_empty());
    assert!(accepted(" null ").is_empty());
    assert_eq!(refused(""), (602, "alerts in body is required".into()));
    assert_eq!(refused(r#"{"status":"firing"}"#), (602, "alerts in body is required".into()));
}

#[test]
fn what_alertmanagers_framework_refuses_is_refused_in_its_words() {
    assert_eq!(refused("[{}]"), (602, "0.labels in body is required".into()));
    assert_eq!(
        refused(r#"[{"labels":{"a":"b"}},{"labels":null}]"#),
        (602, "1.labels in body is required".into())
    );
    assert_eq!(refused("[null]"), (602, "0.labels in body is required".into()));
    let wrong_link = r#"[{"labels":{"a":"b"},"generatorURL":"::not a url"}]"#;
    assert_eq!(
        refused(wrong_link),
        (601, r#"0.generatorURL in body must be of type uri: "::not a url""#.into())
    );
}

#[test]
fn what_is_not_json_of_the_right_kind_is_refused_whole() {
    for body in [
        r#"{"a":"#,
        "5",
        r#""x""#,
        "[1]",
        r#"[{"labels":{"a":1}}]"#,
        r#"[{"labels":["a"]}]"#,
        r#"[{"labels":{"a":"x"},"annotations":{"b":7}}]"#,
        r#"[{"labels":{"a":"x"},"startsAt":5}]"#,
        r#"[{"labels":{"a":"x"},"startsAt":"yesterday"}]"#,
        r#"[{"labels":{"a":"x"}}] trailing"#,
        r#"[{"labels":{"a":"x"}}"#,
        r#"[{"labels":{"a":"\ud800"}}]"#,
        r#"{"alerts":{"labels":{}}}"#,
    ] {
        let (code, message) = refused(body);
        assert_eq!(code, 400, "{body}");
        assert!(message.starts_with("parsing alerts body from \"\" failed, because "), "{message}");
    }
    let broken = read(b"[{\"labels\":{\"a\":\"\xff\xfe\"}}]", Terms::at(NOW)).unwrap_err();
    assert_eq!(broken.status(), 400);
    let deep = "[".repeat(100_000);
    assert_eq!(refused(&deep).0, 400);
}

#[test]
fn one_wrong_alert_does_not_keep_the_right_ones_out() {
    let body = r#"[{"labels":{}},{"labels":{"good":"x"}},{"labels":{"":"x"}},
        {"labels":{"a":"b"},"startsAt":"2026-01-01T00:00:00Z","endsAt":"2025-01-01T00:00:00Z"}]"#;
    let intake = post(body).unwrap();
    assert_eq!(intake.observations.len(), 1);
    let words = "at least one label pair required\ninvalid label set: invalid name \"\"\nstart time must be before end time";
    assert_eq!(refused(body), (400, words.into()));
}

#[test]
fn a_hundred_wrong_alerts_are_not_all_spelled_out() {
    let body = format!("[{}]", vec![r#"{"labels":{}}"#; 100].join(","));
    assert!(refused(&body).1.ends_with("\nand 90 more alerts are wrong"));
}

#[test]
fn ten_thousand_labels_are_too_many() {
    let mut labels = String::new();
    for n in 0..10_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(labels, "{comma}\"l{n}\":\"v\"").unwrap();
    }
    let (code, words) = refused(&format!(r#"[{{"labels":{{{labels}}}}}]"#));
    assert_eq!((code, words.as_str()), (400, "an alert can have at most 256 labels; this one has 10000"));
}

#[test]
fn too_much_text_and_too_many_alerts_are_refused_with_the_limit() {
    let long = "x".repeat(200_000);
    let (code, words) = refused(&format!(r#"[{{"labels":{{"a":"b"}},"annotations":{{"a":"{long}"}}}}]"#));
    assert_eq!(code, 400);
    assert!(words.contains("at most 65536 bytes of text"), "{words}");
    let many = format!("[{}]", vec![r#"{"labels":{"a":"b"}}"#; MAX_ALERTS_PER_POST + 1].join(","));
    assert_eq!(refused(&many).0, 413);
}

#[test]
fn an_alertmanagers_webhook_fires_and_resolves_by_its_word() {
    let body = r#"{"version":"4","groupKey":"{}:{}","status":"firing","receiver":"larum","truncatedAlerts":0,
        "groupLabels":{"alertname":"x"},"alerts":[
        {"status":"firing","labels":{"alertname":"x","n":"1"},"annotations":{"s":"t"},"startsAt":"2026-11-22T07:00:00Z",
         "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/","fingerprint":"00"},
        {"status":"resolved","labels":{"alertname":"x","n":"2"},"startsAt":"2026-11-22T07:00:00Z","endsAt":"2026-11-22T07:40:00Z"}],
        "externalURL":"http://am"}"#;
    let seen = accepted(body);
    let day_and_an_hour = Duration::from_secs(25 * 3600);
    assert_eq!(seen[0].says, Says::Firing { ends_at: NOW.plus(day_and_an_hour), timeout: true });
    assert_eq!(seen[0].origin, Origin::Alertmanager);
    assert_eq!(seen[1].says, Says::Ended { at: NOW, reason: EndReason::Resolved });
    let odd = r#"{"alerts":[{"status":"maybe","labels":{"a":"b"}}]}"#;
    assert_eq!(refused(odd), (606, "alerts.0.status in body should be one of [firing resolved]".into()));
}

#[test]
fn what_an_alertmanager_leaves_out_of_its_webhook_is_counted() {
    let hook = |truncated: &str| {
        let alert = r#"{"status":"firing","labels":{"alertname":"x"}}"#;
        post(&format!(r#"{{"version":"4","truncatedAlerts":{truncated},"alerts":[{alert}]}}"#)).unwrap()
    };
    assert_eq!(["0", "7", "null"].map(|truncated| hook(truncated).left_out), [0, 7, 0]);
}

#[test]
fn a_label_is_no_place_for_a_story() {
    let alert = |label: &str, bytes: usize| {
        let text = "x".repeat(bytes);
        format!(r#"[{{"labels":{{"alertname":"x","{label}":"{text}"}},"annotations":{{"story":"{text}"}}}}]"#)
    };
    accepted(&alert("query", 4096));
    let (status, words) = refused(&alert("query", 4097));
    assert_eq!(status, 400);
    assert!(words.contains(r#"that of "query" has 4097: say it in an annotation"#), "{words}");
}
