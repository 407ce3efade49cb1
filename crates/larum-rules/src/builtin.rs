//! The policies that come with Larum, written as Prometheus rules in `builtin/*.yaml`.
//!
//! What Larum knows of them beyond a rule stands in annotations that begin with `larum_` and are not shown:
//! `larum_key` (what the policy is known by, never changed), `larum_about` (what it is for, one sentence),
//! `larum_unit` (a word of [`Unit`]) and `larum_limit` (what its value is compared with, as in its expression).

use std::sync::LazyLock;

use larum_core::label::SEVERITY;
use larum_core::policy::{Comparator, PolicyDraft};
use larum_core::severity::Severity;
use smol_str::SmolStr;

use crate::measure::{Reading, Unit};
use crate::rule_file::{Alerting, Rule, RuleFile};

/// A policy that comes with Larum.
#[derive(Clone, Debug)]
pub struct Builtin {
    /// What it is known by, in every version of Larum.
    pub key: SmolStr,
    /// The policy as it comes: enabled.
    pub draft: PolicyDraft,
    /// How what it measures is put into words.
    pub reading: Reading,
}

const FILES: [&str; 4] = [
    include_str!("../builtin/compute.yaml"),
    include_str!("../builtin/storage.yaml"),
    include_str!("../builtin/system.yaml"),
    include_str!("../builtin/pipeline.yaml"),
];

static BUILTINS: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let files = FILES.iter().map(|text| parse(text).expect("a test reads every file that comes with Larum"));
    files.flatten().collect()
});

/// The policies that come with Larum, in the order in which they are shown. Two that differ in severity alone have
/// the same name, as is usual with Prometheus; the key tells them apart.
pub fn builtins() -> &'static [Builtin] {
    &BUILTINS
}

/// The policy that comes with Larum under this key.
pub fn builtin(key: &str) -> Option<&'static Builtin> {
    builtins().iter().find(|builtin| builtin.key == key)
}

/// The policies of one file, or what is wrong with it.
fn parse(text: &str) -> Result<Vec<Builtin>, String> {
    let file = RuleFile::parse(text)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let rules = file.groups.into_iter().flat_map(|group| group.rules);
    rules.map(from_rule).collect()
}

fn from_rule(rule: Rule) -> Result<Builtin, String> {
    let Rule { name: alert, query, labels, alerting } = rule;
    let Alerting { hold, annotations, .. } = alerting.ok_or("a policy does not record")?;
    let text = |name: &str| annotations.get(name).map(String::as_str).unwrap_or_default().trim().to_owned();
    let key = SmolStr::new(text("larum_key"));
    let wrong = |what: &str| format!("{alert} ({key}) has no {what}");
    let severity =
        labels.get(SEVERITY).map(|word| Severity::from_word(word)).ok_or_else(|| wrong("severity"))?;
    if let Some(extra) = labels.keys().find(|name| *name != SEVERITY) {
        return Err(format!("{alert} ({key}) has a label {extra}, which policies cannot set"));
    }
    let unit = Unit::from_word(&text("larum_unit")).ok_or_else(|| wrong("unit"))?;
    let limit = match annotations.get("larum_limit") {
        Some(limit) => Some(parse_limit(limit).ok_or_else(|| wrong("limit such as \"> 0.9\""))?),
        None => None,
    };
    let draft = PolicyDraft {
        expr: query.text().trim().to_owned(),
        severity,
        hold,
        summary: text("summary"),
        details: text("description"),
        description: text("larum_about"),
        runbook: text("runbook_url"),
        name: alert.clone(),
        ..PolicyDraft::default()
    };
    Ok(Builtin { key, draft, reading: Reading { unit, limit } })
}

/// `> 0.9`
fn parse_limit(text: &str) -> Option<(Comparator, f64)> {
    let (sign, number) = text.split_once(' ')?;
    Some((Comparator::from_sign(sign)?, number.parse().ok()?))
}
