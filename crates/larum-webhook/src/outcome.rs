//! What became of a letter, for whoever must choose whether to send it again.

use std::time::Duration;

/// The most of an answer that is kept, in bytes.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What became of a letter. The reasons are for people: they hold no secret, and of the URL its scheme and host alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The server has taken it (2xx).
    Delivered(Answer),
    /// The server does not take it and will not take the same again (3xx and 4xx, but 429).
    Refused(Refusal),
    /// The server asks to send it again later (429): it was not taken.
    Wait(Pause),
    /// It has not gone well and may do so next time.
    TryAgain(Trouble),
}

impl Outcome {
    /// Why it was not delivered, in words; none if it was.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Delivered(_) => None,
            Self::Refused(refusal) => Some(&refusal.reason),
            Self::Wait(pause) => Some(&pause.reason),
            Self::TryAgain(trouble) => Some(&trouble.reason),
        }
    }

    /// The status of the last answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Delivered(answer) => Some(answer.status),
            Self::Refused(refusal) => refusal.answer.as_ref().map(|answer| answer.status),
            Self::Wait(pause) => Some(pause.answer.status),
            Self::TryAgain(trouble) => trouble.status,
        }
    }
}

/// What the server answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// The type of its body in small letters, such as `application/json`; empty if it does not say.
    pub kind: String,
    /// Its body, as far as it came: [`MAX_ANSWER_BYTES`] at most.
    pub body: Vec<u8>,
    /// Whether there is more of the body than was kept, or it broke off.
    pub cut: bool,
    /// Whether it is the answer to a GET: a redirect (301, 302, 303) led there, and what stands there has not seen the
    /// letter. Go, and so Alertmanager, counts such an answer as the server's own.
    pub redirected: bool,
    /// How long it asks to wait.
    pub(crate) wait: Option<Duration>,
}

/// A no for good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What the server answered; none if it was not asked, as there is no address to ask.
    pub answer: Option<Answer>,
    /// Slack's code, such as `channel_is_archived`; only after [`Outcome::of_slack`].
    pub code: Option<String>,
    /// Why, in words.
    pub reason: String,
}

/// A request to wait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// What the server answered.
    pub answer: Answer,
    /// How long: between [`MIN_PAUSE`](crate::MIN_PAUSE), also when the server does not say, and
    /// [`MAX_PAUSE`](crate::MAX_PAUSE).
    pub length: Duration,
    /// Why, in words.
    pub reason: String,
}

/// Something that may pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Whether the server may have taken the letter all the same.
    pub may_have_arrived: bool,
    /// How long the server asks to wait before the next try, if it does (503 with `Retry-After`); within the bounds of a
    /// [`Pause`].
    pub wait: Option<Duration>,
    /// Why, in words.
    pub reason: String,
}

/// What may pass, for JSON, logs and metrics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TroubleKind {
    /// The server has a fault of its own (5xx), or an answer that makes no sense.
    Server,
    /// There is no connection.
    Connect,
    /// One side does not trust the other.
    Tls,
    /// The time was over.
    Timeout,
    /// The connection was lost.
    Lost,
    /// What to say who we are cannot be had: a file cannot be read, or a token is not given.
    Credentials,
}

impl TroubleKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Lost => "lost",
            Self::Credentials => "credentials",
        }
    }
}

impl Trouble {
    /// Trouble before anything was sent.
    pub(crate) fn before(kind: TroubleKind, reason: impl Into<String>) -> Self {
        Self { kind, status: None, may_have_arrived: false, wait: None, reason: reason.into() }
    }
}
