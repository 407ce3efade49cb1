//! The messages of all channels, newest last, bounded per channel.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::workspace::TokenKind;

/// How many messages are kept per channel; older ones are forgotten.
pub const MESSAGES_PER_CHANNEL: usize = 5_000;

/// A stored message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posted {
    /// Grows by one with each message of the workspace, also over restarts; starts at 1.
    pub seq: u64,
    /// The channel's id.
    pub channel: String,
    /// The channel's name when it was posted.
    pub channel_name: String,
    /// When it was stored, in microseconds since the Unix epoch.
    pub stored_at: i64,
    /// Whose token posted it.
    pub author: TokenKind,
    /// The `client_msg_id` it was posted with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
    /// The message object as Slack shows it: `text`, `ts`, `user`, `bot_id`, `blocks`, `attachments` …
    pub message: Value,
}

impl Posted {
    /// The message's `ts`, its identity within the channel.
    #[must_use]
    pub fn ts(&self) -> &str {
        self.message["ts"].as_str().unwrap_or_default()
    }

    /// The message's top-level text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.message["text"].as_str().unwrap_or_default()
    }
}

/// All stored messages in order of `seq`, and the counters that outlive them.
#[derive(Default)]
pub(crate) struct MessageLog {
    posted: Vec<Posted>,
    last_seq: u64,
    /// The newest `ts` of each channel in microseconds.
    newest: HashMap<String, i64>,
    counts: HashMap<String, usize>,
    /// The `seq` of each message that came with a `client_msg_id`, by channel, author and id.
    by_client_id: HashMap<ClientKey, u64>,
}

/// What makes two posts the same: channel, author and `client_msg_id`.
type ClientKey = (String, TokenKind, String);

impl MessageLog {
    /// A `ts` for a new message: the clock's microseconds, or just after the channel's newest message.
    pub(crate) fn next_ts(&mut self, channel: &str, now: i64) -> String {
        let micros = self.newest.get(channel).map_or(now, |newest| now.max(newest + 1));
        self.newest.insert(channel.into(), micros);
        format!("{:010}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }

    pub(crate) fn next_seq(&self) -> u64 {
        self.last_seq + 1
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// How many messages of a channel are kept.
    pub(crate) fn count(&self, channel: &str) -> usize {
        self.counts.get(channel).copied().unwrap_or_default()
    }

    /// Continues counting after `seq`, when messages up to it are already forgotten.
    pub(crate) fn skip_to(&mut self, seq: u64) {
        self.last_seq = self.last_seq.max(seq);
    }

    /// Adds a message that has its `seq` and `ts`, and forgets the channel's oldest when there are too many; one whose
    /// `seq` is here already takes the place of that. Says whether one was forgotten.
    pub(crate) fn add(&mut self, posted: Posted) -> bool {
        if let Ok(place) = self.posted.binary_search_by_key(&posted.seq, |known| known.seq) {
            self.posted[place] = posted;
            return true;
        }
        self.last_seq = self.last_seq.max(posted.seq);
        let micros: i64 = posted.ts().replace('.', "").parse().unwrap_or_default();
        let newest = self.newest.entry(posted.channel.clone()).or_default();
        *newest = micros.max(*newest);
        let count = self.counts.entry(posted.channel.clone()).or_default();
        *count += 1;
        let full = *count > MESSAGES_PER_CHANNEL;
        if full {
            *count -= 1;
            if let Some(oldest) = self.posted.iter().position(|other| other.channel == posted.channel) {
                let forgotten = self.posted.remove(oldest);
                self.by_client_id.retain(|_, seq| *seq != forgotten.seq);
            }
        }
        if let Some(id) = &posted.client_msg_id {
            self.by_client_id
                .entry((posted.channel.clone(), posted.author, id.clone()))
                .or_insert(posted.seq);
        }
        self.posted.push(posted);
        full
    }

    /// The messages after `seq`, of one channel or of all.
    pub(crate) fn after<'a>(
        &'a self,
        seq: u64,
        channel: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Posted> {
        let start = self.posted.partition_point(|posted| posted.seq <= seq);
        self.posted[start..].iter().filter(move |posted| channel.is_none_or(|id| posted.channel == id))
    }

    pub(crate) fn find(&self, channel: &str, ts: &str) -> Option<&Posted> {
        self.posted.iter().rev().find(|posted| posted.channel == channel && posted.ts() == ts)
    }

    /// The message that this author already posted to the channel under this `client_msg_id`.
    pub(crate) fn duplicate_of(
        &self,
        channel: &str,
        author: TokenKind,
        client_msg_id: &str,
    ) -> Option<&Posted> {
        let seq = self.by_client_id.get(&(channel.into(), author, client_msg_id.into()))?;
        self.after(seq - 1, None).next()
    }

    /// Forgets the messages of one channel or of all. Counters go on, so no `seq` and no `ts` comes twice.
    pub(crate) fn clear(&mut self, channel: Option<&str>) {
        self.posted.retain(|posted| channel.is_some_and(|id| posted.channel != id));
        self.counts.retain(|id, _| channel.is_some_and(|cleared| id != cleared));
        self.by_client_id.retain(|(id, ..), _| channel.is_some_and(|cleared| id != cleared));
    }
}
