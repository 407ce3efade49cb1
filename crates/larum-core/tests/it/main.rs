//! Conversations with the state: alerts come in, time passes, Slack answers.

mod edits;
mod lanes;
mod memory;
mod replaced;
mod restart;
mod walk;
mod world;
