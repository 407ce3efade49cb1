//! Silences as people make them: what they would hide, what is wrong with them, and what becomes of an edit.

use axum::http::StatusCode;
use larum_core::silence::SilenceState;
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{Answer, Caller, House};

/// A draft that is right, but for what `other` says; what is null there is left out.
fn draft(other: &Value) -> Value {
    let mut draft = json!({
        "matchers": [{ "name": "alertname", "operator": "=~", "value": "Disk.*" }],
        "duration": "2h", "comment": "known",
    });
    for (field, value) in other.as_object().cloned().unwrap_or_default() {
        match value {
            Value::Null => drop(draft.as_object_mut().unwrap().remove(&field)),
            value => draft[field] = value,
        }
    }
    draft
}

async fn made(caller: &Caller<'_>, other: Value) -> Value {
    let answer = caller.post("/silences", draft(&other)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

/// An edit of a silence as it was read.
async fn edited(caller: &Caller<'_>, silence: &Value, other: Value) -> Answer {
    let mut body = draft(&other);
    body["updated_at"] = silence["updated_at"].clone();
    caller.put(&format!("/silences/{}", silence["id"].as_str().unwrap()), body).await
}

async fn fire(house: &House, names: &[&str]) {
    let alerts: Vec<Value> =
        names.iter().map(|name| json!({ "labels": { "alertname": name, "node": "web-1" } })).collect();
    house.post_alerts(Value::from(alerts).to_string()).await.ok();
}

/// How long a silence lasts, in seconds.
fn lasts(silence: &Value) -> i64 {
    let time = |field: &str| silence[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    time("ends_at").as_second() - time("starts_at").as_second()
}

#[tokio::test]
async fn a_silence_has_its_author_hides_what_it_matches_and_is_named_with_it() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    fire(&house, &["DiskFull", "DiskSlow", "Cpu"]).await;
    let silence = made(&administrator, json!({ "comment": " a new disk comes " })).await;
    assert_eq!(silence["state"], "active");
    assert_eq!(
        (&silence["created_by"], &silence["comment"]),
        (&json!("token test"), &json!("a new disk comes"))
    );
    assert_eq!((&silence["hides"], lasts(&silence)), (&json!(2), 2 * 60 * 60));
    let id = silence["id"].as_str().unwrap();
    assert_eq!(administrator.get(&format!("/silences/{id}")).await.ok(), silence);

    let hidden = administrator.get(&format!("/alerts?silenced_by={id}")).await.ok();
    assert_eq!(hidden["total"], 2);
    let by = &hidden["alerts"][0]["silenced"];
    let name = json!({
        "id": id, "created_by": "token test", "comment": "a new disk comes", "ends_at": silence["ends_at"],
    });
    assert_eq!(by, &json!([name]));
    let cpu = administrator.get("/alerts?q=cpu").await.ok();
    assert_eq!(cpu["alerts"][0]["silenced"], json!([]));
    assert_eq!(administrator.get("/alerts?silenced_by=x").await.problem().2, "silenced_by");

    let ended = administrator.delete(&format!("/silences/{id}")).await.ok();
    assert_eq!((&ended["state"], &ended["hides"]), (&json!("expired"), &json!(0)));
    let again = administrator.delete(&format!("/silences/{id}")).await.ok();
    assert_eq!(again, ended, "what is over stays as it is");
    assert_eq!(administrator.get(&format!("/alerts?silenced_by={id}")).await.ok()["total"], 0);
}

#[tokio::test]
async fn a_preview_says_what_is_hidden_and_whether_that_is_more_than_half() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    fire(&house, &["DiskFull", "DiskSlow", "Cpu", "Load"]).await;
    let watchdog = r#"[{"labels":{"alertname":"Watchdog","severity":"none"}}]"#;
    house.post_alerts(watchdog).await.ok();
    let preview =
        async |text: &str| administrator.post("/silences/preview", json!({ "text": text })).await.ok();
    let half = preview(r#"{alertname=~"Disk.*"}"#).await;
    assert_eq!((&half["hides"], &half["firing"], &half["hides_most"]), (&json!(2), &json!(4), &json!(false)));
    assert_eq!(half["matchers"], json!([{ "name": "alertname", "operator": "=~", "value": "Disk.*" }]));
    assert_eq!(half["alerts"].as_array().unwrap().len(), 2);
    assert_eq!(half["warning"], Value::Null);
    let most = preview(r#"node="web-1", alertname!="Cpu""#).await;
    assert_eq!((&most["hides"], &most["hides_most"]), (&json!(3), &json!(true)));
    let heartbeat = preview("alertname=Watchdog").await;
    assert_eq!(
        (&heartbeat["hides"], &heartbeat["hides_most"]),
        (&json!(0), &json!(false)),
        "it is never told"
    );
    let old = preview(r"node=\d+").await;
    assert!(old["warning"].as_str().is_some_and(|words| words.contains("quotes")), "{old}");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let one = |name: &str, operator: &str, value: &str| json!({ "matchers": [{ "name": name, "operator": operator, "value": value }] });
    let matcher = json!({ "name": "a", "operator": "=", "value": "b" });
    let large = "x".repeat((1 << 16) + 1);
    let cases = [
        (json!({ "matchers": null }), "matchers", "not both"),
        (json!({ "text": "a=b" }), "matchers", "not both"),
        (json!({ "matchers": [] }), "matchers", "at least one matcher"),
        (one("", "=", "x"), "matchers[0].name", "Choose a label"),
        (one("a", "=~", "("), "matchers[0].value", "This is no regular expression: missing closing )."),
        (one("a", "=", ""), "matchers", "nearly everything"),
        (one("a", "=~", ".*"), "matchers", "nearly everything"),
        (one("a", "~", "b"), "matchers[0].operator", "unknown variant"),
        (
            json!({ "matchers": vec![matcher.clone(); 101] }),
            "matchers",
            "at most 100 matchers; these are 101",
        ),
        (json!({ "matchers": null, "text": "alertname" }), "text", "alertname"),
        (json!({ "matchers": null, "text": " {} " }), "text", "at least one matcher"),
        (json!({ "matchers": null, "text": "a=~\"(\"" }), "text", "missing closing )"),
        (json!({ "matchers": null, "text": large }), "", "65536 bytes"),
        (json!({ "comment": " " }), "comment", "Say why"),
        (json!({ "comment": large }), "", "65536 bytes"),
        (json!({ "duration": null }), "ends_at", "until when, or for how long"),
        (json!({ "ends_at": "2100-01-01T00:00:00Z" }), "ends_at", "not both"),
        (json!({ "duration": "soon" }), "duration", "is not a duration"),
        (json!({ "duration": "0s" }), "duration", "longer than nothing"),
        (json!({ "duration": null, "ends_at": "tomorrow" }), "ends_at", "RFC 3339"),
        (json!({ "duration": null, "ends_at": "2020-01-01T00:00:00Z" }), "ends_at", "end after it begins"),
        (
            json!({ "starts_at": "2020-01-01T00:00:00Z", "duration": null, "ends_at": "2020-01-02T00:00:00Z" }),
            "ends_at",
            "has passed",
        ),
        (json!({ "starts_at": "now" }), "starts_at", "RFC 3339"),
    ];
    for (other, field, words) in cases {
        let answer = administrator.post("/silences", draft(&other)).await;
        assert_eq!(
            answer.problem(),
            (422, "invalid".to_owned(), field.to_owned()),
            "{other}: {}",
            answer.text
        );
        assert!(answer.detail().contains(words), "{words}: {}", answer.detail());
        assert!(!answer.detail().contains('\n') && answer.detail().len() < 400, "{}", answer.detail());
    }
    let preview = administrator.post("/silences/preview", one("a", "=", "")).await;
    assert_eq!(preview.problem(), (422, "invalid".to_owned(), "matchers".to_owned()));
    assert_eq!(administrator.get("/silences").await.ok()["total"], 0, "nothing of it was taken");
    made(&administrator, one("a", "!=", "b")).await;
}

#[tokio::test]
async fn an_edit_keeps_the_author_and_says_whether_another_stands_in_its_place() {
    let house = House::open().await;
    let (administrator, other) = (house.administrator().await, house.administrator().await);
    let silence = made(&administrator, json!({})).await;
    let longer = edited(&other, &silence, json!({ "duration": "8h", "comment": "longer" })).await.ok();
    assert_eq!((&longer["id"], &longer["replaces"]), (&silence["id"], &Value::Null));
    assert_eq!((&longer["starts_at"], &longer["comment"]), (&silence["starts_at"], &json!("longer")));
    assert!(lasts(&longer) >= 8 * 60 * 60, "a duration counts from now: {longer}");

    let path = format!("/silences/{}", silence["id"].as_str().unwrap());
    let current = administrator.get(&path).await.ok();
    let seen = json!({ "id": silence["id"], "updated_at": "2020-01-01T00:00:00Z" });
    let stale = edited(&administrator, &seen, json!({ "comment": "mine" })).await;
    assert_eq!(stale.problem(), (409, "conflict".to_owned(), String::new()));
    assert_eq!(stale.json()["current"], current);

    let wider = json!({ "matchers": null, "text": "alertname=~\"Disk.*|Cpu\"" });
    let next = edited(&administrator, &current, wider).await.ok();
    assert_eq!((&next["replaces"], &next["created_by"]), (&silence["id"], &silence["created_by"]));
    assert_ne!(next["id"], silence["id"]);
    let before = administrator.get(&path).await.ok();
    assert_eq!(before["state"], "expired", "it can still be seen what was hidden until now");

    let back = edited(&administrator, &before, json!({})).await.ok();
    assert_eq!((&back["state"], &back["replaces"]), (&json!("active"), &silence["id"]));
}

#[tokio::test]
async fn of_two_who_edit_at_once_one_is_told_of_the_other() {
    let house = House::open().await;
    let (ada, grace) = (house.administrator().await, house.administrator().await);
    let silence = made(&ada, json!({})).await;
    let made_at: jiff::Timestamp = silence["updated_at"].as_str().unwrap().parse().unwrap();
    // What is changed within the millisecond in which it was made looks as it was.
    while house.engine.now().wall.as_millis() <= made_at.as_millisecond() {
        tokio::task::yield_now().await;
    }
    let edits = tokio::join!(
        edited(&ada, &silence, json!({ "comment": "ada's" })),
        edited(&grace, &silence, json!({ "comment": "grace's" })),
    );
    let mut told = [edits.0.status, edits.1.status];
    told.sort_unstable();
    assert_eq!(told, [StatusCode::OK, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn they_are_listed_by_state_and_text_with_counts_and_pages() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    fire(&house, &["DiskFull", "Cpu"]).await;
    let active = made(&administrator, json!({ "comment": "new disk" })).await;
    let later = json!({ "starts_at": "2099-01-01T00:00:00Z", "matchers": null, "text": "node=web-1" });
    let pending = made(&administrator, later).await;
    assert_eq!((&pending["state"], &pending["hides"]), (&json!("pending"), &json!(2)));
    assert_eq!((&pending["starts_at"], lasts(&pending)), (&json!("2099-01-01T00:00:00.000Z"), 2 * 60 * 60));
    let expired = made(&administrator, json!({})).await;
    administrator.delete(&format!("/silences/{}", expired["id"].as_str().unwrap())).await.ok();
    let listed = async |query: &str| {
        let found = administrator.get(&format!("/silences{query}")).await.ok();
        let ids: Vec<Value> =
            found["silences"].as_array().unwrap().iter().map(|silence| silence["id"].clone()).collect();
        assert_eq!(found["counts"], json!({ "active": 1, "pending": 1, "expired": 1 }));
        (ids, found["total"].as_u64().unwrap())
    };
    let (first, second, third) = (active["id"].clone(), pending["id"].clone(), expired["id"].clone());
    assert_eq!(listed("").await, (vec![first.clone(), second.clone()], 2));
    assert_eq!(listed("?state=expired").await, (vec![third.clone()], 1));
    assert_eq!(listed("?state=active,pending,expired&offset=1&limit=1").await, (vec![second.clone()], 3));
    assert_eq!(listed("?q=NEW%20DISK").await, (vec![first.clone()], 1));
    assert_eq!(listed("?q=web-").await, (vec![second], 1));
    assert_eq!(listed("?q=known&state=expired").await, (vec![third], 1));
    let counted = administrator.get("/silences").await.ok();
    assert_eq!((&counted["silences"][0]["hides"], &counted["silences"][1]["hides"]), (&json!(1), &json!(2)));
    assert_eq!(administrator.get("/silences?state=over").await.problem().2, "state");
    let names =
        [SilenceState::Active, SilenceState::Pending, SilenceState::Expired].map(SilenceState::as_str);
    assert!(administrator.get("/silences?state=over").await.detail().contains(&names.join(", ")));
}

#[tokio::test]
async fn only_an_administrator_changes_them_and_who_is_not_there_is_not_found() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let silence = made(&administrator, json!({})).await;
    let path = format!("/silences/{}", silence["id"].as_str().unwrap());
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(viewer.get("/silences").await.ok()["total"], 1);
    assert_eq!(viewer.get(&path).await.ok(), silence);
    let forbidden = (403, "forbidden".to_owned(), String::new());
    assert_eq!(viewer.post("/silences", draft(&json!({}))).await.problem(), forbidden);
    assert_eq!(edited(&viewer, &silence, json!({})).await.problem(), forbidden);
    assert_eq!(viewer.delete(&path).await.problem(), forbidden);
    let sender = house.token(Role::Sender).await;
    assert_eq!(sender.get("/silences").await.problem(), forbidden);
    for id in ["00000000-0000-0000-0000-000000000001", "x"] {
        let gone = (404, "not_found".to_owned(), String::new());
        assert_eq!(administrator.get(&format!("/silences/{id}")).await.problem(), gone);
        assert_eq!(administrator.delete(&format!("/silences/{id}")).await.problem(), gone);
        let unknown = json!({ "id": id, "updated_at": silence["updated_at"] });
        assert_eq!(edited(&administrator, &unknown, json!({})).await.problem(), gone);
    }
}
