//! What changed, for those who watch: never what it is now, which they read themselves.

/// Something that a page shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// Alerts.
    Alerts,
    /// Policies and how they stand.
    Policies,
    /// Deliveries.
    Deliveries,
    /// Receivers and how their channels stand.
    Receivers,
    /// How alerts are gathered.
    Grouping,
    /// Silences.
    Silences,
    /// Whether anybody is told, and whether the disk takes writes.
    Status,
}

impl Topic {
    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Policies => "policies",
            Self::Deliveries => "deliveries",
            Self::Receivers => "receivers",
            Self::Grouping => "grouping",
            Self::Silences => "silences",
            Self::Status => "status",
        }
    }
}
