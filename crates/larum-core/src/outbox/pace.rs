//! How fast messages may follow one another: per channel of a workspace, and per workspace.

use std::collections::HashMap;
use std::time::Duration;

use smol_str::SmolStr;

use crate::config::Pace;
use crate::receiver::Channel;
use crate::time::Steady;

/// After a 429 from an API that had no pace, it is given [`Pace::SLACK`]'s for this long.
const LEARNED_PACE: Duration = Duration::from_secs(60);
const MINUTE: Duration = Duration::from_secs(60);

/// Which workspace, as far as it is known.
pub type Workspace = Option<SmolStr>;

/// When the next message may be sent, per channel and per workspace.
#[derive(Debug, Default)]
pub struct Pacer {
    channels: HashMap<(Workspace, Channel), Steady>,
    workspaces: HashMap<Workspace, Bucket>,
    learned_until: Steady,
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
        let mut free = now;
        if self.effective(pace, now).per_channel.is_some() {
            let next = self.channels.get(&(workspace.clone(), channel.clone()));
            free = free.max(next.copied().unwrap_or(now));
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
        if let Some(gap) = self.effective(pace, now).per_channel {
            self.not_before((workspace.clone(), channel.clone()), now.plus(gap));
        }
        if let Some(most) = pace.per_workspace_minute {
            let bucket = self.workspaces.entry(workspace.clone()).or_insert(Bucket { filled: 0.0, at: now });
            *bucket = Bucket { filled: bucket.level(most, now) + 1.0, at: now };
        }
    }

    /// Takes note that the other side asked for a pause of `wait` on this channel.
    pub fn slowed(&mut self, workspace: &Workspace, channel: &Channel, now: Steady, wait: Duration) {
        self.learned_until = self.learned_until.max(now.plus(wait.saturating_add(LEARNED_PACE)));
        self.not_before((workspace.clone(), channel.clone()), now.plus(wait));
    }

    fn not_before(&mut self, channel: (Workspace, Channel), at: Steady) {
        let next = self.channels.entry(channel).or_insert(at);
        *next = at.max(*next);
    }

    /// Forgets what is past.
    pub fn forget(&mut self, now: Steady) {
        self.channels.retain(|_, next| *next > now);
    }

    fn effective(&self, pace: Pace, now: Steady) -> Pace {
        let learned = pace.per_channel.is_none() && now < self.learned_until;
        if learned { Pace { per_channel: Pace::SLACK.per_channel, ..pace } } else { pace }
    }

    /// Whether messages to one channel must follow one another, rather than go side by side.
    pub fn is_paced(&self, pace: Pace, now: Steady) -> bool {
        self.effective(pace, now).per_channel.is_some()
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
