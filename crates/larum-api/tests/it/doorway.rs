//! What every request to Alertmanager's API goes through: who may read it from another site, how many are answered at a
//! time and for how long, and what is counted. Answers to browsers are those of Alertmanager 0.33.1.

use std::num::NonZeroUsize;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, header};
use larum_api::{ApiV2, CrossOrigin};
use larum_core::matcher::MatcherSyntax;
use larum_store::accounts::Role;
use serde_json::json;

use crate::alertmanager::{list, names};
use crate::house::{Answer, House, Opening, endless};

const ALERTS: &str = "/api/v2/alerts";

async fn open(alertmanager: ApiV2) -> House {
    House::open_as(Opening { alertmanager, ..Opening::default() }).await
}

/// Everything that an answer says to browsers of other sites.
fn to_browsers(headers: &HeaderMap) -> Vec<String> {
    let named = |name: &str| name.starts_with("access-control-") || name == "vary";
    let mut said: Vec<String> = headers
        .iter()
        .filter(|(name, _)| named(name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    said.sort();
    said
}

async fn preflight(house: &House, origin: &str, method: &str, headers: &str) -> Answer {
    let asking = house.ask(Method::OPTIONS, ALERTS).header(header::ORIGIN, origin);
    let asking = asking.header(header::ACCESS_CONTROL_REQUEST_METHOD, method);
    asking.header(header::ACCESS_CONTROL_REQUEST_HEADERS, headers).send().await
}

#[tokio::test]
async fn pages_of_other_sites_may_read_what_alertmanager_lets_them() {
    let house = open(ApiV2 { cross_origin: CrossOrigin::Allowed, ..ApiV2::default() }).await;
    let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let allowed = preflight(&house, "http://karma", "POST", "content-type").await;
    assert_eq!((allowed.status, allowed.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(
        to_browsers(&allowed.headers),
        [
            "access-control-allow-headers: content-type",
            "access-control-allow-methods: POST",
            "access-control-allow-origin: *",
            vary,
        ]
    );
    for (origin, method, headers) in
        [("http://karma", "DELETE", ""), ("http://karma", "GET", "authorization"), ("", "GET", "")]
    {
        let refused = preflight(&house, origin, method, headers).await;
        assert_eq!(refused.status, StatusCode::NO_CONTENT, "{origin} {method} {headers}");
        assert_eq!(to_browsers(&refused.headers), [vary], "{origin} {method} {headers}");
    }

    let bearer = format!("Bearer {}", house.token(Role::Viewer).await.token);
    for path in [ALERTS, "/api/v2/alerts?filter=foo", "/api/v2/nope"] {
        let asking = house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer);
        let answer = asking.header(header::ORIGIN, "http://karma").send().await;
        assert_eq!(
            to_browsers(&answer.headers),
            ["access-control-allow-origin: *", "vary: Origin"],
            "{path}"
        );
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    let curl = house.ask(Method::GET, ALERTS).header(header::AUTHORIZATION, &bearer).send().await;
    assert_eq!(to_browsers(&curl.headers), ["vary: Origin"]);
    let put = house.ask(Method::PUT, ALERTS).header(header::AUTHORIZATION, &bearer);
    assert_eq!(
        to_browsers(&put.header(header::ORIGIN, "http://karma").send().await.headers),
        ["vary: Origin"]
    );
}

#[tokio::test]
async fn unless_somebody_chose_otherwise_pages_of_other_sites_may_read_nothing() {
    let house = House::open().await;
    let asked = preflight(&house, "http://evil", "POST", "content-type").await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {}", house.token(Role::Viewer).await.token);
    let asking = house.ask(Method::GET, ALERTS).header(header::AUTHORIZATION, &bearer);
    let read = asking.header(header::ORIGIN, "http://evil").send().await;
    assert_eq!(read.headers[header::CACHE_CONTROL], "no-store");
    for answer in [asked, read] {
        assert_eq!(to_browsers(&answer.headers), [""; 0]);
    }
}

#[tokio::test]
async fn every_read_takes_a_turn_until_its_answer_is_read() {
    let two = NonZeroUsize::new(2);
    let house = open(ApiV2 { get_concurrency: two, ..ApiV2::default() }).await;
    let bearer = format!("Bearer {}", house.token(Role::Viewer).await.token);
    let ask = |path: &str| house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer).begin();
    let mut unread = vec![ask("/api/v2/silences").await, ask("/api/v2/nope").await];
    for path in [ALERTS, "/api/v2/silences", "/api/v2/status", "/api/v2/receivers", "/api/v2/nope"] {
        let asking = house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer);
        let refused = asking.send().await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(refused.text, "Limit of concurrent GET requests reached (2), try again later.\n\n");
        assert_eq!(refused.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    }
    let nobody = house.ask(Method::GET, ALERTS).send().await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "strangers take no turns");
    house.post_alerts(r#"[{"labels":{"alertname":"Posts take none"}}]"#).await.ok();
    unread.pop();
    assert_eq!(ask(ALERTS).await.status(), StatusCode::OK);
    let metrics = metrics(&house).await;
    assert!(
        metrics.contains("\nalertmanager_http_concurrency_limit_exceeded_total{method=\"get\"} 5\n"),
        "{metrics}"
    );
    assert!(metrics.contains("\nalertmanager_http_requests_in_flight{method=\"get\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn what_takes_longer_than_somebody_chose_is_given_up_in_alertmanagers_words() {
    let house = open(ApiV2 { timeout: Some(Duration::from_millis(20)), ..ApiV2::default() }).await;
    let (reads, _read) = tokio::sync::mpsc::unbounded_channel();
    let late = house.post_alerts(endless(&reads)).await;
    assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(late.text, "Exceeded configured timeout of 20ms.\n");
}

#[tokio::test]
async fn matchers_are_read_by_the_rules_that_somebody_chose() {
    let house = open(ApiV2 { matcher_syntax: MatcherSyntax::Classic, ..ApiV2::default() }).await;
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(list(&viewer, "?filter=caf%C3%A9%3Db").await.text, "\"bad matcher format: café=b\"\n");
    let house = open(ApiV2 { matcher_syntax: MatcherSyntax::Utf8, ..ApiV2::default() }).await;
    let viewer = house.token(Role::Viewer).await;
    assert_eq!(list(&viewer, "?filter=caf%C3%A9%3Db").await.ok(), json!([]));
    assert_eq!(list(&viewer, "?filter=a%3D%22%5Cx%22").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn receivers_are_chosen_by_their_labels() {
    let house = House::open().await;
    crate::peer::receiver_of_everything(&house).await;
    house.post_alerts(r#"[{"labels":{"alertname":"Told"}}]"#).await.ok();
    let viewer = house.token(Role::Viewer).await;
    let bearer = format!("Bearer {}", viewer.token);
    for (query, wanted) in [
        ("name%3Deverything", true),
        ("name%3D~e.%2A", true),
        ("name%3Dnobody", false),
        ("team%3D", true),
        ("team%3Dx", false),
    ] {
        let query = format!("?receiver_matchers={query}");
        let told = names(&list(&viewer, &query).await);
        assert_eq!(told, ["Told"][..usize::from(wanted)], "{query}");
        let receivers = house.ask(Method::GET, &format!("/api/v2/receivers{query}"));
        let receivers = receivers.header(header::AUTHORIZATION, &bearer).send().await.ok();
        let everything = json!({ "labels": { "name": "everything" }, "name": "everything" });
        assert_eq!(receivers, if wanted { json!([everything]) } else { json!([]) }, "{query}");
    }
}

/// The page of what is counted.
pub async fn metrics(house: &House) -> String {
    let administrator = house.administrator().await;
    let bearer = format!("Bearer {}", administrator.token);
    house.ask(Method::GET, "/metrics").header(header::AUTHORIZATION, &bearer).send().await.text
}

#[tokio::test]
async fn what_is_counted_has_alertmanagers_names() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    house.post_alerts(r#"[{"labels":{"alertname":"A"}},{"labels":{"alertname":"B"}},{"labels":{}}]"#).await;
    house.post_alerts(r#"[{"labels":{"alertname":"B"},"endsAt":"2026-01-01T00:00:00Z"}]"#).await.ok();
    house.post_alerts(r#"[{"labels":{"alertname":"B"}}]"#).await.ok();
    let silence = json!({ "matchers": [{ "name": "alertname", "value": "A", "isRegex": false }], "startsAt": "2020-01-01T00:00:00Z",
        "endsAt": "2100-01-01T00:00:00Z", "createdBy": "me", "comment": "c" });
    let bearer = format!("Bearer {}", administrator.token);
    let asking = house.ask(Method::POST, "/api/v2/silences").header(header::AUTHORIZATION, &bearer);
    let id = asking.json(&silence).send().await.ok()["silenceID"].as_str().unwrap().to_owned();
    for path in [ALERTS, "/api/v2/nope", "/api/v2/alerts/", &format!("/api/v2/silence/{id}")] {
        house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer).send().await;
    }
    let metrics = metrics(&house).await;
    for line in [
        "alertmanager_alerts{state=\"active\"} 1",
        "alertmanager_alerts{state=\"suppressed\"} 1",
        "alertmanager_alerts{state=\"unprocessed\"} 0",
        "alertmanager_alerts_received_total{status=\"firing\",version=\"v2\"} 3",
        "alertmanager_alerts_received_total{status=\"resolved\",version=\"v2\"} 1",
        "alertmanager_alerts_invalid_total{version=\"v2\"} 1",
        "alertmanager_silences{state=\"active\"} 1",
        "alertmanager_silences{state=\"expired\"} 0",
        "alertmanager_build_info{version=\"0.33.1\"} 1",
        "larum_build_info{version=\"0.0.0\"} 1",
        "alertmanager_http_requests_in_flight{method=\"get\"} 0",
        "alertmanager_http_request_duration_seconds_count{handler=\"/api/v2/alerts\",method=\"get\",code=\"200\"} 2",
        "alertmanager_http_request_duration_seconds_count{handler=\"/api/v2/alerts\",method=\"post\",code=\"400\"} 1",
        "alertmanager_http_request_duration_seconds_count{handler=\"/api/v2/silence/{silenceID}\",method=\"get\",code=\"200\"} 1",
        "alertmanager_http_request_duration_seconds_count{handler=\"unknown\",method=\"get\",code=\"404\"} 1",
        "alertmanager_http_response_size_bytes_count{handler=\"/api/v2/silences\",method=\"post\"} 1",
    ] {
        assert!(metrics.contains(&format!("\n{line}\n")), "{line} is not in\n{metrics}");
    }
}
