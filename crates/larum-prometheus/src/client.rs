//! The client: one server, and the two calls that evaluate expressions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_http::{Clock, ConfigError};
use larum_promql::{Annotation, Series, Span, Value};
use reqwest::header::HeaderMap;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::address::ServerUrl;
use crate::answer::envelope;
use crate::answer::listing::Listed;
use crate::answer::room::Room;
use crate::answer::value::Data;
use crate::body::Body;
use crate::call::{Call, seconds, span_seconds};
use crate::config::{Config, Limits};
use crate::error::SourceError;
use crate::exchange::Wire;
use crate::health::{Health, Memory};

/// Asks one server. Cheap to clone; clones share connections, turns and health.
#[derive(Clone)]
pub struct PrometheusClient(Arc<Shared>);

struct Shared {
    wire: Wire,
    limits: Limits,
    turns: Semaphore,
    waiting: AtomicUsize,
    memory: Memory,
    clock: Clock,
}

/// How an expression is evaluated, where that is not left to the server and to [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    /// Shortens [`Limits::timeout`] for this call; the server is told.
    pub timeout: Option<Duration>,
    /// How far back a selector looks for the newest sample; none for as far as the server is set to (Prometheus, "HTTP
    /// API", `lookback_delta`, which it has since 2.43; a server that does not know it looks back as it is set to).
    pub lookback: Option<Duration>,
}

/// What an expression evaluates to at one time.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// What the server has to say about it: infos, then warnings.
    pub annotations: Vec<Annotation>,
}

impl PrometheusClient {
    /// A client for this server. No call is made, and files are read only when one is. The clock is for the health and for
    /// how much time a call has left.
    ///
    /// # Errors
    /// [`ConfigError`] when what was given can never work.
    pub fn new(config: Config, clock: Clock) -> Result<Self, ConfigError> {
        let limits = config.limits.within_bounds();
        Ok(Self(Arc::new(Shared {
            wire: Wire::new(Config { limits, ..config }, Arc::clone(&clock))?,
            limits,
            turns: Semaphore::new(limits.in_flight),
            waiting: AtomicUsize::new(0),
            memory: Memory::default(),
            clock,
        })))
    }

    /// How the server does, as far as the answers so far tell.
    pub fn health(&self) -> Health {
        let mut health = self.0.memory.look();
        health.in_flight = self.0.limits.in_flight.saturating_sub(self.0.turns.available_permits());
        health.waiting = self.0.waiting.load(Ordering::Relaxed);
        health
    }

    /// Where the server is. There are no credentials in it.
    pub fn url(&self) -> &ServerUrl {
        self.0.wire.url()
    }

    /// What a call may cost.
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Evaluates an expression at one time.
    ///
    /// # Errors
    /// [`SourceError`]. An expression that the server cannot evaluate is `Refused`.
    pub async fn instant(
        &self,
        expression: &str,
        at: Timestamp,
        terms: Terms,
    ) -> Result<Answer, SourceError> {
        let call = Call::query("query", expression).with("time", seconds(at.as_millis()));
        self.evaluate(call, terms).await
    }

    /// Evaluates an expression at the start of a span, then at every step up to its end and including it.
    ///
    /// # Errors
    /// [`SourceError`]. Prometheus refuses more than 11,000 steps.
    pub async fn range(
        &self,
        expression: &str,
        Span { start, end, step }: Span,
        terms: Terms,
    ) -> Result<Listed<Series>, SourceError> {
        let call = Call::query("query_range", expression).within(start, end).with("step", span_seconds(step));
        let answer = self.evaluate(call, terms).await?;
        match answer.value {
            Value::Matrix(items) => Ok(Listed { items, annotations: answer.annotations }),
            _ => Err(SourceError::BadAnswer("what is evaluated over a range is a matrix".to_owned())),
        }
    }

    /// Asks for something that every server can tell without data, as the way to learn how it does. Unlike Prometheus'
    /// `/-/ready`, which other servers have elsewhere, this also shows whether the address and the credentials are right.
    ///
    /// # Errors
    /// [`SourceError`] says what is wrong.
    pub async fn check(&self) -> Result<(), SourceError> {
        let now = (self.0.clock)().wall;
        let answer = self.instant("vector(1)", now, Terms::default()).await?;
        match answer.value.elements() {
            [one] if one.value == 1.0 => Ok(()),
            _ => {
                Err(SourceError::NotPrometheus("it evaluates vector(1) to something else than 1".to_owned()))
            }
        }
    }

    async fn evaluate(&self, call: Call, terms: Terms) -> Result<Answer, SourceError> {
        let call = match terms.lookback {
            Some(lookback) => call.with("lookback_delta", span_seconds(lookback)),
            None => call,
        };
        let limit = self.0.limits.series;
        let read = move |_: &HeaderMap, body| {
            let room = Room::for_so_many(limit);
            let (value, annotations) = envelope::read(body, &room, Data(&room))?;
            Ok(Answer { value, annotations })
        };
        self.ask(&call, terms.timeout, read).await
    }

    /// Waits for its turn, asks, and remembers how it went.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        call: &Call,
        timeout: Option<Duration>,
        read: impl FnOnce(&HeaderMap, Body) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let shared = &self.0;
        let patience = timeout.map_or(shared.limits.timeout, |timeout| timeout.min(shared.limits.timeout));
        let asked = (shared.clock)().steady;
        let asking = async {
            let _turn = shared.turn().await;
            let begun = (shared.clock)().steady;
            let left = patience.saturating_sub(begun.since(asked));
            let outcome = shared.wire.exchange(call, left, read).await;
            (outcome, (shared.clock)().steady.since(begun))
        };
        let (outcome, round_trip) = match tokio::time::timeout(patience, asking).await {
            Ok((outcome, round_trip)) => (outcome, Some(round_trip)),
            Err(_) => (Err(SourceError::Timeout { after: patience }), None),
        };
        shared.memory.note(outcome.as_ref().err(), (shared.clock)().wall, round_trip);
        outcome
    }
}

impl Shared {
    /// Waits until one more call may be in flight, in the order of asking.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Some(turn);
        }
        let _waiting = Waiting::among(&self.waiting);
        // It is never closed.
        self.turns.acquire().await.ok()
    }
}

/// Counted as waiting for as long as it lives, also when nobody waits for the call any more.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn among(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for PrometheusClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrometheusClient").field("health", &self.health()).finish_non_exhaustive()
    }
}
