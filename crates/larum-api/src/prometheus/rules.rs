//! Rules and their alerts: those of rule files in their groups, and the policies of the console in two groups of their
//! own (Prometheus, "HTTP API", "Rules" and "Alerts").

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use larum_core::alert::PolicyId;
use larum_core::policy::{LastEvaluation, Policy, PolicyKind, SeriesState};
use larum_core::time::Timestamp;
use larum_engine::{EVALUATION_INTERVAL, GroupRule, Handle, RecordingRule};
use serde::Serialize;

use super::answer::{Answer, in_another_thread};
use super::form::Form;
use super::number::rfc3339;
use super::page::{RulesQuestion, page_token};
use super::refusal::Refusal;
use super::rule::{
    Seconds, ShownAlert, ShownGroup, ShownRule, policy_labels, recording_labels, show_alert, show_alerting,
    show_recording,
};
use crate::doors::Doors;

/// Where the groups of the console's policies stand, which stand in no file.
const NO_FILE: &str = "larum";
/// How many policies are looked at under one lock.
const AT_ONCE: usize = 64;

/// What `/rules` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownRules {
    groups: Vec<ShownGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_next_token: Option<String>,
}

/// What `/alerts` answers.
#[derive(Serialize)]
struct ShownAlerts {
    alerts: Vec<ShownAlert>,
}

/// `/rules`: groups and their rules.
pub async fn list_rules(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let question = RulesQuestion::read(&form)?;
    in_another_thread(move || Ok(Answer::of(&page(doors.engine(), &question)?))).await
}

/// `/alerts`: what is pending or fires.
pub async fn list_alerts(State(doors): State<Doors>) -> Result<Response, Refusal> {
    in_another_thread(move || {
        let mut alerts = Vec::new();
        for group in groups(doors.engine()) {
            for look in looks(doors.engine(), &group.policies(), true) {
                alerts.extend(look.series.iter().flatten().map(show_alert));
            }
        }
        Ok(Answer::of(&ShownAlerts { alerts }))
    })
    .await
}

/// A group of rules.
struct Group {
    file: Arc<str>,
    name: Arc<str>,
    interval: Duration,
    limit: u64,
    /// When it was last evaluated as a whole; the console's policies are evaluated each for itself.
    last: Option<(Timestamp, Duration)>,
    rules: Vec<Rule>,
}

enum Rule {
    Policy(PolicyId),
    Recording(Arc<RecordingRule>),
}

impl Group {
    fn policies(&self) -> Vec<PolicyId> {
        let policy = |rule: &Rule| match rule {
            Rule::Policy(id) => Some(*id),
            Rule::Recording(_) => None,
        };
        self.rules.iter().filter_map(policy).collect()
    }
}

/// All groups, in order of file and name.
fn groups(engine: &Handle) -> Vec<Group> {
    let in_files = engine.rule_groups();
    let mut groups: Vec<Group> = in_files
        .iter()
        .map(|group| Group {
            file: Arc::clone(&group.file),
            name: Arc::clone(&group.name),
            interval: group.interval,
            limit: group.limit,
            last: group.evaluation().last,
            rules: group.rules.iter().map(known).collect(),
        })
        .collect();
    let (mut builtin, mut custom) = (Vec::new(), Vec::new());
    engine.read(|state| {
        for (policy, _) in state.policies().filter(|(policy, _)| policy.enabled) {
            match policy.kind {
                PolicyKind::Builtin { .. } => builtin.push(Rule::Policy(policy.id)),
                PolicyKind::Custom => custom.push(Rule::Policy(policy.id)),
                PolicyKind::RuleFile(_) => {}
            }
        }
    });
    groups.extend([("built-in", builtin), ("custom", custom)].map(|(name, rules)| Group {
        file: NO_FILE.into(),
        name: name.into(),
        interval: EVALUATION_INTERVAL,
        limit: 0,
        last: None,
        rules,
    }));
    groups.sort_by(|a, b| (&a.file, &a.name).cmp(&(&b.file, &b.name)));
    groups
}

fn known(rule: &GroupRule) -> Rule {
    match rule {
        GroupRule::Alerting(policy) => Rule::Policy(*policy),
        GroupRule::Recording(rule) => Rule::Recording(Arc::clone(rule)),
    }
}

/// How a policy stands.
struct Look {
    policy: Arc<Policy>,
    state: &'static str,
    last: Option<LastEvaluation>,
    series: Option<Vec<SeriesState>>,
}

/// How policies stand, in their order; some at a time, so that nobody waits long for the state.
fn looks(engine: &Handle, policies: &[PolicyId], with_series: bool) -> Vec<Look> {
    let mut looks = Vec::with_capacity(policies.len());
    for some in policies.chunks(AT_ONCE) {
        engine.read(|state| {
            for (policy, known) in some.iter().filter_map(|id| state.policy(*id)) {
                let firing = known.series().any(|series| series.fired_at.is_some());
                let pending = known.series().len() > 0;
                looks.push(Look {
                    policy: Arc::clone(policy),
                    state: if firing {
                        "firing"
                    } else if pending {
                        "pending"
                    } else {
                        "inactive"
                    },
                    last: known.last().cloned(),
                    series: with_series.then(|| known.series().cloned().collect()),
                });
            }
        });
    }
    looks
}

/// The groups that are asked for, and what the next page begins with.
fn page(engine: &Handle, question: &RulesQuestion) -> Result<ShownRules, Refusal> {
    let mut shown = ShownRules { groups: Vec::new(), group_next_token: None };
    let groups = groups(engine);
    let mut rest = groups.as_slice();
    let most = question.page.as_ref().map_or(usize::MAX, |page| page.groups);
    if let Some(page) = question.page.as_ref().filter(|page| !page.token.is_empty()) {
        let first = rest.iter().position(|group| page_token(&group.file, &group.name) == page.token);
        let Some(first) = first else {
            let words = format!("invalid group_next_token '{}'. were rule groups changed?", page.token);
            return Err(Refusal::parameter("group_next_token", words));
        };
        rest = &rest[first..];
    }
    for group in rest.iter().filter(|group| question.has_group(&group.file, &group.name)) {
        let group = show_group(engine, group, question);
        if group.rules.is_empty() {
            continue;
        }
        if shown.groups.len() == most {
            shown.group_next_token = Some(page_token(&group.file, &group.name));
            break;
        }
        shown.groups.push(group);
    }
    Ok(shown)
}

fn show_group(engine: &Handle, group: &Group, question: &RulesQuestion) -> ShownGroup {
    let mut looks = looks(engine, &group.policies(), question.alerts).into_iter().peekable();
    let mut last = group.last;
    let mut rules = Vec::new();
    for rule in &group.rules {
        match rule {
            Rule::Recording(rule) => {
                let asked = question.has_rule(&rule.name, || recording_labels(&rule.labels));
                if question.recording && asked {
                    rules.push(ShownRule::Recording(show_recording(rule)));
                }
            }
            Rule::Policy(id) => {
                // One that was deleted meanwhile was not found.
                let Some(look) = looks.next_if(|look| look.policy.id == *id) else { continue };
                if group.last.is_none() {
                    last = later(last, look.last.as_ref());
                }
                if question.alerting && question.has_rule(&look.policy.name, || policy_labels(&look.policy)) {
                    let Look { policy, state, last, series } = look;
                    let rule = show_alerting(&policy, state, last.as_ref(), series.as_deref());
                    rules.push(ShownRule::Alerting(Box::new(rule)));
                }
            }
        }
    }
    ShownGroup {
        name: group.name.to_string(),
        file: group.file.to_string(),
        rules,
        interval: Seconds(group.interval),
        limit: group.limit,
        evaluation_time: Seconds(last.map_or(Duration::ZERO, |(_, took)| took)),
        last_evaluation: rfc3339(last.map(|(at, _)| at)),
    }
}

/// When the last of several policies was evaluated, and how long that took for all together.
fn later(
    last: Option<(Timestamp, Duration)>,
    next: Option<&LastEvaluation>,
) -> Option<(Timestamp, Duration)> {
    match (last, next) {
        (last, None) => last,
        (None, Some(next)) => Some((next.at, next.took)),
        (Some((at, took)), Some(next)) => Some((at.max(next.at), took + next.took)),
    }
}
