//! What `GET /api/v2/status` and `GET /api/v2/receivers` say.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use larum_core::condition::{Condition, Operator};
use larum_core::label::LabelSet;
use larum_engine::Desk;
use larum_store::accounts::Role;
use serde_json::{Value, json};

use super::error::Refusal;
use super::filter::ReceiverQuestion;
use crate::doors::Doors;
use crate::lock::identity::Caller;
use crate::setup::Member;
use crate::wire::time::Time;

/// The Alertmanager whose API is spoken; karma and others ask for it.
pub const SPOKEN_VERSION: &str = "0.33.1";

/// The configuration as whoever may not read the settings sees it.
const HIDDEN: &str = "# The configuration is shown to the role platform-admin.\nroute:\n  receiver: nobody\nreceivers:\n- name: nobody\n";

/// Alertmanager's status, with what of it there is.
pub async fn show_status(State(doors): State<Doors>, Extension(caller): Extension<Caller>) -> Json<Value> {
    let configuration = match (caller.role, doors.engine().route_file()) {
        (Role::PlatformAdmin, Some(file)) => file.original.to_string(),
        (Role::PlatformAdmin, None) => as_configuration(&doors.engine().desk()),
        (Role::Viewer | Role::Sender, _) => HIDDEN.to_owned(),
    };
    let cluster = match &doors.setup().alertmanager.member {
        None => json!({ "status": "disabled", "peers": [] }),
        Some(Member { name, address }) => {
            json!({ "name": name, "status": "ready", "peers": [{ "name": name, "address": address }] })
        }
    };
    let version = format!("{SPOKEN_VERSION}+larum.{}", doors.setup().version);
    let started = doors.now().wall.minus(doors.uptime());
    Json(json!({
        "cluster": cluster,
        "config": { "original": configuration },
        "uptime": Time(started),
        "versionInfo": {
            "version": version, "revision": "", "branch": "", "buildUser": "", "buildDate": "", "goVersion": "",
        },
    }))
}

/// Who can be told.
pub async fn list_receivers(
    State(doors): State<Doors>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let question = ReceiverQuestion::parse(query.as_deref().unwrap_or_default(), syntax)?;
    let (desk, file) = (doors.engine().desk(), doors.engine().route_file());
    let routed = file.iter().flat_map(|file| file.receivers.iter());
    let routed = routed.map(|receiver| (Arc::clone(&receiver.name), receiver.labels.clone()));
    let own = desk.receivers.values().map(|row| &row.receiver.name);
    let own = own.map(|name| (Arc::clone(name), LabelSet::from_pairs([("name", &**name)])));
    let wanted = routed.chain(own).filter(|(_, labels)| question.wants_labels(labels));
    let shown = wanted.map(|(name, labels)| {
        let labels: serde_json::Map<String, Value> =
            labels.iter().map(|(label, value)| (label.to_owned(), value.into())).collect();
        json!({ "labels": labels, "name": &*name })
    });
    Ok(Json(shown.collect()))
}

/// The settings as an Alertmanager would have them, without secrets: for amtool, which shows and walks them. A JSON
/// string is a YAML string as well (YAML 1.2, section 1.3).
fn as_configuration(desk: &Desk) -> String {
    const NOBODY: &str = "nobody";
    let text = |text: &str| Value::from(text).to_string();
    let span = larum_core::duration::show_duration;
    let grouping = &desk.grouping.grouping;
    let by: Vec<String> = grouping.group_by().iter().map(|name| text(name)).collect();
    let mut yaml = format!(
        "route:\n  receiver: {NOBODY}\n  group_by: [{}]\n  group_wait: {}\n  group_interval: {}\n  repeat_interval: {}\n  routes:",
        by.join(", "),
        span(grouping.group_wait()),
        span(grouping.group_interval()),
        span(grouping.repeat_interval()),
    );
    let enabled: Vec<_> = desk.receivers.values().filter(|row| row.receiver.enabled).collect();
    for row in &enabled {
        let conditions = row.receiver.conditions.as_slice().unwrap_or_default();
        let matchers: Vec<String> = conditions.iter().map(|condition| text(&as_matcher(condition))).collect();
        let name = text(&row.receiver.name);
        let _ = write!(
            yaml,
            "\n  - receiver: {name}\n    matchers: [{}]\n    continue: true",
            matchers.join(", ")
        );
    }
    if enabled.is_empty() {
        yaml.push_str(" []");
    }
    let _ = write!(yaml, "\nreceivers:\n- name: {NOBODY}");
    for row in &enabled {
        let _ = write!(yaml, "\n- name: {}", text(&row.receiver.name));
    }
    yaml.push('\n');
    yaml
}

/// A condition is a matcher in plain words; here are the words' signs.
fn as_matcher(condition: &Condition) -> String {
    let values: Vec<String> = condition.values().iter().map(|value| regex_quoted(value)).collect();
    let either = quoted(&values.join("|"));
    let label = condition.label();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_:".contains(&byte);
    let classic = label.bytes().all(plain) && !label.starts_with(|c: char| c.is_ascii_digit());
    let label = if classic { label.to_owned() } else { quoted(label) };
    match condition.operator() {
        Operator::In => format!("{label}=~{either}"),
        Operator::NotIn => format!("{label}!~{either}"),
        Operator::Exists => format!("{label}!=\"\""),
        Operator::DoesNotExist => format!("{label}=\"\""),
    }
}

/// In quotes, with the escapes that all of Alertmanager's rules for matchers take alike.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn regex_quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len());
    for letter in value.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alertmanager::matcher::parse_matcher;

    #[test]
    fn conditions_come_back_as_what_they_were() {
        for label in ["severity", "a label", "1st", "caf\u{e9}", "a\"b\\c"] {
            for value in ["critical", "a.b|c", "tab\tand\nline", "say \"hi\" \\o/"] {
                let condition = Condition::new(label, Operator::In, [value]).unwrap();
                let matcher = parse_matcher(&as_matcher(&condition)).unwrap();
                assert_eq!(matcher.name(), label);
                assert!(matcher.matches_value(value) && !matcher.matches_value("other"), "{matcher}");
            }
        }
    }
}
