//! What a policy would have done over a time that has passed.

use std::time::Duration;

use larum_core::time::Timestamp;

/// A time for which one series would have fired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FiringPeriod {
    /// When it would have begun to fire.
    pub from: Timestamp,
    /// When it would have ended; none if it fires still.
    pub to: Option<Timestamp>,
}

/// When one series would have fired whose condition held at the steps that `held` says, oldest first: what the state
/// machine of policies does ([`PolicyState::advance`](larum_core::policy::PolicyState::advance)), were the policy
/// evaluated at these steps alone. What happens between two steps is not seen, and what a policy bears with without
/// data is left out.
pub fn firing_periods(
    hold: Duration,
    keep_firing: Duration,
    held: impl IntoIterator<Item = (Timestamp, bool)>,
) -> Vec<FiringPeriod> {
    let mut periods = Vec::new();
    let mut stands = Stands::default();
    for (at, holds) in held {
        stands = stands.step(at, holds, hold, keep_firing, &mut periods);
    }
    if let Stands::Firing { since, .. } = stands {
        periods.push(FiringPeriod { from: since, to: None });
    }
    periods
}

/// For how long anything fired in these periods, each moment counted once; what fires still counts up to `end`.
pub fn time_firing(periods: impl IntoIterator<Item = FiringPeriod>, end: Timestamp) -> Duration {
    let mut spans: Vec<_> =
        periods.into_iter().map(|period| (period.from, period.to.unwrap_or(end))).collect();
    spans.sort_unstable();
    let (mut total, mut covered) = (Duration::ZERO, None);
    for (from, to) in spans {
        let from = covered.map_or(from, |covered: Timestamp| covered.max(from));
        total += to.since(from);
        covered = Some(to.max(from));
    }
    total
}

/// Where a series stands between two steps.
#[derive(Clone, Copy, Default)]
enum Stands {
    #[default]
    Inactive,
    Pending {
        since: Timestamp,
    },
    Firing {
        since: Timestamp,
        /// Since when its condition holds no more and it fires all the same.
        kept: Option<Timestamp>,
    },
}

impl Stands {
    fn step(
        self,
        at: Timestamp,
        holds: bool,
        hold: Duration,
        keep_firing: Duration,
        periods: &mut Vec<FiringPeriod>,
    ) -> Self {
        let begun = |since: Timestamp| match at.since(since) >= hold {
            true => Self::Firing { since: at, kept: None },
            false => Self::Pending { since },
        };
        match (self, holds) {
            (Self::Inactive, true) => begun(at),
            (Self::Pending { since }, true) => begun(since),
            (Self::Firing { since, .. }, true) => Self::Firing { since, kept: None },
            (Self::Inactive | Self::Pending { .. }, false) => Self::Inactive,
            (Self::Firing { since, kept }, false) => {
                let gone = kept.unwrap_or(at);
                if at.since(gone) < keep_firing {
                    return Self::Firing { since, kept: Some(gone) };
                }
                periods.push(FiringPeriod { from: since, to: Some(at) });
                Self::Inactive
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use larum_core::alert::{Measured, PolicyId};
    use larum_core::label::LabelSet;
    use larum_core::policy::{Outcome, Policy, PolicyDraft, PolicyKind, PolicyState, SeriesValue, Standing};
    use larum_core::time::{Now, Steady};

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(minute: usize) -> Timestamp {
        Timestamp::from_millis(60_000 * i64::try_from(minute).unwrap())
    }

    /// A line of steps, one a minute: `#` where the condition holds.
    fn steps(line: &str) -> impl Iterator<Item = (Timestamp, bool)> {
        line.chars().enumerate().map(|(minute, shown)| (at(minute), shown == '#'))
    }

    /// The minutes of the periods.
    fn fired(hold: u32, keep: u32, line: &str) -> Vec<(i64, Option<i64>)> {
        let minute = |at: Timestamp| at.as_millis() / 60_000;
        let periods = firing_periods(MINUTE * hold, MINUTE * keep, steps(line));
        periods.into_iter().map(|period| (minute(period.from), period.to.map(minute))).collect()
    }

    #[test]
    fn a_series_fires_once_its_condition_held_for_long_enough() {
        assert_eq!(fired(0, 0, "..##.#"), [(2, Some(4)), (5, None)]);
        assert_eq!(fired(2, 0, ".##.###."), [(6, Some(7))]);
        assert_eq!(fired(2, 0, ".##.##."), []);
        assert_eq!(fired(0, 2, "#.#..."), [(0, Some(5))]);
        assert_eq!(fired(0, 2, "#...#"), [(0, Some(3)), (4, None)]);
        assert_eq!(fired(0, 0, ""), []);
    }

    #[test]
    fn each_moment_counts_once() {
        let period = |from, to: Option<usize>| FiringPeriod { from: at(from), to: to.map(at) };
        let total = |periods: &[FiringPeriod]| time_firing(periods.iter().copied(), at(10)).as_secs() / 60;
        assert_eq!(total(&[]), 0);
        assert_eq!(total(&[period(1, Some(3)), period(2, Some(5)), period(8, None)]), 6);
        assert_eq!(total(&[period(1, Some(9)), period(2, Some(3)), period(4, Some(6))]), 8);
    }

    /// What the state machine itself says at each step.
    fn stood(draft: &PolicyDraft, line: &str) -> Vec<bool> {
        let policy = Policy::new(PolicyId(1), PolicyKind::Custom, 1, draft).unwrap();
        let mut state = PolicyState::default();
        let step = |(at, holds): (Timestamp, bool)| {
            let value = SeriesValue {
                labels: LabelSet::default(),
                set_labels: Vec::new(),
                annotations: LabelSet::default(),
                generator_url: "".into(),
                measured: Measured { value: 1.0, text: "1".into() },
            };
            let series = if holds { vec![value] } else { Vec::new() };
            let outcome = Outcome::Series { series, complete: true, warnings: Vec::new() };
            let millis = u64::try_from(at.as_millis()).unwrap();
            let now = Now { wall: at, steady: Steady::default().plus(Duration::from_millis(millis)) };
            state.advance(&policy, outcome, Duration::ZERO, now);
            state.standing(&policy) == Standing::Firing
        };
        steps(line).map(step).collect()
    }

    #[test]
    fn a_rehearsal_says_what_the_state_machine_does() {
        for number in 0_u32..4096 {
            let line: String = (0..12).map(|bit| if number >> bit & 1 == 1 { '#' } else { '.' }).collect();
            let (hold, keep_firing) = (MINUTE * (number % 4), MINUTE * (number / 7 % 4));
            let draft = PolicyDraft {
                name: "x".into(),
                expr: "up == 0".into(),
                summary: "x".into(),
                hold,
                keep_firing,
                ..PolicyDraft::default()
            };
            let periods = firing_periods(hold, keep_firing, steps(&line));
            let fires = |minute: usize| {
                periods.iter().any(|one| one.from <= at(minute) && one.to.is_none_or(|to| at(minute) < to))
            };
            let rehearsed: Vec<bool> = (0..12).map(fires).collect();
            assert_eq!(rehearsed, stood(&draft, &line), "{line}, for {hold:?}, keep {keep_firing:?}");
        }
    }
}
