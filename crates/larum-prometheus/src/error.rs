//! What can go wrong, each with its name and with words that say what to do.

use std::time::Duration;

use larum_core::duration::show_duration;

/// Why a server gave no answer that can be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no connection, it was lost, or somebody in between says that the server is not there.
    #[error("{0}")]
    Unreachable(String),
    /// The time for the call was over, waiting for its turn included.
    #[error(
        "no answer within {}: the server is slow or busy, or the expression asks for much; allow more time or record a \
         part of it",
        show_duration(*after)
    )]
    Timeout {
        /// How long the call was allowed to take.
        after: Duration,
    },
    /// The server does not know who asks (401), does not allow it (403), or what to say cannot be read.
    #[error("{0}")]
    Unauthorized(String),
    /// Something answers, but not with Prometheus' API.
    #[error("{0}")]
    NotPrometheus(String),
    /// The answer pretends to be Prometheus' but cannot be one.
    #[error("the answer cannot be trusted: {0}")]
    BadAnswer(String),
    /// The answer is longer than [`Limits::answer_bytes`](crate::Limits::answer_bytes).
    #[error("the answer is longer than {limit} bytes: ask for less, or raise the limit")]
    TooLarge {
        /// The limit, in bytes after unpacking.
        limit: u64,
    },
    /// The answer has more series than [`Limits::series`](crate::Limits::series).
    #[error("the answer has more than {limit} series: narrow the expression, or raise the limit")]
    TooManySeries {
        /// The limit.
        limit: usize,
    },
    /// The answer has native histograms, which larum-promql has no values for.
    #[error(
        "the answer has native histograms, which are not supported: ask for a number, such as histogram_quantile or \
         histogram_count makes of them"
    )]
    NativeHistogram,
    /// The server understood and refuses, in its own words (Prometheus, "HTTP API", "Format overview").
    #[error("the server refuses ({error_type}): {error}")]
    Refused {
        /// The HTTP status of the answer.
        status: u16,
        /// Prometheus' name of the reason, such as `bad_data`, `execution`, `timeout`; other servers have others.
        error_type: String,
        /// What it says about it, at most 1,000 characters.
        error: String,
    },
}

/// The name of each way to fail, for JSON, logs and metrics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "each is the name of the error of the same name")]
pub enum SourceErrorKind {
    Unreachable,
    Timeout,
    Unauthorized,
    NotPrometheus,
    BadAnswer,
    TooLarge,
    TooManySeries,
    NativeHistogram,
    Refused,
}

impl SourceErrorKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unauthorized => "unauthorized",
            Self::NotPrometheus => "not_prometheus",
            Self::BadAnswer => "bad_answer",
            Self::TooLarge => "too_large",
            Self::TooManySeries => "too_many_series",
            Self::NativeHistogram => "native_histogram",
            Self::Refused => "refused",
        }
    }
}

/// Who has to change something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Concern {
    /// Whoever looks after the server or the way to it: other calls will fail too.
    Server,
    /// Whoever wrote the expression: the server is well.
    Request,
}

/// Prometheus' names of reasons that lie in the request (`web/api/v1`, `errorType`).
const OF_THE_REQUEST: [&str; 4] = ["bad_data", "execution", "not_found", "not_acceptable"];

impl SourceError {
    /// Its name.
    pub fn kind(&self) -> SourceErrorKind {
        match self {
            Self::Unreachable(_) => SourceErrorKind::Unreachable,
            Self::Timeout { .. } => SourceErrorKind::Timeout,
            Self::Unauthorized(_) => SourceErrorKind::Unauthorized,
            Self::NotPrometheus(_) => SourceErrorKind::NotPrometheus,
            Self::BadAnswer(_) => SourceErrorKind::BadAnswer,
            Self::TooLarge { .. } => SourceErrorKind::TooLarge,
            Self::TooManySeries { .. } => SourceErrorKind::TooManySeries,
            Self::NativeHistogram => SourceErrorKind::NativeHistogram,
            Self::Refused { .. } => SourceErrorKind::Refused,
        }
    }

    /// Who has to change something, as far as can be told from here: a call that took too long concerns the server,
    /// and a server that calls trouble of its own storage `execution` is believed.
    pub fn concern(&self) -> Concern {
        match self {
            Self::TooLarge { .. } | Self::TooManySeries { .. } | Self::NativeHistogram => Concern::Request,
            // VictoriaMetrics gives the status for the reason.
            Self::Refused { status: 400 | 413 | 414 | 422, .. } => Concern::Request,
            Self::Refused { error_type, .. } if OF_THE_REQUEST.contains(&error_type.as_str()) => {
                Concern::Request
            }
            _ => Concern::Server,
        }
    }
}
