//! `rate` and its kin: how much a value grew, extrapolated to the whole window or from edge to edge.

use super::window::Window;
use crate::expr::Edges;

/// The parts are multiplied in Prometheus' order, so that its thresholds hold or not to the last bit.
pub(super) fn rate(window: &Window<'_>) -> Option<f64> {
    let span = seconds(window.to - window.from);
    if window.edges != Edges::Plain {
        return edge_to_edge(window, true).map(|grown| grown / span);
    }
    let (grown, stretch) = growth(window, true)?;
    Some(grown * (stretch / span))
}

pub(super) fn increase(window: &Window<'_>) -> Option<f64> {
    grown(window, true)
}

pub(super) fn delta(window: &Window<'_>) -> Option<f64> {
    grown(window, false)
}

fn grown(window: &Window<'_>, counter: bool) -> Option<f64> {
    match window.edges {
        Edges::Plain => growth(window, counter).map(|(grown, stretch)| grown * stretch),
        Edges::Anchored | Edges::Smoothed => edge_to_edge(window, counter),
    }
}

/// How much the value grew from one edge of the window to the other; a counter that fell is one that started again from
/// zero. None if all samples are behind the window (Prometheus, `extendedRate`).
fn edge_to_edge(window: &Window<'_>, counter: bool) -> Option<f64> {
    let (left, right) = window.at_edges(counter)?;
    if window.samples.first()?.millis() > window.to {
        return None;
    }
    if !counter {
        return Some(right - left);
    }
    let (mut lost, mut before) = (0.0, left);
    for value in window.inside().iter().map(|sample| sample.value).chain([right]) {
        if value < before {
            lost += before;
        }
        before = value;
    }
    Some(right - left + lost)
}

fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// How far beyond an average gap between samples the border of a window may be for the series to be taken to go
/// on up to it (Prometheus, `extrapolatedRate`).
const GAP_TOLERANCE: f64 = 1.1;

/// How much the value grew from the first to the last sample, and by how much to stretch that to the whole window; a
/// counter that fell is one that started again from zero.
///
/// The growth is extrapolated to a border of the window that is no further than a gap between samples (and a tenth)
/// all the way, otherwise by half a gap; and for a counter never to before the time at which it would have been zero
/// (Prometheus 3, `extrapolatedRate`).
fn growth(window: &Window<'_>, counter: bool) -> Option<(f64, f64)> {
    let (first, last) = (window.samples.first()?, window.samples.last()?);
    if window.samples.len() < 2 {
        return None;
    }
    let mut grown = last.value - first.value;
    if counter {
        for pair in window.samples.windows(2) {
            if pair[1].value < pair[0].value {
                grown += pair[0].value;
            }
        }
    }
    let covered = seconds(last.millis() - first.millis());
    let gap = covered / (window.samples.len() - 1) as f64;
    let reach = |distance: f64| if distance >= gap * GAP_TOLERANCE { gap / 2.0 } else { distance };
    let mut before = reach(seconds(first.millis() - window.from));
    if counter && grown > 0.0 && first.value >= 0.0 {
        before = before.min(covered * (first.value / grown));
    }
    let after = reach(seconds(window.to - last.millis()));
    Some((grown, (covered + before + after) / covered))
}

/// The difference of the last two samples.
pub(super) fn last_delta(window: &Window<'_>) -> Option<f64> {
    let [.., before, last] = window.samples else { return None };
    Some(last.value - before.value)
}

/// The growth between the last two samples, per second; after a reset the counter grew from zero.
pub(super) fn last_rate(window: &Window<'_>) -> Option<f64> {
    let [.., before, last] = window.samples else { return None };
    let grown = if last.value < before.value { last.value } else { last.value - before.value };
    Some(grown / seconds(last.millis() - before.millis()))
}
