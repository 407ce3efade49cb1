#![doc = include_str!("../README.md")]

mod duration;
mod text;
mod annotation;
mod measure;

pub use annotation::{AnnotationError, Annotations, Filled, Installation};
pub use duration::{DurationError, parse_duration, show_duration};
pub use measure::{Reading, Unit};
pub use text::{MAX_ROUNDS, MAX_TEXT};
