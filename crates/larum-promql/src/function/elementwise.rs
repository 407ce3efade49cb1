//! Functions of one value: rounding, clamping, sign.

/// The smaller of two as Go's `math.Min` has it: NaN wins, but for −Inf.
pub(crate) fn minimum(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY {
        f64::NEG_INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.min(b)
    }
}

/// The larger of two as Go's `math.Max` has it: NaN wins, but for +Inf.
pub(crate) fn maximum(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// `clamp(v, min, max)` for `min <= max`.
pub(crate) fn clamp(value: f64, low: f64, high: f64) -> f64 {
    maximum(low, minimum(high, value))
}

pub(super) fn clamp_max(value: f64, scalars: &[f64]) -> f64 {
    clamp(value, f64::NEG_INFINITY, scalars[0])
}

pub(super) fn clamp_min(value: f64, scalars: &[f64]) -> f64 {
    clamp(value, scalars[0], f64::INFINITY)
}

/// Rounds to a multiple of the scalar (1 if none), ties up; multiplies by the inverse, which loses less.
pub(super) fn round(value: f64, scalars: &[f64]) -> f64 {
    let inverse = 1.0 / scalars.first().copied().unwrap_or(1.0);
    (value * inverse + 0.5).floor() / inverse
}

/// −1, 0 or 1; zeros and NaN stay what they are.
pub(super) fn sign(value: f64) -> f64 {
    if value < 0.0 {
        -1.0
    } else if value > 0.0 {
        1.0
    } else {
        value
    }
}
