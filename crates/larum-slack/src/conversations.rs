//! Channels as Slack tells of them.

use serde_json::{Map, Value};

use crate::answer::CallError;
use crate::client::SlackClient;

/// Channels asked for at a time (Slack, `conversations.list`: "no more than 200 results at a time").
pub const PAGE_SIZE: usize = 200;
/// The most pages read for one listing: half of what the method's rate limit lets through in a minute.
pub const MAX_PAGES: usize = 10;

/// Which channels to list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConversationTypes {
    /// Public ones; needs the scope `channels:read`.
    Public,
    /// Private ones that the token's owner is in; needs `groups:read`.
    Private,
    /// Both; needs both scopes.
    All,
}

impl ConversationTypes {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public_channel",
            Self::Private => "private_channel",
            Self::All => "public_channel,private_channel",
        }
    }
}

/// A channel. What Slack does not say is empty or `false`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conversation {
    /// The id, which never changes.
    pub id: String,
    /// The name without `#`.
    pub name: String,
    /// Whether the token's owner is in it.
    pub is_member: bool,
    /// Whether it takes no more messages.
    pub is_archived: bool,
    /// Whether only its members see it.
    pub is_private: bool,
}

/// One page of a listing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The channels, at most [`PAGE_SIZE`].
    pub channels: Vec<Conversation>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl SlackClient {
    /// Asks for one page of the channels; archived ones are among them.
    ///
    /// # Errors
    /// [`CallError`], without the scopes `Refused` with `missing_scope`.
    pub async fn conversations_page(
        &self,
        types: ConversationTypes,
        cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        let limit = PAGE_SIZE.to_string();
        let mut arguments = vec![("types", types.as_str()), ("limit", &limit), ("exclude_archived", "false")];
        arguments.extend(cursor.map(|cursor| ("cursor", cursor)));
        let answer = self.get("conversations.list", &arguments).await?;
        let listed = answer.fields.get("channels").and_then(Value::as_array).into_iter().flatten();
        let next = answer.fields.get("response_metadata").and_then(|more| more.get("next_cursor")?.as_str());
        Ok(Page {
            channels: listed.filter_map(Value::as_object).map(conversation).collect(),
            next: next.filter(|cursor| !cursor.is_empty()).map(str::to_owned),
        })
    }

    /// Asks about one channel by its id.
    ///
    /// # Errors
    /// [`CallError`], `Refused` with `channel_not_found` also for a private channel that the token's owner is not in.
    pub async fn conversations_info(&self, id: &str) -> Result<Conversation, CallError> {
        let answer = self.get("conversations.info", &[("channel", id)]).await?;
        let channel = answer.fields.get("channel").and_then(Value::as_object);
        channel
            .map(conversation)
            .ok_or_else(|| CallError::Unknown("Slack's answer names no channel".to_owned()))
    }
}

fn conversation(fields: &Map<String, Value>) -> Conversation {
    let text = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let flag = |field: &str| fields.get(field).and_then(Value::as_bool).unwrap_or(false);
    Conversation {
        id: text("id"),
        name: text("name"),
        is_member: flag("is_member"),
        is_archived: flag("is_archived"),
        is_private: flag("is_private"),
    }
}

/// The least that an id has, in characters.
const MIN_ID: usize = 9;

/// Whether this reads as the id of a channel, a direct message or a person, and not as a name: a capital C, G, D, U
/// or W, then capitals and digits, one digit at least (Slack, "Using the Conversations API"; ids have had 9 to 11
/// characters so far).
pub fn is_id(channel: &str) -> bool {
    let channel = channel.trim();
    channel.len() >= MIN_ID
        && channel.starts_with(['C', 'G', 'D', 'U', 'W'])
        && channel.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && channel.bytes().any(|byte| byte.is_ascii_digit())
}
