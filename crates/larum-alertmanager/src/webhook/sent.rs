//! What a body that was written says: its address may be a template, which is filled in when it is sent, for an address
//! is a secret and does not lie beside the body.

use std::collections::BTreeMap;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use serde::Deserialize;

use crate::data::{Data, DataAlert, reason_of};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    receiver: String,
    alerts: Vec<SentAlert>,
    #[serde(rename = "notification_reason")]
    notification_reason: String,
    group_labels: Labels,
    common_labels: Labels,
    common_annotations: Labels,
    #[serde(rename = "externalURL")]
    external_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentAlert {
    status: String,
    labels: Labels,
    annotations: Labels,
    starts_at: jiff::Timestamp,
    ends_at: jiff::Timestamp,
    #[serde(rename = "generatorURL")]
    generator_url: String,
    fingerprint: String,
}

type Labels = BTreeMap<String, String>;

/// What of a message is posted, and what it was written from: with a payload of its own and an address that is a template
/// both lie there, each on its line; else they are the same.
pub fn parts(message: &str) -> (&str, &str) {
    let (posted, rest) = message.split_at(message.find('\n').map_or(message.len(), |end| end + 1));
    if rest.is_empty() { (posted, posted) } else { (posted, rest) }
}

/// What templates see of the notification that [`body`](super::body) wrote. `None` if it has not written that.
pub fn data_of(body: &str) -> Option<Data> {
    let sent: Sent = serde_json::from_str(body).ok()?;
    let labels = |labels: &Labels| -> LabelSet { labels.iter().collect() };
    let alert = |alert: SentAlert| {
        let is_resolved = alert.status == "resolved";
        let at = |time: jiff::Timestamp| Timestamp::from_millis(time.as_millisecond());
        DataAlert {
            is_resolved,
            labels: labels(&alert.labels),
            annotations: labels(&alert.annotations),
            starts_at: at(alert.starts_at),
            ends_at: Some(at(alert.ends_at)).filter(|_| is_resolved),
            generator_url: alert.generator_url,
            fingerprint: alert.fingerprint,
        }
    };
    Some(Data {
        receiver: sent.receiver,
        notification_reason: reason_of(&sent.notification_reason)?,
        group_labels: labels(&sent.group_labels),
        common_labels: labels(&sent.common_labels),
        common_annotations: labels(&sent.common_annotations),
        external_url: sent.external_url,
        alerts: sent.alerts.into_iter().map(alert).collect(),
    })
}
