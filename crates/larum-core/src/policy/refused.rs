//! Why a policy is refused, field by field.

use smol_str::SmolStr;

/// A field of the form in which a policy is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PolicyField {
    /// The name.
    Name,
    /// The alias.
    Alias,
    /// The severity.
    Severity,
    /// For how long the expression must hold.
    Duration,
    /// For how long it goes on firing.
    KeepFiring,
    /// The expression.
    Expression,
    /// What the template looks at.
    Target,
    /// The template's threshold.
    Threshold,
    /// The summary.
    Summary,
    /// The details.
    Details,
    /// The description.
    Description,
    /// The link to a runbook.
    Runbook,
    /// How long no data is borne with.
    NoDataHold,
    /// The labels that it sets.
    Labels,
    /// The annotations that it sets beside its texts.
    Annotations,
}

impl PolicyField {
    /// The field's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Severity => "severity",
            Self::Duration => "duration",
            Self::KeepFiring => "keep_firing_for",
            Self::Expression => "expression",
            Self::Target => "target",
            Self::Threshold => "threshold",
            Self::Summary => "summary",
            Self::Details => "details",
            Self::Description => "description",
            Self::Runbook => "runbook",
            Self::NoDataHold => "no_data_hold",
            Self::Labels => "labels",
            Self::Annotations => "annotations",
        }
    }

    /// The field's name at the start of a sentence.
    const fn in_words(self) -> &'static str {
        match self {
            Self::Name => "The name",
            Self::Alias => "The alias",
            Self::Severity => "The severity",
            Self::Duration => "The duration",
            Self::KeepFiring => "The time to go on firing",
            Self::Expression => "The expression",
            Self::Target => "What is looked at",
            Self::Threshold => "The threshold",
            Self::Summary => "The summary",
            Self::Details => "The details",
            Self::Description => "The description",
            Self::Runbook => "The runbook",
            Self::NoDataHold => "The time to wait without data",
            Self::Labels => "A label",
            Self::Annotations => "An annotation",
        }
    }
}

/// Why one field of a policy is refused, in words for the one who filled it in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PolicyError {
    /// It has to be filled in.
    #[error("{} is missing.", field.in_words())]
    Missing {
        /// Which field.
        field: PolicyField,
    },
    /// It is too long.
    #[error("{} can have at most {limit} characters, not {length}.", field.in_words())]
    TooLong {
        /// Which field.
        field: PolicyField,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        limit: usize,
    },
    /// It has characters that no one can see.
    #[error("{} must not have line breaks or other control characters.", field.in_words())]
    Control {
        /// Which field.
        field: PolicyField,
    },
    /// There are more labels or annotations than may be.
    #[error("{count} of these are too many: at most {limit} can be set.")]
    TooMany {
        /// Which field.
        field: PolicyField,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A label or annotation cannot have this name.
    #[error("{} cannot be called {name:?}: a name has letters, digits and underscores, and is not one of those that a policy sets itself.", field.in_words())]
    TextName {
        /// Which field.
        field: PolicyField,
        /// The name.
        name: SmolStr,
    },
    /// It is not a severity that a policy can have.
    #[error("Choose a severity: critical, error, warning or info.")]
    Severity,
    /// It is longer than [`MAX_HOLD`](crate::policy::MAX_HOLD).
    #[error("{} can be at most 24 hours.", field.in_words())]
    TooLate {
        /// Which field.
        field: PolicyField,
    },
    /// It is not a number that anything can be compared with.
    #[error("The threshold must be a number.")]
    Threshold,
    /// It is not a link.
    #[error("The runbook must be a link that begins with https:// or http://.")]
    Runbook,
    /// Anything that only another room can know about a field: PromQL, templates, a metric's bounds.
    #[error("{message}")]
    Other {
        /// Which field.
        field: PolicyField,
        /// What is wrong, a whole sentence.
        message: String,
    },
}

impl PolicyError {
    /// Which field is refused.
    pub const fn field(&self) -> PolicyField {
        match self {
            Self::Missing { field }
            | Self::TooLong { field, .. }
            | Self::Control { field }
            | Self::TooLate { field }
            | Self::TooMany { field, .. }
            | Self::TextName { field, .. }
            | Self::Other { field, .. } => *field,
            Self::Severity => PolicyField::Severity,
            Self::Threshold => PolicyField::Threshold,
            Self::Runbook => PolicyField::Runbook,
        }
    }
}
