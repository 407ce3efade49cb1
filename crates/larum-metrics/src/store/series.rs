//! One series: full chunks, which readers share, and the one that is being filled.

use std::collections::VecDeque;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_promql::{Sample, is_stale};

use super::chunk::{Chunk, ChunkBuilder};

/// Memory a series takes besides its chunks and the text of its labels, in bytes: its own structure, its place in
/// the tables by number and by labels, and an entry in the index for each label.
const SERIES_BYTES: usize = 320;
const LABEL_BYTES: usize = 32;

#[derive(Debug)]
pub(super) struct SeriesState {
    pub labels: LabelSet,
    sealed: VecDeque<Arc<Chunk>>,
    open: ChunkBuilder,
    /// The last sample: when, and the bits of what.
    newest: Option<(i64, u64)>,
    /// The last collection of its source that had this series.
    pub seen: u64,
}

/// Why a sample was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is a sample at this time or later.
    NotNewer,
}

impl SeriesState {
    pub(super) fn new(labels: LabelSet) -> Self {
        Self { labels, sealed: VecDeque::new(), open: ChunkBuilder::default(), newest: None, seen: 0 }
    }

    /// A series with the chunks of a snapshot, in order of time; none if they are not what the store writes.
    pub(super) fn restored(labels: LabelSet, chunks: Vec<Chunk>) -> Option<Self> {
        let mut newest = None;
        for chunk in &chunks {
            let mut count = 0;
            for sample in chunk.samples() {
                let at = sample.at.as_millis();
                if newest.is_some_and(|(last, _)| at <= last) {
                    return None;
                }
                newest = Some((at, sample.value.to_bits()));
                count += 1;
            }
            let ends = newest.map(|(at, _)| at) == Some(chunk.last);
            let begins = chunk.samples().next().map(|sample| sample.at.as_millis()) == Some(chunk.first);
            if count != chunk.count || !ends || !begins {
                return None;
            }
        }
        let sealed = chunks.into_iter().map(Arc::new).collect();
        Some(Self { labels, sealed, open: ChunkBuilder::default(), newest, seen: 0 })
    }

    /// Adds a sample; answers how many bytes the series grew by.
    pub(super) fn push(&mut self, at: i64, value: f64) -> Result<usize, Refused> {
        match self.newest {
            // The same sample once more is no news and no fault.
            Some((last, bits)) if last == at && bits == value.to_bits() => return Ok(0),
            Some((last, _)) if last >= at => return Err(Refused::NotNewer),
            _ => {}
        }
        let mut grown = 0;
        if self.open.is_full() {
            let chunk = std::mem::take(&mut self.open).seal();
            grown += chunk.size() - chunk.bytes.len();
            self.sealed.push_back(Arc::new(chunk));
        }
        let before = self.open.len();
        self.open.push(at, value);
        self.newest = Some((at, value.to_bits()));
        Ok(grown + self.open.len() - before)
    }

    /// Whether its last sample says that it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.newest.is_none_or(|(_, bits)| is_stale(f64::from_bits(bits)))
    }

    pub(super) fn oldest(&self) -> Option<i64> {
        let open = (!self.open.is_empty()).then(|| self.open.first());
        self.sealed.front().map(|chunk| chunk.first).or(open)
    }

    pub(super) fn newest(&self) -> Option<i64> {
        self.newest.map(|(at, _)| at)
    }

    /// When the oldest full chunk ends.
    pub(super) fn oldest_chunk_end(&self) -> Option<i64> {
        self.sealed.front().map(|chunk| chunk.last)
    }

    /// Drops full chunks that end at or before `until`; answers the bytes freed and the samples dropped.
    pub(super) fn drop_until(&mut self, until: i64) -> (usize, u64) {
        let (mut freed, mut samples) = (0, 0);
        while self.sealed.front().is_some_and(|chunk| chunk.last <= until) {
            if let Some(chunk) = self.sealed.pop_front() {
                freed += chunk.size();
                samples += u64::from(chunk.count);
            }
        }
        (freed, samples)
    }

    /// Memory it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        let chunks: usize = self.sealed.iter().map(|chunk| chunk.size()).sum();
        SERIES_BYTES + LABEL_BYTES * self.labels.len() + self.labels.text_bytes() + chunks + self.open.len()
    }

    /// Its chunks with samples in `(from, to]`, oldest first: the full ones shared, the open one copied.
    pub(super) fn chunks(&self, from: i64, to: i64) -> Vec<Arc<Chunk>> {
        let within = |chunk: &&Arc<Chunk>| chunk.last > from && chunk.first <= to;
        let mut chunks: Vec<Arc<Chunk>> = self.sealed.iter().filter(within).cloned().collect();
        if !self.open.is_empty()
            && self.open.first() <= to
            && self.newest().is_some_and(|newest| newest > from)
        {
            chunks.push(Arc::new(self.open.to_chunk()));
        }
        chunks
    }

    pub(super) fn all_chunks(&self) -> Vec<Arc<Chunk>> {
        self.chunks(i64::MIN, i64::MAX)
    }
}

/// The samples of some chunks in `(from, to]`.
pub(super) fn decode(chunks: &[Arc<Chunk>], from: i64, to: i64) -> Vec<Sample> {
    let mut samples = Vec::with_capacity(chunks.iter().map(|chunk| usize::from(chunk.count)).sum());
    for chunk in chunks {
        let within = chunk.samples().skip_while(|sample| sample.at.as_millis() <= from);
        samples.extend(within.take_while(|sample| sample.at.as_millis() <= to));
    }
    samples
}
