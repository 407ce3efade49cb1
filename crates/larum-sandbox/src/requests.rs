//! What was asked of the Web API and how it was answered.

use std::collections::VecDeque;

use serde::Serialize;

use crate::workspace::TokenKind;

/// How many requests are remembered; older ones are forgotten.
pub const REQUESTS: usize = 10_000;

/// A request to the Web API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Grows by one with each request; starts at 1 with each start of the sandbox.
    pub seq: u64,
    /// When it was read, in microseconds since the Unix epoch.
    pub at: i64,
    /// The method, as `chat.postMessage`; known or not.
    pub method: String,
    /// `json`, `form`, `multipart`, `text` or `none`.
    pub encoding: &'static str,
    /// The argument `channel`, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The argument `client_msg_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
    /// Whose token it came with, when it was one of the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenKind>,
    /// The `User-Agent` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// `ok`, Slack's error code, `http 429`, `html`, `hang` or `reset`; `None` while it is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// When it was answered, in microseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<i64>,
}

/// The newest requests.
#[derive(Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<Received>,
    last_seq: u64,
}

impl RequestLog {
    /// Remembers a request and gives it its `seq`.
    pub(crate) fn add(&mut self, mut request: Received) -> u64 {
        self.last_seq += 1;
        request.seq = self.last_seq;
        if self.requests.len() == REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
        self.last_seq
    }

    /// Remembers how a request was answered.
    pub(crate) fn answered(&mut self, seq: u64, answer: &str, now: i64) {
        let found = self.requests.binary_search_by_key(&seq, |request| request.seq);
        if let Ok(index) = found
            && let Some(request) = self.requests.get_mut(index)
        {
            request.answer = Some(answer.into());
            request.answered_at = Some(now);
        }
    }

    pub(crate) fn count_after(&self, seq: u64) -> usize {
        self.requests.iter().rev().take_while(|request| request.seq > seq).count()
    }

    pub(crate) fn after(&self, seq: u64) -> Vec<Received> {
        self.requests.iter().filter(|request| request.seq > seq).cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
