//! Which alerts are asked for.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use larum_core::alert::Alert;
use larum_core::inhibit::Inhibitions;
use larum_core::label::Fingerprint;
use larum_core::receiver::Receiver;
use larum_core::silence::{SilenceId, Silences};
use larum_core::time::Timestamp;
use larum_engine::Handle;

use super::filter::Question;
use super::page::Pages;

/// An alert that is asked for.
pub struct Found {
    pub fingerprint: Fingerprint,
    pub alert: Arc<Alert>,
    /// One that inhibits it; Alertmanager names no second one either.
    pub inhibited_by: Option<Fingerprint>,
    pub silenced_by: Vec<SilenceId>,
}

/// What decides who is told of an alert, as it was at one moment.
struct Circumstances {
    receivers: Vec<Arc<Receiver>>,
    inhibitions: Inhibitions,
    silences: Arc<Silences>,
    now: Timestamp,
}

/// Answers with the alerts that fire and are asked for, in order of fingerprint as Alertmanager does. Which there are is
/// as of the beginning; what each says is as of when it is looked at.
pub fn answer(engine: &Handle, now: Timestamp, question: &Question) -> Response {
    let (candidates, circumstances) = engine.read(|state| {
        let receivers = state.config.receivers.iter().filter(|receiver| receiver.enabled);
        let circumstances = Circumstances {
            receivers: receivers.map(Arc::clone).collect(),
            inhibitions: state.inhibitions().clone(),
            silences: Arc::clone(state.silences()),
            now,
        };
        (state.candidates(question.matchers()), circumstances)
    });
    let alerts = engine.firing(&candidates);
    let mut found: Vec<Found> = alerts.filter_map(|alert| circumstances.find(alert, question)).collect();
    found.sort_unstable_by_key(|found| (found.fingerprint, found.alert.id));
    let chunks = stream::iter(Pages::of(found, circumstances.receivers));
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(chunks)).into_response()
}

impl Circumstances {
    /// The alert, if it is asked for.
    fn find(&self, alert: Arc<Alert>, question: &Question) -> Option<Found> {
        if !question.wants(&alert) || !question.wants_receivers(&told(&alert, &self.receivers)) {
            return None;
        }
        let inhibitor = self.inhibitions.inhibitor(&alert.labels);
        let silenced_by = self.silences.muted(&alert.labels, self.now);
        if !question.wants_hidden(inhibitor.is_some(), !silenced_by.is_empty()) {
            return None;
        }
        let inhibited_by = inhibitor.map(|inhibitor| inhibitor.labels.fingerprint());
        Some(Found { fingerprint: alert.fingerprint(), alert, inhibited_by, silenced_by })
    }
}

/// The names of those who are told of an alert.
pub fn told<'a>(alert: &'a Alert, receivers: &'a [Arc<Receiver>]) -> impl Iterator<Item = &'a str> + Clone {
    let heartbeat = alert.is_heartbeat();
    receivers
        .iter()
        .filter(move |receiver| !heartbeat && receiver.conditions.hold(&alert.labels))
        .map(|receiver| &*receiver.name)
}
