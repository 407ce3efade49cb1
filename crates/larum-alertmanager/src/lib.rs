#![doc = include_str!("../README.md")]

mod yaml;
pub mod config;

pub use yaml::Place;
