//! One line that says it all.

use larum_core::label::SEVERITY;
use larum_core::notification::Notification;
use larum_core::severity::Severity;

use crate::limits;
use crate::story::{State, Story};
use crate::target;
use crate::text::{length, line};
use crate::when;

/// Annotations that hold the one-sentence summary, the best first.
pub const SUMMARIES: [&str; 2] = ["summary", "message"];

/// How many names of alerts a title holds.
const NAMES: usize = 3;

/// The notification in one plain line of at most [`limits::HEADLINE`] units, for the delivery log. Not escaped.
pub fn headline(notification: &Notification) -> String {
    of(&Story::of(notification))
}

/// The same of a story.
pub fn of(story: &Story<'_>) -> String {
    let start = line(&format!("{}: {}{}", state(story), title(story), severity(story)), limits::HEADLINE);
    let mut end = String::new();
    for part in [place(story), course(story), delay(story)].into_iter().flatten() {
        end.push_str(" — ");
        end.push_str(&part);
    }
    let room = limits::HEADLINE.saturating_sub(length(&start) + length(&end) + length(" — "));
    let summary = story.annotation(&SUMMARIES).filter(|_| room >= limits::HEADLINE_SUMMARY);
    let summary = summary.map(|summary| format!(" — {}", line(summary, room))).unwrap_or_default();
    line(&format!("{start}{summary}{end}"), limits::HEADLINE)
}

/// The alert's name, or the names of several, the worst first. Not escaped.
pub fn title(story: &Story<'_>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in story.all().map(|told| told.alert.name()).filter(|name| !name.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > NAMES {
            break;
        }
    }
    let more = names.len() > NAMES;
    names.truncate(NAMES);
    let title = line(&names.join(", "), limits::TITLE);
    match (title.is_empty(), more) {
        (true, _) => "Alert without a name".to_owned(),
        (false, true) => format!("{title} and others"),
        (false, false) => title,
    }
}

fn state(story: &Story<'_>) -> String {
    let counted = |word: &str, count: usize| match count {
        0 | 1 => word.to_owned(),
        count => format!("{word} ({count})"),
    };
    let (firing, resolved) = (story.firing.len(), story.resolved.len());
    match story.state {
        State::Firing => counted("FIRING", firing),
        State::StillFiring => counted("STILL FIRING", firing),
        State::SeverityChanged => counted("SEVERITY CHANGED", firing),
        State::PartlyResolved => format!("FIRING ({firing}), RESOLVED ({resolved})"),
        State::Resolved => counted("RESOLVED", resolved),
        State::FiredAndResolved => counted("FIRED AND RESOLVED", resolved),
    }
}

fn severity(story: &Story<'_>) -> String {
    let word = line(story.severity_word(), limits::VALUE);
    match story.severity_before() {
        Some(before) if story.state == State::SeverityChanged => format!(" [{} → {word}]", in_words(before)),
        _ if word.is_empty() => String::new(),
        _ => format!(" [{word}]"),
    }
}

/// The word for a severity of which the label is not known any more.
pub fn in_words(severity: Severity) -> &'static str {
    match severity {
        Severity::Other => "no severity",
        other => other.as_str(),
    }
}

fn place(story: &Story<'_>) -> Option<String> {
    let values: Vec<&str> = target::place(&story.common).into_iter().map(|(_, value)| value).collect();
    let place = line(&values.join("/"), limits::TITLE);
    (!place.is_empty()).then_some(place)
}

/// How long it has been going on, or was; and why it ended.
fn course(story: &Story<'_>) -> Option<String> {
    match story.state {
        State::StillFiring => {
            Some(format!("for {}", when::span_between(story.since()?, story.told.planned_at)?))
        }
        State::Resolved | State::FiredAndResolved => {
            let lasted = story.lasted().map(|lasted| format!("lasted {}", when::span(lasted)));
            let reason = story.end_reason().map(|reason| reason.in_words().to_owned());
            let words: Vec<String> = [reason, lasted].into_iter().flatten().collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        State::Firing | State::SeverityChanged | State::PartlyResolved => None,
    }
}

fn delay(story: &Story<'_>) -> Option<String> {
    story.delay().map(|delay| format!("delayed {}", when::span(delay)))
}

/// Whether the severity is the same for all.
pub fn has_one_severity(story: &Story<'_>) -> bool {
    story.common.get(SEVERITY).is_some() || story.all().all(|told| told.alert.labels.get(SEVERITY).is_none())
}
