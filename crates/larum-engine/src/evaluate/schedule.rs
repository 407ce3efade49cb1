//! When each group of rules is evaluated: at steady steps, each group by itself.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use larum_core::time::Steady;

/// What is evaluated again and again, by their keys.
#[derive(Debug)]
pub(super) struct Schedule<K> {
    slots: BTreeMap<K, Slot>,
}

#[derive(Debug)]
struct Slot {
    interval: Duration,
    due: Steady,
    /// Since when it is at work.
    running: Option<Steady>,
}

impl<K> Default for Schedule<K> {
    fn default() -> Self {
        Self { slots: BTreeMap::new() }
    }
}

impl<K: Ord + Clone + Hash> Schedule<K> {
    /// Adds what is to be evaluated first at `due` and then at every `interval` after it, or sees to it that it is.
    pub fn put(&mut self, key: &K, interval: Duration, due: Steady) {
        let slot = self.slots.entry(key.clone()).or_insert(Slot { interval, due, running: None });
        slot.interval = interval;
        slot.due = due;
    }

    /// Lets one go.
    pub fn remove(&mut self, key: &K) {
        self.slots.remove(key);
    }

    /// Whether this is evaluated.
    pub fn knows(&self, key: &K) -> bool {
        self.slots.contains_key(key)
    }

    /// When the next is due that is not at work.
    pub fn next(&self) -> Option<Steady> {
        self.slots.values().filter(|slot| slot.running.is_none()).map(|slot| slot.due).min()
    }

    /// Those that are due at `now`, each with when it was; they are at work until [`Schedule::finished`].
    pub fn start(&mut self, now: Steady) -> Vec<(K, Steady)> {
        let due = self.slots.iter_mut().filter(|(_, slot)| slot.running.is_none() && slot.due <= now);
        due.map(|(key, slot)| {
            slot.running = Some(slot.due);
            (key.clone(), slot.due)
        })
        .collect()
    }

    /// It is at work no more. Answers how many times it could not be started because it still was (Prometheus,
    /// `rules/group.go`, `run`: missed iterations).
    pub fn finished(&mut self, key: &K, now: Steady) -> u64 {
        let Some(slot) = self.slots.get_mut(key) else { return 0 };
        let Some(began) = slot.running.take() else { return 0 };
        if slot.due > began {
            // It was put elsewhere meanwhile.
            return 0;
        }
        let step = u64::try_from(slot.interval.as_millis()).unwrap_or(u64::MAX).max(1);
        let late = u64::try_from(now.since(began).as_millis()).unwrap_or(u64::MAX);
        let missed = late / step;
        slot.due = began.plus(slot.interval.saturating_mul(u32::try_from(missed + 1).unwrap_or(u32::MAX)));
        missed
    }

    /// The first step of `interval` after `now`, at a place in it that depends on the key alone, so that not all work
    /// comes at once (Prometheus, `rules/group.go`, `EvalTimestamp`).
    pub fn spread(key: &K, interval: Duration, now: Steady) -> Steady {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let step = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX).max(1);
        let place = Duration::from_millis(hasher.finish() % step);
        Steady::from_millis(0).plus(place).step_past(now, interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> Steady {
        Steady::from_millis(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn each_goes_its_own_pace_and_none_waits_for_another() {
        let mut schedule = Schedule::default();
        schedule.put(&"slow", 10 * SECOND, at(0));
        schedule.put(&"fast", 2 * SECOND, at(1));
        assert_eq!(schedule.next(), Some(at(0)));
        assert_eq!(schedule.start(at(0)), [("slow", at(0))]);
        assert_eq!(schedule.start(at(1)), [("fast", at(1))]);
        assert_eq!(schedule.next(), None, "all are at work");
        assert_eq!(schedule.finished(&"fast", at(2)), 0);
        assert_eq!(schedule.next(), Some(at(3)));

        // The slow one takes 34 seconds: three times it could not begin.
        assert_eq!(schedule.finished(&"slow", at(34)), 3);
        assert_eq!(schedule.start(at(34)), [("fast", at(3))]);
        assert_eq!(schedule.next(), Some(at(40)));
        assert_eq!(schedule.finished(&"fast", at(34)), 15);
    }

    #[test]
    fn what_is_put_anew_while_it_works_is_due_when_that_says() {
        let mut schedule = Schedule::default();
        schedule.put(&"group", 10 * SECOND, at(0));
        schedule.start(at(0));
        schedule.put(&"group", 10 * SECOND, at(1));
        assert_eq!(schedule.finished(&"group", at(5)), 0);
        assert_eq!(schedule.start(at(5)), [("group", at(1))]);
        schedule.remove(&"group");
        assert_eq!(schedule.finished(&"group", at(6)), 0);
        assert_eq!(schedule.next(), None);
    }

    #[test]
    fn groups_are_spread_over_their_interval() {
        let places: Vec<Steady> = (0..100).map(|key| Schedule::spread(&key, 10 * SECOND, at(100))).collect();
        assert!(places.iter().all(|place| (at(100)..=at(110)).contains(place)), "{places:?}");
        assert!(places.iter().any(|place| *place < at(103)) && places.iter().any(|place| *place > at(107)));
        assert_eq!(Schedule::spread(&7, 10 * SECOND, at(100)), Schedule::spread(&7, 10 * SECOND, at(100)));
    }
}
