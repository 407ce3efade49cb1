//! Go templates in the texts of a rule, with the functions that Prometheus gives them
//! (Prometheus, "Template reference").

mod number;
mod printf;
mod humanize;
mod function;
mod syntax;
mod template;

pub(crate) use humanize::{humanize, humanize_1024, humanize_duration};
pub(crate) use number::plain;
pub use template::MAX_ROUNDS;
pub(crate) use template::{Scene, Text};

/// The longest text that may come out of a template or of any function in it, in bytes.
pub const MAX_TEXT: usize = 16 * 1024;
