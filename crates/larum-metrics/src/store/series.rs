//! One series: full chunks, which readers share, and the one that is being filled.

use std::collections::VecDeque;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_promql::{Sample, is_stale};

use super::chunk::{Chunk, ChunkBuilder, Samples};

/// Memory a series takes besides its chunks and the text of its labels, in bytes: its own structure, its place in
/// the tables by number and by labels (which are a third empty), and an entry in the index for each label.
const SERIES_BYTES: usize = 400;
const LABEL_BYTES: usize = 16;

#[derive(Debug)]
pub(super) struct SeriesState {
    pub labels: LabelSet,
    sealed: VecDeque<Arc<Chunk>>,
    /// Shared with readers while they decode it; the next sample then goes into a copy.
    open: Arc<ChunkBuilder>,
    /// The last sample: when, and the bits of what.
    newest: Option<(i64, u64)>,
    /// The last turn of a source that wrote this series.
    pub seen: u64,
}

/// Why a sample was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is a later sample.
    OutOfOrder,
    /// There is a sample of this time with another value.
    Duplicate,
}

impl SeriesState {
    pub(super) fn new(labels: LabelSet) -> Self {
        Self { labels, sealed: VecDeque::new(), open: Arc::default(), newest: None, seen: 0 }
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
        Some(Self { labels, sealed, open: Arc::default(), newest, seen: 0 })
    }

    /// Adds a sample; answers by how many bytes the series changed, none if it is the last sample once more, which is
    /// no news and no fault.
    pub(super) fn push(&mut self, at: i64, value: f64) -> Result<Option<isize>, Refused> {
        match self.newest {
            Some((last, bits)) if last == at && bits == value.to_bits() => return Ok(None),
            Some((last, _)) if last == at => return Err(Refused::Duplicate),
            Some((last, _)) if last > at => return Err(Refused::OutOfOrder),
            _ => {}
        }
        let mut change = if self.open.is_full() { self.seal() } else { 0 };
        let before = self.open.allocated();
        Arc::make_mut(&mut self.open).push(at, value);
        change += self.open.allocated().cast_signed() - before.cast_signed();
        self.newest = Some((at, value.to_bits()));
        Ok(Some(change))
    }

    /// Ends the chunk that is being filled, so that it can be dropped; answers by how many bytes the series changed.
    pub(super) fn seal(&mut self) -> isize {
        if self.open.is_empty() {
            return 0;
        }
        let before = self.open.allocated();
        let chunk = Arc::unwrap_or_clone(std::mem::take(&mut self.open)).seal();
        let after = chunk.size();
        self.sealed.push_back(Arc::new(chunk));
        after.cast_signed() - before.cast_signed()
    }

    /// Whether its last sample says that it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.newest.is_none_or(|(_, bits)| is_stale(f64::from_bits(bits)))
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

    /// Takes back all samples later than `at`; answers how many.
    pub(super) fn cut_after(&mut self, at: i64) -> u64 {
        if self.newest().is_none_or(|newest| newest <= at) {
            return 0;
        }
        let before: u64 = self.all_parts().iter().map(|part| part.samples().count() as u64).sum();
        let kept = decode(&self.all_parts(), i64::MIN, at);
        *self = Self { seen: self.seen, ..Self::new(self.labels.clone()) };
        for sample in &kept {
            // They were taken in this order before.
            let _ = self.push(sample.at.as_millis(), sample.value);
        }
        before - kept.len() as u64
    }

    /// How many samples it has.
    pub(super) fn count(&self) -> u64 {
        self.sealed.iter().map(|chunk| u64::from(chunk.count)).sum::<u64>() + u64::from(self.open.count())
    }

    /// How many samples its chunks have that lie in `(from, to]` as a whole.
    pub(super) fn count_within(&self, from: i64, to: i64) -> u64 {
        let sealed = self.sealed.iter().filter(|chunk| chunk.first > from && chunk.last <= to);
        let is_within = self.open.first() > from && self.newest().is_some_and(|newest| newest <= to);
        let open = if is_within { self.open.count() } else { 0 };
        sealed.map(|chunk| u64::from(chunk.count)).sum::<u64>() + u64::from(open)
    }

    /// Memory it takes without any samples, in bytes.
    pub(super) fn fixed_size(&self) -> usize {
        SERIES_BYTES + LABEL_BYTES * self.labels.len() + self.labels.text_bytes()
    }

    /// Whether there may be samples in `[from, to]`.
    pub(super) fn reaches(&self, from: i64, to: i64) -> bool {
        let oldest = self.sealed.front().map_or(self.open.first(), |chunk| chunk.first);
        self.newest().is_some_and(|newest| newest >= from) && oldest <= to
    }

    /// Memory it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        let chunks: usize = self.sealed.iter().map(|chunk| chunk.size()).sum();
        self.fixed_size() + chunks + self.open.allocated()
    }

    /// Its last sample.
    pub(super) fn newest_sample(&self) -> Option<Sample> {
        self.newest.map(|(at, bits)| Sample::new(at, f64::from_bits(bits)))
    }

    /// Its parts with samples in `(from, to]`, oldest first, shared.
    pub(super) fn parts(&self, from: i64, to: i64) -> Vec<Part> {
        let within = |chunk: &&Arc<Chunk>| chunk.last > from && chunk.first <= to;
        let mut parts: Vec<Part> = self.sealed.iter().filter(within).cloned().map(Part::Sealed).collect();
        if !self.open.is_empty()
            && self.open.first() <= to
            && self.newest().is_some_and(|newest| newest > from)
        {
            parts.push(Part::Open(Arc::clone(&self.open)));
        }
        parts
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        self.parts(i64::MIN, i64::MAX)
    }
}

/// Some samples of a series that a reader holds.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Sealed(Arc<Chunk>),
    Open(Arc<ChunkBuilder>),
}

impl Part {
    pub(super) fn samples(&self) -> Samples<'_> {
        match self {
            Self::Sealed(chunk) => chunk.samples(),
            Self::Open(chunk) => chunk.samples(),
        }
    }

    pub(super) fn to_chunk(&self) -> Arc<Chunk> {
        match self {
            Self::Sealed(chunk) => Arc::clone(chunk),
            Self::Open(chunk) => Arc::new(ChunkBuilder::clone(chunk).seal()),
        }
    }
}

/// The samples of some parts in `(from, to]`.
pub(super) fn decode(parts: &[Part], from: i64, to: i64) -> Vec<Sample> {
    let mut samples = Vec::new();
    for part in parts {
        let within = part.samples().skip_while(|sample| sample.at.as_millis() <= from);
        samples.extend(within.take_while(|sample| sample.at.as_millis() <= to));
    }
    samples
}
