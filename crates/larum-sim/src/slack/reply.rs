//! What the other side can answer, in the bytes in which it would: yes, no, wait, nothing, and nonsense.

use std::time::Duration;

/// What is sent back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the connection is closed behind them.
    pub hangs_up: bool,
}

/// With whom Larum speaks, each with words of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Voice {
    /// Slack's `chat.postMessage`.
    Api,
    /// An incoming webhook of Slack.
    Incoming,
    /// Somebody's server, which takes Alertmanager's webhook.
    Webhook,
}

/// What the other side does with a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Takes it and says so.
    Takes,
    /// Asks to wait, and has not taken it.
    Wait(Duration),
    /// Does not know the channel, or the address.
    NoChannel,
    /// Does not know who asks.
    NoEntry,
    /// Does not like the message.
    BadMessage,
    /// Says that it is not there just now, and has not taken it.
    Away,
    /// Has a fault of its own (5xx).
    Fault,
    /// Never answers: the connection is closed without a word.
    Silent,
    /// Begins to answer and breaks off.
    BreaksOff,
    /// Somebody in between answers with a page of HTML.
    Page,
}

impl Mood {
    /// Whether whoever asked cannot know if the message was taken, or is not to.
    pub fn is_unclear(self, voice: Voice) -> bool {
        match self {
            Self::Fault | Self::Silent => true,
            Self::BreaksOff | Self::Page => voice != Voice::Webhook,
            _ => false,
        }
    }

    /// Whether it is understood as a yes.
    pub fn is_yes(self, voice: Voice) -> bool {
        match self {
            Self::Takes => true,
            // A server that says 200 has taken it, whatever else it says (Alertmanager, `notify/util.go`, `Retrier`).
            Self::BreaksOff | Self::Page => voice == Voice::Webhook,
            _ => false,
        }
    }

    /// For how long it asks to be left alone.
    pub fn wait(self, voice: Voice) -> Option<Duration> {
        match self {
            Self::Wait(span) => Some(span),
            Self::Away if voice != Voice::Api => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// The answer in bytes.
    pub fn reply(self, voice: Voice) -> Reply {
        let api = |error: &str| json(200, "", &format!(r#"{{"ok":false,"error":"{error}"}}"#));
        let plain = |status: u16, words: &str| answer(status, "text/plain", "", words);
        match (self, voice) {
            (Self::Takes, Voice::Api) => json(200, "", r#"{"ok":true,"channel":"C1","ts":"1.0"}"#),
            (Self::Takes, _) => plain(200, "ok"),
            (Self::Wait(span), _) => {
                let seconds = format!("Retry-After: {}\r\n", span.as_secs());
                json(429, &seconds, r#"{"ok":false,"error":"ratelimited"}"#)
            }
            (Self::NoChannel, Voice::Api) => api("not_in_channel"),
            (Self::NoChannel, _) => plain(404, "channel_not_found"),
            (Self::NoEntry, Voice::Api) => api("token_revoked"),
            (Self::NoEntry, _) => plain(403, "invalid_token"),
            (Self::BadMessage, Voice::Api) => api("invalid_blocks"),
            (Self::BadMessage, _) => plain(400, "invalid_payload"),
            (Self::Away, Voice::Api) => api("service_unavailable"),
            (Self::Away, _) => answer(503, "text/plain", "Retry-After: 1\r\n", "later"),
            (Self::Fault, _) => answer(502, "text/html", "", "<html>Bad gateway</html>"),
            (Self::Page, _) => answer(200, "text/html", "", "<html>Please log in</html>"),
            (Self::Silent, _) => Reply { bytes: Vec::new(), hangs_up: true },
            (Self::BreaksOff, _) => {
                let bytes = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{\"ok\":";
                Reply { bytes: bytes.to_vec(), hangs_up: true }
            }
        }
    }
}

fn json(status: u16, headers: &str, body: &str) -> Reply {
    answer(status, "application/json", headers, body)
}

fn answer(status: u16, kind: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} Storm\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    Reply { bytes: text.into_bytes(), hangs_up: false }
}
