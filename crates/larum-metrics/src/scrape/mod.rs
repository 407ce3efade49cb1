//! Scraping: targets are asked for their metrics, again and again.
//!
//! [`config`] says what to scrape, [`Targets`] what that comes to, `schedule` when each is due, [`Session`] what becomes of
//! an answer: all of it pure but for the files of discovery. [`ScrapePool`] has the network, the timers and the tasks.

mod answer;
mod board;
mod certificates;
mod client;
pub mod config;
mod discovery;
mod error;
mod labels;
mod pool;
pub mod relabel;
mod said;
mod schedule;
mod session;
mod target;
mod worker;

pub use self::answer::Answer;
pub use self::board::{Board, Health, JobStatus, TargetStatus};
pub use self::discovery::{Files, Targets};
pub use self::error::ScrapeError;
pub use self::pool::ScrapePool;
pub use self::session::{Report, Session};
pub use self::target::{Target, TargetError};
