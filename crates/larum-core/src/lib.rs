#![doc = include_str!("../README.md")]

pub mod time;
pub mod duration;
pub mod size;
pub mod label;
mod quote;
pub mod matcher;
mod sieve;
pub mod calendar;
pub mod severity;
pub mod alert;
pub mod index;
pub mod transition;
pub mod inhibit;
pub mod silence;
pub mod mute;
pub mod route;
pub mod policy;
pub mod notification;
pub mod condition;
pub mod receiver;
pub mod verdict;
pub mod routing;
pub mod config;
pub mod group;
pub mod outbox;
pub mod state;
pub mod invariant;
