#![doc = include_str!("../README.md")]

mod error;
mod escape;
mod class;
mod read;
mod expression;
mod replacement;

pub use error::{PatternError, Reason};
pub use expression::{Expression, MOST_BYTES, spelled_out};
pub use replacement::Replacement;
