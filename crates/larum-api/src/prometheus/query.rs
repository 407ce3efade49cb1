//! Queries at one time and over a span of time (Prometheus, "HTTP API", "Expression queries").

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use larum_core::time::{Steady, Timestamp};
use larum_engine::{QUERY_TIMEOUT, SourceError};
use larum_promql::{Evaluation, Limits, Options, Query, Span};

use super::answer::in_another_thread;
use super::form::Form;
use super::parameter::{duration, parse_span, parse_time};
use super::refusal::Refusal;
use super::value::{Stats, write_evaluation};
use crate::doors::Doors;

/// The most steps of a range query (Prometheus, `web/api/v1/api.go`, `queryRange`).
const MAX_STEPS: i64 = 11_000;
/// The most steps of a subquery, which Prometheus bounds by its samples alone.
const MAX_SUBQUERY_STEPS: u64 = 1_000_000;

/// How a query is to be evaluated and answered.
struct Terms {
    limit: usize,
    timeout: Duration,
    options: Options,
    stats: bool,
}

impl Terms {
    fn read(form: &Form, limit: usize) -> Result<Self, Refusal> {
        let timeout = match form.get("timeout") {
            "" => QUERY_TIMEOUT,
            text => duration(parse_span(text).map_err(|reason| Refusal::parameter("timeout", reason))?),
        };
        let lookback = match form.get("lookback_delta") {
            "" => 0,
            text => parse_span(text)
                .map_err(|reason| Refusal::bad(format!("error parsing lookback delta duration: {reason}")))?,
        };
        let defaults = Options::default();
        let limits = Limits { steps: MAX_SUBQUERY_STEPS, ..defaults.limits };
        let lookback = if lookback > 0 { duration(lookback) } else { defaults.lookback };
        Ok(Self {
            limit,
            timeout: timeout.min(QUERY_TIMEOUT),
            options: Options { limits, lookback, ..defaults },
            stats: !form.get("stats").is_empty(),
        })
    }
}

fn read_query(form: &Form) -> Result<Arc<Query>, Refusal> {
    let query = Query::parse(form.get("query"));
    query.map(Arc::new).map_err(|error| Refusal::expression("query", &error))
}

/// `/query`: an expression at one time.
pub async fn instant(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let began = doors.now();
    let limit = form.limit()?;
    let at = form.time("time")?.unwrap_or(began.wall);
    let terms = Terms::read(&form, limit)?;
    let query = read_query(&form)?;
    let evaluation = doors.source().instant(&query, at, terms.options, terms.timeout).await;
    answer(&doors, evaluation, at, &terms, began.steady).await
}

/// `/query_range`: an expression at each step of a span of time.
pub async fn range(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let began = doors.now();
    let limit = form.limit()?;
    let span = read_span(&form)?;
    let terms = Terms::read(&form, limit)?;
    let query = read_query(&form)?;
    if matches!(query.type_name(), "range vector" | "string") {
        let words = format!(
            "invalid expression type {:?} for range query, must be Scalar or instant Vector",
            query.type_name()
        );
        return Err(Refusal::parameter("query", words));
    }
    let evaluation = doors.source().range(&query, span, terms.options, terms.timeout).await;
    answer(&doors, evaluation, span.end, &terms, began.steady).await
}

fn read_span(form: &Form) -> Result<Span, Refusal> {
    let time = |name: &str| parse_time(form.get(name)).map_err(|reason| Refusal::parameter(name, reason));
    let (start, end) = (time("start")?, time("end")?);
    if end < start {
        return Err(Refusal::parameter("end", "end timestamp must not be before start time"));
    }
    let step = parse_span(form.get("step")).map_err(|reason| Refusal::parameter("step", reason))?;
    if step <= 0 {
        let words = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(Refusal::parameter("step", words));
    }
    if (end.as_millis() - start.as_millis()) / step > MAX_STEPS {
        return Err(Refusal::bad(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    Ok(Span { start, end, step: duration(step) })
}

async fn answer(
    doors: &Doors,
    evaluation: Result<Evaluation, SourceError>,
    at: Timestamp,
    terms: &Terms,
    began: Steady,
) -> Result<Response, Refusal> {
    let evaluation = evaluation?;
    let seconds = doors.now().steady.since(began).as_secs_f64();
    let (limit, stats) = (terms.limit, terms.stats.then_some(Stats { seconds }));
    in_another_thread(move || {
        let (answer, remarks) = write_evaluation(&evaluation, at, limit, stats)?;
        Ok(answer.finish(&remarks))
    })
    .await
}
