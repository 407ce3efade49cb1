#![doc = include_str!("../README.md")]

mod pattern;
mod text;

pub use self::pattern::{PatternError, files_matching, named_in};
pub use self::text::read_text;
