//! Tests of rules in the format of `promtool test rules`, run against the built-in policies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::duration::parse_duration;
use larum_core::label::LabelSet;
use larum_core::policy::{Policy, PolicyKind, PolicyState, Standing};
use larum_core::time::{Now, Steady, Timestamp};
use larum_promql::{Options, SeriesList};
use larum_rules::{Builtin, CompiledPolicy, DESCRIPTION, Installation, SUMMARY, builtins};
use serde::Deserialize;

use crate::series::series;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestFile {
    #[expect(dead_code, reason = "promtool reads them; here the embedded ones are meant")]
    rule_files: Vec<String>,
    evaluation_interval: String,
    pub tests: Vec<RuleTest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTest {
    name: String,
    interval: String,
    input_series: Vec<InputSeries>,
    alert_rule_test: Vec<AlertCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputSeries {
    series: String,
    values: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertCase {
    eval_time: String,
    alertname: String,
    #[serde(default)]
    exp_alerts: Vec<ExpectedAlert>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedAlert {
    exp_labels: BTreeMap<String, String>,
    exp_annotations: BTreeMap<String, String>,
}

/// Which policies were seen, where a test asks for them by name, to fire, and to have been measured and well from the
/// beginning of the test; by key.
#[derive(Default)]
pub struct Seen {
    pub firing: BTreeSet<String>,
    pub well: BTreeSet<String>,
}

/// A policy at work, without anything around it.
pub struct Running {
    pub policy: Policy,
    compiled: CompiledPolicy,
    pub state: PolicyState,
}

impl Running {
    pub fn new(builtin: &Builtin) -> Self {
        let kind = PolicyKind::Builtin { key: builtin.key.clone() };
        let policy = Policy::new(PolicyId(1), kind, 1, &builtin.draft).unwrap();
        Self::of(policy)
    }

    pub fn of(policy: Policy) -> Self {
        Self { compiled: CompiledPolicy::new(&policy).unwrap(), policy, state: PolicyState::default() }
    }

    /// Evaluates `millis` milliseconds after the beginning of all time.
    pub fn evaluate(&mut self, source: &SeriesList, millis: i64) -> Standing {
        let at = Timestamp::from_millis(millis);
        let answer = self.compiled.query().instant(source, at, &Options::default());
        let outcome = self.compiled.outcome(answer, true, &Installation::default());
        let now = Now { wall: at, steady: Steady::from_millis(millis) };
        self.state.advance(&self.policy, outcome, Duration::ZERO, now);
        self.state.standing(&self.policy)
    }

    /// Labels, summary and description of what fires.
    pub fn firing(&self) -> Vec<(LabelSet, LabelSet)> {
        let firing = self.state.series().filter(|series| series.fired_at.is_some());
        let told = |name: &str| name == SUMMARY || name == DESCRIPTION;
        firing.map(|series| (series.labels.clone(), series.annotations.filter(told))).collect()
    }
}

/// A policy at work in a test.
struct Observed {
    builtin: &'static Builtin,
    running: Running,
    standing: Standing,
    always_well: bool,
}

impl Observed {
    fn new(builtin: &'static Builtin) -> Self {
        let running = Running::new(builtin);
        Self { builtin, running, standing: Standing::Inactive, always_well: true }
    }

    fn evaluate(&mut self, source: &SeriesList, millis: i64) {
        self.standing = self.running.evaluate(source, millis);
        self.always_well &= self.standing == Standing::Inactive;
        let last = self.running.state.last();
        assert!(self.standing != Standing::Error, "{}: {last:?}", self.builtin.key);
    }
}

impl TestFile {
    /// Runs every test of the file.
    pub fn run(&self, seen: &mut Seen) {
        for test in &self.tests {
            test.run(millis(&self.evaluation_interval), seen);
        }
    }

    /// Every alert that a test expects: its name, and the names of its labels.
    pub fn expected(&self) -> Vec<(String, Vec<String>)> {
        let cases = self.tests.iter().flat_map(|test| &test.alert_rule_test);
        let alerts = cases.flat_map(|case| case.exp_alerts.iter().map(|alert| (&case.alertname, alert)));
        alerts.map(|(name, alert)| (name.clone(), alert.exp_labels.keys().cloned().collect())).collect()
    }
}

fn millis(duration: &str) -> i64 {
    i64::try_from(parse_duration(duration).unwrap().as_millis()).unwrap()
}

impl RuleTest {
    fn source(&self) -> SeriesList {
        let interval = millis(&self.interval);
        let inputs = self.input_series.iter().map(|input| series(&input.series, &input.values, interval));
        SeriesList(inputs.collect())
    }

    /// Where the policy stands each minute from the first on, over the series of this test.
    pub fn standings(&self, builtin: &Builtin) -> Vec<Standing> {
        let (source, mut running) = (self.source(), Running::new(builtin));
        let last = self.alert_rule_test.iter().map(|case| millis(&case.eval_time)).max().unwrap();
        let mut seen: Vec<Standing> =
            (0..=last).step_by(60_000).map(|at| running.evaluate(&source, at)).collect();
        seen.dedup();
        seen
    }

    fn run(&self, step: i64, seen: &mut Seen) {
        let source = self.source();
        let asked_for =
            |builtin: &&Builtin| self.alert_rule_test.iter().any(|case| case.alertname == builtin.draft.name);
        let mut policies: Vec<Observed> = builtins().iter().filter(asked_for).map(Observed::new).collect();
        let last = self.alert_rule_test.iter().map(|case| millis(&case.eval_time)).max().unwrap();
        for at in (0..=last).step_by(usize::try_from(step).unwrap()) {
            policies.iter_mut().for_each(|policy| policy.evaluate(&source, at));
            for case in self.alert_rule_test.iter().filter(|case| millis(&case.eval_time) == at) {
                let named = policies.iter().filter(|policy| policy.builtin.draft.name == case.alertname);
                self.check(case, &named.collect::<Vec<_>>(), seen);
            }
        }
    }

    fn check(&self, case: &AlertCase, named: &[&Observed], seen: &mut Seen) {
        assert!(!named.is_empty(), "{}: there is no {}", self.name, case.alertname);
        for policy in named {
            match policy.standing {
                Standing::Firing => seen.firing.insert(policy.builtin.key.to_string()),
                Standing::Inactive if policy.always_well => seen.well.insert(policy.builtin.key.to_string()),
                _ => continue,
            };
        }
        let mut firing: Vec<_> = named.iter().flat_map(|policy| policy.running.firing()).collect();
        let mut expected: Vec<_> = case
            .exp_alerts
            .iter()
            .map(|alert| {
                let labels = LabelSet::from_pairs(&alert.exp_labels).with("alertname", &case.alertname);
                (labels, LabelSet::from_pairs(&alert.exp_annotations))
            })
            .collect();
        firing.sort();
        expected.sort();
        assert_eq!(firing, expected, "{}: {} at {}", self.name, case.alertname, case.eval_time);
    }
}
