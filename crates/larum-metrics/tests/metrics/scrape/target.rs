//! Which targets a job's groups come to.

use std::path::Path;

use larum_metrics::scrape::config::Configuration;
use larum_metrics::scrape::{Files, Targets};

/// The targets of the only job of a configuration.
fn targets(job: &str) -> Targets {
    let yaml = format!("scrape_configs:\n- job_name: j\n{job}");
    let configuration =
        Configuration::parse(&yaml, Path::new("")).unwrap_or_else(|error| panic!("{error} in\n{yaml}"));
    let job = &configuration.jobs[0];
    Targets::of(job, &Files::default().look(job).0)
}

fn labels(found: &Targets) -> Vec<String> {
    found.targets.iter().map(|target| target.labels.to_string()).collect()
}

#[test]
fn a_target_has_its_job_its_instance_and_the_labels_of_its_group() {
    let found = targets(
        "  static_configs:\n  - targets: ['a:9100', 'b:9100']\n    labels: {env: x, job: own}\n  - targets: [c]\n",
    );
    assert_eq!(
        labels(&found),
        [
            r#"{env="x", instance="a:9100", job="own"}"#,
            r#"{env="x", instance="b:9100", job="own"}"#,
            r#"{instance="c", job="j"}"#
        ]
    );
    let target = &found.targets[2];
    assert_eq!(target.url.as_str(), "http://c/metrics", "no port is added");
    assert_eq!((target.interval.as_secs(), target.timeout.as_secs()), (60, 10));
    assert_eq!(target.discovered.value("__scrape_interval__"), "1m");
    assert_eq!(target.discovered.value("__address__"), "c");
}

#[test]
fn relabelling_chooses_how_a_target_is_scraped() {
    let found = targets(
        r#"  params: {module: [http_2xx, second], other: [a b]}
  static_configs:
  - targets: ['https://site/', 'gone']
    labels: {__meta_role: db, kept: x}
  relabel_configs:
  - {source_labels: [__address__], regex: gone, action: drop}
  - {source_labels: [__address__], target_label: __param_target}
  - {source_labels: [__param_target], target_label: instance}
  - {target_label: __address__, replacement: 'probe:9115'}
  - {target_label: __scheme__, replacement: https}
  - {target_label: __metrics_path__, replacement: /probe}
  - {target_label: __scrape_interval__, replacement: 5s}
  - {target_label: __scrape_timeout__, replacement: 3s}
  - {source_labels: [__meta_role], target_label: role}
"#,
    );
    let target = &found.targets[0];
    assert_eq!(labels(&found), [r#"{instance="https://site/", job="j", kept="x", role="db"}"#]);
    assert_eq!(
        target.url.as_str(),
        "https://probe:9115/probe?module=http_2xx&module=second&other=a+b&target=https%3A%2F%2Fsite%2F"
    );
    assert_eq!((target.interval.as_secs(), target.timeout.as_secs()), (5, 3));
    assert_eq!(found.dropped.len(), 1);
}

#[test]
fn the_same_target_twice_is_one() {
    let found = targets("  static_configs:\n  - targets: [a, a]\n  - targets: [a]\n    labels: {x: y}\n");
    assert_eq!(labels(&found), [r#"{instance="a", job="j"}"#, r#"{instance="a", job="j", x="y"}"#]);
}

#[test]
fn labels_that_make_no_target_say_why() {
    let wrong = |rule: &str| {
        let found =
            targets(&format!("  static_configs:\n  - targets: [a]\n  relabel_configs:\n  - {rule}\n"));
        assert!(found.targets.is_empty(), "{rule}");
        found.wrong[0].1.to_string()
    };
    assert_eq!(wrong("{target_label: __address__, replacement: ''}"), "it has no address");
    assert_eq!(
        wrong("{target_label: __address__, replacement: a/b}"),
        r#""a/b" is not an address of a host"#
    );
    assert_eq!(
        wrong("{target_label: __scheme__, replacement: ftp}"),
        r#""ftp://a/" cannot be scraped over http or https"#
    );
    assert_eq!(
        wrong("{target_label: __scrape_interval__, replacement: often}"),
        r#"__scrape_interval__ is "often", which is no duration longer than zero"#
    );
    assert_eq!(
        wrong("{target_label: __scrape_timeout__, replacement: 2m}"),
        "the scrape timeout 2m is longer than the scrape interval 1m"
    );
}
