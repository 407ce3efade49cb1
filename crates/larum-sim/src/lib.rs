#![doc = include_str!("../README.md")]

mod random;
mod slack;
mod scribe;
mod memory;
mod route_file;
mod life;
mod ears;
mod ledger;
mod flight;
mod storm;
mod weather;
mod seeds;

pub use ledger::Tally;
pub use seeds::{Report, weather};
pub use storm::{EVENTS, ride_out};
