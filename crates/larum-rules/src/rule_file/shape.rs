//! The YAML of a rule file, and where in it each text stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::RuleFileError;

pub(super) type Texts = BTreeMap<String, Spanned<String>>;

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
    pub limit: Option<u64>,
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
    let options = serde_saphyr::options! { with_snippet: false };
    let file: Result<Option<File>, _> = serde_saphyr::from_str_with_options(text, options);
    match file {
        Ok(file) => Ok(file.unwrap_or_default()),
        Err(error) => {
            let location = error.location().unwrap_or(Location::UNKNOWN);
            let message = error.to_string();
            // The place stands in front.
            let place = format!(" at line {}, column {}", location.line(), location.column());
            Err(vec![at(location, message.strip_suffix(&place).unwrap_or(&message).to_owned())])
        }
    }
}

/// An error at a place.
pub(super) fn at(location: Location, message: String) -> RuleFileError {
    RuleFileError { line: location.line(), column: location.column(), message }
}
