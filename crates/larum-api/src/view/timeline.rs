//! The timeline of a policy as it is shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_core::transition::Stage;
use larum_store::Span;

use super::alert::target;
use super::history::show_stage;
use super::labels::show_labels;
use crate::wire::history::{Timeline, TimelineSeries, TimelineSpan};

/// The most spans of one series.
const MAX_SPANS: usize = 500;

type Range = (Timestamp, Timestamp);

/// The spans of a policy in order: those of the policy as a whole, and those of its series, `most` of them.
pub fn show_timeline(
    spans: Vec<Span>,
    range: Range,
    now: Timestamp,
    (most, complete): (usize, bool),
) -> Timeline {
    let (whole, of_series): (Vec<Span>, Vec<Span>) =
        spans.into_iter().partition(|span| span.stage.is_of_policy());
    let until = range.1.min(now);
    let firing = of_series.iter().filter(|span| span.stage == Stage::Firing);
    let firing_seconds = seconds(firing, (range.0, until)).as_secs_f64();
    let mut lanes: BTreeMap<LabelSet, Vec<Span>> = BTreeMap::new();
    for span in of_series {
        lanes.entry(span.labels.clone()).or_default().push(span);
    }
    let mut series: Vec<TimelineSeries> =
        lanes.into_iter().map(|(labels, spans)| show_series(&labels, spans, (range.0, until))).collect();
    let fired = series.iter().map(|one| one.fired).sum();
    series.sort_by_key(|one| Reverse(Duration::from_secs_f64(one.firing_seconds)));
    let more_series = series.len().saturating_sub(most);
    series.truncate(most);
    let (policy, _) = show_spans(whole);
    let (from, to) = (range.0.into(), range.1.into());
    Timeline { from, to, policy, series, more_series, fired, firing_seconds, complete }
}

fn show_series(labels: &LabelSet, spans: Vec<Span>, range: Range) -> TimelineSeries {
    let firing = || spans.iter().filter(|span| span.stage == Stage::Firing);
    let fired = firing().filter(|span| span.from >= range.0).count();
    let firing_seconds = seconds(firing(), range).as_secs_f64();
    let (spans, more_spans) = show_spans(spans);
    TimelineSeries {
        labels: show_labels(labels),
        target: target(labels),
        spans,
        more_spans,
        fired,
        firing_seconds,
    }
}

/// The newest spans, the oldest of them first, and how many more there are. What is within another comes after it.
fn show_spans(mut spans: Vec<Span>) -> (Vec<TimelineSpan>, usize) {
    spans.sort_by_key(|span| (span.from, span.stage));
    let more = spans.len().saturating_sub(MAX_SPANS);
    let shown = spans.into_iter().skip(more).map(|span| TimelineSpan {
        state: show_stage(span.stage),
        from: span.from.into(),
        to: span.to.map(Into::into),
        reason: span.reason.map(|reason| reason.in_words().to_owned()),
        value_text: span.value,
        alert: span.alert.map(|id| id.to_string()),
    });
    (shown.collect(), more)
}

/// For how long at least one of the spans lasted within the range.
fn seconds<'a>(spans: impl Iterator<Item = &'a Span>, (from, to): Range) -> Duration {
    let clip = |span: &Span| (span.from.max(from), span.to.unwrap_or(to).min(to));
    let mut clipped: Vec<Range> = spans.map(clip).collect();
    clipped.sort_unstable();
    let mut reached = from;
    let mut total = Duration::ZERO;
    for (begin, end) in clipped {
        total += end.since(begin.max(reached));
        reached = reached.max(end);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    fn span(node: &str, stage: Stage, from: i64, to: Option<i64>) -> Span {
        let labels = LabelSet::from_pairs([("alertname", "Hot"), ("node", node)]);
        Span {
            alert: None,
            labels,
            stage,
            from: at(from),
            to: to.map(at),
            reason: None,
            value: String::new(),
        }
    }

    #[test]
    fn what_fires_at_the_same_time_is_counted_once_and_what_is_outside_not_at_all() {
        let spans = vec![
            span("a", Stage::Firing, 0, Some(30)),
            span("b", Stage::Firing, 20, Some(40)),
            span("b", Stage::Firing, 90, None),
            span("b", Stage::Pending, 80, Some(90)),
        ];
        let shown = show_timeline(spans, (at(10), at(200)), at(100), (1, true));
        assert_eq!((shown.fired, shown.firing_seconds, shown.more_series), (2, 40.0, 1));
        let first = &shown.series[0];
        assert_eq!((first.target.as_str(), first.fired, first.firing_seconds), ("node b", 2, 30.0));
        assert_eq!(first.spans.len(), 3);
    }

    #[test]
    fn of_too_many_spans_the_newest_are_shown() {
        let spans = (0..600).map(|i| span("a", Stage::Pending, i * 10, Some(i * 10 + 5))).collect();
        let shown = show_timeline(spans, (at(0), at(9000)), at(9000), (20, true));
        assert_eq!((shown.series[0].spans.len(), shown.series[0].more_spans), (500, 100));
        assert_eq!(shown.series[0].spans[0].from, at(1000).into());
    }
}
