//! From one posted alert to an observation.

use std::sync::Arc;

use larum_core::alert::{EndReason, Observation, Origin, Says};
use larum_core::label::LabelSet;
use larum_core::matcher::MatcherSyntax;
use larum_core::time::Timestamp;

use super::error::{NOT_ONE_OF, REQUIRED, Refusal, WRONG_TYPE};
use super::instant::parse_instant;
use super::intake::Terms;
use super::posted::{MAX_NAME_BYTES, MAX_PAIRS, MAX_TEXT_BYTES, MAX_VALUE_BYTES, Pairs, PostedAlert, Text};

/// How much of a sender's own text is given back in a refusal, in characters.
const MAX_QUOTED: usize = 200;
/// What is said of an alert that ends before it starts.
const BACKWARDS: &str = "start time must be before end time";

/// Which of the two shapes is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// The array that Prometheus posts.
    Prometheus,
    /// The object that an Alertmanager's webhook posts.
    Webhook,
}

impl Door {
    fn origin(self) -> Origin {
        match self {
            Self::Prometheus => Origin::Prometheus,
            Self::Webhook => Origin::Alertmanager,
        }
    }

    /// How the framework names a field of the alert at `index`.
    fn place(self, index: usize, field: &str) -> String {
        match self {
            Self::Prometheus => format!("{index}.{field} in body"),
            Self::Webhook => format!("alerts.{index}.{field} in body"),
        }
    }
}

/// What a wrong alert spoils: itself, or the whole request.
#[derive(Debug)]
pub enum Wrong {
    /// Only itself.
    Alert(String),
    /// The request.
    Request(Refusal),
}

/// Reads one alert, the one at `index` of its request. What one rule says of many things comes in a row and has one link,
/// which is looked at and kept once: `before` is the link of the alert before it.
///
/// # Errors
/// [`Wrong`]: what Alertmanager's framework would refuse spoils the request, the rest only the alert.
pub fn observe(
    door: Door,
    index: usize,
    alert: Option<PostedAlert<'_>>,
    before: Option<&Arc<str>>,
    terms: Terms,
) -> Result<Observation, Wrong> {
    let refuse = |code, field, words: &str| {
        Wrong::Request(Refusal::framework(code, format!("{} {words}", door.place(index, field))))
    };
    let missing = || refuse(REQUIRED, "labels", "is required");
    let PostedAlert { labels, annotations, starts_at, ends_at, generator_url, status } =
        alert.ok_or_else(missing)?;
    let labels = labels.ok_or_else(missing)?;
    let link = or_nothing(generator_url.as_ref());
    let before = before.filter(|before| ***before == *link);
    if before.is_none() && !is_uri(link) {
        let words = format!("must be of type uri: {:?}", quoted(link));
        return Err(refuse(WRONG_TYPE, "generatorURL", &words));
    }
    let times = Times { starts_at: instant(starts_at.as_ref())?, ends_at: instant(ends_at.as_ref())? };
    let (starts_at, says) = match (door, or_nothing(status.as_ref())) {
        (Door::Prometheus, _) => times.as_posted(terms),
        (Door::Webhook, "firing") => Ok(times.as_told_firing(terms)),
        (Door::Webhook, "resolved") => times.as_told_resolved(terms),
        (Door::Webhook, _) => Err(refuse(NOT_ONE_OF, "status", "should be one of [firing resolved]")),
    }?;
    let (labels, annotations) = read_text(labels, annotations, link, terms.syntax)?;
    let generator_url = before.map_or_else(|| link.into(), Arc::clone);
    let origin = door.origin();
    Ok(Observation {
        origin,
        labels,
        annotations,
        generator_url,
        starts_at,
        says,
        measured: None,
        continues: None,
    })
}

fn read_text(
    labels: Pairs<'_>,
    annotations: Option<Pairs<'_>>,
    link: &str,
    syntax: MatcherSyntax,
) -> Result<(LabelSet, LabelSet), Wrong> {
    let of_annotations = annotations.as_ref().map_or(0, |pairs| pairs.text_bytes);
    let bytes = labels.text_bytes + of_annotations + link.len();
    if bytes > MAX_TEXT_BYTES {
        let words = format!("an alert can have at most {MAX_TEXT_BYTES} bytes of text; this one has {bytes}");
        return Err(Wrong::Alert(words));
    }
    if let Some((name, value)) = labels.kept.iter().find(|(_, value)| value.0.len() > MAX_VALUE_BYTES) {
        let (name, bytes) = (quoted(name.as_ref()), value.0.len());
        let words = format!(
            "the value of a label can have at most {MAX_VALUE_BYTES} bytes; that of {name:?} has {bytes}: say it in an annotation"
        );
        return Err(Wrong::Alert(words));
    }
    let labels = read_pairs(labels, "label set", "labels", syntax)?;
    if labels.is_empty() {
        return Err(Wrong::Alert("at least one label pair required".to_owned()));
    }
    let annotations =
        annotations.map(|pairs| read_pairs(pairs, "annotations", "annotations", syntax)).transpose()?;
    Ok((labels, annotations.unwrap_or_default()))
}

/// Names may be any text (Prometheus 3, "UTF-8 names"), except nothing at all; or, in Alertmanager's classic mode, what
/// names were before.
fn read_pairs(pairs: Pairs<'_>, what: &str, plural: &str, syntax: MatcherSyntax) -> Result<LabelSet, Wrong> {
    if pairs.count > MAX_PAIRS {
        let words = format!("an alert can have at most {MAX_PAIRS} {plural}; this one has {}", pairs.count);
        return Err(Wrong::Alert(words));
    }
    let mut names = pairs.kept.iter().map(|(name, _)| name.as_ref());
    if let Some(name) = names.find(|name| !syntax.is_label_name(name) || name.len() > MAX_NAME_BYTES) {
        return Err(Wrong::Alert(format!("invalid {what}: invalid name {:?}", quoted(name))));
    }
    Ok(LabelSet::from_pairs(pairs.kept))
}

/// The two times of an alert, as far as they were given.
struct Times {
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl Times {
    /// What Prometheus means (Alertmanager, `api/v2`, `postAlertsHandler`): an end in the future is the end unless
    /// said again, one in the past is the end.
    fn as_posted(&self, terms: Terms) -> Result<(Timestamp, Says), Wrong> {
        let timeout = self.ends_at.is_none();
        let ends_at = self.ends_at.unwrap_or_else(|| terms.now.plus(terms.resolve_timeout));
        let starts_at = self.starts_at.or(self.ends_at).unwrap_or(terms.now);
        if ends_at < starts_at {
            return Err(Wrong::Alert(BACKWARDS.to_owned()));
        }
        let says = if ends_at > terms.now {
            Says::Firing { ends_at, timeout }
        } else {
            Says::Ended { at: ends_at, reason: EndReason::Resolved }
        };
        Ok((starts_at, says))
    }

    /// An Alertmanager says that it fires: its word counts, whatever the times say.
    fn as_told_firing(&self, terms: Terms) -> (Timestamp, Says) {
        let ends_at = terms.now.plus(terms.webhook_resolve_timeout);
        (self.starts_at.unwrap_or(terms.now), Says::Firing { ends_at, timeout: true })
    }

    /// An Alertmanager says that it is over; a clock that runs ahead of ours does not put that off.
    fn as_told_resolved(&self, terms: Terms) -> Result<(Timestamp, Says), Wrong> {
        let at = self.ends_at.unwrap_or(terms.now).min(terms.now);
        let starts_at = self.starts_at.unwrap_or(at);
        if self.ends_at.is_some_and(|ends_at| ends_at < starts_at) {
            return Err(Wrong::Alert(BACKWARDS.to_owned()));
        }
        Ok((starts_at.min(at), Says::Ended { at, reason: EndReason::Resolved }))
    }
}

fn instant(text: Option<&Text<'_>>) -> Result<Option<Timestamp>, Wrong> {
    parse_instant(or_nothing(text))
        .map_err(|words| Wrong::Request(Refusal::unparsable("alerts", quoted(&words))))
}

fn or_nothing<'a>(text: Option<&'a Text<'_>>) -> &'a str {
    text.map_or("", |text| text.as_ref())
}

/// Whether a link passes as a URI for Alertmanager (go-openapi/strfmt, `uri`): a path from the root, or a scheme
/// with something behind it. Whether it may be shown as a link is not decided here.
fn is_uri(link: &str) -> bool {
    if !escapes_are_whole(link.split('?').next().unwrap_or_default()) {
        return false;
    }
    if link.is_empty() || link.starts_with('/') {
        return true;
    }
    let Some((scheme, rest)) = link.split_once(':') else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(allowed)
        && !rest.is_empty()
        && !link.contains(char::is_control)
}

/// Whether two hexadecimal digits follow each percent sign (RFC 3986, section 2.1). What is behind a question mark is
/// not looked at by Go.
fn escapes_are_whole(path: &str) -> bool {
    let digits = |behind: &str| behind.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    path.split('%').skip(1).all(digits)
}

fn quoted(text: &str) -> String {
    let mut quoted: String = text.chars().take(MAX_QUOTED).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    quoted
}
