//! Why a group keeps silent about an alert that fires, for as long as that lasts.

use std::sync::Arc;

use crate::alert::AlertId;
use crate::inhibit::Inhibited;
use crate::silence::SilenceId;

/// Why a group keeps silent about an alert that fires.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Mute {
    /// Another alert that fires inhibits it.
    Inhibited(Inhibited),
    /// Somebody silenced it.
    Silenced(Silenced),
}

/// By what an alert is silenced.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Silenced {
    /// The silences that are active and match it, in order of their ids; never empty.
    pub by: Arc<[SilenceId]>,
}

impl Mute {
    /// The alert that inhibits, if that is why.
    pub fn inhibiting(&self) -> Option<AlertId> {
        match self {
            Self::Inhibited(inhibited) => Some(inhibited.by),
            Self::Silenced(_) => None,
        }
    }
}
