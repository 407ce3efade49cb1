//! Quantiles: of plain values, and of classic histograms by their cumulative buckets.

/// The φ-quantile of `values`, interpolated between neighbours: NaN of nothing, ∓Inf outside `[0, 1]`
/// (Prometheus, "Aggregation operators": `quantile`). NaN values count as the smallest.
pub(crate) fn of_values(quantile: f64, mut values: Vec<f64>) -> f64 {
    if let Some(edge) = edge(quantile) {
        return edge;
    }
    values.sort_by(|a, b| b.is_nan().cmp(&a.is_nan()).then(a.total_cmp(b)));
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let rank = quantile * last as f64;
    let below = rank.floor().max(0.0) as usize;
    let above = (below + 1).min(last);
    let weight = rank - rank.floor();
    values[below] * (1.0 - weight) + values[above] * weight
}

/// What a quantile is that is no number between 0 and 1.
fn edge(quantile: f64) -> Option<f64> {
    if quantile.is_nan() {
        Some(f64::NAN)
    } else if quantile < 0.0 {
        Some(f64::NEG_INFINITY)
    } else if quantile > 1.0 {
        Some(f64::INFINITY)
    } else {
        None
    }
}

/// One bucket of a classic histogram: how many observations were at most `bound`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    pub bound: f64,
    pub count: f64,
}

/// Differences of counts smaller than this part of them are rounding, not a fault.
const ROUNDING: f64 = 1e-12;

/// The φ-quantile of a classic histogram and whether its counts had to be made monotonic first (Prometheus,
/// "Query functions": `histogram_quantile`).
pub(crate) fn of_buckets(quantile: f64, buckets: Vec<Bucket>) -> (f64, bool) {
    if let Some(edge) = edge(quantile) {
        return (edge, false);
    }
    let Some(mut buckets) = sorted(buckets) else { return (f64::NAN, false) };
    let forced = make_monotonic(&mut buckets);
    let last = buckets.len() - 1;
    let observations = buckets[last].count;
    if last == 0 || observations == 0.0 {
        return (f64::NAN, forced);
    }
    let mut rank = quantile * observations;
    let found = buckets[..last].iter().position(|bucket| bucket.count >= rank).unwrap_or(last);
    if found == last {
        return (buckets[last - 1].bound, forced);
    }
    let Bucket { bound, mut count } = buckets[found];
    if found == 0 && bound <= 0.0 {
        return (bound, forced);
    }
    let mut start = 0.0;
    if let Some(before) = found.checked_sub(1).map(|index| buckets[index]) {
        start = before.bound;
        count -= before.count;
        rank -= before.count;
    }
    (start + (bound - start) * (rank / count), forced)
}

/// The part of the observations of a classic histogram between two values (Prometheus, "Query functions":
/// `histogram_fraction`).
pub(crate) fn fraction(low: f64, high: f64, buckets: Vec<Bucket>) -> f64 {
    let Some(buckets) = sorted(buckets) else { return f64::NAN };
    let total = buckets[buckets.len() - 1].count;
    if total == 0.0 || low.is_nan() || high.is_nan() {
        return f64::NAN;
    }
    if low >= high {
        return 0.0;
    }
    (rank_of(high, &buckets) - rank_of(low, &buckets)) / total
}

/// How many observations are at most `value`, interpolated within its bucket. The lowest bucket begins at zero if it
/// ends above, and otherwise at −Inf, where there is nothing to interpolate from.
fn rank_of(value: f64, buckets: &[Bucket]) -> f64 {
    let total = buckets[buckets.len() - 1].count;
    let lowest = if buckets[0].bound > 0.0 { 0.0 } else { f64::NEG_INFINITY };
    let mut before = Bucket { bound: lowest, count: 0.0 };
    for bucket in buckets {
        let rank = if before.bound >= value {
            before.count
        } else if bucket.bound <= value {
            before = *bucket;
            continue;
        } else if before.bound == f64::NEG_INFINITY {
            bucket.count
        } else {
            let part = (value - before.bound) / (bucket.bound - before.bound);
            before.count + (bucket.count - before.count) * part
        };
        return if rank > total { total } else { rank };
    }
    total
}

/// The buckets in order, those of one bound added up; none without a bucket up to +Inf.
fn sorted(mut buckets: Vec<Bucket>) -> Option<Vec<Bucket>> {
    buckets.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    buckets.dedup_by(|bucket, kept| {
        let same = bucket.bound == kept.bound;
        if same {
            kept.count += bucket.count;
        }
        same
    });
    (buckets.last()?.bound == f64::INFINITY).then_some(buckets)
}

/// Raises counts that fall below the one before; answers whether one fell by more than rounding.
fn make_monotonic(buckets: &mut [Bucket]) -> bool {
    let mut forced = false;
    let mut before = buckets[0].count;
    for bucket in &mut buckets[1..] {
        let close = (bucket.count - before).abs() <= ROUNDING * (bucket.count.abs() + before.abs());
        if bucket.count < before || close {
            forced |= !close;
            bucket.count = before;
        } else {
            before = bucket.count;
        }
    }
    forced
}
