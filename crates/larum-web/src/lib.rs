#![doc = include_str!("../README.md")]

mod error;
mod file;
mod suite;
mod config;
mod pem;
mod client;
mod tls;
mod users;
mod web;
mod patient;
mod connections;

pub use connections::{Limits, serve};
pub use error::WebError;
pub use web::Web;
