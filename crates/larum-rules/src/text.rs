//! Go templates in the texts of a rule, with the functions that Prometheus gives them
//! (Prometheus, "Template reference").

mod sample;
mod host;
pub(crate) mod link;
mod inquiry;
mod kind;
mod function;
mod template;

pub(crate) use inquiry::Inquiry;
pub(crate) use inquiry::NobodyToAsk;
pub use inquiry::{Ask, MAX_ANSWERED, MAX_QUERIES, Moment, SourceAt, vector};
pub(crate) use template::{Ready, Scene, Text};

/// The longest text that may come out of a template or of any function in it, in bytes.
pub const MAX_TEXT: usize = 16 * 1024;
/// The most rounds that all `{{range}}` of one text may take together.
pub const MAX_ROUNDS: u64 = 1_000;
/// The most times that `{{template}}` may be carried out for one text of one series.
pub const MAX_TEMPLATES: u32 = 1_000;
