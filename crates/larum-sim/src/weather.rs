//! What happens in a storm.

use std::time::Duration;

use larum_core::outbox::DeliveryId;

use crate::slack::reply::{Mood, Voice};
use crate::storm::{Storm, named};

mod alerts;
mod policies;
mod silences;
mod settings;
mod routes;

pub use routes::{any_file, any_rules};

/// Everybody that can be broken.
const PLACES: [&str; 6] = ["a", "b", "c", "d", "webhook[0]", "slack[0]"];
const HOUR: u64 = 3600;

impl Storm {
    /// Something happens.
    pub fn blow(&mut self) {
        self.doom();
        match self.random.below(100) {
            0..22 => self.something_fires(),
            22..32 => self.something_ends(),
            32..39 => self.a_policy_is_evaluated(),
            39..58 => self.time_passes(),
            58..80 => self.slack_answers(),
            80..83 => self.somebody_silences(),
            83..86 => self.somebody_edits_policies(),
            86..91 => self.receiver_is_saved(),
            91..92 => self.receiver_is_deleted(),
            92..94 => self.grouping_is_saved_or_routes_are_loaded(),
            94..96 => self.channel_breaks_or_is_mended(),
            96..98 => self.somebody_presses_retry(),
            _ => self.is_killed(),
        }
    }

    fn time_passes(&mut self) {
        let seconds = match self.random.below(12) {
            0 => self.random.below(2 * HOUR),
            1..4 => self.random.below(400),
            _ => self.random.below(40),
        };
        if self.temper.jumps && self.random.percent(15) {
            self.wall_clock_jumps();
        }
        let millis = self.random.below(1000);
        self.note(|| format!("{seconds} s pass"));
        self.life().pass(Duration::from_millis(seconds * 1000 + millis));
        self.settle();
    }

    fn wall_clock_jumps(&mut self) {
        let jump = Duration::from_secs(self.random.below(2 * HOUR));
        let wall = self.now().wall;
        self.note(|| format!("the wall clock is set by {jump:?}"));
        let ahead = self.random.percent(50);
        self.life().set_wall(if ahead { wall.plus(jump) } else { wall.minus(jump) });
        self.jumped = true;
    }

    fn slack_answers(&mut self) {
        for _ in 0..=self.random.below(4) {
            let Some(id) = self.random.one_of(&self.flights.posted()).copied() else { return };
            let mood = self.any_mood(id);
            self.answer(id, mood);
        }
    }

    fn any_mood(&mut self, id: DeliveryId) -> Mood {
        let flight = self.flights.flights.iter().find(|flight| flight.delivery.id == id);
        let Some((name, voice)) = flight.map(|flight| (flight.delivery.channel.as_str(), flight.voice))
        else {
            return Mood::Takes;
        };
        let broken = self.broken.iter().any(|place| place == name);
        let random = &mut self.random;
        match if broken { 50 + random.below(40) } else { random.below(100) } {
            50..58 => Mood::Wait(Duration::from_secs(1 + random.below(120))),
            58..68 => Mood::NoChannel,
            68..72 => Mood::NoEntry,
            72..80 => Mood::Away,
            80..90 if broken && voice == Voice::Webhook => random.pick(&[Mood::Fault, Mood::Silent]),
            80..90 => random.pick(&[Mood::Fault, Mood::Silent, Mood::BreaksOff, Mood::Page]),
            90..94 => Mood::BadMessage,
            _ => Mood::Takes,
        }
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
        let waiting: Vec<DeliveryId> = self.read(|state| state.outbox().iter().map(|row| row.id).collect());
        if let Some(id) = self.random.one_of(&waiting).copied() {
            self.note(|| format!("{id:?} is to be tried again"));
            self.ask(async |engine| drop(engine.retry_delivery(id).await));
        }
        if let Some(dead) = self.random.one_of(&self.ledger.given_up()).cloned() {
            self.note(|| format!("{} is revived", named(&dead)));
            self.ears.revived.insert(dead.id);
            self.ask(async |engine| drop(engine.retry_delivery(dead.id).await));
        }
    }
}
