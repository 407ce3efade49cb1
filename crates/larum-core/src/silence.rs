//! Silences: alerts that somebody does not want to be told of for some time. They are hidden from receivers, never from
//! view.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::label::LabelSet;
use crate::matcher::Matcher;
use crate::parts::Parts;
use crate::sieve::Sieve;
use crate::time::Timestamp;

mod change;
mod draft;

pub use change::{Change, NoSuchSilence, Refused};
pub use draft::{Invalid, SilenceDraft};

/// Known to the API by this: a UUID, 8-4-4-4-12 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SilenceId(pub u128);

/// A text that is no UUID.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a UUID")]
pub struct NoUuid;

/// Where a silence stands in time. It is never stored: it follows from the two ends (Alertmanager, types,
/// `CalcSilenceState`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SilenceState {
    /// It hides what it matches.
    Active,
    /// It has not begun.
    Pending,
    /// It is over.
    Expired,
}

impl SilenceState {
    /// The word for it in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Expired => "expired",
        }
    }
}

/// One silence.
#[derive(Clone, PartialEq, Debug)]
pub struct Silence {
    /// Known by this.
    pub id: SilenceId,
    /// What it hides: alerts that each of these matches. At least one, in the order given.
    pub matchers: Arc<[Matcher]>,
    /// From when on.
    pub starts_at: Timestamp,
    /// Until when; at this instant it is over.
    pub ends_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who asked for it.
    pub created_by: Arc<str>,
    /// Why.
    pub comment: Arc<str>,
    /// What other programs note on it.
    pub annotations: LabelSet,
}

impl Silence {
    /// Where it stands at `now`.
    pub fn state(&self, now: Timestamp) -> SilenceState {
        if now < self.starts_at {
            SilenceState::Pending
        } else if now < self.ends_at {
            SilenceState::Active
        } else {
            SilenceState::Expired
        }
    }

    /// Whether it is about alerts with these labels, whatever the time.
    pub fn matches(&self, labels: &LabelSet) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches(labels))
    }

    /// How much memory its regular expressions take, in bytes.
    fn compiled_bytes(&self) -> usize {
        self.matchers.iter().map(Matcher::compiled_bytes).sum()
    }

    /// Those of `alerts` that it is about, each asked once.
    pub fn touched<'a, K>(
        &'a self,
        alerts: impl IntoIterator<Item = (K, &'a LabelSet)>,
    ) -> impl Iterator<Item = K> {
        alerts.into_iter().filter(|(_, labels)| self.matches(labels)).map(|(key, _)| key)
    }
}

/// Puts silences in the order in which the API lists them: the active ones, the first to end first; the pending ones,
/// the first to begin first; the expired ones, the last to have ended first (Alertmanager, api/v2, `SortSilences`).
pub fn sort(silences: &mut [Arc<Silence>], now: Timestamp) {
    silences.sort_unstable_by_key(|silence| {
        let state = silence.state(now);
        let time = match state {
            SilenceState::Active => silence.ends_at.as_millis(),
            SilenceState::Pending => silence.starts_at.as_millis(),
            SilenceState::Expired => silence.ends_at.as_millis().saturating_neg(),
        };
        (state, time, silence.id)
    });
}

/// The most of each thing. At a limit the caller is told; nothing is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SilenceLimits {
    /// Silences, those that are over and still kept among them.
    pub silences: usize,
    /// Bytes of text in one: matchers, author, comment, annotations.
    pub bytes: usize,
    /// Matchers in one.
    pub matchers: usize,
    /// Bytes of memory that the regular expressions of one take once compiled.
    pub compiled_bytes: usize,
    /// The same of all silences together, those that are over and still kept among them.
    pub all_compiled_bytes: usize,
}

impl Default for SilenceLimits {
    fn default() -> Self {
        Self {
            silences: 100_000,
            bytes: 1 << 16,
            matchers: 100,
            compiled_bytes: 4 << 20,
            all_compiled_bytes: 1 << 30,
        }
    }
}

/// All silences, found by what they match. Asking for an alert costs about what matches it; where a regular expression
/// needs no fixed text anywhere it is asked each time, so whoever asks often keeps the answer:
/// [`Self::matching`] changes only when a silence is added or changed, and then [`Silence::touched`] tells for which
/// alerts. A copy shares what neither it nor the original changes.
#[derive(Clone, Debug, Default)]
pub struct Silences {
    limits: SilenceLimits,
    held: Parts<SilenceId, Held>,
    /// Those that were not over when that was last looked at, by their numbers.
    numbers: Parts<u64, SilenceId>,
    sieve: Sieve,
    next_number: u64,
    /// Bytes of memory that the expressions of all of them take.
    compiled_bytes: usize,
    /// When each is over.
    ends: BTreeSet<(Timestamp, SilenceId)>,
    /// The same of those that stand in the sieve.
    standing: BTreeSet<(Timestamp, SilenceId)>,
}

#[derive(Clone, Debug)]
struct Held {
    silence: Arc<Silence>,
    /// Its number in the sieve, while it stands there.
    number: Option<u64>,
}

impl Silences {
    /// None yet.
    pub fn new(limits: SilenceLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The most of each thing.
    pub fn limits(&self) -> &SilenceLimits {
        &self.limits
    }

    /// How many there are, those that are over among them.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether none of them can hide anything: all were over when that was last looked at.
    pub fn is_idle(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The silence known by this.
    pub fn get(&self, id: SilenceId) -> Option<&Arc<Silence>> {
        self.held.get(&id).map(|held| &held.silence)
    }

    /// All of them, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Silence>> {
        self.held.values().map(|held| &held.silence)
    }

    /// Those that hide an alert with these labels at `now`, in order of their ids.
    pub fn muted(&self, labels: &LabelSet, now: Timestamp) -> Vec<SilenceId> {
        self.found(labels, |silence| silence.state(now) == SilenceState::Active)
    }

    /// Those that hide an alert with these labels at `now` or will later, in order of their ids.
    pub fn matching(&self, labels: &LabelSet, now: Timestamp) -> Vec<SilenceId> {
        self.found(labels, |silence| silence.state(now) != SilenceState::Expired)
    }

    fn found(&self, labels: &LabelSet, stands: impl Fn(&Silence) -> bool) -> Vec<SilenceId> {
        let asked = self.sieve.candidates(labels).filter_map(|number| self.numbers.get(&number));
        let silences = asked.filter_map(|id| self.get(*id));
        let mut found: Vec<SilenceId> = silences
            .filter(|silence| stands(silence) && silence.matches(labels))
            .map(|silence| silence.id)
            .collect();
        found.sort_unstable();
        found
    }

    /// Takes back one that was written down, whatever the limits; one with the same id gives way.
    pub fn remember(&mut self, silence: Silence, now: Timestamp) {
        self.store(Arc::new(silence), now);
    }

    /// Forgets those that have been over for longer than `retention`, `most` at once, and answers which.
    pub fn forget(&mut self, now: Timestamp, retention: Duration, most: usize) -> Vec<SilenceId> {
        let before = now.minus(retention);
        let due: Vec<SilenceId> =
            self.ends.iter().take_while(|(end, _)| *end <= before).take(most).map(|(_, id)| *id).collect();
        due.iter().for_each(|id| self.remove(*id));
        due
    }

    /// Whether there is any to forget, or to stop asking.
    pub fn is_stale(&self, retention: Duration, now: Timestamp) -> bool {
        let forgotten = self.ends.first().is_some_and(|(end, _)| *end <= now.minus(retention));
        forgotten || self.standing.first().is_some_and(|(end, _)| *end <= now)
    }

    /// Stops asking those that were over at `before`, `most` at once, and answers whether there may be more. Until then
    /// they are asked in vain; from then on they hide nothing, also if the clock is put back to before their end.
    pub fn settle(&mut self, before: Timestamp, most: usize) -> bool {
        let over: Vec<(Timestamp, SilenceId)> =
            self.standing.iter().take_while(|(end, _)| *end <= before).take(most).copied().collect();
        over.iter().for_each(|(_, id)| self.unshelve(*id));
        over.len() == most
    }

    fn store(&mut self, silence: Arc<Silence>, now: Timestamp) {
        let id = silence.id;
        let same = self.get(id).is_some_and(|before| before.matchers == silence.matchers);
        if !same {
            self.unshelve(id);
        }
        let shelved = self.held.get(&id).and_then(|held| held.number);
        self.forget_times(id);
        let number = match shelved {
            None if silence.state(now) != SilenceState::Expired => Some(self.shelve(&silence)),
            number => number,
        };
        self.ends.insert((silence.ends_at, id));
        if number.is_some() {
            self.standing.insert((silence.ends_at, id));
        }
        self.compiled_bytes += silence.compiled_bytes();
        let before = self.held.insert(id, Held { silence, number });
        self.compiled_bytes -= before.map_or(0, |before| before.silence.compiled_bytes());
    }

    fn remove(&mut self, id: SilenceId) {
        self.unshelve(id);
        self.forget_times(id);
        let before = self.held.remove(&id);
        self.compiled_bytes -= before.map_or(0, |before| before.silence.compiled_bytes());
    }

    fn shelve(&mut self, silence: &Silence) -> u64 {
        self.next_number += 1;
        self.sieve.insert(self.next_number, &silence.matchers);
        self.numbers.insert(self.next_number, silence.id);
        self.next_number
    }

    fn unshelve(&mut self, id: SilenceId) {
        let Some(held) = self.held.get_mut(&id) else { return };
        self.standing.remove(&(held.silence.ends_at, id));
        if let Some(number) = held.number.take() {
            self.numbers.remove(&number);
            self.sieve.remove(number);
        }
    }

    fn forget_times(&mut self, id: SilenceId) {
        let Some(Held { silence, .. }) = self.held.get(&id) else { return };
        self.ends.remove(&(silence.ends_at, id));
        self.standing.remove(&(silence.ends_at, id));
    }
}

impl fmt::Display for SilenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        f.write_str(&parts.join("-"))
    }
}

impl fmt::Debug for SilenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for SilenceId {
    type Err = NoUuid;

    fn from_str(text: &str) -> Result<Self, NoUuid> {
        let lengths = text.split('-').map(str::len);
        let is_uuid = lengths.eq([8, 4, 4, 4, 12])
            && text.bytes().all(|letter| letter == b'-' || letter.is_ascii_hexdigit());
        let digits = text.replace('-', "");
        let number = is_uuid.then(|| u128::from_str_radix(&digits, 16).ok()).flatten();
        number.map(Self).ok_or(NoUuid)
    }
}

#[cfg(test)]
mod tests;
