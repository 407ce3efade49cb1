//! Conversations with a sandbox over real HTTP.

mod world;

mod calls;
mod content;
mod faults;
