//! The process dies, and another one goes on from what is on disk.

use std::time::Duration;

use larum_core::outbox::DeliveryId;
use larum_core::time::Now;

use super::Storm;
use super::promises::listeners;
use crate::life::Life;
use crate::scribe::{Doom, Fate};

/// The longest that Larum does not run, in seconds.
const DOWNTIME: u64 = 3600;

impl Storm {
    /// Somebody pulls the plug while everything is at rest.
    pub fn is_killed(&mut self) {
        self.begin_again();
        self.settle();
    }

    /// The process is gone, with all that it only had in mind. Another one begins.
    pub(super) fn begin_again(&mut self) {
        let downtime = if self.random.percent(50) { 1 } else { self.random.below(DOWNTIME) };
        self.note(|| format!("a death, {downtime} s long"));
        self.ledger.tally.deaths += 1;
        let Some(life) = self.life.take() else { return };
        let before = life.now();
        let (at_rest, rested) = (self.commits == 0, self.rested);
        life.last_words(&self.slack).into_iter().for_each(|request| self.flights.was_posted(request));
        drop(life);
        self.lose_touch();
        let span = Duration::from_secs(downtime);
        let now = Now { wall: before.wall.plus(span), steady: before.steady.plus(span) };
        self.rearrange();
        let doom = self.doom_of_the_next();
        self.lives += 1;
        let seed = self.seed.wrapping_add(self.lives << 32);
        let (life, memory) = Life::begin(self.dir.path(), &self.slack, &self.arrangement, (now, seed), doom);
        self.went_back(now);
        if self.rearranged {
            self.ledger.forget_times();
            self.ledger.forget_wishes();
            // Who is not in this file is gone, even if this life ends before it comes to rest.
            self.who_listens(life.read(listeners), DeliveryId(self.ledger.newest().0 + 1));
        } else if at_rest && !self.jumped && (rested || !self.ears.regrouped) {
            // After a change of the grouping a start may bring times forward, which its first step writes down.
            self.memory.is_kept_by(&memory, self.ears.regrouped, now);
        }
        (self.memory, self.commits, self.rested) = (memory, 0, false);
        self.life = Some(life);
    }

    /// Nobody reads the answers to what is on its way; it may have arrived.
    fn lose_touch(&mut self) {
        for flight in std::mem::take(&mut self.flights.flights) {
            if flight.request.is_some() && self.random.percent(50) {
                let (says, _) = self.ledger.bodies[&flight.delivery.body].clone();
                self.ears.hear(&flight.delivery, &says);
            }
        }
    }

    /// Somebody edits the file while nobody reads it.
    fn rearrange(&mut self) {
        if !self.temper.regroups || !self.random.percent(15) {
            return;
        }
        let url = self.url();
        self.arrangement.inhibitions = crate::weather::any_rules(&mut self.random).into();
        if self.temper.routed {
            self.arrangement.file = Some(crate::weather::any_file(&mut self.random, &url));
        }
        (self.rearranged, self.ears.regrouped) = (true, true);
    }

    /// Who has just begun may die at once.
    fn doom_of_the_next(&mut self) -> Option<Doom> {
        let fate = self.random.pick(&[Fate::DiesBefore, Fate::DiesAfter]);
        let doom = Doom { after: self.random.pick(&[0, 0, 1]), fate };
        (self.temper.doom > 0 && self.random.percent(15)).then_some(doom)
    }
}
