#![doc = include_str!("../README.md")]

mod number;
mod layout;
mod span;
mod time;
mod language;
mod show;
mod verb;
mod printf;
mod humanize;
mod word;
mod arguments;
mod function;
mod comment;
mod syntax;
mod parse;
mod fill;

pub use gotmpl::{FuncMap, TemplateError, Value, url_encode};

pub use arguments::{number, texts, wrong_count};
pub use fill::{Budget, Ready, Unfilled};
pub use function::Functions;
pub use humanize::{humanize, humanize_1024, humanize_duration, humanize_percentage, humanize_timestamp};
pub use language::{Language, Limits, record};
pub use layout::format as format_time;
pub use number::{Format, float, plain};
pub use parse::{Parsed, TextError, Tree};
pub use show::{argument, joined, show, type_name};
pub use time::{Time, point, span};
pub use word::{Rest, expression, lower, replace_all, title, upper};
