//! The straight line through the samples of a window, by least squares.

use super::summation::Sum;
use super::window::Window;
use crate::value::Sample;

/// The slope of the line, per second.
pub(super) fn derivative(window: &Window<'_>) -> Option<f64> {
    // Times are taken relative to the first sample, so that their squares stay small.
    Some(line(window.samples, window.samples.first()?.millis())?.0)
}

/// Where the line will be `ahead` seconds after the evaluation.
pub(super) fn predict(window: &Window<'_>, ahead: f64) -> Option<f64> {
    let (slope, now) = line(window.samples, window.at)?;
    Some(slope * ahead + now)
}

/// Slope per second and height at `origin` of the line; none with fewer than two samples.
fn line(samples: &[Sample], origin: i64) -> Option<(f64, f64)> {
    let [first, _, ..] = samples else { return None };
    if samples.iter().all(|sample| sample.value == first.value) {
        // A level line, without what rounding would add; the height of an infinite one is not known.
        return Some(if first.value.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first.value) });
    }
    let [mut x, mut y, mut xy, mut xx] = [Sum::default(); 4];
    for sample in samples {
        let at = sample.millis().saturating_sub(origin) as f64 / 1000.0;
        x.add(at);
        y.add(sample.value);
        xy.add(at * sample.value);
        xx.add(at * at);
    }
    let count = samples.len() as f64;
    let (x, y) = (x.value(), y.value());
    let slope = (xy.value() - x * y / count) / (xx.value() - x * x / count);
    Some((slope, y / count - slope * x / count))
}
