#![doc = include_str!("../README.md")]

mod config;
mod control;
mod edge;
mod faults;
mod http;
mod keep;
mod messages;
mod requests;
mod seed;
mod server;
mod workspace;
mod world;

mod answer;
mod arguments;
mod check;
mod methods;
mod throttle;

pub use config::{LongText, SandboxConfig, Switches};
pub use control::{ChannelChange, Control, ControlError, LONGEST_WAIT, TokenChange};
pub use edge::{Clock, fresh_seed};
pub use faults::{Behaviour, Fault, Pending, When};
pub use keep::FolderError;
pub use messages::{MESSAGES_PER_CHANNEL, Posted};
pub use requests::{REQUESTS, Received};
pub use server::{Running, Sandbox, StartError};
pub use workspace::{TokenKind, TokenState};
