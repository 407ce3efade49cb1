//! Random series and random expressions over them.

use larum_core::label::LabelSet;
use larum_promql::{Sample, Series};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// When the first sample is taken, in milliseconds since the epoch: never at the border of a window, because
/// Prometheus before 3 counts a sample there to the window and later ones do not.
pub const START: i64 = 1_700_000_000_007;
/// From one sample to the next, in milliseconds.
pub const GAP: i64 = 15_000;
/// How many samples a series may have.
pub const SAMPLES: i64 = 160;

/// What is asked, drawn from a seed.
pub struct Random(StdRng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of.choose(&mut self.0).expect("there is something to choose from")
    }

    fn chance(&mut self, of: f64) -> bool {
        self.0.random_bool(of)
    }

    /// Whole seconds at which there is something to ask for, a multiple of ten.
    pub fn time(&mut self) -> i64 {
        START / 10_000 * 10 + 10 * self.0.random_range(1..SAMPLES * GAP / 10_000 + 20)
    }

    /// Series of counters, of gauges, and of a classic histogram, with gaps. Counters begin high, because Prometheus
    /// before 3 extrapolates those otherwise that would have been zero shortly before; all values are whole, so that
    /// sums are exact in whatever order they are made.
    pub fn series(&mut self) -> Vec<Series> {
        let mut series = Vec::new();
        for (job, instance) in [("a", "1"), ("a", "2"), ("a", "3"), ("b", "1"), ("b", "2")] {
            let labels = |name: &str| [("__name__", name), ("job", job), ("instance", instance)].map(owned);
            series.push(self.counter(LabelSet::from_pairs(labels("c_total")), 10_000_000));
            series.push(self.gauge(LabelSet::from_pairs(labels("g"))));
        }
        for job in ["a", "b"] {
            series.push(
                self.gauge(LabelSet::from_pairs([("__name__", "u"), ("job", job), ("zone", "z")].map(owned))),
            );
            for (nth, le) in ["0.1", "1", "5", "+Inf"].into_iter().enumerate() {
                let labels = [("__name__", "w_bucket"), ("job", job), ("le", le)].map(owned);
                series.push(self.counter(LabelSet::from_pairs(labels), 10_000_000 * (nth as i64 + 1)));
            }
        }
        series
    }

    fn samples(&mut self, mut next: impl FnMut(&mut StdRng) -> f64) -> Vec<Sample> {
        let mut samples = Vec::new();
        for nth in 0..SAMPLES {
            let value = next(&mut self.0);
            if !self.chance(0.1) {
                samples.push(Sample::new(START + nth * GAP, value));
            }
        }
        samples
    }

    fn counter(&mut self, labels: LabelSet, from: i64) -> Series {
        let mut value = from;
        let samples = self.samples(|rng| {
            value = if rng.random_bool(0.02) {
                from + rng.random_range(0..100)
            } else {
                value + rng.random_range(0..100)
            };
            value as f64
        });
        Series { labels, samples: samples.into() }
    }

    fn gauge(&mut self, labels: LabelSet) -> Series {
        let samples = self.samples(|rng| match rng.random_range(0..200) {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => f64::NEG_INFINITY,
            _ => rng.random_range(-100_000_i64..100_000) as f64,
        });
        Series { labels, samples: samples.into() }
    }

    /// How long a window is: with times, shifts and steps such that no step of a subquery is at its border, either.
    fn span(&mut self) -> &'static str {
        self.one(&["21s", "46s", "61s", "5m1s", "7m31s"])
    }

    fn shift(&mut self) -> String {
        match self.0.random_range(0..10) {
            0 => format!(" offset {}", self.one(&["33s", "2m13s"])),
            1 => " offset -17s".to_owned(),
            2 => format!(" @ {}", self.time()),
            _ => String::new(),
        }
    }

    fn matchers(&mut self) -> &'static str {
        self.one(&[
            "",
            "",
            "{job=\"a\"}",
            "{job!=\"a\"}",
            "{instance=~\"1|2\"}",
            "{instance=\"\"}",
            "{job=~\".+\",instance!~\"3\"}",
        ])
    }

    fn selector(&mut self) -> String {
        format!("{}{}{}", self.one(&["c_total", "g", "u", "none"]), self.matchers(), self.shift())
    }

    /// A vector of whole numbers, which two implementations compute to the bit.
    fn exact(&mut self, depth: u32) -> String {
        match self.0.random_range(0..if depth == 0 { 3 } else { 6 }) {
            0 | 1 => self.selector(),
            2 => {
                let over = self.one(&["max", "min", "last", "count", "present"]);
                format!(
                    "{over}_over_time({}{}[{}]{})",
                    self.one(&["g", "c_total", "u"]),
                    self.matchers(),
                    self.span(),
                    self.shift()
                )
            }
            3 => format!(
                "{}{} ({})",
                self.one(&["sum", "max", "min", "count", "group"]),
                self.grouping(),
                self.exact(depth - 1)
            ),
            4 => format!(
                "({} {} {})",
                self.exact(depth - 1),
                self.one(&["+", "-", "*"]),
                self.0.random_range(1..9)
            ),
            _ => self.compared(depth - 1),
        }
    }

    fn grouping(&mut self) -> &'static str {
        self.one(&[
            "",
            " by (job)",
            " by (job, instance)",
            " without (instance)",
            " without (job, le)",
            " by (none)",
        ])
    }

    fn matching(&mut self) -> &'static str {
        self.one(&[
            "",
            " on (job, instance)",
            " on (job)",
            " ignoring (instance, zone)",
            " on (job) group_left ()",
            " on (job) group_right ()",
            " on (job) group_left (zone)",
        ])
    }

    fn compared(&mut self, depth: u32) -> String {
        let operator = self.one(&["==", "!=", ">", "<", ">=", "<="]);
        let bool = if self.chance(0.3) { " bool" } else { "" };
        let left = self.exact(depth);
        if self.chance(0.5) {
            return format!("({left} {operator}{bool} {}.5)", self.0.random_range(-50_000..50_000));
        }
        format!("({left} {operator}{bool}{} {})", self.matching(), self.exact(depth))
    }

    fn over_window(&mut self) -> String {
        let (name, span, shift) = (self.one(&["c_total", "g", "u"]), self.span(), self.shift());
        let range = format!("{name}{}[{span}]{shift}", self.matchers());
        match self.0.random_range(0..5) {
            0 => format!(
                "{}(c_total{}[{span}]{shift})",
                self.one(&["rate", "increase", "irate"]),
                self.matchers()
            ),
            1 => format!("{}({range})", self.one(&["delta", "idelta", "deriv", "changes", "resets"])),
            2 => format!("{}_over_time({range})", self.one(&["avg", "sum", "stddev", "stdvar", "count"])),
            3 => format!("quantile_over_time(0.{}, {range})", self.0.random_range(0..10)),
            _ => format!("predict_linear({range}, {})", self.0.random_range(0..1000)),
        }
    }

    /// An expression that gives a vector.
    pub fn vector(&mut self, depth: u32) -> String {
        if depth == 0 {
            return if self.chance(0.5) { self.over_window() } else { self.exact(1) };
        }
        let inner = depth - 1;
        match self.0.random_range(0..12) {
            0 => self.over_window(),
            1 => self.exact(depth),
            2 => self.compared(inner),
            3 => format!(
                "{}{} ({})",
                self.one(&["sum", "avg", "stddev", "max", "count"]),
                self.grouping(),
                self.vector(inner)
            ),
            4 => format!(
                "quantile{} (0.{}, {})",
                self.grouping(),
                self.0.random_range(0..10),
                self.vector(inner)
            ),
            5 => format!(
                "({} {}{} {})",
                self.vector(inner),
                self.one(&["+", "-", "*"]),
                self.matching(),
                self.vector(inner)
            ),
            6 => {
                let on = self.one(&["", " on (job)", " ignoring (instance)", " on ()"]);
                format!(
                    "({} {}{on} {})",
                    self.vector(inner),
                    self.one(&["and", "or", "unless"]),
                    self.vector(inner)
                )
            }
            7 => format!(
                "{}({})",
                self.one(&["abs", "sgn", "-", "timestamp", "deg", "atan"]),
                self.vector(inner)
            ),
            8 => format!("clamp({}, -1000, 20000)", self.vector(inner)),
            9 => {
                let over = self.one(&["max", "min", "sum", "count", "last"]);
                format!(
                    "{over}_over_time(({})[{}:{}]{})",
                    self.vector(inner),
                    self.span(),
                    self.one(&["20s", "30s", "1m"]),
                    self.shift()
                )
            }
            10 => self.labelled(inner),
            _ => self.others(inner),
        }
    }

    fn labelled(&mut self, depth: u32) -> String {
        let vector = self.vector(depth);
        match self.0.random_range(0..3) {
            0 => format!("label_replace({vector}, \"new\", \"x$1\", \"job\", \"(.*)\")"),
            1 => format!("label_replace({vector}, \"instance\", \"\", \"instance\", \"1|2\")"),
            _ => format!("label_join({vector}, \"new\", \"-\", \"job\", \"instance\")"),
        }
    }

    fn others(&mut self, depth: u32) -> String {
        match self.0.random_range(0..7) {
            0 => format!("absent({})", self.selector()),
            1 => format!("absent_over_time(none{}[1m])", self.matchers()),
            2 => format!(
                "histogram_quantile(0.{}, rate(w_bucket[{}]))",
                self.0.random_range(0..10),
                self.span()
            ),
            3 => format!("{}(2, g{}{})", self.one(&["topk", "bottomk"]), self.matchers(), self.shift()),
            4 => format!("count_values(\"v\", {})", self.exact(0)),
            5 => format!("vector(scalar({}))", self.vector(depth)),
            _ => format!("({} / {})", self.vector(depth), self.exact(0)),
        }
    }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
