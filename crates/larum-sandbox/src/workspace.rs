//! The workspace: team, app, people, channels and tokens, as plain values.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A whole workspace, without its messages.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Workspace {
    pub(crate) team: Team,
    pub(crate) app: App,
    /// The human who installed the app; the user token speaks as them.
    pub(crate) owner: User,
    /// The app's bot user; the bot token speaks as it.
    pub(crate) bot: User,
    pub(crate) channels: Vec<Channel>,
    pub(crate) tokens: Vec<Token>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domain: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) bot_id: String,
    /// Seconds since the Unix epoch.
    pub(crate) created: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) real_name: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) is_private: bool,
    pub(crate) is_archived: bool,
    pub(crate) is_general: bool,
    /// Seconds since the Unix epoch.
    pub(crate) created: i64,
    pub(crate) creator: String,
    pub(crate) purpose: String,
    /// User ids.
    pub(crate) members: BTreeSet<String>,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// `xoxb-…`: speaks as the app's bot user.
    Bot,
    /// `xoxp-…`: speaks as the human who installed the app.
    User,
}

/// Whether a token opens the door, and what Slack says when it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It works.
    Active,
    /// Answered with `token_revoked`.
    Revoked,
    /// Answered with `account_inactive`.
    Inactive,
    /// Answered with `token_expired`.
    Expired,
}

/// A token of the workspace's app.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) secret: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: TokenState,
}

impl Workspace {
    /// The user that a token of this kind speaks as.
    pub(crate) fn speaker(&self, kind: TokenKind) -> &User {
        match kind {
            TokenKind::Bot => &self.bot,
            TokenKind::User => &self.owner,
        }
    }

    pub(crate) fn token(&self, kind: TokenKind) -> Option<&Token> {
        self.tokens.iter().find(|token| token.kind == kind)
    }

    pub(crate) fn channel_by_id(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// Finds a channel by id, `#name` or name exactly as it is, in lower case; whoever may see it.
    pub(crate) fn channel(&self, word: &str) -> Option<&Channel> {
        self.channel_by_id(word).or_else(|| {
            let name = word.strip_prefix('#').unwrap_or(word);
            self.channels.iter().find(|channel| channel.name == name)
        })
    }

    pub(crate) fn channel_mut(&mut self, word: &str) -> Option<&mut Channel> {
        let id = self.channel(word)?.id.clone();
        self.channels.iter_mut().find(|channel| channel.id == id)
    }
}

impl Channel {
    pub(crate) fn has(&self, user: &str) -> bool {
        self.members.contains(user)
    }

    /// The channel as `conversations.*` show it to `viewer` (a user id).
    pub(crate) fn as_seen_by(&self, viewer: &str, team: &str) -> Value {
        json!({
            "id": self.id, "name": self.name, "name_normalized": self.name,
            "is_channel": !self.is_private, "is_group": self.is_private,
            "is_im": false, "is_mpim": false, "is_private": self.is_private,
            "created": self.created, "creator": self.creator, "updated": self.created * 1000,
            "is_archived": self.is_archived, "is_general": self.is_general,
            "unlinked": 0, "is_shared": false, "is_ext_shared": false, "is_org_shared": false,
            "pending_shared": [], "is_pending_ext_shared": false, "parent_conversation": null,
            "is_member": self.has(viewer), "num_members": self.members.len(),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": self.creator, "last_set": self.created},
            "previous_names": [], "context_team_id": team, "shared_team_ids": [team],
        })
    }
}
