//! One storm over one installation: what happens is known by a seed, and after everything that happens the promises are
//! asked.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::config::Pace;
use larum_core::label::LabelSet;
use larum_core::outbox::{Delivery, DeliveryId, DeliveryState, Workspace};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::state::State;
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::{Handle, Storage};
use tempfile::TempDir;

use crate::ears::Ears;
use crate::flight::{Flight, Flights};
use crate::ledger::{Ledger, Tally};
use crate::life::{Arrangement, Life};
use crate::memory::Memory;
use crate::random::Random;
use crate::scribe::{Doom, Fate, Written};
use crate::slack::Slack;
use crate::slack::reply::Mood;

mod calm;
mod death;
mod promises;

/// How many things happen in one storm, unless somebody asks for other ones.
pub const EVENTS: usize = 120;
/// A file system in memory, where there is one: what a disk does is its own promise.
const IN_MEMORY: &str = "/dev/shm";

/// Lets these events of a storm happen and then everything calm down. `loud` tells what happens.
///
/// # Panics
/// If a promise is broken, in words.
pub fn ride_out(seed: u64, events: impl IntoIterator<Item = usize>, loud: bool) -> Tally {
    let mut storm = Storm::raise(seed, loud);
    for event in events {
        storm.random = Random::of_event(seed, event);
        storm.blow();
    }
    storm.calm_down();
    Tally { again: storm.ears.again, ..storm.ledger.tally }
}

/// What kind of weather it is.
#[derive(Clone, Copy, Debug)]
pub struct Temper {
    /// Whether somebody changes the grouping, the routes and the rules now and then.
    pub regroups: bool,
    /// Whether there is a file of routes.
    pub routed: bool,
    /// Whether the wall clock jumps.
    pub jumps: bool,
    /// In how many events of a hundred a commit to come is doomed.
    pub doom: u64,
}

/// Who listens where, on behalf of which workspace.
type Listeners = BTreeMap<(ReceiverId, Channel), Workspace>;

/// One storm.
pub struct Storm {
    /// None only between two lives.
    life: Option<Life>,
    slack: Slack,
    dir: TempDir,
    pub arrangement: Arrangement,
    /// Whether the arrangement is another than that of the life before.
    pub rearranged: bool,
    seed: u64,
    lives: u64,
    pub temper: Temper,
    pub random: Random,
    pub ears: Ears,
    pub ledger: Ledger,
    pub flights: Flights,
    /// Channels to which nothing gets through at the moment, for whatever reason.
    pub broken: Vec<String>,
    /// Alerts that were accepted as firing, and until when at least.
    pub accepted: BTreeMap<LabelSet, Steady>,
    /// What was known when everything was at rest, and who listened.
    memory: Memory,
    listeners: Listeners,
    /// The newest delivery at that time.
    newest: DeliveryId,
    /// How many commits there were since then.
    commits: usize,
    /// Whether all that the process that lives knows is written down.
    rested: bool,
    /// Whether the wall clock was ever set.
    pub jumped: bool,
    loud: bool,
}

impl Storm {
    fn raise(seed: u64, loud: bool) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut random = Random::new(seed);
        let slack = Slack::open().expect("loopback can be listened on");
        let in_memory = std::path::Path::new(IN_MEMORY);
        let dir = if in_memory.is_dir() { TempDir::new_in(in_memory) } else { TempDir::new() };
        let dir = dir.expect("there is room for a data directory");
        let temper = Temper {
            regroups: random.percent(33),
            routed: random.percent(60),
            jumps: random.percent(25),
            doom: random.pick(&[0, 3, 6, 12]),
        };
        let url = slack.url().expect("loopback has an address");
        let arrangement = Arrangement {
            pace: if random.percent(50) { Pace::SLACK } else { Pace::NONE },
            inhibitions: crate::weather::any_rules(&mut random).into(),
            file: temper.routed.then(|| crate::weather::any_file(&mut random, &url)),
        };
        let now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::default() };
        let (life, memory) = Life::begin(dir.path(), &slack, &arrangement, (now, seed), None);
        let mut storm = Self {
            life: Some(life),
            slack,
            dir,
            arrangement,
            rearranged: false,
            seed,
            lives: 1,
            temper,
            random,
            ears: Ears::default(),
            ledger: Ledger::default(),
            flights: Flights::default(),
            broken: Vec::new(),
            accepted: BTreeMap::new(),
            memory,
            listeners: Listeners::new(),
            newest: DeliveryId(0),
            commits: 0,
            rested: false,
            jumped: false,
            loud,
        };
        storm.settle();
        storm.settle_in();
        storm
    }

    /// The process that lives now.
    pub fn life(&self) -> &Life {
        self.life.as_ref().expect("one process lives")
    }

    /// How many processes there have been.
    pub fn lives(&self) -> u64 {
        self.lives
    }

    /// What both clocks say.
    pub fn now(&self) -> Now {
        self.life().now()
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.life().read(look)
    }

    /// Where messages of a file are to be posted to.
    pub fn url(&self) -> String {
        self.slack.url().expect("loopback has an address")
    }

    /// Says what happens, where somebody listens.
    pub fn note(&self, what: impl FnOnce() -> String) {
        if self.loud {
            eprintln!("{:>9} {}", self.now().steady.as_millis() / 1000, what());
        }
    }

    /// Somebody asks for something, and all happens that follows from it. `None` if Larum died before it answered.
    pub fn ask<T>(&mut self, work: impl AsyncFnOnce(&Handle) -> T) -> Option<T> {
        let answer = self.life().ask(work);
        if answer.is_none() {
            self.note(|| "nobody answers".to_owned());
        }
        self.settle();
        answer
    }

    /// Lets a commit to come go wrong, now and then.
    pub fn doom(&mut self) {
        if !self.random.percent(self.temper.doom) || self.life().scribe().doomed().is_some() {
            return;
        }
        let fate = match self.random.below(8) {
            0 => Fate::Fails,
            1 => Fate::Full { more: self.random.below(3) as u32 },
            2..5 => Fate::DiesBefore,
            _ => Fate::DiesAfter,
        };
        let doom = Doom { after: self.random.pick(&[0, 0, 1, 3]), fate };
        self.note(|| format!("{doom:?}"));
        self.life().scribe().doom(Some(doom));
    }

    /// Lets everything happen that follows by itself, over as many deaths as it takes, and asks the promises.
    pub fn settle(&mut self) {
        for _ in 0..50 {
            if self.rests() {
                return self.look();
            }
            self.begin_again();
        }
        panic!("it dies again and again");
    }

    /// Lets the process do what is due and post what is written down as being sent. Answers whether it lives.
    fn rests(&mut self) -> bool {
        for _ in 0..100 {
            let refused = self.life().refuses();
            let lives = self.life().settle();
            let storage = self.life().engine().storage();
            if self.jumped && (refused || self.life().scribe().has_failed()) {
                // Everything was read back before this was written.
                self.ledger.forget_times();
            }
            self.read_journal();
            if storage != Storage::Fine {
                self.note(|| format!("  {storage:?}, {} commits", self.commits));
            }
            if !lives {
                return false;
            }
            let missing = self.flights.missing();
            let Some(posted) = self.life().posted(&self.slack, missing) else { return false };
            posted.into_iter().for_each(|request| self.flights.was_posted(request));
            if missing == 0 {
                return true;
            }
        }
        panic!("there is always more to post");
    }

    fn read_journal(&mut self) {
        let life = self.life.as_ref().expect("one process lives");
        let written = life.written();
        self.commits += written.len();
        life.read(|state| self.ledger.read(&written, state));
        for verdict in written.iter().flat_map(|written| &written.verdicts) {
            self.note(|| format!("  {} {:?}: {:?}", verdict.alert, verdict.receiver, verdict.reason));
        }
        written.iter().for_each(|written| self.take_off(written));
        self.ears.learn(written.iter().flat_map(|written| &written.alerts));
    }

    /// What was written down as being sent is on its way from here on; what was given up arrives no more.
    fn take_off(&mut self, written: &Written) {
        for change in &written.changes {
            match change.state {
                DeliveryState::Sending => {
                    let (row, life) = (&change.delivery, self.life.as_ref().expect("one process lives"));
                    let (_, words) = &self.ledger.bodies[&row.body];
                    let receiver = life.read(|state| state.config.receiver(row.receiver).cloned());
                    self.flights.add(Flight::of(row.clone(), &receiver.expect("it is wanted"), words));
                }
                DeliveryState::Dead => self.ears.refused(&change.delivery),
                _ => {}
            }
        }
    }

    /// The other side answers a message as its mood is.
    pub fn answer(&mut self, id: DeliveryId, mood: Mood) {
        let Some(flight) = self.flights.take(id) else { return };
        let (delivery, voice) = (&flight.delivery, flight.voice);
        let arrives = mood.is_yes(voice) || mood.is_unclear(voice) && self.random.percent(50);
        self.note(|| format!("{}: {mood:?}, arrives: {arrives}", named(delivery)));
        if arrives {
            let (says, _) = self.ledger.bodies[&delivery.body].clone();
            self.ears.hear(delivery, &says);
        }
        let Some(request) = flight.request else { return };
        // Nobody reads the answer to what is unwanted since, if everything was read back meanwhile.
        let wanted = self.listeners.contains_key(&(delivery.receiver, delivery.channel.clone()));
        let known = wanted && self.read(|state| state.outbox().get(id).is_some());
        let lives = self.lives;
        self.life().answer(|| request.answer(mood.reply(voice)));
        self.settle();
        let fine = lives == self.lives && !self.life().refuses();
        if let Some(wait) = mood.wait(voice).filter(|_| known && fine) {
            self.leaves_alone(&flight.delivery.channel, wait);
        }
    }

    /// Slack asked to leave this channel alone for so long, and Larum knows.
    fn leaves_alone(&self, channel: &Channel, wait: Duration) {
        let until = self.now().steady.plus(wait);
        let known = self.read(|state| {
            state.outbox().retry_after().any(|asked| asked.channel == *channel && asked.until >= until)
        });
        assert!(known, "Slack asked to leave {channel} alone for {wait:?}, and nobody knows");
    }
}

/// A delivery in a line.
pub fn named(delivery: &Delivery) -> String {
    let Delivery { id, receiver, channel, group, turn, uncertain, alerts, replaced, .. } = delivery;
    let instead = replaced.map_or(0, |replaced| replaced.messages);
    format!("{id:?} of {group:?} turn {turn} -{instead} to {receiver} {channel} {uncertain} {alerts:?}")
}
