//! `chat.postMessage`: who may post where, and what becomes of the message.

use serde_json::{Value, json};

use super::content::{self, Content};
use super::message::{Shape, build};
use super::{Caller, Calling, Stop};
use crate::answer::{Answer, Refusal};
use crate::check::characters;
use crate::config::LongText;
use crate::messages::Posted;
use crate::workspace::{Channel, TokenKind};

/// Characters of a top-level text in one message.
pub(super) const TEXT: usize = 4000;
/// Characters after which Slack cuts a text off.
const CUT: usize = 40_000;

pub(super) fn post_message(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    caller.needs("chat:write")?;
    let channel = target(calling, &caller)?.clone();
    let now = calling.now;
    if calling.world.switches.posting_limits {
        calling.world.throttle.post(&channel.id, now).map_err(Stop::Throttled)?;
    }
    if channel.is_archived {
        return Err(Refusal::of("is_archived").into());
    }
    let may_post_anywhere = caller.kind == TokenKind::Bot && caller.may("chat:write.public");
    if !channel.has(&caller.user) && !may_post_anywhere {
        return Err(Refusal::of("not_in_channel").into());
    }
    let mut content = content::read(calling.arguments)?;
    let mut warnings = Vec::new();
    let parts = fit(&mut content, calling.world.switches.long_text, &mut warnings)?;
    let client_msg_id = client_msg_id(calling)?;
    if let Some(first) = duplicate(calling, &channel, &caller, client_msg_id.as_deref()) {
        return Ok(Answer::of(json!({
            "channel": channel.id, "ts": first["ts"], "message": first, "is_duplicate": true,
        })));
    }
    let mut first: Option<Value> = None;
    for text in parts {
        let message = store(calling, &channel, &caller, Content { text, ..content.clone() })?;
        first.get_or_insert(message);
    }
    let message = first.unwrap_or_default();
    let mut answer = Answer::of(json!({"channel": channel.id, "ts": message["ts"], "message": message}));
    answer.warnings = warnings;
    Ok(answer)
}

/// The channel of a post: an id, or the name of a public channel with or without `#`.
///
/// A private channel hides from those outside it. A person's id would open a direct message, but the app's
/// messages tab is off here.
fn target<'a>(calling: &'a Calling<'_>, caller: &Caller) -> Result<&'a Channel, Refusal> {
    let word = calling.arguments.text("channel").ok_or_else(|| Refusal::of("channel_not_found"))?;
    let world = &calling.world;
    let workspace = &world.workspace;
    if workspace.owner.id == word || workspace.bot.id == word {
        return Err(Refusal::of("messages_tab_disabled"));
    }
    workspace
        .channel(&word)
        .filter(|channel| !channel.is_private || channel.has(&caller.user))
        .filter(|channel| {
            !channel.is_private || channel.id == word || world.switches.private_channels_by_name
        })
        .ok_or_else(|| Refusal::of("channel_not_found"))
}

/// Cuts, splits or refuses a long text; the texts of the messages to store.
fn fit(
    content: &mut Content,
    long: LongText,
    warnings: &mut Vec<&'static str>,
) -> Result<Vec<String>, Refusal> {
    let length = characters(&content.text);
    if length <= TEXT || content.is_markdown {
        return Ok(vec![content.text.clone()]);
    }
    if long == LongText::Refuse {
        return Err(Refusal::of("msg_too_long"));
    }
    if length > CUT {
        warnings.push("message_truncated");
        content.text = content.text.chars().take(CUT).collect();
    }
    if long == LongText::Accept || !content.is_only_text() {
        return Ok(vec![content.text.clone()]);
    }
    let characters: Vec<char> = content.text.chars().collect();
    Ok(characters.chunks(TEXT).map(|part| part.iter().collect()).collect())
}

/// What tells this post from others: a UUID, as Slack's own clients send. Slack does not document it.
fn client_msg_id(calling: &Calling<'_>) -> Result<Option<String>, Refusal> {
    let id = calling.arguments.text("client_msg_id");
    if id.as_deref().is_none_or(is_uuid) {
        Ok(id)
    } else {
        Err(Refusal::argument("must be a valid UUID", "/client_msg_id"))
    }
}

/// Groups of hexadecimal digits as in RFC 9562, section 4.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn duplicate(calling: &Calling<'_>, channel: &Channel, caller: &Caller, id: Option<&str>) -> Option<Value> {
    if !calling.world.switches.deduplicate {
        return None;
    }
    calling.world.messages.duplicate_of(&channel.id, caller.kind, id?).map(|posted| posted.message.clone())
}

/// Stores one message and returns it as Slack shows it.
fn store(
    calling: &mut Calling<'_>,
    channel: &Channel,
    caller: &Caller,
    content: Content,
) -> Result<Value, Refusal> {
    let now = calling.now;
    let thread = content::thread_of(calling.arguments, &calling.world.messages, &channel.id)?;
    let ts = calling.world.messages.next_ts(&channel.id, now);
    let shape = Shape { ts, thread, content, arguments: calling.arguments };
    let message = build(shape, caller, &calling.world.workspace, &mut calling.world.random);
    calling.world.store(Posted {
        seq: calling.world.messages.next_seq(),
        channel: channel.id.clone(),
        channel_name: channel.name.clone(),
        stored_at: now,
        author: caller.kind,
        client_msg_id: calling.arguments.text("client_msg_id"),
        message: message.clone(),
    })?;
    Ok(message)
}
