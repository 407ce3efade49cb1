//! `chat.update`: what of a message is said anew.

use serde_json::{Value, json};

use super::content;
use super::message::{Shape, build};
use super::post::TEXT;
use super::{Calling, Stop};
use crate::answer::{Answer, Refusal};
use crate::check::characters;
use crate::messages::Posted;

/// Replaces what a message says (Slack, `chat.update`): the channel is an ID, and only whoever wrote it may.
pub(super) fn update_message(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    caller.needs("chat:write")?;
    let word = calling.arguments.text("channel").unwrap_or_default();
    let channel = calling.world.workspace.channel(&word).filter(|channel| channel.id == word);
    let channel = channel.filter(|channel| !channel.is_private || channel.has(&caller.user));
    let channel = channel.ok_or_else(|| Refusal::of("channel_not_found"))?;
    if channel.is_archived {
        return Err(Refusal::of("is_inactive").into());
    }
    let ts = calling.arguments.text("ts").unwrap_or_default();
    let posted = calling.world.messages.find(&channel.id, &ts).cloned();
    let posted = posted.ok_or_else(|| Refusal::of("message_not_found"))?;
    if posted.author != caller.kind {
        return Err(Refusal::of("cant_update_message").into());
    }
    let content = content::read(calling.arguments)?;
    if characters(&content.text) > TEXT && !content.is_markdown {
        return Err(Refusal::of("msg_too_long").into());
    }
    let given = |name: &str| calling.arguments.raw(name).is_some();
    let says_text = given("text") || given("markdown_text");
    let shape = Shape { ts: ts.clone(), thread: None, content, arguments: calling.arguments };
    let built = build(shape, &caller, &calling.world.workspace, &mut calling.world.random);
    let mut message = posted.message.clone();
    if says_text {
        message["text"] = built["text"].clone();
        message["edited"] = json!({"user": caller.user, "ts": ts});
    }
    // A text takes the place of the blocks too; attachments and metadata stay unless others are given.
    for (name, is_replaced) in [
        ("blocks", says_text || given("blocks")),
        ("attachments", given("attachments")),
        ("metadata", given("metadata")),
    ] {
        if is_replaced {
            replace(&mut message, name, &built);
        }
    }
    let answer = json!({"channel": posted.channel, "ts": ts, "text": message["text"], "message": message});
    calling.world.edit(Posted { message, ..posted })?;
    Ok(Answer::of(answer))
}

fn replace(message: &mut Value, name: &str, by: &Value) {
    let Some(fields) = message.as_object_mut() else { return };
    match by.get(name) {
        Some(value) => fields.insert(name.to_owned(), value.clone()),
        None => fields.remove(name),
    };
}
