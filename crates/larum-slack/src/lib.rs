#![doc = include_str!("../README.md")]

pub mod api_url;
pub mod token;
pub mod http;
pub mod error;
pub mod advice;
pub mod answer;
pub mod client;
pub mod conversations;
pub mod directory;
pub mod channel_state;
pub mod manifest;

pub use advice::{AdviceContext, advice};
pub use answer::{CallError, PostOutcome};
pub use api_url::{ApiUrl, ApiUrlError};
pub use channel_state::{ChannelReport, ChannelState};
pub use client::{Identity, SlackClient};
pub use conversations::{Conversation, ConversationTypes, Page, is_id};
pub use directory::Directory;
pub use error::{ErrorClass, SlackError, TOKEN_UNREADABLE};
pub use http::{HttpClientError, build_http_client};
pub use manifest::{SCOPES, ScopeUse, create_app_url, manifest};
pub use token::{SlackToken, TokenError, TokenKind};
