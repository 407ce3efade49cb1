//! What there is no room for is refused, and says so.

use std::time::Duration;

use larum_core::alert::{EndReason, Measured, Observation, PolicyId, Says};
use larum_core::config::Limits;
use larum_core::label::LabelSet;
use larum_core::policy::{Outcome, Policy, PolicyDraft, PolicyKind, SeriesValue};
use larum_core::state::Refused;

use crate::world::{World, labels, receiver};

/// `alertname=name` fires, with this much text beside its labels.
fn says(world: &mut World, name: &str, bytes: usize) -> Result<(), Refused> {
    let says = Says::Firing { ends_at: world.now.wall.plus(Duration::from_secs(3600)), timeout: true };
    let annotations = LabelSet::from_pairs([("s", "x".repeat(bytes - 1))]);
    let seen = Observation { annotations, ..world.observation(&format!("alertname={name}"), says) };
    world.state.observe(&seen, world.now)
}

fn tight() -> World {
    let mut world = World::with(&[receiver(1, &["a"])]);
    // Two alerts with ten bytes each beside `alertname` and `A` or `B`.
    world.state.config.limits = Limits { text: 2 * (10 + 10), ..Limits::default() };
    world
}

#[test]
fn the_text_of_all_alerts_has_a_limit() {
    let mut world = tight();
    says(&mut world, "A", 10).unwrap();
    says(&mut world, "B", 10).unwrap();
    let refused = says(&mut world, "C", 1).unwrap_err();
    assert_eq!(refused, Refused::TooMuchText { limit: 40 });
    assert!(refused.to_string().contains("40 bytes of labels and annotations"));
    assert_eq!(says(&mut world, "A", 11), Err(refused), "what is known has no more room either");
    for (name, bytes) in [("A", 10), ("A", 9), ("B", 11)] {
        says(&mut world, name, bytes).unwrap();
    }
    assert_eq!(world.state.text(), 40);
}

#[test]
fn a_policy_says_so_itself_when_its_alerts_find_no_room() {
    let mut world = tight();
    says(&mut world, "A", 10).unwrap();
    says(&mut world, "B", 10).unwrap();
    let id = PolicyId(7);
    let (name, expr, summary) = ("Hot".into(), "heat > 1".into(), "It is hot".into());
    let draft = PolicyDraft { name, expr, summary, hold: Duration::ZERO, ..PolicyDraft::default() };
    world.state.put_policy(Policy::new(id, PolicyKind::Custom, 1, &draft).unwrap(), world.now);
    let evaluated = |world: &mut World| {
        let value = SeriesValue {
            labels: labels("node=a"),
            set_labels: vec![],
            annotations: LabelSet::empty(),
            generator_url: "".into(),
            measured: Measured { value: 2.0, text: "2".into() },
        };
        let outcome = Outcome::Series { series: vec![value], complete: true, warnings: vec![] };
        world.state.evaluated(id, 1, outcome, Duration::ZERO, world.now);
        world.state.policy(id).unwrap().1.last().unwrap().warnings.clone()
    };
    let warnings = evaluated(&mut world);
    assert!(warnings[0].contains("could be taken in") && warnings[0].contains("its limit"), "{warnings:?}");
    world.state.config.limits = Limits::default();
    assert_eq!(evaluated(&mut world), [""; 0]);
    assert_eq!(world.state.firing().count(), 3, "a policy says again what fires");
}

#[test]
fn what_ends_makes_room_at_the_limit_too() {
    let mut world = tight();
    says(&mut world, "A", 10).unwrap();
    says(&mut world, "B", 10).unwrap();
    world.seconds(30).slack_takes_all();
    let over = Says::Ended { at: world.now.wall, reason: EndReason::Resolved };
    world.says("alertname=A", over).seconds(5 * 60).slack_takes_all();
    assert_eq!(world.state.text(), 20);
    says(&mut world, "C", 10).unwrap();
}

#[test]
fn who_is_owed_a_message_is_known_for_each_receiver() {
    let mut world = World::with(&[receiver(1, &["a"]), receiver(2, &["b", "c"])]);
    world.firing("alertname=Disk").seconds(30);
    let key = larum_core::alert::AlertKey { policy: None, labels: labels("alertname=Disk") };
    let id = world.state.alert_by_key(&key).unwrap().id;
    let owed = |world: &World| [1, 2].map(|id_| world.state.owes(larum_core::receiver::ReceiverId(id_), id));
    assert_eq!(owed(&world), [true, true]);
    let to_a = world.in_flight.iter().find(|delivery| delivery.channel.as_str() == "a").unwrap().id;
    world.slack_takes(to_a);
    assert_eq!(owed(&world), [false, true]);
    world.slack_takes_all();
    assert_eq!(owed(&world), [false, false]);
}
