//! Durations that are computed: `5m + 1m`, `max_of(step(), 1m)` (Prometheus 3.14, `promql/durations.go`).

/// The longest time away from the epoch or from now, in milliseconds: 292 million years, halved four times so
/// that sums of several cannot overflow.
pub(crate) const MAX_MILLIS: i64 = i64::MAX / 16;

/// A computed duration, or a part of one.
#[derive(Clone, Debug)]
pub(crate) struct Formula {
    pub term: Term,
    /// Whether it stands in parentheses of its own.
    pub wrapped: bool,
    /// Where it begins in the text of the query, in bytes, without its parentheses.
    pub start: usize,
    /// Where it ends there.
    pub end: usize,
    /// How many levels it has.
    pub depth: usize,
}

/// What a formula says.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Seconds {
        value: f64,
        /// Whether it is written with units, as `1m30s`.
        with_units: bool,
    },
    /// `step()`: from one time of evaluation to the next.
    Step,
    /// `range()`: from the first time of evaluation to the last.
    Range,
    Negated(Box<Formula>),
    Pair(Pairing, Box<[Formula; 2]>),
}

/// What is made of two durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Smaller,
    Larger,
}

impl Pairing {
    /// How it is written: an operator or a function.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "^",
            Self::Smaller => "min_of",
            Self::Larger => "max_of",
        }
    }

    /// Whether it is written as a function.
    pub(crate) fn is_function(self) -> bool {
        matches!(self, Self::Smaller | Self::Larger)
    }
}

/// What a formula may ask of the query around it; an instant query has neither steps nor a range.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    /// From one time of evaluation to the next, in milliseconds.
    pub step: i64,
    /// From the first time of evaluation to the last, in milliseconds.
    pub range: i64,
}

impl Formula {
    /// The literal that it comes to without any operator but a sign, if it does.
    pub(crate) fn literal(&self) -> Option<f64> {
        match self.term {
            Term::Seconds { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether it comes to the same whatever the query around it.
    pub(crate) fn is_constant(&self) -> bool {
        match &self.term {
            Term::Seconds { .. } => true,
            Term::Step | Term::Range => false,
            Term::Negated(inner) => inner.is_constant(),
            Term::Pair(_, sides) => sides.iter().all(Self::is_constant),
        }
    }

    /// How long it is, in milliseconds; what is less than one is cut off.
    ///
    /// The error says where the fault stands as Prometheus does: from which to which byte of the query.
    pub(crate) fn millis(&self, course: Course) -> Result<i64, String> {
        let millis = self.seconds(course)? * 1000.0;
        if millis.is_nan() || millis.abs() > MAX_MILLIS as f64 {
            return Err(self.fault("duration is out of range"));
        }
        Ok(millis as i64)
    }

    /// The same of a duration that has to be longer than nothing.
    pub(crate) fn positive_millis(&self, course: Course) -> Result<i64, String> {
        if self.seconds(course)? <= 0.0 {
            return Err(self.fault("duration must be greater than 0"));
        }
        self.millis(course)
    }

    fn seconds(&self, course: Course) -> Result<f64, String> {
        Ok(match &self.term {
            Term::Seconds { value, .. } => *value,
            Term::Step => course.step as f64 / 1000.0,
            Term::Range => course.range as f64 / 1000.0,
            Term::Negated(inner) => -inner.seconds(course)?,
            Term::Pair(pairing, sides) => {
                let [left, right] = &**sides;
                let (left, right) = (left.seconds(course)?, right.seconds(course)?);
                match pairing {
                    Pairing::Add => left + right,
                    Pairing::Subtract => left - right,
                    Pairing::Multiply => left * right,
                    Pairing::Divide if right == 0.0 => return Err(self.fault("division by zero")),
                    Pairing::Divide => left / right,
                    Pairing::Modulo if right == 0.0 => return Err(self.fault("modulo by zero")),
                    Pairing::Modulo => left % right,
                    Pairing::Power => left.powf(right),
                    // Literals are numbers, so that NaN comes of a power only, and stays what it is.
                    Pairing::Smaller if left.is_nan() || right.is_nan() => f64::NAN,
                    Pairing::Smaller => left.min(right),
                    Pairing::Larger if left.is_nan() || right.is_nan() => f64::NAN,
                    Pairing::Larger => left.max(right),
                }
            }
        })
    }

    fn fault(&self, what: &str) -> String {
        format!("{}:{}: {what}", self.start, self.end)
    }
}
