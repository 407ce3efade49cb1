//! From the labels that a target gives a series to those that it is kept under.

use larum_core::label::{LabelSet, METRIC_NAME};

use super::config::JobConfig;
use super::error::ScrapeError;
use super::relabel::{Labels, relabel};

/// What a target's own label is called where ours takes its name (Prometheus, "Configuration", `honor_labels`).
const EXPORTED: &str = "exported_";

/// The labels under which a series of a target is kept; none if relabelling drops it.
pub(super) fn kept_labels(
    exposed: &LabelSet,
    target: &LabelSet,
    job: &JobConfig,
) -> Result<Option<LabelSet>, ScrapeError> {
    let mut labels: Labels = exposed.iter().collect();
    let conflicts = exposed.iter().filter(|(name, _)| target.get(name).is_some());
    let mut moved: Vec<(&str, &str)> = if job.honor_labels { Vec::new() } else { conflicts.collect() };
    for (name, value) in target.iter() {
        if job.honor_labels {
            labels.set_default(name, value);
        } else {
            labels.set(name, value);
        }
    }
    // The shorter first, as Prometheus does it, so that `exported_job` finds its place before one that was there.
    moved.sort_by_key(|(name, _)| name.len());
    for (name, value) in moved {
        let mut free = format!("{EXPORTED}{name}");
        while !labels.value(&free).is_empty() {
            free.insert_str(0, EXPORTED);
        }
        labels.set(free, value);
    }
    if !relabel(&mut labels, &job.metric_relabel_configs) || labels.is_empty() {
        return Ok(None);
    }
    if labels.value(METRIC_NAME).is_empty() {
        return Err(ScrapeError::NoName);
    }
    let labels = labels.to_set();
    job.limits.exposition(true).check(&labels).map_err(|reason| {
        let series = labels.value(METRIC_NAME).chars().take(60).collect();
        ScrapeError::Labels { series, reason }
    })?;
    Ok(Some(labels))
}
