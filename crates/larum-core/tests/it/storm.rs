//! Storms: random alerts, edits, outages and crashes over one state, and the promises asked after every step. A storm
//! is known by its seed; one that breaks a promise says how to raise it again.

use std::collections::BTreeMap;
use std::time::Duration;

use larum_core::invariant::violations;
use larum_core::outbox::{Paused, RetryAfter};
use larum_core::receiver::{Channel, ReceiverId};

use crate::world::World;

mod ears;
mod ledger;
mod random;
mod routes;
mod weather;

use ears::Ears;
use ledger::Ledger;
use random::Random;

/// How many storms one run sees, unless `STORMS` asks for more.
const STORMS: u64 = 200;
/// How many things happen in one.
const EVENTS: usize = 220;

#[test]
fn the_promises_hold_in_any_storm() {
    let (mut inhibited, mut silenced, mut off_time, mut told_late) = (0, 0, 0, 0);
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let one = asked("STORM_SEED");
    for seed in one.map_or(0..asked("STORMS").unwrap_or(STORMS), |seed| seed..seed + 1) {
        let lantern = Lantern(seed);
        let mut storm = Storm::raise(seed, one.is_some());
        (0..EVENTS).for_each(|_| storm.blow());
        storm.calm_down();
        inhibited += storm.ledger.inhibited;
        silenced += storm.ledger.silenced;
        off_time += storm.ledger.off_time;
        told_late += storm.ledger.told_late;
        drop(lantern);
    }
    let lively = inhibited > 1000 && silenced > 1000 && off_time > 100 && told_late > 100;
    let seen = format!(
        "{inhibited} were inhibited, {silenced} silenced, {off_time} at off times, {told_late} told late"
    );
    assert!(lively || one.is_some(), "{seen}: a dead calm");
}

/// Shows the way back to a storm that broke a promise.
struct Lantern(u64);

impl Drop for Lantern {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!("again: STORM_SEED={seed} cargo test -p larum-core --test it storm -- --nocapture");
        }
    }
}

/// What lanes wait for besides their messages: why each is paused, and where Slack asked to wait.
type Lanes = (BTreeMap<(ReceiverId, Channel), Paused>, Vec<RetryAfter>);

struct Storm {
    world: World,
    random: Random,
    /// What each channel heard.
    ears: Ears,
    /// What was written down.
    ledger: Ledger,
    /// Channels to which nothing gets through at the moment, for whatever reason.
    broken: Vec<String>,
    /// Whether somebody changes the grouping now and then.
    regroups: bool,
    /// Whether there is a file of routes.
    routed: bool,
    loud: bool,
}

impl Storm {
    /// Says what happens, where somebody listens.
    fn note(&self, what: impl FnOnce() -> String) {
        if self.loud {
            eprintln!("{:>9} {}", self.world.now.steady.as_millis() / 1000, what());
        }
    }

    /// Asks everything that can be asked between two steps.
    fn look(&mut self) {
        self.ledger.read(&self.world);
        let wrong = violations(&self.world.state);
        assert!(wrong.is_empty(), "{wrong:#?}");
        let now = self.world.now;
        assert!(self.world.state.next_due(now.steady).is_none_or(|due| due > now.steady), "due and not done");
        assert!(!self.world.state.plan(now, 1), "planned twice");
        assert!(self.world.state.start_deliveries(now).is_empty(), "started twice");
        assert!(self.world.state.take_delta().is_empty(), "changed by nothing");
    }

    /// What lanes wait for besides their messages.
    fn lanes(&self) -> Lanes {
        let outbox = self.world.state.outbox();
        let paused = outbox.lanes().filter_map(|(receiver, channel, lane)| {
            Some(((receiver, channel.clone()), lane.paused()?.clone()))
        });
        (paused.collect(), outbox.retry_after().collect())
    }

    /// Nothing of this is lost where everything is read back, but for lanes in which nobody wants to hear any more.
    fn lanes_go_on_as(&self, (mut paused, mut asked): Lanes) {
        let (now, lanes) = (self.world.now.steady, self.world.state.outbox().lanes());
        let lanes: Vec<_> = lanes.map(|(receiver, channel, _)| (receiver, channel.clone())).collect();
        paused.retain(|lane, _| lanes.contains(lane));
        asked.retain(|asked| asked.until > now);
        let (paused_now, mut asked_now) = self.lanes();
        asked_now.retain(|asked| asked.until > now);
        assert_eq!((paused_now, asked_now), (paused, asked), "lanes go on otherwise");
    }

    /// Everything gets through again, everything is over, and time passes.
    fn calm_down(&mut self) {
        self.broken.clear();
        self.resolve_all();
        for _ in 0..200 {
            self.deliver_all();
            self.world.pass(Duration::from_secs(60));
            self.look();
        }
        assert_eq!(self.world.state.held(), 0, "alerts are left behind");
        assert_eq!(self.world.state.groups().len(), 0, "groups are left behind");
        assert!(self.world.state.outbox().is_empty(), "deliveries are left behind");
        assert_eq!(self.world.state.outbox().lanes().count(), 0, "lanes are left behind");
        assert_eq!(self.world.state.next_due(self.world.now.steady), None, "something is due for ever");
        self.ledger.settle(&self.ears);
        self.ears.settle();
    }
}
