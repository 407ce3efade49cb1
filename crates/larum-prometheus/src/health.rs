//! How the server does, as far as its answers tell.

use std::time::Duration;

use larum_core::time::Timestamp;
use parking_lot::Mutex;

use crate::error::{Concern, SourceError};

/// How the server does, for whoever wants to show it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Health {
    /// When it last answered as a server that is well does; that an expression was refused is such an answer too.
    pub last_success: Option<Timestamp>,
    /// How long that answer took, from the moment it was its turn to the last byte, to the millisecond.
    pub round_trip: Option<Duration>,
    /// What is wrong, if the newest answer was none. `None` before the first call.
    pub trouble: Option<Trouble>,
    /// How many calls are in flight.
    pub in_flight: usize,
    /// How many calls wait for their turn because [`Limits::in_flight`](crate::Limits::in_flight) is reached.
    pub waiting: usize,
}

/// What is wrong with a server, and since when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// The newest error.
    pub error: SourceError,
    /// When a call failed first since the last success.
    pub since: Timestamp,
    /// When a call failed last.
    pub latest: Timestamp,
    /// How many calls have failed since the last success.
    pub failures: u64,
}

/// The memory behind [`Health`]; what is counted elsewhere stays zero in it.
#[derive(Default, Debug)]
pub(crate) struct Memory(Mutex<Health>);

impl Memory {
    pub(crate) fn look(&self) -> Health {
        self.0.lock().clone()
    }

    /// Remembers how a call went that ended at `at` and took `round_trip`.
    pub(crate) fn note(&self, error: Option<&SourceError>, at: Timestamp, round_trip: Option<Duration>) {
        let mut health = self.0.lock();
        match error.filter(|error| error.concern() == Concern::Server) {
            None => {
                health.last_success = Some(at);
                health.round_trip = round_trip.or(health.round_trip);
                health.trouble = None;
            }
            Some(error) => {
                let before = health.trouble.take();
                let (since, failures) = before.map_or((at, 0), |trouble| (trouble.since, trouble.failures));
                health.trouble =
                    Some(Trouble { error: error.clone(), since, latest: at, failures: failures + 1 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_remembered_from_its_beginning_until_a_success() {
        let memory = Memory::default();
        let at = Timestamp::from_millis;
        assert_eq!(memory.look(), Health::default());
        memory.note(None, at(1), Some(Duration::from_millis(7)));
        memory.note(Some(&SourceError::Unreachable("gone".to_owned())), at(2), None);
        let slow = SourceError::Timeout { after: Duration::from_secs(30) };
        memory.note(Some(&slow), at(5), None);
        let health = memory.look();
        assert_eq!((health.last_success, health.round_trip), (Some(at(1)), Some(Duration::from_millis(7))));
        assert_eq!(health.trouble, Some(Trouble { error: slow, since: at(2), latest: at(5), failures: 2 }));
        memory.note(Some(&SourceError::TooManySeries { limit: 3 }), at(9), Some(Duration::from_millis(8)));
        let health = memory.look();
        assert_eq!((health.last_success, health.trouble), (Some(at(9)), None));
    }
}
