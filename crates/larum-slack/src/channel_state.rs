//! Whether a token can post in each of some channels, as far as its scopes let one see.

use crate::advice::{AdviceContext, advice};
use crate::answer::CallError;
use crate::client::{Identity, SlackClient};
use crate::conversations::{Conversation, ConversationTypes, Listing, is_id};
use crate::token::TokenKind;

/// What is known of posting in a channel.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChannelState {
    /// A message will be taken, unless the workspace restricts who may post.
    CanPost,
    /// The app or its user has to get into the channel first.
    InviteNeeded,
    /// It takes no messages any more.
    Archived,
    /// The token sees no such channel.
    NotFound,
    /// The scopes do not let one see, or Slack did not answer; only a test message tells.
    Unknown,
}

impl ChannelState {
    /// The word for it, for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CanPost => "can_post",
            Self::InviteNeeded => "invite_needed",
            Self::Archived => "archived",
            Self::NotFound => "not_found",
            Self::Unknown => "unknown",
        }
    }
}

/// What is known of one channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChannelReport {
    /// The channel as asked for.
    pub asked: String,
    /// Its id, if it was found.
    pub id: Option<String>,
    /// Its name without `#`, if it was found.
    pub name: Option<String>,
    /// Whether one can post there.
    pub state: ChannelState,
    /// One plain sentence: why, and what to do; empty for [`ChannelState::CanPost`].
    pub why: String,
    /// The place in the list of an earlier entry that is the same channel under its name or its id.
    pub same_as: Option<usize>,
}

/// Looks each channel up: names in one listing, ids one by one. Makes at most 10 calls for the listing and one for
/// each id; the first refusal or silence of Slack ends the asking, and what was not learnt is
/// [`ChannelState::Unknown`]. `channels` are names, with or without `#`, or ids.
pub async fn channel_states<S: AsRef<str>>(
    client: &SlackClient,
    identity: &Identity,
    channels: &[S],
) -> Vec<ChannelReport> {
    let mut lookup = Lookup { client, identity, listing: None, silent: None };
    let mut reports: Vec<ChannelReport> = Vec::with_capacity(channels.len());
    for asked in channels {
        let mut report = lookup.report(asked.as_ref()).await;
        report.same_as = report
            .id
            .as_ref()
            .and_then(|id| reports.iter().position(|earlier| earlier.id.as_ref() == Some(id)));
        reports.push(report);
    }
    reports
}

struct Lookup<'a> {
    client: &'a SlackClient,
    identity: &'a Identity,
    /// All channels that the token may list; read once, when the first name is met.
    listing: Option<Result<Listing, CallError>>,
    /// Why Slack is asked no more.
    silent: Option<CallError>,
}

impl Lookup<'_> {
    async fn report(&mut self, asked: &str) -> ChannelReport {
        let channel = asked.trim();
        let found = if !is_id(channel) {
            self.by_name(&channel.trim_start_matches('#').to_lowercase()).await
        } else if channel.starts_with(['C', 'G']) {
            self.by_id(channel).await
        } else {
            Err((
                ChannelState::Unknown,
                "A direct message: only a test message tells whether it arrives.".to_owned(),
            ))
        };
        let (found, state, why) = match found {
            Ok(found) => {
                let (state, why) = self.judge(asked, &found);
                (Some(found), state, why)
            }
            Err((state, why)) => (None, state, why),
        };
        let (id, name) = found.map(|found| (found.id, found.name)).unzip();
        ChannelReport { asked: asked.to_owned(), id, name, state, why, same_as: None }
    }

    fn judge(&self, asked: &str, found: &Conversation) -> (ChannelState, String) {
        let open = !found.is_private
            && self.identity.kind == TokenKind::Bot
            && self.identity.has_scope("chat:write.public") == Some(true);
        if found.is_archived {
            (ChannelState::Archived, advice("is_archived", &self.context(asked)))
        } else if found.is_member && found.is_private && !is_id(asked) {
            // Slack, "chat.postMessage", "Channels": private channels are to be given by their ID.
            let why =
                format!("Slack wants private channels by their ID: write {} instead of the name.", found.id);
            (ChannelState::Unknown, why)
        } else if found.is_member || open {
            (ChannelState::CanPost, String::new())
        } else {
            (ChannelState::InviteNeeded, advice("not_in_channel", &self.context(asked)))
        }
    }

    async fn by_name(&mut self, name: &str) -> Result<Conversation, (ChannelState, String)> {
        let Some(types) = self.visible_types() else {
            return Err(unseen("channels:read"));
        };
        if self.listing.is_none() {
            self.listing = Some(self.client.conversations_list(types).await);
        }
        match self.listing.as_ref().expect("read above") {
            Err(error) => Err(unanswered(error)),
            Ok(listing) => {
                let found = listing.channels.iter().find(|channel| channel.name.to_lowercase() == name);
                found.cloned().ok_or_else(|| self.absent(name, types, listing.complete))
            }
        }
    }

    async fn by_id(&mut self, id: &str) -> Result<Conversation, (ChannelState, String)> {
        let listed = match &self.listing {
            Some(Ok(listing)) => listing.channels.iter().find(|channel| channel.id == id).cloned(),
            _ => None,
        };
        if let Some(found) = listed {
            return Ok(found);
        }
        if let Some(error) = &self.silent {
            return Err(unanswered(error));
        }
        match self.client.conversations_info(id).await {
            Ok(found) => Ok(found),
            Err(CallError::Refused(error)) if error.code == "channel_not_found" => {
                Err((ChannelState::NotFound, error.advice(&self.context(id))))
            }
            Err(CallError::Refused(error)) if error.code == "missing_scope" => {
                Err(unseen(error.needed.as_deref().unwrap_or("channels:read")))
            }
            Err(error) => {
                let reason = unanswered(&error);
                self.silent = Some(error);
                Err(reason)
            }
        }
    }

    /// What the scopes let one list; public channels may be tried when the scopes are not known.
    fn visible_types(&self) -> Option<ConversationTypes> {
        let has = |scope: &str| self.identity.has_scope(scope);
        match (has("channels:read"), has("groups:read")) {
            (Some(true), Some(true)) => Some(ConversationTypes::All),
            (Some(true) | None, _) => Some(ConversationTypes::Public),
            (Some(false), Some(true)) => Some(ConversationTypes::Private),
            (Some(false), _) => None,
        }
    }

    fn absent(&self, name: &str, types: ConversationTypes, complete: bool) -> (ChannelState, String) {
        let invitation = self.context(name).invitation();
        match (complete, types) {
            (false, _) => (
                ChannelState::Unknown,
                "The workspace has too many channels to look through: use the channel's ID, or send a test message."
                    .to_owned(),
            ),
            (true, ConversationTypes::All) => {
                (ChannelState::NotFound, advice("channel_not_found", &self.context(name)))
            }
            (true, ConversationTypes::Public) => (
                ChannelState::Unknown,
                format!("There is no public channel #{name}: if it is private, {invitation} and use its ID."),
            ),
            (true, ConversationTypes::Private) => unseen("channels:read"),
        }
    }

    fn context<'b>(&'b self, channel: &'b str) -> AdviceContext<'b> {
        let name = Some(self.identity.user.as_str()).filter(|name| !name.is_empty());
        AdviceContext { channel: Some(channel.trim()), name, kind: Some(self.identity.kind), needed: None }
    }
}

fn unseen(scopes: &str) -> (ChannelState, String) {
    let either = scopes.replace(',', " or ");
    let why =
        format!("The token has no scope {either}, so only a test message tells whether it can post there.");
    (ChannelState::Unknown, why)
}

fn unanswered(error: &CallError) -> (ChannelState, String) {
    let why = match error {
        CallError::Refused(refused) if refused.code == "missing_scope" => {
            return unseen(refused.needed.as_deref().unwrap_or("channels:read"));
        }
        CallError::Refused(refused) => refused.advice(&AdviceContext::default()),
        other => format!("Slack could not be asked: {other}."),
    };
    (ChannelState::Unknown, why)
}
