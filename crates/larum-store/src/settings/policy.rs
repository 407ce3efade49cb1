//! Policies as rows, and what they remember.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{Measured, PolicyId};
use larum_core::policy::{
    BuiltinEdit, Policy, PolicyDraft, PolicyKind, PolicyRecord, RulePlace, SeriesState,
};
use larum_core::severity::Severity;
use larum_core::time::Timestamp;
use larum_core::transition::Stage;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use sqlx::SqliteConnection;

use super::template::TemplateRecord;
use crate::error::StoreError;
use crate::rows::{Labels, broken, number, read, unsigned, write};

/// A policy as it is stored.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// The policy.
    pub policy: Policy,
    /// When it was last edited.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// `policy.record`
#[derive(Serialize, Deserialize)]
struct PolicyDraftRecord {
    name: String,
    enabled: bool,
    severity: String,
    hold_ms: u64,
    expr: String,
    template: Option<TemplateRecord>,
    summary: String,
    details: String,
    description: String,
    runbook: String,
    no_data_hold_ms: u64,
    #[serde(default)]
    alias: String,
    #[serde(default)]
    keep_firing_ms: u64,
    #[serde(default)]
    labels: BTreeMap<SmolStr, String>,
    #[serde(default)]
    annotations: BTreeMap<SmolStr, String>,
    #[serde(default)]
    rule: Option<RuleRecord>,
    #[serde(default)]
    edit: EditRecord,
}

/// What a person changed about a built-in policy.
#[derive(Serialize, Deserialize, Default)]
struct EditRecord {
    threshold: Option<f64>,
    hold_ms: Option<u64>,
    enabled: Option<bool>,
    severity: Option<String>,
}

/// Where a rule stands, of a policy from a rule file.
#[derive(Serialize, Deserialize)]
struct RuleRecord {
    file: String,
    group: String,
    nth: u32,
}

pub(super) async fn put_policy(db: &mut SqliteConnection, row: &PolicyRow) -> Result<(), StoreError> {
    let policy = &row.policy;
    let draft = policy.draft();
    let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let template = draft.template.as_ref().map(TemplateRecord::of);
    let (builtin, rule) = match &policy.kind {
        PolicyKind::Builtin { key } => (Some(key.as_str()), None),
        PolicyKind::Custom => (None, None),
        PolicyKind::RuleFile(place) => {
            let (file, group) = (place.file.to_string(), place.group.to_string());
            (None, Some(RuleRecord { file, group, nth: place.nth }))
        }
    };
    let record = PolicyDraftRecord {
        name: draft.name,
        enabled: draft.enabled,
        severity: draft.severity.as_str().to_owned(),
        hold_ms: millis(draft.hold),
        expr: draft.expr,
        template,
        summary: draft.summary,
        details: draft.details,
        description: draft.description,
        runbook: draft.runbook,
        no_data_hold_ms: millis(draft.no_data_hold),
        alias: draft.alias,
        keep_firing_ms: millis(draft.keep_firing),
        labels: draft.labels,
        annotations: draft.annotations,
        rule,
        edit: EditRecord {
            threshold: draft.edit.threshold,
            hold_ms: draft.edit.hold.map(millis),
            enabled: draft.edit.enabled,
            severity: draft.edit.severity.map(|severity| severity.as_str().to_owned()),
        },
    };
    sqlx::query(
        "INSERT INTO policy (id, builtin, version, record, updated_at, updated_by)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET builtin = excluded.builtin, version = excluded.version, record = excluded.record, updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )
    .bind(number(policy.id.0))
    .bind(builtin)
    .bind(number(policy.version))
    .bind(write(&record))
    .bind(row.updated_at.as_millis())
    .bind(&row.updated_by)
    .execute(db)
    .await?;
    Ok(())
}

/// One row of `policy`, with what it remembers, as it is read.
#[derive(sqlx::FromRow)]
pub(crate) struct PolicyColumns {
    id: i64,
    builtin: Option<String>,
    version: i64,
    record: String,
    updated_at: i64,
    updated_by: String,
    state: Option<String>,
}

impl PolicyColumns {
    pub(crate) fn row(self) -> Result<(PolicyRow, Option<PolicyRecord>), StoreError> {
        let record: PolicyDraftRecord = read("policy", &self.record)?;
        let template = record.template.and_then(TemplateRecord::template);
        let kind = match (self.builtin, record.rule) {
            (Some(key), _) => PolicyKind::Builtin { key: key.into() },
            (None, Some(RuleRecord { file, group, nth })) => {
                let (file, group, name) = (file.into(), group.into(), record.name.as_str().into());
                PolicyKind::RuleFile(RulePlace { file, group, name, nth })
            }
            (None, None) => PolicyKind::Custom,
        };
        let draft = PolicyDraft {
            name: record.name,
            enabled: record.enabled,
            severity: Severity::from_word(&record.severity),
            hold: Duration::from_millis(record.hold_ms),
            expr: record.expr,
            template,
            summary: record.summary,
            details: record.details,
            description: record.description,
            runbook: record.runbook,
            no_data_hold: Duration::from_millis(record.no_data_hold_ms),
            alias: record.alias,
            keep_firing: Duration::from_millis(record.keep_firing_ms),
            edit: BuiltinEdit {
                threshold: record.edit.threshold,
                hold: record.edit.hold_ms.map(Duration::from_millis),
                enabled: record.edit.enabled,
                severity: record.edit.severity.as_deref().map(Severity::from_word),
            },
            labels: record.labels,
            annotations: record.annotations,
        };
        let id = PolicyId(unsigned(self.id));
        let policy = Policy::new(id, kind, unsigned(self.version), &draft).map_err(|errors| {
            broken("policy", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        })?;
        let state = self.state.as_deref().map(|text| read_policy_record(id, text)).transpose()?;
        let updated_at = Timestamp::from_millis(self.updated_at);
        Ok((PolicyRow { policy, updated_at, updated_by: self.updated_by }, state))
    }
}

/// `policy_state.record`
#[derive(Serialize, Deserialize)]
struct PolicyStateRecord {
    expr: String,
    series: Vec<SeriesRecord>,
    no_data_since: Option<i64>,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    stage_since: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct SeriesRecord {
    labels: Labels,
    annotations: Labels,
    value: Option<f64>,
    value_text: String,
    since: i64,
    fired_at: Option<i64>,
    #[serde(default)]
    kept_since: Option<i64>,
}

pub(crate) fn policy_record(record: &PolicyRecord) -> String {
    let series = record.series.iter().map(|series| SeriesRecord {
        labels: Labels(series.labels.clone()),
        annotations: Labels(series.annotations.clone()),
        value: Some(series.measured.value),
        value_text: series.measured.text.to_string(),
        since: series.since.as_millis(),
        fired_at: series.fired_at.map(Timestamp::as_millis),
        kept_since: series.kept_since.map(Timestamp::as_millis),
    });
    write(&PolicyStateRecord {
        expr: record.expr.to_string(),
        series: series.collect(),
        no_data_since: record.no_data_since.map(Timestamp::as_millis),
        stage: Some(record.stage.0.as_str().to_owned()),
        stage_since: record.stage.1.map(Timestamp::as_millis),
    })
}

fn read_policy_record(policy: PolicyId, text: &str) -> Result<PolicyRecord, StoreError> {
    let record: PolicyStateRecord = read("policy_state", text)?;
    let series = record.series.into_iter().map(|series| SeriesState {
        labels: series.labels.0,
        annotations: series.annotations.0,
        measured: Measured { value: series.value.unwrap_or(f64::NAN), text: series.value_text.into() },
        since: Timestamp::from_millis(series.since),
        fired_at: series.fired_at.map(Timestamp::from_millis),
        kept_since: series.kept_since.map(Timestamp::from_millis),
    });
    let no_data_since = record.no_data_since.map(Timestamp::from_millis);
    // What was written before there were stages has no data since it has none.
    let before = no_data_since.map_or_else(Default::default, |since| (Stage::NoData, Some(since)));
    let stage = record.stage.as_deref().and_then(Stage::from_word);
    let stage = stage.map_or(before, |stage| (stage, record.stage_since.map(Timestamp::from_millis)));
    Ok(PolicyRecord { policy, expr: Arc::from(record.expr), series: series.collect(), no_data_since, stage })
}
