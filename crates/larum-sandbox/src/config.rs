//! What a sandbox is started with, and the switches for what Slack leaves open.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::edge::{Clock, fresh_seed};

/// What a sandbox is started with.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Where to listen. Only loopback is accepted: the control plane hands out tokens to whoever asks.
    pub listen: SocketAddr,
    /// The folder that keeps workspace, tokens and messages over restarts; `None` keeps them in memory.
    pub data: Option<PathBuf>,
    /// How the sandbox behaves where Slack's documentation leaves room. Also what a reset returns to.
    pub switches: Switches,
    /// The clock behind timestamps, rate limits and timed faults.
    pub clock: Clock,
    /// What all ids and tokens of a fresh workspace are drawn from.
    pub seed: [u8; 32],
}

impl SandboxConfig {
    /// A sandbox for a test: any free port on 127.0.0.1, nothing kept, this machine's clock, a fresh seed.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: None,
            switches: Switches::default(),
            clock: Clock::system(),
            seed: fresh_seed(),
        }
    }

    /// A sandbox that keeps its workspace, tokens and messages in `data`.
    #[must_use]
    pub fn kept_in(listen: SocketAddr, data: PathBuf) -> Self {
        Self { listen, data: Some(data), ..Self::in_memory() }
    }
}

/// How the sandbox behaves where Slack's behaviour is undocumented, varies, or is in a test's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Whether a second post with the same author, channel and `client_msg_id` answers with the first
    /// message and `is_duplicate` instead of storing another. Default on.
    pub deduplicate: bool,
    /// Whether posting is limited to one message a second and channel with a short burst, and to several
    /// hundred a minute and workspace. Default on.
    pub posting_limits: bool,
    /// Whether each method is held to the calls a minute of its tier. Default off.
    pub tier_limits: bool,
    /// What happens to a top-level text of more than 4,000 characters. Default refuse.
    pub long_text: LongText,
    /// Whether a private channel can be posted to by its name by a member. Default off: by id only.
    pub private_channels_by_name: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            deduplicate: true,
            posting_limits: true,
            tier_limits: false,
            long_text: LongText::Refuse,
            private_channels_by_name: false,
        }
    }
}

/// What happens to a top-level text of more than 4,000 characters; Slack has been seen doing each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LongText {
    /// Refused with `msg_too_long`.
    Refuse,
    /// Stored as several messages of at most 4,000 characters, if there is nothing but text.
    Split,
    /// Stored as one message, cut at 40,000 characters with the warning `message_truncated`.
    Accept,
}
