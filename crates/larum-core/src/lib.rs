#![doc = include_str!("../README.md")]

pub mod time;
pub mod label;
pub mod matcher;
pub mod severity;
pub mod alert;
pub mod inhibit;
pub mod policy;
pub mod notification;
pub mod condition;
pub mod receiver;
pub mod verdict;
pub mod config;
pub mod group;
pub mod outbox;
pub mod state;
pub mod invariant;
