//! The questions of `GET /api/v2/alerts`.

use larum_core::alert::Alert;
use larum_core::matcher::{MatchOp, Matcher};

use super::error::Refusal;
use super::matcher::parse_matcher;

/// The most matchers one question may have.
pub const MAX_MATCHERS: usize = 64;

/// Which alerts are asked for.
#[derive(Debug, Default)]
pub struct Question {
    /// All of them must match.
    matchers: Vec<Matcher>,
    /// Anchored; one of the alert's receivers must match.
    receiver: Option<Matcher>,
    /// Alerts that nothing suppresses are not wanted.
    without_active: bool,
    /// Alerts that another inhibits are not wanted.
    without_inhibited: bool,
    /// Alerts that somebody silenced are not wanted.
    without_silenced: bool,
}

impl Question {
    /// Reads the parameters behind the question mark; those that are not known are left alone.
    ///
    /// # Errors
    /// [`Refusal`] in Alertmanager's words.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        let mut question = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "filter" if question.matchers.len() == MAX_MATCHERS => {
                    return Err(Refusal::bad(format!("at most {MAX_MATCHERS} filters can be given")));
                }
                "filter" => question.matchers.push(parse_matcher(&value).map_err(Refusal::bad)?),
                "receiver" if !value.is_empty() => {
                    let receiver = Matcher::new("", MatchOp::Regexp, &*value);
                    let refuse = |error| Refusal::bad(format!("failed to parse receiver param: {error}"));
                    question.receiver = Some(receiver.map_err(refuse)?);
                }
                "active" if !value.is_empty() => question.without_active = !is_true(&value),
                "inhibited" if !value.is_empty() => question.without_inhibited = !is_true(&value),
                "silenced" if !value.is_empty() => question.without_silenced = !is_true(&value),
                _ => {}
            }
        }
        Ok(question)
    }

    /// Whether the labels are asked for.
    pub fn wants(&self, alert: &Alert) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches(&alert.labels))
    }

    /// Whether alerts are asked for that are inhibited, silenced, or neither (Alertmanager, api/v2, `alertFilter`).
    pub fn wants_hidden(&self, inhibited: bool, silenced: bool) -> bool {
        let active = !inhibited && !silenced;
        !(active && self.without_active
            || inhibited && self.without_inhibited
            || silenced && self.without_silenced)
    }

    /// Whether an alert with these receivers is asked for.
    pub fn wants_receivers<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        self.receiver.as_ref().is_none_or(|wanted| names.any(|name| wanted.matches_value(name)))
    }
}

/// What go-openapi takes for true; everything else is false (go-openapi/swag, `ConvertBool`).
pub fn is_true(text: &str) -> bool {
    let words = ["true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"];
    words.contains(&text.to_lowercase().as_str())
}
