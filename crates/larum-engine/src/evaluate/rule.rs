//! One rule, evaluated at one time.

use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::policy::{Outcome, Policy};
use larum_core::time::Timestamp;
use larum_metrics::Store;
use larum_promql::{Options, Query};
use larum_rules::{CompiledPolicy, Installation, Moment, RuleFile, alert_samples, elements, record};
use tokio::runtime;

use super::ask::SourceAt;
use super::recorded::Recorded;
use super::view::RecordingRule;
use crate::clock::Clock;
use crate::gaps::Gaps;
use crate::handle::Handle;
use crate::source::{QUERY_TIMEOUT, Source, SourceError};

/// The part of a policy's window that may be missing, as one in so many: it changes little where the window is long,
/// and the few minutes that a crash takes with it do not keep an hour's answer from counting.
const MAY_BE_MISSING: u32 = 10;

/// What the source has to cover also for an expression that looks at nothing but now: in this time every target was
/// scraped at its usual interval, and every group evaluated, once.
const FIRST_ROUND: Duration = Duration::from_secs(120);

/// What a policy says whose alerts are kept because of that.
const CLOCK_JUMPED: &str = "The clock of Larum's machine has jumped. Until enough is known of the time since then, \
                            alerts that are over are not resolved.";

/// What every evaluation works with.
#[derive(Debug)]
pub(super) struct Setting {
    pub engine: Handle,
    pub clock: Clock,
    pub source: Source,
    pub gaps: Gaps,
    pub installation: Installation,
}

/// When a group of rules is evaluated, and how its rules look back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    /// When.
    pub at: Timestamp,
    /// How far back from then the rules look.
    pub offset: Duration,
}

impl Time {
    fn seen(self) -> Timestamp {
        self.at.minus(self.offset)
    }
}

/// An alerting rule: a policy ready to be evaluated.
#[derive(Debug)]
pub(super) struct Alerting {
    pub policy: Arc<Policy>,
    compiled: Result<Arc<CompiledPolicy>, String>,
    /// After how many gaps the source was known to cover what the expression looks back on. Until it does, what is
    /// missing proves nothing about what fired before.
    proven: Option<u64>,
    /// Its `ALERTS` and `ALERTS_FOR_STATE`.
    pub recorded: Recorded,
}

impl Alerting {
    pub fn of(policy: Arc<Policy>) -> Self {
        let compiled = CompiledPolicy::new(&policy).map(Arc::new);
        let compiled =
            compiled.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        Self { policy, compiled, proven: None, recorded: Recorded::default() }
    }

    /// The same rule after somebody has edited it. What fired by another expression ends at once, whatever is known by
    /// now; other words change nothing of that.
    pub fn edited(self, policy: Arc<Policy>, gaps: &Gaps) -> Self {
        let proven = if policy.expr == self.policy.expr { self.proven } else { Some(gaps.count()) };
        Self { proven, recorded: self.recorded, ..Self::of(policy) }
    }

    /// Evaluates it, hands what that comes to to the writer, and writes its `ALERTS`.
    pub async fn evaluate(&mut self, setting: &Setting, limit: u64, time: Time) {
        let began = setting.clock.now().steady;
        let mut outcome = self.outcome(setting, limit, time).await;
        let now = setting.clock.now();
        let took = now.steady.since(began);
        if let Outcome::Series { complete: false, warnings, .. } = &mut outcome
            && let Ok(compiled) = &self.compiled
            && setting.gaps.whole_for(now.steady) < window(compiled)
        {
            warnings.push(CLOCK_JUMPED.to_owned());
        }
        let failed = matches!(outcome, Outcome::Failed(_));
        let silent = matches!(&outcome, Outcome::Series { series, .. } if series.is_empty());
        let Policy { id, version, .. } = *self.policy;
        let Some(store) = setting.source.store().filter(|_| !(failed || silent && self.recorded.is_empty()))
        else {
            return setting.engine.evaluated(id, version, outcome, took).await;
        };
        setting.engine.evaluated_now(id, version, outcome, took).await;
        let samples = setting.engine.read(|state| {
            state.policy(id).map(|(_, known)| alert_samples(known.series())).unwrap_or_default()
        });
        self.recorded.write(store, samples, time.seen(), now.wall);
    }

    async fn outcome(&mut self, setting: &Setting, limit: u64, time: Time) -> Outcome {
        let compiled = match &self.compiled {
            Ok(compiled) => Arc::clone(compiled),
            Err(reason) => return Outcome::Failed(reason.clone()),
        };
        let (gaps, proven) = (setting.gaps.count(), self.is_proven(setting, &compiled, time.seen()));
        let options = Options::default();
        let answer = setting.source.instant(compiled.query(), time.seen(), options, QUERY_TIMEOUT).await;
        let evaluation = match answer {
            Ok(evaluation) => evaluation,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        // Samples may have been taken back while it was asked.
        let complete = proven && setting.gaps.count() == gaps;
        let count = evaluation.value.elements().len();
        if limit > 0 && count as u64 > limit {
            return Outcome::Failed(format!("exceeded limit of {limit} with {count} alerts"));
        }
        let installation = setting.installation.clone();
        if count == 0 {
            return compiled.outcome(Ok(evaluation), complete, &installation);
        }
        let (source, at, runtime) = (setting.source.clone(), time.at, runtime::Handle::current());
        let texts = tokio::task::spawn_blocking(move || {
            let ask = SourceAt { source, at, runtime };
            let moment = Moment { at: time.at, ask: &ask, installation: &installation };
            compiled.outcome_at(Ok(evaluation), complete, &moment)
        });
        let broke = |_| Outcome::Failed(SourceError::Broke.to_string());
        let outcome = texts.await.unwrap_or_else(broke);
        self.labelled(outcome, &setting.installation.external_labels)
    }

    /// Adds the labels that all that leaves Larum has, where an alert has none of that name (Prometheus,
    /// `notifier/alert.go`, `relabelAlerts`).
    fn labelled(&self, outcome: Outcome, external: &LabelSet) -> Outcome {
        let Outcome::Series { mut series, complete, warnings } = outcome else { return outcome };
        for value in &mut series {
            let labels = self.policy.alert_labels(value);
            let lacking = external.iter().filter(|(name, _)| labels.get(name).is_none());
            value.set_labels.extend(lacking.map(|(name, text)| (name.into(), text.to_owned())));
        }
        Outcome::Series { series, complete, warnings }
    }

    /// Whether a series that is missing is over. After a start and after a gap it is not, as long as the source does
    /// not cover the time that the expression looks back on, unless nothing was said before. What another server has is
    /// not known here; but after a jump nobody can tell at once which of the two times was the right one to ask for.
    fn is_proven(&mut self, setting: &Setting, compiled: &CompiledPolicy, at: Timestamp) -> bool {
        let gaps = setting.gaps.count();
        if self.proven != Some(gaps) {
            let speaks = || {
                let id = self.policy.id;
                setting
                    .engine
                    .read(|state| state.policy(id).is_some_and(|(_, known)| known.series().len() > 0))
            };
            let whole = setting.gaps.whole_for(setting.clock.now().steady);
            let covered = match setting.source.store() {
                Some(store) => covers(store, compiled, at, whole),
                None => whole >= FIRST_ROUND,
            };
            if covered || !speaks() {
                self.proven = Some(gaps);
            }
        }
        self.proven == Some(gaps)
    }
}

/// Whether the source covers the time that the ranges of the expression look back, and at least the first round of
/// those who bring series. What it has from before the clock last jumped, a time of `whole` ago, does not count.
fn covers(series: &Store, compiled: &CompiledPolicy, at: Timestamp, whole: Duration) -> bool {
    let window = window(compiled).min(series.retention());
    series.missed(window, at).max(window.saturating_sub(whole)) <= window / MAY_BE_MISSING
}

/// What the source has to cover for an expression.
fn window(compiled: &CompiledPolicy) -> Duration {
    let ranges = Options { lookback: Duration::ZERO, ..Options::default() };
    compiled.query().longest_window(&ranges).max(FIRST_ROUND)
}

/// A recording rule of a rule file.
#[derive(Debug)]
pub(super) struct Recording {
    file: Arc<RuleFile>,
    /// Its place in the file: the group, and the rule in it.
    place: (usize, usize),
    query: Arc<Query>,
    view: Arc<RecordingRule>,
    pub recorded: Recorded,
}

impl Recording {
    /// The rule at this place of a file.
    pub fn of(file: &Arc<RuleFile>, place: (usize, usize), view: Arc<RecordingRule>) -> Self {
        let query = Arc::clone(&file.groups[place.0].rules[place.1].query);
        Self { file: Arc::clone(file), place, query, view, recorded: Recorded::default() }
    }

    /// The metric that it records.
    pub fn name(&self) -> &str {
        &self.view.name
    }

    /// What people see of it.
    pub fn view(&self) -> Arc<RecordingRule> {
        Arc::clone(&self.view)
    }

    /// Evaluates it and writes what that comes to.
    pub async fn evaluate(&mut self, setting: &Setting, limit: u64, time: Time) {
        let now = setting.clock.now();
        let done = self.record(setting, limit, time).await;
        if let Err(error) = &done {
            setting.engine.shared.meters.evaluation_failures.inc();
            self.view.warn_once(error);
        }
        let took = setting.clock.now().steady.since(now.steady);
        self.view.evaluated(time.at, took, done.err());
    }

    async fn record(&mut self, setting: &Setting, limit: u64, time: Time) -> Result<(), String> {
        let Some(store) = setting.source.store() else {
            return Err("recorded series are kept where Larum keeps series itself, not in another server: \
                        record them there"
                .to_owned());
        };
        let answer =
            setting.source.instant(&self.query, time.seen(), Options::default(), QUERY_TIMEOUT).await;
        let found = elements(answer.map_err(|error| error.to_string())?.value)?;
        let rule = &self.file.groups[self.place.0].rules[self.place.1];
        let samples = record(rule, &found, limit)?;
        self.recorded.write(store, samples, time.seen(), setting.clock.now().wall);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use larum_core::alert::PolicyId;
    use larum_core::policy::{PolicyDraft, PolicyKind};
    use larum_metrics::{Reading, StoreOptions};

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn put(series: &Store, seconds: u64) {
        let labels = LabelSet::from_pairs([("__name__", "x_total")]);
        series.append("host", after(seconds), &[Reading { labels, value: seconds as f64 }]);
    }

    fn policy(expr: String, summary: &str) -> Policy {
        let draft = PolicyDraft { name: "X".into(), expr, summary: summary.into(), ..PolicyDraft::default() };
        Policy::new(PolicyId(1), PolicyKind::Custom, 1, &draft).unwrap()
    }

    /// What the source knows of `x_total`, by the seconds after the start, for a policy that looks back for so long.
    fn knows(series: &Store, window: &str, seconds: u64) -> bool {
        let expr = match window {
            "now" => "x_total > 0.9".to_owned(),
            _ => format!("rate(x_total[{window}]) > 0.9"),
        };
        covers(series, &CompiledPolicy::new(&policy(expr, "x")).unwrap(), after(seconds), Duration::MAX)
    }

    #[test]
    fn whoever_edits_the_words_of_a_policy_resolves_nothing_by_that() {
        let gaps = Gaps::default();
        let edited = |expr: &str, summary| {
            let before = Alerting::of(policy("x_total > 1".into(), "x").into());
            before.edited(policy(expr.into(), summary).into(), &gaps).proven
        };
        assert_eq!(edited("x_total > 1", "It is high"), None);
        assert_eq!(edited("x_total > 2", "x"), Some(gaps.count()));
    }

    #[test]
    fn after_a_gap_what_is_missing_proves_nothing_until_the_window_is_full_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot");
        let restore = |seconds| Store::read_snapshot(&path, after(seconds), StoreOptions::default()).unwrap();
        let series = Store::default();
        (0..3600).step_by(15).for_each(|seconds| put(&series, seconds));
        assert!(knows(&series, "2m", 3585));
        series.write_snapshot(&path).unwrap();

        // Three minutes down.
        let series = restore(3765);
        put(&series, 3765);
        assert!(!knows(&series, "2m", 3765) && !knows(&series, "now", 3765));
        (3780..3870).step_by(15).for_each(|seconds| put(&series, seconds));
        assert!(!knows(&series, "2m", 3855));
        put(&series, 3870);
        put(&series, 3885);
        assert!(knows(&series, "2m", 3885) && knows(&series, "now", 3885));
        assert!(knows(&series, "1h", 3885), "three minutes of an hour are no great loss");

        // The gap is known after one more start, which leaves none itself.
        series.write_snapshot(&path).unwrap();
        let series = restore(3905);
        put(&series, 3905);
        assert!(knows(&series, "2m", 3905));
        assert!(!knows(&series, "5m", 3905));
    }
}
