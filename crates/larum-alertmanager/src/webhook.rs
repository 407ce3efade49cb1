//! What is posted to a webhook (Alertmanager, "Configuration", `webhook_config`; `notify/webhook/webhook.go`, version 4).
//! JSON needs no escaping against Slack: whoever receives it does that where it is shown.

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::data::{Data, DataAlert, Occasion};
use crate::json;
use crate::template::{Escape, FieldError, Scene, Templates, Texts};

mod payload;
mod sent;

pub use payload::{MAX_PAYLOAD, Payload};
pub use sent::{data_of, parts};

/// How Go writes a point in time (Go, package `time`, `RFC3339Nano`); times are in UTC, to the millisecond.
const POINT: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// The body of the request, byte for byte as Alertmanager 0.33 writes it. Of more than `max_alerts` alerts the first are
/// told, and the others counted; 0 is no limit.
pub fn body(occasion: &Occasion<'_>, max_alerts: u64) -> String {
    let (data, truncated) = occasion.first(max_alerts);
    let message = Message {
        receiver: &data.receiver,
        status: data.status(),
        alerts: data.alerts.iter().map(Alert::new).collect(),
        notification_reason: data.notification_reason,
        group_labels: Map(&data.group_labels),
        common_labels: Map(&data.common_labels),
        common_annotations: Map(&data.common_annotations),
        external_url: &data.external_url,
        version: "4",
        group_key: occasion.group_key,
        truncated_alerts: truncated,
    };
    json::to_string(&message) + "\n"
}

/// Where messages are posted to: the URL of a configuration, which is a template.
pub struct UrlTemplate(Texts);

impl UrlTemplate {
    /// Reads it. `None` if it is the same whatever is told.
    pub fn read(url: &str, templates: &Templates) -> Option<Self> {
        url.contains("{{").then(|| Self(templates.texts([("url".to_owned(), url)])))
    }

    /// Where this is posted to.
    ///
    /// # Errors
    /// [`FieldError`] when it cannot be filled in.
    pub fn fill(&self, data: &Data, now: Timestamp) -> Result<String, FieldError> {
        self.0.fill("url", &Scene::new(data, now), Escape::Nothing)
    }
}

/// In Go's order of fields.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    receiver: &'a str,
    status: &'a str,
    alerts: Vec<Alert<'a>>,
    #[serde(rename = "notification_reason")]
    notification_reason: &'a str,
    group_labels: Map<'a>,
    common_labels: Map<'a>,
    common_annotations: Map<'a>,
    #[serde(rename = "externalURL")]
    external_url: &'a str,
    version: &'a str,
    group_key: &'a str,
    truncated_alerts: u64,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Alert<'a> {
    status: &'a str,
    labels: Map<'a>,
    annotations: Map<'a>,
    starts_at: String,
    ends_at: String,
    #[serde(rename = "generatorURL")]
    generator_url: &'a str,
    fingerprint: &'a str,
}

impl<'a> Alert<'a> {
    fn new(alert: &'a DataAlert) -> Self {
        Self {
            status: alert.status(),
            labels: Map(&alert.labels),
            annotations: Map(&alert.annotations),
            starts_at: point(Some(alert.starts_at)),
            ends_at: point(alert.ends_at),
            generator_url: &alert.generator_url,
            fingerprint: &alert.fingerprint,
        }
    }
}

/// A time; none is Go's zero time.
fn point(at: Option<Timestamp>) -> String {
    let time = at.and_then(|at| jiff::Timestamp::from_millisecond(at.as_millis()).ok());
    match time {
        Some(time) => larum_template::format_time(&time.to_zoned(jiff::tz::TimeZone::UTC), POINT),
        None => "0001-01-01T00:00:00Z".to_owned(),
    }
}

/// Labels as an object, by name.
struct Map<'a>(&'a LabelSet);

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}
