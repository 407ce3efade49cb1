//! Coming in, and who may do what then.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::house::{Answer, Asking, House, Opening};

const SESSION: &str = "/api/larum/v1/session";
const NEW: &str = "a much better password";

async fn log_in(house: &House, name: &str, password: &str) -> Answer {
    let login = json!({ "name": name, "password": password });
    house.ask(Method::POST, SESSION).json(&login).with_console_headers().send().await
}

/// The cookie as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn with<'a>(house: &'a House, cookie: &str, method: Method, path: &str) -> Asking<'a> {
    house.ask(method, &format!("/api/larum/v1{path}")).header(header::COOKIE, cookie).with_console_headers()
}

#[tokio::test]
async fn the_first_login_leads_to_a_new_password_and_nowhere_else() {
    let house = House::open().await;
    assert_eq!(
        house.ask(Method::GET, SESSION).send().await.problem(),
        (401, "unauthenticated".into(), "".into())
    );

    let entered = log_in(&house, "admin", &house.initial_password).await;
    assert_eq!(
        entered.ok(),
        json!({ "mode": "serve", "user": { "name": "admin", "role": "platform-admin" }, "must_change_password": true })
    );
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("larum=") && set.contains("; HttpOnly; SameSite=Strict") && !set.contains("Secure")
    );
    let cookie = cookie(&entered);
    assert_eq!(
        with(&house, &cookie, Method::GET, "/session").send().await.ok()["must_change_password"],
        true
    );
    for path in ["/status", "/users", "/alerts"] {
        let refused = with(&house, &cookie, Method::GET, path).send().await.problem();
        assert_eq!((refused.0, refused.1.as_str()), (403, "must_change_password"), "{path}");
    }
    let old = house.ask(Method::GET, "/api/v2/alerts").header(header::COOKIE, &cookie).send().await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);

    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let asking = || with(&house, &cookie, Method::PUT, "/session/password");
    assert_eq!(
        asking().json(&change("wrong", NEW)).send().await.problem(),
        (422, "invalid".into(), "current".into())
    );
    let weak = asking().json(&change(&house.initial_password, "short")).send().await;
    assert_eq!(weak.problem(), (422, "invalid".into(), "new".into()));
    let changed = asking().json(&change(&house.initial_password, NEW)).send().await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    assert_eq!(with(&house, &cookie, Method::GET, "/status").send().await.ok()["told"]["state"], "nobody");

    let gone = with(&house, &cookie, Method::DELETE, "/session").send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(gone.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(with(&house, &cookie, Method::GET, "/session").send().await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guessing_is_refused_after_a_few_attempts_with_the_time_to_wait() {
    let house = House::open().await;
    for _ in 0..6 {
        let wrong = log_in(&house, "admin", "guess").await;
        assert_eq!(wrong.problem(), (401, "unauthenticated".into(), "".into()));
    }
    let refused = log_in(&house, "admin", &house.initial_password).await;
    assert_eq!(refused.problem().1, "too_many_attempts");
    let seconds: u64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds));
    assert_eq!(log_in(&house, "somebody", "guess").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_password_does_not_cross_the_network_in_the_clear() {
    let house = House::open_as(Opening { listen_address: [0, 0, 0, 0], ..Opening::default() }).await;
    let login = json!({ "name": "admin", "password": house.initial_password });
    let asking = house.ask(Method::POST, SESSION).json(&login).with_console_headers().at_peer([10, 0, 0, 7]);
    let refused = asking.send().await;
    assert_eq!(refused.problem().1, "forbidden");
    assert!(refused.detail().contains("--web.external-url"));

    let house = behind_a_proxy().await;
    let login = json!({ "name": "admin", "password": house.initial_password });
    let asking =
        || house.ask(Method::POST, SESSION).json(&login).with_console_headers().at_peer([10, 0, 0, 7]);
    let entered = asking().header(header::HOST, "larum.example").send().await;
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("__Host-larum=") && set.ends_with("; Secure"), "{set}");
    // Past the proxy, by Larum's own port.
    for host in ["10.0.0.1:9093", "larum.example:9093"] {
        let refused = asking().header(header::HOST, host).send().await;
        assert_eq!(refused.problem().1, "forbidden", "{host}");
        assert!(refused.detail().contains("https://larum.example"), "{}", refused.detail());
    }
    // A proxy that gives its own name for the host leaves the browser's origin as it is.
    let renamed = asking().header(header::HOST, "10.0.0.1:9093").header("origin", "https://larum.example");
    assert_eq!(renamed.send().await.status, StatusCode::OK);

    let plain = Opening { external_url: "http://larum.example", ..Opening::default() };
    let house = House::open_as(plain).await;
    let login = json!({ "name": "admin", "password": house.initial_password });
    let asking = house.ask(Method::POST, SESSION).json(&login).with_console_headers();
    let refused = asking.header("x-forwarded-for", "203.0.113.7").send().await;
    assert_eq!(refused.problem().1, "forbidden", "it crossed the network to the proxy");
}

#[tokio::test]
async fn a_larum_that_speaks_tls_is_logged_in_to_by_any_of_its_names() {
    let opening = Opening {
        external_url: "https://larum.example:9093",
        listen_address: [0, 0, 0, 0],
        speaks_tls: true,
        ..Opening::default()
    };
    let house = House::open_as(opening).await;
    for host in ["larum.example:9093", "10.0.0.1:9093", "larum.monitoring.svc:9093"] {
        let login = json!({ "name": "admin", "password": house.initial_password });
        let asking = house.ask(Method::POST, SESSION).json(&login).with_console_headers();
        let entered = asking.header(header::HOST, host).at_peer([10, 0, 0, 7]).send().await;
        assert_eq!(entered.status, StatusCode::OK, "{host}: {}", entered.text);
        assert!(cookie(&entered).starts_with("__Host-larum="), "{host}");
    }
}

async fn behind_a_proxy() -> House {
    let opening =
        Opening { external_url: "https://larum.example", listen_address: [0, 0, 0, 0], ..Opening::default() };
    House::open_as(opening).await
}

#[tokio::test]
async fn behind_a_proxy_one_who_guesses_locks_nobody_else_out() {
    let house = behind_a_proxy().await;
    let log_in = async |from: &str, password: &str| {
        let login = json!({ "name": "admin", "password": password });
        let asking = house.ask(Method::POST, SESSION).json(&login).with_console_headers();
        asking.header("x-forwarded-for", from).send().await
    };
    for attempt in 0..7 {
        // What the guesser says stands before what the proxy says.
        let from = format!("198.51.100.{attempt}, 203.0.113.7");
        let refused = log_in(&from, "guess").await.problem().1;
        assert_eq!(refused, if attempt < 6 { "unauthenticated" } else { "too_many_attempts" });
    }
    assert_eq!(log_in("203.0.113.8", &house.initial_password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_else_than_the_proxy_says_where_somebody_is() {
    let house = behind_a_proxy().await;
    for attempt in 0..7 {
        let login = json!({ "name": "admin", "password": "guess" });
        let asking = house.ask(Method::POST, SESSION).json(&login).with_console_headers();
        let asking = asking.header(header::HOST, "larum.example").at_peer([10, 0, 0, 7]);
        let refused = asking.header("x-forwarded-for", &format!("198.51.100.{attempt}")).send().await;
        let expected = if attempt < 6 { "unauthenticated" } else { "too_many_attempts" };
        assert_eq!(refused.problem().1, expected);
    }
}

#[tokio::test]
async fn users_are_made_changed_and_deleted_by_administrators() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let made = administrator.post("/users", json!({ "name": "Grace", "role": "viewer" })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let password = made.ok()["one_time_password"].as_str().unwrap().to_owned();
    let names = |users: &Value| -> Vec<String> {
        users["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&administrator.get("/users").await.ok()), ["admin", "grace"]);
    let taken = administrator.post("/users", json!({ "name": "GRACE", "role": "viewer" })).await;
    assert_eq!(taken.problem(), (422, "invalid".into(), "name".into()));
    for role in ["owner", "sender"] {
        let unknown = administrator.post("/users", json!({ "name": "x", "role": role })).await;
        assert_eq!(unknown.problem(), (422, "invalid".into(), "role".into()), "{role}");
    }

    let entered = log_in(&house, "grace", &password).await;
    let changed = with(&house, &cookie(&entered), Method::PUT, "/session/password")
        .json(&json!({ "current": password, "new": NEW }))
        .send()
        .await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    let grace = cookie(&entered);
    assert_eq!(with(&house, &grace, Method::GET, "/alerts").send().await.status, StatusCode::OK);
    for (method, path) in [(Method::GET, "/users"), (Method::GET, "/tokens"), (Method::POST, "/receivers")] {
        let refused = with(&house, &grace, method, path).json(&json!({})).send().await;
        assert_eq!(refused.problem().1, "forbidden", "{path}");
    }
    administrator.put("/users/grace", json!({ "role": "platform-admin" })).await.ok();
    assert_eq!(with(&house, &grace, Method::GET, "/users").send().await.status, StatusCode::OK);
    administrator.delete("/users/grace").await.ok();
    assert_eq!(with(&house, &grace, Method::GET, "/session").send().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(administrator.delete("/users/grace").await.problem().1, "not_found");
    let last = administrator.delete("/users/admin").await;
    assert_eq!(last.problem(), (422, "invalid".into(), "role".into()));
}

#[tokio::test]
async fn a_reset_password_lets_in_and_has_to_be_changed() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let reset = administrator.post("/users/admin/reset-password", json!({})).await.ok();
    let password = reset["one_time_password"].as_str().unwrap();
    assert_eq!(log_in(&house, "admin", &house.initial_password).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in(&house, "admin", password).await.ok()["must_change_password"], true);
}

#[tokio::test]
async fn a_service_token_is_shown_once_and_lets_scripts_in() {
    let house = House::open().await;
    let administrator = house.administrator().await;
    let made = administrator.post("/tokens", json!({ "name": "grafana", "role": "viewer" })).await.ok();
    let (id, secret) = (made["token"]["id"].clone(), made["secret"].as_str().unwrap().to_owned());
    let tokens = administrator.get("/tokens").await;
    assert!(!tokens.text.contains(&secret));
    let bearer = format!("Bearer {secret}");
    let by = |value: &str| house.ask(Method::GET, "/api/v2/alerts").header(header::AUTHORIZATION, value);
    assert_eq!(by(&bearer).send().await.status, StatusCode::OK);
    // `x:` and the token in base64, as curl's `-u x:larum_…` sends it.
    use base64::Engine;
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("x:{secret}")));
    assert_eq!(by(&basic).send().await.status, StatusCode::OK);
    assert_eq!(by("Bearer larum_wrong").send().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(by("Bearer").send().await.status, StatusCode::UNAUTHORIZED);
    administrator.delete(&format!("/tokens/{id}")).await.ok();
    assert_eq!(by(&bearer).send().await.status, StatusCode::UNAUTHORIZED);
}
