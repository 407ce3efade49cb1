//! How fast messages may follow one another: per channel of a workspace, and per workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use smol_str::SmolStr;

use crate::config::Pace;
use crate::receiver::Channel;
use crate::time::Steady;

/// The longest that a channel is left alone because the other side asked for it. A wait that was written down is never
/// longer either, so that a wall clock that was set back cannot make it one.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);
/// After a 429 from an API that had no pace, it is given [`Pace::SLACK`]'s for this long.
const LEARNED_PACE: Duration = Duration::from_secs(60);
const MINUTE: Duration = Duration::from_secs(60);

/// Which workspace, as far as it is known.
pub type Workspace = Option<SmolStr>;

/// A channel, whichever receivers speak in it.
pub type Place = (Workspace, Channel);

/// When the next message may be sent, per channel and per workspace.
#[derive(Debug, Default)]
pub struct Pacer {
    channels: HashMap<Place, Steady>,
    workspaces: HashMap<Workspace, Bucket>,
    /// Until when the other side asked to leave a channel alone; kept for as long as its pace is learned from that.
    asked: BTreeMap<Place, Steady>,
    /// Until when each workspace that had no pace is given one, because it asked for it.
    learned: HashMap<Workspace, Steady>,
    /// Where `asked` says something else than what was last written down.
    changed: BTreeSet<Place>,
}

/// A leaky bucket. It holds a fifth of what may be sent in a minute and leaks the rest of it in a minute, so that no
/// minute sees more than the whole, and the urgent never waits for long behind a burst.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    filled: f64,
    at: Steady,
}

impl Pacer {
    /// From when a message to this channel may be sent.
    pub fn free_at(&self, pace: Pace, workspace: &Workspace, channel: &Channel, now: Steady) -> Steady {
        let place = (workspace.clone(), channel.clone());
        let mut free = self.asked.get(&place).map_or(now, |until| now.max(*until));
        if self.is_paced(pace, workspace, now) {
            free = self.channels.get(&place).map_or(free, |next| free.max(*next));
        }
        if let (Some(most), Some(bucket)) = (pace.per_workspace_minute, self.workspaces.get(workspace)) {
            let over = bucket.level(most, now) + 1.0 - capacity(most);
            if over > 0.0 {
                free = free.max(now.plus(MINUTE.mul_f64(over / leak(most))));
            }
        }
        free
    }

    /// Takes note that a message is sent now.
    pub fn sent(&mut self, pace: Pace, workspace: &Workspace, channel: &Channel, now: Steady) {
        if let Some(gap) = self.effective(pace, workspace, now).per_channel {
            let next = self.channels.entry((workspace.clone(), channel.clone())).or_insert(now);
            *next = now.plus(gap).max(*next);
        }
        if let Some(most) = pace.per_workspace_minute {
            let bucket = self.workspaces.entry(workspace.clone()).or_insert(Bucket { filled: 0.0, at: now });
            *bucket = Bucket { filled: bucket.level(most, now) + 1.0, at: now };
        }
    }

    /// Takes note that the other side asked to leave this channel alone until then.
    pub fn slowed(&mut self, place: Place, until: Steady) {
        let known = self.asked.entry(place.clone()).or_insert(until);
        *known = until.max(*known);
        let learned = self.learned.entry(place.0.clone()).or_default();
        *learned = until.plus(LEARNED_PACE).max(*learned);
        self.changed.insert(place);
    }

    /// Goes on from what was written down: the other side asked to leave this channel alone until then.
    pub fn remember(&mut self, place: &Place, until: Steady, now: Steady) {
        let bounded = until.min(now.plus(MAX_RETRY_AFTER));
        self.slowed(place.clone(), bounded);
        if bounded == until {
            self.changed.remove(place);
        }
        self.forget(now);
    }

    /// Until when the other side asked to leave channels alone, of those that it lately asked for.
    pub fn asked(&self) -> &BTreeMap<Place, Steady> {
        &self.asked
    }

    /// The channels of which [`Pacer::asked`] has changed since this was last asked.
    pub fn take_changed(&mut self) -> BTreeSet<Place> {
        std::mem::take(&mut self.changed)
    }

    /// Forgets what is past.
    pub fn forget(&mut self, now: Steady) {
        self.channels.retain(|_, next| *next > now);
        self.learned.retain(|_, until| *until > now);
        let over = |until: &mut Steady| until.plus(LEARNED_PACE) <= now;
        self.changed.extend(self.asked.extract_if(.., |_, until| over(until)).map(|(place, _)| place));
    }

    fn effective(&self, pace: Pace, workspace: &Workspace, now: Steady) -> Pace {
        let learned =
            pace.per_channel.is_none() && self.learned.get(workspace).is_some_and(|until| now < *until);
        if learned { Pace { per_channel: Pace::SLACK.per_channel, ..pace } } else { pace }
    }

    /// Whether messages to one channel must follow one another, rather than go side by side.
    pub fn is_paced(&self, pace: Pace, workspace: &Workspace, now: Steady) -> bool {
        self.effective(pace, workspace, now).per_channel.is_some()
    }
}

impl Bucket {
    fn level(self, most: u32, now: Steady) -> f64 {
        let leaked = now.since(self.at).as_secs_f64() / MINUTE.as_secs_f64() * leak(most);
        (self.filled - leaked).max(0.0)
    }
}

/// How many messages may go at once, of `most` in a minute.
fn capacity(most: u32) -> f64 {
    (f64::from(most) / 5.0).max(1.0)
}

/// How many may follow within a minute.
fn leak(most: u32) -> f64 {
    (f64::from(most) - capacity(most)).max(1.0)
}
