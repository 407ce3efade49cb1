//! What every handler can reach.

/// What every handler can reach.
#[derive(Clone)]
pub struct Doors;
