//! A rule as it is written, and what is wrong with it.

use larum_re2::{Expression, Replacement};
use serde::Deserialize;

use super::{Action, RelabelRule};

/// A `relabel_config` as it is written; every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelabelDraft {
    /// Labels whose values are joined.
    pub source_labels: Option<Vec<String>>,
    /// What they are joined with: `;`.
    pub separator: Option<String>,
    /// The label that is written.
    pub target_label: Option<String>,
    /// What the joined values must match as a whole: `(.*)`.
    pub regex: Option<String>,
    /// What the hash is divided by.
    pub modulus: Option<u64>,
    /// What is written: `$1`.
    pub replacement: Option<String>,
    /// What is done, in small or capital letters: `replace`.
    pub action: Option<String>,
}

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelabelError {
    /// There is no such action.
    #[error("unknown relabel action {0:?}")]
    Action(String),
    /// The expression does not compile.
    #[error("bad regular expression {pattern:?}: {reason}")]
    Regex {
        /// As written.
        pattern: String,
        /// What is wrong.
        reason: String,
    },
    /// The action needs a target.
    #[error("the action {0} needs a target_label")]
    NoTarget(String),
    /// The action divides by the modulus.
    #[error("the action hashmod needs a modulus that is not zero")]
    NoModulus,
    /// The action has no use for the field.
    #[error("the action {action} has no use for {field}")]
    Useless {
        /// The action.
        action: String,
        /// The field.
        field: &'static str,
    },
}

const SEPARATOR: &str = ";";
const REGEX: &str = "(.*)";
const REPLACEMENT: &str = "$1";
impl RelabelDraft {
    /// The rule.
    ///
    /// # Errors
    /// [`RelabelError`] for what Prometheus refuses too (`Config.Validate` in its `model/relabel`).
    pub fn rule(&self) -> Result<RelabelRule, RelabelError> {
        let name = self.action.as_deref().unwrap_or("replace").to_lowercase();
        let name = name.as_str();
        self.refuse_useless(name)?;
        let target = || match self.target_label.as_deref().unwrap_or_default() {
            "" => Err(RelabelError::NoTarget(name.to_owned())),
            target => Ok(target.to_owned()),
        };
        let regex = || anchored(self.regex.as_deref().unwrap_or(REGEX));
        let replacement = || Replacement::new(self.replacement.as_deref().unwrap_or(REPLACEMENT));
        let action = match name {
            "replace" => Action::Replace {
                target: Replacement::new(&target()?),
                replacement: replacement(),
                regex: regex()?,
            },
            "keep" => Action::Keep(regex()?),
            "drop" => Action::Drop(regex()?),
            "keepequal" => Action::KeepEqual { target: target()? },
            "dropequal" => Action::DropEqual { target: target()? },
            "hashmod" => Action::HashMod {
                target: target()?,
                modulus: self.modulus.filter(|modulus| *modulus > 0).ok_or(RelabelError::NoModulus)?,
            },
            "labelmap" => Action::LabelMap { regex: regex()?, replacement: replacement() },
            "labeldrop" => Action::LabelDrop(regex()?),
            "labelkeep" => Action::LabelKeep(regex()?),
            "lowercase" => Action::Lowercase { target: target()? },
            "uppercase" => Action::Uppercase { target: target()? },
            _ => return Err(RelabelError::Action(name.chars().take(40).collect())),
        };
        Ok(RelabelRule {
            source_labels: self.source_labels.clone().unwrap_or_default(),
            separator: self.separator.clone().unwrap_or_else(|| SEPARATOR.to_owned()),
            action,
            draft: self.clone(),
        })
    }

    /// Refuses fields that the action would not look at, where Prometheus refuses them.
    fn refuse_useless(&self, action: &str) -> Result<(), RelabelError> {
        let differs =
            |field: &Option<String>, usual: &str| field.as_deref().is_some_and(|text| text != usual);
        let replacement = differs(&self.replacement, REPLACEMENT);
        let wrong: &[(bool, &'static str)] = match action {
            "lowercase" | "uppercase" => &[(replacement, "replacement")],
            "keepequal" | "dropequal" => &[
                (differs(&self.regex, REGEX), "regex"),
                (self.modulus.unwrap_or(0) != 0, "modulus"),
                (differs(&self.separator, SEPARATOR), "separator"),
                (replacement, "replacement"),
            ],
            "labeldrop" | "labelkeep" => &[
                (self.source_labels.as_ref().is_some_and(|labels| !labels.is_empty()), "source_labels"),
                (differs(&self.target_label, ""), "target_label"),
                (self.modulus.unwrap_or(0) != 0, "modulus"),
                (differs(&self.separator, SEPARATOR), "separator"),
                (replacement, "replacement"),
            ],
            _ => &[],
        };
        match wrong.iter().find(|(wrong, _)| *wrong) {
            Some((_, field)) => Err(RelabelError::Useless { action: action.to_owned(), field }),
            None => Ok(()),
        }
    }
}

/// The expression, which must match a whole text, line feeds too.
fn anchored(pattern: &str) -> Result<Expression, RelabelError> {
    let wrong = |reason: String| RelabelError::Regex { pattern: pattern.to_owned(), reason };
    Expression::whole(pattern).map_err(|error| wrong(error.to_string()))
}
