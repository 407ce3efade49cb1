//! Who may call what, and how.

use larum_sandbox::{ChannelChange, Switches, TokenChange, TokenKind, TokenState};
use serde_json::json;

use crate::world::{World, heard};

#[tokio::test]
async fn a_bot_token_says_who_it_is() {
    let world = World::new().await;
    for heard in [world.bot("auth.test", json!({})).await, world.bot_form("auth.test", json!({})).await] {
        assert_eq!(heard.body["ok"], true);
        assert_eq!(heard.body["team"], "Larum Sandbox");
        assert_eq!(heard.body["user"], "larum");
        assert!(heard.body["bot_id"].as_str().unwrap().starts_with('B'));
        assert_eq!(
            heard.header("x-oauth-scopes"),
            Some("chat:write,channels:read,groups:read,channels:join")
        );
        assert_eq!(heard.header("x-accepted-oauth-scopes"), None);
        assert_eq!(heard.header("x-slack-req-id").unwrap().len(), 32);
    }
}

#[tokio::test]
async fn a_user_token_speaks_as_a_person() {
    let world = World::new().await;
    let who = world.user_form("auth.test", json!({})).await;
    assert_eq!(who.body["user"], "olivia");
    assert!(who.body.get("bot_id").is_none());
    let posted = world.user_form("chat.postMessage", json!({"channel": "random", "text": "hello"})).await;
    assert_eq!(posted.body["message"]["user"], who.body["user_id"]);
    assert!(posted.body["message"].get("bot_id").is_none());
}

#[tokio::test]
async fn a_token_that_is_no_good_is_told_why() {
    let world = World::new().await;
    let url = format!("{}auth.test", world.slack.api_url());
    let none = heard(world.client.post(&url).send().await.unwrap()).await;
    assert_eq!(none.error(), "not_authed");
    assert_eq!(none.header("x-oauth-scopes"), None);
    for (token, error) in [("xoxb-no", "invalid_auth"), ("xapp-1-A0", "not_allowed_token_type")] {
        let heard = heard(world.request("auth.test", token).send().await.unwrap()).await;
        assert_eq!(heard.error(), error);
    }
    let states = [
        (TokenState::Revoked, "token_revoked"),
        (TokenState::Inactive, "account_inactive"),
        (TokenState::Expired, "token_expired"),
        (TokenState::Active, "ok"),
    ];
    for (state, error) in states {
        let change = TokenChange { state: Some(state), scopes: None };
        world.slack.control().change_token(TokenKind::Bot, &change).unwrap();
        assert_eq!(world.bot("auth.test", json!({})).await.error(), error);
    }
}

#[tokio::test]
async fn a_token_in_a_form_counts_and_one_in_json_does_not() {
    let world = World::new().await;
    let (url, token) = (format!("{}auth.test", world.slack.api_url()), &world.slack.bot_token);
    let form = world.client.post(&url).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(heard(form.body(format!("token={token}")).send().await.unwrap()).await.error(), "ok");
    let json = world.client.post(&url).header("content-type", "application/json; charset=utf-8");
    let json = json.body(json!({"token": token}).to_string());
    assert_eq!(heard(json.send().await.unwrap()).await.error(), "not_authed");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let world = World::new().await;
    let change = TokenChange { state: None, scopes: Some(vec!["channels:read".into()]) };
    world.slack.control().change_token(TokenKind::Bot, &change).unwrap();
    let heard = world.bot("chat.postMessage", json!({"channel": "alerts", "text": "a"})).await;
    assert_eq!(heard.error(), "missing_scope");
    assert_eq!(
        (&heard.body["needed"], &heard.body["provided"]),
        (&json!("chat:write"), &json!("channels:read"))
    );
    assert_eq!(heard.header("x-accepted-oauth-scopes"), Some("chat:write"));
    let private =
        world.bot_form("conversations.list", json!({"types": "public_channel,private_channel"})).await;
    assert_eq!((private.error(), &private.body["needed"]), ("missing_scope", &json!("groups:read")));
}

#[tokio::test]
async fn who_may_post_where() {
    let world = World::unhurried().await;
    let cases = [
        ("alerts", "ok", "ok"),
        ("#alerts", "ok", "ok"),
        ("#Alerts", "channel_not_found", "channel_not_found"),
        ("random", "not_in_channel", "ok"),
        ("old-alerts", "is_archived", "is_archived"),
        ("nowhere", "channel_not_found", "channel_not_found"),
        ("", "channel_not_found", "channel_not_found"),
        ("oncall-private", "channel_not_found", "channel_not_found"),
        ("leadership-private", "channel_not_found", "channel_not_found"),
    ];
    for (channel, bot, user) in cases {
        let arguments = json!({"channel": channel, "text": "hello"});
        assert_eq!(
            world.bot("chat.postMessage", arguments.clone()).await.error(),
            bot,
            "{channel} as bot, JSON"
        );
        assert_eq!(
            world.bot_form("chat.postMessage", arguments.clone()).await.error(),
            bot,
            "{channel} as bot"
        );
        assert_eq!(world.user_form("chat.postMessage", arguments).await.error(), user, "{channel} as user");
    }
    for (channel, bot) in [("oncall-private", "ok"), ("leadership-private", "channel_not_found")] {
        let arguments = json!({"channel": world.id(channel), "text": "hello"});
        assert_eq!(world.bot("chat.postMessage", arguments).await.error(), bot, "{channel} by id");
    }
    let change =
        TokenChange { state: None, scopes: Some(vec!["chat:write".into(), "chat:write.public".into()]) };
    world.slack.control().change_token(TokenKind::Bot, &change).unwrap();
    world.post("random", "with chat:write.public").await;
}

#[tokio::test]
async fn an_invited_bot_may_post_and_a_removed_one_may_not() {
    let world = World::new().await;
    let membership = |member| ChannelChange { bot_is_member: Some(member), ..ChannelChange::default() };
    world.slack.control().change_channel("#random", membership(true)).unwrap();
    world.post("random", "thanks for the invitation").await;
    world.slack.control().change_channel("random", membership(false)).unwrap();
    let heard = world.bot("chat.postMessage", json!({"channel": "random", "text": "a"})).await;
    assert_eq!(heard.error(), "not_in_channel");
}

#[tokio::test]
async fn a_post_is_answered_with_the_message_as_stored() {
    let world = World::new().await;
    let first = world.post("#alerts", "one").await;
    let second = world.post("alerts", "two").await;
    assert_eq!(first["channel"], json!(world.id("alerts")));
    assert_eq!(first["ts"], "1700000000.000000");
    assert_eq!(second["ts"], "1700000000.000001", "a ts is unique in its channel");
    assert_eq!(second["message"]["text"], "two");
    assert_eq!(second["message"]["bot_profile"]["name"], "Larum");
    let stored = world.slack.control().messages(1, Some("alerts")).unwrap();
    assert_eq!((stored.len(), &stored[0].message), (1, &second["message"]));
}

#[tokio::test]
async fn a_message_is_said_anew_where_it_stands() {
    let world = World::new().await;
    let posted = world
        .bot("chat.postMessage", json!({"channel": "alerts", "text": "a", "attachments": [{"text": "b"}]}))
        .await
        .body;
    world.post("alerts", "later").await;
    let (channel, ts) = (posted["channel"].clone(), posted["ts"].clone());
    let update = async |more: serde_json::Value| {
        let mut arguments = json!({"channel": channel, "ts": ts});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.bot("chat.update", arguments).await
    };
    let kept = update(json!({"text": "c"})).await.body;
    assert_eq!((&kept["ts"], &kept["channel"], &kept["text"]), (&ts, &channel, &json!("c")));
    assert_eq!(kept["message"]["attachments"][0]["text"], "b", "what is not said stays");
    assert_eq!(kept["message"]["edited"]["ts"], ts);
    assert_eq!(
        update(json!({"text": "c", "attachments": []})).await.body["message"].get("attachments"),
        None
    );
    let texts = |after| world.slack.control().messages(after, None).unwrap();
    assert_eq!(texts(0).iter().map(|posted| posted.text().to_owned()).collect::<Vec<_>>(), ["c", "later"]);

    assert_eq!(update(json!({})).await.error(), "no_text");
    assert_eq!(update(json!({"text": "x".repeat(4001)})).await.error(), "msg_too_long");
    assert_eq!(update(json!({"text": "c", "ts": "1600000000.000001"})).await.error(), "message_not_found");
    assert_eq!(update(json!({"text": "c", "channel": "alerts"})).await.error(), "channel_not_found");
    let hers = json!({"channel": channel, "ts": ts, "text": "hers"});
    assert_eq!(world.user_form("chat.update", hers).await.error(), "cant_update_message");
    let archived = ChannelChange { is_archived: Some(true), ..ChannelChange::default() };
    world.slack.control().change_channel("alerts", archived).unwrap();
    assert_eq!(update(json!({"text": "c"})).await.error(), "is_inactive");
}

#[tokio::test]
async fn channels_are_listed_in_pages() {
    let world = World::new().await;
    let all = json!({"types": "public_channel,private_channel", "limit": 3, "exclude_archived": true});
    let (mut names, mut cursor) = (Vec::new(), String::new());
    for _ in 0..3 {
        let mut arguments = all.clone();
        arguments["cursor"] = json!(cursor);
        let page = world.bot_form("conversations.list", arguments).await.body;
        names.extend(page["channels"].as_array().unwrap().iter().map(|channel| channel["name"].clone()));
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
    }
    let expected =
        json!(["general", "alerts", "critical", "platform", "deployments", "random", "oncall-private"]);
    assert_eq!((json!(names), cursor.as_str()), (expected, ""));
    for (name, value) in [("cursor", "bm8="), ("limit", "1000"), ("limit", "x"), ("types", "clubs")] {
        let heard = world.bot_form("conversations.list", json!({name: value})).await;
        assert_eq!(heard.error(), format!("invalid_{name}"));
    }
}

#[tokio::test]
async fn a_channel_is_looked_up_by_id_only() {
    let world = World::new().await;
    let info = world.bot_form("conversations.info", json!({"channel": world.id("random")})).await;
    assert_eq!(
        (&info.body["channel"]["name"], &info.body["channel"]["is_member"]),
        (&json!("random"), &json!(false))
    );
    for hidden in ["random".to_owned(), world.id("leadership-private")] {
        let heard = world.bot_form("conversations.info", json!({"channel": hidden})).await;
        assert_eq!(heard.error(), "channel_not_found");
    }
    assert_eq!(world.bot_form("conversations.info", json!({})).await.error(), "invalid_arguments");
    let as_json = world.bot("conversations.info", json!({"channel": world.id("random")})).await;
    assert_eq!(as_json.error(), "invalid_arguments", "this method takes no JSON");
}

#[tokio::test]
async fn a_public_channel_can_be_joined() {
    let world = World::new().await;
    let joined = world.bot("conversations.join", json!({"channel": world.id("random")})).await;
    assert_eq!(joined.body["channel"]["is_member"], true);
    let again = world.bot("conversations.join", json!({"channel": world.id("random")})).await;
    assert_eq!(again.body["warning"], "already_in_channel");
    for (channel, error) in [
        ("old-alerts", "is_archived"),
        ("oncall-private", "method_not_supported_for_channel_type"),
        ("leadership-private", "channel_not_found"),
    ] {
        let heard = world.bot("conversations.join", json!({"channel": world.id(channel)})).await;
        assert_eq!(heard.error(), error, "{channel}");
    }
}

#[tokio::test]
async fn an_unknown_method_is_named_so() {
    let world = World::new().await;
    let heard = world.bot("chat.postMessages", json!({})).await;
    assert_eq!((heard.status, heard.error()), (200, "unknown_method"));
    let elsewhere = world.client.get(world.slack.page_url() + "nothing/here").send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn the_encoding_is_judged_before_anything_else() {
    let world = World::new().await;
    let cases = [
        (Some("application/xml"), "<a/>", "invalid_post_type"),
        (None, "a=b", "missing_post_type"),
        (Some("application/json; charset=utf-16"), "{}", "invalid_charset"),
        (Some("application/json; charset=utf-8"), "{\"a\":", "invalid_json"),
        (Some("application/json; charset=utf-8"), "[]", "json_not_object"),
        (Some("multipart/form-data; boundary=x"), "--y", "invalid_form_data"),
        (Some("application/json;charset=utf-8"), "", "ok"),
        (Some("text/plain"), "anything", "ok"),
    ];
    for (content_type, body, error) in cases {
        let request = world.request("auth.test", &world.slack.bot_token).body(body);
        let request = match content_type {
            Some(content_type) => request.header("content-type", content_type),
            None => request,
        };
        assert_eq!(heard(request.send().await.unwrap()).await.error(), error, "{content_type:?} {body}");
    }
}

#[tokio::test]
async fn charsets_are_warned_about() {
    let world = World::new().await;
    let cases = [
        ("application/json", Some("missing_charset")),
        ("application/json; charset=utf-8", None),
        ("application/x-www-form-urlencoded; charset=utf-8", Some("superfluous_charset")),
        ("application/x-www-form-urlencoded", None),
    ];
    for (content_type, warning) in cases {
        for token in [world.slack.bot_token.as_str(), "xoxb-wrong"] {
            let request = world.request("auth.test", token).header("content-type", content_type).body("{}");
            let heard = heard(request.send().await.unwrap()).await;
            assert_eq!(heard.body["warning"].as_str(), warning, "{content_type}");
            assert_eq!(heard.body["response_metadata"]["warnings"][0].as_str(), warning, "{content_type}");
        }
    }
}

#[tokio::test]
async fn multipart_and_query_arguments_count_too() {
    let world = World::new().await;
    let request = world.request("chat.postMessage?channel=alerts", &world.slack.bot_token);
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    let body = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x--\r\n";
    assert_eq!(heard(request.body(body).send().await.unwrap()).await.body["message"]["text"], "hello");
    let url = format!("{}conversations.list?limit=1", world.slack.api_url());
    let listed = world.client.get(url).bearer_auth(&world.slack.bot_token).send().await.unwrap();
    assert_eq!(heard(listed).await.body["channels"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn api_test_echoes() {
    let world = World::new().await;
    let echo = world.form("xoxb-any", "api.test", json!({"foo": "bar"})).await;
    assert_eq!(echo.body, json!({"ok": true, "args": {"foo": "bar"}}));
    let failed = world.bot("api.test", json!({"error": "my_error"})).await;
    assert_eq!(failed.body, json!({"ok": false, "error": "my_error", "args": {"error": "my_error"}}));
}

#[tokio::test]
async fn posting_too_fast_is_held_back() {
    let world = World::new().await;
    for _ in 0..4 {
        world.post("alerts", "again").await;
    }
    let held = world.bot("chat.postMessage", json!({"channel": "alerts", "text": "again"})).await;
    assert_eq!((held.status, held.error(), held.header("retry-after")), (429, "ratelimited", Some("1")));
    world.post("critical", "another channel is not held back").await;
    world.later(1);
    world.post("alerts", "now it is time").await;
    let switches = Switches { posting_limits: false, ..Switches::default() };
    world.slack.control().set_switches(switches);
    world.post("alerts", "without limits").await;
}

#[tokio::test]
async fn a_tier_limits_its_method_when_it_is_switched_on() {
    let world = World::new().await;
    world.slack.control().set_switches(Switches { tier_limits: true, ..Switches::default() });
    for _ in 0..20 {
        assert_eq!(world.bot_form("conversations.list", json!({})).await.error(), "ok");
    }
    let held = world.bot_form("conversations.list", json!({})).await;
    assert_eq!((held.status, held.header("retry-after")), (429, Some("60")));
}

#[tokio::test]
async fn a_permalink_leads_to_the_page_that_shows_the_message() {
    let world = World::new().await;
    let posted = world.post("alerts", "disk full").await;
    let home = world.bot("auth.test", json!({})).await.body["url"].as_str().unwrap().to_owned();
    let number = posted["ts"].as_str().unwrap().replace('.', "");
    let permalink = format!("{home}archives/{}/p{number}", posted["channel"].as_str().unwrap());
    let page = heard(world.client.get(&permalink).send().await.unwrap()).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.body.as_str().unwrap().contains("/page/main.js"));
    let elsewhere = world.client.get(&permalink).header("host", "evil.example").send().await.unwrap();
    assert_eq!(elsewhere.status(), 403);
}
