//! Aggregation: what the elements of each group come to.

use larum_core::label::LabelSet;

use super::Evaluator;
use super::signature::{Groups, Signature};
use crate::error::EvalError;
use crate::expr::{Aggregate, Expr, Grouping, Reduce};
use crate::function::quantile;
use crate::function::summation::{Mean, Sum, Variance};
use crate::number;
use crate::value::Element;

/// Elements with the same grouping labels.
struct Group {
    labels: LabelSet,
    drop_name: bool,
    state: State,
}

/// What a group has come to so far.
enum State {
    Sum(Sum),
    Mean(Mean),
    Minimum(f64),
    Maximum(f64),
    Count(f64),
    One,
    Variance(Variance),
    Values(Vec<f64>),
}

impl State {
    fn new(reduce: &Reduce) -> Self {
        match reduce {
            Reduce::Sum => Self::Sum(Sum::default()),
            Reduce::Average => Self::Mean(Mean::default()),
            Reduce::Minimum => Self::Minimum(f64::NAN),
            Reduce::Maximum => Self::Maximum(f64::NAN),
            Reduce::Group => Self::One,
            Reduce::Deviation | Reduce::Variance => Self::Variance(Variance::default()),
            Reduce::Quantile(_) => Self::Values(Vec::new()),
            Reduce::Count | Reduce::CountValues(_) | Reduce::Largest(_) | Reduce::Smallest(_) => {
                Self::Count(0.0)
            }
        }
    }

    fn add(&mut self, value: f64) {
        match self {
            Self::Sum(sum) => sum.add(value),
            Self::Mean(mean) => mean.add(value),
            // NaN counts only while there is nothing else.
            Self::Minimum(best) if value < *best || best.is_nan() => *best = value,
            Self::Maximum(best) if value > *best || best.is_nan() => *best = value,
            Self::Minimum(_) | Self::Maximum(_) | Self::One => {}
            Self::Count(count) => *count += 1.0,
            Self::Variance(variance) => variance.add(value),
            Self::Values(values) => values.push(value),
        }
    }

    fn value(self, reduce: &Reduce, parameter: f64) -> f64 {
        match self {
            Self::Sum(sum) => sum.value(),
            Self::Mean(mean) => mean.value(),
            Self::Minimum(value) | Self::Maximum(value) | Self::Count(value) => value,
            Self::One => 1.0,
            Self::Variance(variance) if matches!(reduce, Reduce::Deviation) => variance.value().sqrt(),
            Self::Variance(variance) => variance.value(),
            Self::Values(values) => quantile::of_values(parameter, values),
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn aggregate(&self, aggregate: &Aggregate, at: i64) -> Result<Vec<Element>, EvalError> {
        let Aggregate { reduce, grouping, inner, written } = aggregate;
        match reduce {
            Reduce::Largest(count) => self.best(inner, grouping, count, at, true),
            Reduce::Smallest(count) => self.best(inner, grouping, count, at, false),
            Reduce::CountValues(label) => self.count_values(inner, grouping, label, at),
            _ => {
                let parameter = reduce.parameter().map(|number| self.scalar(number, at)).transpose()?;
                if let Some(quantile) = parameter {
                    self.check_quantile(quantile, written.argument(0));
                }
                let elements = self.vector(inner, at)?;
                Ok(grouped(&elements, reduce, grouping, parameter.unwrap_or(f64::NAN)))
            }
        }
    }

    /// `topk` and `bottomk`: whole elements, the best of each group first.
    fn best(
        &self,
        inner: &Expr,
        grouping: &Grouping,
        count: &Expr,
        at: i64,
        largest: bool,
    ) -> Result<Vec<Element>, EvalError> {
        let count = self.scalar(count, at)?;
        if count.is_nan() {
            return Err(EvalError::Argument("Parameter value is NaN".to_owned()));
        }
        if count < 1.0 {
            return Ok(Vec::new());
        }
        // What does not fit 64 bits is refused; the cast below cuts off the fraction.
        if count >= i64::MAX as f64 {
            let count = number::general(count);
            return Err(EvalError::Argument(format!("Scalar value {count} overflows int64")));
        }
        let count = usize::try_from(count as i64).unwrap_or(usize::MAX);
        let mut numbers = Groups::new(Signature::new(!grouping.without, &grouping.labels));
        let mut groups: Vec<Vec<Element>> = Vec::new();
        for element in self.vector(inner, at)? {
            let number = numbers.number(&element.labels);
            if number == groups.len() {
                groups.push(Vec::new());
            }
            groups[number].push(element);
        }
        for group in &mut groups {
            sort(group, largest);
            group.truncate(count);
        }
        Ok(groups.into_iter().flatten().collect())
    }

    fn count_values(
        &self,
        inner: &Expr,
        grouping: &Grouping,
        label: &str,
        at: i64,
    ) -> Result<Vec<Element>, EvalError> {
        let mut elements = self.vector(inner, at)?;
        for element in &mut elements {
            element.labels = element.labels.with(label, &number::plain(element.value));
        }
        let mut labels = grouping.labels.clone();
        if !grouping.without {
            labels.push(label.to_owned());
        }
        let grouping = Grouping { without: grouping.without, labels };
        Ok(grouped(&elements, &Reduce::Count, &grouping, f64::NAN))
    }
}

/// One element for each group, in the order in which groups first appear.
fn grouped(elements: &[Element], reduce: &Reduce, grouping: &Grouping, parameter: f64) -> Vec<Element> {
    let mut numbers = Groups::new(Signature::new(!grouping.without, &grouping.labels));
    let mut groups: Vec<Group> = Vec::new();
    for element in elements {
        let number = numbers.number(&element.labels);
        if number == groups.len() {
            let labels = numbers.labels(&element.labels);
            groups.push(Group { labels, drop_name: false, state: State::new(reduce) });
        }
        groups[number].state.add(element.value);
        groups[number].drop_name |= element.drop_name;
    }
    let element = |group: Group| Element {
        labels: group.labels,
        value: group.state.value(reduce, parameter),
        drop_name: group.drop_name,
    };
    groups.into_iter().map(element).collect()
}

/// Sorts by value, NaN last either way; equal ones stay in their order.
pub(super) fn sort(elements: &mut [Element], descending: bool) {
    elements.sort_by(|a, b| {
        let (a, b) = (a.value, b.value);
        let order = a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal);
        a.is_nan().cmp(&b.is_nan()).then(if descending { order.reverse() } else { order })
    });
}
