//! Everything gets through again, everything is over, and time passes: then everything has an end.

use std::time::Duration;

use larum_core::time::Now;
use larum_engine::Storage;

use super::Storm;
use crate::slack::reply::Mood;

/// How long it takes at most until nothing is left, in steps of [`STEP`].
const STEPS: usize = 200;
const STEP: Duration = Duration::from_secs(300);
/// The most answers after which nothing more is on its way.
const ANSWERS: usize = 1000;

impl Storm {
    /// Asserts that nothing is left, and that everything is explained.
    pub(super) fn calm_down(&mut self) {
        self.note(|| "the storm is over".to_owned());
        self.broken.clear();
        self.life().scribe().doom(None);
        self.temper.doom = 0;
        for _ in 0..STEPS {
            self.resolve_all();
            self.deliver_all();
            if self.is_over() {
                break;
            }
            self.life().pass(STEP);
            self.settle();
        }
        let now: Now = self.now();
        self.read(|state| {
            assert_eq!(state.held(), 0, "alerts are left behind");
            assert_eq!(state.groups().len(), 0, "groups are left behind");
            assert!(state.outbox().is_empty(), "deliveries are left behind");
            assert_eq!(state.outbox().lanes().count(), 0, "lanes are left behind");
            assert_eq!(state.next_due(now.steady), None, "something is due for ever");
        });
        self.ledger.settle(&self.ears);
        self.ears.settle();
    }

    fn is_over(&self) -> bool {
        let fine = self.life().engine().storage() == Storage::Fine;
        fine && self.read(|state| state.held() == 0 && state.groups().len() == 0 && state.outbox().is_empty())
    }

    fn deliver_all(&mut self) {
        for _ in 0..ANSWERS {
            let Some(id) = self.flights.posted().first().copied() else { return };
            self.answer(id, Mood::Takes);
        }
        panic!("there is always more to send");
    }
}
