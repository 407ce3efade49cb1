//! The locks on the doors, from the outermost in.

pub mod headers;
pub mod host;
pub mod guard;
pub mod origin;
pub mod client;
pub mod identity;
pub mod sender;
pub mod gate;
pub mod attempts;
