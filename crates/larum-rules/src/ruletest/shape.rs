//! The YAML of a file of tests.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::rule_file::RuleFileError;
use crate::yaml;
use larum_core::duration::parse_duration;

const MINUTE: Duration = Duration::from_secs(60);

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
    #[serde(default)]
    pub input_series: Vec<Input>,
    #[serde(default)]
    pub alert_rule_test: Vec<AlertCase>,
    #[serde(default)]
    pub promql_expr_test: Vec<ExprCase>,
    #[serde(default)]
    pub external_labels: BTreeMap<String, String>,
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
    pub exp_labels: Option<BTreeMap<String, String>>,
    pub exp_annotations: Option<BTreeMap<String, String>>,
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
