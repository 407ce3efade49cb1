//! Requests that are wrong in one way or another, asked of Alertmanager 0.25 and of Larum: status, headers and words.
//! Where later versions answer otherwise, Larum answers as they do; what 0.33.1 says then stands here.

use axum::http::StatusCode;
use serde_json::Value;

use crate::house::{Answer, House};
use crate::peer::{Alertmanager, Question, ask_larum, head};

/// How the two answers compare.
enum Compared {
    /// Status, kind, allowed methods and body are the same.
    Same,
    /// So are they, but for the words: what is wrong with a time or JSON is said by whoever reads it.
    OwnWords,
    /// This is what 0.33.1 answers: the reason is what changed since 0.25.
    Since(&'static str, u16, &'static str),
    /// Larum refuses what Alertmanager takes, or the other way round, for this reason.
    OnPurpose(&'static str, u16),
}

use Compared::{OnPurpose, OwnWords, Same, Since};

const ALERTS: &str = "/api/v2/alerts";
const SILENCES: &str = "/api/v2/silences";
const NOBODY: &str = "/api/v2/silence/2f1c6a1e-0000-4000-8000-000000000000";
const NAMES: &str = "names may be any UTF-8 text since 0.27";
const MATCHERS: &str = "matchers are read by the rules for UTF-8 too since 0.27";
const DELETED: &str = "who deletes what is not there is told so since 0.26";
const RECEIVERS: &str = "receiver_matchers are known since 0.33";
const ANY_KIND: &str = "a body of any kind has passed the first look since some version before 0.33";
const SETS: &str = "a silence has sets of matchers since 0.32";

fn questions() -> Vec<(Question<'static>, Compared)> {
    [filters(), paths(), alerts(), kinds(), silences(), matchers_and_times()].into_iter().flatten().collect()
}

fn filters() -> Vec<(Question<'static>, Compared)> {
    let get = Question::get;
    vec![
        (get("/api/v2/alerts?filter=foo"), Same),
        (get("/api/v2/alerts?filter="), Same),
        (get("/api/v2/alerts?filter=%3Db"), Same),
        (get("/api/v2/alerts?filter=a%3D%22b"), Same),
        (get("/api/v2/alerts?filter=a%3D~("), Same),
        (get("/api/v2/alerts?filter=a%3D~%5Bb"), Same),
        (
            get("/api/v2/alerts?filter=%7Ba%3D%22b%22%7D"),
            Since(MATCHERS, 400, "\"unexpected open or close brace: {a=\\\"b\\\"}\"\n"),
        ),
        (get("/api/v2/alerts?filter=%22a+b%22%3D%22c%22"), Since(MATCHERS, 200, "[]\n")),
        (get("/api/v2/alerts?filter=1a%3Db"), Since(MATCHERS, 200, "[]\n")),
        (get("/api/v2/alerts?filter=caf%C3%A9%3Db"), Since(MATCHERS, 200, "[]\n")),
        (get("/api/v2/alerts?filter=a%3Db%2Cc%3Dd"), Same),
        (get("/api/v2/alerts?filter=a%3D%22%5Cx%22"), Same),
        (get("/api/v2/alerts?receiver=("), Same),
        (get("/api/v2/alerts?receiver=nobody"), Same),
        (get("/api/v2/alerts?active=maybe"), Same),
        (get("/api/v2/alerts?active=&silenced=no&inhibited=2&unprocessed=x"), Same),
        (get("/api/v2/alerts?unknown=1&%zz=1"), Same),
        (
            get("/api/v2/alerts?receiver_matchers=foo"),
            Since(RECEIVERS, 400, "\"failed to parse receiver_matchers param: bad matcher format: foo\"\n"),
        ),
        (
            get("/api/v2/receivers?receiver_matchers=foo"),
            Since(RECEIVERS, 400, "\"failed to parse receiver_matchers param: bad matcher format: foo\"\n"),
        ),
        (get("/api/v2/silences?filter=foo"), Same),
        (get("/api/v2/silences?active=maybe"), Same),
    ]
}

fn paths() -> Vec<(Question<'static>, Compared)> {
    let with = Question::with;
    let mut questions: Vec<(Question<'static>, Compared)> = vec![
        (with("GET", "/api/v2"), Same),
        (with("DELETE", NOBODY), Since(DELETED, 404, "")),
        (with("GET", NOBODY), Same),
        (with("GET", "/api/v2//alerts?filter=a%3Db&active=true"), Same),
        (with("HEAD", "/api//v2/alerts"), Same),
        (with("DELETE", "//api/v2/silences"), Same),
    ];
    for (method, path) in [
        ("PUT", ALERTS),
        ("DELETE", ALERTS),
        ("PATCH", ALERTS),
        ("HEAD", ALERTS),
        ("OPTIONS", ALERTS),
        ("TRACE", ALERTS),
        ("FOO", ALERTS),
        ("PUT", "/api/v2/alerts/"),
        ("PUT", SILENCES),
        ("DELETE", SILENCES),
        ("POST", "/api/v2/silence/x"),
        ("OPTIONS", "/api/v2/silence/x"),
        ("POST", "/api/v2/status"),
        ("HEAD", "/api/v2/status"),
        ("POST", "/api/v2/receivers"),
        ("GET", "/api/v2/"),
        ("GET", "/api/v2/nope"),
        ("HEAD", "/api/v2/nope"),
        ("OPTIONS", "/api/v2/nope"),
        ("POST", "/api/v2/nope"),
        ("GET", "/api/v2/swagger.json"),
        ("GET", "/api/v2/silence/"),
        ("GET", "/api/v2/silence/notauuid"),
        ("DELETE", "/api/v2/silence/notauuid"),
        ("GET", "/api/v2/alerts/"),
        ("GET", "/api/v2/silences/"),
    ] {
        questions.push((with(method, path), Same));
    }
    questions
}

fn alerts() -> Vec<(Question<'static>, Compared)> {
    let post = |body| Question::post(ALERTS, body);
    let broken = Question { body: Some(b"[{\"labels\":{\"a\":\"\xff\"}}]"), ..post("") };
    vec![
        (post(""), Same),
        (post("[{}]"), Same),
        (post(r#"[{"labels":{"a":"x"}},{}]"#), Same),
        (post(r#"[{"labels":null}]"#), Same),
        (post("null"), Same),
        (post("[]"), Same),
        (post("{}"), OnPurpose("an object is an Alertmanager's webhook, and this one has no alerts", 422)),
        (post("\"x\""), OwnWords),
        (post("5"), OwnWords),
        (post("{\"a\":"), OwnWords),
        (post("[] []"), OnPurpose("what follows the alerts would be lost in silence", 400)),
        (broken, OnPurpose("a label that is no text is refused, not mended", 400)),
        (post(r#"[{"labels":{"a":1}}]"#), OwnWords),
        (post(r#"[{"labels":[]}]"#), OwnWords),
        (post(r#"[{"labels":{"a":"b"},"annotations":[]}]"#), OwnWords),
        (post(r#"[{"labels":{}}]"#), Same),
        (post(r#"[{"labels":{"a":""}}]"#), Same),
        (post(r#"[{"labels":{"a":null}}]"#), Same),
        (post(r#"[{"labels":{"":"x"}}]"#), Same),
        (post(r#"[{"labels":{"1a":"x"}}]"#), Since(NAMES, 200, "")),
        (post(r#"[{"labels":{"a b":"x"}}]"#), Since(NAMES, 200, "")),
        (post(r#"[{"labels":{"a":"b"},"annotations":{"":"1"}}]"#), Same),
        (post(r#"[{"labels":{"a":"b"},"annotations":{"x y":"1"}}]"#), Since(NAMES, 200, "")),
        (post(r#"[{"labels":{"a":"b"},"startsAt":"yesterday"}]"#), OwnWords),
        (post(r#"[{"labels":{"a":"b"},"startsAt":5}]"#), OwnWords),
        (
            post(
                r#"[{"labels":{"a":"b"},"startsAt":"2026-01-02T00:00:00Z","endsAt":"2026-01-01T00:00:00Z"}]"#,
            ),
            Same,
        ),
        (post(r#"[{"labels":{"a":"b"},"generatorURL":"not a url"}]"#), Same),
        (post(r#"[{"labels":{"a":"b"},"generatorURL":"x"}]"#), Same),
        (post(r#"[{"labels":{"a":"b"},"generatorURL":"http://a/%zz"}]"#), Same),
        (post(r#"[{"labels":{"a":"b"},"generatorURL":5}]"#), OwnWords),
        (
            post(r#"[{"labels":{"a":"1"}},{"labels":{"":"x"}},{"labels":{}},{"labels":{"a":"2"}}]"#),
            Since(
                "several stand in lines of their own since 0.28",
                400,
                "\"invalid label set: invalid name \\\"\\\"\\nat least one label pair required\"\n",
            ),
        ),
    ]
}

fn kinds() -> Vec<(Question<'static>, Compared)> {
    let of = |kind| Question { kind, ..Question::post(ALERTS, "[]") };
    let wanting = |accept, question| Question { accept: Some(accept), ..question };
    vec![
        (of(None), Same),
        (of(Some("text/plain")), Same),
        (of(Some("text/plain; charset=utf-8")), Same),
        (of(Some("application/x-www-form-urlencoded")), Same),
        (of(Some("application/json; charset=utf-8")), Same),
        (of(Some("application/JSON")), Same),
        (of(Some("application/json;")), Same),
        (of(Some("application/json; charset")), Same),
        (of(Some("application/json, text/plain")), Same),
        (of(Some("application/")), Same),
        (of(Some("/json")), Same),
        (of(Some("a b")), Same),
        (
            of(Some("*/*")),
            Since(ANY_KIND, 500, "{\"code\":500,\"message\":\"no consumer registered for */*\"}"),
        ),
        (Question { kind: Some("text/plain"), ..Question::post(SILENCES, "{}") }, Same),
        (wanting("text/html", Question::get(ALERTS)), Same),
        (wanting("text/html", Question::get("/api/v2/alerts?filter=foo")), Same),
        (wanting("text/html, application/json;q=0.5", Question::get(SILENCES)), Same),
        (wanting("text/plain", Question::post(ALERTS, "[]")), Same),
    ]
}

/// A silence with these matchers, from then until then.
macro_rules! silence {
    ($matchers:literal, $starts:literal, $ends:literal) => {
        Question::post(
            SILENCES,
            concat!(
                r#"{"matchers":"#,
                $matchers,
                r#","startsAt":""#,
                $starts,
                r#"","endsAt":""#,
                $ends,
                r#"","createdBy":"me","comment":"c"}"#
            ),
        )
    };
    ($matchers:literal) => {
        silence!($matchers, "2026-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
    };
}

fn silences() -> Vec<(Question<'static>, Compared)> {
    let post = |body| Question::post(SILENCES, body);
    vec![
        (post(""), Same),
        (post("{}"), Same),
        (post("null"), Same),
        (post("[]"), OwnWords),
        (post(r#"{"id":5}"#), OwnWords),
    ]
}

fn matchers_and_times() -> Vec<(Question<'static>, Compared)> {
    let post = |body| Question::post(SILENCES, body);
    vec![
        (silence!("[]"), Same),
        (silence!("[{}]"), Same),
        (silence!(r#"[{"name":"a","value":"("}]"#), Same),
        (silence!(r#"[{"name":"a","value":"b","isRegex":"x"}]"#), OwnWords),
        (silence!(r#"[{"name":"a","value":"(","isRegex":true}]"#), OwnWords),
        (
            silence!(r#"[{"name":"a","value":"","isRegex":false}]"#),
            Since(
                SETS,
                400,
                "\"invalid silence: matcher set 0: at least one matcher must not match the empty string\"\n",
            ),
        ),
        (
            silence!(r#"[{"name":"","value":"b","isRegex":false}]"#),
            Since(
                SETS,
                400,
                "\"invalid silence: invalid label matcher 0 in set 0: invalid label name \\\"\\\"\"\n",
            ),
        ),
        (
            silence!(
                r#"[{"name":"a","value":"b","isRegex":false}]"#,
                "2026-01-01T00:00:00Z",
                "2026-01-02T00:00:00Z"
            ),
            Same,
        ),
        (
            silence!(
                r#"[{"name":"a","value":"b","isRegex":false}]"#,
                "2099-01-03T00:00:00Z",
                "2099-01-02T00:00:00Z"
            ),
            Same,
        ),
        (silence!(r#"[{"name":"a","value":"b","isRegex":false}]"#, "x", "2099-01-02T00:00:00Z"), OwnWords),
        (
            post(
                r#"{"id":"nonsense","matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2026-01-01T00:00:00Z","endsAt":"2100-01-02T00:00:00Z","createdBy":"me","comment":"c"}"#,
            ),
            Same,
        ),
        (
            post(
                r#"{"id":"2f1c6a1e-0000-4000-8000-000000000000","matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2026-01-01T00:00:00Z","endsAt":"2100-01-02T00:00:00Z","createdBy":"me","comment":"c"}"#,
            ),
            Same,
        ),
    ]
}

/// What is wrong, without the words: which of the two shapes, and its code.
fn shape(answer: &Answer) -> (bool, Option<i64>) {
    let json = answer.json();
    (json.is_string(), json["code"].as_i64())
}

/// A list is compared by what it is: alerts that one of the two took stay out of it.
fn body(answer: &Answer) -> String {
    match serde_json::from_str(&answer.text) {
        // Methods stand there in any order.
        Ok(Value::Object(object)) if object["code"] == 405 => String::new(),
        Ok(Value::Array(_)) if answer.status == StatusCode::OK => "a list".to_owned(),
        _ => answer.text.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_answered_as_alertmanager_answers_it() {
    let (house, alertmanager) = (House::open().await, Alertmanager::start().await);
    let administrator = house.administrator().await;
    let questions = questions();
    assert!(questions.len() > 90, "{}", questions.len());
    let mut wrong = Vec::new();
    for (question, compared) in questions {
        let (theirs, ours) = (alertmanager.ask(question).await, ask_larum(&administrator, question).await);
        let same = head(&ours) == head(&theirs);
        let is_right = match compared {
            Same => same && body(&ours) == body(&theirs),
            OwnWords => same && shape(&ours) == shape(&theirs),
            Since(_, status, text) => {
                let differ = head(&ours).0 != head(&theirs).0 || ours.text != theirs.text;
                differ && (ours.status.as_u16(), ours.text.as_str()) == (status, text)
            }
            OnPurpose(_, status) => ours.status.as_u16() == status && theirs.status != ours.status,
        };
        if !is_right {
            let Question { method, path, body, .. } = question;
            let why = match compared {
                Same => "as 0.25 does",
                OwnWords => "as 0.25 does, in words of our own",
                Since(why, ..) | OnPurpose(why, _) => why,
            };
            let sent = String::from_utf8_lossy(body.unwrap_or_default()).into_owned();
            let said = |answer: &Answer| format!("{:?} {:?}", head(answer), answer.text);
            wrong.push(format!(
                "{method} {path} {sent} ({why})\n  theirs {}\n  ours   {}",
                said(&theirs),
                said(&ours)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
