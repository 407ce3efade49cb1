//! Routes of a configuration file lead alerts to receivers; each route has groups, times and a tongue of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use larum_core::calendar::{TimeInterval, Times};
use larum_core::config::Timers;
use larum_core::invariant::violations;
use larum_core::outbox::Outcome;
use larum_core::receiver::{Channel, Channels, Manner, Receiver, ReceiverId};
use larum_core::route::{RouteDraft, RouteTree};
use larum_core::routing::{NamedReceiver, Routing};
use larum_core::verdict::Hushed;

use crate::world::{World, matchers, receiver};

pub const MINUTE: u64 = 60;
pub const HOUR: u64 = 60 * MINUTE;

/// A way to tell a named receiver, heard under the name of its channel.
pub fn webhook(id: u64, name: &str) -> Receiver {
    let channels = Channels::only(Channel::integration(name, 0));
    Receiver { channels, name: name.into(), ..receiver(id, &["x"]) }
}

pub fn named(name: &str, integrations: &[Receiver]) -> NamedReceiver {
    let integrations = integrations.iter().cloned().map(Arc::new).collect();
    NamedReceiver { name: name.into(), integrations, silent: vec![] }
}

/// A route to a receiver for what these matchers match; values are regular expressions.
pub fn route(receiver: &str, text: &str) -> RouteDraft {
    RouteDraft { receiver: Some(receiver.into()), matchers: matchers(text), ..RouteDraft::default() }
}

pub fn root(receiver: &str, routes: Vec<RouteDraft>) -> RouteDraft {
    let group_by = Some(vec!["alertname".into()]);
    RouteDraft { receiver: Some(receiver.into()), group_by, routes, ..RouteDraft::default() }
}

/// `ops` is told by a webhook that is heard as `ops[0]`, `dev` as `dev[0]`.
pub fn routing(root: RouteDraft) -> Arc<Routing> {
    let receivers = vec![named("ops", &[webhook(11, "ops")]), named("dev", &[webhook(12, "dev")])];
    let night = TimeInterval {
        times: Some(vec![Times::parse("00:00", "08:00").unwrap()]),
        ..TimeInterval::default()
    };
    let intervals = HashMap::from([("night".into(), vec![night])]);
    Arc::new(Routing::new(RouteTree::new(root).unwrap(), receivers, intervals).unwrap())
}

pub fn world(root: RouteDraft) -> World {
    let mut world = World::with(&[]);
    world.state.put_routing(Some(routing(root)), "ada", world.now).unwrap();
    world
}

/// Who stands where, and when each group speaks.
fn standing(world: &World) -> Vec<String> {
    let labels = |id| world.state.alert(id).map(|alert| alert.labels.clone());
    let mut groups: Vec<String> = world
        .state
        .groups()
        .map(|group| {
            let firing: Vec<_> = group.firing.iter().map(|id| labels(*id)).collect();
            let told: Vec<_> = group.told.keys().map(|id| labels(*id)).collect();
            format!("{:?} {:?} {firing:?} {told:?}", group.place(), group.due)
        })
        .collect();
    groups.sort();
    groups
}

#[test]
fn other_routes_come_into_force_piece_by_piece_as_they_do_at_once() {
    let before = || {
        let mut world = world(root("ops", vec![route("dev", "team=dev")]));
        for team in ["dev", "web", "db"] {
            world.firing(&format!("alertname=Disk team={team} i=1"));
        }
        world.seconds(30).slack_takes_all();
        for team in ["dev", "web"] {
            world.firing(&format!("alertname=Cpu team={team} i=2"));
        }
        world.resolved("alertname=Disk team=db i=1").firing_anew("alertname=Disk team=db i=1");
        world
    };
    for timers in [Timers::Lasting, Timers::AsAlertmanager] {
        let (mut at_once, mut in_pieces) = (before(), before());
        let other = routing(root("dev", vec![route("ops", "team=web")]));
        at_once.state.config.timers = timers;
        at_once.state.put_routing(Some(Arc::clone(&other)), "ada", at_once.now).unwrap();
        in_pieces.state.config.timers = timers;
        let mut rerouting = in_pieces.state.begin_routing(Some(other), "ada", in_pieces.now).unwrap();
        let mut pieces = 1;
        while in_pieces.state.go_on(&mut rerouting, 1) {
            pieces += 1;
        }
        assert!(pieces > 5, "{pieces}");
        assert_eq!(standing(&in_pieces), standing(&at_once));
        assert_eq!(violations(&in_pieces.state), [""; 0]);
        for world in [&mut at_once, &mut in_pieces] {
            world.seconds(30).slack_takes_all().seconds(5 * MINUTE).slack_takes_all();
        }
        assert_eq!(in_pieces.hears(), at_once.hears());
    }
}

pub fn reasons(world: &World) -> Vec<&'static str> {
    world.journal.iter().flat_map(|delta| &delta.verdicts).map(|verdict| verdict.reason.as_str()).collect()
}

#[test]
fn a_route_tells_its_receiver_and_the_next_only_if_it_says_continue() {
    let goes_on = RouteDraft { continues: true, ..route("dev", "severity=warning|critical") };
    let mut world = world(root("ops", vec![goes_on, route("ops", "severity=critical")]));
    world.firing("alertname=Disk severity=critical i=1").firing("alertname=Cpu severity=info i=2");
    world.firing("alertname=Net severity=warning i=3").seconds(30).slack_takes_all();
    let mut heard = world.hears();
    heard.sort();
    assert_eq!(
        heard,
        [
            "dev[0]: first_notification: firing 1",
            "dev[0]: first_notification: firing 3",
            "ops[0]: first_notification: firing 1",
            "ops[0]: first_notification: firing 2",
        ]
    );
}

#[test]
fn two_routes_to_one_receiver_are_two_groups_with_times_of_their_own() {
    let quick = RouteDraft {
        continues: true,
        group_wait: Some(Duration::ZERO),
        group_by: Some(vec![]),
        ..route("ops", "severity=critical")
    };
    let mut world = world(root("ops", vec![quick, route("ops", "severity=.+")]));
    world.firing("alertname=Disk severity=critical i=1").slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
    world.firing("alertname=Cpu severity=critical i=2").seconds(30).slack_takes_all();
    let heard = world.hears();
    assert_eq!(heard, ["ops[0]: first_notification: firing 1", "ops[0]: first_notification: firing 2"]);
    world.seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: new_alerts: firing 1, firing 2"]);
}

#[test]
fn while_its_route_is_mute_a_group_says_nothing_and_afterwards_all_of_it() {
    // The world begins at eight in the morning.
    let mute = RouteDraft { mute_time_intervals: vec!["night".into()], ..route("dev", "team=dev") };
    let mut world = world(root("ops", vec![mute]));
    world.firing_for("alertname=Disk team=dev i=1", 48 * HOUR).seconds(MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["dev[0]: first_notification: firing 1"]);
    world.seconds(16 * HOUR).slack_takes_all();
    world.hears();
    world
        .firing_for("alertname=Cpu team=dev i=2", 48 * HOUR)
        .firing_for("alertname=Disk team=dev i=3", 48 * HOUR);
    world.resolved("alertname=Disk team=dev i=1").seconds(HOUR).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0]);
    assert_eq!(reasons(&world), ["mute_time_interval"; 2]);
    world.crash(Duration::from_secs(MINUTE)).seconds(HOUR).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0]);
    for _ in 0..13 {
        world.seconds(HOUR / 2);
    }
    world.slack_takes_all();
    let mut heard = world.hears();
    heard.sort();
    assert_eq!(heard, ["dev[0]: first_notification: firing 2", "dev[0]: new_alerts: firing 3, resolved 1"]);
    assert_eq!(reasons(&world)[2..], ["time_interval_before"; 2]);
}

#[test]
fn a_route_that_is_active_at_other_times_says_so() {
    let night = RouteDraft { active_time_intervals: vec!["night".into()], ..route("dev", "team=dev") };
    let mut world = world(root("ops", vec![night]));
    world.firing_for("alertname=Disk team=dev i=1", 48 * HOUR).seconds(MINUTE).slack_takes_all();
    assert_eq!((world.hears(), reasons(&world)), (vec![], vec!["active_time_interval"]));
}

#[test]
fn siblings_with_the_same_matchers_have_times_of_their_own() {
    let muted = RouteDraft {
        continues: true,
        mute_time_intervals: vec!["night".into()],
        group_wait: Some(Duration::ZERO),
        ..route("dev", "severity=critical")
    };
    let mut world = world(root("ops", vec![muted, route("ops", "severity=critical")]));
    world.seconds(17 * HOUR).firing("alertname=Disk severity=critical i=1").slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0], "one is mute, the other waits");
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
}

#[test]
fn what_stays_where_it_was_told_keeps_to_the_times_of_the_route_that_leads_there_now() {
    let mute = |text: &str| RouteDraft { mute_time_intervals: vec!["night".into()], ..route("dev", text) };
    let mut world = world(root("ops", vec![mute("team=dev")]));
    world.firing_for("alertname=Disk team=dev i=1", 48 * HOUR).seconds(30).slack_takes_all();
    world
        .state
        .put_routing(Some(routing(root("ops", vec![mute("team=dev|web")]))), "ada", world.now)
        .unwrap();
    world.seconds(17 * HOUR).slack_takes_all();
    world.hears();
    world.resolved("alertname=Disk team=dev i=1").seconds(HOUR).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0], "it is night");
    world.seconds(7 * HOUR).slack_takes_all();
    assert_eq!(world.hears(), ["dev[0]: all_resolved: resolved 1"]);
}

#[test]
fn what_a_webhook_refused_for_good_is_told_again_and_no_end_without_its_beginning() {
    let mut world = world(root("ops", vec![]));
    let refused = Outcome::PayloadRefused { error: "status 400".into() };
    world.firing("alertname=Disk i=1").firing("alertname=Disk i=2").seconds(30);
    world.answer_all(&refused).answer_all(&refused);
    assert_eq!(world.log(), ["ops[0] 1: dead"]);
    world.resolved("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
    world.resolved("alertname=Disk i=1").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: all_resolved: resolved 1"]);
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn whoever_does_not_want_to_hear_of_ends_does_not() {
    let mut world = World::with(&[]);
    let manner = Manner { send_resolved: false, paced: false };
    let receivers = vec![named("ops", &[Receiver { manner, ..webhook(11, "ops") }])];
    let tree = RouteTree::new(root("ops", vec![])).unwrap();
    let routing = Routing::new(tree, receivers, HashMap::new()).unwrap();
    world.state.put_routing(Some(Arc::new(routing)), "ada", world.now).unwrap();
    world.firing("alertname=Disk i=1").firing("alertname=Disk i=2").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1, firing 2"]);
    world.resolved("alertname=Disk i=1").firing("alertname=Disk i=3").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: new_alerts: firing 2, firing 3"]);
    world.resolved("alertname=Disk i=2").seconds(5 * MINUTE).slack_takes_all();
    world.resolved("alertname=Disk i=3").seconds(5 * MINUTE).slack_takes_all();
    assert_eq!((world.hears(), world.state.held()), (vec![], 0));
    world.firing("alertname=Disk i=1").seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
}

#[test]
fn who_has_no_integration_tells_nobody_and_that_is_written_down() {
    let mut world = World::with(&[]);
    let silent = |name: &str, id, why| NamedReceiver {
        name: name.into(),
        integrations: vec![],
        silent: vec![(ReceiverId(id), why)],
    };
    let receivers =
        vec![silent("null", 21, Hushed::NoIntegration), silent("pager", 22, Hushed::UnsupportedReceiver)];
    let tree = RouteTree::new(root("null", vec![route("pager", "severity=critical")])).unwrap();
    let routing = Routing::new(tree, receivers, HashMap::new()).unwrap();
    world.state.put_routing(Some(Arc::new(routing)), "ada", world.now).unwrap();
    world.firing("alertname=Disk").firing("alertname=Cpu severity=critical").seconds(30);
    assert_eq!(reasons(&world), ["no_integration", "unsupported_receiver"]);
}

#[test]
fn other_routes_repeat_nothing_and_forget_no_end() {
    let mut world = world(root("ops", vec![route("dev", "team=dev")]));
    world
        .firing("alertname=Disk team=dev i=1")
        .firing("alertname=Cpu team=dev i=2")
        .seconds(30)
        .slack_takes_all();
    assert_eq!(world.hears().len(), 2);
    // The route's matchers are others, and it still leads to the same receiver; Cpu leads elsewhere.
    let after = root("ops", vec![route("dev", "alertname=Disk")]);
    world.state.put_routing(Some(routing(after)), "ada", world.now).unwrap();
    world.seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 2"]);
    world.resolved("alertname=Disk team=dev i=1").resolved("alertname=Cpu team=dev i=2");
    world.seconds(5 * MINUTE).slack_takes_all();
    let mut heard = world.hears();
    heard.sort();
    assert_eq!(
        heard,
        [
            "dev[0]: all_resolved: resolved 1",
            "dev[0]: all_resolved: resolved 2",
            "ops[0]: all_resolved: resolved 2",
        ]
    );
    assert_eq!((world.state.held(), world.state.groups().len()), (0, 0));
}

#[test]
fn who_is_taken_out_of_the_file_hears_no_more() {
    let mut world = world(root("ops", vec![route("dev", "team=dev")]));
    world.firing("alertname=Disk team=dev i=1").seconds(30);
    let only = vec![named("ops", &[webhook(11, "ops")])];
    let after = Routing::new(RouteTree::new(root("ops", vec![])).unwrap(), only, HashMap::new()).unwrap();
    world.die(Duration::from_secs(1));
    world.state.config.routing = Some(Arc::new(after));
    world.read_back().step().seconds(30).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
    assert_eq!(world.log(), ["dev[0] 1: cancelled", "ops[0] 1: delivered"]);
}

#[test]
fn a_reload_says_who_is_silent_from_then_on() {
    let mut world = world(root("ops", vec![]));
    world.firing("alertname=Disk i=1");
    let pager = ReceiverId(22);
    let silent = vec![(pager, Hushed::UnsupportedReceiver)];
    let pagers = vec![NamedReceiver { name: "pager".into(), integrations: vec![], silent }];
    let tree = RouteTree::new(root("pager", vec![])).unwrap();
    let routing = Routing::new(tree, pagers, HashMap::new()).unwrap();
    world.state.put_routing(Some(Arc::new(routing)), "ada", world.now).unwrap();
    world.seconds(30);
    let told = world.journal.iter().flat_map(|delta| &delta.verdicts).map(|verdict| &verdict.reason);
    assert_eq!(told.collect::<Vec<_>>(), [&Hushed::ReceiverDeleted, &Hushed::UnsupportedReceiver]);
}

#[test]
fn beside_routes_receivers_with_conditions_are_told_as_before() {
    let mut world = world(root("ops", vec![]));
    world
        .saved(receiver(1, &["a"]))
        .firing("alertname=Disk i=1")
        .firing("alertname=Watchdog severity=none i=2");
    world.seconds(30).slack_takes_all();
    let mut heard = world.hears();
    heard.sort();
    assert_eq!(
        heard,
        [
            "#a: first_notification: firing 1",
            "ops[0]: first_notification: firing 1",
            "ops[0]: first_notification: firing 2",
        ],
        "a heartbeat goes where a route leads, and nowhere else"
    );
}

#[test]
fn as_alertmanager_what_began_long_ago_is_told_at_once_and_a_reload_restarts_all_timers() {
    let mut world = world(root("ops", vec![]));
    world.state.config.timers = Timers::AsAlertmanager;
    world.firing("alertname=Disk i=1").seconds(20);
    world.state.put_routing(Some(routing(root("ops", vec![]))), "ada", world.now).unwrap();
    world.seconds(10).slack_takes_all();
    assert_eq!(world.hears(), [] as [String; 0], "its group waits from the reload on");
    world.seconds(20).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 1"]);
    let mut old = world.observation("alertname=Cpu i=2", world.fires_for(HOUR));
    old.starts_at = world.now.wall.minus(Duration::from_secs(HOUR));
    world.observe(&old).slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: first_notification: firing 2"]);
    world.seconds(4 * MINUTE).firing("alertname=Cpu i=3");
    world.state.put_routing(Some(routing(root("ops", vec![]))), "ada", world.now).unwrap();
    world.step().slack_takes_all();
    assert_eq!(world.hears(), ["ops[0]: new_alerts: firing 2, firing 3"], "its group has an old alert");
}

#[test]
fn a_group_that_is_mute_knows_when_it_may_speak_again() {
    let mute = RouteDraft { mute_time_intervals: vec!["night".into()], ..route("dev", "team=dev") };
    let mut world = world(root("ops", vec![mute]));
    world.firing_for("alertname=Disk team=dev i=1", 48 * HOUR).seconds(17 * HOUR);
    let ends = |world: &World| {
        let group = world.state.groups().next().unwrap();
        world.state.config.off_time_ends(&group.way, group.receiver, world.now.wall)
    };
    assert_eq!(ends(&world).map(|at| at.as_secs() % 86_400), Some(8 * 3600), "at eight in the morning");
    world.seconds(8 * HOUR);
    assert_eq!(ends(&world), None, "it is not mute");
}
