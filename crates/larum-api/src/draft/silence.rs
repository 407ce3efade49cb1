//! Silences as somebody typed them.

use std::sync::Arc;
use std::time::Duration;

use larum_core::duration::parse_duration;
use larum_core::label::LabelSet;
use larum_core::matcher::{self, MatchOp, Matcher, MatcherError, MatcherSyntax, Parsed};
use larum_core::silence::{self, Invalid, SilenceLimits};
use larum_core::time::Timestamp;

use super::receiver::sentence;
use super::time::read_time;
use crate::problem::Problem;
use crate::wire::silence::{MatchOperator, SilenceDraft, SilenceMatcher};

/// What a silence has from before it is changed.
#[derive(Debug)]
pub struct Kept {
    /// Who asked for it.
    pub created_by: Arc<str>,
    /// When it began, if that is to stay so where nothing else is said.
    pub starts_at: Option<Timestamp>,
    /// What other programs note on it.
    pub annotations: LabelSet,
}

impl Kept {
    /// Nothing but who asks.
    pub fn by(created_by: &str) -> Self {
        Self { created_by: created_by.into(), starts_at: None, annotations: LabelSet::empty() }
    }
}

/// Reads a form that is sent at `now`.
///
/// # Errors
/// [`Problem`] at its field.
pub fn read_silence(
    given: &SilenceDraft,
    kept: Kept,
    now: Timestamp,
) -> Result<silence::SilenceDraft, Problem> {
    let matchers = read_matchers(given.matchers.as_deref(), given.text.as_deref())?.value;
    let starts_at = given.starts_at.as_deref().map(|text| read_time("starts_at", text)).transpose()?;
    let starts_at = starts_at.or(kept.starts_at);
    let ends_at = read_end(given, starts_at.map_or(now, |at| at.max(now)))?;
    if given.comment.trim().is_empty() {
        return Err(Problem::invalid("comment", "Say why, so that others know."));
    }
    let draft = silence::SilenceDraft {
        matchers,
        starts_at,
        ends_at,
        created_by: kept.created_by,
        comment: given.comment.trim().into(),
        annotations: kept.annotations,
    };
    draft.check(&SilenceLimits::default(), now).map_err(|error| invalid(&error))?;
    Ok(draft)
}

fn read_end(given: &SilenceDraft, begins: Timestamp) -> Result<Timestamp, Problem> {
    match (given.ends_at.as_deref(), given.duration.as_deref()) {
        (Some(text), None) => read_time("ends_at", text),
        (None, Some(text)) => {
            let lasts = parse_duration(text.trim())
                .map_err(|error| Problem::invalid("duration", sentence(&error.to_string())))?;
            if lasts == Duration::ZERO {
                return Err(Problem::invalid("duration", "Give a duration longer than nothing."));
            }
            Ok(begins.plus(lasts))
        }
        _ => Err(Problem::invalid("ends_at", "Say until when, or for how long; not both.")),
    }
}

/// Reads matchers, which are given one by one or as a text.
///
/// # Errors
/// [`Problem`] at the matcher that is wrong, or at `text`.
pub fn read_matchers(
    given: Option<&[SilenceMatcher]>,
    text: Option<&str>,
) -> Result<Parsed<Vec<Matcher>>, Problem> {
    match (given, text) {
        (Some(given), None) => read_each(given).map(|value| Parsed { value, warning: None }),
        (None, Some(text)) => read_text("text", text),
        _ => Err(Problem::invalid("matchers", "Give the matchers one by one or as a text, not both.")),
    }
}

fn read_each(given: &[SilenceMatcher]) -> Result<Vec<Matcher>, Problem> {
    let limits = SilenceLimits::default();
    let bytes = given.iter().map(|given| given.name.len() + given.value.len()).sum();
    // Whoever sends a hundred thousand expressions learns that before they are compiled.
    limits.check_text(given.len(), bytes).map_err(|error| invalid(&error))?;
    let mut matchers = Vec::with_capacity(given.len());
    let mut compiled = 0;
    for (place, given) in given.iter().enumerate() {
        let made = Matcher::new(given.name.trim(), operator(given.operator), given.value.as_str());
        let matcher = made.map_err(|MatcherError::Regex { error, .. }| {
            let words = format!("this is no regular expression: {}", error.reason.in_words());
            Problem::invalid(format!("matchers[{place}].value"), sentence(&words))
        })?;
        compiled += matcher.compiled_bytes();
        limits.check_compiled(compiled).map_err(|error| invalid(&error))?;
        matchers.push(matcher);
    }
    Ok(matchers)
}

/// Reads matchers as people write them.
///
/// # Errors
/// [`Problem`] at the field that the text stands in.
pub fn read_text(field: &str, text: &str) -> Result<Parsed<Vec<Matcher>>, Problem> {
    let limit = SilenceLimits::default().bytes;
    if text.len() > limit {
        return Err(invalid(&Invalid::TooLarge { bytes: text.len(), limit }));
    }
    let parsed = matcher::parse_matchers(text.trim(), MatcherSyntax::Fallback);
    let parsed = parsed.map_err(|error| Problem::invalid(field, sentence(&cut(&error.to_string()))))?;
    if parsed.value.is_empty() {
        return Err(Problem::invalid(field, "Write at least one matcher, such as alertname=\"DiskFull\"."));
    }
    Ok(parsed)
}

/// The most of what is wrong that is told, in characters: the words repeat what was typed.
const MAX_WORDS: usize = 300;

/// What is wrong, on one line.
fn cut(words: &str) -> String {
    words.chars().take(MAX_WORDS).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn operator(operator: MatchOperator) -> MatchOp {
    match operator {
        MatchOperator::Equal => MatchOp::Equal,
        MatchOperator::NotEqual => MatchOp::NotEqual,
        MatchOperator::Regexp => MatchOp::Regexp,
        MatchOperator::NotRegexp => MatchOp::NotRegexp,
    }
}

/// What is wrong with a silence, at its field, for a person: core has Alertmanager's words for it.
pub fn invalid(error: &Invalid) -> Problem {
    match error {
        Invalid::NoMatcher => Problem::invalid("matchers", "Add at least one matcher."),
        Invalid::NoName(place) => Problem::invalid(format!("matchers[{place}].name"), "Choose a label."),
        Invalid::MatchesNothing => Problem::invalid(
            "matchers",
            "Each of these also matches alerts without its label, so that nearly everything would be hidden: add a \
             matcher that asks for a value.",
        ),
        Invalid::EndsBeforeStart => Problem::invalid("ends_at", "It has to end after it begins."),
        Invalid::Over => {
            Problem::invalid("ends_at", "This end has passed: choose one that is still to come.")
        }
        Invalid::TooManyMatchers { matchers, limit } => Problem::invalid(
            "matchers",
            format!("A silence has at most {limit} matchers; these are {matchers}."),
        ),
        Invalid::TooLarge { bytes, limit } => {
            let words =
                format!("All texts of a silence together have at most {limit} bytes; these have {bytes}.");
            Problem::invalid("", words)
        }
        Invalid::CompiledTooLarge { limit, .. } => Problem::invalid(
            "matchers",
            format!(
                "The regular expressions of a silence together take at most {limit} bytes of memory; these take more: \
                 repeat less in them."
            ),
        ),
    }
}
