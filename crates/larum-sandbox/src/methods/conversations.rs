//! `conversations.list`, `conversations.info` and `conversations.join`. They take ids, never names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Caller, Calling, Stop};
use crate::answer::{Answer, Refusal};
use crate::workspace::{Channel, TokenKind};

/// Channels on a page unless `limit` says otherwise.
const PAGE: usize = 100;
/// `limit` must be under this.
const LIMIT: usize = 1000;

const PUBLIC_READ: &str = "channels:read";
const PRIVATE_READ: &str = "groups:read";

/// Lists the channels of the asked types that the caller may see.
pub(super) fn list(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    let arguments = calling.arguments;
    let types = arguments.text("types").unwrap_or_else(|| "public_channel".into());
    let (mut public, mut private) = (false, false);
    for kind in types.split(',').map(str::trim) {
        match kind {
            "public_channel" => public = true,
            "private_channel" => private = true,
            "im" | "mpim" => caller.needs(if kind == "im" { "im:read" } else { "mpim:read" })?,
            _ => return Err(Refusal::of("invalid_types").into()),
        }
    }
    if public {
        caller.needs(PUBLIC_READ)?;
    }
    if private {
        caller.needs(PRIVATE_READ)?;
    }
    let limit = page_size(arguments.text("limit"))?;
    let workspace = &calling.world.workspace;
    let wanted: Vec<&Channel> = workspace
        .channels
        .iter()
        .filter(|channel| if channel.is_private { private && channel.has(&caller.user) } else { public })
        .filter(|channel| !(channel.is_archived && arguments.flag("exclude_archived")))
        .collect();
    let start = match arguments.text("cursor") {
        Some(cursor) => wanted
            .iter()
            .position(|channel| cursor_at(channel) == cursor)
            .ok_or_else(|| Refusal::of("invalid_cursor"))?,
        None => 0,
    };
    let page = &wanted[start..wanted.len().min(start + limit)];
    let next = wanted.get(start + limit).map_or_else(String::new, |channel| cursor_at(channel));
    let seen: Vec<_> =
        page.iter().map(|channel| channel.as_seen_by(&caller.user, &workspace.team.id)).collect();
    Ok(Answer::of(json!({"channels": seen, "response_metadata": {"next_cursor": next}})))
}

/// Shows one channel.
pub(super) fn info(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    if !caller.may(PUBLIC_READ) && !caller.may(PRIVATE_READ) {
        caller.needs(PUBLIC_READ)?;
    }
    let channel = visible_channel(calling, &caller)?;
    caller.needs(if channel.is_private { PRIVATE_READ } else { PUBLIC_READ })?;
    Ok(Answer::of(json!({"channel": channel.as_seen_by(&caller.user, &calling.world.workspace.team.id)})))
}

/// Makes the caller a member of a public channel.
pub(super) fn join(calling: &mut Calling<'_>) -> Result<Answer, Stop> {
    let caller = calling.caller()?;
    caller.needs(match caller.kind {
        TokenKind::Bot => "channels:join",
        TokenKind::User => "channels:write",
    })?;
    let channel = visible_channel(calling, &caller)?;
    if channel.is_private {
        return Err(Refusal::of("method_not_supported_for_channel_type").into());
    }
    if channel.is_archived {
        return Err(Refusal::of("is_archived").into());
    }
    let (id, was_in) = (channel.id.clone(), channel.has(&caller.user));
    if !was_in {
        calling.world.change(|workspace| {
            if let Some(channel) = workspace.channel_mut(&id) {
                channel.members.insert(caller.user.clone());
            }
        })?;
    }
    let channel = visible_channel(calling, &caller)?;
    let answer =
        Answer::of(json!({"channel": channel.as_seen_by(&caller.user, &calling.world.workspace.team.id)}));
    Ok(if was_in { answer.warning("already_in_channel") } else { answer })
}

/// The channel whose id is in the argument `channel`; a private one only for its members.
fn visible_channel<'a>(calling: &'a Calling<'_>, caller: &Caller) -> Result<&'a Channel, Refusal> {
    let Some(id) = calling.arguments.text("channel") else {
        return Err(Refusal::argument("missing required field: channel", ""));
    };
    calling
        .world
        .workspace
        .channel_by_id(&id)
        .filter(|channel| !channel.is_private || channel.has(&caller.user))
        .ok_or_else(|| Refusal::of("channel_not_found"))
}

fn page_size(limit: Option<String>) -> Result<usize, Refusal> {
    match limit.map(|limit| limit.parse::<usize>()) {
        None | Some(Ok(0)) => Ok(PAGE),
        Some(Ok(limit)) if limit < LIMIT => Ok(limit),
        _ => Err(Refusal::of("invalid_limit")),
    }
}

/// The opaque cursor of a page that begins with this channel.
fn cursor_at(channel: &Channel) -> String {
    STANDARD.encode(format!("channel:{}", channel.id))
}
