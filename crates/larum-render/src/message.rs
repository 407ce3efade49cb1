//! The message: a headline, and an attachment whose colour is the state.

use larum_core::alert::Alert;
use larum_core::notification::{Notification, ToldAlert, Voice};
use larum_core::severity::Severity;
use serde_json::Value;

use crate::block::{Attachment, Block, Message};
use crate::headline::{self, SUMMARIES, in_words};
use crate::limits;
use crate::link::{self, Links, linked};
use crate::listing;
use crate::story::{State, Story, end_reason, lasted};
use crate::target;
use crate::text::{code, escaped, inline, length, line, prose};
use crate::when;

/// Annotations with links, and what the links are called.
const LINKED_ANNOTATIONS: [(&str, &str); 3] =
    [("runbook_url", "Runbook"), ("dashboard_url", "Dashboard"), ("dashboard", "Dashboard")];
/// Green, as everyone has it: nothing to do any more.
const RESOLVED: &str = "#2eb886";

/// The JSON that is posted for a notification, without `channel` and `client_msg_id`.
pub fn message(notification: &Notification, links: &Links) -> String {
    let story = Story::of(notification);
    let attachment =
        Attachment { color: color(&story), fallback: fallback(&story, links), blocks: blocks(&story, links) };
    Message::new(text(&story), Some(attachment)).to_json()
}

/// The same as plain text, for the one time when Slack refuses the form; JSON too.
pub fn fallback_text(notification: &Notification, links: &Links) -> String {
    Message::new(plain_text(notification, links), None).to_json()
}

/// The text of [`fallback_text`], escaped for Slack.
pub fn plain_text(notification: &Notification, links: &Links) -> String {
    let story = Story::of(notification);
    in_plain_words(&text(&story), &fallback(&story, links))
}

/// What [`fallback_text`] gives, made from what [`message`] gave; `None` if the body is none of ours.
pub fn plain_of(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let fallback = body.get("attachments")?.get(0)?.get("fallback")?.as_str()?;
    let text = in_plain_words(body.get("text")?.as_str()?, fallback);
    Some(Message::new(text, None).to_json())
}

fn in_plain_words(text: &str, fallback: &str) -> String {
    format!("{text}\n{fallback}")
}

fn text(story: &Story<'_>) -> String {
    format!("{} {}", emoji(story), escaped(&headline::of(story)))
}

/// Colour and shape, for those who do not see the one.
fn emoji(story: &Story<'_>) -> &'static str {
    match (story.state, story.severity()) {
        (State::Resolved | State::FiredAndResolved, _) => ":white_check_mark:",
        (_, Severity::Critical) => ":red_circle:",
        (_, Severity::Error) => ":large_orange_circle:",
        (_, Severity::Warning) => ":large_yellow_circle:",
        (_, Severity::Info) => ":large_blue_circle:",
        (_, Severity::Other | Severity::None) => ":white_circle:",
    }
}

fn color(story: &Story<'_>) -> &'static str {
    match (story.state, story.severity()) {
        (State::Resolved | State::FiredAndResolved, _) => RESOLVED,
        (_, Severity::Critical) => "#d72638",
        (_, Severity::Error) => "#e8590c",
        (_, Severity::Warning) => "#f2a900",
        (_, Severity::Info) => "#2f80ed",
        (_, Severity::Other | Severity::None) => "#6b7a90",
    }
}

fn fallback(story: &Story<'_>, links: &Links) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(story.annotation(&SUMMARIES).map(|summary| line(summary, limits::SUMMARY)));
    lines.extend(listing::plain_lines(story));
    let hidden = story.all().count().saturating_sub(limits::LISTED);
    if hidden > 0 {
        lines.push(format!("…and {hidden} more"));
    }
    lines.extend(page(story, links));
    prose(&lines.join("\n"), limits::FALLBACK, lines.len())
}

fn blocks(story: &Story<'_>, links: &Links) -> Vec<Block> {
    let mut blocks = vec![Block::section(opening(story, links))];
    let fields = fields(story);
    if !fields.is_empty() {
        blocks.push(Block::fields(fields));
    }
    let description = story.annotation(&["description"]).map(description);
    blocks.extend(description.filter(|text| !text.is_empty()).map(Block::section));
    if story.only().is_none() {
        let lists = [("Firing", &story.firing), ("Resolved", &story.resolved)];
        let lists = lists.into_iter().filter(|(_, alerts)| !alerts.is_empty());
        blocks.extend(lists.map(|(heading, alerts)| Block::section(listing::list(story, heading, alerts))));
    }
    blocks.extend(details(story).map(Block::context));
    blocks.extend(delay(story).map(Block::context));
    blocks.push(Block::context(closing(story)));
    blocks
}

fn description(text: &str) -> String {
    prose(text, limits::DESCRIPTION, limits::DESCRIPTION_LINES)
}

/// The name, the severity and the summary.
fn opening(story: &Story<'_>, links: &Links) -> String {
    let page = page(story, links);
    // An asterisk in a name would end the bold type.
    let title = linked(page.as_deref(), &headline::title(story).replace('*', "∗"), limits::HEADLINE);
    let severity = story.severity_word();
    let severity =
        if severity.is_empty() { String::new() } else { format!("  {}", code(severity, limits::VALUE)) };
    let summary = story.annotation(&SUMMARIES).map(|summary| prose(summary, limits::SUMMARY, 3));
    let summary = summary.map(|summary| format!("\n{summary}")).unwrap_or_default();
    format!("*{title}*{severity}{summary}")
}

/// The page of the console that shows these alerts.
fn page(story: &Story<'_>, links: &Links) -> Option<String> {
    match story.only() {
        Some(told) => links.alert(told.alert.id),
        None => links.alerts(story.common.value(larum_core::label::ALERT_NAME)),
    }
}

fn fields(story: &Story<'_>) -> Vec<String> {
    let mut fields = Vec::new();
    let place: Vec<String> = target::place(&story.common)
        .into_iter()
        .map(|(name, value)| format!("{} {}", inline(name, limits::VALUE), code(value, limits::VALUE)))
        .collect();
    fields.extend(field("Where", &joined(&place, ", ", limits::FIELD)));
    if let Some(told) = story.only() {
        fields.extend(only_fields(story, told));
    }
    fields
}

fn only_fields(story: &Story<'_>, told: &ToldAlert) -> Vec<String> {
    let alert = &told.alert;
    let mut fields = Vec::new();
    if let Voice::SeverityChanged { from } = told.voice {
        let changed = format!("was {}, now {}", in_words(from), in_words(alert.severity()));
        fields.extend(field("Severity", &changed));
    }
    let value = alert.measured.as_ref().map(|measured| inline(&measured.text, limits::FIELD));
    fields.extend(
        value.and_then(|value| field(if alert.is_firing() { "Value" } else { "Last value" }, &value)),
    );
    match told.voice {
        Voice::Firing | Voice::SeverityChanged { .. } => fields.extend(field("Since", &since(story, alert))),
        Voice::Resolved | Voice::FiredAndResolved => fields.extend(end_fields(alert)),
    }
    fields
}

fn since(story: &Story<'_>, alert: &Alert) -> String {
    let date = when::date(alert.starts_at);
    match when::span_between(alert.starts_at, story.told.planned_at) {
        Some(span) => format!("{date} ({span})"),
        None => date,
    }
}

fn end_fields(alert: &Alert) -> Vec<String> {
    let mut fields = Vec::new();
    fields.extend(field("Started", &when::date(alert.starts_at)));
    fields.extend(alert.ended_at().and_then(|end| field("Ended", &when::date(end))));
    fields.extend(lasted(alert).and_then(|lasted| field("Lasted", &when::span(lasted))));
    fields.extend(end_reason(alert).and_then(|reason| field("Why it ended", reason.in_words())));
    fields
}

fn field(name: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| format!("*{name}*\n{value}"))
}

/// The labels in common that say more than where it is.
fn details(story: &Story<'_>) -> Option<String> {
    let labels = target::details(&story.common);
    let labels: Vec<String> =
        labels.iter().map(|(name, value)| code(&format!("{name}={value}"), limits::VALUE)).collect();
    let text = joined(&labels, " ", limits::LABELS);
    (!text.is_empty()).then_some(text)
}

fn delay(story: &Story<'_>) -> Option<String> {
    let replaced = story.told.replaced?;
    let span = when::span(story.delay()?);
    let stands_for = match replaced.messages {
        0 | 1 => "an earlier message".to_owned(),
        count => format!("{count} earlier messages"),
    };
    let unnamed = match replaced.unnamed {
        0 => String::new(),
        1 => " One more alert fired and ended meanwhile; the console has it.".to_owned(),
        count => format!(" {count} more alerts fired and ended meanwhile; the console has them."),
    };
    Some(format!(
        ":hourglass: Delayed {span}: this channel could not be reached; this takes the place of {stands_for}.{unnamed}"
    ))
}

/// Links, who is told, and why now.
fn closing(story: &Story<'_>) -> String {
    let mut links: Vec<String> = Vec::new();
    for (name, label) in LINKED_ANNOTATIONS {
        let link = story.annotation(&[name]).and_then(|url| link::link(url, label));
        let known = links.iter().any(|known| known.ends_with(&format!("|{label}>")));
        links.extend(link.filter(|_| !known));
    }
    links.extend(source(story));
    let mut parts: Vec<String> = Vec::new();
    let mut used = 0;
    for link in links {
        used += length(&link);
        if used <= limits::LINKS {
            parts.push(link);
        }
    }
    parts.push(format!("receiver {}", code(&story.told.receiver, limits::VALUE)));
    parts.push(story.told.reason.in_words().to_owned());
    parts.join("  ·  ")
}

/// Where the alerts were made, if all were made at the same place.
fn source(story: &Story<'_>) -> Option<String> {
    let mut urls = story.all().map(|told| told.alert.generator_url.as_ref());
    let first = urls.next()?;
    if urls.any(|other| other != first) {
        return None;
    }
    link::link(first, "Source")
}

/// As many of the parts as fit, and how many do not.
fn joined(parts: &[String], separator: &str, limit: usize) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        let more = format!("{separator}…and {} more", parts.len() - index);
        let separator = if index == 0 { "" } else { separator };
        if length(&text) + length(separator) + length(part) + length(&more) > limit {
            text.push_str(if index == 0 { more.trim_start() } else { &more });
            break;
        }
        text.push_str(separator);
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let parts: Vec<String> = ["`a=1`", "`b=2`", "`c=3`"].map(str::to_owned).to_vec();
        assert_eq!(joined(&parts, " ", 80), "`a=1` `b=2` `c=3`");
        assert_eq!(joined(&parts, " ", 18), "`a=1` …and 2 more");
        assert_eq!(joined(&parts, " ", 10), "…and 3 more");
        assert_eq!(joined(&[], " ", 80), "");
    }
}
