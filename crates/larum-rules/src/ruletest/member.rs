//! A rule of a group and what became of it so far. An alerting rule runs in the very machine that it runs in when Larum
//! serves: a [`PolicyState`] of a policy from a rule file.

use std::time::Duration;

use larum_core::alert::PolicyId;
use larum_core::label::LabelSet;
use larum_core::policy::{Health, Policy, PolicyKind, PolicyState, RulePlace, SeriesState};
use larum_core::time::{Now, Steady, Timestamp};
use larum_promql::Value;

use super::group::{Setting, ask};
use super::storage::Storage;
use crate::compiled::CompiledPolicy;
use crate::rule_file::{Rule, rule_draft};
use crate::text::{Moment, SourceAt};
use crate::written::{alert_samples, record};

/// When a rule is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// The time of the evaluation.
    pub at: Timestamp,
    /// The time that it looks at, which its group's `query_offset` sets back.
    pub seen: Timestamp,
}

/// A rule and what became of it so far.
pub(super) enum Member<'a> {
    /// It writes series.
    Recording(&'a Rule),
    /// It finds alerts.
    Alerting(Box<Alerts>),
}

/// An alerting rule and its alerts.
pub(super) struct Alerts {
    policy: Policy,
    compiled: CompiledPolicy,
    state: PolicyState,
}

impl<'a> Member<'a> {
    pub fn new(rule: &'a Rule) -> Self {
        if rule.alerting.is_none() {
            return Self::Recording(rule);
        }
        let place =
            RulePlace { file: "".into(), group: "".into(), name: rule.name.as_str().into(), nth: rule.nth };
        let policy = Policy::new(PolicyId(0), PolicyKind::RuleFile(place), 1, &rule_draft(rule))
            .expect("a rule is taken as it is");
        let compiled = CompiledPolicy::new(&policy).expect("a rule file that is sound has sound templates");
        Self::Alerting(Box::new(Alerts { policy, compiled, state: PolicyState::default() }))
    }

    /// The alerts of this name that fire.
    pub fn firing(&self, name: &str) -> impl Iterator<Item = &SeriesState> {
        let alerts = match self {
            Self::Alerting(alerts) if *alerts.policy.name == *name => Some(alerts),
            _ => None,
        };
        let series = alerts.into_iter().flat_map(|alerts| alerts.state.series());
        series.filter(|series| series.fired_at.is_some())
    }

    /// The samples that the rule writes now, at most `limit`; 0 is no limit.
    pub fn evaluate(
        &mut self,
        storage: &Storage,
        times: Times,
        limit: u64,
        setting: &Setting,
    ) -> Result<Vec<(LabelSet, f64)>, String> {
        match self {
            Self::Recording(rule) => {
                record(rule, &ask(&rule.query, storage, times.seen, &setting.options)?, limit)
            }
            Self::Alerting(alerts) => alerts.evaluate(storage, times, limit, setting),
        }
    }
}

impl Alerts {
    fn evaluate(
        &mut self,
        storage: &Storage,
        Times { at, seen }: Times,
        limit: u64,
        setting: &Setting,
    ) -> Result<Vec<(LabelSet, f64)>, String> {
        let answer = self.compiled.query().instant(storage, seen, &setting.options);
        let answer = answer.map_err(|error| error.to_string())?;
        if matches!(answer.value, Value::Text(_) | Value::Matrix(_)) {
            return Err("rule result is not a vector or scalar".to_owned());
        }
        let asked = SourceAt { source: storage, at, options: &setting.options };
        let moment = Moment { at, ask: &asked, installation: &setting.installation };
        let outcome = self.compiled.outcome_at(Ok(answer), true, &moment);
        let now = Now { wall: at, steady: Steady::from_millis(at.as_millis()) };
        self.state.advance(&self.policy, outcome, Duration::ZERO, now);
        if let Some(Health::Error { message }) = self.state.last().map(|last| &last.health) {
            return Err(message.clone());
        }
        let count = self.state.series().len();
        if limit > 0 && count as u64 > limit {
            self.state = PolicyState::default();
            return Err(format!("exceeded limit of {limit} with {count} alerts"));
        }
        Ok(alert_samples(self.state.series()))
    }
}
