//! From a posted body to observations.

use std::time::Duration;

use larum_core::alert::{Observation, WEBHOOK_RESOLVE_TIMEOUT};
use larum_core::matcher::MatcherSyntax;
use larum_core::time::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::{REQUIRED, Refusal};
use super::observation::{Door, Wrong, observe};
use super::posted::{PostedAlert, Text};

/// The most alerts one request may bring.
pub const MAX_ALERTS_PER_POST: usize = 100_000;
/// How many wrong alerts of one request are named; the others are counted.
const MAX_NAMED: usize = 10;

/// What holds for every alert of one request.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// When the request came.
    pub now: Timestamp,
    /// How long an alert without an end fires on.
    pub resolve_timeout: Duration,
    /// The same for alerts of an Alertmanager's webhook, which are not sent again.
    pub webhook_resolve_timeout: Duration,
    /// Which names labels can have.
    pub syntax: MatcherSyntax,
}

impl Terms {
    /// The customary terms, from `now` on.
    pub fn at(now: Timestamp) -> Self {
        let resolve_timeout = larum_core::alert::RESOLVE_TIMEOUT;
        let syntax = MatcherSyntax::default();
        Self { now, resolve_timeout, webhook_resolve_timeout: WEBHOOK_RESOLVE_TIMEOUT, syntax }
    }
}

/// What one request said.
#[derive(Default, Debug)]
pub struct Intake {
    /// The alerts that are right.
    pub observations: Vec<Observation>,
    /// What is wrong with the others, in words; they do not keep the right ones out.
    pub refused: Vec<String>,
    /// How many are wrong beyond those named.
    pub more_refused: usize,
    /// How many an Alertmanager left out of its webhook (Alertmanager, `webhook_config`, `max_alerts`).
    pub left_out: u64,
}

impl Intake {
    /// What to answer once the right alerts are stored: nothing if all were right.
    pub fn verdict(&self) -> Option<Refusal> {
        let named = self.refused.join("\n");
        match (self.refused.is_empty(), self.more_refused) {
            (true, _) => None,
            (false, 0) => Some(Refusal::bad(named)),
            (false, more) => Some(Refusal::bad(format!("{named}\nand {more} more alerts are wrong"))),
        }
    }
}

/// Reads a body: an array as Prometheus posts it, or the object that an Alertmanager's webhook posts
/// (Alertmanager, "Configuration", `webhook_config`).
///
/// # Errors
/// [`Refusal`] if the body as a whole is not what it should be; then nothing of it counts.
pub fn read(body: &[u8], terms: Terms) -> Result<Intake, Refusal> {
    let mut reading = Reading { terms, door: Door::Prometheus, intake: Intake::default(), wrong: None };
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let mut json = serde_json::Deserializer::from_slice(body);
    let result = match first {
        None => return Err(Refusal::framework(REQUIRED, "alerts in body is required")),
        Some(b'{') => {
            reading.door = Door::Webhook;
            (&mut json).deserialize_map(Envelope(&mut reading))
        }
        Some(_) => AlertList(&mut reading).deserialize(&mut json).map(|()| true),
    };
    let result = result.and_then(|has_alerts| json.end().map(|()| has_alerts));
    match (reading.wrong, result) {
        (Some(wrong), _) => Err(wrong),
        (None, Err(error)) => Err(Refusal::unparsable("alerts", error)),
        (None, Ok(false)) => Err(Refusal::framework(REQUIRED, "alerts in body is required")),
        (None, Ok(true)) => Ok(reading.intake),
    }
}

/// The state of reading one body. Alerts become observations one by one, so that a body of many small alerts never
/// stands in memory several times.
struct Reading {
    terms: Terms,
    door: Door,
    intake: Intake,
    wrong: Option<Refusal>,
}

/// The webhook's object; answers whether it has `alerts`.
struct Envelope<'r>(&'r mut Reading);

impl<'de> Visitor<'de> for Envelope<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of alerts, or an Alertmanager webhook's object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut has_alerts = false;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if key.as_ref() == "alerts" {
                map.next_value_seed(AlertList(self.0))?;
                has_alerts = true;
            } else if key.as_ref() == "truncatedAlerts" {
                self.0.intake.left_out = map.next_value::<Option<u64>>()?.unwrap_or(0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(has_alerts)
    }
}

struct AlertList<'r>(&'r mut Reading);

impl<'de> DeserializeSeed<'de> for AlertList<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AlertList<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of alerts")
    }

    /// Go takes `null` for an empty list.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(alert) = seq.next_element::<Option<PostedAlert<'de>>>()? {
            if index == MAX_ALERTS_PER_POST {
                let words = format!("a request can bring at most {MAX_ALERTS_PER_POST} alerts: send several");
                self.0.wrong = Some(Refusal::framework(413, words));
            }
            if self.0.wrong.is_none() {
                self.0.take(index, alert);
            }
            index += 1;
        }
        Ok(())
    }
}

impl Reading {
    fn take(&mut self, index: usize, alert: Option<PostedAlert<'_>>) {
        let link = self.intake.observations.last().map(|before| &before.generator_url);
        match observe(self.door, index, alert, link, self.terms) {
            Ok(observation) => self.intake.observations.push(observation),
            Err(Wrong::Request(refusal)) => self.wrong = Some(refusal),
            Err(Wrong::Alert(_)) if self.intake.refused.len() >= MAX_NAMED => self.intake.more_refused += 1,
            Err(Wrong::Alert(words)) => self.intake.refused.push(words),
        }
    }
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
