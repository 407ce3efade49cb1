//! The questions of `GET /api/v2/alerts`.

use larum_core::alert::Alert;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher, MatcherSyntax};

use super::error::Refusal;
use super::matcher::parse_matcher_as;

/// The most matchers one question may have.
pub const MAX_MATCHERS: usize = 64;

/// Which alerts are asked for.
#[derive(Debug, Default)]
pub struct Question {
    /// All of them must match.
    matchers: Vec<Matcher>,
    /// Anchored; one of the alert's receivers must match.
    receiver: Option<Matcher>,
    /// One of the alert's receivers must have labels that all of them match.
    receivers: ReceiverQuestion,
    /// Alerts that nothing suppresses are not wanted.
    without_active: bool,
    /// Alerts that another inhibits are not wanted.
    without_inhibited: bool,
    /// Alerts that somebody silenced are not wanted.
    without_silenced: bool,
    /// Groups that are mute at this time are not wanted.
    without_muted: bool,
}

impl Question {
    /// Reads the parameters behind the question mark; those that are not known are left alone.
    ///
    /// # Errors
    /// [`Refusal`] in Alertmanager's words.
    pub fn parse(query: &str, syntax: MatcherSyntax) -> Result<Self, Refusal> {
        let mut question = Self { receivers: ReceiverQuestion::parse(query, syntax)?, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "filter" if question.matchers.len() == MAX_MATCHERS => {
                    return Err(Refusal::bad(format!("at most {MAX_MATCHERS} filters can be given")));
                }
                "filter" => question.matchers.push(parse_matcher_as(&value, syntax).map_err(Refusal::bad)?),
                "receiver" if !value.is_empty() => {
                    let receiver = Matcher::new("", MatchOp::Regexp, &*value);
                    let refuse = |error| Refusal::bad(format!("failed to parse receiver param: {error}"));
                    question.receiver = Some(receiver.map_err(refuse)?);
                }
                "active" if !value.is_empty() => question.without_active = !is_true(&value),
                "inhibited" if !value.is_empty() => question.without_inhibited = !is_true(&value),
                "silenced" if !value.is_empty() => question.without_silenced = !is_true(&value),
                "muted" if !value.is_empty() => question.without_muted = !is_true(&value),
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

    /// What the labels are asked to be.
    pub fn matchers(&self) -> &[Matcher] {
        &self.matchers
    }

    /// Whether it says anything of receivers.
    pub fn asks_for_receivers(&self) -> bool {
        self.receiver.is_some() || !self.receivers.0.is_empty()
    }

    /// Whether groups are asked for that are mute at this time, or are not.
    pub fn wants_muted(&self, is_muted: bool) -> bool {
        !(is_muted && self.without_muted)
    }

    /// Whether what is told to receivers with these labels is asked for. That one of an alert's receivers is does not
    /// bring in the groups of the others (Alertmanager, api/v2, `getAlertGroupsHandler`).
    pub fn wants_receivers(&self, receivers: &[LabelSet]) -> bool {
        let named =
            |wanted: &Matcher| receivers.iter().any(|labels| wanted.matches_value(labels.value("name")));
        self.receiver.as_ref().is_none_or(named) && self.receivers.wants_one_of(receivers)
    }
}

/// Which receivers are asked for by their labels (Alertmanager 0.33 and later, `receiver_matchers`).
#[derive(Debug, Default)]
pub struct ReceiverQuestion(Vec<Matcher>);

impl ReceiverQuestion {
    /// Reads the parameters behind the question mark.
    ///
    /// # Errors
    /// [`Refusal`] in Alertmanager's words.
    pub fn parse(query: &str, syntax: MatcherSyntax) -> Result<Self, Refusal> {
        let given = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "receiver_matchers");
        let mut matchers = Vec::new();
        for (_, value) in given {
            if matchers.len() == MAX_MATCHERS {
                return Err(Refusal::bad(format!("at most {MAX_MATCHERS} receiver_matchers can be given")));
            }
            let refuse = |words| Refusal::bad(format!("failed to parse receiver_matchers param: {words}"));
            matchers.push(parse_matcher_as(&value, syntax).map_err(refuse)?);
        }
        Ok(Self(matchers))
    }

    /// Whether a receiver with these labels is asked for; its name is one of them.
    pub fn wants_labels(&self, labels: &LabelSet) -> bool {
        self.0.iter().all(|matcher| matcher.matches(labels))
    }

    fn wants_one_of(&self, receivers: &[LabelSet]) -> bool {
        self.0.is_empty() || receivers.iter().any(|labels| self.wants_labels(labels))
    }
}

/// What go-openapi takes for true; everything else is false (go-openapi/swag, `ConvertBool`).
pub fn is_true(text: &str) -> bool {
    let words = ["true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"];
    words.contains(&text.to_lowercase().as_str())
}
