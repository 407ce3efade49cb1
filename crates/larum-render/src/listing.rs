//! Several alerts one by one, each on a line that says what tells it apart from the others.

use larum_core::label::{ALERT_NAME, LabelSet, SEVERITY};
use larum_core::notification::{ToldAlert, Voice};

use crate::headline::{SUMMARIES, has_one_severity, in_words};
use crate::limits;
use crate::story::{Story, annotation, end_reason, lasted};
use crate::target;
use crate::text::{code, inline, length, line};
use crate::when;

/// A heading and up to [`limits::LISTED`] lines within [`limits::LIST`], with a word on how many are left out.
pub fn list(story: &Story<'_>, heading: &str, alerts: &[&ToldAlert]) -> String {
    let mut text = format!("*{heading} ({})*", alerts.len());
    // Room for the last line, which says how many there are besides.
    let room = limits::LIST - "\n_…and 1000000 more_".len();
    let mut shown = 0;
    for told in alerts.iter().take(limits::LISTED) {
        let item = format!("\n• {}", item(story, told));
        if length(&text) + length(&item) > room {
            break;
        }
        text.push_str(&item);
        shown += 1;
    }
    if shown < alerts.len() {
        text.push_str(&format!("\n_…and {} more_", alerts.len() - shown));
    }
    text
}

/// One line of plain text for each of the first few alerts.
pub fn plain_lines(story: &Story<'_>) -> Vec<String> {
    story
        .all()
        .take(limits::LISTED)
        .map(|told| format!("{}: {}", voice_word(told.voice), plain(story, told)))
        .collect()
}

fn plain(story: &Story<'_>, told: &ToldAlert) -> String {
    let alert = &told.alert;
    let labels = target::all(&alert.labels);
    let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let name = story.common.get(ALERT_NAME).map_or(alert.name(), |_| "");
    let summary = story.annotation(&SUMMARIES).map_or(annotation(alert, &SUMMARIES), |_| None);
    let measured = alert.measured.as_ref().map(|measured| measured.text.as_str());
    let mut parts = vec![line(name, limits::TITLE), line(&labels.join(", "), limits::LISTED_LABELS)];
    parts.extend([summary, measured].into_iter().flatten().map(|part| line(part, limits::VALUE)));
    parts.extend(when::utc(alert.starts_at).map(|since| format!("since {since}")));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn item(story: &Story<'_>, told: &ToldAlert) -> String {
    let alert = &told.alert;
    let own = alert.labels.filter(|name| story.common.get(name).is_none());
    let mut parts = vec![distinction(&own, &alert.labels)];
    if !has_one_severity(story) {
        parts.push(inline(alert.labels.value(SEVERITY), limits::VALUE));
    }
    if let Voice::SeverityChanged { from } = told.voice {
        parts.push(format!("was {}", in_words(from)));
    }
    match (&alert.measured, story.annotation(&SUMMARIES), annotation(alert, &SUMMARIES)) {
        (Some(measured), _, _) => parts.push(inline(&measured.text, limits::VALUE)),
        (None, None, Some(own)) => parts.push(inline(own, limits::VALUE)),
        (None, _, _) => {}
    }
    parts.push(course(told));
    parts.retain(|part| !part.is_empty());
    parts.join(" — ")
}

/// The labels by which this alert differs from the others; its name first, if the names differ.
fn distinction(own: &LabelSet, labels: &LabelSet) -> String {
    let mut text = String::new();
    if let Some(name) = own.get(ALERT_NAME) {
        text = format!("*{}*", inline(name, limits::TITLE).replace('*', "∗"));
    }
    let mut shown = target::all(own);
    if shown.is_empty() && text.is_empty() {
        // Nothing visible differs: say where it is rather than nothing.
        shown = target::all(labels);
    }
    for (name, value) in shown {
        let label = code(&format!("{name}={value}"), limits::VALUE);
        let fits = length(&text) + length(&label) < limits::LISTED_LABELS;
        if !fits && !text.is_empty() {
            text.push_str(" …");
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&label);
    }
    text
}

fn course(told: &ToldAlert) -> String {
    let alert = &told.alert;
    if matches!(told.voice, Voice::Firing | Voice::SeverityChanged { .. }) {
        return if alert.starts_at.as_secs() > 0 {
            format!("since {}", when::date(alert.starts_at))
        } else {
            String::new()
        };
    }
    let mut words = Vec::new();
    words.extend(end_reason(alert).map(|reason| reason.in_words().to_owned()));
    words.extend(lasted(alert).map(|lasted| format!("lasted {}", when::span(lasted))));
    if told.voice == Voice::FiredAndResolved {
        words.push("fired and resolved while this channel could not be reached".to_owned());
    }
    words.join(", ")
}

fn voice_word(voice: Voice) -> &'static str {
    match voice {
        Voice::Firing => "Firing",
        Voice::SeverityChanged { .. } => "Firing on, severity changed",
        Voice::Resolved => "Resolved",
        Voice::FiredAndResolved => "Fired and resolved",
    }
}
