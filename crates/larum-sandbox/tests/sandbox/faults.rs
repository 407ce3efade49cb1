//! What goes wrong on demand, and the control plane over HTTP.

use std::time::Duration;

use larum_sandbox::{Behaviour, Fault, Sandbox, SandboxConfig, StartError};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{World, heard};

/// Far longer than anything here takes.
const PLENTY: Duration = Duration::from_secs(30);

async fn post(world: &World, channel: &str) -> Result<reqwest::Response, reqwest::Error> {
    let request = world.request("chat.postMessage", &world.slack.bot_token);
    let request = request.header("content-type", "application/json; charset=utf-8");
    request.body(json!({"channel": channel, "text": "hello"}).to_string()).send().await
}

async fn control(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = world.client.request(method, format!("{}_sandbox/{path}", world.slack.page_url()));
    let request = if body.is_null() { request } else { request.json(&body) };
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn the_next_two_posts_are_rate_limited() {
    let world = World::new().await;
    let fault = Fault::of(Behaviour::RateLimited { retry_after: 30 }).on("chat.postMessage").times(2);
    world.slack.control().inject(fault).unwrap();
    assert_eq!(world.bot("auth.test", json!({})).await.error(), "ok", "another method is not meant");
    for _ in 0..2 {
        let held = heard(post(&world, "alerts").await.unwrap()).await;
        assert_eq!((held.status, held.header("retry-after")), (429, Some("30")));
        assert_eq!(held.body, json!({"ok": false, "error": "ratelimited"}));
    }
    world.post("alerts", "it is over").await;
    assert_eq!(world.slack.control().messages(0, None).unwrap().len(), 1);
}

#[tokio::test]
async fn one_channel_fails_and_the_others_do_not() {
    let world = World::new().await;
    let fault = Fault::of(Behaviour::ServerError { status: 503 }).in_channel("#alerts");
    let id = world.slack.control().inject(fault).unwrap();
    let failed = post(&world, &world.id("alerts")).await.unwrap();
    assert_eq!(failed.status(), 503);
    assert_eq!(failed.headers()["content-type"], "text/html; charset=utf-8");
    world.post("critical", "fine").await;
    world.slack.control().clear_fault(id).unwrap();
    world.post("alerts", "fine again").await;
}

#[tokio::test]
async fn a_fault_ends_with_its_time() {
    let world = World::new().await;
    world.slack.control().inject(Fault::of(Behaviour::Html).for_seconds(30)).unwrap();
    let page = heard(post(&world, "alerts").await.unwrap()).await;
    assert_eq!((page.status, page.body.is_string()), (200, true));
    world.later(30);
    world.post("alerts", "fine").await;
}

#[tokio::test]
async fn a_reset_before_leaves_nothing_and_a_reset_after_leaves_the_message() {
    let world = World::new().await;
    world.slack.control().inject(Fault::of(Behaviour::Reset).times(1)).unwrap();
    assert!(post(&world, "alerts").await.is_err());
    assert_eq!(world.slack.control().messages(0, None).unwrap(), []);
    world.slack.control().inject(Fault::of(Behaviour::Reset).after().times(1)).unwrap();
    assert!(post(&world, "alerts").await.is_err());
    assert_eq!(world.slack.control().messages(0, None).unwrap().len(), 1);
    let answers: Vec<_> =
        world.slack.control().requests(0).into_iter().map(|request| request.answer).collect();
    assert_eq!(answers, [Some("reset".to_owned()), Some("reset".to_owned())]);
}

#[tokio::test]
async fn a_hanging_call_ends_with_its_client_or_with_the_sandbox() {
    let world = World::new().await;
    world.slack.control().inject(Fault::of(Behaviour::Hang).after()).unwrap();
    let hanging = {
        let request = world.request("chat.postMessage?channel=alerts&text=a", &world.slack.bot_token);
        tokio::spawn(request.send())
    };
    let stored = world.slack.control().wait_for_messages(0, Some("alerts"), 1, PLENTY).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(!hanging.is_finished());
    assert_eq!(world.slack.control().requests(0)[0].answer, None, "it is still under way");
    world.slack.shutdown().await;
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn a_slow_call_is_answered_late() {
    let world = World::new().await;
    world.slack.control().inject(Fault::of(Behaviour::Slow { milliseconds: 60_000 }).times(1)).unwrap();
    let started = tokio::time::timeout(Duration::from_millis(10), post(&world, "alerts")).await;
    assert!(started.is_err(), "no answer within 10 ms");
    assert_eq!(world.slack.control().messages(0, None).unwrap(), []);
}

#[tokio::test]
async fn any_error_code_can_be_asked_for() {
    let world = World::new().await;
    let fault = Fault::of(Behaviour::Error { error: "fatal_error".into() }).after().times(1);
    world.slack.control().inject(fault).unwrap();
    assert_eq!(heard(post(&world, "alerts").await.unwrap()).await.error(), "fatal_error");
    assert_eq!(world.slack.control().messages(0, None).unwrap().len(), 1, "some of it succeeded");
}

#[tokio::test]
async fn the_control_plane_does_all_this_over_http() {
    let world = World::new().await;
    let fault =
        json!({"behaviour": {"kind": "rate_limited", "retry_after": 2}, "channel": "alerts", "times": 1});
    assert_eq!(control(&world, Method::POST, "faults", fault).await, (StatusCode::OK, json!({"id": 1})));
    assert_eq!(post(&world, "alerts").await.unwrap().status(), 429);
    let (_, made) = control(&world, Method::POST, "channels", json!({"name": "new-one"})).await;
    world.post(made["id"].as_str().unwrap(), "first").await;
    let (_, read) = control(&world, Method::GET, "messages?after=0&channel=new-one", Value::Null).await;
    assert_eq!((&read["last"], &read["messages"][0]["message"]["text"]), (&json!(1), &json!("first")));
    control(&world, Method::PATCH, "channels/alerts", json!({"is_archived": true})).await;
    assert_eq!(heard(post(&world, "alerts").await.unwrap()).await.error(), "is_archived");
    control(&world, Method::PATCH, "tokens/bot", json!({"state": "revoked"})).await;
    assert_eq!(heard(post(&world, "alerts").await.unwrap()).await.error(), "token_revoked");
    let (_, switches) = control(&world, Method::PATCH, "switches", json!({"deduplicate": false})).await;
    assert_eq!((&switches["deduplicate"], &switches["posting_limits"]), (&json!(false), &json!(true)));
    let (_, requests) = control(&world, Method::GET, "requests?after=3", Value::Null).await;
    assert_eq!(requests["requests"][0]["answer"], "token_revoked");
    let (_, state) = control(&world, Method::GET, "state", Value::Null).await;
    assert_eq!(state["tokens"][0]["token"], json!(world.slack.bot_token));
    control(&world, Method::POST, "reset", Value::Null).await;
    world.post("alerts", "as at the first start").await;
    let (_, state) = control(&world, Method::GET, "state", Value::Null).await;
    assert_eq!(state["channels"].as_array().unwrap().len(), 9);
    assert_eq!(state["switches"]["deduplicate"], true);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_words() {
    let world = World::new().await;
    let cases = [
        (Method::POST, "faults", json!({"behaviour": {"kind": "html"}, "channel": "nowhere"}), 404),
        (Method::POST, "faults", json!({"behaviour": {"kind": "server_error", "status": 404}}), 422),
        (Method::PATCH, "channels/nowhere", json!({}), 404),
        (Method::POST, "faults", json!({"behaviour": {"kind": "gremlins"}}), 422),
        (Method::POST, "channels", json!({"name": "Has Spaces"}), 422),
        (Method::POST, "channels", json!({"name": "alerts"}), 422),
        (Method::PATCH, "switches", json!({"unknown": true}), 422),
        (Method::DELETE, "faults/9", Value::Null, 404),
        (Method::GET, "messages?channel=nowhere", Value::Null, 404),
    ];
    for (method, path, body, status) in cases {
        let (heard, words) = control(&world, method, path, body).await;
        assert_eq!(heard, status, "{path}");
        assert!(words["error"].is_string(), "{path}: {words}");
    }
}

#[tokio::test]
async fn a_reader_waits_for_the_message_it_needs() {
    let world = World::new().await;
    let reader = tokio::spawn({
        let url = format!(
            "{}_sandbox/messages?after=0&channel=alerts&count=2&wait_ms=30000",
            world.slack.page_url()
        );
        world.client.get(url).send()
    });
    world.post("critical", "not this one").await;
    world.post("alerts", "one").await;
    world.post("alerts", "two").await;
    let read: Value = reader.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(read["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_control_plane_answers_only_for_this_machine() {
    let world = World::new().await;
    let request = world.client.get(format!("{}_sandbox/state", world.slack.page_url()));
    let response = request.header("host", "evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
    let request = world.client.post(format!("{}_sandbox/reset", world.slack.page_url()));
    let response = request.header("origin", "http://evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn only_loopback_is_listened_on() {
    let config = SandboxConfig { listen: "0.0.0.0:0".parse().unwrap(), ..SandboxConfig::in_memory() };
    assert!(matches!(Sandbox::start(config).await, Err(StartError::NotLoopback(_))));
    let world = World::new().await;
    let taken = SandboxConfig { listen: world.slack.addr, ..SandboxConfig::in_memory() };
    assert!(matches!(Sandbox::start(taken).await, Err(StartError::Bind { .. })));
}
