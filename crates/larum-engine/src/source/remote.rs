//! A Prometheus-compatible server as the source: it evaluates, and is asked what it has where nothing comes out.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use larum_core::matcher::Matcher;
use larum_core::time::{Steady, Timestamp};
use larum_metrics::MetricMetadata;
use larum_metrics::exposition::MetricType;
use larum_prometheus::{PrometheusClient, SourceError};
use larum_promql::{Evaluation, Query, Span, Value};
use parking_lot::Mutex;
use smol_str::SmolStr;

/// For how long a selector that found something is believed to find something still. Nearly all policies are quiet
/// nearly all the time, and each would ask twice otherwise.
const BELIEVED: Duration = Duration::from_secs(60);
/// The most selectors of which that is remembered.
const REMEMBERED: usize = 50_000;

/// The server, and what it was found to have.
#[derive(Debug)]
pub(super) struct Remote {
    pub client: PrometheusClient,
    found: Mutex<HashMap<String, Steady>>,
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
        timeout: Duration,
        now: Steady,
    ) -> Result<Evaluation, SourceError> {
        let answer = self.client.instant(query.text(), at, Some(timeout)).await?;
        let mut empty_selectors = Vec::new();
        if matches!(&answer.value, Value::Vector(elements) if elements.is_empty()) {
            for selector in query.selectors().iter().filter(|selector| selector.required) {
                if !empty_selectors.contains(&selector.text)
                    && !self.finds(&selector.text, at, timeout, now).await?
                {
                    empty_selectors.push(selector.text.clone());
                }
            }
        }
        Ok(Evaluation {
            value: answer.value,
            empty_selectors,
            annotations: answer.annotations,
            samples_touched: 0,
        })
    }

    /// Whether a selector finds anything.
    async fn finds(
        &self,
        selector: &str,
        at: Timestamp,
        timeout: Duration,
        now: Steady,
    ) -> Result<bool, SourceError> {
        if self.found.lock().get(selector).is_some_and(|seen| now.since(*seen) < BELIEVED) {
            return Ok(true);
        }
        let asked = if selector.ends_with(']') {
            format!("count(present_over_time({selector}))")
        } else {
            format!("count({selector})")
        };
        let answer = self.client.instant(&asked, at, Some(timeout)).await?;
        let found = !answer.value.elements().is_empty();
        if found {
            let mut known = self.found.lock();
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(selector.to_owned(), now);
        }
        Ok(found)
    }

    /// Evaluates at each step of a span.
    pub async fn range(&self, query: &Query, span: Span) -> Result<Evaluation, SourceError> {
        let answer = self.client.range(query.text(), span.start, span.end, span.step).await?;
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
