//! The answer for somebody who was woken at three in the morning: a headline for each alert, a paragraph for each
//! receiver.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::answer::{Alert, Group, Notification, Receiver, Verdict, Why};
use super::paper::Paper;

/// Writes the answer to a question about `asked`.
pub fn write(why: &Why, asked: &str, paper: &mut Paper) {
    if !why.live {
        paper.write("", &format!("As of {}:", paper.moment(why.at)));
        paper.gap();
    }
    for (place, alert) in why.alerts.iter().enumerate() {
        if place > 0 {
            paper.gap();
        }
        write_alert(alert, paper);
    }
    if why.alerts.is_empty() {
        paper.write(
            "",
            &format!("No alert matches {asked}: none that fires, and none that is over and still kept."),
        );
        if !why.similar.is_empty() {
            paper.write("", &format!("Called alike and firing: {}.", why.similar.join(", ")));
        }
    }
    if !why.notes.is_empty() || why.next.is_some() {
        paper.gap();
    }
    for note in &why.notes {
        paper.write("", note);
    }
    if let Some(next) = &why.next {
        paper.write("", &format!("There may be older ones: --before {next} shows them."));
    }
}

fn write_alert(alert: &Alert, paper: &mut Paper) {
    let name = if alert.name.is_empty() { "(no name)" } else { &alert.name };
    let severity = if alert.severity.is_empty() { String::new() } else { format!(", {}", alert.severity) };
    let since = paper.moment(alert.starts_at);
    paper.write("", &format!("{name}{severity}: {} since {since}", firing(alert)));
    if let Some(ended) = alert.ends_at {
        let reason = alert.end_reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        paper.write("  ", &format!("Over since {}{reason}", paper.moment(ended)));
    }
    if !alert.summary.is_empty() {
        paper.write("  ", &alert.summary);
    }
    paper.write("  ", &format!("{}  (alert {})", braced(&alert.labels), alert.id));
    for verdict in &alert.verdicts {
        paper.write("  ", &decided(verdict, paper));
    }
    if alert.receivers.is_empty() && alert.verdicts.is_empty() {
        paper.write("  ", "There is no receiver: nobody is told.");
    }
    let (untouched, led): (Vec<&Receiver>, Vec<&Receiver>) =
        alert.receivers.iter().partition(|receiver| receiver.is_untouched());
    for receiver in led {
        paper.gap();
        write_receiver(receiver, paper);
    }
    if !untouched.is_empty() {
        paper.gap();
        paper.write("  ", "Not meant to hear of it:");
    }
    for receiver in untouched {
        paper.write("  - ", &format!("{}: {}", receiver.name, receiver.sentence));
    }
    if alert.more_receivers > 0 {
        paper.write("  - ", &format!("and {} more", alert.more_receivers));
    }
}

fn firing(alert: &Alert) -> &'static str {
    if alert.state == "firing" { "firing" } else { "fired" }
}

/// `{alertname="DiskFull", node="web-1"}`
fn braced(labels: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn write_receiver(receiver: &Receiver, paper: &mut Paper) {
    let gone = if receiver.source == "gone" { " (set up no more)" } else { "" };
    let at = receiver.at.map(|at| format!(" {}", paper.moment(at))).unwrap_or_default();
    paper.write("  ", &format!("{}{gone}: {}{at}", receiver.name, word(&receiver.state)));
    paper.write("    ", &receiver.sentence);
    let decided_then = receiver.verdicts.iter().map(|verdict| (verdict.at, decided(verdict, paper), None));
    let said = receiver.notifications.iter();
    let said = said.map(|message| (message.planned_at, told(message, paper), message.permalink.clone()));
    let mut steps: Vec<(Timestamp, String, Option<String>)> = decided_then.chain(said).collect();
    steps.sort_by_key(|(at, ..)| *at);
    for (_, step, link) in steps {
        paper.write("    - ", &step);
        if let Some(link) = link {
            paper.write("      ", &link);
        }
    }
    for way in receiver.ways.iter().filter(|way| way.sentence != receiver.sentence) {
        paper.write("    ", &way.sentence);
    }
    for group in &receiver.groups {
        paper.write("    ", &next(group, paper));
    }
}

fn word(state: &str) -> &str {
    match state {
        "told" => "TOLD",
        "due" => "DUE",
        "not_told" => "NOT TOLD",
        _ => "NOT KNOWN",
    }
}

/// `03:12:05 silenced by ada until …`
fn decided(verdict: &Verdict, paper: &Paper) -> String {
    format!("{} {}", paper.time(verdict.at), verdict.sentence)
}

/// `03:12:05 first notification (firing) to #alerts: delivered 03:12:06`
fn told(message: &Notification, paper: &Paper) -> String {
    let says = message.says.replace('_', " ");
    let Notification { channel, reason, turn, .. } = message;
    let planned = paper.time(message.planned_at);
    let mut text = format!("{planned} {reason} ({says}, turn {turn}) to {channel}: ");
    text.push_str(&became(message, paper));
    if message.attempts > 1 {
        text.push_str(&format!(", after {} attempts", message.attempts));
    }
    if message.possible_duplicate {
        text.push_str(", possibly twice");
    }
    text
}

fn became(message: &Notification, paper: &Paper) -> String {
    let finished = message.finished_at.map(|at| format!(" {}", paper.time(at))).unwrap_or_default();
    if !message.settled && message.finished_at.is_some() {
        return format!("not settled by then; {}{finished}", message.state);
    }
    let why = message.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    match message.state.as_str() {
        "delivered" => format!("delivered{finished}"),
        "dead" => format!("refused for good{finished}{why}"),
        "cancelled" => format!("cancelled{finished}{why}"),
        "superseded" => {
            let advice = message.advice.as_ref().map(|advice| format!(". {advice}")).unwrap_or_default();
            format!("superseded{finished}{advice}")
        }
        state => {
            let waits = message.waits_for.as_ref().map(|waits| format!(" for {waits}")).unwrap_or_default();
            let until = message.waits_until.map(|at| format!(" (at {})", paper.time(at))).unwrap_or_default();
            let error =
                message.error.as_ref().map(|error| format!(", last answer {error}")).unwrap_or_default();
            format!("{state}{waits}{until}{error}")
        }
    }
}

fn next(group: &Group, paper: &Paper) -> String {
    let (labels, at) = (braced(&group.labels), paper.moment(group.next_turn_at));
    let mut text = format!("Its group {labels} has its next turn {at}");
    if let Some(repeats) = group.repeats_at {
        text.push_str(&format!(", says it again {}", paper.moment(repeats)));
    }
    if let Some(until) = group.muted_until {
        text.push_str(&format!(", is mute until {}", paper.moment(until)));
    }
    text.push('.');
    text
}
