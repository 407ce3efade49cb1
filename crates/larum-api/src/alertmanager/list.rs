//! Writing alerts out as Alertmanager does. A hundred thousand of them are asked for at a time, so that each goes
//! straight from the shared value into the text, and the text into the socket while the next is being written.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use larum_core::alert::{Alert, Phase};
use larum_core::inhibit::Inhibitions;
use larum_core::label::{Fingerprint, LabelSet};
use larum_core::receiver::Receiver;
use larum_core::silence::{SilenceId, Silences};
use larum_core::state::State;
use larum_core::time::Timestamp;
use serde::Serialize;

use super::filter::Question;
use super::turns::Turn;
use crate::wire::time::Time;

/// How much is written before it is handed to the socket, in bytes.
const CHUNK: usize = 64 * 1024;

/// What may be asked for, as it was at one moment.
pub struct Taken {
    alerts: Vec<Arc<Alert>>,
    receivers: Vec<Arc<Receiver>>,
    inhibitions: Inhibitions,
    silences: Arc<Silences>,
    now: Timestamp,
}

/// Takes out of the state what may be asked for: references only, for as little time as that takes.
pub fn take(state: &State, now: Timestamp) -> Taken {
    let receivers = state.config.receivers.iter().filter(|receiver| receiver.enabled);
    Taken {
        alerts: state.firing().map(Arc::clone).collect(),
        receivers: receivers.map(Arc::clone).collect(),
        inhibitions: state.inhibitions().clone(),
        silences: Arc::clone(state.silences()),
        now,
    }
}

/// Answers with the alerts that are asked for, in order of fingerprint as Alertmanager does. The turn ends when the
/// last of them is written.
pub fn answer(taken: Taken, question: &Question, turn: Turn) -> Response {
    let Taken { alerts, receivers, inhibitions, silences, now } = taken;
    let mut found: Vec<Found> = Vec::new();
    for alert in alerts {
        if !question.wants(&alert) || !question.wants_receivers(told(&alert, &receivers)) {
            continue;
        }
        let inhibitor = inhibitions.inhibitor(&alert.labels);
        let silenced_by = silences.muted(&alert.labels, now);
        if question.wants_hidden(inhibitor.is_some(), !silenced_by.is_empty()) {
            let inhibited_by = inhibitor.map(|inhibitor| inhibitor.labels.fingerprint());
            found.push(Found { fingerprint: alert.fingerprint(), alert, inhibited_by, silenced_by });
        }
    }
    found.sort_unstable_by_key(|found| (found.fingerprint, found.alert.id));
    let pages = Pages { found: found.into_iter(), receivers, state: Written::Nothing, _turn: turn };
    let chunks = stream::iter(pages.map(Ok::<_, Infallible>));
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(chunks)).into_response()
}

/// The names of those who are told of an alert.
fn told<'a>(alert: &'a Alert, receivers: &'a [Arc<Receiver>]) -> impl Iterator<Item = &'a str> {
    let heartbeat = alert.is_heartbeat();
    receivers
        .iter()
        .filter(move |receiver| !heartbeat && receiver.conditions.hold(&alert.labels))
        .map(|receiver| &*receiver.name)
}

/// How far the list is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    Some,
    All,
}

/// An alert that is asked for.
struct Found {
    fingerprint: Fingerprint,
    alert: Arc<Alert>,
    /// One that inhibits it; Alertmanager names no second one either.
    inhibited_by: Option<Fingerprint>,
    silenced_by: Vec<SilenceId>,
}

struct Pages {
    found: std::vec::IntoIter<Found>,
    receivers: Vec<Arc<Receiver>>,
    state: Written,
    _turn: Turn,
}

impl Iterator for Pages {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.state == Written::All {
            return None;
        }
        let mut text = Vec::with_capacity(CHUNK + CHUNK / 8);
        while text.len() < CHUNK {
            text.push(if self.state == Written::Nothing { b'[' } else { b',' });
            let Some(found) = self.found.next() else {
                if self.state == Written::Some {
                    text.pop();
                }
                text.extend_from_slice(b"]\n");
                self.state = Written::All;
                break;
            };
            self.state = Written::Some;
            write_alert(&mut text, &found, &self.receivers);
        }
        Some(text.into())
    }
}

/// One alert (Alertmanager, `api/v2/openapi.yaml`, `gettableAlert`).
fn write_alert(text: &mut Vec<u8>, found: &Found, receivers: &[Arc<Receiver>]) {
    let Found { fingerprint, alert, inhibited_by, silenced_by } = found;
    let ends_at = match alert.phase {
        Phase::Firing { ends_at, .. } => ends_at,
        Phase::Ended { at, .. } => at,
    };
    text.extend_from_slice(b"{\"annotations\":");
    write_labels(text, &alert.annotations);
    write_time(text, ",\"endsAt\":\"", ends_at);
    write_display(text, ",\"fingerprint\":\"", fingerprint);
    text.extend_from_slice(b",\"receivers\":[");
    for (index, name) in told(alert, receivers).enumerate() {
        text.extend_from_slice(if index == 0 { b"{\"name\":" } else { b",{\"name\":" });
        write_json(text, name);
        text.push(b'}');
    }
    write_time(text, "],\"startsAt\":\"", alert.starts_at);
    text.extend_from_slice(b",\"status\":{\"inhibitedBy\":[");
    if let Some(by) = inhibited_by {
        write_display(text, "\"", by);
    }
    text.extend_from_slice(b"],\"mutedBy\":[],\"silencedBy\":[");
    for (index, by) in silenced_by.iter().enumerate() {
        write_display(text, if index == 0 { "\"" } else { ",\"" }, by);
    }
    let is_hidden = inhibited_by.is_some() || !silenced_by.is_empty();
    write_display(text, "],\"state\":\"", if is_hidden { "suppressed" } else { "active" });
    text.push(b'}');
    write_time(text, ",\"updatedAt\":\"", alert.updated_at);
    if !alert.generator_url.is_empty() {
        text.extend_from_slice(b",\"generatorURL\":");
        write_json(text, &*alert.generator_url);
    }
    text.extend_from_slice(b",\"labels\":");
    write_labels(text, &alert.labels);
    text.push(b'}');
}

fn write_labels(text: &mut Vec<u8>, labels: &LabelSet) {
    text.push(b'{');
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write_json(text, name);
        text.push(b':');
        write_json(text, value);
    }
    text.push(b'}');
}

fn write_time(text: &mut Vec<u8>, before: &str, at: Timestamp) {
    write_display(text, before, Time(at));
}

/// Something whose text needs no escaping, and the quote after it.
fn write_display(text: &mut Vec<u8>, before: &str, value: impl std::fmt::Display) {
    use std::io::Write;
    text.extend_from_slice(before.as_bytes());
    write!(text, "{value}\"").expect("memory takes what is written to it");
}

fn write_json(text: &mut Vec<u8>, value: impl Serialize) {
    serde_json::to_writer(text, &value).expect("memory takes what is written to it");
}
