#![doc = include_str!("../README.md")]

mod yaml;
mod json;
pub mod config;
pub mod data;
pub mod template;
pub mod webhook;
pub mod slack;
pub mod routing;

pub use yaml::{Place, Typed};
