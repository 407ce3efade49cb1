//! The rules of this project that no compiler knows, as tests over the source tree itself.

mod tree;

mod licences;
mod order;
mod papers;
mod sizes;
mod walls;
mod words;
