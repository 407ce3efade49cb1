//! The shapes in which values of the mind lie in rows. They are read by later versions: fields may be added, never
//! given another meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::alert::{Alert, AlertId, EndReason, Measured, Origin, Phase, PolicyId, RESOLVE_TIMEOUT};
use larum_core::group::{Gap, Group, GroupId};
use larum_core::inhibit::Inhibited;
use larum_core::label::LabelSet;
use larum_core::mute::{Mute, OffTime};
use larum_core::notification::Voice;
use larum_core::policy::FAR_END;
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::route::Way;
use larum_core::routing::Destination;
use larum_core::severity::Severity;
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::{GroupPlace, Hushed, Verdict};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::StoreError;
use crate::silences::read_silenced;

pub(crate) fn read<'a, T: Deserialize<'a>>(table: &'static str, text: &'a str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Row { table, reason: error.to_string() })
}

pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The same, behind what stands there already.
pub(crate) fn write_to<T: Serialize>(text: &mut Vec<u8>, value: &T) {
    // Memory takes what is written to it, and a row of ours can always be written.
    let _ = serde_json::to_writer(text, value);
}

pub(crate) fn broken(table: &'static str, reason: impl Into<String>) -> StoreError {
    StoreError::Row { table, reason: reason.into() }
}

/// A label set as a JSON object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels(pub LabelSet);

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Labels;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Labels(LabelSet::from_pairs(pairs)))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// `alert.record`
#[derive(Serialize, Deserialize)]
pub(crate) struct AlertRecord<'a> {
    origin: SmolWord,
    labels: Labels,
    annotations: Labels,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    url: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends_at: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    timeout: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end_reason: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_text: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    continues: Option<u64>,
}

impl AlertRecord<'_> {
    /// Labels, annotations, why it ended, and what was measured.
    pub(crate) fn into_words(self) -> (LabelSet, LabelSet, Option<String>, String) {
        let value = self.value_text.unwrap_or_default().into_owned();
        (self.labels.0, self.annotations.0, self.end_reason.map(Cow::into_owned), value)
    }
}

#[derive(Serialize, Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum SmolWord {
    Policy,
    Prometheus,
    Alertmanager,
}

/// The columns of `alert` beside its record.
pub(crate) type AlertColumns<'a> = (i64, Option<i64>, &'a str, &'static str, i64, i64, Option<i64>);

pub(crate) fn alert_columns(alert: &Alert) -> AlertColumns<'_> {
    (
        number(alert.id.0),
        alert.policy().map(|id| number(id.0)),
        alert.name(),
        alert.severity().as_str(),
        alert.starts_at.as_millis(),
        alert.updated_at.as_millis(),
        alert.ended_at().map(Timestamp::as_millis),
    )
}

pub(crate) fn alert_record(alert: &Alert) -> AlertRecord<'_> {
    let (ends_at, timeout, end_reason) = match alert.phase {
        Phase::Firing { ends_at, timeout, .. } => (Some(ends_at.as_millis()), timeout, None),
        Phase::Ended { reason, .. } => (None, false, Some(reason.as_str().into())),
    };
    AlertRecord {
        origin: match alert.origin {
            Origin::Policy(_) => SmolWord::Policy,
            Origin::Prometheus => SmolWord::Prometheus,
            Origin::Alertmanager => SmolWord::Alertmanager,
        },
        labels: Labels(alert.labels.clone()),
        annotations: Labels(alert.annotations.clone()),
        url: Cow::Borrowed(&alert.generator_url),
        ends_at,
        timeout,
        end_reason,
        value: alert.measured.as_ref().map(|measured| measured.value),
        value_text: alert.measured.as_ref().map(|measured| Cow::Borrowed(measured.text.as_str())),
        continues: alert.continues.map(|id| id.0),
    }
}

/// One row of `alert`, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct AlertRow {
    pub id: i64,
    pub policy_id: Option<i64>,
    pub starts_at: i64,
    pub updated_at: i64,
    pub ended_at: Option<i64>,
    pub record: String,
}

impl AlertRow {
    /// The alert as it goes on now: one that came from outside has at least a fresh `resolve_timeout` in which to be
    /// sent again. Nobody listened while Larum was down, and both senders try again within a minute or two
    /// (Prometheus, `--rules.alert.resend-delay`; Alertmanager, `notify`, `RetryStage`). What only its policy
    /// ends has a new far end. Nothing fires for longer from now than from when it was said, whatever the clock was.
    pub(crate) fn alert(&self, now: Now) -> Result<Alert, StoreError> {
        let record: AlertRecord<'_> = read("alert", &self.record)?;
        let policy = self.policy_id.map(|id| PolicyId(unsigned(id)));
        let origin = match (record.origin, policy) {
            (SmolWord::Policy, Some(id)) => Origin::Policy(id),
            (SmolWord::Alertmanager, _) => Origin::Alertmanager,
            _ => Origin::Prometheus,
        };
        let reason =
            record.end_reason.as_deref().and_then(EndReason::from_word).unwrap_or(EndReason::Resolved);
        let phase = match self.ended_at {
            Some(at) => Phase::Ended { at: Timestamp::from_millis(at), reason },
            None => {
                let stored = Timestamp::from_millis(record.ends_at.unwrap_or_default());
                let lasts = stored.since(Timestamp::from_millis(self.updated_at));
                let anew = now.wall.plus(lasts);
                let ends_at = match origin {
                    // Its sender says no end: it has as long as it had to be sent again.
                    Origin::Prometheus if record.timeout => now.wall.plus(lasts.max(RESOLVE_TIMEOUT)),
                    Origin::Prometheus | Origin::Alertmanager => {
                        stored.min(anew).max(now.wall.plus(RESOLVE_TIMEOUT))
                    }
                    Origin::Policy(_) if lasts >= FAR_END => anew,
                    Origin::Policy(_) => stored.min(anew),
                };
                Phase::Firing { ends_at, expires: now.steady_at(ends_at), timeout: record.timeout }
            }
        };
        let text = record.value_text.unwrap_or_default();
        Ok(Alert {
            id: AlertId(unsigned(self.id)),
            origin,
            labels: record.labels.0,
            annotations: record.annotations.0,
            generator_url: record.url.as_ref().into(),
            starts_at: Timestamp::from_millis(self.starts_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            phase,
            measured: (!text.is_empty() || record.value.is_some())
                .then(|| Measured { value: record.value.unwrap_or(f64::NAN), text: text.into() }.into()),
            continues: record.continues.map(AlertId),
        })
    }
}

/// The columns of `alert_group`.
pub(crate) type GroupColumns =
    (i64, i64, Labels, i64, u32, Option<i64>, Turns, BTreeMap<String, u32>, Gaps, String);

/// Alerts, each with a turn of their group.
type Turns = Vec<(u64, u32)>;

/// Alerts, each with the last turn that named it and the first that did again.
type Gaps = Vec<(u64, u32, Option<u32>)>;

fn turns(alerts: &BTreeMap<AlertId, u32>) -> Turns {
    alerts.iter().map(|(alert, turn)| (alert.0, *turn)).collect()
}

fn read_turns(text: &str) -> Result<BTreeMap<AlertId, u32>, StoreError> {
    let turns: Turns = read("alert_group", text)?;
    Ok(turns.into_iter().map(|(alert, turn)| (AlertId(alert), turn)).collect())
}

pub(crate) fn group_columns(group: &Group, now: Now) -> GroupColumns {
    (
        number(group.id.0),
        number(group.receiver.0),
        Labels(group.labels.clone()),
        now.wall_at(group.due).as_millis(),
        group.turn,
        group.spoke_at.map(|at| now.wall_at(at).as_millis()),
        turns(&group.told),
        group.heard.iter().map(|(channel, turn)| (channel.as_str().to_owned(), *turn)).collect(),
        group
            .gaps
            .iter()
            .flat_map(|(alert, gaps)| gaps.iter().map(|gap| (alert.0, gap.after, gap.until)))
            .collect(),
        group.way.as_str().to_owned(),
    )
}

/// One row of `alert_group`, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct GroupRow {
    id: i64,
    receiver_id: i64,
    way: String,
    labels: String,
    due_at: i64,
    turn: i64,
    spoke_at: Option<i64>,
    told: String,
    heard: String,
    gaps: String,
}

impl GroupRow {
    /// The group as it goes on now. What was due while nobody looked is due at once.
    pub(crate) fn group(&self, now: Now) -> Result<Group, StoreError> {
        let labels: Labels = read("alert_group", &self.labels)?;
        let heard: BTreeMap<String, u32> = read("alert_group", &self.heard)?;
        let due = now.steady_at(Timestamp::from_millis(self.due_at));
        let place = Destination {
            receiver: ReceiverId(unsigned(self.receiver_id)),
            way: Way::from_text(&self.way),
            labels: labels.0,
        };
        let mut group = Group::new(GroupId(unsigned(self.id)), place, due);
        group.turn = u32::try_from(self.turn).unwrap_or(u32::MAX);
        group.spoke_at = self.spoke_at.map(|at| now.steady_at(Timestamp::from_millis(at)).min(now.steady));
        group.told = read_turns(&self.told)?;
        let gaps: Gaps = read("alert_group", &self.gaps)?;
        for (id, after, until) in gaps {
            group.gaps.entry(AlertId(id)).or_default().push(Gap { after, until });
        }
        for (name, turn) in heard {
            let channel = Channel::stored(&name).map_err(|error| broken("alert_group", error.to_string()))?;
            group.heard.insert(channel, turn);
        }
        Ok(group)
    }
}

/// One row of `verdict`, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct VerdictRow {
    alert_id: i64,
    receiver_id: i64,
    reason: String,
    at: i64,
    rule: Option<String>,
    by_alert: Option<i64>,
    silences: Option<String>,
    intervals: Option<String>,
    receiver_name: Option<String>,
    way: Option<String>,
    group_labels: Option<String>,
    number: i64,
}

impl VerdictRow {
    /// What was decided.
    pub(crate) fn verdict(self) -> Result<Verdict, StoreError> {
        let inhibited = self.rule.zip(self.by_alert);
        let inhibited =
            inhibited.map(|(rule, by)| Inhibited { rule: rule.into(), by: AlertId(unsigned(by)) });
        let silenced = self.silences.as_deref().map(read_silenced).transpose()?;
        let by: Option<Vec<Arc<str>>> =
            self.intervals.as_deref().map(|names| read("verdict", names)).transpose()?;
        let outside = self.reason == "active_time_interval";
        let off_time = by.map(|by| OffTime { by: by.into(), outside });
        let mute = inhibited.map(Mute::Inhibited).or_else(|| silenced.map(Mute::Silenced));
        let mute = mute.or_else(|| off_time.map(Mute::OffTime));
        let reason = Hushed::from_word(&self.reason, mute);
        let reason = reason.ok_or_else(|| broken("verdict", format!("{:?} is no reason", self.reason)))?;
        let receiver = (self.receiver_id != 0).then(|| ReceiverId(unsigned(self.receiver_id)));
        let (alert, at) = (AlertId(unsigned(self.alert_id)), Timestamp::from_millis(self.at));
        let name = self.receiver_name.map(Into::into);
        let labels =
            self.group_labels.as_deref().map(|labels| read::<Labels>("verdict", labels)).transpose()?;
        let group = self.way.zip(labels);
        let group = group.map(|(way, labels)| GroupPlace { way: Way::from_text(&way), labels: labels.0 });
        let number = unsigned(self.number);
        Ok(Verdict { number, alert, receiver, name, group, reason, at })
    }
}

/// What a delivery speaks of: `[alert, voice, severity before]`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Spoken(u64, Tone, #[serde(default)] Option<String>);

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Tone {
    Firing,
    SeverityChanged,
    Resolved,
    FiredAndResolved,
}

impl Spoken {
    pub(crate) fn of((id, voice): &(AlertId, Voice)) -> Self {
        match voice {
            Voice::Firing => Self(id.0, Tone::Firing, None),
            Voice::SeverityChanged { from } => Self(id.0, Tone::SeverityChanged, Some(from.to_string())),
            Voice::Resolved => Self(id.0, Tone::Resolved, None),
            Voice::FiredAndResolved => Self(id.0, Tone::FiredAndResolved, None),
        }
    }

    pub(crate) fn alert(&self) -> AlertId {
        AlertId(self.0)
    }

    pub(crate) fn heard(&self) -> (AlertId, Voice) {
        let voice = match self.1 {
            Tone::Firing => Voice::Firing,
            Tone::SeverityChanged => {
                Voice::SeverityChanged { from: Severity::from_word(self.2.as_deref().unwrap_or_default()) }
            }
            Tone::Resolved => Voice::Resolved,
            Tone::FiredAndResolved => Voice::FiredAndResolved,
        };
        (AlertId(self.0), voice)
    }

    pub(crate) fn read_all(text: &str) -> Result<Arc<[(AlertId, Voice)]>, StoreError> {
        let spoken: Vec<Self> = read("delivery", text)?;
        Ok(spoken.iter().map(Self::heard).collect())
    }
}

/// A number of ours as SQL has it. Numbers are drawn one by one, and never come near the end.
pub(crate) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(id: i64) -> u64 {
    u64::try_from(id).unwrap_or_default()
}
