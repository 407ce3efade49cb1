//! Whether a token can post in each of some channels, as far as its scopes let one see.

use crate::advice::{AdviceContext, advice};
use crate::answer::CallError;
use crate::client::Identity;
use crate::conversations::{Conversation, ConversationTypes, is_id};
use crate::directory::{Directory, Known, Named, is_absence, may_post, visible_types};

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

impl Directory {
    /// What is known of posting in each of these channels, asked about before; what was not learnt is
    /// [`ChannelState::Unknown`].
    pub fn reports<S: AsRef<str>>(&self, identity: &Identity, channels: &[S]) -> Vec<ChannelReport> {
        let judge = Judge { directory: self, identity };
        let mut reports: Vec<ChannelReport> = Vec::with_capacity(channels.len());
        for asked in channels {
            let mut report = judge.report(asked.as_ref());
            report.same_as = report
                .id
                .as_ref()
                .and_then(|id| reports.iter().position(|earlier| earlier.id.as_ref() == Some(id)));
            reports.push(report);
        }
        reports
    }
}

struct Judge<'a> {
    directory: &'a Directory,
    identity: &'a Identity,
}

impl Judge<'_> {
    fn report(&self, asked: &str) -> ChannelReport {
        let found = match Named::of(asked) {
            Named::Name(name) => self.by_name(&name),
            Named::Id(id) => self.known(id, self.directory.by_id(id)),
            Named::Direct => Err((
                ChannelState::Unknown,
                "A direct message: only a test message tells whether it arrives.".to_owned(),
            )),
        };
        let (found, state, why) = match found {
            Ok(found) => {
                let (state, why) = self.judge(asked, found);
                (Some(found.clone()), state, why)
            }
            Err((state, why)) => (None, state, why),
        };
        let (id, name) = found.map(|found| (found.id, found.name)).unzip();
        ChannelReport { asked: asked.to_owned(), id, name, state, why, same_as: None }
    }

    fn judge(&self, asked: &str, found: &Conversation) -> (ChannelState, String) {
        if found.is_archived {
            (ChannelState::Archived, advice("is_archived", &self.context(asked)))
        } else if found.is_member && found.is_private && !is_id(asked) {
            // Slack, "chat.postMessage", "Channels": private channels are to be given by their ID.
            let why =
                format!("Slack wants private channels by their ID: write {} instead of the name.", found.id);
            (ChannelState::Unknown, why)
        } else if may_post(self.identity, found) {
            (ChannelState::CanPost, String::new())
        } else {
            (ChannelState::InviteNeeded, advice("not_in_channel", &self.context(asked)))
        }
    }

    fn by_name(&self, name: &str) -> Result<&Conversation, (ChannelState, String)> {
        let Some(types) = visible_types(self.identity) else { return Err(unseen("channels:read")) };
        if let Some(known) = self.directory.by_name(name) {
            return self.known(name, known);
        }
        let listing = &self.directory.listing;
        match &listing.trouble {
            Some((_, error)) => Err(unanswered(error)),
            None if listing.types == Some(types) && listing.is_read() => {
                Err(self.absent(name, types, listing.is_complete()))
            }
            None => Err(unheard()),
        }
    }

    fn known<'k>(&self, channel: &str, known: Known<'k>) -> Result<&'k Conversation, (ChannelState, String)> {
        match known {
            Known::Found(found) => Ok(found),
            Known::Nothing => Err(unheard()),
            Known::Refused(error) if is_absence(error) => {
                Err((ChannelState::NotFound, advice("channel_not_found", &self.context(channel))))
            }
            Known::Refused(error) => Err(unanswered(error)),
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

fn unheard() -> (ChannelState, String) {
    (ChannelState::Unknown, "Slack did not answer in time.".to_owned())
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
