//! The templates from which policies for nodes and workloads are made in the console.

mod choice;
mod choices;
mod matcher;
mod workload;

use larum_core::policy::{
    Comparator, MAX_EXPRESSION, Metric, NodeLabel, PolicyDraft, PolicyError, PolicyField, Target, Template,
};

use crate::measure::{Reading, Unit};
use choice::{Measured, Thing};
use matcher::{one_of, with_matchers};

pub use choice::MetricChoice;
pub use choices::METRIC_CHOICES;

/// What is known of this metric.
pub fn metric_choice(metric: Metric) -> &'static MetricChoice {
    // A test holds that the two are in the same order.
    &METRIC_CHOICES[metric as usize]
}

/// PromQL for the template: what its metric measures, where it compares so with the threshold. This is all that a
/// policy from a template evaluates, so that it can as well be written as free PromQL.
///
/// # Errors
/// [`PolicyError`] when the threshold is not a number, or one that makes no sense for the metric; when the metric is
/// not measured on such a target; when there are too many names.
pub fn template_expr(template: &Template) -> Result<String, PolicyError> {
    template.check()?;
    check_threshold(template)?;
    check_nodes(template)?;
    let expr = format!("{} {} {}", measured(template), template.comparator, template.threshold);
    if expr.chars().count() > MAX_EXPRESSION {
        let message = format!(
            "These names make an expression of more than {MAX_EXPRESSION} characters: choose fewer, or all."
        );
        return Err(PolicyError::Other { field: PolicyField::Target, message });
    }
    Ok(expr)
}

/// What it measures, compared with nothing.
fn measured(template: &Template) -> String {
    match (metric_choice(template.metric).measured, &template.target) {
        (Measured::Machine(_, expr) | Measured::Pods(expr), Target::Nodes(nodes)) => {
            let matchers: Vec<String> = one_of(nodes.label.as_str(), &nodes.names).into_iter().collect();
            with_matchers(expr, &matchers)
        }
        (Measured::Used { by_pod, scale }, Target::Workloads(workloads)) => {
            workload::used(by_pod, scale, workloads)
        }
        (Measured::Replicas, Target::Workloads(workloads)) => workload::unavailable(workloads),
        // `Template::check` has refused these.
        _ => String::new(),
    }
}

fn check_threshold(template: &Template) -> Result<(), PolicyError> {
    let choice = metric_choice(template.metric);
    if (choice.least..=choice.most).contains(&template.threshold) {
        return Ok(());
    }
    let (least, most) = (choice.unit.show_limit(choice.least), choice.unit.show_limit(choice.most));
    let message = format!("The threshold must be between {least} and {most}.");
    Err(PolicyError::Other { field: PolicyField::Threshold, message })
}

/// Kubernetes does not know its nodes by where they are scraped.
fn check_nodes(template: &Template) -> Result<(), PolicyError> {
    match &template.target {
        Target::Nodes(nodes)
            if nodes.label == NodeLabel::Instance
                && !nodes.names.is_empty()
                && !metric_choice(template.metric).knows_instances() =>
        {
            let message = "Pods are counted by the names of nodes: choose nodes by the label node.".into();
            Err(PolicyError::Other { field: PolicyField::Target, message })
        }
        _ => Ok(()),
    }
}

/// How what the template measures is put into words.
pub fn template_reading(template: &Template) -> Reading {
    let unit = metric_choice(template.metric).unit;
    Reading { unit, limit: Some((template.comparator, template.threshold)) }
}

/// The template in one plain sentence: `Memory usage of a node is above 90 %.`
pub fn template_sentence(template: &Template) -> String {
    let title = metric_choice(template.metric).title;
    let whose = match (thing(template).part(), template.target.names()) {
        (Some(part), []) => part.to_owned(),
        (Some(part), _) => format!("{part} of {}", whom(&template.target)),
        (None, _) => whom(&template.target),
    };
    format!("{title} of {whose} is {}.", condition(template))
}

fn thing(template: &Template) -> Thing {
    match (metric_choice(template.metric).measured, &template.target) {
        (Measured::Machine(thing, _), _) => thing,
        (_, Target::Workloads(workloads)) => Thing::Workload(workloads.kind),
        (_, Target::Nodes(_)) => Thing::Node,
    }
}

/// `a node`, `node web-1`, `Deployment api or web in shop`
fn whom(target: &Target) -> String {
    let (kind, place) = match target {
        Target::Nodes(_) => ("node", String::new()),
        Target::Workloads(workloads) if workloads.namespace.is_empty() => {
            (workloads.kind.as_str(), " in any namespace".to_owned())
        }
        Target::Workloads(workloads) => (workloads.kind.as_str(), format!(" in {}", workloads.namespace)),
    };
    match target.names() {
        [] => format!("a {kind}{place}"),
        [name] => format!("{kind} {name}{place}"),
        // What no longer fits into a sentence is counted.
        names if names.len() > 3 || names.iter().map(|name| name.len()).sum::<usize>() > 100 => {
            format!("one of {} {kind}s{place}", names.len())
        }
        [names @ .., last] => format!("{kind} {} or {last}{place}", names.join(", ")),
    }
}

/// `above 90 %`
fn condition(template: &Template) -> String {
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
pub fn template_summary(template: &Template) -> String {
    let title = metric_choice(template.metric).title;
    format!("{title} of {} is {}", thing(template).place(), condition(template))
}

/// What a policy made from this template says at length, unless somebody writes something else; a Go template.
pub fn template_details(template: &Template) -> String {
    let choice = metric_choice(template.metric);
    let number = match choice.unit {
        Unit::Percent => "{{ printf \"%.1f\" $value }}",
        _ => "{{ printf \"%.2f\" $value }}",
    };
    let number = format!("{number} {}", choice.unit.sign());
    let place = thing(template).place();
    format!("{} of {place} is now {}. {}", choice.title, number.trim_end(), choice.description)
}

/// A draft with everything but the name filled in from the template.
///
/// # Errors
/// As [`template_expr`].
pub fn template_draft(template: &Template) -> Result<PolicyDraft, PolicyError> {
    Ok(PolicyDraft {
        expr: template_expr(template)?,
        template: Some(template.clone()),
        summary: template_summary(template),
        details: template_details(template),
        description: template_sentence(template),
        ..PolicyDraft::default()
    })
}
