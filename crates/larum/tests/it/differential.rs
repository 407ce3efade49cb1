//! Random scenarios that a real Alertmanager and Larum live through side by side: what their webhooks hear is the same.
//!
//! A scenario is a route of its own in one file, so that many are played in the same half minute. Something happens at
//! whole beats, and groups speak in between, so that neither is close to the other.
//!
//! Where Larum differs on purpose the scenarios do not go: an empty `group_by` of a child is one group, as since
//! Alertmanager 0.31; siblings with the same matchers and the same receiver speak as one; it tells the end of what is silenced or inhibited when it
//! ends; it repeats after `repeat_interval` rather than at the turn after that; a new alert in a group that has told
//! everything waits for `group_wait`, not for the next turn of a group that is no more.
#![expect(clippy::disallowed_methods, reason = "who posts alerts says what time it is")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep_until};

use crate::house::http_client;
use crate::larum::{Log, command, larum};
use crate::peers;
use crate::sink::Sink;

/// How many scenarios there are.
const SCENARIOS: u64 = 60;
/// How many beats each takes.
const BEATS: u64 = 12;
/// How long a beat takes.
const BEAT: Duration = Duration::from_secs(2);

/// What happens at a beat.
#[derive(Clone, Debug)]
enum Event {
    Fires(Labels),
    Ends(Labels),
    /// For so many beats.
    Silenced(Labels, u64),
}

type Labels = BTreeMap<&'static str, String>;

/// A scenario: its routes, and what happens at which beat.
struct Scenario {
    route: String,
    events: Vec<(u64, Event)>,
}

impl Scenario {
    fn of(seed: u64) -> Self {
        let mut dice = SmallRng::seed_from_u64(seed);
        let name = format!("s{seed}");
        let mut route = format!(
            "  - matchers: [scenario=\"{name}\"]\n    receiver: r{}\n{}",
            dice.random_range(0..3),
            timers(&mut dice, "    ", &["[]", "[alertname]", "[alertname, severity]", "['...']"])
        );
        let children = dice.random_range(0..4);
        if children > 0 {
            route.push_str("    routes:\n");
        }
        let mut free =
            vec!["severity=\"critical\"", "severity=~\"critical|warning\"", "i!=\"1\"", "i=~\"[12]\""];
        for _ in 0..children {
            let matcher = free.swap_remove(dice.random_range(0..free.len()));
            let goes_on = dice.random_range(0..2) == 0;
            let receiver = dice.random_range(0..3);
            route.push_str(&format!(
                "    - matchers: ['{matcher}']\n      receiver: r{receiver}\n      continue: {goes_on}\n{}",
                timers(&mut dice, "      ", &["[alertname]", "[alertname, severity]", "['...']"])
            ));
        }
        Self { route, events: events(&mut dice, &name) }
    }
}

/// Groups speak between beats: seven tenths of a second behind one, whatever the interval.
fn timers(dice: &mut SmallRng, indent: &str, by: &[&str]) -> String {
    let by = by[dice.random_range(0..by.len())];
    let wait = ["700ms", "2700ms"][dice.random_range(0..2)];
    let interval = ["4s", "6s"][dice.random_range(0..2)];
    format!(
        "{indent}group_by: {by}\n{indent}group_wait: {wait}\n{indent}group_interval: {interval}\n{indent}repeat_interval: 1h\n"
    )
}

fn events(dice: &mut SmallRng, name: &str) -> Vec<(u64, Event)> {
    let mut events = Vec::new();
    for i in 0..dice.random_range(1..4) {
        let labels = Labels::from([
            ("scenario", name.to_owned()),
            ("alertname", ["Disk", "Cpu"][dice.random_range(0..2)].to_owned()),
            ("severity", ["critical", "warning", "info"][dice.random_range(0..3)].to_owned()),
            ("i", i.to_string()),
        ]);
        let begins = dice.random_range(0..5);
        events.push((begins, Event::Fires(labels.clone())));
        match dice.random_range(0..4) {
            // It ends, long after it was told.
            0 | 1 => events.push((begins + dice.random_range(4..7), Event::Ends(labels))),
            // It is silenced from before it begins, and fires on afterwards.
            2 => events.push((begins, Event::Silenced(labels, dice.random_range(1..4)))),
            _ => {}
        }
    }
    events
}

fn configuration(scenarios: &[Scenario], url: &str) -> String {
    let routes: String = scenarios.iter().map(|scenario| scenario.route.as_str()).collect();
    let receivers: String = (0..3)
        .map(|number| {
            let quiet = if number == 2 { ", send_resolved: false" } else { "" };
            format!("- name: r{number}\n  webhook_configs: [{{ url: '{url}/r{number}'{quiet} }}]\n")
        })
        .collect();
    format!("route:\n  receiver: r0\n  routes:\n{routes}receivers:\n{receivers}")
}

/// One of the two, and what its webhooks hear.
struct Side {
    _process: tokio::process::Child,
    _folder: TempDir,
    address: String,
    sink: Sink,
}

impl Side {
    async fn start(mut program: tokio::process::Command, scenarios: &[Scenario], ready: &str) -> Self {
        let (folder, sink) = (tempfile::tempdir().expect("there is room"), Sink::open().await);
        let file = folder.path().join("alertmanager.yml");
        std::fs::write(&file, configuration(scenarios, &sink.url("x"))).expect("it can be written");
        program.arg(format!("--config.file={}", file.display()));
        program.arg(format!("--storage.path={}", folder.path().join("data").display()));
        program.args(["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="]);
        let mut process = program.stderr(std::process::Stdio::piped()).spawn().expect("it starts");
        let mut log = Log::of(process.stderr.take().expect("its log can be read"));
        let line = log.line_with(ready).await.unwrap_or_else(|| panic!("{}", log.text()));
        let address = line.split_once("address=").and_then(|(_, rest)| rest.split(' ').next());
        let address = address.expect("it says where it listens").to_owned();
        Self { _process: process, _folder: folder, address, sink }
    }

    async fn post(&self, path: &str, body: &Value) {
        let url = format!("http://{}/api/v2{path}", self.address);
        let answer = http_client().post(url).json(body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path} {body}: {:?}", answer.text().await);
    }

    /// What it was told, by receiver and group: what fires and what has ended, message by message.
    fn heard(&mut self) -> BTreeMap<String, Vec<String>> {
        let mut heard: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, said) in self.sink.rest() {
            let key = format!("{path} {}", said["groupKey"].as_str().expect("a key"));
            let mut firing = BTreeSet::new();
            let mut resolved = BTreeSet::new();
            for alert in said["alerts"].as_array().expect("a list") {
                let set = if alert["status"] == "firing" { &mut firing } else { &mut resolved };
                set.insert(format!("{}{}", alert["labels"]["alertname"], alert["labels"]["i"]));
            }
            let status = &said["status"];
            let words = format!("{status} firing {firing:?} resolved {resolved:?}");
            heard.entry(key).or_default().push(words);
        }
        heard
    }
}

/// What is posted at a beat.
fn bodies(scenarios: &[Scenario], beat: u64, now: Timestamp) -> (Vec<Value>, Vec<Value>) {
    let (mut alerts, mut silences) = (Vec::new(), Vec::new());
    for (_, event) in scenarios.iter().flat_map(|scenario| &scenario.events).filter(|(at, _)| *at == beat) {
        match event {
            Event::Fires(labels) => {
                let end = now + Duration::from_secs(3600);
                alerts.push(
                    json!({ "labels": labels, "startsAt": now.to_string(), "endsAt": end.to_string() }),
                );
            }
            Event::Ends(labels) => {
                alerts.push(json!({ "labels": labels, "endsAt": now.to_string() }));
            }
            Event::Silenced(labels, beats) => {
                // It is over in the middle between two turns of any group.
                let end = now + BEAT * u32::try_from(*beats).expect("few") + Duration::from_millis(1700);
                let equal = |(name, value): (&&str, &String)| json!({ "name": name, "value": value, "isRegex": false });
                let matchers: Vec<Value> = labels.iter().map(equal).collect();
                silences.push(json!({
                    "matchers": matchers, "startsAt": now.to_string(), "endsAt": end.to_string(),
                    "createdBy": "test", "comment": "test",
                }));
            }
        }
    }
    (alerts, silences)
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_hear_what_they_hear_from_an_alertmanager() {
    let scenarios: Vec<Scenario> = (0..SCENARIOS).map(Scenario::of).collect();
    let mut ours = larum();
    ours.arg("alertmanager");
    let mut sides = [
        Side::start(command(peers::alertmanager()), &scenarios, "Listening on").await,
        Side::start(ours, &scenarios, "Listening on").await,
    ];
    let began = Instant::now();
    for beat in 0..BEATS {
        sleep_until(began + BEAT * u32::try_from(beat).expect("few")).await;
        let (alerts, silences) = bodies(&scenarios, beat, Timestamp::now());
        for side in &sides {
            for silence in &silences {
                side.post("/silences", silence).await;
            }
            side.post("/alerts", &Value::from(alerts.clone())).await;
        }
    }
    sleep_until(began + BEAT * u32::try_from(BEATS + 4).expect("few")).await;
    let [theirs, ours] = sides.each_mut().map(Side::heard);
    assert!(theirs.len() > 60, "they hear of {} groups", theirs.len());
    let differs: Vec<String> = theirs
        .keys()
        .chain(ours.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|key| theirs.get(*key) != ours.get(*key))
        .map(|key| {
            format!("{key}\n  Alertmanager: {:?}\n  Larum:        {:?}", theirs.get(key), ours.get(key))
        })
        .collect();
    assert!(differs.is_empty(), "{} groups differ:\n{}", differs.len(), differs.join("\n"));
}
