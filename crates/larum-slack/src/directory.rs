//! What a token sees of its workspace's channels, kept for a while so that the same is not asked again and again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::future::join;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::answer::CallError;
use crate::client::{Identity, SlackClient};
use crate::conversations::{Conversation, ConversationTypes, MAX_PAGES, is_id};
use crate::token::TokenKind;

/// How long what was heard is believed.
pub const KEPT: Duration = Duration::from_secs(60);
/// After how long a listing that lacks a name is read anew, for each of its pages. So at most 15 pages are read in a
/// minute, of the 20 that Slack grants (`conversations.list`, tier 2).
const RENEWED: Duration = Duration::from_secs(4);
/// The most channels that are known one by one.
const MAX_HEARD: usize = 1_000;

/// What one token was told of channels in the last minute ([`KEPT`]). Begins empty.
///
/// Moments are given as the time since any fixed one. What is learnt is there as soon as it is heard: whoever gives up
/// waiting keeps it.
#[derive(Debug, Default)]
pub struct Directory {
    pub(crate) listing: Listing,
    heard: HashMap<String, Heard>,
}

/// All channels that a token may list, as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub types: Option<ConversationTypes>,
    channels: Vec<Conversation>,
    pages: usize,
    /// When its first page was asked for.
    since: Duration,
    /// Where the next page begins, if there is one.
    next: Option<String>,
    /// Why it was read no further, and when that was.
    pub trouble: Option<(Duration, CallError)>,
}

/// What Slack said when it was asked about one channel.
#[derive(Debug)]
struct Heard {
    at: Duration,
    answer: Result<Conversation, CallError>,
}

/// What is known of a channel.
#[derive(Clone, Copy)]
pub(crate) enum Known<'a> {
    /// This.
    Found(&'a Conversation),
    /// Slack says that there is none, or why it says nothing.
    Refused(&'a CallError),
    /// Nothing was heard.
    Nothing,
}

/// How a channel is named.
pub(crate) enum Named<'a> {
    /// By this name, in lower case and without `#`.
    Name(String),
    /// By its id.
    Id(&'a str),
    /// It is a direct message.
    Direct,
}

impl<'a> Named<'a> {
    pub fn of(channel: &'a str) -> Self {
        let channel = channel.trim();
        if !is_id(channel) {
            Self::Name(channel.trim_start_matches('#').to_lowercase())
        } else if channel.starts_with(['C', 'G']) {
            Self::Id(channel)
        } else {
            Self::Direct
        }
    }
}

impl Directory {
    /// Learns what is not known yet of channels, given by their names, with or without `#`, or their ids. Names are
    /// looked up in one listing, at most [`MAX_PAGES`] calls; of an id, and of a name that cannot be posted to, Slack
    /// is asked alone; all of that at once. What can be posted to is not asked about again.
    pub async fn ask<S: AsRef<str>>(
        &mut self,
        client: &SlackClient,
        identity: &Identity,
        channels: &[S],
        now: Duration,
    ) {
        self.forget(now);
        let named: Vec<Named<'_>> = channels.iter().map(|channel| Named::of(channel.as_ref())).collect();
        let types = visible_types(identity).filter(|types| {
            let lacks = |named: &Named<'_>| matches!(named, Named::Name(name) if self.listing.lacks(name, *types, now));
            named.iter().any(lacks)
        });
        let ids: HashSet<String> =
            named.iter().filter_map(|named| self.id_to_ask(named, identity, now)).collect();
        let Self { listing, heard } = self;
        let listing = async {
            if let Some(types) = types {
                listing.read(client, types, now).await;
            }
        };
        let mut asking: FuturesUnordered<_> = ids
            .into_iter()
            .map(|id| async move {
                let answer = client.conversations_info(&id).await;
                (id, answer)
            })
            .collect();
        let each = async {
            while let Some((id, answer)) = asking.next().await {
                heard.insert(id, Heard { at: now, answer });
            }
        };
        join(listing, each).await;
    }

    /// What is known of the channel with this name, or why nothing is; `None` if the listing has no such name.
    pub(crate) fn by_name(&self, name: &str) -> Option<Known<'_>> {
        self.listing.named(name).map(|listed| self.by_id(&listed.id))
    }

    /// What is known of the channel with this id.
    pub(crate) fn by_id(&self, id: &str) -> Known<'_> {
        let listed = self.listing.channels.iter().find(|channel| channel.id == id);
        match (self.heard.get(id), listed) {
            (Some(heard), Some(listed)) if heard.at < self.listing.since => Known::Found(listed),
            (Some(Heard { answer: Ok(channel), .. }), _) => Known::Found(channel),
            // What the listing said is better than no answer.
            (Some(Heard { answer: Err(error), .. }), Some(listed)) if !is_absence(error) => {
                Known::Found(listed)
            }
            (Some(Heard { answer: Err(error), .. }), _) => Known::Refused(error),
            (None, Some(listed)) => Known::Found(listed),
            (None, None) => Known::Nothing,
        }
    }

    /// The id to ask about, if what is known will not do.
    fn id_to_ask(&self, named: &Named<'_>, identity: &Identity, now: Duration) -> Option<String> {
        let id = match named {
            Named::Name(name) => self.listing.named(name)?.id.as_str(),
            Named::Id(id) => id,
            Named::Direct => return None,
        };
        let (heard, known) = (self.heard.get(id), self.by_id(id));
        let waits =
            heard.is_some_and(|heard| heard.answer.as_ref().is_err_and(|error| rests(heard.at, error, now)));
        let is_well = matches!(known, Known::Found(channel) if may_post(identity, channel));
        (!waits && !is_well).then(|| id.to_owned())
    }

    fn forget(&mut self, now: Duration) {
        let is_kept = |since: Duration| now.saturating_sub(since) < KEPT;
        self.heard.retain(|_, heard| is_kept(heard.at));
        if self.heard.len() > MAX_HEARD {
            self.heard.clear();
        }
        if !is_kept(self.listing.since) {
            self.listing = Listing::default();
        }
    }
}

impl Listing {
    /// Whether there is nothing more to read.
    pub fn is_read(&self) -> bool {
        self.pages >= MAX_PAGES || self.is_complete()
    }

    /// Whether these are all.
    pub fn is_complete(&self) -> bool {
        self.pages > 0 && self.next.is_none()
    }

    fn named(&self, name: &str) -> Option<&Conversation> {
        self.channels.iter().find(|channel| channel.name.to_lowercase() == name)
    }

    /// Whether reading on, or anew, may bring this name to light.
    fn lacks(&self, name: &str, types: ConversationTypes, now: Duration) -> bool {
        if self.trouble.as_ref().is_some_and(|(at, error)| rests(*at, error, now)) {
            return false;
        }
        let pages = u32::try_from(self.pages).unwrap_or(u32::MAX);
        let is_old = now.saturating_sub(self.since) >= RENEWED.saturating_mul(pages);
        self.types != Some(types) || self.named(name).is_none() && (!self.is_read() || is_old)
    }

    /// Reads on where it ended, or from the beginning if there is nothing more. What was known stays until then.
    async fn read(&mut self, client: &SlackClient, types: ConversationTypes, now: Duration) {
        self.trouble = None;
        let mut anew = self.types != Some(types) || self.is_read();
        for _ in if anew { 0 } else { self.pages }..MAX_PAGES {
            let cursor = self.next.as_deref().filter(|_| !anew);
            match client.conversations_page(types, cursor).await {
                Ok(page) => {
                    if std::mem::take(&mut anew) {
                        *self = Self { types: Some(types), since: now, ..Self::default() };
                    }
                    self.channels.extend(page.channels);
                    self.pages += 1;
                    self.next = page.next;
                }
                Err(error) => {
                    if matches!(&error, CallError::Refused(refused) if refused.code == "invalid_cursor") {
                        *self = Self::default();
                    }
                    self.trouble = Some((now, error));
                    return;
                }
            }
            if self.next.is_none() {
                return;
            }
        }
    }
}

/// What the scopes let one list; public channels may be tried when the scopes are not known.
pub(crate) fn visible_types(identity: &Identity) -> Option<ConversationTypes> {
    match (identity.has_scope("channels:read"), identity.has_scope("groups:read")) {
        (Some(true), Some(true)) => Some(ConversationTypes::All),
        (Some(true) | None, _) => Some(ConversationTypes::Public),
        (Some(false), Some(true)) => Some(ConversationTypes::Private),
        (Some(false), _) => None,
    }
}

/// Whether a message will be taken, as far as one can see.
pub(crate) fn may_post(identity: &Identity, channel: &Conversation) -> bool {
    let everywhere = identity.kind == TokenKind::Bot && identity.has_scope("chat:write.public") == Some(true);
    !channel.is_archived && (channel.is_member || everywhere && !channel.is_private)
}

/// Whether Slack says that there is no such channel.
pub(crate) fn is_absence(error: &CallError) -> bool {
    matches!(error, CallError::Refused(refused) if refused.code == "channel_not_found")
}

/// Whether Slack asked not to be asked until later.
fn rests(at: Duration, error: &CallError, now: Duration) -> bool {
    matches!(error, CallError::RetryAfter(wait) if at.saturating_add(*wait) > now)
}
