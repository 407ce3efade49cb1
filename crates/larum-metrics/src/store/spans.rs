//! When something was collected, and where the gaps are.

use std::collections::VecDeque;

use super::series::SeriesState;

/// Stretches of time in which no two collections lie further apart than a pause, in order; in milliseconds since the
/// epoch, both ends included.
#[derive(Debug, Default)]
pub(super) struct Spans(VecDeque<(i64, i64)>);

impl Spans {
    /// What the samples of some series tell: a time at which nobody has a sample was not collected at.
    pub(super) fn of<'a>(series: impl Iterator<Item = &'a SeriesState>, pause: i64) -> Self {
        let mut found = Vec::new();
        for state in series {
            let mut own = Self::default();
            for part in state.all_parts() {
                part.samples().for_each(|sample| own.add(sample.at.as_millis(), pause));
            }
            found.extend(own.0);
        }
        found.sort_unstable();
        let mut all = Self::default();
        found.into_iter().for_each(|span| all.join(span, pause));
        all
    }

    /// Takes in a collection at `at`, not earlier than the last.
    pub(super) fn add(&mut self, at: i64, pause: i64) {
        self.join((at, at), pause);
    }

    /// Takes in a span that begins no earlier than the last.
    fn join(&mut self, (from, to): (i64, i64), pause: i64) {
        match self.0.back_mut() {
            Some((_, end)) if from.saturating_sub(*end) <= pause => *end = to.max(*end),
            _ => self.0.push_back((from, to)),
        }
    }

    /// Forgets what ended before `horizon`.
    pub(super) fn drop_until(&mut self, horizon: i64) {
        while self.0.front().is_some_and(|(_, end)| *end < horizon) {
            self.0.pop_front();
        }
    }

    /// Takes back what is later than `at`.
    pub(super) fn cut_after(&mut self, at: i64) {
        while self.0.back().is_some_and(|(begin, _)| *begin > at) {
            self.0.pop_back();
        }
        if let Some((_, end)) = self.0.back_mut() {
            *end = at.min(*end);
        }
    }

    /// How many milliseconds between `from` and `to` lie in none of them.
    pub(super) fn missed(&self, from: i64, to: i64) -> u64 {
        let within = |(begin, end): &(i64, i64)| (to.min(*end).saturating_sub(from.max(*begin))).max(0);
        let covered: i64 = self.0.iter().map(within).sum();
        u64::try_from(to.saturating_sub(from).saturating_sub(covered)).unwrap_or_default()
    }
}
