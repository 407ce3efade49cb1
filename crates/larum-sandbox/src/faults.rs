//! Faults on demand: what goes wrong, at which calls, and for how long.

use serde::{Deserialize, Serialize};

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Behaviour {
    /// HTTP 429 with `Retry-After`.
    RateLimited {
        /// Seconds.
        retry_after: u64,
    },
    /// An HTTP 5xx with the HTML page that Slack shows in an outage.
    ServerError {
        /// 500 to 599.
        status: u16,
    },
    /// HTTP 200 with an HTML body, as a captive portal or proxy would answer.
    Html,
    /// HTTP 200 with `ok: false` and this error code.
    Error {
        /// The code, as `internal_error`.
        error: String,
    },
    /// No answer, for as long as the client waits.
    Hang,
    /// The connection is reset (TCP RST) instead of answered.
    Reset,
    /// The answer comes late.
    Slow {
        /// At most 600,000 (ten minutes).
        milliseconds: u64,
    },
}

/// At which moment of a call it goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the call does anything: nothing is stored.
    #[default]
    Before,
    /// After the call did everything: the message is stored, but its author cannot know.
    After,
}

/// A fault: what goes wrong, and for which calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub behaviour: Behaviour,
    /// At which moment of the call.
    #[serde(default)]
    pub when: When,
    /// Only for this method, as `chat.postMessage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only for calls with this channel; id, `#name` or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// For so many calls; without it, until it is cleared or its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// For so many seconds from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<u64>,
}

impl Fault {
    /// A fault of every call until it is cleared.
    #[must_use]
    pub fn of(behaviour: Behaviour) -> Self {
        Self { behaviour, when: When::Before, method: None, channel: None, times: None, for_seconds: None }
    }

    /// Lets the call do its work first.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.when = When::After;
        self
    }

    /// Only for this method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only for calls with this channel: id, `#name` or name.
    #[must_use]
    pub fn in_channel(mut self, channel: &str) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Only for the next `times` calls.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only for the next `seconds`.
    #[must_use]
    pub fn for_seconds(mut self, seconds: u64) -> Self {
        self.for_seconds = Some(seconds);
        self
    }
}

/// A fault that is waiting for its calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// By which it can be cleared.
    pub id: u64,
    /// The fault as it was asked for.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many calls it still hits, when they are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// When it ends, in microseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// The faults that wait, oldest first.
#[derive(Default)]
pub(crate) struct Faults {
    pending: Vec<Pending>,
    last_id: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, now: i64) -> u64 {
        self.last_id += 1;
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        let until = fault.for_seconds.map(|length| now.saturating_add(seconds(length)));
        self.pending.push(Pending { id: self.last_id, left: fault.times, until, fault });
        self.last_id
    }

    /// Takes the first fault for this call and counts it down. `is_channel` says whether a fault's channel
    /// is the one of the call.
    pub(crate) fn take(
        &mut self,
        method: &str,
        is_channel: impl Fn(&str) -> bool,
        now: i64,
    ) -> Option<Fault> {
        self.expire(now);
        let hit = self.pending.iter().position(|pending| {
            pending.fault.method.as_deref().is_none_or(|wanted| wanted == method)
                && pending.fault.channel.as_deref().is_none_or(&is_channel)
        })?;
        let fault = self.pending[hit].fault.clone();
        if let Some(left) = &mut self.pending[hit].left {
            *left -= 1;
            if *left == 0 {
                self.pending.remove(hit);
            }
        }
        Some(fault)
    }

    /// What waits at `now`.
    pub(crate) fn pending(&mut self, now: i64) -> &[Pending] {
        self.expire(now);
        &self.pending
    }

    /// Clears one fault, or all. Says whether there was one.
    pub(crate) fn clear(&mut self, id: Option<u64>) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| id.is_some_and(|id| pending.id != id));
        self.pending.len() < before
    }

    fn expire(&mut self, now: i64) {
        self.pending
            .retain(|pending| pending.until.is_none_or(|until| now < until) && pending.left != Some(0));
    }
}
