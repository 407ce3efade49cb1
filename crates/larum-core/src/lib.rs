//! The mind of Larum: labels, alerts, policies, who is told and when. Pure: no IO, no clock, no async, no wire
//! formats; the same input gives the same output. The modules stand in the order of the walk, and each may
//! import only from those above it.

pub mod time;
pub mod label;
pub mod matcher;
pub mod severity;
pub mod alert;
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
