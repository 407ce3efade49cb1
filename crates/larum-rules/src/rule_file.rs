//! The shape of Prometheus' rule files (Prometheus, "Defining recording rules" and "Alerting rules"), as far as
//! alerting rules go.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::duration::parse_duration;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub(crate) groups: Vec<RuleGroup>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleGroup {
    #[expect(dead_code, reason = "Prometheus asks for a name of every group")]
    pub(crate) name: String,
    pub(crate) rules: Vec<AlertingRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertingRule {
    pub(crate) alert: String,
    pub(crate) expr: String,
    #[serde(default, rename = "for", deserialize_with = "span")]
    pub(crate) hold: Duration,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, String>,
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
