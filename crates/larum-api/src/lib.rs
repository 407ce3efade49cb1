#![doc = include_str!("../README.md")]

mod setup;
mod turns;
mod meters;
mod problem;
mod body;
mod version;
mod lock;
mod directories;
mod doors;
mod wire;
mod draft;
mod view;
mod asking;
mod alertmanager;
mod prometheus;
mod own;
mod openapi;
mod console;
mod reload;
mod clean_path;
pub mod bodies;
mod app;

pub use app::alertmanager_app;
pub use app::app;
pub use doors::{Doors, Parts, Slack};
pub use meters::Meters;
pub use openapi::openapi_json;
pub use reload::{FailedReload, Reload, Reloads};
pub use setup::{Access, ApiV2, CrossOrigin, ExternalUrl, Member, PostAuth, Setup};
