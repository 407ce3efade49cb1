//! Reading answers (Prometheus, "HTTP API"), piece by piece: what is beyond a limit is never held.

pub(crate) mod room;
pub(crate) mod envelope;
pub(crate) mod sample;
pub(crate) mod value;
pub(crate) mod listing;
pub(crate) mod refusal;
