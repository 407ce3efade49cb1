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
    /// Its route is mute at this time.
    OffTime(OffTime),
    /// Somebody silenced it.
    Silenced(Silenced),
}

/// Why nobody is told on a route at some time.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffTime {
    /// The names of the time intervals; never empty.
    pub by: Arc<[Arc<str>]>,
    /// Whether they are its `active_time_intervals`, and it is none of them; else its `mute_time_intervals`, and it is
    /// each of these.
    pub outside: bool,
}

/// By what an alert is silenced.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Silenced {
    /// The silences that are active and match it, in order of their ids; never empty.
    pub by: Arc<[SilenceId]>,
}

impl Mute {
    /// Whether it ends by itself, when its time has come.
    pub fn passes(&self) -> bool {
        matches!(self, Self::OffTime(_) | Self::Silenced(_))
    }

    /// The alert that inhibits, if that is why.
    pub fn inhibiting(&self) -> Option<AlertId> {
        match self {
            Self::Inhibited(inhibited) => Some(inhibited.by),
            Self::OffTime(_) | Self::Silenced(_) => None,
        }
    }
}
