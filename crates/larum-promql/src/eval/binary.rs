//! Operators between vectors, and between vectors and scalars.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use larum_core::label::LabelSet;

use super::Evaluator;
use super::names::{self, Renaming};
use super::signature::Signature;
use crate::error::EvalError;
use crate::expr::{Binary, Group, Kind, Matching, Operator};
use crate::value::Element;

impl Evaluator<'_> {
    pub(super) fn binary(&self, binary: &Binary, at: i64) -> Result<Vec<Element>, EvalError> {
        match (binary.left.kind(), binary.right.kind()) {
            (Kind::Vector, Kind::Vector) => {
                let (left, right) = (self.vector(&binary.left, at)?, self.vector(&binary.right, at)?);
                match binary.operator {
                    Operator::And => Ok(kept(left, &right, &binary.matching, true)),
                    Operator::Unless => Ok(kept(left, &right, &binary.matching, false)),
                    Operator::Or => Ok(either(left, right, &binary.matching)),
                    _ => self.matched(binary, left, right),
                }
            }
            (Kind::Scalar, _) => {
                let (left, right) = (self.scalar(&binary.left, at)?, self.vector(&binary.right, at)?);
                self.with_scalar(binary, right, |value| (left, value))
            }
            _ => {
                let (left, right) = (self.vector(&binary.left, at)?, self.scalar(&binary.right, at)?);
                self.with_scalar(binary, left, |value| (value, right))
            }
        }
    }

    /// An operator between each element and a scalar; a comparison always keeps the element's value.
    fn with_scalar(
        &self,
        binary: &Binary,
        mut elements: Vec<Element>,
        sides: impl Fn(f64) -> (f64, f64),
    ) -> Result<Vec<Element>, EvalError> {
        let mut renaming = Renaming::new(self.options.name_removal);
        elements.retain_mut(|element| {
            let (left, right) = sides(element.value);
            match (outcome(binary, left, right), binary.operator) {
                (None, _) => return false,
                (Some(_), Operator::Compare(_)) if !binary.as_bool => return true,
                (Some(value), _) => element.value = value,
            }
            renaming.unname(element);
            true
        });
        renaming.finish(elements)
    }

    /// Arithmetic and comparison between elements that match.
    fn matched(
        &self,
        binary: &Binary,
        left: Vec<Element>,
        right: Vec<Element>,
    ) -> Result<Vec<Element>, EvalError> {
        // Where nothing can match, nothing can match twice.
        if left.is_empty() || right.is_empty() {
            return Ok(Vec::new());
        }
        let Matching { on, labels, group } = &binary.matching;
        let swapped = matches!(group, Group::Right(_));
        // `many` may have several elements for one of `one`; without grouping it may not either.
        let (many, one) = if swapped { (right, left) } else { (left, right) };
        let mut signature = Signature::new(*on, labels);
        let ones = index_unique(&one, &mut signature, if swapped { "left" } else { "right" })?;
        let mut matched: HashSet<usize, FixedState> = HashSet::default();
        let mut results: HashSet<(usize, LabelSet), FixedState> = HashSet::default();
        let mut elements = Vec::with_capacity(many.len());
        let mut text = 0;
        for element in many {
            let Some(&found) = ones.get(signature.key(&element.labels)) else { continue };
            let partner = &one[found];
            let (a, b) =
                if swapped { (partner.value, element.value) } else { (element.value, partner.value) };
            let labels = self.result_labels(binary, &element.labels, &partner.labels);
            if *group == Group::Neither {
                if !matched.insert(found) {
                    return Err(EvalError::ManyToOne);
                }
            } else {
                self.add_text(&mut text, labels.text_bytes())?;
                if !results.insert((found, labels.clone())) {
                    return Err(EvalError::NotUnique);
                }
            }
            if let Some(value) = outcome(binary, a, b) {
                let at_the_end = self.options.name_removal == crate::NameRemoval::AtTheEnd;
                elements.push(Element { labels, value, drop_name: binary.as_bool && at_the_end });
            }
        }
        Ok(elements)
    }

    fn result_labels(&self, binary: &Binary, many: &LabelSet, one: &LabelSet) -> LabelSet {
        let Matching { on, labels, group } = &binary.matching;
        let at_once = self.options.name_removal == crate::NameRemoval::AtOnce;
        let unname = matches!(binary.operator, Operator::Math(_)) || (binary.as_bool && at_once);
        let result = match group {
            Group::Neither => many.filter(|name| {
                let listed = labels.iter().any(|label| label == name);
                *on == listed && !(unname && names::is_metadata(name))
            }),
            _ if unname => names::nameless(many),
            _ => many.clone(),
        };
        match group {
            Group::Left(taken) | Group::Right(taken) if !taken.is_empty() => {
                let taken = taken.iter().map(|name| (name.as_str(), one.value(name)));
                LabelSet::from_pairs(result.iter().chain(taken))
            }
            _ => result,
        }
    }
}

/// What the operator makes of two values; none if a filter lets nothing through.
fn outcome(binary: &Binary, left: f64, right: f64) -> Option<f64> {
    match binary.operator {
        Operator::Math(math) => Some(math.apply(left, right)),
        Operator::Compare(compare) => match (compare.holds(left, right), binary.as_bool) {
            (holds, true) => Some(f64::from(u8::from(holds))),
            (true, false) => Some(left),
            (false, false) => None,
        },
        Operator::And | Operator::Or | Operator::Unless => None,
    }
}

/// The elements that have a match among `others`, or those that have none.
fn kept(
    mut elements: Vec<Element>,
    others: &[Element],
    matching: &Matching,
    with_match: bool,
) -> Vec<Element> {
    let mut signature = Signature::new(matching.on, &matching.labels);
    let keys: HashSet<Box<[u8]>, FixedState> =
        others.iter().map(|element| signature.key(&element.labels).into()).collect();
    elements.retain(|element| keys.contains(signature.key(&element.labels)) == with_match);
    elements
}

/// `or`: the left side, and what of the right side has no match there. Elements with the same labels match, so
/// the result needs no check.
fn either(left: Vec<Element>, right: Vec<Element>, matching: &Matching) -> Vec<Element> {
    let rest = kept(right, &left, matching, false);
    left.into_iter().chain(rest).collect()
}

/// The elements of the side that may have but one for each key.
fn index_unique(
    elements: &[Element],
    signature: &mut Signature<'_>,
    side: &'static str,
) -> Result<HashMap<Box<[u8]>, usize, FixedState>, EvalError> {
    let mut index = HashMap::with_capacity_and_hasher(elements.len(), FixedState::default());
    for (position, element) in elements.iter().enumerate() {
        let key = signature.key(&element.labels).into();
        if let Some(first) = index.insert(key, position) {
            return Err(EvalError::ManyToMany {
                group: signature.labels(&element.labels).to_string(),
                side,
                first: element.labels.to_string(),
                second: elements[first].labels.to_string(),
            });
        }
    }
    Ok(index)
}
