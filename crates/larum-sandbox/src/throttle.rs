//! Slack's rate limits, transcribed from "Rate limits" and the method pages of its documentation.

use std::collections::{HashMap, VecDeque};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// Posts that may follow each other at once in a channel before one a second holds. Slack allows "short
/// bursts" and publishes no size.
const POSTING_BURST: i64 = 4;
/// Posts a minute in the whole workspace: Slack says "several hundred".
const WORKSPACE_POSTS: usize = 400;

/// How many calls of a method Slack allows a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Two,
    Three,
    Four,
    /// `auth.test`: "hundreds of requests per minute".
    Hundreds,
    /// `chat.postMessage`, which is limited by channel and workspace instead.
    Posting,
}

impl Tier {
    fn calls_a_minute(self) -> Option<usize> {
        match self {
            Self::Two => Some(20),
            Self::Three => Some(50),
            Self::Four => Some(100),
            Self::Hundreds => Some(300),
            Self::Posting => None,
        }
    }
}

/// What was called when, as far as the limits need it. Times are microseconds since the Unix epoch.
#[derive(Default)]
pub(crate) struct Throttle {
    calls: HashMap<&'static str, VecDeque<i64>>,
    posts: VecDeque<i64>,
    /// For each channel the time at which its posts of the past would have been sent one a second.
    channels: HashMap<String, i64>,
}

impl Throttle {
    /// Counts a call of a method, or says after how many seconds to come again.
    pub(crate) fn call(&mut self, method: &'static str, tier: Tier, now: i64) -> Result<(), u64> {
        match tier.calls_a_minute() {
            Some(limit) => within_a_minute(self.calls.entry(method).or_default(), limit, now),
            None => Ok(()),
        }
    }

    /// Counts a post to a channel, or says after how many seconds to come again.
    pub(crate) fn post(&mut self, channel: &str, now: i64) -> Result<(), u64> {
        let paced = self.channels.get(channel).copied().unwrap_or(now).max(now);
        let ahead = paced - now;
        let room = (POSTING_BURST - 1) * SECOND;
        if ahead > room {
            return Err(whole_seconds(ahead - room));
        }
        within_a_minute(&mut self.posts, WORKSPACE_POSTS, now)?;
        self.channels.insert(channel.into(), paced + SECOND);
        Ok(())
    }
}

/// Counts one more event in the sliding minute before `now`, or says when the oldest leaves it.
fn within_a_minute(events: &mut VecDeque<i64>, limit: usize, now: i64) -> Result<(), u64> {
    while events.front().is_some_and(|oldest| *oldest <= now - MINUTE) {
        events.pop_front();
    }
    match events.front() {
        Some(oldest) if events.len() >= limit => Err(whole_seconds(oldest + MINUTE - now)),
        _ => {
            events.push_back(now);
            Ok(())
        }
    }
}

/// Rounds up: `Retry-After` is whole seconds, at least one.
fn whole_seconds(micros: i64) -> u64 {
    u64::try_from(micros).unwrap_or_default().div_ceil(1_000_000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_takes_a_short_burst_and_then_one_a_second() {
        let mut throttle = Throttle::default();
        for _ in 0..4 {
            assert_eq!(throttle.post("C1", 0), Ok(()));
        }
        assert_eq!(throttle.post("C1", 0), Err(1));
        assert_eq!(throttle.post("C2", 0), Ok(()), "another channel is not affected");
        assert_eq!(throttle.post("C1", SECOND), Ok(()));
        assert_eq!(throttle.post("C1", SECOND), Err(1));
    }

    #[test]
    fn a_channel_posted_to_every_second_is_never_held_back() {
        let mut throttle = Throttle::default();
        for second in 0..350 {
            assert_eq!(throttle.post("C1", second * SECOND), Ok(()));
        }
    }

    #[test]
    fn a_workspace_takes_four_hundred_posts_a_minute() {
        let mut throttle = Throttle::default();
        for number in 0..400 {
            assert_eq!(throttle.post(&format!("C{number}"), number), Ok(()));
        }
        assert_eq!(throttle.post("CX", 10 * SECOND), Err(50));
        assert_eq!(throttle.post("CX", MINUTE), Ok(()));
    }

    #[test]
    fn a_method_of_tier_two_takes_twenty_calls_a_minute() {
        let mut throttle = Throttle::default();
        for _ in 0..20 {
            assert_eq!(throttle.call("conversations.list", Tier::Two, 0), Ok(()));
        }
        assert_eq!(throttle.call("conversations.list", Tier::Two, 1), Err(60));
        assert_eq!(throttle.call("conversations.info", Tier::Three, 1), Ok(()));
        assert_eq!(throttle.call("conversations.list", Tier::Two, MINUTE), Ok(()));
    }
}
