//! What inhibits an alert, as it is shown.

use larum_core::alert::Alert;
use larum_core::inhibit::{Inhibited, Inhibitor};
use larum_core::label::{ALERT_NAME, LabelSet};

use super::alert::target;
use crate::wire::alert::InhibitedBy;

/// What inhibits an alert now.
pub fn show_inhibitor(inhibitor: Inhibitor<'_>) -> InhibitedBy {
    show(&inhibitor.to_inhibited(), Some(inhibitor.labels))
}

/// What inhibited an alert, by the one that did if it is still known.
pub fn show_inhibited(inhibited: &Inhibited, by: Option<&Alert>) -> InhibitedBy {
    show(inhibited, by.map(|alert| &alert.labels))
}

fn show(inhibited: &Inhibited, labels: Option<&LabelSet>) -> InhibitedBy {
    InhibitedBy {
        rule: inhibited.rule.to_string(),
        alert: inhibited.by.to_string(),
        name: labels.map(|labels| labels.value(ALERT_NAME).to_owned()).unwrap_or_default(),
        target: labels.map(target).unwrap_or_default(),
    }
}

/// `NodeDown (node web-1), rule node-down`
pub fn in_words(by: &InhibitedBy) -> String {
    let name = if by.name.is_empty() { format!("alert {}", by.alert) } else { by.name.clone() };
    let target = if by.target.is_empty() { String::new() } else { format!(" ({})", by.target) };
    let rule = if by.rule.is_empty() { String::new() } else { format!(", rule {}", by.rule) };
    format!("{name}{target}{rule}")
}
