//! What Slack says of a token and of channels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::receiver::ReceiverDraft;
use super::time::Time;

/// What is known of a receiver's token; never the token.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenStatus {
    /// `xoxb-…1234`; null if there is none.
    #[schema(required)]
    pub hint: Option<String>,
    /// What Slack said of it.
    pub state: TokenState,
    /// When Slack was asked.
    #[schema(required)]
    pub checked_at: Option<Time>,
    /// The workspace's name.
    #[schema(required)]
    pub workspace: Option<String>,
    /// The workspace's address.
    #[schema(required)]
    pub workspace_url: Option<String>,
    /// The workspace's ID at Slack.
    #[schema(required)]
    pub team_id: Option<String>,
    /// Whose token it is.
    #[schema(required)]
    pub kind: Option<TokenKind>,
    /// Under which name messages appear.
    #[schema(required)]
    pub as_name: Option<String>,
    /// What to write after `/invite` in Slack.
    #[schema(required)]
    pub app_mention: Option<String>,
    /// The scopes it has, as far as Slack says.
    pub scopes: Vec<String>,
    /// The needed scopes that it lacks.
    pub missing_scopes: Vec<String>,
    /// All of this in one sentence, with what to do if it is not well.
    pub sentence: String,
}

/// What Slack said of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It is good.
    Checked,
    /// Slack could not be asked yet.
    NotChecked,
    /// It is not good, or not any more.
    Refused,
}

/// Whose token it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The app's: it is the app that writes.
    Bot,
    /// A person's: it is the person that writes.
    User,
}

/// One channel of a receiver.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelStatus {
    /// As shown: `#alerts` or the ID.
    pub name: String,
    /// By which two ways of typing are told to be one channel.
    pub key: String,
    /// Whether messages can be posted.
    pub state: ChannelState,
    /// The same in words, with what to do.
    pub sentence: String,
    /// What to send in the channel so that the app is let in.
    #[schema(required)]
    pub invite: Option<String>,
    /// Messages that wait for this channel.
    pub waiting: u64,
    /// Why nothing is sent to it until somebody acts.
    #[schema(required)]
    pub paused: Option<Pause>,
}

/// Whether messages can be posted to a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// They can.
    CanPost,
    /// Not before somebody invites the app.
    InviteNeeded,
    /// Not any more.
    Archived,
    /// Slack does not know or does not show it.
    NotFound,
    /// The token's scopes do not let us ask, or Slack was not asked.
    Unknown,
}

/// Why nothing is sent to a channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pause {
    /// Slack's code.
    pub error: String,
    /// What it means and what to do.
    pub sentence: String,
    /// Since when.
    pub since: Time,
}

/// A token and channels to ask Slack about.
#[derive(Deserialize, ToSchema)]
pub struct SlackCheckDraft {
    /// The receiver whose saved token is meant if none is given.
    pub id: Option<u64>,
    /// A token as typed.
    pub token: Option<String>,
    /// Channels as typed.
    pub channels: Vec<String>,
}

/// What Slack says.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlackCheck {
    /// Of the token.
    pub token: TokenStatus,
    /// Of each channel.
    pub channels: Vec<ChannelStatus>,
}

/// A test message to send.
#[derive(Deserialize, ToSchema)]
pub struct SlackTestDraft {
    /// The receiver whose saved token is meant if the draft has none.
    pub id: Option<u64>,
    /// The form as it stands.
    pub draft: ReceiverDraft,
}

/// What became of a test message.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlackTest {
    /// One for each channel.
    pub results: Vec<SlackTestResult>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// What became of a test message in one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlackTestResult {
    /// The channel as shown.
    pub channel: String,
    /// Whether it is there.
    pub delivered: bool,
    /// The same in words, with what to do.
    pub sentence: String,
    /// Slack's code.
    #[schema(required)]
    pub error: Option<String>,
    /// What to send in the channel so that the app is let in.
    #[schema(required)]
    pub invite: Option<String>,
    /// Where to see it.
    #[schema(required)]
    pub permalink: Option<String>,
}

/// A Slack app ready to be made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlackManifest {
    /// The app manifest as JSON text.
    pub manifest: String,
    /// Where Slack makes an app of it.
    pub create_url: String,
    /// The scopes in it.
    pub scopes: Vec<SlackScope>,
}

/// A scope that Larum uses.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlackScope {
    /// Slack's name for it.
    pub scope: String,
    /// Whether nothing can be posted without it.
    pub needed: bool,
    /// What it is used for.
    pub why: String,
}
