//! What a post says: text, blocks, attachments, metadata and thread, read and checked.

use std::collections::HashSet;

use serde_json::Value;

use crate::answer::Refusal;
use crate::arguments::Arguments;
use crate::check::{Findings, characters, check_attachments, check_blocks, shows_something};
use crate::messages::MessageLog;

/// Attachments of one message.
const ATTACHMENTS: usize = 100;
/// Characters in all blocks together. Slack publishes no limit; refusals were measured from 11,341 up.
const BLOCKS_TEXT: usize = 11_000;
/// Characters of `markdown_text`, and of all markdown blocks together.
const MARKDOWN_TEXT: usize = 12_000;
/// Bytes of all attachments as JSON. Slack names the error and not the limit; this one is a guess that no honest
/// message comes near.
const ATTACHMENTS_PAYLOAD: usize = 65_536;
/// Bytes of metadata; Slack publishes no limit.
const METADATA: usize = 8_000;

/// The checked content of a message.
#[derive(Clone, Default)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) is_markdown: bool,
    pub(super) blocks: Vec<Value>,
    pub(super) attachments: Vec<Value>,
    pub(super) metadata: Option<Value>,
}

impl Content {
    pub(super) fn is_only_text(&self) -> bool {
        self.blocks.is_empty() && self.attachments.is_empty()
    }
}

/// Reads and checks the content of a call.
pub(super) fn read(arguments: &Arguments) -> Result<Content, Refusal> {
    let text = arguments.text("text").filter(|text| !text.trim().is_empty());
    let markdown = arguments.text("markdown_text");
    let blocks = array(arguments, "blocks");
    let attachments = array(arguments, "attachments")
        .map_err(|()| Refusal::argument("must be a valid JSON array", "/attachments"))?;
    let shown = attachments.iter().any(shows_something);
    if text.is_none() && markdown.is_none() && !shown && blocks.as_ref().is_ok_and(Vec::is_empty) {
        return Err(Refusal::of("no_text"));
    }
    if attachments.len() > ATTACHMENTS {
        return Err(Refusal::of("too_many_attachments"));
    }
    let blocks = blocks.map_err(|()| Refusal::of("invalid_blocks_format"))?;
    if markdown.is_some() && (text.is_some() || !blocks.is_empty()) {
        return Err(Refusal::of("markdown_text_conflict"));
    }
    if markdown.as_ref().is_some_and(|markdown| characters(markdown) > MARKDOWN_TEXT) {
        return Err(Refusal::of("msg_too_long"));
    }
    check(&blocks, &attachments)?;
    let metadata = metadata(arguments)?;
    let is_markdown = markdown.is_some();
    Ok(Content { text: text.or(markdown).unwrap_or_default(), is_markdown, blocks, attachments, metadata })
}

fn array(arguments: &Arguments, name: &str) -> Result<Vec<Value>, ()> {
    match arguments.structured(name)? {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(()),
    }
}

/// A fault in the blocks of an attachment is the attachment's (CircleCI-Public/slack-orb, issue 283).
fn check(blocks: &[Value], attachments: &[Value]) -> Result<(), Refusal> {
    let (mut findings, mut ids) = (Findings::default(), HashSet::new());
    check_blocks(&mut findings, blocks, &mut ids, "/blocks");
    if !findings.lines.is_empty() {
        return Err(Refusal::with_messages("invalid_blocks", findings.lines));
    }
    check_attachments(&mut findings, attachments, &mut ids);
    if !findings.lines.is_empty() {
        return Err(Refusal::with_messages("invalid_attachments", findings.lines));
    }
    if findings.text_characters > BLOCKS_TEXT || findings.markdown_characters > MARKDOWN_TEXT {
        return Err(Refusal::of("msg_blocks_too_long"));
    }
    let payload: usize = attachments.iter().map(|attachment| attachment.to_string().len() + 1).sum();
    if payload >= ATTACHMENTS_PAYLOAD {
        return Err(Refusal::of("attachment_payload_limit_exceeded"));
    }
    Ok(())
}

/// Metadata has an `event_type` and an `event_payload` object.
fn metadata(arguments: &Arguments) -> Result<Option<Value>, Refusal> {
    let format = || Refusal::of("invalid_metadata_format");
    let Some(metadata) = arguments.structured("metadata").map_err(|()| format())? else {
        return Ok(None);
    };
    if !metadata["event_type"].is_string() || !metadata["event_payload"].is_object() {
        return Err(format());
    }
    if metadata.to_string().len() > METADATA {
        return Err(Refusal::of("metadata_too_large"));
    }
    Ok(Some(metadata))
}

/// The `ts` of the thread that a post goes to.
///
/// Slack posts to the channel itself, without a word, when the parent does not exist or when `thread_ts` is a
/// number instead of a text; the only sign is that the answer has no `thread_ts`. A reply to a reply goes to
/// the root of its thread.
pub(super) fn thread_of(
    arguments: &Arguments,
    messages: &MessageLog,
    channel: &str,
) -> Result<Option<String>, Refusal> {
    let Some(Value::String(parent)) = arguments.raw("thread_ts").filter(|value| *value != "") else {
        return Ok(None);
    };
    let is_ts = parent.split_once('.').is_some_and(|(seconds, micros)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        seconds.len() == 10 && micros.len() == 6 && digits(seconds) && digits(micros)
    });
    if !is_ts {
        return Err(Refusal::of("invalid_thread_ts"));
    }
    Ok(messages
        .find(channel, parent)
        .map(|posted| posted.message["thread_ts"].as_str().unwrap_or(parent.as_str()).to_owned()))
}
