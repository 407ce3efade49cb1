//! A small world to talk to: a state, a clock that is moved by hand, and a Slack that answers as it is told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::alert::{AlertKey, EndReason, Observation, Origin, PolicyId, Says};
use larum_core::condition::{Condition, Conditions, Operator};
use larum_core::config::{Config, Pace};
use larum_core::inhibit::InhibitRule;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::notification::{Notification, Voice};
use larum_core::outbox::{Delivery, DeliveryId, Outcome, Paused};
use larum_core::receiver::{Channels, Manner, Receiver, ReceiverId};
use larum_core::silence::{SilenceDraft, SilenceId};
use larum_core::state::{Delta, PlannedBody, State};
use larum_core::time::{Now, Steady, Timestamp};

pub struct World {
    pub state: State,
    pub now: Now,
    /// Everything that was ever written down, in order.
    pub journal: Vec<Delta>,
    pub in_flight: Vec<Delivery>,
    /// `#channel: what it was told`, in the order of arrival.
    pub heard: Vec<String>,
}

pub fn labels(text: &str) -> LabelSet {
    text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect()
}

pub fn receiver(id: u64, channels: &[&str]) -> Receiver {
    Receiver {
        id: ReceiverId(id),
        name: format!("receiver {id}").into(),
        enabled: true,
        channels: Channels::parse(channels).unwrap(),
        conditions: Conditions::EVERYTHING,
        workspace: Some("T1".into()),
        unproven: false,
        manner: Manner::default(),
    }
}

/// Values are regular expressions.
pub fn matchers(text: &str) -> Vec<Matcher> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Matcher::new(name, MatchOp::Regexp, value).unwrap()).collect()
}

/// While an alert of `source` fires those of `target` are inhibited that have the same values of `equal`; values are
/// regular expressions.
pub fn inhibits(source: &str, target: &str, equal: &[&str]) -> InhibitRule {
    InhibitRule {
        name: format!("{source} over {target}").into(),
        source: matchers(source),
        target: matchers(target),
        equal: equal.iter().map(|name| (*name).into()).collect(),
    }
}

pub fn only(label: &str, values: &[&str]) -> Conditions {
    Conditions::all(vec![Condition::new(label, Operator::In, values).unwrap()]).unwrap()
}

impl World {
    pub fn with(receivers: &[Receiver]) -> Self {
        Self::inhibiting(receivers, &[])
    }

    pub fn inhibiting(receivers: &[Receiver], rules: &[InhibitRule]) -> Self {
        let config = Config {
            receivers: receivers.iter().cloned().map(Arc::new).collect(),
            pace: Pace::NONE,
            inhibitions: rules.into(),
            ..Config::default()
        };
        let now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::from_millis(0) };
        Self { state: State::new(config), now, journal: vec![], in_flight: vec![], heard: vec![] }
    }

    /// Fires, and goes on for an hour if nobody says anything more.
    pub fn firing(&mut self, text: &str) -> &mut Self {
        self.firing_for(text, 3600)
    }

    pub fn firing_for(&mut self, text: &str, seconds: u64) -> &mut Self {
        self.says(text, self.fires_for(seconds))
    }

    pub fn fires_for(&self, seconds: u64) -> Says {
        Says::Firing { ends_at: self.now.wall.plus(Duration::from_secs(seconds)), timeout: true }
    }

    pub fn resolved(&mut self, text: &str) -> &mut Self {
        self.says(text, Says::Ended { at: self.now.wall, reason: EndReason::Resolved })
    }

    /// Fires as a new episode: what was before is over.
    pub fn firing_anew(&mut self, text: &str) -> &mut Self {
        let says = Says::Firing { ends_at: self.now.wall.plus(Duration::from_secs(3600)), timeout: true };
        let seen = Observation { starts_at: self.now.wall, ..self.observation(text, says) };
        self.observe(&seen)
    }

    /// A policy's edit: what it said as `before` it now says as `after`.
    pub fn policy_edited(&mut self, before: &str, after: &str) -> &mut Self {
        let origin = Origin::Policy(PolicyId(7));
        let ended = Says::Ended { at: self.now.wall, reason: EndReason::PolicyChanged };
        let ended = Observation { origin, ..self.observation(before, ended) };
        let firing = Observation { continues: Some(labels(before)), ..self.policy_fires(after) };
        self.state.observe(&ended, self.now).unwrap();
        self.observe(&firing)
    }

    /// What a policy says of an alert that fires.
    pub fn policy_fires(&self, text: &str) -> Observation {
        let says = Says::Firing { ends_at: self.now.wall.plus(Duration::from_secs(86_400)), timeout: true };
        Observation { origin: Origin::Policy(PolicyId(7)), ..self.observation(text, says) }
    }

    pub fn says(&mut self, text: &str, says: Says) -> &mut Self {
        let seen = self.observation(text, says);
        self.observe(&seen)
    }

    pub fn observation(&self, text: &str, says: Says) -> Observation {
        let known = self.state.alert_by_key(&AlertKey { policy: None, labels: labels(text) });
        Observation {
            origin: Origin::Prometheus,
            labels: labels(text),
            annotations: LabelSet::empty(),
            generator_url: "".into(),
            starts_at: known.map_or(self.now.wall, |alert| alert.starts_at),
            says,
            measured: None,
            continues: None,
        }
    }

    pub fn observe(&mut self, seen: &Observation) -> &mut Self {
        self.state.observe(seen, self.now).unwrap();
        self.step()
    }

    /// Somebody saves a receiver.
    pub fn saved(&mut self, receiver: Receiver) -> &mut Self {
        self.state.put_receiver(receiver, "ada", self.now);
        self.step()
    }

    /// Somebody silences alerts with these values, which are regular expressions, from now on. The number is the
    /// silence's.
    pub fn silenced(&mut self, number: u128, text: &str, seconds: u64) -> &mut Self {
        let ends_at = self.now.wall.plus(Duration::from_secs(seconds));
        let draft = SilenceDraft {
            matchers: matchers(text),
            starts_at: None,
            ends_at,
            created_by: "ada".into(),
            comment: "known".into(),
            annotations: LabelSet::default(),
        };
        self.state.put_silence(None, draft, SilenceId(number), self.now).unwrap();
        self.step()
    }

    /// Somebody ends a silence.
    pub fn expired(&mut self, number: u128) -> &mut Self {
        self.state.expire_silence(SilenceId(number), self.now).unwrap();
        self.step()
    }

    /// One step of the writer: what is due speaks, and what may be sent is on its way.
    pub fn step(&mut self) -> &mut Self {
        while self.state.expire(self.now, 100) {}
        while self.state.plan(self.now, 100) {}
        let started = self.state.start_deliveries(self.now);
        self.in_flight.extend(started);
        let delta = self.state.take_delta();
        delta.bodies.iter().for_each(|body| self.nothing_muted_speaks(body));
        self.journal.push(delta);
        self
    }

    /// What is muted is said to fire only where a message is replaced that was to say so before.
    fn nothing_muted_speaks(&self, body: &PlannedBody) {
        for told in body.notification.alerts.iter().filter(|told| !told.voice.is_over()) {
            let id = told.alert.id;
            let said = self.state.group(body.group).is_some_and(|group| group.told.contains_key(&id));
            let carried = said && body.notification.replaced.is_some();
            let mute = self.state.mute_of(id, self.now.wall).filter(|_| !carried);
            assert!(mute.is_none(), "{id} is muted by {mute:?} and told");
        }
    }

    pub fn pass(&mut self, span: Duration) -> &mut Self {
        self.now.wall = self.now.wall.plus(span);
        self.now.steady = self.now.steady.plus(span);
        self.step()
    }

    pub fn seconds(&mut self, seconds: u64) -> &mut Self {
        self.pass(Duration::from_secs(seconds))
    }

    /// Slack answers everything that is on its way, and what follows from it.
    pub fn slack_takes_all(&mut self) -> &mut Self {
        for _ in 0..1000 {
            let Some(delivery) = self.in_flight.first().map(|delivery| delivery.id) else { return self };
            self.slack_takes(delivery);
        }
        panic!("the outbox never empties");
    }

    pub fn slack_takes(&mut self, id: DeliveryId) -> &mut Self {
        let delivery = self.in_flight.iter().find(|delivery| delivery.id == id).unwrap().clone();
        let told = self.words(&delivery);
        self.heard.push(format!("{}: {told}", delivery.channel));
        self.answer(id, Outcome::Delivered { ts: "1.0".into(), channel_id: "C1".into() })
    }

    pub fn answer(&mut self, id: DeliveryId, outcome: Outcome) -> &mut Self {
        self.in_flight.retain(|delivery| delivery.id != id);
        self.state.finish_delivery(id, outcome, 0.0, self.now);
        self.step()
    }

    pub fn answer_all(&mut self, outcome: &Outcome) -> &mut Self {
        for id in self.in_flight.iter().map(|delivery| delivery.id).collect::<Vec<_>>() {
            self.answer(id, outcome.clone());
        }
        self
    }

    /// `first_notification: firing a, resolved b`, the alerts by their label `i`, else by name.
    fn words(&self, delivery: &Delivery) -> String {
        let body = self.journal.iter().flat_map(|delta| &delta.bodies).find(|body| body.id == delivery.body);
        let Notification { reason, alerts, replaced, .. } = &body.unwrap().notification;
        let mut said: Vec<String> = alerts
            .iter()
            .map(|told| {
                let labels = &told.alert.labels;
                let name = labels.get("i").unwrap_or(labels.value("alertname"));
                match told.voice {
                    Voice::Firing => format!("firing {name}"),
                    Voice::SeverityChanged { from } => format!("from {from} {name}"),
                    Voice::Resolved => format!("resolved {name}"),
                    Voice::FiredAndResolved => format!("fired and resolved {name}"),
                }
            })
            .collect();
        said.sort();
        let instead =
            replaced.map_or(String::new(), |replaced| format!(" (instead of {})", replaced.messages));
        format!("{}: {}{instead}", reason.as_str(), said.join(", "))
    }

    /// What became of each delivery last, the oldest first: `#channel turn: word`.
    pub fn log(&self) -> Vec<String> {
        let mut last = BTreeMap::new();
        for change in self.journal.iter().flat_map(|delta| &delta.changes) {
            let Delivery { id, channel, turn, .. } = &change.delivery;
            last.insert(*id, format!("{channel} {turn}: {}", change.state.as_str()));
        }
        last.into_values().collect()
    }

    pub fn refuses_channel(&mut self) -> &mut Self {
        self.answer_all(&Outcome::ChannelRefused { error: "not_in_channel".into() })
    }

    /// The process dies and begins again with what was written down: `downtime` later.
    pub fn crash(&mut self, downtime: Duration) -> &mut Self {
        self.die(downtime).read_back().step()
    }

    /// The process dies; nobody reads the answers to what is on its way.
    pub fn die(&mut self, downtime: Duration) -> &mut Self {
        self.now.wall = self.now.wall.plus(downtime);
        self.now.steady = self.now.steady.plus(downtime);
        self.in_flight.clear();
        self
    }

    /// Everything is forgotten and gone on with as it was written down.
    pub fn read_back(&mut self) -> &mut Self {
        let config = self.state.config.clone();
        self.state = State::remember(config, crate::memory::recall(&self.journal), self.now);
        self
    }

    /// Why the lane to this channel is paused, if it is.
    pub fn paused(&self, channel: &str) -> Option<Paused> {
        let mut lanes = self.state.outbox().lanes();
        lanes.find(|(_, name, _)| name.as_str() == channel)?.2.paused().cloned()
    }

    pub fn hears(&mut self) -> Vec<String> {
        std::mem::take(&mut self.heard)
    }
}
