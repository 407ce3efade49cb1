//! What goes, so that the memory keeps its limit: what is too old, then the oldest chunks, then series that ended.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;

use super::Head;
use crate::store::StoreOptions;
use crate::store::index::{SeriesId, shrink};
use crate::store::series::SeriesState;

impl Head {
    /// Drops what is older than the retention, at most once a minute, and makes room if there is none.
    pub(in crate::store) fn tidy(&mut self, now: i64, options: &StoreOptions) {
        const PAUSE: i64 = 60_000;
        if self.tidied.is_none_or(|last| now.abs_diff(last) >= PAUSE.unsigned_abs()) {
            self.tidied = Some(now);
            let horizon = now.saturating_sub(options.retention_millis());
            self.totals.dropped_by_age += self.drop_until(horizon) + self.drop_series_ended_before(horizon);
            self.drop_ended_series(now, options);
            self.spans.drop_until(horizon);
        }
        self.make_room(options);
    }

    /// Drops the oldest chunks when the memory comes near its limit.
    fn make_room(&mut self, options: &StoreOptions) {
        /// From here on room is made, and down to here, as thousandths of the limit: so that what a source brings at
        /// once finds room, and not every collection has to make it.
        const NEAR: usize = 975;
        const ROOM: usize = 950;
        if self.bytes() <= options.most_bytes / 1000 * NEAR {
            return;
        }
        let target = options.most_bytes / 1000 * ROOM;
        let mut sealed = false;
        while self.bytes() > target {
            // Whole minutes at once: the chunks of one collection's series end at nearly the same time.
            let oldest = self.series.values().filter_map(SeriesState::oldest_chunk_end).min();
            if let Some(until) = oldest.map(|oldest| oldest.saturating_add(60_000)) {
                self.totals.dropped_by_size += self.drop_until(until);
            } else if std::mem::replace(&mut sealed, true) {
                break;
            } else {
                self.seal_all();
            }
        }
    }

    /// Ends the chunks that are being filled, where nothing older is left to drop.
    fn seal_all(&mut self) {
        for state in self.series.values_mut() {
            self.bytes = self.bytes.saturating_add_signed(state.seal());
        }
    }

    fn drop_until(&mut self, until: i64) -> u64 {
        let mut dropped = 0;
        for state in self.series.values_mut() {
            let (freed, samples) = state.drop_until(until);
            self.bytes = self.bytes.saturating_sub(freed);
            dropped += samples;
        }
        dropped
    }

    /// Series whose last sample is older than the retention are forgotten, name and all; answers how many samples they
    /// still had.
    fn drop_series_ended_before(&mut self, horizon: i64) -> u64 {
        self.forget(|state| state.newest().is_none_or(|newest| newest <= horizon))
    }

    /// Where series without their samples take nearly as much memory as they may, those that ended longest ago are
    /// forgotten before their time, so that there is room for those that come.
    fn drop_ended_series(&mut self, now: i64, options: &StoreOptions) {
        /// From here on and down to here, in parts of what series may take without their samples.
        const NEAR: f64 = 0.95;
        const ROOM: f64 = 0.85;
        /// After an hour of silence a series counts as ended: whoever pushes does not always say when one has.
        const SILENCE: i64 = 3_600_000;
        let may = (options.most_bytes / 4 * 3) as f64;
        let taken = self.fixed_bytes + self.index.bytes();
        if (taken as f64) < may * NEAR {
            return;
        }
        let silent = now.saturating_sub(SILENCE);
        let has_ended =
            |state: &SeriesState| state.has_ended() || state.newest().is_none_or(|newest| newest <= silent);
        let mut ended: Vec<(i64, usize)> = self
            .series
            .values()
            .filter(|state| has_ended(state))
            .filter_map(|state| Some((state.newest()?, state.fixed_size())))
            .collect();
        ended.sort_unstable();
        let mut to_free = taken.saturating_sub((may * ROOM) as usize);
        let enough = ended.iter().find(|(_, size)| {
            to_free = to_free.saturating_sub(*size);
            to_free == 0
        });
        let Some(&(until, _)) = enough.or(ended.last()) else { return };
        let forgotten =
            self.forget(|state| has_ended(state) && state.newest().is_none_or(|newest| newest <= until));
        self.totals.dropped_by_size += forgotten;
    }

    /// Forgets series, name and all; answers how many samples they had.
    fn forget(&mut self, is_gone: impl Fn(&SeriesState) -> bool) -> u64 {
        let mut samples = 0;
        let gone: HashMap<SeriesId, LabelSet, FixedState> = self
            .series
            .extract_if(|_, state| is_gone(state))
            .map(|(id, state)| {
                samples += state.count();
                self.bytes = self.bytes.saturating_sub(state.size());
                self.fixed_bytes = self.fixed_bytes.saturating_sub(state.fixed_size());
                self.by_labels.remove(&state.labels);
                (id, state.labels)
            })
            .collect();
        if !gone.is_empty() {
            self.index.remove_all(&gone);
            self.said.forget(&self.index);
            shrink(&mut self.series);
            shrink(&mut self.by_labels);
        }
        samples
    }
}
