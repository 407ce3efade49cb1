//! What happens in a storm.

use std::time::Duration;

use larum_core::alert::{Alert, AlertId, EndReason, Observation, Origin, PolicyId, Says};
use larum_core::condition::Conditions;
use larum_core::config::{Grouping, Pace};
use larum_core::inhibit::InhibitRule;
use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::outbox::{Delivery, DeliveryId, Outcome};
use larum_core::receiver::{Channels, Receiver, ReceiverId};
use larum_core::silence::{SilenceDraft, SilenceId};
use larum_core::time::Timestamp;

use super::{Ears, Ledger, Random, Storm};
use crate::world::{World, inhibits, labels, only, receiver};

const CHANNELS: [&str; 4] = ["a", "b", "c", "d"];
/// Everybody that can be broken.
const PLACES: [&str; 5] = ["a", "b", "c", "d", "hook[0]"];
const HOUR: u64 = 3600;

impl Storm {
    pub fn raise(seed: u64, loud: bool) -> Self {
        let mut random = Random::new(seed);
        let count = 1 + random.below(3);
        let receivers: Vec<Receiver> = (1..=count).map(|id| any_receiver(&mut random, id)).collect();
        let rules = any_rules(&mut random);
        let mut world = World::inhibiting(&receivers, &rules);
        world.state.config.pace = if random.percent(50) { Pace::SLACK } else { Pace::NONE };
        world.state.config.grouping = any_grouping(&mut random);
        let (ears, ledger) = (Ears::default(), Ledger::default());
        let regroups = random.percent(33);
        let routed = random.percent(50);
        let mut storm = Self { world, random, ears, ledger, broken: vec![], regroups, routed, loud };
        if routed {
            storm.load_routes();
        }
        storm
    }

    /// Something happens.
    pub fn blow(&mut self) {
        match self.random.below(100) {
            0..25 => self.something_fires(),
            25..36 => self.something_ends(),
            36..58 => self.time_passes(),
            58..81 => self.slack_answers(),
            81..84 => self.somebody_silences(),
            84..86 => self.policy_is_edited(),
            86..91 => self.receiver_is_saved(),
            91..92 => self.receiver_is_deleted(),
            92..93 => self.grouping_is_saved_or_routes_are_loaded(),
            93..95 => self.channel_breaks_or_is_mended(),
            95..97 => self.somebody_presses_retry(),
            97..99 => self.crash(),
            _ => self.commit_fails(),
        }
        self.look();
        self.ears.learn(self.ledger.alerts.values());
    }

    fn something_fires(&mut self) {
        let seen = self.any_observation();
        self.note(|| format!("fires {} {:?}", seen.labels, seen.origin));
        self.world.observe(&seen);
    }

    fn any_observation(&mut self) -> Observation {
        let random = &mut self.random;
        let name = random.pick(&["Disk", "Disk", "Cpu", "Net", "Watchdog"]);
        let severity = random.pick(&["critical", "warning", "warning", "info", "none"]);
        let namespace = random.pick(&["x", "y", ""]);
        let i = random.below(3);
        let text = format!("alertname={name} severity={severity} namespace={namespace} i={i}");
        let origin = match random.below(8) {
            0 => Origin::Alertmanager,
            1 | 2 => Origin::Policy(PolicyId(1)),
            _ => Origin::Prometheus,
        };
        let lasts = match origin {
            Origin::Policy(_) | Origin::Alertmanager => 25 * HOUR,
            Origin::Prometheus => random.pick(&[20, 300, 300, HOUR]),
        };
        let timeout = random.percent(70);
        let anew = random.percent(60);
        let says = Says::Firing { ends_at: self.world.now.wall.plus(Duration::from_secs(lasts)), timeout };
        let mut seen = Observation { origin, ..self.world.observation(&text, says) };
        let known = self.world.state.alert_by_key(&seen.key());
        seen.starts_at = match known {
            Some(known) if known.is_firing() || !anew => known.starts_at,
            _ => self.world.now.wall,
        };
        seen
    }

    fn something_ends(&mut self) {
        let mut firing: Vec<AlertId> = self.world.state.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        let Some(id) = self.random.one_of(&firing).copied() else { return };
        self.end(id);
    }

    pub fn resolve_all(&mut self) {
        let mut firing: Vec<AlertId> = self.world.state.firing().map(|alert| alert.id).collect();
        firing.sort_unstable();
        for id in firing {
            self.end(id);
            self.look();
        }
    }

    fn end(&mut self, id: AlertId) {
        let Some(alert) = self.world.state.alert(id) else { return };
        let seen = ends(alert, self.world.now.wall, EndReason::Resolved);
        self.note(|| format!("ends {id} {}", seen.labels));
        self.world.observe(&seen);
    }

    fn policy_is_edited(&mut self) {
        let severity = self.random.pick(&["critical", "warning", "info"]);
        let policy = Some(PolicyId(1));
        let firing = self.world.state.firing().filter(|alert| alert.policy() == policy);
        let mut firing: Vec<_> = firing.cloned().collect();
        firing.sort_unstable_by_key(|alert| alert.id);
        self.note(|| format!("a policy is edited, with {} alerts", firing.len()));
        let now = self.world.now.wall;
        for alert in firing {
            let after = alert.labels.with("severity", severity);
            let taken = self.world.state.firing().any(|a| a.policy() == policy && a.labels == after);
            if taken {
                continue;
            }
            let says = Says::Firing { ends_at: now.plus(Duration::from_secs(25 * HOUR)), timeout: true };
            let fires = Observation {
                labels: after,
                continues: Some(alert.labels.clone()),
                says,
                ..ends(&alert, now, EndReason::Resolved)
            };
            let ended = ends(&alert, now, EndReason::PolicyChanged);
            self.world.state.observe(&ended, self.world.now).unwrap();
            self.world.state.observe(&fires, self.world.now).unwrap();
        }
        self.world.step();
    }

    fn time_passes(&mut self) {
        let seconds = match self.random.below(12) {
            0 => self.random.below(2 * HOUR),
            1..4 => self.random.below(400),
            _ => self.random.below(40),
        };
        if self.random.percent(5) {
            let jump = Duration::from_secs(self.random.below(2 * HOUR));
            let wall = self.world.now.wall;
            self.world.now.wall = if self.random.percent(50) { wall.plus(jump) } else { wall.minus(jump) };
        }
        let millis = self.random.below(1000);
        self.note(|| format!("{seconds} s pass"));
        self.world.pass(Duration::from_millis(seconds * 1000 + millis));
    }

    fn slack_answers(&mut self) {
        for _ in 0..=self.random.below(4) {
            let in_flight = self.world.in_flight.clone();
            let Some(delivery) = self.random.one_of(&in_flight).cloned() else { return };
            self.slack_answers_to(&delivery);
            self.look();
        }
    }

    fn slack_answers_to(&mut self, delivery: &Delivery) {
        let error = || "some error".into();
        let broken = self.broken.iter().any(|name| name == delivery.channel.as_str());
        let kind = if broken { 50 + self.random.below(40) } else { self.random.below(100) };
        let outcome = match kind {
            50..57 => Outcome::RetryAfter { wait: Duration::from_secs(1 + self.random.below(120)) },
            57..70 => Outcome::ChannelRefused { error: error() },
            70..74 => Outcome::CredentialRefused { error: error() },
            74..82 => Outcome::Unreachable { error: error() },
            82..90 => Outcome::Unknown { error: error() },
            90..94 => Outcome::PayloadRefused { error: error() },
            _ => return self.deliver(delivery),
        };
        if let Outcome::RetryAfter { wait } = outcome {
            self.ledger.asked_to_wait(&self.world, delivery, wait);
        }
        let posted = matches!(outcome, Outcome::Unknown { .. }) && self.random.percent(50);
        self.note(|| format!("{}: {outcome:?}, posted: {posted}", named(delivery)));
        if posted {
            self.ears.hear(delivery, &self.ledger.bodies[&delivery.body]);
        }
        if delivery.plain && matches!(outcome, Outcome::PayloadRefused { .. }) {
            self.ears.refused(delivery);
        }
        self.world.answer(delivery.id, outcome);
    }

    fn deliver(&mut self, delivery: &Delivery) {
        let says = &self.ledger.bodies[&delivery.body];
        self.note(|| format!("{} arrives", named(delivery)));
        self.ears.hear(delivery, says);
        let delivered = Outcome::Delivered { ts: "1.0".into(), channel_id: "C1".into() };
        self.world.answer(delivery.id, delivered);
    }

    pub fn deliver_all(&mut self) {
        for _ in 0..1000 {
            let Some(delivery) = self.world.in_flight.first().cloned() else { return };
            self.deliver(&delivery);
            self.look();
        }
    }

    /// Somebody adds a silence, or edits or ends one; those that are over are tidied away now and then.
    fn somebody_silences(&mut self) {
        let (state, now) = (&mut self.world.state, self.world.now);
        let mut known: Vec<SilenceId> = state.silences().iter().map(|silence| silence.id).collect();
        known.sort_unstable();
        let fresh = SilenceId(state.draw_id().into());
        let edited = self.random.one_of(&known).copied();
        match (self.random.below(10), edited) {
            (0, _) => drop(state.tidy_silences(Duration::from_secs(HOUR), now, 10)),
            (1 | 2, Some(id)) => state.expire_silence(id, now).unwrap(),
            (3 | 4, Some(_)) => self.put_any_silence(edited, fresh),
            _ => self.put_any_silence(None, fresh),
        }
        self.world.step();
    }

    fn put_any_silence(&mut self, edited: Option<SilenceId>, fresh: SilenceId) {
        let [from, lasts] = [self.random.pick(&[0, 0, 60, 1000]), 1 + self.random.below(HOUR)];
        let starts_at = self.world.now.wall.plus(Duration::from_secs(from));
        let values =
            [("alertname", "Disk"), ("alertname", "Cpu|Net"), ("severity", "critical"), ("i", "0|2")];
        let (name, value) = self.random.pick(&values);
        let draft = SilenceDraft {
            matchers: vec![Matcher::new(name, MatchOp::Regexp, value).unwrap()],
            starts_at: Some(starts_at),
            ends_at: starts_at.plus(Duration::from_secs(lasts)),
            created_by: "ada".into(),
            comment: "in a storm".into(),
            annotations: LabelSet::default(),
        };
        self.note(|| format!("silenced {name}=~{value} in {from} s for {lasts} s"));
        self.world.state.put_silence(edited, draft, fresh, self.world.now).unwrap();
    }

    fn receiver_is_saved(&mut self) {
        let id = 1 + self.random.below(4);
        let mut after = any_receiver(&mut self.random, id);
        let before = self.world.state.config.receiver(ReceiverId(id)).cloned();
        if let Some(before) = &before {
            // Most edits change one thing.
            match self.random.below(5) {
                0 => after = Receiver { channels: after.channels, ..before.as_ref().clone() },
                1 => after = Receiver { conditions: after.conditions, ..before.as_ref().clone() },
                2 => after = Receiver { enabled: !before.enabled, ..before.as_ref().clone() },
                3 => after = before.as_ref().clone(),
                _ => {}
            }
        }
        self.note(|| format!("saved {after:?}"));
        let next = self.world.state.draw_id();
        for channel in before.iter().flat_map(|before| before.channels.iter()) {
            let moved = before.as_ref().is_some_and(|before| before.workspace != after.workspace);
            if !after.enabled || moved || !after.channels.contains(channel) {
                self.ears.leave(ReceiverId(id), channel, next);
            }
        }
        self.world.saved(after);
    }

    fn receiver_is_deleted(&mut self) {
        let receivers = self.world.state.config.receivers.clone();
        let Some(receiver) = self.random.one_of(&receivers) else { return };
        self.note(|| format!("deleted {}", receiver.id));
        let next = self.world.state.draw_id();
        receiver.channels.iter().for_each(|channel| self.ears.leave(receiver.id, channel, next));
        self.world.state.remove_receiver(receiver.id, "ada", self.world.now);
        self.world.step();
    }

    fn grouping_is_saved_or_routes_are_loaded(&mut self) {
        if !self.regroups {
            return;
        }
        if self.routed && self.random.percent(50) {
            self.ears.regrouped = true;
            return self.load_routes();
        }
        let grouping = any_grouping(&mut self.random);
        self.note(|| format!("saved {grouping:?}"));
        self.ears.regrouped = true;
        self.world.state.put_grouping(grouping);
        self.world.step();
    }

    fn channel_breaks_or_is_mended(&mut self) {
        if self.random.percent(50) {
            self.broken.clear();
        } else {
            self.broken.push(self.random.pick(&PLACES).to_owned());
        }
        self.note(|| format!("broken: {:?}", self.broken));
    }

    fn somebody_presses_retry(&mut self) {
        let waiting: Vec<DeliveryId> = self.world.state.outbox().iter().map(|row| row.id).collect();
        if let Some(id) = self.random.one_of(&waiting) {
            self.world.state.retry_delivery(*id, self.world.now);
        }
        if let Some(dead) = self.random.one_of(&self.ledger.given_up()) {
            self.note(|| format!("{:?} is revived", dead.id));
            self.ears.revived.insert(dead.id);
            self.world.state.revive_delivery(dead.clone());
            self.world.state.retry_delivery(dead.id, self.world.now);
        }
        self.world.step();
    }

    fn crash(&mut self) {
        let downtime = if self.random.percent(50) { 1 } else { self.random.below(HOUR) };
        self.note(|| format!("a crash, {downtime} s long"));
        for delivery in self.world.in_flight.clone() {
            // What was on its way may have arrived.
            if self.random.percent(50) {
                self.note(|| format!("{} arrives", named(&delivery)));
                self.ears.hear(&delivery, &self.ledger.bodies[&delivery.body]);
            }
        }
        let before = self.lanes();
        self.world.die(Duration::from_secs(downtime)).read_back();
        self.lanes_go_on_as(before);
        self.world.step();
    }

    /// Something is taken in and planned, and then the disk is full: it has not happened.
    fn commit_fails(&mut self) {
        self.note(|| "a commit fails".to_owned());
        let config = self.world.state.config.clone();
        let (before, seen, now) = (self.lanes(), self.any_observation(), self.world.now);
        let _ = self.world.state.observe(&seen, now);
        self.world.state.put_receiver(any_receiver(&mut self.random, 1), "ada", now);
        self.world.state.plan(now, 100);
        self.world.state.start_deliveries(now);
        self.world.state.config = config;
        self.world.read_back();
        self.lanes_go_on_as(before);
        let in_flight: Vec<DeliveryId> = self.world.in_flight.iter().map(|row| row.id).collect();
        self.world.state.still_sending(&in_flight);
        self.world.step();
    }
}

fn named(delivery: &Delivery) -> String {
    let Delivery { id, receiver, channel, group, turn, uncertain, alerts, replaced, .. } = delivery;
    let instead = replaced.map_or(0, |replaced| replaced.messages);
    format!("{id:?} of {group:?} turn {turn} -{instead} to {receiver} {channel} {uncertain} {alerts:?}")
}

fn ends(alert: &Alert, at: Timestamp, reason: EndReason) -> Observation {
    Observation {
        origin: alert.origin,
        labels: alert.labels.clone(),
        annotations: alert.annotations.clone(),
        generator_url: alert.generator_url.clone(),
        starts_at: alert.starts_at,
        says: Says::Ended { at: at.max(alert.starts_at), reason },
        measured: None,
        continues: None,
    }
}

fn any_receiver(random: &mut Random, id: u64) -> Receiver {
    let conditions = match random.below(5) {
        0 => only("severity", &["critical"]),
        1 => only("severity", &["warning", "info"]),
        2 => only("namespace", &["x"]),
        _ => Conditions::EVERYTHING,
    };
    Receiver {
        enabled: random.percent(90),
        channels: Channels::parse(&random.some(&CHANNELS)).unwrap(),
        conditions,
        workspace: Some(random.pick(&["T1", "T1", "T1", "T2"]).into()),
        ..receiver(id, &["a"])
    }
}

fn any_rules(random: &mut Random) -> Vec<InhibitRule> {
    let rules = [
        inhibits("severity=critical", "severity=warning|info", &["namespace", "alertname"]),
        inhibits("severity=critical", "severity=warning", &[]),
        inhibits("severity=warning", "severity=info", &["i"]),
        inhibits("alertname=Cpu", "alertname=Disk|Net", &["namespace"]),
        inhibits("severity=critical|warning", "severity=warning|info", &["namespace"]),
        inhibits("severity=none", "", &["i", "namespace"]),
    ];
    let count = random.below(4);
    (0..count).filter_map(|_| random.one_of(&rules).cloned()).collect()
}

fn any_grouping(random: &mut Random) -> Grouping {
    let by: &[&str] = match random.below(6) {
        0 => &[],
        1 => &["..."],
        2 => &["alertname"],
        3 => &["severity"],
        _ => &["alertname", "namespace"],
    };
    let [wait, interval, repeat] =
        [random.pick(&[0, 10, 30]), random.pick(&[1, 60, 300]), random.pick(&[600, 43_200])]
            .map(Duration::from_secs);
    Grouping::new(by, wait, interval, repeat).unwrap()
}

#[test]
fn the_labels_of_a_storm_are_those_of_the_world() {
    assert_eq!(labels("alertname=Disk namespace="), labels("alertname=Disk"));
}
