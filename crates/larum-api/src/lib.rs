#![doc = include_str!("../README.md")]

pub mod body;
pub mod version;
pub mod problem;
pub mod wire;
pub mod doors;
pub mod alertmanager;
pub mod own;
pub mod openapi;

pub use openapi::openapi_json;
