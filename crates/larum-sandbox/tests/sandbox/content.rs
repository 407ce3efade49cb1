//! What a message may hold, at one under, exactly at, and one over each limit.

#![expect(clippy::needless_pass_by_value, reason = "limits read better as values")]

use larum_sandbox::{LongText, Switches, TokenChange, TokenKind};
use serde_json::{Value, json};

use crate::world::World;

/// A limit: its name, its number, and a message of a given size.
type Limit = (&'static str, usize, fn(usize) -> Value);

fn letters(count: usize) -> String {
    // Three bytes and one UTF-16 unit each: limits do not count bytes.
    "€".repeat(count)
}

fn plain(count: usize) -> Value {
    json!({"type": "plain_text", "text": letters(count)})
}

fn mrkdwn(count: usize) -> Value {
    json!({"type": "mrkdwn", "text": letters(count)})
}

fn many(count: usize, item: fn(usize) -> Value) -> Value {
    (0..count).map(item).collect()
}

fn block(block: Value) -> Value {
    json!({"blocks": [block]})
}

fn action(element: Value) -> Value {
    block(json!({"type": "actions", "elements": [element]}))
}

fn option(index: usize) -> Value {
    json!({"text": plain(1), "value": index.to_string()})
}

fn url(length: usize) -> String {
    format!("https://e/{}", "a".repeat(length - 10))
}

/// Limits over which the answer is `invalid_blocks`.
const BLOCK_LIMITS: [Limit; 23] = [
    ("blocks", 50, |n| json!({"blocks": many(n, |_| json!({"type": "divider"}))})),
    ("section text", 3000, |n| block(json!({"type": "section", "text": mrkdwn(n)}))),
    ("plain section text", 3000, |n| block(json!({"type": "section", "text": plain(n)}))),
    ("section fields", 10, |n| block(json!({"type": "section", "fields": many(n, |_| mrkdwn(1))}))),
    ("field text", 2000, |n| block(json!({"type": "section", "fields": [mrkdwn(n)]}))),
    ("header text", 150, |n| block(json!({"type": "header", "text": plain(n)}))),
    ("context elements", 10, |n| block(json!({"type": "context", "elements": many(n, |_| mrkdwn(1))}))),
    ("context text", 3000, |n| block(json!({"type": "context", "elements": [mrkdwn(n)]}))),
    ("actions elements", 25, |n| {
        block(
            json!({"type": "actions", "elements": many(n, |_| json!({"type": "button", "text": plain(1)}))}),
        )
    }),
    ("button text", 75, |n| action(json!({"type": "button", "text": plain(n)}))),
    ("button value", 2000, |n| action(json!({"type": "button", "text": plain(1), "value": letters(n)}))),
    ("button url", 3000, |n| action(json!({"type": "button", "text": plain(1), "url": url(n)}))),
    ("action id", 255, |n| action(json!({"type": "button", "text": plain(1), "action_id": letters(n)}))),
    ("block id", 255, |n| block(json!({"type": "divider", "block_id": letters(n)}))),
    ("select options", 100, |n| action(json!({"type": "static_select", "options": many(n, option)}))),
    ("overflow options", 5, |n| action(json!({"type": "overflow", "options": many(n, option)}))),
    ("option text", 75, |n| {
        action(json!({"type": "static_select", "options": [{"text": plain(n), "value": "v"}]}))
    }),
    ("option value", 150, |n| {
        action(json!({"type": "static_select", "options": [{"text": plain(1), "value": letters(n)}]}))
    }),
    ("placeholder", 150, |n| {
        action(json!({"type": "static_select", "placeholder": plain(n), "options": [option(1)]}))
    }),
    ("confirm text", 300, |n| {
        action(json!({"type": "button", "text": plain(1), "confirm": {"text": plain(n)}}))
    }),
    ("image url", 3000, |n| block(json!({"type": "image", "image_url": url(n), "alt_text": "a"}))),
    ("alt text", 2000, |n| block(json!({"type": "image", "image_url": url(20), "alt_text": letters(n)}))),
    ("table rows", 100, |n| block(json!({"type": "table", "rows": many(n, |_| json!([{}]))}))),
];

/// Limits over which the answer is a code of its own.
const OTHER_LIMITS: [(&str, Limit); 8] = [
    ("msg_too_long", ("text", 4000, |n| json!({"text": letters(n)}))),
    ("msg_too_long", ("markdown text", 12_000, |n| json!({"markdown_text": letters(n)}))),
    (
        "too_many_attachments",
        ("attachments", 100, |n| json!({"attachments": many(n, |_| json!({"text": "a"}))})),
    ),
    (
        "msg_blocks_too_long",
        ("text of all blocks", 11_000, |n| {
            json!({"blocks": [
                {"type": "section", "text": mrkdwn(3000)}, {"type": "section", "text": mrkdwn(3000)},
                {"type": "section", "text": mrkdwn(3000)}, {"type": "context", "elements": [mrkdwn(n - 9001)]},
                {"type": "header", "text": plain(1)},
            ]})
        }),
    ),
    (
        "msg_blocks_too_long",
        ("text of all markdown blocks", 12_000, |n| {
            json!({"blocks": [
                {"type": "markdown", "text": letters(9000)}, {"type": "markdown", "text": letters(n - 9000)},
            ]})
        }),
    ),
    (
        "invalid_attachments",
        (
            "section text in an attachment",
            3000,
            |n| json!({"attachments": [block(json!({"type": "section", "text": mrkdwn(n)}))]}),
        ),
    ),
    (
        "invalid_attachments",
        (
            "blocks in an attachment",
            50,
            |n| json!({"attachments": [{"blocks": many(n, |_| json!({"type": "divider"}))}]}),
        ),
    ),
    (
        "attachment_payload_limit_exceeded",
        ("bytes of attachments", 65_536, |n| json!({"attachments": [{"text": "a".repeat(n - 13)}]})),
    ),
];

async fn posted(world: &World, mut message: Value) -> (String, String) {
    message["channel"] = json!("alerts");
    let as_json = world.bot("chat.postMessage", message.clone()).await;
    let as_form = world.bot_form("chat.postMessage", message).await;
    assert_eq!(as_json.error(), as_form.error(), "both encodings agree");
    (as_json.error().to_owned(), as_json.body["response_metadata"]["messages"].to_string())
}

#[tokio::test]
async fn every_limit_of_blocks_holds_exactly() {
    let world = World::unhurried().await;
    for (name, limit, message) in BLOCK_LIMITS {
        for size in [limit - 1, limit] {
            assert_eq!(posted(&world, message(size)).await.0, "ok", "{name} of {size}");
        }
        let (error, messages) = posted(&world, message(limit + 1)).await;
        assert_eq!(error, "invalid_blocks", "{name} of {}", limit + 1);
        assert!(messages.contains("[json-pointer:/"), "{name}: {messages}");
    }
}

#[tokio::test]
async fn every_other_limit_holds_exactly() {
    let world = World::unhurried().await;
    for (error, (name, limit, message)) in OTHER_LIMITS {
        for size in [limit - 1, limit] {
            assert_eq!(posted(&world, message(size)).await.0, "ok", "{name} of {size}");
        }
        assert_eq!(posted(&world, message(limit + 1)).await.0, error, "{name} of {}", limit + 1);
    }
}

#[tokio::test]
async fn a_sign_of_two_utf16_units_counts_twice() {
    let world = World::unhurried().await;
    let section = |signs: usize| {
        let text = json!({"type": "mrkdwn", "text": "🔥".repeat(signs)});
        block(json!({"type": "section", "text": text}))
    };
    assert_eq!(posted(&world, section(1500)).await.0, "ok");
    assert_eq!(posted(&world, section(1501)).await.0, "invalid_blocks");
    assert_eq!(posted(&world, json!({"text": "🔥".repeat(2000)})).await.0, "ok");
    assert_eq!(posted(&world, json!({"text": "🔥".repeat(2001)})).await.0, "msg_too_long");
}

#[tokio::test]
async fn what_blocks_texts_and_elements_do_not_have_is_refused() {
    let world = World::unhurried().await;
    let emoji = json!({"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": true}});
    let (error, messages) = posted(&world, block(emoji)).await;
    assert_eq!(error, "invalid_blocks");
    let words = "invalid additional property: emoji [json-pointer:/blocks/0/text]";
    assert!(messages.contains(words), "{messages}");
    let button = |more: &str| {
        let mut button = json!({"type": "button", "text": plain(1)});
        button[more] = json!("https://e/");
        json!({"type": "actions", "elements": [button]})
    };
    let select = |option: Value| json!({"type": "section", "text": plain(1), "accessory": {"type": "static_select", "options": [option]}});
    let bad = [
        json!({"type": "divider", "text": "a"}),
        json!({"type": "section", "text": mrkdwn(1), "elements": []}),
        json!({"type": "section", "text": {"type": "plain_text", "text": "a", "verbatim": true}}),
        json!({"type": "header", "text": plain(1), "colour": "red"}),
        json!({"type": "context", "elements": [{"type": "mrkdwn", "text": "a", "action_id": "b"}]}),
        json!({"type": "image", "image_url": "https://e/a", "alt_text": "a", "text": "b"}),
        select(json!({"text": plain(1), "value": "v", "url": "https://e/"})),
        button("href"),
    ];
    for bad in bad {
        assert_eq!(posted(&world, block(bad.clone())).await.0, "invalid_blocks", "{bad}");
    }
    let good = [
        json!({"type": "section", "text": {"type": "mrkdwn", "text": "a", "verbatim": true}, "expand": true}),
        json!({"type": "header", "text": {"type": "plain_text", "text": "a", "emoji": true}, "block_id": "h"}),
        select(json!({"text": plain(1), "value": "v", "description": plain(1)})),
        button("url"),
    ];
    for good in good {
        assert_eq!(posted(&world, block(good.clone())).await.0, "ok", "{good}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_blocks_is_pointed_at() {
    let world = World::unhurried().await;
    let heard = world.bot(
        "chat.postMessage",
        json!({"channel": "alerts", "blocks": [
            {"type": "section", "text": mrkdwn(3001)},
        ]}),
    );
    let expected = json!([
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]);
    assert_eq!(heard.await.body["response_metadata"]["messages"], expected);
}

#[tokio::test]
async fn blocks_that_make_no_sense_are_refused() {
    let world = World::unhurried().await;
    let button = |more: Value| {
        let mut button = json!({"type": "button", "text": plain(1)});
        button.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        button
    };
    let blocks = [
        json!({"type": "carousel"}),
        json!({"text": "no type"}),
        json!("a text"),
        json!({"type": "section"}),
        json!({"type": "section", "text": "not an object"}),
        json!({"type": "section", "text": {"type": "markdown", "text": "a"}}),
        json!({"type": "section", "text": {"type": "mrkdwn", "text": ""}}),
        json!({"type": "section", "text": {"type": "mrkdwn"}}),
        json!({"type": "section", "fields": []}),
        json!({"type": "header", "text": mrkdwn(1)}),
        json!({"type": "context", "elements": []}),
        json!({"type": "context", "elements": [button(json!({}))]}),
        json!({"type": "actions", "elements": [mrkdwn(1)]}),
        json!({"type": "actions", "elements": [button(json!({"url": "not a url"}))]}),
        json!({"type": "actions", "elements": [button(json!({"url": "https://a b"}))]}),
        json!({"type": "actions", "elements": [button(json!({"style": "loud"}))]}),
        json!({"type": "actions", "elements": [button(json!({"text": mrkdwn(1)}))]}),
        json!({"type": "image", "image_url": "https://e/a.png"}),
        json!({"type": "image", "alt_text": "a"}),
    ];
    for bad in blocks {
        assert_eq!(posted(&world, block(bad.clone())).await.0, "invalid_blocks", "{bad}");
    }
    let twice =
        json!({"blocks": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]});
    assert_eq!(posted(&world, twice).await.0, "invalid_blocks");
}

#[tokio::test]
async fn content_that_is_missing_or_malformed_has_its_own_codes() {
    let world = World::unhurried().await;
    let cases = [
        (json!({}), "no_text"),
        (json!({"text": " \n"}), "no_text"),
        (json!({"blocks": []}), "no_text"),
        (json!({"attachments": [{}]}), "no_text"),
        (json!({"attachments": "{"}), "invalid_arguments"),
        (json!({"text": "a", "blocks": "["}), "invalid_blocks_format"),
        (json!({"text": "a", "blocks": {"type": "divider"}}), "invalid_blocks_format"),
        (json!({"text": "a", "markdown_text": "b"}), "markdown_text_conflict"),
        (json!({"text": "a", "metadata": {"event_type": "a"}}), "invalid_metadata_format"),
        (
            json!({"text": "a", "metadata": {"event_type": "a", "event_payload": {"a": letters(3000)}}}),
            "metadata_too_large",
        ),
        (json!({"text": "a", "metadata": {"event_type": "a", "event_payload": {}}}), "ok"),
        (json!({"text": "a", "thread_ts": "yesterday"}), "invalid_thread_ts"),
        (json!({"text": "a", "client_msg_id": "second try"}), "invalid_arguments"),
        (json!({"text": "a", "thread_ts": "1600000000.000000"}), "ok"),
        (json!({"attachments": [{"fallback": "a"}]}), "ok"),
        (json!({"blocks": "[{\"type\":\"divider\"}]"}), "ok"),
    ];
    for (message, error) in cases {
        assert_eq!(posted(&world, message.clone()).await.0, error, "{message}");
    }
}

#[tokio::test]
async fn a_long_text_is_refused_split_or_cut_as_switched() {
    let world = World::unhurried().await;
    let switch = |long_text| {
        let switches = Switches { long_text, posting_limits: false, ..Switches::default() };
        world.slack.control().set_switches(switches);
    };
    let lengths = |after| -> Vec<usize> {
        let stored = world.slack.control().messages(after, None).unwrap();
        stored.iter().map(|posted| posted.text().chars().count()).collect()
    };
    switch(LongText::Split);
    world.post("alerts", &letters(8001)).await;
    assert_eq!(lengths(0), [4000, 4000, 1]);
    switch(LongText::Accept);
    world.post("alerts", &letters(40_000)).await;
    let cut = world.post("alerts", &letters(40_001)).await;
    assert_eq!(lengths(3), [40_000, 40_000]);
    assert_eq!(cut["warning"], "message_truncated");
}

#[tokio::test]
async fn attachments_and_blocks_are_stored_as_slack_stores_them() {
    let world = World::new().await;
    let message = json!({"channel": "alerts", "text": "a", "blocks": [{"type": "divider"}], "attachments": [
        {"color": "#36A64F", "text": "b", "footer": letters(301)}, {"color": "danger", "blocks": [{"type": "divider"}]},
    ]});
    let stored = world.bot("chat.postMessage", message).await.body["message"].clone();
    assert_eq!(stored["blocks"][0]["block_id"].as_str().unwrap().len(), 5);
    assert_eq!(stored["attachments"][1]["blocks"][0]["block_id"].as_str().unwrap().len(), 5);
    assert_eq!(stored["attachments"][0]["color"], "36A64F");
    assert_eq!((&stored["attachments"][0]["id"], &stored["attachments"][1]["id"]), (&json!(1), &json!(2)));
    assert_eq!(
        (&stored["attachments"][0]["fallback"], &stored["attachments"][1]["color"]),
        (&json!("b"), &json!("a30200"))
    );
    assert_eq!(stored["attachments"][0]["footer"].as_str().unwrap().chars().count(), 300);
}

#[tokio::test]
async fn a_reply_goes_to_the_root_of_its_thread() {
    let world = World::new().await;
    let root = world.post("alerts", "root").await["ts"].clone();
    let reply = |parent: Value| {
        let arguments = json!({"channel": "alerts", "text": "reply", "thread_ts": parent});
        async { world.bot("chat.postMessage", arguments).await.body["message"].clone() }
    };
    let first = reply(root.clone()).await;
    assert_eq!(first["thread_ts"], root);
    assert_eq!(reply(first["ts"].clone()).await["thread_ts"], root);
    assert!(
        reply(json!("1600000000.000000")).await.get("thread_ts").is_none(),
        "an unknown parent is ignored"
    );
}

#[tokio::test]
async fn another_name_needs_its_scope_and_is_ignored_without() {
    let world = World::new().await;
    let arguments =
        json!({"channel": "alerts", "text": "a", "username": "Night watch", "icon_emoji": ":owl:"});
    let plain = world.bot("chat.postMessage", arguments.clone()).await.body["message"].clone();
    assert!(plain.get("username").is_none());
    let scopes = Some(vec!["chat:write".into(), "chat:write.customize".into()]);
    let change = TokenChange { state: None, scopes };
    world.slack.control().change_token(TokenKind::Bot, &change).unwrap();
    let custom = world.bot("chat.postMessage", arguments).await.body["message"].clone();
    assert_eq!((&custom["subtype"], &custom["username"]), (&json!("bot_message"), &json!("Night watch")));
    assert!(custom.get("user").is_none());
}

#[tokio::test]
async fn a_post_with_a_known_client_msg_id_is_the_same_post() {
    let world = World::unhurried().await;
    let arguments =
        json!({"channel": "alerts", "text": "a", "client_msg_id": "0b7e0000-0000-4000-8000-000000000001"});
    let first = world.bot("chat.postMessage", arguments.clone()).await.body;
    let second = world.bot_form("chat.postMessage", arguments.clone()).await.body;
    assert_eq!((&second["is_duplicate"], &second["ts"]), (&json!(true), &first["ts"]));
    assert!(first.get("is_duplicate").is_none());
    let as_user = world.user_form("chat.postMessage", arguments.clone()).await.body;
    assert!(as_user.get("is_duplicate").is_none(), "another author's id is another id");
    assert_eq!(world.slack.control().messages(0, None).unwrap().len(), 2);
    world.slack.control().set_switches(Switches { deduplicate: false, ..Switches::default() });
    assert_ne!(world.bot("chat.postMessage", arguments).await.body["ts"], first["ts"]);
    assert_eq!(world.slack.control().messages(0, None).unwrap().len(), 3);
}
