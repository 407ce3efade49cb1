//! The message object as Slack stores and shows it.

use serde_json::{Value, json};

use super::Caller;
use super::content::Content;
use crate::arguments::Arguments;
use crate::edge::Randomness;
use crate::workspace::{TokenKind, Workspace};

/// Characters of an attachment's footer; more are cut off.
const FOOTER: usize = 300;

/// What a message is made of.
pub(super) struct Shape<'a> {
    pub(super) ts: String,
    /// The `ts` of the thread's root.
    pub(super) thread: Option<String>,
    pub(super) content: Content,
    pub(super) arguments: &'a Arguments,
}

/// Builds the message object: filled-in block ids, attachment ids, normalised colours and the author.
pub(super) fn build(
    shape: Shape<'_>,
    caller: &Caller,
    workspace: &Workspace,
    random: &mut Randomness,
) -> Value {
    let Shape { ts, thread, content, arguments } = shape;
    let mut message = json!({
        "type": "message", "text": content.text, "ts": ts,
        "team": workspace.team.id, "app_id": workspace.app.id,
    });
    sign(&mut message, arguments, caller, workspace);
    let mut blocks = content.blocks;
    if content.is_markdown {
        blocks.push(json!({"type": "markdown", "text": content.text}));
    }
    if !blocks.is_empty() {
        fill_block_ids(&mut blocks, random);
        message["blocks"] = blocks.into();
    }
    if !content.attachments.is_empty() {
        let numbered = (1..).zip(content.attachments);
        message["attachments"] = numbered.map(|(id, attachment)| normal(attachment, id, random)).collect();
    }
    if let Some(metadata) = content.metadata {
        message["metadata"] = metadata;
    }
    if let Some(thread) = thread {
        message["thread_ts"] = thread.into();
        if arguments.flag("reply_broadcast") {
            message["subtype"] = "thread_broadcast".into();
        }
    }
    message
}

/// Says who wrote it. `username` and `icon_*` count only for a bot with `chat:write.customize`; without that
/// scope Slack ignores them silently.
fn sign(message: &mut Value, arguments: &Arguments, caller: &Caller, workspace: &Workspace) {
    if caller.kind == TokenKind::User {
        message["user"] = caller.user.clone().into();
        return;
    }
    message["bot_id"] = workspace.app.bot_id.clone().into();
    let custom = |name: &str| arguments.text(name).filter(|_| caller.may("chat:write.customize"));
    let (username, emoji) = (custom("username"), custom("icon_emoji"));
    if username.is_some() || emoji.is_some() {
        message["subtype"] = "bot_message".into();
        message["username"] = username.unwrap_or_else(|| workspace.app.name.clone()).into();
        if let Some(emoji) = emoji {
            message["icons"] = json!({"emoji": emoji});
        }
        return;
    }
    message["user"] = caller.user.clone().into();
    message["bot_profile"] = json!({
        "id": workspace.app.bot_id, "deleted": false, "name": workspace.app.name,
        "updated": workspace.app.created, "app_id": workspace.app.id, "user_id": caller.user,
        "icons": {}, "team_id": workspace.team.id,
    });
}

fn fill_block_ids(blocks: &mut [Value], random: &mut Randomness) {
    for block in blocks {
        if block["block_id"].as_str().is_none_or(str::is_empty) {
            block["block_id"] = random.mixed(5).into();
        }
    }
}

/// An attachment as it is stored: numbered, with a fallback, its colour without `#`, its footer cut.
fn normal(mut attachment: Value, id: u32, random: &mut Randomness) -> Value {
    attachment["id"] = id.into();
    if let Some(color) = attachment["color"].as_str() {
        let hex = match color {
            "good" => "2eb886",
            "warning" => "daa038",
            "danger" => "a30200",
            other => other.trim_start_matches('#'),
        };
        attachment["color"] = hex.to_owned().into();
    }
    if let Some(footer) = attachment["footer"].as_str() {
        attachment["footer"] = footer.chars().take(FOOTER).collect::<String>().into();
    }
    if attachment["fallback"].as_str().is_none_or(str::is_empty) {
        let text = attachment["text"].as_str().unwrap_or("[no preview available]").to_owned();
        attachment["fallback"] = text.into();
    }
    if let Some(blocks) = attachment.get_mut("blocks").and_then(Value::as_array_mut) {
        fill_block_ids(blocks, random);
    }
    attachment
}
