//! A Prometheus-compatible server as the source: it evaluates, and is asked what it has where nothing comes out.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use larum_core::matcher::Matcher;
use larum_core::time::Timestamp;
use larum_metrics::MetricMetadata;
use larum_metrics::exposition::MetricType;
use larum_prometheus::{PrometheusClient, SourceError, Terms};
use larum_promql::{Evaluation, Options, Query, Span, Value};
use parking_lot::Mutex;
use smol_str::SmolStr;

/// For how long a selector that found something is believed to find something still. Nearly all policies are quiet
/// nearly all the time, and each would ask twice otherwise.
const BELIEVED: Duration = Duration::from_secs(60);
/// How many bytes of selectors are remembered for that, and of expressions as many: those of ten thousand policies, and
/// not all that anybody ever asked.
const REMEMBERED: usize = 8 << 20;

/// The server, and what it was found to have.
#[derive(Debug)]
pub(super) struct Remote {
    pub client: PrometheusClient,
    found: Mutex<Found>,
}

/// What the server was found to have, each with the time that was asked for.
#[derive(Debug, Default)]
struct Found {
    /// Selectors that found something.
    selectors: Seen,
    /// Expressions out of which nothing came though there was something to select from. Only these may believe the
    /// selectors: where something came out the last time, what is gone may be all of it, and that is no end.
    quiet: Seen,
}

/// Texts, each with the time at which it was found to be so last; a bounded amount of them.
#[derive(Debug, Default)]
struct Seen {
    times: HashMap<String, Timestamp>,
    bytes: usize,
}

impl Seen {
    /// Whether this was found at nearly the same time: what was asked of another day says nothing about now.
    fn knows(&self, text: &str, at: Timestamp) -> bool {
        self.times.get(text).is_some_and(|seen| at.since(*seen).max(seen.since(at)) < BELIEVED)
    }

    /// Takes note. What is forgotten is asked about once more.
    fn note(&mut self, text: &str, at: Timestamp) {
        self.forget(text);
        if self.bytes + text.len() > REMEMBERED {
            *self = Self::default();
        }
        if text.len() <= REMEMBERED {
            self.bytes += text.len();
            self.times.insert(text.to_owned(), at);
        }
    }

    fn forget(&mut self, text: &str) {
        if self.times.remove(text).is_some() {
            self.bytes -= text.len();
        }
    }
}

/// How the server is to evaluate.
pub(super) fn terms(options: &Options, timeout: Duration) -> Terms {
    let lookback = (options.lookback != Options::default().lookback).then_some(options.lookback);
    Terms { timeout: Some(timeout), lookback }
}

impl Remote {
    pub fn new(client: PrometheusClient) -> Self {
        Self { client, found: Mutex::default() }
    }

    /// Evaluates at one time. Where nothing comes out, the server is asked whether the selectors find anything at all.
    pub async fn instant(
        &self,
        query: &Query,
        at: Timestamp,
        terms: Terms,
    ) -> Result<Evaluation, SourceError> {
        let answer = self.client.instant(query.text(), at, terms).await?;
        let silent = matches!(&answer.value, Value::Vector(elements) if elements.is_empty());
        let mut empty_selectors = Vec::new();
        if silent {
            let believes = self.found.lock().quiet.knows(query.text(), at);
            for selector in query.selectors().iter().filter(|selector| selector.required) {
                if !empty_selectors.contains(&selector.text)
                    && !self.finds(&selector.text, believes, at, terms).await?
                {
                    empty_selectors.push(selector.text.clone());
                }
            }
        }
        let mut found = self.found.lock();
        if silent && empty_selectors.is_empty() {
            found.quiet.note(query.text(), at);
        } else {
            found.quiet.forget(query.text());
        }
        drop(found);
        Ok(Evaluation {
            value: answer.value,
            empty_selectors,
            annotations: answer.annotations,
            samples_touched: 0,
        })
    }

    /// Whether a selector finds anything; what was found a short time before may be believed.
    async fn finds(
        &self,
        selector: &str,
        believes: bool,
        at: Timestamp,
        terms: Terms,
    ) -> Result<bool, SourceError> {
        if believes && self.found.lock().selectors.knows(selector, at) {
            return Ok(true);
        }
        let asked = if selector.ends_with(']') {
            format!("count(present_over_time({selector}))")
        } else {
            format!("count({selector})")
        };
        let answer = self.client.instant(&asked, at, terms).await?;
        let found = !answer.value.elements().is_empty();
        if found {
            self.found.lock().selectors.note(selector, at);
        }
        Ok(found)
    }

    /// Evaluates at each step of a span.
    pub async fn range(&self, query: &Query, span: Span, terms: Terms) -> Result<Evaluation, SourceError> {
        let answer = self.client.range(query.text(), span, terms).await?;
        Ok(Evaluation {
            value: Value::Matrix(answer.items),
            empty_selectors: Vec::new(),
            annotations: answer.annotations,
            samples_touched: 0,
        })
    }

    /// What is said about each metric.
    pub async fn metadata(&self) -> Result<BTreeMap<SmolStr, Vec<MetricMetadata>>, SourceError> {
        let listed = self.client.metadata(None, usize::MAX).await?;
        let mut said: BTreeMap<SmolStr, Vec<MetricMetadata>> = BTreeMap::new();
        for item in listed.items {
            let metric_type = metric_type(&item.kind);
            let one = MetricMetadata { metric_type, help: item.help, unit: item.unit };
            said.entry(item.metric.into()).or_default().push(one);
        }
        Ok(said)
    }
}

fn metric_type(word: &str) -> MetricType {
    let known = [
        MetricType::Counter,
        MetricType::Gauge,
        MetricType::Histogram,
        MetricType::Summary,
        MetricType::GaugeHistogram,
        MetricType::Info,
        MetricType::StateSet,
    ];
    known.into_iter().find(|kind| kind.as_str() == word).unwrap_or_default()
}

/// Sets of matchers as selectors of PromQL.
pub(super) fn selectors(sets: &[Vec<Matcher>]) -> Vec<String> {
    sets.iter().map(|matchers| selector(matchers)).collect()
}

fn selector(matchers: &[Matcher]) -> String {
    let each = matchers.iter().map(|matcher| {
        let classic = matcher.name().starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && matcher.name().chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let name = if classic { matcher.name().to_string() } else { quoted(matcher.name()) };
        format!("{name}{}{}", matcher.op(), quoted(matcher.value()))
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(","))
}

/// A text between quotes, as PromQL reads it (Prometheus, "Literals": escapes as in Go).
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use larum_core::matcher::MatchOp;
    use larum_promql::Query;

    use super::*;

    #[test]
    fn what_was_seen_is_believed_for_a_minute_and_takes_a_bounded_room() {
        let at = |seconds: i64| Timestamp::from_millis(1000 * seconds);
        let mut seen = Seen::default();
        seen.note("up", at(100));
        assert_eq!([41, 100, 159].map(|second| seen.knows("up", at(second))), [true; 3]);
        assert_eq!([40, 160].map(|second| seen.knows("up", at(second))), [false; 2]);
        seen.note("up", at(100));
        seen.forget("up");
        assert_eq!((seen.bytes, seen.knows("up", at(100))), (0, false));
        let long = |letter: &str| letter.repeat(REMEMBERED / 4);
        for letter in ["a", "b", "c", "d", "d", "e"] {
            seen.note(&long(letter), at(100));
        }
        assert_eq!(["a", "d", "e"].map(|letter| seen.knows(&long(letter), at(100))), [false, false, true]);
        seen.note(&"x".repeat(REMEMBERED + 1), at(100));
        assert!(seen.times.len() <= 4 && seen.bytes <= REMEMBERED);
    }

    #[test]
    fn matchers_become_selectors_that_mean_the_same() {
        let matchers = [
            Matcher::new("a", MatchOp::Equal, "x\"\\\n\u{7f}ä").unwrap(),
            Matcher::new("b.c", MatchOp::NotRegexp, "y|z").unwrap(),
        ];
        let text = selector(&matchers);
        assert_eq!(text, "{a=\"x\\\"\\\\\\n\\u007fä\",\"b.c\"!~\"y|z\"}");
        let query = Query::parse(&text).unwrap();
        assert_eq!(query.selectors()[0].matchers[0].value(), matchers[0].value());
    }
}
