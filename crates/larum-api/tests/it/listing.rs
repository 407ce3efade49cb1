//! The same alerts posted to Alertmanager 0.25 and to Larum, and the same questions about them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::house::{Caller, House};
use crate::peer::{Alertmanager, Question, ask_larum, receiver_of_everything};

const ALERTS: &str = "/api/v2/alerts";

/// What is posted, one request after the other: alerts with odd characters, without times, over, again, and wrong ones
/// among right ones.
fn posts() -> Vec<Value> {
    let long_ago = "2020-01-01T00:00:00.123456789Z";
    let far_away = "2100-01-01T00:00:00+02:00";
    vec![
        json!([
            { "labels": { "alertname": "Times", "n": "both" }, "startsAt": long_ago, "endsAt": far_away },
            { "labels": { "alertname": "Times", "n": "start" }, "startsAt": long_ago },
            { "labels": { "alertname": "Times", "n": "end" }, "endsAt": far_away },
            { "labels": { "alertname": "Times", "n": "none" } },
            { "labels": { "alertname": "Times", "n": "zero" }, "startsAt": "0001-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z" },
            { "labels": { "alertname": "Times", "n": "later" }, "startsAt": "2099-01-01T00:00:00Z", "endsAt": far_away },
            { "labels": { "alertname": "Times", "n": "over" }, "startsAt": long_ago, "endsAt": "2021-01-01T00:00:00Z" },
        ]),
        json!([
            { "labels": { "alertname": "Odd", "text": "tab\tline\nquote\"back\\slash/ <b>&amp;</b> \u{0} \u{7f} \u{202e}café \u{1f525}" },
              "annotations": { "summary": "<!channel> {{ .x }} \u{2028}", "empty": "", "description": "a\r\nb" },
              "generatorURL": "http://p:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1" },
            { "labels": { "alertname": "Odd", "empty": "", "a": "1" }, "annotations": {}, "generatorURL": "" },
            { "labels": { "alertname": "Odd", "path": "here" }, "generatorURL": "/graph?x=1#y" },
            { "labels": { "alertname": "Odd", "severity": "critical" }, "annotations": null, "generatorURL": "javascript:alert(1)" },
        ]),
        json!([
            { "labels": { "alertname": "Twice" }, "annotations": { "summary": "first" }, "startsAt": "2020-01-02T00:00:00Z", "endsAt": "2090-01-01T00:00:00Z" },
            { "labels": { "alertname": "Twice" }, "annotations": { "summary": "second" }, "startsAt": "2020-01-03T00:00:00Z", "endsAt": "2080-01-01T00:00:00Z" },
            { "labels": {} },
            { "labels": { "": "nameless" } },
            { "labels": { "alertname": "Backwards" }, "startsAt": "2026-01-02T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z" },
        ]),
        json!([{ "labels": { "alertname": "Ends" }, "startsAt": long_ago, "endsAt": far_away }]),
        json!([{ "labels": { "alertname": "Ends" }, "startsAt": long_ago, "endsAt": "2022-01-01T00:00:00Z" }]),
        json!([{ "labels": { "alertname": "Earlier" }, "startsAt": "2021-01-01T00:00:00Z", "endsAt": far_away }]),
        json!([{ "labels": { "alertname": "Earlier" }, "startsAt": "2019-01-01T00:00:00Z", "endsAt": far_away }]),
    ]
}

/// Those that fire, as both see them; all other questions are about some of these.
const QUESTIONS: [&str; 36] = [
    "",
    "?filter=alertname%3D%22Odd%22",
    "?filter=alertname%3DOdd",
    "?filter=alertname%3D~%22Odd%7CTwice%22",
    "?filter=alertname%3D~O.%2A",
    "?filter=alertname%3D~O",
    "?filter=alertname%21%3DTimes",
    "?filter=alertname%21~%22Times%7COdd%22",
    "?filter=n%3D",
    "?filter=n%3D%22%22&filter=alertname%3D%22Odd%22",
    "?filter=n%21%3D",
    "?filter=n%3D~.%2A",
    "?filter=n%3D~.%2B",
    "?filter=n%3D~%22%7Cboth%22",
    "?filter=n%21~.%2B",
    "?filter=n%3Dboth&filter=n%3Dnone",
    "?filter=n%3Dboth&filter=alertname%3DOdd",
    "?filter=n%3D+both+",
    "?filter=+n+%3D+%22both%22+",
    "?filter=alertname%3DTimes&filter=n%3D~%22both%7Cnone%22",
    "?filter=nobody%3Dthere",
    "?filter=alertname%3Dodd",
    "?filter=alertname%3D~%22(%3Fi)ODD%22",
    "?filter=text%3D~%22(%3Fs).%2Aline.%2A%22",
    "?filter=text%3D~%22.%2Aline%5C%5Cnquote.%2A%22",
    "?active=false",
    "?active=false&silenced=true&inhibited=true",
    "?silenced=false&inhibited=false&unprocessed=false",
    "?active=no",
    "?active=TRUE",
    "?active=2",
    "?receiver=everything",
    "?receiver=every",
    "?receiver=every.%2A",
    "?receiver=",
    "?receiver=everything&filter=alertname%3DTwice",
];

/// An alert as both have it: its times as far as they do not depend on the clock, and what 0.25 knows of its status.
fn comparable(alert: &Value) -> Value {
    let mut alert = alert.clone();
    let at = |alert: &Value, key: &str| alert[key].as_str().unwrap().parse::<Timestamp>().unwrap();
    let lasts = at(&alert, "endsAt").duration_since(at(&alert, "startsAt"));
    let recent = at(&alert, "updatedAt") - SignedDuration::from_mins(10);
    for key in ["startsAt", "endsAt", "updatedAt"] {
        // Alertmanager gives a time back at the offset it came with.
        let at = at(&alert, key);
        let moves = at >= recent && at < recent + SignedDuration::from_mins(20);
        alert[key] = if moves { json!("now, or a timeout after it") } else { json!(at) };
    }
    if alert["startsAt"] == alert["endsAt"] {
        alert["lasts"] = json!(lasts.as_secs());
    }
    alert["status"].as_object_mut().unwrap().remove("mutedBy");
    // Larum does not keep an annotation that says nothing.
    alert["annotations"].as_object_mut().unwrap().retain(|_, text| *text != "");
    alert
}

fn listed(answer: &Value) -> Vec<Value> {
    answer.as_array().unwrap().iter().map(comparable).collect()
}

async fn both_hold_the_same(alertmanager: &Alertmanager, administrator: &Caller<'_>) {
    for body in posts() {
        let body = body.to_string();
        let question = Question::post(ALERTS, &body);
        let (theirs, ours) = (alertmanager.ask(question).await, ask_larum(administrator, question).await);
        assert_eq!(ours.status, theirs.status, "{body}: {} and {}", ours.text, theirs.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_alerts_are_listed_field_by_field_as_alertmanager_lists_them() {
    let (house, alertmanager) = (House::open().await, Alertmanager::start().await);
    receiver_of_everything(&house).await;
    let administrator = house.administrator().await;
    both_hold_the_same(&alertmanager, &administrator).await;
    for query in QUESTIONS {
        let path = format!("{ALERTS}{query}");
        let question = Question::get(&path);
        let (theirs, ours) = (alertmanager.ask(question).await, ask_larum(&administrator, question).await);
        assert_eq!(listed(&ours.ok()), listed(&theirs.ok()), "{path}");
    }
    let all = ask_larum(&administrator, Question::get(ALERTS)).await.ok();
    assert_eq!(all.as_array().unwrap().len(), 12, "nothing is compared with nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_silences_are_listed_and_hide_the_same_alerts() {
    let (house, alertmanager) = (House::open().await, Alertmanager::start().await);
    receiver_of_everything(&house).await;
    let administrator = house.administrator().await;
    both_hold_the_same(&alertmanager, &administrator).await;
    let matcher = |name: &str, value: &str, regex: bool, equal: bool| json!({ "name": name, "value": value, "isRegex": regex, "isEqual": equal });
    for (comment, starts, matchers) in [
        ("odd \u{202e}<b>\n", "2020-01-01T00:00:00Z", json!([matcher("alertname", "Odd", false, true)])),
        (
            "two",
            "2020-01-01T00:00:00Z",
            json!([matcher("n", "both|none", true, true), matcher("alertname", "x", false, false)]),
        ),
        ("later", "2099-01-01T00:00:00Z", json!([matcher("alertname", ".+", true, true)])),
    ] {
        let silence = json!({ "matchers": matchers, "startsAt": starts, "endsAt": "2100-01-01T00:00:00Z", "createdBy": "me", "comment": comment });
        let body = silence.to_string();
        let question = Question::post("/api/v2/silences", &body);
        for answer in [alertmanager.ask(question).await, ask_larum(&administrator, question).await] {
            assert_eq!(answer.ok()["silenceID"].as_str().unwrap().len(), 36, "{}", answer.text);
        }
    }
    let shown = |answer: Value| -> Vec<Value> {
        let mut silences = answer.as_array().unwrap().clone();
        for silence in &mut silences {
            let silence = silence.as_object_mut().unwrap();
            assert!(silence.remove("id").is_some() && silence.remove("updatedAt").is_some());
            if silence["status"]["state"] == "active" {
                silence.remove("startsAt");
            }
        }
        silences.sort_by_key(|silence| silence["comment"].to_string());
        silences
    };
    let silences = [
        "",
        "?filter=alertname%3DOdd",
        "?filter=alertname%3D~Odd",
        "?filter=n%3D~%22both%7Cnone%22&filter=alertname%21%3Dx",
    ];
    for query in silences {
        let path = format!("/api/v2/silences{query}");
        let question = Question::get(&path);
        let (theirs, ours) = (alertmanager.ask(question).await, ask_larum(&administrator, question).await);
        assert_eq!(shown(ours.ok()), shown(theirs.ok()), "{path}");
    }
    for query in ["", "?silenced=false", "?active=false", "?active=false&silenced=false"] {
        let path = format!("{ALERTS}{query}");
        let question = Question::get(&path);
        let (theirs, ours) = (alertmanager.ask(question).await, ask_larum(&administrator, question).await);
        let states = |answer: Value| -> Vec<(Value, Value, usize)> {
            let of = |alert: &Value| {
                let by = alert["status"]["silencedBy"].as_array().unwrap().len();
                (alert["labels"].clone(), alert["status"]["state"].clone(), by)
            };
            answer.as_array().unwrap().iter().map(of).collect()
        };
        assert_eq!(states(ours.ok()), states(theirs.ok()), "{path}");
    }
}
