//! Finding episodes of alerts by matchers: those that fire by the index, those that are over in the history.

use std::sync::Arc;

use larum_core::alert::{Alert, AlertId};
use larum_core::label::ALERT_NAME;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::time::Timestamp;
use larum_store::EndedFilter;

use crate::doors::Doors;
use crate::problem::Problem;

/// How many alerts that are over are read at a time.
const READ_AT_ONCE: u32 = 500;
/// How many of them are looked at for one page, which then ends there.
const MOST_READ: usize = 10_000;
/// How many names that are alike are offered.
const MOST_SIMILAR: usize = 5;
/// How many alerts are looked at for those names.
const MOST_COMPARED: usize = 10_000;

/// Which episodes are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// All of them must match.
    pub matchers: Arc<[Matcher]>,
    /// Begun by then.
    pub begun_by: Timestamp,
    /// With a lower number than this.
    pub before: AlertId,
    /// At most so many.
    pub limit: usize,
}

/// A page of episodes.
pub struct Page {
    /// The newest first.
    pub alerts: Vec<Arc<Alert>>,
    /// Before which number the next page begins, if there may be more.
    pub next: Option<AlertId>,
}

impl Wanted {
    fn wants(&self, alert: &Alert) -> bool {
        alert.id < self.before
            && alert.starts_at <= self.begun_by
            && self.matchers.iter().all(|matcher| matcher.matches(&alert.labels))
    }

    /// The name that an alert must have.
    fn name(&self) -> Option<&str> {
        let names = |matcher: &&Matcher| matcher.name() == ALERT_NAME && matcher.op() == MatchOp::Equal;
        self.matchers.iter().find(names).map(Matcher::value)
    }
}

/// The newest episodes that are wanted.
pub async fn find(doors: &Doors, wanted: &Wanted) -> Result<Page, Problem> {
    let firing = firing(doors, wanted.clone()).await?;
    // One that ends in between is found here.
    let (ended, covered) = ended(doors, wanted).await?;
    let known: Vec<AlertId> = firing.iter().map(|alert| alert.id).collect();
    let ended = ended.into_iter().filter(|alert| !known.contains(&alert.id));
    let mut alerts: Vec<Arc<Alert>> = firing.iter().cloned().chain(ended).collect();
    alerts.sort_unstable_by_key(|alert| std::cmp::Reverse(alert.id));
    // Below what was looked at in the history there may be others, newer than what fires.
    alerts.retain(|alert| covered.is_none_or(|covered| alert.id >= covered));
    let more = alerts.len() > wanted.limit;
    alerts.truncate(wanted.limit);
    let next = if more { alerts.last().map(|alert| alert.id) } else { covered };
    Ok(Page { alerts, next })
}

/// One more than asked for, to see whether there are more.
async fn firing(doors: &Doors, wanted: Wanted) -> Result<Vec<Arc<Alert>>, Problem> {
    let engine = doors.engine().clone();
    // Where the index does not help, each of a million alerts is asked.
    let finding = tokio::task::spawn_blocking(move || {
        let candidates = engine.read(|state| state.candidates(&wanted.matchers));
        let found = engine.firing_newest_first(&candidates).filter(|alert| wanted.wants(alert));
        found.take(wanted.limit + 1).collect()
    });
    finding.await.map_err(|error| Problem::internal(&error))
}

/// Those that are over, one more than asked for; and down to which number was looked, if not to the last.
async fn ended(doors: &Doors, wanted: &Wanted) -> Result<(Vec<Arc<Alert>>, Option<AlertId>), Problem> {
    let (mut found, mut read, mut before) = (Vec::new(), 0, wanted.before.0);
    loop {
        let filter =
            EndedFilter { name: wanted.name(), begun_by: wanted.begun_by, before, limit: READ_AT_ONCE };
        let some = doors.store().ended_episodes(&filter, doors.now()).await;
        let some = some.map_err(|error| Problem::internal(&error))?;
        read += some.len();
        let is_last = some.len() < READ_AT_ONCE as usize;
        before = some.last().map_or(before, |alert| alert.id.0);
        found.extend(some.into_iter().filter(|alert| wanted.wants(alert)).map(Arc::new));
        if is_last {
            return Ok((found, None));
        }
        if found.len() > wanted.limit || read >= MOST_READ {
            return Ok((found, Some(AlertId(before))));
        }
    }
}

/// Names of alerts that fire and that are called about as one that was not found.
pub async fn similar(doors: &Doors, matchers: Arc<[Matcher]>) -> Result<Vec<String>, Problem> {
    let Some(wanted) = matchers.iter().find(|matcher| matcher.name() == ALERT_NAME) else {
        return Ok(Vec::new());
    };
    let (engine, wanted) = (doors.engine().clone(), wanted.value().to_lowercase());
    let finding = tokio::task::spawn_blocking(move || {
        let all = engine.read(|state| state.candidates(&[]));
        let mut names: Vec<String> = Vec::new();
        for alert in engine.firing_newest_first(&all).take(MOST_COMPARED) {
            let name = alert.name();
            if names.len() < MOST_SIMILAR
                && is_alike(&name.to_lowercase(), &wanted)
                && !names.iter().any(|n| n == name)
            {
                names.push(name.to_owned());
            }
        }
        names
    });
    finding.await.map_err(|error| Problem::internal(&error))
}

/// Whether one contains the other, or they begin alike for half their length or more.
fn is_alike(one: &str, other: &str) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    let alike = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one.contains(other) || other.contains(one) || alike * 2 >= one.len().max(other.len())
}

#[cfg(test)]
mod tests {
    use super::is_alike;

    #[test]
    fn names_are_alike_that_begin_alike_or_hold_each_other() {
        for other in ["diskful", "disk", "nodediskfull", "diskfill"] {
            assert!(is_alike("diskfull", other), "{other}");
        }
        for other in ["cpu", "", "dead"] {
            assert!(!is_alike("diskfull", other), "{other}");
        }
    }
}
