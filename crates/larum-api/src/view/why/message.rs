//! Messages that speak of an alert, as they are shown.

use larum_core::notification::Voice;
use larum_core::route::Way;
use larum_core::time::Timestamp;
use larum_store::NotificationRow;

use crate::wire::delivery::Delivery;
use crate::wire::why::{Says, WhyNotification};

/// A message as it is shown, as of a time.
pub(super) fn show(row: &NotificationRow, delivery: &Delivery, at: Timestamp) -> WhyNotification {
    WhyNotification {
        says: match row.voice {
            Voice::Firing => Says::Firing,
            Voice::SeverityChanged { .. } => Says::SeverityChanged,
            Voice::Resolved => Says::Resolved,
            Voice::FiredAndResolved => Says::FiredAndResolved,
        },
        settled: delivery.finished_at.is_some_and(|finished| finished.0 <= at),
        route: match &row.way {
            None | Some(Way::Conditions) => None,
            Some(Way::Route(key)) => Some(key.to_string()),
        },
        delivery: delivery.clone(),
    }
}

/// The name of a receiver that is gone: with its integration, if it was one of a configuration file.
pub(super) fn name(receiver: &str, channel: &str) -> String {
    if channel.ends_with(']') { format!("{receiver} {channel}") } else { receiver.to_owned() }
}
