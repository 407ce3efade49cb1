//! The locks in front of all doors.

use axum::http::{Method, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use larum_api::PostAuth;
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{House, Opening};

/// Every operation of Larum's own API, with its path filled in.
fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&larum_api::openapi_json()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "1").replace("{name}", "x");
        for method in item.as_object().unwrap().keys() {
            operations.push((method.to_uppercase().parse().unwrap(), format!("/api/larum/v1{path}")));
        }
    }
    assert!(operations.len() > 35);
    operations
}

#[tokio::test]
async fn nobody_gets_anything_without_a_login() {
    let house = House::open().await;
    for (method, path) in operations() {
        let answer = house.ask(method.clone(), &path).json(&json!({})).with_console_headers().send().await;
        let is_login = method == Method::POST && path.ends_with("/session");
        let expected = if is_login { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::UNAUTHORIZED };
        assert_eq!(answer.status, expected, "{method} {path}");
        answer.problem();
    }
    for path in ["/metrics", "/api/v2/alerts", "/api/v2/status", "/api/v2/receivers"] {
        let answer = house.ask(Method::GET, path).send().await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    let house = House::open().await;
    let viewer = house.token(Role::Viewer).await;
    for (method, path) in operations() {
        if method == Method::GET || path.contains("/session") {
            continue;
        }
        let path = path.trim_start_matches("/api/larum/v1");
        let answer = viewer.ask(method.clone(), path).json(&json!({})).send().await;
        assert_eq!(answer.problem().1, "forbidden", "{method} {path}");
    }
}

#[tokio::test]
async fn a_viewer_sees_where_messages_go_and_nothing_of_the_slack_settings() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let conditions = json!([{ "label": "severity", "operator": "In", "values": ["secret-word"] }]);
    let receiver = json!({ "name": "Slack", "token": house.slack.bot_token, "channels": ["#alerts", "critical"],
        "conditions": conditions, "enabled": true });
    let receiver = administrator.post("/receivers", receiver).await.ok();
    let viewer = house.token(Role::Viewer).await;
    for path in ["/receivers", "/slack/manifest", "/settings/grouping"] {
        assert_eq!(viewer.get(path).await.problem().1, "forbidden", "{path}");
        administrator.get(path).await.ok();
    }
    let names = json!({ "id": receiver["id"], "name": "Slack", "channels": ["#alerts", "#critical"] });
    assert_eq!(viewer.get("/deliveries/receivers").await.ok(), json!({ "receivers": [names] }));
    let status = |token: &str| {
        let asking = house.ask(Method::GET, "/api/v2/status");
        asking.header(header::AUTHORIZATION, &format!("Bearer {token}")).send()
    };
    assert!(status(&administrator.token).await.text.contains("secret-word"));
    assert!(!status(&viewer.token).await.text.contains("secret-word"));
}

#[tokio::test]
async fn a_sender_posts_alerts_and_does_nothing_else() {
    let house = House::open().await;
    let sender = house.token(Role::Sender).await;
    for (method, path) in operations() {
        if path.contains("/session") {
            continue;
        }
        let path = path.trim_start_matches("/api/larum/v1");
        let answer = sender.ask(method.clone(), path).json(&json!({})).send().await;
        assert_eq!(answer.problem().1, "forbidden", "{method} {path}");
    }
    let bearer = format!("Bearer {}", sender.token);
    for path in ["/metrics", "/api/v2/alerts", "/api/v2/status", "/api/v2/receivers"] {
        let answer = house.ask(Method::GET, path).header(header::AUTHORIZATION, &bearer).send().await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing_about_who_may_post() {
    let house = House::open_as(Opening { post_auth: PostAuth::Bearer, ..Opening::default() }).await;
    for (role, status) in [
        (Role::Sender, StatusCode::OK),
        (Role::PlatformAdmin, StatusCode::OK),
        (Role::Viewer, StatusCode::FORBIDDEN),
    ] {
        let bearer = format!("Bearer {}", house.token(role).await.token);
        for path in ["/api/v2/alerts", "/api/v2/alerts/"] {
            let asking = house.ask(Method::POST, path).header(header::AUTHORIZATION, &bearer);
            let answer = asking.json(&json!([{ "labels": { "a": "b" } }])).send().await;
            assert_eq!(answer.status, status, "{role:?} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_by_a_token_that_the_browser_kept() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let basic = STANDARD.encode(format!("x:{}", administrator.token));
    let asking = house
        .ask(Method::POST, "/api/larum/v1/users")
        .header(header::AUTHORIZATION, &format!("Basic {basic}"));
    let refused = asking.json(&json!({})).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(refused.problem().1, "forbidden");
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let house = House::open().await;
    let login = json!({ "name": "admin", "password": house.initial_password });
    let from = |name: &str, value: &str| {
        let asking = house.ask(Method::POST, "/api/larum/v1/session").json(&login);
        asking.header(name, value)
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:9094"),
        ("x-nothing", "said"),
    ] {
        assert_eq!(from(name, value).send().await.problem().1, "forbidden", "{name}: {value}");
    }
    assert_eq!(from("origin", "http://127.0.0.1:9093").send().await.status, StatusCode::OK);
    assert_eq!(from("sec-fetch-site", "none").send().await.status, StatusCode::OK);

    let alerts = house.ask(Method::POST, "/api/v2/alerts").json(&json!([{ "labels": { "a": "b" } }]));
    let refused = alerts.header("origin", "https://evil.example").send().await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let plain = house.ask(Method::POST, "/api/v2/alerts").body(r#"[{"labels":{"a":"b"}}]"#);
    let refused = plain.header(header::CONTENT_TYPE, "text/plain").send().await;
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(house.engine.read(|state| state.firing().count()), 0);
}

#[tokio::test]
async fn a_foreign_name_that_points_here_is_not_answered() {
    let house = House::open().await;
    let named = |host: &str| house.ask(Method::GET, "/-/healthy").header(header::HOST, host);
    for host in ["127.0.0.1:9093", "localhost", "LOCALHOST:80", "[::1]:9093", "10.0.0.1", "testhost:9093"] {
        assert_eq!(named(host).send().await.status, StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "evil.example:9093", "127.0.0.1.evil.example", "localhost.evil.example", ""]
    {
        let answer = named(host).send().await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(answer.text.contains("http://127.0.0.1:9093"));
    }
    let open = House::open_as(Opening { listen_address: [0, 0, 0, 0], ..Opening::default() }).await;
    let answer =
        open.ask(Method::GET, "/-/healthy").header(header::HOST, "larum.monitoring.svc").send().await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let house = House::open().await;
    for path in ["/", "/api/larum/v1/session", "/-/healthy", "/api/v2/alerts", "/nowhere/at/all"] {
        let headers = house.ask(Method::GET, path).send().await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
        assert!(headers.contains_key(header::CACHE_CONTROL), "{path}");
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{path}");
    }
}

#[tokio::test]
async fn wrong_requests_get_the_right_status_and_a_sentence() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let users = || administrator.ask(Method::POST, "/users");
    let problem = |answer: crate::house::Answer| answer.problem();
    assert_eq!(problem(users().json_text("{\"name\":").send().await), (422, "invalid".into(), "".into()));
    assert_eq!(
        problem(users().json_text("{\"name\":7}").send().await),
        (422, "invalid".into(), "name".into())
    );
    assert_eq!(problem(users().json_text("[]").send().await), (422, "invalid".into(), "".into()));
    let broken = users().json_text(b"{\"name\":\"\xff\xfe\"}".to_vec()).send().await;
    assert_eq!(problem(broken), (422, "invalid".into(), "".into()));
    let twice = users().json_text(r#"{"name":"a","role":"viewer"}{}"#).send().await;
    assert_eq!(problem(twice), (422, "invalid".into(), "".into()));
    assert_eq!(users().body("{}").send().await.problem().1, "not_json");
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 << 20));
    assert_eq!(users().json_text(large).send().await.problem(), (413, "too_large".into(), "".into()));
    assert_eq!(administrator.ask(Method::PATCH, "/users").send().await.problem().1, "method_not_allowed");
    assert_eq!(administrator.get("/nowhere").await.problem().1, "not_found");
    assert_eq!(administrator.delete("/tokens/seven").await.problem().1, "not_found");
    assert_eq!(administrator.delete("/users/%ff").await.problem().1, "not_found");
    assert_eq!(administrator.get("/alerts?limit=many").await.problem().1, "invalid");
}

#[tokio::test]
async fn metrics_and_health_speak_as_prometheus_expects() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let bearer = format!("Bearer {}", administrator.token);
    let metrics = house.ask(Method::GET, "/metrics").header(header::AUTHORIZATION, &bearer).send().await;
    assert!(metrics.text.contains("larum_journal_commit_seconds") && metrics.text.ends_with("# EOF\n"));
    for path in ["/-/healthy", "/-/ready"] {
        assert_eq!(house.ask(Method::GET, path).send().await.text, "OK");
    }
    assert_eq!(house.ask(Method::GET, "/-/nothing").send().await.status, StatusCode::NOT_FOUND);
}
