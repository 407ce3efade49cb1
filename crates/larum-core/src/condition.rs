//! Notification conditions: which alerts a receiver wants to hear of. Conditions are matchers in plain words, and
//! all of them must hold.

use std::fmt;

use smol_str::SmolStr;

use crate::label::LabelSet;

/// How a condition compares; the words are those of Kubernetes' label selectors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operator {
    /// *Includes values*: the label has one of the values.
    In,
    /// *Does not include values*: the label has none of the values, or is not there.
    NotIn,
    /// *Exists*: the label is there.
    Exists,
    /// *Does not exist*: the label is not there.
    DoesNotExist,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 4] = [Self::In, Self::NotIn, Self::Exists, Self::DoesNotExist];

    /// The word under which it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "In",
            Self::NotIn => "NotIn",
            Self::Exists => "Exists",
            Self::DoesNotExist => "DoesNotExist",
        }
    }

    /// The operator stored under this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.as_str() == word)
    }

    /// Whether it compares with values.
    pub const fn takes_values(self) -> bool {
        matches!(self, Self::In | Self::NotIn)
    }
}

/// One condition on one label. Cannot exist if it is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    label: SmolStr,
    operator: Operator,
    values: Box<[SmolStr]>,
}

/// Why a condition is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConditionError {
    /// No label was named.
    #[error("Choose a label for this condition, or delete the row.")]
    NoLabel,
    /// The operator compares with values and there are none.
    #[error("Add at least one value for the label {label:?}, or choose Exists.")]
    NoValues {
        /// The label.
        label: SmolStr,
    },
    /// The operator takes no values and there are some.
    #[error("{operator:?} takes no values: remove those of the label {label:?}.")]
    ValuesNotTaken {
        /// The label.
        label: SmolStr,
        /// The operator.
        operator: Operator,
    },
    /// A label or a value is longer than [`MAX_CONDITION_TEXT`].
    #[error("{what} is {length} bytes long; at most {MAX_CONDITION_TEXT} are allowed.")]
    TooLong {
        /// What is too long.
        what: SmolStr,
        /// Its length in bytes.
        length: usize,
    },
    /// One condition has more than [`MAX_CONDITION_VALUES`] values.
    #[error("A condition can have at most {MAX_CONDITION_VALUES} values; this one has {count}.")]
    TooManyValues {
        /// How many there are.
        count: usize,
    },
    /// There are more than [`MAX_CONDITIONS`] conditions.
    #[error("A receiver can have at most {MAX_CONDITIONS} notification conditions; these are {count}.")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// The checkbox is on and there is no condition.
    #[error("Add a notification condition, or clear the checkbox to be told of every alert.")]
    Empty,
}

/// The longest label or value of a condition, in bytes.
pub const MAX_CONDITION_TEXT: usize = 4096;
/// The most values one condition can have.
pub const MAX_CONDITION_VALUES: usize = 200;
/// The most conditions one receiver can have.
pub const MAX_CONDITIONS: usize = 50;

impl Condition {
    /// Makes a condition; the label's name is trimmed, repeated values are taken once, empty ones dropped.
    ///
    /// # Errors
    /// [`ConditionError`] in words for the person who typed it.
    pub fn new<V: AsRef<str>>(
        label: &str,
        operator: Operator,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Self, ConditionError> {
        let label = SmolStr::new(label.trim());
        if label.is_empty() {
            return Err(ConditionError::NoLabel);
        }
        let mut kept: Vec<SmolStr> = Vec::new();
        for value in values {
            let value = SmolStr::new(value.as_ref());
            if !value.is_empty() && !kept.contains(&value) {
                kept.push(value);
            }
        }
        let too_long = [&label].into_iter().chain(&kept).find(|text| text.len() > MAX_CONDITION_TEXT);
        if let Some(text) = too_long {
            let what: SmolStr = text.chars().take(40).chain(['…']).collect();
            return Err(ConditionError::TooLong { what, length: text.len() });
        }
        if kept.len() > MAX_CONDITION_VALUES {
            return Err(ConditionError::TooManyValues { count: kept.len() });
        }
        match (operator.takes_values(), kept.is_empty()) {
            (true, true) => Err(ConditionError::NoValues { label }),
            (false, false) => Err(ConditionError::ValuesNotTaken { label, operator }),
            _ => Ok(Self { label, operator, values: kept.into() }),
        }
    }

    /// The label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How it compares.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// What it compares with; empty if the operator takes no values.
    pub fn values(&self) -> &[SmolStr] {
        &self.values
    }

    /// Whether these labels pass.
    pub fn holds(&self, labels: &LabelSet) -> bool {
        let value = labels.get(&self.label);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.iter().any(|wanted| wanted == value)),
            Operator::NotIn => !value.is_some_and(|value| self.values.iter().any(|hated| hated == value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

/// `severity is critical or error`
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = match self.label.as_str() {
            "alertname" => "alert name",
            other => other,
        };
        match self.operator {
            Operator::In => write!(f, "{label} is {}", Alternatives(&self.values, "or")),
            Operator::NotIn if self.values.len() == 1 => write!(f, "{label} is not {}", self.values[0]),
            Operator::NotIn => write!(f, "{label} is neither {}", Alternatives(&self.values, "nor")),
            Operator::Exists => write!(f, "{label} exists"),
            Operator::DoesNotExist => write!(f, "{label} does not exist"),
        }
    }
}

/// `a, b or c`
struct Alternatives<'a>(&'a [SmolStr], &'a str);

impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            match (index, self.0.len() - index) {
                (0, _) => write!(f, "{value}")?,
                (_, 1) => write!(f, " {} {value}", self.1)?,
                _ => write!(f, ", {value}")?,
            }
        }
        Ok(())
    }
}

/// All conditions of one receiver: either every alert passes, or those for which each condition holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conditions(Option<Box<[Condition]>>);

impl Conditions {
    /// Every alert passes.
    pub const EVERYTHING: Self = Self(None);

    /// Each of these must hold.
    ///
    /// # Errors
    /// [`ConditionError::Empty`] without any, [`ConditionError::TooMany`] above [`MAX_CONDITIONS`].
    pub fn all(conditions: Vec<Condition>) -> Result<Self, ConditionError> {
        match conditions.len() {
            0 => Err(ConditionError::Empty),
            1..=MAX_CONDITIONS => Ok(Self(Some(conditions.into()))),
            count => Err(ConditionError::TooMany { count }),
        }
    }

    /// The conditions, if there are any.
    pub fn as_slice(&self) -> Option<&[Condition]> {
        self.0.as_deref()
    }

    /// Whether these labels pass.
    pub fn hold(&self, labels: &LabelSet) -> bool {
        self.unmet(labels).is_none()
    }

    /// The first condition that does not let these labels pass.
    pub fn unmet(&self, labels: &LabelSet) -> Option<&Condition> {
        self.0.iter().flatten().find(|condition| !condition.holds(labels))
    }
}

/// One plain sentence: `Alerts whose severity is critical, and whose namespace exists.`
impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(conditions) = &self.0 else { return f.write_str("Every alert.") };
        f.write_str("Alerts")?;
        for (index, condition) in conditions.iter().enumerate() {
            write!(f, "{} whose {condition}", if index == 0 { "" } else { ", and" })?;
        }
        f.write_str(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(label: &str, operator: Operator, values: &[&str]) -> Condition {
        Condition::new(label, operator, values).unwrap()
    }

    #[test]
    fn all_conditions_must_hold_and_a_missing_label_is_not_included() {
        let wanted = Conditions::all(vec![
            condition("severity", Operator::In, &["critical", "error"]),
            condition("namespace", Operator::NotIn, &["kube-system"]),
            condition("silent", Operator::DoesNotExist, &[]),
        ])
        .unwrap();
        let labels = LabelSet::from_pairs([("severity", "error")]);
        assert!(wanted.hold(&labels));
        assert!(!wanted.hold(&labels.with("severity", "warning")));
        assert!(!wanted.hold(&labels.with("namespace", "kube-system")));
        assert!(!wanted.hold(&labels.with("silent", "yes")));
        assert!(Conditions::EVERYTHING.hold(&LabelSet::empty()));
    }

    #[test]
    fn it_says_itself_in_one_sentence() {
        let wanted = Conditions::all(vec![
            condition("alertname", Operator::In, &["a b", "c", "d"]),
            condition("pod", Operator::Exists, &[]),
            condition("node", Operator::NotIn, &["x", "y"]),
        ])
        .unwrap();
        let sentence = "Alerts whose alert name is a b, c or d, and whose pod exists, and whose node is neither x nor y.";
        assert_eq!(wanted.to_string(), sentence);
    }

    #[test]
    fn wrong_ones_are_refused_in_words() {
        let refused = Condition::new("severity", Operator::In, ["", ""]).unwrap_err();
        assert_eq!(refused, ConditionError::NoValues { label: "severity".into() });
        assert_eq!(Condition::new(" ", Operator::Exists, [""; 0]).unwrap_err(), ConditionError::NoLabel);
        assert!(Condition::new("a", Operator::Exists, ["b"]).is_err());
        assert_eq!(Conditions::all(vec![]).unwrap_err(), ConditionError::Empty);
        let long = "ü".repeat(100);
        assert!(Condition::new("label with space", Operator::In, [long]).is_ok());
    }
}
