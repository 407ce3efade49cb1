//! A silence as it is posted.

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher, MatcherSyntax};
use larum_core::silence::{Invalid, SilenceDraft, SilenceLimits};
use larum_re2::Expression;
use serde::Deserialize;

use crate::alertmanager::error::{REQUIRED, Refusal, TOO_FEW};
use crate::alertmanager::instant::parse_instant;

/// What is posted (Alertmanager, `api/v2/openapi.yaml`, `postableSilence`).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Posted {
    id: Option<String>,
    matchers: Option<Vec<PostedMatcher>>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    created_by: Option<String>,
    comment: Option<String>,
    annotations: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostedMatcher {
    name: Option<String>,
    value: Option<String>,
    is_regex: Option<bool>,
    is_equal: Option<bool>,
}

/// Reads a body: which silence it edits, if any, and the silence that is asked for.
/// Its texts are counted before its expressions are compiled, for those take far more than the text.
///
/// # Errors
/// [`Refusal`] in Alertmanager's words; what is missing is named in the order in which its framework looks.
pub fn read(
    body: &[u8],
    syntax: MatcherSyntax,
    limits: &SilenceLimits,
) -> Result<(Option<String>, SilenceDraft), Refusal> {
    let wrong = |reason: &dyn std::fmt::Display| {
        Refusal::framework(400, format!("parsing silence body from \"\" failed, because {reason}"))
    };
    let posted: Option<Posted> = serde_json::from_slice(body).map_err(|error| wrong(&error))?;
    // Go takes `null` for one that says nothing.
    let posted = posted.unwrap_or_default();
    let instant = |text: Option<&str>| text.map(parse_instant).transpose().map_err(|error| wrong(&error));
    let (starts_at, ends_at) = (instant(posted.starts_at.as_deref())?, instant(posted.ends_at.as_deref())?);
    let comment = posted.comment.ok_or_else(|| missing("comment"))?;
    let created_by = posted.created_by.ok_or_else(|| missing("createdBy"))?;
    let ends_at = ends_at.ok_or_else(|| missing("endsAt"))?;
    let given = posted.matchers.ok_or_else(|| missing("matchers"))?;
    if given.is_empty() {
        return Err(Refusal::framework(TOO_FEW, "matchers in body should have at least 1 items"));
    }
    let parts: Vec<(String, MatchOp, String)> = given
        .into_iter()
        .enumerate()
        .map(|(place, matcher)| matcher.parts(place))
        .collect::<Result<_, _>>()?;
    let starts_at = starts_at.ok_or_else(|| missing("startsAt"))?;
    let annotations = posted.annotations.map_or_else(LabelSet::empty, LabelSet::from_pairs);
    let texts = parts.iter().map(|(name, _, value)| name.len() + value.len()).sum::<usize>();
    let bytes = texts + created_by.len() + comment.len() + annotations.text_bytes();
    let refused = |error: Invalid| Refusal::bad(error.to_string());
    limits.check_text(parts.len(), bytes).map_err(refused)?;
    let mut matchers = Vec::with_capacity(parts.len());
    let mut compiled = 0;
    for (place, parts) in parts.into_iter().enumerate() {
        let matcher = read_matcher(parts, syntax).map_err(|words| {
            Refusal::bad(format!("invalid silence: invalid label matcher {place} in set 0: {words}"))
        })?;
        compiled += matcher.compiled_bytes();
        limits.check_compiled(compiled).map_err(refused)?;
        matchers.push(matcher);
    }
    let draft = SilenceDraft {
        matchers,
        starts_at,
        // Without an end it would be over since the year 1.
        ends_at: ends_at.unwrap_or_default(),
        created_by: created_by.into(),
        comment: comment.into(),
        annotations,
    };
    Ok((posted.id, draft))
}

/// Makes a matcher of its name, operator and value, or says what is wrong with it.
fn read_matcher(
    (name, op, value): (String, MatchOp, String),
    syntax: MatcherSyntax,
) -> Result<Matcher, String> {
    if !syntax.is_label_name(&name) {
        return Err(format!("invalid label name {name:?}"));
    }
    // What stands between the anchors must be an expression itself.
    if let (MatchOp::Regexp | MatchOp::NotRegexp, Err(error)) = (op, Expression::found(&value)) {
        return Err(format!("invalid regular expression {value:?}: {error}"));
    }
    Matcher::new(name, op, value).map_err(|error| error.to_string())
}

impl PostedMatcher {
    fn parts(self, place: usize) -> Result<(String, MatchOp, String), Refusal> {
        let missing = |field: &str| missing(&format!("matchers.{place}.{field}"));
        let is_regex = self.is_regex.ok_or_else(|| missing("isRegex"))?;
        let name = self.name.ok_or_else(|| missing("name"))?;
        let value = self.value.ok_or_else(|| missing("value"))?;
        let op = match (self.is_equal.unwrap_or(true), is_regex) {
            (true, false) => MatchOp::Equal,
            (false, false) => MatchOp::NotEqual,
            (true, true) => MatchOp::Regexp,
            (false, true) => MatchOp::NotRegexp,
        };
        Ok((name, op, value))
    }
}

fn missing(field: &str) -> Refusal {
    Refusal::framework(REQUIRED, format!("{field} in body is required"))
}
