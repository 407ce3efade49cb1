//! Silences, as Alertmanager's clients add, edit, end and list them. Answers are those of Alertmanager 0.33.

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode, header};
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::alertmanager::{list, names};
use crate::house::{Answer, Caller, House};

const SILENCES: &str = "/api/v2/silences";

/// Asks as a client with a service token does.
async fn ask(caller: &Caller<'_>, method: Method, path: &str, body: Option<&str>) -> Answer {
    let bearer = format!("Bearer {}", caller.token);
    let asking = caller.house.ask(method, path).header(header::AUTHORIZATION, &bearer);
    match body {
        Some(body) => asking.json_text(body.to_owned()).send().await,
        None => asking.send().await,
    }
}

/// A silence that is right, but for what `other` says.
fn silence(other: &Value) -> String {
    let mut silence = json!({
        "matchers": [{ "name": "alertname", "value": "Disk.*", "isRegex": true }],
        "startsAt": "2020-01-01T00:00:00Z", "endsAt": "2100-01-01T00:00:00Z",
        "createdBy": "ada", "comment": "known",
    });
    for (field, value) in other.as_object().cloned().unwrap_or_default() {
        match value {
            Value::Null => drop(silence.as_object_mut().unwrap().remove(&field)),
            value => silence[field] = value,
        }
    }
    silence.to_string()
}

async fn post(caller: &Caller<'_>, other: Value) -> Answer {
    ask(caller, Method::POST, SILENCES, Some(&silence(&other))).await
}

async fn added(caller: &Caller<'_>, other: Value) -> String {
    post(caller, other).await.ok()["silenceID"].as_str().unwrap().to_owned()
}

/// The status, and what is wrong in words.
fn refusal(answer: &Answer) -> (u16, String) {
    let words = match answer.json() {
        Value::String(words) => words,
        object => format!("{}: {}", object["code"], object["message"].as_str().unwrap()),
    };
    (answer.status.as_u16(), words)
}

#[tokio::test]
async fn what_is_silenced_is_listed_so_and_not_told() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let id = added(&administrator, json!({})).await;
    house.post_alerts(r#"[{"labels":{"alertname":"DiskFull"}},{"labels":{"alertname":"Cpu"}}]"#).await;
    let found = async |query: &str| names(&list(&administrator, query).await);
    assert_eq!(found("?silenced=false").await, ["Cpu"]);
    assert_eq!(found("?active=false").await, ["DiskFull"]);
    let disk = list(&administrator, "?filter=alertname%3DDiskFull").await.ok();
    let silenced = json!({ "inhibitedBy": [], "mutedBy": [], "silencedBy": [id], "state": "suppressed" });
    assert_eq!(disk[0]["status"], silenced);
    let ended = ask(&administrator, Method::DELETE, &format!("/api/v2/silence/{id}"), None).await;
    assert_eq!((ended.status, ended.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(found("?active=false").await, [""; 0]);
}

#[tokio::test]
async fn a_silence_is_shown_as_alertmanager_shows_it() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let annotations = json!({ "annotations": { "ticket": "OPS-1" }, "startsAt": "2099-01-01T00:00:00Z" });
    let id = added(&administrator, annotations).await;
    let path = format!("/api/v2/silence/{id}");
    let mut shown = ask(&administrator, Method::GET, &path, None).await.ok();
    assert!(shown["updatedAt"].take().as_str().unwrap().ends_with('Z'));
    let expected = json!({
        "id": id, "status": { "state": "pending" }, "updatedAt": null, "annotations": { "ticket": "OPS-1" },
        "comment": "known", "createdBy": "ada",
        "startsAt": "2099-01-01T00:00:00.000Z", "endsAt": "2100-01-01T00:00:00.000Z",
        "matchers": [{ "isEqual": true, "isRegex": true, "name": "alertname", "value": "Disk.*" }],
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn they_are_listed_by_state_and_by_the_matchers_they_have() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let active = added(&administrator, json!({})).await;
    let pending = added(&administrator, json!({ "startsAt": "2099-01-01T00:00:00Z" })).await;
    let expired = added(&administrator, json!({})).await;
    ask(&administrator, Method::DELETE, &format!("/api/v2/silence/{expired}"), None).await;
    let listed = async |query: &str| -> Vec<String> {
        let answer = ask(&administrator, Method::GET, &format!("{SILENCES}{query}"), None).await;
        let all = answer.ok();
        all.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed("").await, [active.clone(), pending.clone(), expired.clone()]);
    assert_eq!(listed("?expired=false&pending=false").await, std::slice::from_ref(&active));
    assert_eq!(listed("?active=maybe&pending=0").await, std::slice::from_ref(&expired));
    assert_eq!(listed("?filter=alertname%3D~%22Disk.*%22&expired=false").await, [active, pending]);
    assert_eq!(listed("?filter=alertname%3DDiskFull").await, [""; 0], "labels are not what is asked for");
    let bad = ask(&administrator, Method::GET, &format!("{SILENCES}?filter=foo"), None).await;
    assert_eq!(refusal(&bad), (400, "bad matcher format: foo".to_owned()));
}

#[tokio::test]
async fn an_edit_in_place_keeps_its_id_and_another_stands_in_its_stead() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let id = added(&administrator, json!({ "startsAt": "2099-01-01T00:00:00Z" })).await;
    let longer = json!({ "id": id, "startsAt": "2099-01-01T00:00:00Z", "endsAt": "2101-01-01T00:00:00Z" });
    assert_eq!(added(&administrator, longer).await, id);
    let other = json!([{ "name": "alertname", "value": "Cpu", "isRegex": false, "isEqual": false }]);
    let next = added(&administrator, json!({ "id": id, "matchers": other })).await;
    assert_ne!(next, id);
    let before = ask(&administrator, Method::GET, &format!("/api/v2/silence/{id}"), None).await.ok();
    assert_eq!(before["status"]["state"], "expired");
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_alertmanagers_words() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let one = |matcher: Value| json!({ "matchers": [matcher] });
    let unknown = "00000000-0000-0000-0000-000000000001";
    let cases = [
        (json!({ "comment": null }), 422, "602: comment in body is required"),
        (json!({ "createdBy": null }), 422, "602: createdBy in body is required"),
        (json!({ "endsAt": null }), 422, "602: endsAt in body is required"),
        (json!({ "matchers": null }), 422, "602: matchers in body is required"),
        (json!({ "startsAt": null }), 422, "602: startsAt in body is required"),
        (json!({ "matchers": [] }), 422, "612: matchers in body should have at least 1 items"),
        (one(json!({})), 422, "602: matchers.0.isRegex in body is required"),
        (one(json!({ "isRegex": false })), 422, "602: matchers.0.name in body is required"),
        (one(json!({ "isRegex": false, "name": "a" })), 422, "602: matchers.0.value in body is required"),
        (
            one(json!({ "name": "a", "value": "", "isRegex": false })),
            400,
            "invalid silence: matcher set 0: at least one matcher must not match the empty string",
        ),
        (
            one(json!({ "name": "", "value": "x", "isRegex": false })),
            400,
            "invalid silence: invalid label matcher 0 in set 0: invalid label name \"\"",
        ),
        (
            json!({ "startsAt": "2100-01-02T00:00:00Z" }),
            400,
            "Failed to create silence: start time must be before end time",
        ),
        (
            json!({ "endsAt": "2020-01-02T00:00:00Z" }),
            400,
            "Failed to create silence: end time can't be in the past",
        ),
        (json!({ "id": "x" }), 404, "silence not found"),
        (json!({ "id": unknown }), 404, "silence not found"),
    ];
    for (other, status, words) in cases {
        let answer = post(&administrator, other.clone()).await;
        assert_eq!(refusal(&answer), (status, words.to_owned()), "{other}");
    }
    let regex = post(&administrator, one(json!({ "name": "a", "value": "(", "isRegex": true }))).await;
    let (status, words) = refusal(&regex);
    assert_eq!(status, 400);
    assert!(
        words.starts_with("invalid silence: invalid label matcher 0 in set 0: invalid regular expression \"(\": error parsing regexp: missing closing ): `(`"),
        "{words}"
    );
    let time = post(&administrator, json!({ "startsAt": "x" })).await;
    assert!(
        refusal(&time).1.starts_with("400: parsing silence body from \"\" failed, because"),
        "{}",
        time.text
    );
    for body in ["x", "[]"] {
        let answer = ask(&administrator, Method::POST, SILENCES, Some(body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
    let listed = ask(&administrator, Method::GET, SILENCES, None).await.ok();
    assert_eq!(listed, json!([]), "nothing of it was taken");
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_compiled() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let expression = |value: &str| json!({ "name": "a", "value": value, "isRegex": true });
    for (matchers, words) in [
        (vec![expression(r"\pL{20}"); 1_000], "silence has too many matchers: 1000 (limit: 100)"),
        // Counted first: the last of them is no expression.
        (
            vec![expression(&"x".repeat(70_000)), expression("(")],
            "silence exceeded maximum size: 70011 bytes (limit: 65536 bytes)",
        ),
    ] {
        let answer = post(&administrator, json!({ "matchers": matchers })).await;
        assert_eq!(refusal(&answer), (400, words.to_owned()));
    }
    let large = post(&administrator, json!({ "matchers": vec![expression(r"\pL{8}"); 100] })).await;
    let (status, words) = refusal(&large);
    assert_eq!(status, 400);
    assert!(words.starts_with("silence has too large regular expressions: "), "{words}");
    let longest = post(&administrator, json!({ "comment": "x".repeat(1 << 20) })).await;
    let words = "413: the body is larger than 458752 bytes: no silence is";
    assert_eq!(refusal(&longest), (413, words.to_owned()));
    let broken = Body::from_stream(futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::other("gone"))
    }));
    let bearer = format!("Bearer {}", administrator.token);
    let asking = house.ask(Method::POST, SILENCES).header(header::AUTHORIZATION, &bearer);
    let (status, words) = refusal(&asking.json_text(broken).send().await);
    assert_eq!(status, 400);
    assert!(words.starts_with("400: parsing silence body from \"\" failed, because"), "{words}");
}

#[tokio::test]
async fn one_that_is_not_there_is_not_found_and_an_id_is_a_uuid() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    for method in [Method::GET, Method::DELETE] {
        let unknown = "/api/v2/silence/00000000-0000-0000-0000-000000000001";
        let answer = ask(&administrator, method.clone(), unknown, None).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, ""));
        let answer = ask(&administrator, method, "/api/v2/silence/x", None).await;
        assert_eq!(refusal(&answer), (422, "601: silenceID in path must be of type uuid: \"x\"".to_owned()));
    }
    let answer = ask(&administrator, Method::PUT, SILENCES, Some("{}")).await;
    assert_eq!(refusal(&answer), (405, "405: method PUT is not allowed, but [GET,POST] are".to_owned()));
}

#[tokio::test]
async fn a_viewer_sees_silences_and_makes_none_and_a_sender_does_neither() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let id = added(&administrator, json!({})).await;
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(ask(&viewer, Method::GET, SILENCES, None).await.status, StatusCode::OK);
    let sender = house.token(Role::Sender).await;
    assert_eq!(ask(&sender, Method::GET, SILENCES, None).await.status, StatusCode::FORBIDDEN);
    for caller in [viewer, sender] {
        assert_eq!(post(&caller, json!({})).await.status, StatusCode::FORBIDDEN);
        let path = format!("/api/v2/silence/{id}");
        assert_eq!(ask(&caller, Method::DELETE, &path, None).await.status, StatusCode::FORBIDDEN);
    }
    let nobody = house.ask(Method::POST, SILENCES).json_text(silence(&json!({}))).send().await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
