//! Conversations with the state: alerts come in, time passes, Slack answers.

mod memory;
mod walk;
mod world;
