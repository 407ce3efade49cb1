//! The YAML of a file of tests.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::duration::parse_duration;
use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::rule_file::RuleFileError;
use crate::yaml;

const MINUTE: Duration = Duration::from_secs(60);
/// The year 9999 and no more, so that nothing that is added to it overflows.
const MAX_START_MILLIS: f64 = 253_402_300_800_000.0;

/// Texts by their names; one that is left out (`team:`) is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Texts(BTreeMap<String, Option<String>>);

impl Texts {
    pub fn labels(texts: &Option<Self>) -> LabelSet {
        let texts = texts.iter().flat_map(|texts| &texts.0);
        LabelSet::from_pairs(texts.map(|(name, text)| (name, text.as_deref().unwrap_or_default())))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub rule_files: Vec<String>,
    #[serde(default, deserialize_with = "span")]
    pub evaluation_interval: Duration,
    #[serde(default)]
    pub group_eval_order: Vec<String>,
    #[serde(default)]
    pub fuzzy_compare: bool,
    #[serde(default)]
    pub tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Test {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "span")]
    pub interval: Duration,
    #[serde(default, deserialize_with = "timestamp")]
    pub start_timestamp: Timestamp,
    #[serde(default)]
    pub input_series: Vec<Input>,
    #[serde(default)]
    pub alert_rule_test: Vec<AlertCase>,
    #[serde(default)]
    pub promql_expr_test: Vec<ExprCase>,
    pub external_labels: Option<Texts>,
    #[serde(default)]
    pub external_url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    pub series: String,
    pub values: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertCase {
    #[serde(default, deserialize_with = "span")]
    pub eval_time: Duration,
    pub alertname: String,
    pub exp_alerts: Option<Vec<ExpectedAlert>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedAlert {
    pub exp_labels: Option<Texts>,
    pub exp_annotations: Option<Texts>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExprCase {
    pub expr: String,
    #[serde(default, deserialize_with = "span")]
    pub eval_time: Duration,
    pub exp_samples: Option<Vec<ExpectedSample>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedSample {
    #[serde(default)]
    pub labels: String,
    #[serde(default)]
    pub value: f64,
    pub histogram: Option<String>,
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// Seconds since the Unix epoch, or a time as RFC 3339 writes it.
fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    let of_seconds = text.parse::<f64>().ok().map(|seconds| (seconds * 1000.0).round());
    let millis = match of_seconds {
        Some(millis) if millis.abs() < MAX_START_MILLIS => Some(millis as i64),
        Some(_) => None,
        None => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
    };
    let wrong = || format!("{text:?} is neither a number of seconds nor a time such as 2021-01-01T00:00:00Z");
    millis.map(Timestamp::from_millis).ok_or_else(|| serde::de::Error::custom(wrong()))
}

/// Reads the YAML; intervals that are left out are put in.
pub(super) fn read(text: &str) -> Result<File, RuleFileError> {
    let mut file: File = yaml::read(text)?;
    if file.evaluation_interval.is_zero() {
        file.evaluation_interval = MINUTE;
    }
    for test in &mut file.tests {
        if test.interval.is_zero() {
            test.interval = file.evaluation_interval;
        }
    }
    Ok(file)
}
