#![doc = include_str!("../README.md")]

pub mod limits;
mod text;
mod link;
mod when;
mod target;
mod block;
mod story;
mod headline;
mod listing;
mod message;
mod test_message;

pub use headline::headline;
pub use link::Links;
pub use message::{fallback_text, message, plain_of, plain_text};
pub use test_message::{TestMessage, test_message};
