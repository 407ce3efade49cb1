//! The group commit: all that a step changed, in one transaction, on disk before anyone is answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::alert::Alert;
use larum_core::group::Group;
use larum_core::outbox::{BodyId, Delivery, DeliveryChange, DeliveryId, DeliveryState};
use larum_core::policy::PolicyRecord;
use larum_core::state::{Delta, FirstTold, PlannedBody};
use larum_core::time::{Now, Timestamp};
use larum_core::verdict::{Hushed, Verdict};
use serde::Serialize;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, Transaction};

use crate::Store;
use crate::error::StoreError;
use crate::rows::{Labels, Spoken, alert_columns, alert_record, group_columns, number, write, write_to};
use crate::settings::{SettingsWrite, policy_record};
use crate::silences::{silence_columns, write_silenced};
use step::STEP;
use transitions::{TRANSITIONS, transition_columns};

pub(crate) mod lanes;
pub(crate) mod step;
mod transitions;

/// A message put into words, as it is sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Which planned message it is.
    pub id: BodyId,
    /// The same in one plain line.
    pub headline: String,
    /// What is sent: Slack's JSON without the channel, or the body of an integration's request.
    pub message: Arc<str>,
    /// Why it is not what was asked for, in words: a template has failed.
    pub problem: Option<String>,
}

/// All that is to be on disk before anything follows from it.
#[derive(Debug)]
pub struct Commit<'a> {
    /// What changed in the state.
    pub delta: &'a Delta,
    /// Each of the delta's messages put into words, in the same order.
    pub rendered: &'a [Rendered],
    /// What somebody changed in the settings.
    pub settings: &'a [SettingsWrite],
    /// The step's time.
    pub now: Now,
}

impl Store {
    /// Writes a step down. When this answers, it is on disk; when it fails, nothing of it is.
    ///
    /// # Errors
    /// [`StoreError::Full`] if the disk takes no more, [`StoreError::NameTaken`] if a name in the settings is taken.
    pub async fn commit(&self, commit: &Commit<'_>) -> Result<(), StoreError> {
        if commit.settings.is_empty() {
            step(commit).execute(&self.writer).await?;
            return Ok(());
        }
        let mut transaction: Transaction<'_, Sqlite> = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        step(commit).execute(&mut *transaction).await?;
        for write in commit.settings {
            self.write_setting(&mut transaction, write, commit.now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Whether the disk takes writes again.
    ///
    /// # Errors
    /// [`StoreError::Full`] if it does not.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        let text = "INSERT INTO meta (key, value) VALUES ('probe', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(text).bind("x".repeat(64 << 10)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        sqlx::query("DELETE FROM meta WHERE key = 'probe'").execute(&self.writer).await?;
        Ok(())
    }
}

/// What changed in the state, in the order of the view's columns.
fn step(commit: &Commit<'_>) -> Query<'static, Sqlite, SqliteArguments> {
    let (delta, now) = (commit.delta, commit.now);
    let (alerts, records) = alert_rows(&delta.alerts).unzip();
    let (deliveries, changes) = delivery_rows(delta);
    let (lanes, silences) = (&delta.lanes, delta.silences.iter());
    sqlx::query(STEP)
        .bind(alerts)
        .bind(records)
        .bind(rows(delta.verdicts.iter().map(verdict_columns)))
        .bind(rows(delta.groups.iter().map(|group: &Group| group_columns(group, now))))
        .bind(rows(delta.ended_groups.iter().map(|id| (number(id.0),))))
        .bind(rows(delta.first_told.iter().map(first_told_columns)))
        .bind(rows(delta.bodies.iter().zip(commit.rendered).map(body_columns)))
        .bind(deliveries)
        .bind(changes)
        .bind(rows(lanes.resumed.iter().map(lanes::resumed_columns)))
        .bind(rows(lanes.paused.iter().map(|lane| lanes::paused_columns(lane, now))))
        .bind(rows(lanes.past.iter().map(lanes::past_columns)))
        .bind(rows(lanes.retry_after.iter().map(|asked| lanes::retry_columns(asked, now))))
        .bind(rows(delta.policies.iter().map(policy_state_columns)))
        .bind(rows(delta.transitions.iter().map(transition_columns)))
        .bind(rows(silences.map(|silence| silence_columns(silence))))
        .bind(rows(delta.forgotten_silences.iter().map(|id| (id.to_string(),))))
        .bind(delta.next_id.map(|next_id| next_id.to_string()))
}

/// Rows as one text, which `json_each` takes apart; nothing if there are none.
fn rows<R: Serialize>(rows: impl ExactSizeIterator<Item = R>) -> Option<String> {
    (rows.len() > 0).then(|| write(&rows.collect::<Vec<R>>()))
}

const NEXT_ID: &str = "
INSERT INTO meta (key, value) VALUES ('next_id', NEW.next_id) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// The records lie one behind the other in a column of their own, and each row says where its own is: SQLite would read
/// and write their JSON anew.
fn alert_rows(alerts: &[Arc<Alert>]) -> Option<(String, Vec<u8>)> {
    let mut records = Vec::with_capacity(alerts.len() * 1024);
    let mut rows = Vec::with_capacity(alerts.len());
    for alert in alerts {
        let from = records.len();
        write_to(&mut records, &alert_record(alert));
        let (id, policy, name, severity, starts_at, updated_at, ended_at) = alert_columns(alert);
        let bytes = records.len() - from;
        rows.push((id, policy, name, severity, starts_at, updated_at, ended_at, from + 1, bytes));
    }
    (!rows.is_empty()).then(|| (write(&rows), records))
}

const ALERTS: &str = "
INSERT INTO alert (id, policy_id, name, severity, starts_at, updated_at, ended_at, record)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), CAST(substr(NEW.records, json_extract(value, '$[7]'), json_extract(value, '$[8]')) AS TEXT)
FROM json_each(NEW.alerts) WHERE true
ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, updated_at = excluded.updated_at,
       ended_at = excluded.ended_at, record = excluded.record";

const VERDICTS: &str = "
INSERT INTO verdict (alert_id, receiver_id, reason, at, rule, by_alert, silences, intervals, receiver_name, way,
       group_labels, number)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]'),
       json_extract(value, '$[9]'), json_extract(value, '$[10]'), json_extract(value, '$[11]')
FROM json_each(NEW.verdicts)";

type VerdictColumns<'a> = (
    i64,
    i64,
    &'static str,
    i64,
    Option<&'a str>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<&'a str>,
    Option<&'a str>,
    Option<Labels>,
    i64,
);

fn verdict_columns(verdict: &Verdict) -> VerdictColumns<'_> {
    let receiver = verdict.receiver.map_or(0, |id| number(id.0));
    let (name, group) = (verdict.name.as_deref(), verdict.group.as_ref());
    let (way, labels) =
        (group.map(|group| group.way.as_str()), group.map(|group| Labels(group.labels.clone())));
    let (rule, by, silences, intervals) = match &verdict.reason {
        Hushed::Inhibited(inhibited) => (Some(&*inhibited.rule), Some(number(inhibited.by.0)), None, None),
        Hushed::Silenced(silenced) => (None, None, Some(write_silenced(silenced)), None),
        Hushed::OffTime(off_time) => (None, None, None, Some(write(&off_time.by.to_vec()))),
        _ => (None, None, None, None),
    };
    let (alert, reason, at) = (number(verdict.alert.0), verdict.reason.as_str(), verdict.at.as_millis());
    (alert, receiver, reason, at, rule, by, silences, intervals, name, way, labels, number(verdict.number))
}

const FIRST_TOLD: &str = "
INSERT INTO first_told (alert_id, group_id, turn)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(NEW.first_told) WHERE true
ON CONFLICT (alert_id, group_id) DO NOTHING";

fn first_told_columns(told: &FirstTold) -> (i64, i64, u32) {
    (number(told.alert.0), number(told.group.0), told.turn)
}

const GROUPS: &str = "
INSERT INTO alert_group (id, receiver_id, labels, due_at, turn, spoke_at, told, heard, gaps, way)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]'),
       json_extract(value, '$[9]')
FROM json_each(NEW.alert_groups) WHERE true
ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, turn = excluded.turn, spoke_at = excluded.spoke_at,
       told = excluded.told, heard = excluded.heard, gaps = excluded.gaps";

const ENDED_GROUPS: &str = "DELETE FROM alert_group WHERE id IN (SELECT json_extract(value, '$[0]') FROM json_each(NEW.ended_groups))";

const BODIES: &str = "
INSERT INTO body (id, group_id, receiver_id, receiver_name, turn, reason, planned_at, group_labels, headline,
       message, problem, way)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]'),
       json_extract(value, '$[9]'), json_extract(value, '$[10]'), json_extract(value, '$[11]')
FROM json_each(NEW.bodies)";

type BodyColumns<'a> =
    (i64, i64, i64, &'a str, u32, &'static str, i64, Labels, &'a str, &'a str, Option<&'a str>, &'a str);

fn body_columns<'a>((body, rendered): (&'a PlannedBody, &'a Rendered)) -> BodyColumns<'a> {
    let notification = &body.notification;
    (
        number(body.id.0),
        number(body.group.0),
        number(body.receiver.0),
        &notification.receiver,
        body.turn,
        notification.reason.as_str(),
        notification.planned_at.as_millis(),
        Labels(notification.group_labels.clone()),
        &rendered.headline,
        &rendered.message,
        rendered.problem.as_deref(),
        body.way.as_str(),
    )
}

/// What a delivery is, and where it stands already.
const DELIVERIES: &str = "
INSERT INTO delivery (id, body_id, receiver_id, channel, group_id, turn, severity, planned_at, alerts, replaced,
       replaced_since, replaced_unnamed, replaced_turn, state, attempts, uncertain, plain, error, detail, ts,
       channel_id, finished_at)
SELECT json_extract(value, '$[0][0]'), json_extract(value, '$[0][1]'), json_extract(value, '$[0][2]'),
       json_extract(value, '$[0][3]'), json_extract(value, '$[0][4]'), json_extract(value, '$[0][5]'),
       json_extract(value, '$[0][6]'), json_extract(value, '$[0][7]'), json_extract(value, '$[0][8]'),
       json_extract(value, '$[0][9]'), json_extract(value, '$[0][10]'), json_extract(value, '$[0][11]'),
       json_extract(value, '$[0][12]'), json_extract(value, '$[1][1]'), json_extract(value, '$[1][2]'),
       json_extract(value, '$[1][3]'), json_extract(value, '$[1][4]'), json_extract(value, '$[1][5]'),
       json_extract(value, '$[1][6]'), json_extract(value, '$[1][7]'), json_extract(value, '$[1][8]'),
       json_extract(value, '$[1][9]')
FROM json_each(NEW.deliveries)";

type DeliveryColumns<'a> =
    (i64, i64, i64, &'a str, i64, u32, &'static str, i64, Vec<Spoken>, u32, Option<i64>, u32, u32);

fn delivery_columns(delivery: &Delivery) -> DeliveryColumns<'_> {
    (
        number(delivery.id.0),
        number(delivery.body.0),
        number(delivery.receiver.0),
        delivery.channel.as_str(),
        number(delivery.group.0),
        delivery.turn,
        delivery.severity.as_str(),
        delivery.planned_at.as_millis(),
        delivery.alerts.iter().map(Spoken::of).collect(),
        delivery.replaced.map_or(0, |replaced| replaced.messages),
        delivery.replaced.map(|replaced| replaced.since.as_millis()),
        delivery.replaced.map_or(0, |replaced| replaced.unnamed),
        delivery.replaced.map_or(0, |replaced| replaced.first_turn),
    )
}

const CHANGES: &str = "
UPDATE delivery SET state = json_extract(value, '$[1]'), attempts = json_extract(value, '$[2]'),
       uncertain = json_extract(value, '$[3]'), plain = json_extract(value, '$[4]'),
       error = json_extract(value, '$[5]'), detail = json_extract(value, '$[6]'),
       ts = json_extract(value, '$[7]'), channel_id = json_extract(value, '$[8]'),
       finished_at = json_extract(value, '$[9]')
FROM json_each(NEW.changes) WHERE delivery.id = json_extract(value, '$[0]')";

type ChangeColumns<'a> = (
    i64,
    &'static str,
    u32,
    u8,
    u8,
    Option<&'a str>,
    Option<String>,
    Option<&'a str>,
    Option<&'a str>,
    Option<i64>,
);

/// A delivery that is new is written once, as it stands after this step: most are on their way at once. Of others only the
/// last change counts.
fn delivery_rows(delta: &Delta) -> (Option<String>, Option<String>) {
    let changes = delta.changes.iter().map(|change| (change.delivery.id, change));
    let mut changes: BTreeMap<DeliveryId, &DeliveryChange> = changes.collect();
    let new = delta.deliveries.iter().map(|delivery| match changes.remove(&delivery.id) {
        Some(change) => (delivery_columns(delivery), change_columns(change)),
        None => (delivery_columns(delivery), standing_columns(delivery, &DeliveryState::Waiting, None)),
    });
    let new = rows(new);
    (new, rows(changes.into_values().map(change_columns)))
}

fn change_columns(change: &DeliveryChange) -> ChangeColumns<'_> {
    let open = matches!(change.state, DeliveryState::Waiting | DeliveryState::Sending);
    standing_columns(&change.delivery, &change.state, (!open).then_some(change.at))
}

fn standing_columns<'a>(
    delivery: &'a Delivery,
    state: &'a DeliveryState,
    finished_at: Option<Timestamp>,
) -> ChangeColumns<'a> {
    let (ts, channel_id, detail) = match state {
        DeliveryState::Delivered { ts, channel_id } => (Some(ts.as_str()), Some(channel_id.as_str()), None),
        DeliveryState::Superseded { by } => (None, None, Some(by.0.to_string())),
        DeliveryState::Cancelled { why } => (None, None, Some(why.to_string())),
        DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Dead => (None, None, None),
    };
    (
        number(delivery.id.0),
        state.as_str(),
        delivery.attempts,
        delivery.uncertain.into(),
        delivery.plain.into(),
        delivery.last_error.as_deref(),
        detail,
        ts,
        channel_id,
        finished_at.map(Timestamp::as_millis),
    )
}

const POLICY_STATES: &str = "
INSERT INTO policy_state (policy_id, record)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(NEW.policy_states) WHERE true
ON CONFLICT (policy_id) DO UPDATE SET record = excluded.record";

fn policy_state_columns(record: &PolicyRecord) -> (i64, String) {
    (number(record.policy.0), policy_record(record))
}
