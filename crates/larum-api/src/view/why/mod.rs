//! Why: who was told of an alert, when, where, and why not; put together from what is known now and what was written
//! down.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::alert::{self, Phase};
use larum_core::receiver::ReceiverId;
use larum_core::silence::Silences;
use larum_core::time::Timestamp;
use larum_core::verdict::Verdict;
use larum_engine::{Desk, OWN};
use larum_store::Trail;

use super::alert::{policy_name, show_origin, summary, target};
use super::labels::show_labels;
use super::told::verdict_in_words;
use crate::wire::alert::{AlertReceiver, AlertReceiverState, AlertState};
use crate::wire::delivery::Delivery;
use crate::wire::why::{ReceiverSource, WhyAlert, WhyReceiver, WhyVerdict};

mod answer;
mod look;
mod message;
mod ways;

pub use look::{Look, Standing};
use ways::Ways;

/// The most receivers that are shown to whom nothing leads.
const MOST_UNMET: usize = 20;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// As of when.
    pub at: Timestamp,
    /// Whether that is now.
    pub live: bool,
    /// Only this receiver, by its name.
    pub receiver: Option<String>,
}

/// What an answer about one alert is made of.
pub struct Known {
    /// The alert.
    pub alert: Arc<alert::Alert>,
    /// What was written down about it.
    pub trail: Trail,
    /// The deliveries of the trail, as they are shown.
    pub deliveries: Vec<Delivery>,
    /// How it stands now; nothing where the past is asked about.
    pub standing: Standing,
}

/// What answers about several alerts share.
pub struct Circumstances<'a> {
    /// What is asked.
    pub question: &'a Question,
    /// A look at the state.
    pub look: &'a Look,
    /// The settings in force.
    pub desk: &'a Desk,
    /// The alerts that inhibited others, as far as they are still known.
    pub inhibitors: &'a [Arc<alert::Alert>],
}

/// A receiver in the making.
#[derive(Default)]
struct Entry {
    /// What is shown of it; nothing as long as nobody has named it.
    name: Option<String>,
    /// What the state says now.
    now: Option<AlertReceiver>,
    shown: Parts,
}

/// What there is beside the answer itself.
#[derive(Default)]
struct Parts {
    ways: Vec<crate::wire::why::WhyWay>,
    groups: Vec<crate::wire::why::WhyGroup>,
    verdicts: Vec<WhyVerdict>,
    notifications: Vec<crate::wire::why::WhyNotification>,
}

impl Circumstances<'_> {
    /// The answer about one alert.
    pub fn answer(&self, known: &Known) -> WhyAlert {
        let alert = &known.alert;
        let shown = |verdict: &Verdict| self.verdict(verdict);
        let everybody = known.trail.verdicts.iter().filter(|verdict| verdict.receiver.is_none());
        let verdicts: Vec<WhyVerdict> = everybody.map(shown).collect();
        let entries = self.entries(known).into_iter();
        let mut receivers: Vec<WhyReceiver> =
            entries.filter_map(|(id, entry)| self.receiver(id, entry, known, verdicts.last())).collect();
        let name =
            |receiver: &WhyReceiver| (receiver.source, receiver.answer.name.clone(), receiver.answer.id);
        receivers.sort_by_cached_key(|receiver| (rank(receiver), name(receiver)));
        let unmet = receivers.iter().filter(|receiver| rank(receiver) == UNMET).count();
        let more_receivers = unmet.saturating_sub(MOST_UNMET);
        receivers.truncate(receivers.len() - more_receivers);
        let ended = alert.ended_at().filter(|at| *at <= self.question.at);
        let end_reason = match alert.phase {
            Phase::Ended { reason, .. } if ended.is_some() => Some(reason.in_words().to_owned()),
            _ => None,
        };
        WhyAlert {
            id: alert.id.to_string(),
            name: alert.name().to_owned(),
            severity: alert.labels.value(larum_core::label::SEVERITY).to_owned(),
            summary: summary(&alert.annotations),
            target: target(&alert.labels),
            labels: show_labels(&alert.labels),
            state: if ended.is_some() { AlertState::Resolved } else { AlertState::Firing },
            starts_at: alert.starts_at.into(),
            ends_at: ended.map(Into::into),
            end_reason,
            origin: show_origin(alert.origin),
            policy: alert.policy().filter(|id| *id != OWN).map(|id| policy_name(id, self.desk)),
            heartbeat: alert.is_heartbeat(),
            inhibited: known.standing.inhibited.clone(),
            silenced: known.standing.silenced.clone(),
            verdicts,
            receivers,
            more_receivers,
        }
    }

    /// Everybody who is named anywhere: in the settings, in what was decided, in what was said.
    fn entries(&self, known: &Known) -> BTreeMap<ReceiverId, Entry> {
        let mut entries: BTreeMap<ReceiverId, Entry> = BTreeMap::new();
        Ways { at: self }.add(&known.alert, &mut entries);
        for answer in &known.standing.answers {
            entries.entry(ReceiverId(answer.id)).or_default().now = Some(answer.clone());
        }
        for (receiver, group) in &known.standing.groups {
            let entry = entries.entry(*receiver).or_default();
            entry.shown.groups.push(group.clone());
        }
        for verdict in &known.trail.verdicts {
            let Some(receiver) = verdict.receiver else { continue };
            let entry = entries.entry(receiver).or_default();
            entry.name = entry.name.take().or_else(|| verdict.name.as_deref().map(str::to_owned));
            if let Some(group) = &verdict.group {
                ways::add_stored(&mut entry.shown.ways, &group.way);
            }
            entry.shown.verdicts.push(self.verdict(verdict));
        }
        for (row, delivery) in known.trail.notifications.iter().zip(&known.deliveries) {
            let entry = entries.entry(ReceiverId(delivery.receiver.id)).or_default();
            entry.name.get_or_insert_with(|| message::name(&delivery.receiver.name, &delivery.channel));
            if let Some(way) = &row.way {
                ways::add_stored(&mut entry.shown.ways, way);
            }
            entry.shown.notifications.push(message::show(row, delivery, self.question.at));
        }
        entries
    }

    fn receiver(
        &self,
        id: ReceiverId,
        entry: Entry,
        known: &Known,
        everybody: Option<&WhyVerdict>,
    ) -> Option<WhyReceiver> {
        let config = &self.look.config;
        let source = if config.receivers.iter().any(|receiver| receiver.id == id) {
            ReceiverSource::Console
        } else if config.name_of(id).is_some() {
            ReceiverSource::File
        } else {
            ReceiverSource::Gone
        };
        let unnamed = || format!("receiver {id}");
        let name = self.look.name(id).or(entry.name).unwrap_or_else(unnamed);
        let plain = config.name_of(id).map_or(name.as_str(), |name| name);
        if self.question.receiver.as_deref().is_some_and(|wanted| wanted != plain && wanted != name) {
            return None;
        }
        let facts =
            answer::Facts { alert: &known.alert, at: self.question.at, live: self.question.live, everybody };
        let Entry { now, shown, .. } = entry;
        let (state, sentence, at) = facts.answer(now.as_ref(), &shown);
        let inhibited =
            now.and_then(|now| now.inhibited).or_else(|| shown.verdicts.last()?.inhibited.clone());
        let inhibited = inhibited.filter(|_| state == AlertReceiverState::NotTold);
        let Parts { ways, groups, verdicts, notifications } = shown;
        let answer = AlertReceiver { id: id.0, name, state, sentence, at, inhibited };
        Some(WhyReceiver { answer, source, ways, groups, verdicts, notifications })
    }

    fn verdict(&self, verdict: &Verdict) -> WhyVerdict {
        let silences: &Silences = &self.look.silences;
        let (sentence, inhibited) = verdict_in_words(verdict, self.inhibitors, silences);
        let (silenced, intervals) = look::named(&verdict.reason, silences);
        WhyVerdict {
            at: verdict.at.into(),
            reason: verdict.reason.as_str().to_owned(),
            sentence,
            told: verdict.reason.was_told(),
            inhibited,
            silenced,
            intervals,
            group: verdict.group.as_ref().map(|group| show_labels(&group.labels)),
        }
    }
}

/// The rank of a receiver to whom nothing leads.
const UNMET: u8 = 4;

/// Those who were told or will be first, then those who were not, then those to whom nothing leads.
fn rank(receiver: &WhyReceiver) -> u8 {
    let led = receiver.ways.iter().any(|way| way.met);
    let touched = led || !receiver.notifications.is_empty() || !receiver.verdicts.is_empty();
    match receiver.answer.state {
        AlertReceiverState::Told => 0,
        AlertReceiverState::Due => 1,
        AlertReceiverState::NotTold | AlertReceiverState::Unknown if !touched => UNMET,
        AlertReceiverState::NotTold => 2,
        AlertReceiverState::Unknown => 3,
    }
}

/// Which alerts these decisions name as inhibiting.
pub fn named_inhibitors(trails: &[Known]) -> Vec<alert::AlertId> {
    let verdicts = trails.iter().flat_map(|known| &known.trail.verdicts);
    let named = verdicts.filter_map(|verdict| match &verdict.reason {
        larum_core::verdict::Hushed::Inhibited(inhibited) => Some(inhibited.by),
        _ => None,
    });
    let mut named: Vec<alert::AlertId> = named.collect();
    named.sort_unstable_by_key(|id| Reverse(*id));
    named.dedup();
    named
}
