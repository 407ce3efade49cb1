//! The YAML of a rule file, and where in it each text stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::RuleFileError;
use crate::yaml;

/// Texts by their names; one that is left out (`team:`) is empty.
pub(super) type Texts = BTreeMap<String, Spanned<Option<String>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub groups: Option<Vec<Spanned<Group>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub name: Option<Spanned<String>>,
    pub interval: Option<Spanned<String>>,
    pub query_offset: Option<Spanned<String>>,
    pub limit: Option<i64>,
    pub labels: Option<Texts>,
    pub rules: Option<Vec<Spanned<Rule>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub record: Option<Spanned<String>>,
    pub alert: Option<Spanned<String>>,
    pub expr: Option<Spanned<String>>,
    #[serde(rename = "for")]
    pub hold: Option<Spanned<String>>,
    pub keep_firing_for: Option<Spanned<String>>,
    pub labels: Option<Texts>,
    pub annotations: Option<Texts>,
}

/// Reads the YAML.
pub(super) fn read(text: &str) -> Result<File, Vec<RuleFileError>> {
    let file: Result<Option<File>, _> = yaml::read(text);
    file.map(Option::unwrap_or_default).map_err(|error| vec![error])
}
