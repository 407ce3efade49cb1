//! Sums and means that lose little (Kahan, with Neumaier's correction), as Prometheus computes them.

/// A running sum with what rounding took from it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.total + value;
        if total.is_infinite() {
            self.lost = 0.0;
        } else if self.total.abs() >= value.abs() {
            self.lost += (self.total - total) + value;
        } else {
            self.lost += (value - total) + self.total;
        }
        self.total = total;
    }

    pub(crate) fn value(self) -> f64 {
        if self.total.is_infinite() { self.total } else { self.total + self.lost }
    }
}

/// A running mean: sum and count as long as the sum is finite, incremental from where it would overflow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    sum: Sum,
    count: f64,
    incremental: bool,
}

impl Mean {
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if !self.incremental {
            let mut sum = self.sum;
            sum.add(value);
            if !sum.total.is_infinite() || self.count == 1.0 {
                self.sum = sum;
                return;
            }
            self.incremental = true;
            self.sum.total /= self.count - 1.0;
            self.sum.lost /= self.count - 1.0;
        }
        let share = (self.count - 1.0) / self.count;
        self.sum = Sum { total: share * self.sum.total, lost: share * self.sum.lost };
        self.sum.add(value / self.count);
    }

    /// The mean; NaN of nothing.
    pub(crate) fn value(self) -> f64 {
        if self.incremental {
            self.sum.total + self.sum.lost
        } else {
            self.sum.total / self.count + self.sum.lost / self.count
        }
    }
}

/// A running variance (Welford), of the whole rather than of a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Variance {
    count: f64,
    mean: Sum,
    squares: Sum,
}

impl Variance {
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        let delta = value - (self.mean.total + self.mean.lost);
        self.mean.add(delta / self.count);
        self.squares.add(delta * (value - (self.mean.total + self.mean.lost)));
    }

    pub(crate) fn value(self) -> f64 {
        (self.squares.total + self.squares.lost) / self.count
    }
}
