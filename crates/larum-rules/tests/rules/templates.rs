//! The templates of the console.

use std::collections::BTreeSet;

use larum_core::alert::PolicyId;
use larum_core::policy::{
    Comparator, MAX_DETAILS, MAX_SUMMARY, Metric, Policy, PolicyDraft, PolicyField, PolicyKind, Standing,
    Template,
};
use larum_promql::SeriesList;
use larum_rules::{
    METRIC_CHOICES, complete_draft, metric_choice, template_draft, template_expr, template_sentence,
    template_summary,
};

use crate::rule_test::Running;
use crate::series::series;

/// A machine with two processors that is busy for 25 %, with 60 % of its memory, 30 % of its disk and 10 % of its
/// inodes in use, and a load of one for each processor.
fn machine() -> SeriesList {
    let node = r#"job="node",instance="localhost:9100",node="box""#;
    let disk = format!(r#"{node},device="/dev/sda1",fstype="ext4",mountpoint="/""#);
    let mut lines = vec![
        (format!("node_load5{{{node}}}"), "2x10"),
        (format!("node_memory_MemTotal_bytes{{{node}}}"), "1000x10"),
        (format!("node_memory_MemAvailable_bytes{{{node}}}"), "400x10"),
        (format!("node_filesystem_size_bytes{{{disk}}}"), "1000x10"),
        (format!("node_filesystem_avail_bytes{{{disk}}}"), "700x10"),
        (format!("node_filesystem_files{{{disk}}}"), "1000x10"),
        (format!("node_filesystem_files_free{{{disk}}}"), "900x10"),
    ];
    for cpu in [0, 1] {
        for (mode, values) in
            [("idle", "0+10x10"), ("iowait", "0+1.25x10"), ("user", "0+3x10"), ("steal", "0+0.75x10")]
        {
            lines.push((format!("node_cpu_seconds_total{{{node},cpu=\"{cpu}\",mode=\"{mode}\"}}"), values));
        }
    }
    SeriesList(lines.iter().map(|(name, values)| series(name, values, 15_000)).collect())
}

/// A policy from this template at work, which fires at once.
pub fn running(template: &Template) -> Running {
    let draft = PolicyDraft {
        name: "Mine".into(),
        hold: std::time::Duration::ZERO,
        ..template_draft(template).unwrap()
    };
    Running::of(Policy::new(PolicyId(1), PolicyKind::Custom, 1, &draft).unwrap())
}

fn template(metric: Metric, comparator: Comparator, threshold: f64) -> Template {
    Template::of_all(metric, comparator, threshold)
}

#[test]
fn each_measures_what_it_says_and_tells_it() {
    let cases = [
        (Metric::Cpu, "25 % (>= 0 %)", "CPU usage of box is at or above 0 %"),
        (Metric::Memory, "60 % (>= 0 %)", "Memory usage of box is at or above 0 %"),
        (Metric::Load, "1 (>= 0)", "Load per core of box is at or above 0"),
        (Metric::Disk, "30 % (>= 0 %)", "Disk usage of / on box is at or above 0 %"),
        (Metric::Inodes, "10 % (>= 0 %)", "Inode usage of / on box is at or above 0 %"),
    ];
    for (metric, measured, summary) in cases {
        let mut running = running(&template(metric, Comparator::GreaterOrEqual, 0.0));
        assert_eq!(running.evaluate(&machine(), 30_000), Standing::Firing, "{metric}");
        let series = running.state.series().next().unwrap();
        assert_eq!((series.measured.text.as_str(), series.annotations.value("summary")), (measured, summary));
        let labels = &series.labels;
        assert_eq!((labels.value("node"), labels.value("instance")), ("box", "localhost:9100"));
        let mountpoint = if matches!(metric, Metric::Disk | Metric::Inodes) { "/" } else { "" };
        assert_eq!(labels.value("mountpoint"), mountpoint);
    }
    let mut running = running(&template(Metric::Cpu, Comparator::Greater, 20.0));
    running.evaluate(&machine(), 60_000);
    let details = "CPU usage of box is now 25.0 %. CPU time in use on a node, of all its cores together, over the \
                   last five minutes.";
    assert_eq!(running.state.series().next().unwrap().annotations.value("description"), details);
}

#[test]
fn a_node_that_is_scraped_once_a_minute_and_late_is_measured_all_the_time() {
    let minute_and_more = 60_010;
    let modes = [("idle", "0+6x20"), ("user", "0+54x20")].map(|(mode, values)| {
        series(&format!(r#"node_cpu_seconds_total{{cpu="0",mode="{mode}"}}"#), values, minute_and_more)
    });
    let source = SeriesList(modes.into());
    let mut running = running(&template(Metric::Cpu, Comparator::Greater, 80.0));
    for scrape in 2..20 {
        let just_before = scrape * minute_and_more - 1;
        assert_eq!(running.evaluate(&source, just_before), Standing::Firing, "before scrape {scrape}");
    }
}

#[test]
fn comparators_compare() {
    let cases = [
        (Comparator::Greater, 60.0, Standing::Inactive),
        (Comparator::Greater, 59.9, Standing::Firing),
        (Comparator::GreaterOrEqual, 60.0, Standing::Firing),
        (Comparator::Less, 60.0, Standing::Inactive),
        (Comparator::LessOrEqual, 60.0, Standing::Firing),
        (Comparator::Equal, 60.0, Standing::Firing),
        (Comparator::NotEqual, 60.0, Standing::Inactive),
        (Comparator::NotEqual, 61.0, Standing::Firing),
    ];
    for (comparator, threshold, expected) in cases {
        let mut running = running(&template(Metric::Memory, comparator, threshold));
        assert_eq!(running.evaluate(&machine(), 0), expected, "{comparator} {threshold}");
    }
}

// The original refused a threshold of 0, and two of its comparators.
#[test]
fn thresholds_have_bounds_and_zero_is_within() {
    for choice in METRIC_CHOICES {
        assert_eq!(metric_choice(choice.metric), &choice);
        for threshold in [0.0, choice.least, choice.most, choice.threshold] {
            assert!(template_expr(&Template { threshold, ..choice.template() }).is_ok());
        }
        for threshold in [choice.least - 0.1, choice.most + 0.1, f64::NAN, f64::INFINITY] {
            let error = template_expr(&Template { threshold, ..choice.template() }).unwrap_err();
            assert_eq!(error.field(), PolicyField::Threshold);
        }
    }
    assert_eq!(METRIC_CHOICES.map(|choice| choice.metric), Metric::ALL);
    let titles: BTreeSet<&str> = METRIC_CHOICES.iter().map(|choice| choice.title).collect();
    assert_eq!(titles.len(), METRIC_CHOICES.len(), "no two are called the same");
    let error = template_expr(&template(Metric::Cpu, Comparator::Greater, 101.0)).unwrap_err();
    assert_eq!(error.to_string(), "The threshold must be between 0 % and 100 %.");
}

#[test]
fn each_has_words_that_fit_a_policy() {
    for choice in METRIC_CHOICES {
        let mut draft = template_draft(&choice.template()).unwrap();
        assert!(draft.summary.len() <= MAX_SUMMARY && draft.details.len() <= MAX_DETAILS);
        assert!(choice.description.ends_with('.') && !choice.description.contains("{{"), "{}", choice.metric);
        draft.name = "Mine".into();
        let complete = complete_draft(draft.clone()).unwrap();
        assert_eq!(complete, draft, "what it evaluates is what it shows");
        let typed = PolicyDraft { template: None, ..draft };
        assert_eq!(complete_draft(typed.clone()).unwrap(), typed, "as free PromQL it is the same");
    }
}

#[test]
fn each_says_itself_in_one_sentence() {
    let sentence =
        |metric, comparator, threshold| template_sentence(&template(metric, comparator, threshold));
    assert_eq!(sentence(Metric::Memory, Comparator::Greater, 0.0), "Memory usage of a node is above 0 %.");
    assert_eq!(
        sentence(Metric::Inodes, Comparator::LessOrEqual, 12.5),
        "Inode usage of a file system is at or below 12.5 %."
    );
    assert_eq!(sentence(Metric::Load, Comparator::NotEqual, 1.0), "Load per core of a node is not 1.");
    let summary = template_summary(&template(Metric::Load, Comparator::Equal, 1.0));
    assert_eq!(summary, "Load per core of {{ or $labels.node $labels.instance }} is exactly 1");
}

#[test]
fn a_draft_is_completed_from_its_template_and_checked() {
    let draft = PolicyDraft {
        expr: "left over from before".into(),
        summary: "{{ $label.x }}".into(),
        details: "{{ nonsense 1 }}".into(),
        ..template_draft(&metric_choice(Metric::Memory).template()).unwrap()
    };
    let fields: Vec<_> =
        complete_draft(draft.clone()).unwrap_err().iter().map(|error| error.field()).collect();
    assert_eq!(fields, [PolicyField::Summary, PolicyField::Details]);
    let good = PolicyDraft { summary: "{{ $labels.x }}".into(), details: String::new(), ..draft };
    assert!(complete_draft(good.clone()).unwrap().expr.ends_with("> 90"));
    for (expr, words) in [
        ("up >", "parse error"),
        ("up[5m]", "range of values"),
        ("\"up\"", "a text"),
        ("mad_over_time(up[5m])", "not supported"),
    ] {
        let error =
            complete_draft(PolicyDraft { expr: expr.into(), template: None, ..good.clone() }).unwrap_err();
        assert_eq!(error[0].field(), PolicyField::Expression);
        assert!(error[0].to_string().contains(words), "{expr}: {}", error[0]);
    }
}
