#![doc = include_str!("../README.md")]

pub mod corpus;
pub mod coverage;
pub mod hunt;
pub mod mutate;
pub mod target;
