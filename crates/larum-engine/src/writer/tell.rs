//! What follows from a step: its messages in words, and once it is on disk, whoever is to hear of it.

use std::collections::HashMap;
use std::sync::Arc;

use larum_core::outbox::{BodyId, Delivery, DeliveryState};
use larum_core::state::{Delta, PlannedBody};
use larum_core::time::Now;
use larum_core::verdict::Hushed;
use larum_store::{Rendered, SettingsWrite};

use super::{Step, Writer};
use crate::meters::Word;
use crate::topic::Topic;

impl Writer {
    /// Puts the messages that were decided on into words.
    pub(super) fn render(&self, delta: &Delta, now: Now) -> Vec<Rendered> {
        let integration = |body: &PlannedBody| self.file.as_ref()?.integrations.get(body.receiver).cloned();
        let bodies = delta.bodies.iter().map(|body| match integration(body) {
            Some(integration) => integration.write(body, &self.site, now.wall),
            None => Rendered {
                id: body.id,
                headline: larum_render::headline(&body.notification),
                message: larum_render::message(&body.notification, &self.site.links).into(),
                problem: None,
            },
        });
        bodies.collect()
    }

    /// It is on disk: now callers are answered, messages sent and watchers told. Answers whether more is due at once.
    pub(super) fn committed(
        &mut self,
        mut step: Step,
        delta: &Delta,
        rendered: &[Rendered],
        started: Vec<Delivery>,
    ) -> bool {
        if !step.settings.is_empty() {
            *self.shared.desk.write() = Arc::new(self.desk.clone());
            self.post.keep(|receiver| self.desk.receivers.contains_key(&receiver));
            if step.settings.iter().any(|write| {
                matches!(
                    write,
                    SettingsWrite::PutPolicy(_)
                        | SettingsWrite::DeletePolicy(_)
                        | SettingsWrite::PutAlerting(_)
                )
            }) {
                self.shared.policy_saved.notify_one();
            }
            if step.settings.iter().any(|write| matches!(write, SettingsWrite::PutReceiver(_))) {
                self.shared.receiver_saved.notify_one();
            }
        }
        self.show_file();
        step.answer(Ok(()));
        let bodies: HashMap<BodyId, &Arc<str>> =
            rendered.iter().map(|rendered| (rendered.id, &rendered.message)).collect();
        for delivery in started {
            self.in_flight.insert(delivery.id);
            let message = bodies.get(&delivery.body).map(|message| Arc::clone(message));
            let integration = self.file.as_ref().and_then(|file| file.integrations.get(delivery.receiver));
            match integration {
                Some(integration) => self.post.send_by(Arc::clone(integration), delivery, message),
                None => {
                    let row = self.desk.receivers.get(&delivery.receiver).map(Arc::as_ref);
                    self.post.send(delivery, row, message);
                }
            }
        }
        step.topics.extend(topics_of(delta));
        self.measure(delta);
        self.publish(&step);
        step.more
    }

    /// Shows the file of routes in force, before anybody hears that it is.
    pub(super) fn show_file(&self) {
        let mut file = self.shared.route_file.write();
        if file.as_ref().map(Arc::as_ptr) != self.file.as_ref().map(Arc::as_ptr) {
            file.clone_from(&self.file);
        }
    }

    /// Tells watchers what changed, also where nothing of it is written down.
    pub(super) fn publish(&self, step: &Step) {
        step.topics.iter().for_each(|topic| self.shared.publish(*topic));
    }

    fn measure(&self, delta: &Delta) {
        let meters = &self.shared.meters;
        for change in &delta.changes {
            if let DeliveryState::Delivered { .. } = change.state {
                meters.delay.observe(change.at.since(change.delivery.planned_at).as_secs_f64());
            }
        }
        for verdict in delta.verdicts.iter().filter(|verdict| !verdict.reason.was_told()) {
            meters.hushed.get_or_create(&Word { reason: suppressed_by(&verdict.reason) }).inc();
        }
    }
}

/// Why an alert was not told, in the words by which Alertmanager counts it where it has some (Alertmanager, notify,
/// `SuppressedReasonSilence` and the others).
fn suppressed_by(reason: &Hushed) -> &'static str {
    match reason {
        Hushed::Silenced(_) => "silence",
        Hushed::Inhibited(_) => "inhibition",
        other => other.as_str(),
    }
}

/// What changed, as watchers know it.
fn topics_of(delta: &Delta) -> impl Iterator<Item = Topic> {
    let alerts = (!delta.alerts.is_empty() || !delta.verdicts.is_empty()).then_some(Topic::Alerts);
    let deliveries = (!delta.deliveries.is_empty() || !delta.changes.is_empty()).then_some(Topic::Deliveries);
    let policies = (!delta.policies.is_empty()).then_some(Topic::Policies);
    let lanes = !delta.lanes.paused.is_empty() || !delta.lanes.resumed.is_empty();
    let lanes = lanes.then_some([Topic::Receivers, Topic::Status]);
    [alerts, deliveries, policies].into_iter().flatten().chain(lanes.into_iter().flatten())
}
