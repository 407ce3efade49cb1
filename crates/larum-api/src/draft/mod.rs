//! From what somebody typed to what cannot be wrong, or to a problem at its field.

pub mod receiver;
pub mod template;
pub mod policy;
pub mod settings;
pub mod time;
pub mod silence;
