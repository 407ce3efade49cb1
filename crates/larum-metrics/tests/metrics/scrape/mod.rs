//! Scraping: what a configuration means, what relabelling does, what becomes of an answer, and targets that misbehave.

mod config;
mod discovery;
mod garbage;
mod node_exporter;
mod pool;
mod process;
mod prometheus;
mod relabel;
mod session;
mod target;
mod tls;
mod world;
