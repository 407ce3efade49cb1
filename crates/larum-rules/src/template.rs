//! The templates from which policies for nodes are made in the console.

use larum_core::policy::{Comparator, Metric, PolicyDraft, PolicyError, PolicyField, Template};

use crate::measure::{Reading, Unit};

/// What is known of a metric before anybody chose anything.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MetricChoice {
    /// The metric.
    pub metric: Metric,
    /// What it is called, at the start of a sentence.
    pub title: &'static str,
    /// What it is, in one sentence.
    pub description: &'static str,
    /// What its number counts.
    pub unit: Unit,
    /// How it is compared unless somebody chooses otherwise.
    pub comparator: Comparator,
    /// With what it is compared unless somebody chooses otherwise.
    pub threshold: f64,
    /// The least threshold that makes sense.
    pub least: f64,
    /// The greatest threshold that makes sense.
    pub most: f64,
    /// PromQL for what it measures, for every node or file system.
    expr: &'static str,
    /// Where it is measured, as a Go template.
    place: &'static str,
}

/// A node, by its name where there is one and by its address where not.
const NODE: &str = "{{ or $labels.node $labels.instance }}";
const MOUNT: &str = "{{ $labels.mountpoint }} on {{ or $labels.node $labels.instance }}";

/// The metrics that a policy can be made from, in the order in which they are offered.
///
/// The expressions take away only the labels that they sum over, so that they work with whatever labels a source
/// gives its nodes. CPU usage is a ratio of rates: both are as far off while a source is younger than two minutes, and
/// their ratio is right. File systems that are never written to are full by nature and left out.
pub const METRIC_CHOICES: [MetricChoice; 5] = [
    MetricChoice {
        metric: Metric::Cpu,
        title: "CPU usage",
        description: "CPU time in use on a node, of all its cores together, over the last two minutes.",
        unit: Unit::Percent,
        comparator: Comparator::Greater,
        threshold: 80.0,
        least: 0.0,
        most: 100.0,
        expr: concat!(
            r#"100 * (1 - sum without (cpu, mode) (rate(node_cpu_seconds_total{mode=~"idle|iowait"}[2m]))"#,
            " / sum without (cpu, mode) (rate(node_cpu_seconds_total[2m])))"
        ),
        place: NODE,
    },
    MetricChoice {
        metric: Metric::Memory,
        title: "Memory usage",
        description: "Memory of a node that is in use and could not be freed for something else.",
        unit: Unit::Percent,
        comparator: Comparator::Greater,
        threshold: 90.0,
        least: 0.0,
        most: 100.0,
        expr: "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
        place: NODE,
    },
    MetricChoice {
        metric: Metric::Load,
        title: "Load per core",
        description: "Tasks of a node that run or wait, on average over five minutes, for each of its cores.",
        unit: Unit::Number,
        comparator: Comparator::Greater,
        threshold: 2.0,
        least: 0.0,
        most: 10_000.0,
        expr: r#"node_load5 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"})"#,
        place: NODE,
    },
    MetricChoice {
        metric: Metric::Disk,
        title: "Disk usage",
        description: "Space of a file system that is in use or kept back for the system.",
        unit: Unit::Percent,
        comparator: Comparator::Greater,
        threshold: 85.0,
        least: 0.0,
        most: 100.0,
        expr: r#"100 * (1 - node_filesystem_avail_bytes{fstype!~"squashfs|iso9660|erofs|ramfs"} / node_filesystem_size_bytes)"#,
        place: MOUNT,
    },
    MetricChoice {
        metric: Metric::Inodes,
        title: "Inode usage",
        description: "Inodes of a file system that are in use: how many more files fit into it.",
        unit: Unit::Percent,
        comparator: Comparator::Greater,
        threshold: 85.0,
        least: 0.0,
        most: 100.0,
        expr: r#"100 * (1 - node_filesystem_files_free{fstype!~"squashfs|iso9660|erofs|ramfs"} / node_filesystem_files)"#,
        place: MOUNT,
    },
];

/// What is known of this metric.
pub fn metric_choice(metric: Metric) -> &'static MetricChoice {
    match metric {
        Metric::Cpu => &METRIC_CHOICES[0],
        Metric::Memory => &METRIC_CHOICES[1],
        Metric::Load => &METRIC_CHOICES[2],
        Metric::Disk => &METRIC_CHOICES[3],
        Metric::Inodes => &METRIC_CHOICES[4],
    }
}

impl MetricChoice {
    /// The template with the metric's own comparator and threshold.
    pub const fn template(&self) -> Template {
        Template { metric: self.metric, comparator: self.comparator, threshold: self.threshold }
    }

    /// PromQL for what it measures, compared with nothing.
    pub const fn measured_expr(&self) -> &'static str {
        self.expr
    }
}

/// PromQL for the template: what its metric measures, where it compares so with the threshold.
///
/// # Errors
/// [`PolicyError`] when the threshold is not a number, or one that makes no sense for the metric.
pub fn template_expr(template: Template) -> Result<String, PolicyError> {
    check_threshold(template)?;
    let Template { metric, comparator, threshold } = template;
    Ok(format!("{} {comparator} {threshold}", metric_choice(metric).expr))
}

fn check_threshold(template: Template) -> Result<(), PolicyError> {
    let choice = metric_choice(template.metric);
    if !template.threshold.is_finite() {
        return Err(PolicyError::Threshold);
    }
    if (choice.least..=choice.most).contains(&template.threshold) {
        return Ok(());
    }
    let (least, most) = (choice.unit.show_limit(choice.least), choice.unit.show_limit(choice.most));
    let message = format!("The threshold must be between {least} and {most}.");
    Err(PolicyError::Other { field: PolicyField::Threshold, message })
}

/// How what the template measures is put into words.
pub fn template_reading(template: Template) -> Reading {
    let unit = metric_choice(template.metric).unit;
    Reading { unit, limit: Some((template.comparator, template.threshold)) }
}

/// The template in one plain sentence: `Memory usage of a node is above 90 %.`
pub fn template_sentence(template: Template) -> String {
    let choice = metric_choice(template.metric);
    let thing = if choice.place == MOUNT { "file system" } else { "node" };
    format!("{} of a {thing} is {}.", choice.title, condition(template))
}

/// `above 90 %`
fn condition(template: Template) -> String {
    let compared = match template.comparator {
        Comparator::Greater => "above",
        Comparator::GreaterOrEqual => "at or above",
        Comparator::Less => "below",
        Comparator::LessOrEqual => "at or below",
        Comparator::Equal => "exactly",
        Comparator::NotEqual => "not",
    };
    let limit = metric_choice(template.metric).unit.show_limit(template.threshold);
    format!("{compared} {limit}")
}

/// What a policy made from this template says in one line, unless somebody writes something else; a Go template.
pub fn template_summary(template: Template) -> String {
    let choice = metric_choice(template.metric);
    format!("{} of {} is {}", choice.title, choice.place, condition(template))
}

/// What a policy made from this template says at length, unless somebody writes something else; a Go template.
pub fn template_details(template: Template) -> String {
    let choice = metric_choice(template.metric);
    let number = match choice.unit {
        Unit::Percent => "{{ printf \"%.1f\" $value }} %",
        _ => "{{ printf \"%.2f\" $value }}",
    };
    format!("{} of {} is now {number}. {}", choice.title, choice.place, choice.description)
}

/// A draft with everything but the name filled in from the template.
///
/// # Errors
/// As [`template_expr`].
pub fn template_draft(template: Template) -> Result<PolicyDraft, PolicyError> {
    Ok(PolicyDraft {
        expr: template_expr(template)?,
        template: Some(template),
        summary: template_summary(template),
        details: template_details(template),
        description: template_sentence(template),
        ..PolicyDraft::default()
    })
}
