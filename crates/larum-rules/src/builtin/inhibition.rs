//! The inhibition rules that belong to the built-in policies: `inhibition.yaml`, in the form of an `alertmanager.yml`.

use std::sync::LazyLock;

use larum_core::inhibit::InhibitRule;
use larum_core::matcher::Matcher;
use larum_promql::Query;
use serde::Deserialize;

use crate::yaml;

static RULES: LazyLock<Vec<InhibitRule>> = LazyLock::new(|| {
    parse(include_str!("../../inhibition.yaml")).expect("a test reads the file that comes with Larum")
});

/// The inhibition rules that come with Larum, in the order in which they are asked.
pub fn builtin_inhibitions() -> &'static [InhibitRule] {
    &RULES
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    inhibit_rules: Vec<Shape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    name: String,
    source_matchers: Vec<String>,
    target_matchers: Vec<String>,
    equal: Vec<String>,
}

fn parse(text: &str) -> Result<Vec<InhibitRule>, String> {
    let file: File = yaml::read(text).map_err(|error| error.to_string())?;
    file.inhibit_rules
        .into_iter()
        .map(|rule| {
            Ok(InhibitRule {
                source: matchers(&rule.source_matchers)?,
                target: matchers(&rule.target_matchers)?,
                name: rule.name.into(),
                equal: rule.equal.into_iter().map(Into::into).collect(),
            })
        })
        .collect()
}

/// Matchers of the kind that PromQL has as well.
fn matchers(texts: &[String]) -> Result<Vec<Matcher>, String> {
    let selector = format!("{{{}}}", texts.join(", "));
    let query = Query::parse(&selector).map_err(|error| format!("{selector}: {error}"))?;
    match query.selectors() {
        [selector] => Ok(selector.matchers.clone()),
        _ => Err(format!("{selector} is no list of matchers")),
    }
}
