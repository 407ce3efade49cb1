//! Which alerts are asked for.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use larum_core::alert::Alert;
use larum_core::config::Config;
use larum_core::index::AlertIds;
use larum_core::inhibit::Inhibitions;
use larum_core::label::{Fingerprint, LabelSet};
use larum_core::silence::{SilenceId, Silences};
use larum_core::time::Timestamp;
use larum_engine::Handle;

use super::filter::Question;
use super::page::{AlertWriter, Pages};

/// An alert that is asked for.
pub struct Found {
    pub fingerprint: Fingerprint,
    pub alert: Arc<Alert>,
    /// One that inhibits it; Alertmanager names no second one either.
    pub inhibited_by: Option<Fingerprint>,
    pub silenced_by: Vec<SilenceId>,
}

/// What decides who is told of an alert, as it was at one moment.
pub struct Circumstances {
    pub told: Told,
    inhibitions: Inhibitions,
    silences: Arc<Silences>,
    now: Timestamp,
}

/// Answers with the alerts that fire and are asked for, in order of fingerprint as Alertmanager does. Which there are is
/// as of the beginning; what each says is as of when it is looked at.
pub fn answer(engine: &Handle, now: Timestamp, question: &Question) -> Response {
    let (candidates, circumstances) = take(engine, now, question);
    let alerts = engine.firing(&candidates);
    let mut found: Vec<Found> = alerts.filter_map(|alert| circumstances.find(alert, question)).collect();
    found.sort_unstable_by_key(|found| (found.fingerprint, found.alert.id));
    let mut writer = AlertWriter::new(circumstances.told);
    let pages =
        Pages::of(found.into_iter(), move |text: &mut Vec<u8>, found| writer.write(text, &found, &[]));
    let chunks = stream::iter(pages);
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(chunks)).into_response()
}

/// Takes out of the state what may be asked for, and what decides who is told of it.
pub fn take(engine: &Handle, now: Timestamp, question: &Question) -> (AlertIds, Circumstances) {
    let file = engine.route_file();
    let named = file.iter().flat_map(|file| file.receivers.iter());
    let named = named.map(|receiver| (Arc::clone(&receiver.name), receiver.labels.clone())).collect();
    engine.read(|state| {
        let circumstances = Circumstances {
            told: Told { config: state.config.clone(), named },
            inhibitions: state.inhibitions().clone(),
            silences: Arc::clone(state.silences()),
            now,
        };
        (state.candidates(question.matchers()), circumstances)
    })
}

impl Circumstances {
    /// The alert, if it is asked for.
    pub fn find(&self, alert: Arc<Alert>, question: &Question) -> Option<Found> {
        if !question.wants(&alert) {
            return None;
        }
        let told = question.asks_for_receivers().then(|| self.told.names(&alert));
        let labels = told.map(|names| names.iter().map(|name| self.told.labels(name)).collect::<Vec<_>>());
        if labels.is_some_and(|labels| !question.wants_receivers(&labels)) {
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

/// Who is told of what, as it was at one moment.
#[derive(Clone)]
pub struct Told {
    pub config: Config,
    /// The labels of receivers of the file, by their names.
    named: HashMap<Arc<str>, LabelSet>,
}

impl Told {
    /// The names of those who are told of an alert: of each route that it leads to, and of those whose own conditions
    /// let it through.
    pub fn names(&self, alert: &Alert) -> Vec<Arc<str>> {
        let config = &self.config;
        let tree = config.routing.as_ref().map(|routing| routing.tree());
        let routes = tree.iter().flat_map(|tree| tree.matching(&alert.labels));
        let routed = routes.filter_map(|id| Some(Arc::clone(&tree?.route(id)?.receiver)));
        let heartbeat = alert.is_heartbeat();
        let on = config.receivers.iter().filter(|receiver| receiver.enabled && !heartbeat);
        let own = on.filter(|receiver| receiver.conditions.hold(&alert.labels));
        routed.chain(own.map(|receiver| Arc::clone(&receiver.name))).collect()
    }

    /// The labels of the receiver of this name, the name among them.
    pub fn labels(&self, name: &str) -> LabelSet {
        self.named.get(name).cloned().unwrap_or_else(|| LabelSet::from_pairs([("name", name)]))
    }
}
