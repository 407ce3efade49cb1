//! What a person may change about a policy that comes with Larum.

use larum_core::policy::{BuiltinEdit, MAX_HOLD, PolicyDraft, PolicyError, PolicyField};
use larum_core::severity::Severity;

use super::Builtin;
use crate::measure::Reading;

impl Builtin {
    /// The expression with another threshold; none if the policy compares with nothing that can be set.
    pub fn expr_with(&self, threshold: f64) -> Option<String> {
        self.threshold.as_ref().map(|known| known.written(&self.draft.expr, threshold))
    }

    /// The threshold in an expression that is this policy's but for that; none for any other expression.
    pub fn threshold_in(&self, expr: &str) -> Option<f64> {
        self.threshold.as_ref()?.read(&self.draft.expr, expr)
    }

    /// The policy with these changes.
    ///
    /// # Errors
    /// [`PolicyError`] when a threshold is negative or no number, or there is none to be set; when it would have to
    /// hold for longer than [`MAX_HOLD`]; or when the severity is none that a policy can have.
    pub fn edited(&self, edit: BuiltinEdit) -> Result<PolicyDraft, PolicyError> {
        let mut draft = self.draft.clone();
        if let Some(threshold) = edit.threshold {
            draft.expr = self.expr_checked(threshold)?;
        }
        if let Some(hold) = edit.hold {
            if hold > MAX_HOLD {
                return Err(PolicyError::TooLate { field: PolicyField::Duration });
            }
            draft.hold = hold;
        }
        if let Some(severity) = edit.severity {
            if matches!(severity, Severity::Other | Severity::None) && severity != self.draft.severity {
                return Err(PolicyError::Severity);
            }
            draft.severity = severity;
        }
        draft.enabled = edit.enabled.unwrap_or(draft.enabled);
        draft.edit = edit;
        Ok(draft)
    }

    fn expr_checked(&self, threshold: f64) -> Result<String, PolicyError> {
        if !threshold.is_finite() {
            return Err(PolicyError::Threshold);
        }
        let refuse =
            |message: &str| PolicyError::Other { field: PolicyField::Threshold, message: message.to_owned() };
        // Several expressions stand a 0 where a healthy cluster has no series, which no limit below may let through.
        if threshold < 0.0 {
            return Err(refuse("The threshold must be 0 or more."));
        }
        self.expr_with(threshold).ok_or_else(|| refuse("This policy has no threshold."))
    }

    /// What somebody changed about the policy to get `draft`; none if that is more than can be changed about it.
    /// Texts do not count: newer versions of Larum bring newer ones.
    pub fn edit_in(&self, draft: &PolicyDraft) -> Option<BuiltinEdit> {
        let same = draft.expr == self.draft.expr;
        let threshold = if same { None } else { Some(self.threshold_in(&draft.expr)?) };
        Some(BuiltinEdit {
            threshold,
            hold: Some(draft.hold).filter(|hold| *hold != self.draft.hold),
            enabled: Some(draft.enabled).filter(|enabled| *enabled != self.draft.enabled),
            severity: Some(draft.severity).filter(|severity| *severity != self.draft.severity),
        })
    }

    /// How the values of this expression are put into words: with its threshold, if it is this policy's expression.
    pub(crate) fn reading_of(&self, expr: &str) -> Reading {
        let limit = self.threshold.as_ref().zip(self.threshold_in(expr));
        Reading { limit: limit.map(|(known, value)| (known.comparator, value)), ..self.reading }
    }
}
