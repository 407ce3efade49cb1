//! Files of routes, and what happens when another one is loaded.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use larum_core::calendar::{TimeInterval, Times};
use larum_core::receiver::{Channel, Channels, Receiver, ReceiverId};
use larum_core::route::{RouteDraft, RouteTree};
use larum_core::routing::{NamedReceiver, Routing};

use super::{Random, Storm};
use crate::world::{matchers, receiver};

/// Who can be told by routes; the last is told of what no other route wants.
const NAMED: [u64; 4] = [11, 12, 13, 14];

impl Storm {
    /// Some file of routes is loaded. Whoever is in it no more hears nothing more.
    pub fn load_routes(&mut self) {
        let routing = any_routing(&mut self.random);
        self.note(|| {
            format!(
                "loads {:#?}",
                routing
                    .tree()
                    .routes()
                    .map(|(id, route)| (id, route.receiver.clone(), route.matchers().to_vec()))
                    .collect::<Vec<_>>()
            )
        });
        let stays: BTreeSet<ReceiverId> = routing.integrations().map(|receiver| receiver.id).collect();
        let next = self.world.state.draw_id();
        for id in NAMED.map(ReceiverId).into_iter().filter(|id| !stays.contains(id)) {
            self.ears.leave(id, &Channel::integration("hook", 0), next);
        }
        self.world.state.put_routing(Some(Arc::new(routing)), "ada", self.world.now).unwrap();
        self.world.step();
    }
}

fn hook(id: u64) -> NamedReceiver {
    let name: Arc<str> = format!("n{id}").into();
    let channels = Channels::only(Channel::integration("hook", 0));
    let hook = Receiver { channels, name: Arc::clone(&name), ..receiver(id, &["x"]) };
    NamedReceiver { name, integrations: vec![Arc::new(hook)], silent: vec![] }
}

/// Up to three routes below the root, each to another receiver.
fn any_routing(random: &mut Random) -> Routing {
    let mut free = NAMED[..3].to_vec();
    let mut routes = Vec::new();
    for _ in 0..random.below(4) {
        let id = free.remove(random.below(free.len() as u64) as usize);
        let wants =
            ["severity=critical", "severity=warning|info|none", "namespace=x", "alertname=Disk|Net", ""];
        let mut route = any_route(random, id);
        route.matchers = matchers(random.pick(&wants));
        route.continues = random.percent(50);
        if random.percent(40) {
            route.mute_time_intervals = vec!["off".into()];
        }
        routes.push(route);
    }
    let told: Vec<NamedReceiver> = NAMED.into_iter().filter(|id| !free.contains(id)).map(hook).collect();
    let root = RouteDraft { routes, ..any_route(random, NAMED[3]) };
    let times = [("09:00", "10:30"), ("13:00", "13:05"), ("20:00", "22:00")];
    let times = times.map(|(start, end)| Times::parse(start, end).unwrap()).to_vec();
    let off = TimeInterval { times: Some(times), ..TimeInterval::default() };
    let intervals = HashMap::from([("off".into(), vec![off])]);
    Routing::new(RouteTree::new(root).unwrap(), told, intervals).unwrap()
}

fn any_route(random: &mut Random, id: u64) -> RouteDraft {
    let by: &[&str] = match random.below(4) {
        0 => &[],
        1 => &["..."],
        2 => &["severity"],
        _ => &["alertname", "namespace"],
    };
    let span = |seconds| Some(Duration::from_secs(seconds));
    RouteDraft {
        receiver: Some(format!("n{id}").into()),
        group_by: Some(by.iter().map(|name| (*name).into()).collect()),
        group_wait: span(random.pick(&[0, 10, 30])),
        group_interval: span(random.pick(&[1, 60, 300])),
        repeat_interval: span(random.pick(&[600, 43_200])),
        ..RouteDraft::default()
    }
}
