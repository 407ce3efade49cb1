//! Larum in Alertmanager's place: everybody comes in, but for pages of other sites, and what needs an administrator is
//! not there.

use std::num::NonZeroUsize;

use axum::http::{Method, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use larum_api::{Access, ApiV2, CrossOrigin, Member};
use serde_json::{Value, json};

use crate::house::{Answer, Asking, House, Opening};

const OWN: &str = "/api/larum/v1";
const FILE: &str = "{ route: { receiver: team }, receivers: [{ name: team }] }";

async fn house(prefix: &'static str) -> House {
    let member = Member { name: "larum-0".to_owned(), address: "0.0.0.0:9094".to_owned() };
    let alertmanager = ApiV2 {
        access: Access::Everybody,
        cross_origin: CrossOrigin::Allowed,
        member: Some(member),
        ..ApiV2::default()
    };
    House::open_as(Opening {
        alertmanager,
        route_file: Some(FILE.to_owned()),
        in_alertmanagers_place: Some(prefix),
        ..Opening::default()
    })
    .await
}

fn own<'a>(house: &'a House, method: Method, path: &str) -> Asking<'a> {
    house.ask(method, &format!("{OWN}{path}"))
}

fn silence(author: Option<&str>) -> Value {
    json!({ "text": "alertname=Disk", "duration": "2h", "comment": "known", "created_by": author })
}

async fn silenced(house: &House, author: Option<&str>) -> Answer {
    own(house, Method::POST, "/silences").json(&silence(author)).with_console_headers().send().await
}

#[tokio::test]
async fn the_session_says_as_what_larum_runs_and_who_asks() {
    let house = house("").await;
    let session = own(&house, Method::GET, "/session").send().await.ok();
    let nobody = json!({ "name": "anonymous", "role": "platform-admin" });
    assert_eq!(session, json!({ "mode": "alertmanager", "user": nobody, "must_change_password": false }));
    let ada = format!("Basic {}", STANDARD.encode("ada:secret"));
    let session = own(&house, Method::GET, "/session").header(header::AUTHORIZATION, &ada).send().await.ok();
    assert_eq!(session["user"]["name"], "ada");
    let status = own(&house, Method::GET, "/status").send().await.ok();
    assert_eq!(status["cluster"], json!({ "name": "larum-0", "address": "0.0.0.0:9094" }));
    assert_eq!(status["has_route_file"], true);

    let serving = House::open().await;
    let session = serving.administrator().await.get("/session").await.ok();
    assert_eq!((&session["mode"], &session["user"]["name"]), (&json!("serve"), &json!("test")));
}

#[tokio::test]
async fn nothing_of_alertmanagers_api_is_kept_in_caches() {
    let house = house("").await;
    for path in ["/api/v2/alerts", "/api/v2/status", "/api/v2/silences?filter=foo", "/api/v2/nope"] {
        let answer = house.ask(Method::GET, path).send().await;
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
}

#[tokio::test]
async fn what_is_counted_is_read_in_turn_with_everything_else() {
    let alertmanager =
        ApiV2 { access: Access::Everybody, get_concurrency: NonZeroUsize::new(1), ..ApiV2::default() };
    let in_alertmanagers_place = Some("");
    let house = House::open_as(Opening { alertmanager, in_alertmanagers_place, ..Opening::default() }).await;
    let metrics = || house.ask(Method::GET, "/metrics").send();
    let unread = house.ask(Method::GET, "/api/v2/alerts").begin().await;
    assert_eq!(metrics().await.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(unread);
    let page = metrics().await;
    assert_eq!(page.status, StatusCode::OK);
    let inside = "\nalertmanager_http_requests_in_flight{method=\"get\"} 1\n";
    assert!(page.text.contains(inside), "it is one itself: {}", page.text);
    assert_eq!(metrics().await.status, StatusCode::OK, "the turn was given back");
}

#[tokio::test]
async fn what_is_counted_does_not_name_the_path_below_which_everything_is() {
    let house = house("/am").await;
    house.ask(Method::GET, "/am/api/v2/alerts").send().await.ok();
    let page = house.ask(Method::GET, "/am/metrics").send().await.text;
    let line = "alertmanager_http_response_size_bytes_count{handler=\"/api/v2/alerts\",method=\"get\"} 1";
    assert!(page.contains(&format!("\n{line}\n")), "{page}");
}

#[tokio::test]
async fn what_needs_an_administrator_is_not_there() {
    let house = house("").await;
    for path in [
        "/users",
        "/tokens",
        "/receivers",
        "/slack/manifest",
        "/settings/grouping",
        "/policies",
        "/metrics-source",
    ] {
        assert_eq!(own(&house, Method::GET, path).send().await.problem().1, "not_found", "{path}");
    }
    let login = json!({ "name": "admin", "password": house.initial_password });
    let entered = own(&house, Method::POST, "/session").json(&login).with_console_headers().send().await;
    assert_eq!(entered.problem().1, "method_not_allowed");
    for path in [
        "/alerts",
        "/alerts/groups",
        "/silences",
        "/deliveries",
        "/routing",
        "/inhibitions",
        "/history",
        "/heartbeats",
        "/runbooks",
        "/label-suggestions",
    ] {
        assert_eq!(own(&house, Method::GET, path).send().await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn everybody_silences_and_says_who_they_are() {
    let house = house("").await;
    let refused = silenced(&house, None).await;
    assert_eq!(refused.problem(), (422, "invalid".into(), "created_by".into()));
    let made = silenced(&house, Some(" ada ")).await.ok();
    assert_eq!((&made["created_by"], &made["state"]), (&json!("ada"), &json!("active")));
    let path = format!("/silences/{}", made["id"].as_str().unwrap());
    let mut change = silence(Some("grace"));
    change["updated_at"] = made["updated_at"].clone();
    let changed = own(&house, Method::PUT, &path).json(&change).with_console_headers().send().await.ok();
    assert_eq!(changed["created_by"], "ada", "who edits a silence leaves it its author");
    let ended = own(&house, Method::DELETE, &path).with_console_headers().send().await.ok();
    assert_eq!(ended["state"], "expired");
    let by_login = House::open().await;
    let made = by_login.administrator().await.post("/silences", silence(Some("somebody else"))).await.ok();
    assert_eq!(made["created_by"], "token test", "where people log in nobody signs as another");
}

#[tokio::test]
async fn a_page_of_another_site_reads_and_changes_nothing_by_larums_own_api() {
    let house = house("").await;
    let evil = "https://evil.example";
    let read = own(&house, Method::GET, "/alerts").header(header::ORIGIN, evil).send().await;
    assert!(
        !read.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        "the browser keeps it from the page"
    );
    let preflight = own(&house, Method::OPTIONS, "/silences").header(header::ORIGIN, evil);
    let preflight = preflight.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").send().await;
    assert!(!preflight.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    let by_alertmanagers = house.ask(Method::GET, "/api/v2/alerts").header(header::ORIGIN, evil).send().await;
    assert_eq!(by_alertmanagers.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");

    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", evil),
        ("origin", "null"),
    ] {
        for (method, path) in [
            (Method::POST, "/silences"),
            (Method::DELETE, "/silences/1"),
            (Method::POST, "/deliveries/1/retry"),
        ] {
            let refused = own(&house, method.clone(), path).json(&silence(Some("evil"))).header(name, value);
            assert_eq!(refused.send().await.problem().1, "forbidden", "{method} {path} {name}: {value}");
        }
    }
    // A form can send text; a browser of long ago says nothing of where it comes from.
    let form = own(&house, Method::POST, "/silences").body(silence(Some("evil")).to_string());
    assert_eq!(form.header(header::CONTENT_TYPE, "text/plain").send().await.problem().1, "not_json");
    assert_eq!(own(&house, Method::GET, "/silences").send().await.ok()["total"], 0);
    let script = own(&house, Method::POST, "/silences").json(&silence(Some("a script"))).send().await;
    assert_eq!(script.status, StatusCode::CREATED, "curl says nothing and may");
}

#[tokio::test]
async fn a_foreign_name_that_points_here_gets_neither_the_console_nor_its_api() {
    let house = house("").await;
    let named = |path: &str| house.ask(Method::GET, path).header(header::HOST, "evil.example");
    for path in ["/", "/alerts", "/api/larum/v1/alerts"] {
        assert_eq!(named(path).send().await.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
    for path in ["/api/v2/alerts", "/-/healthy"] {
        assert_eq!(named(path).send().await.status, StatusCode::OK, "{path} answers as Alertmanager does");
    }
}

#[tokio::test]
async fn the_console_stands_below_the_prefix_and_finds_its_files_from_every_path() {
    let house = house("/tools/alertmanager").await;
    for path in ["/", "/tools/alertmanager"] {
        let answer = house.ask(Method::GET, path).send().await;
        assert_eq!(
            (answer.status, answer.headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::FOUND, "/tools/alertmanager/")
        );
    }
    for (path, up) in [("/", "./"), ("/alerts", "./"), ("/alerts/17", "../"), ("/silences/1/edit", "../../")]
    {
        let page = house.ask(Method::GET, &format!("/tools/alertmanager{path}")).send().await;
        assert!(page.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
        assert!(page.headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
        // With a console that is not built the page says how to build it.
        let built = page.status == StatusCode::OK;
        assert!(!built || page.text.contains(&format!("href=\"{up}favicon.svg\"")), "{path}: {}", page.text);
        if built {
            let icon = house.ask(Method::GET, "/tools/alertmanager/favicon.svg").send().await;
            assert_eq!(icon.headers[header::CONTENT_TYPE], "image/svg+xml");
        }
    }
    let answers = ["/api/larum/v1/session", "/api/v2/alerts", "/metrics", "/-/healthy"];
    for path in answers {
        let asked = async |path: String| house.ask(Method::GET, &path).send().await.status;
        assert_eq!(asked(format!("/tools/alertmanager{path}")).await, StatusCode::OK, "{path}");
        assert_eq!(asked(path.to_owned()).await, StatusCode::NOT_FOUND, "{path}");
    }
}
