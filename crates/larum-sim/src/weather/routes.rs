//! Files of routes, as somebody could write them, and rules about what inhibits what.

use std::fmt::Write as _;

use larum_core::inhibit::InhibitRule;
use larum_core::matcher::{MatchOp, Matcher};

use crate::random::Random;

/// Who can be told by routes; the last is told of what no other route wants.
const NAMES: [&str; 4] = ["n1", "n2", "n3", "n4"];
/// What a route wants.
const WANTS: [&str; 5] =
    ["severity=~critical", "severity=~warning|info|none", "namespace=~x", "alertname=~Disk|Net", ""];
/// Source, target, and what must be equal.
const RULES: [(&str, &str, &[&str]); 6] = [
    ("severity=~critical", "severity=~warning|info", &["namespace", "alertname"]),
    ("severity=~critical", "severity=~warning", &[]),
    ("severity=~warning", "severity=~info", &["i"]),
    ("alertname=~Cpu", "alertname=~Disk|Net", &["namespace"]),
    ("severity=~critical|warning", "severity=~warning|info", &["namespace"]),
    ("severity=~none", "severity=~.*", &["i", "namespace"]),
];

/// Some rules.
pub fn any_rules(random: &mut Random) -> Vec<InhibitRule> {
    let matchers = |text: &str| {
        let (name, value) = text.split_once("=~").expect("there is one");
        vec![Matcher::new(name, MatchOp::Regexp, value).expect("it is a matcher")]
    };
    let rules = some_rules(random).into_iter().map(|(source, target, equal)| InhibitRule {
        name: format!("{source} over {target}").into(),
        source: matchers(source),
        target: matchers(target),
        equal: equal.iter().map(|name| (*name).into()).collect(),
    });
    rules.collect()
}

fn some_rules(random: &mut Random) -> Vec<(&'static str, &'static str, &'static [&'static str])> {
    let count = random.below(4);
    (0..count).filter_map(|_| random.one_of(&RULES).copied()).collect()
}

/// A file with up to three routes below the root, each to another receiver, which are told at this address.
pub fn any_file(random: &mut Random, url: &str) -> String {
    let mut free = NAMES[..3].to_vec();
    let mut file = "route:\n".to_owned();
    let root = any_route(random, NAMES[3], "  ");
    file.push_str(&root);
    let count = random.below(4);
    file.push_str(if count > 0 { "  routes:\n" } else { "" });
    for _ in 0..count {
        let name = free.remove(random.below(free.len() as u64) as usize);
        let _ = write!(file, "  -\n{}", any_route(random, name, "    "));
        let wants = random.pick(&WANTS);
        let _ = match wants.split_once("=~") {
            Some((label, value)) => writeln!(file, "    matchers: ['{label}=~\"{value}\"']"),
            None => writeln!(file, "    matchers: []"),
        };
        let _ = writeln!(file, "    continue: {}", random.percent(50));
        if random.percent(40) {
            let _ = writeln!(file, "    mute_time_intervals: ['off']");
        }
    }
    file.push_str("receivers:\n");
    for name in NAMES.into_iter().filter(|name| !free.contains(name)) {
        // Half of them are Slack's incoming webhooks, whatever file they stand in.
        let told = match name {
            "n1" | "n4" => {
                format!("webhook_configs: [{{ url: '{url}/hook/{name}', timeout: 5m }}]")
            }
            _ => format!(
                "slack_configs: [{{ api_url: '{url}/incoming/{name}', channel: '#{name}', send_resolved: true, timeout: 5m, text: '{TEXT}' }}]"
            ),
        };
        let _ = writeln!(file, "- name: {name}\n  {told}");
    }
    file.push_str(OFF);
    rules(random, &mut file);
    file
}

/// An incoming webhook's messages bear no number: which of two it is that comes first, only their words tell.
const TEXT: &str = "{{ range .Alerts }}{{ .Labels }} {{ .StartsAt }} {{ end }}of {{ .GroupLabels }}";

const OFF: &str = "time_intervals:
- name: 'off'
  time_intervals:
  - times:
    - { start_time: '09:00', end_time: '10:30' }
    - { start_time: '13:00', end_time: '13:05' }
    - { start_time: '20:00', end_time: '22:00' }
";

fn rules(random: &mut Random, file: &mut String) {
    let rules = some_rules(random);
    if rules.is_empty() {
        return;
    }
    file.push_str("inhibit_rules:\n");
    for (source, target, equal) in rules {
        let quoted = |text: &str| text.replacen("=~", "=~\"", 1) + "\"";
        let (source, target) = (quoted(source), quoted(target));
        let _ = writeln!(
            file,
            "- source_matchers: ['{source}']\n  target_matchers: ['{target}']\n  equal: [{}]",
            equal.join(", ")
        );
    }
}

fn any_route(random: &mut Random, name: &str, indent: &str) -> String {
    let by = random.pick(&["[]", "['...']", "[severity]", "[alertname, namespace]"]);
    let wait = random.pick(&["0s", "10s", "30s"]);
    let interval = random.pick(&["1s", "1m", "5m"]);
    let repeat = random.pick(&["10m", "12h"]);
    [
        format!("receiver: {name}"),
        format!("group_by: {by}"),
        format!("group_wait: {wait}"),
        format!("group_interval: {interval}"),
        format!("repeat_interval: {repeat}"),
    ]
    .map(|line| format!("{indent}{line}\n"))
    .concat()
}
