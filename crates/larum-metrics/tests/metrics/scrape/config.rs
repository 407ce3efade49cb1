//! What is read from a `prometheus.yml`, and what is refused.

use std::path::Path;
use std::time::Duration;

use larum_metrics::scrape::config::{Configuration, Credentials};

fn read(yaml: &str) -> Configuration {
    Configuration::parse(yaml, Path::new("/etc/p")).unwrap_or_else(|error| panic!("{error} in\n{yaml}"))
}

fn refused(yaml: &str) -> String {
    match Configuration::parse(yaml, Path::new("/etc/p")) {
        Ok(_) => panic!("it was read:\n{yaml}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_whole_prometheus_yml_is_read_and_what_is_not_acted_on_is_named() {
    let configuration = read(
        r#"
global:
  scrape_interval: 15s
  scrape_timeout: 5s
  evaluation_interval: 30s
  external_labels: {cluster: c}
  query_log_file: /tmp/q
rule_files: [rules/*.yml, /abs.yml]
alerting:
  alertmanagers: [{static_configs: [{targets: [a]}]}]
remote_write: [{url: http://x}]
storage: {tsdb: {out_of_order_time_window: 1h}}
scrape_configs:
- job_name: one
- job_name: two
  scrape_interval: 3s
  scheme: https
  honor_labels: true
  honor_timestamps: false
  body_size_limit: 2MB
  sample_limit: 10
  label_limit: 0
  enable_compression: false
  fallback_scrape_protocol: PrometheusText0.0.4
  scrape_protocols: [PrometheusProto, OpenMetricsText0.0.1]
  basic_auth: {username: u, password_file: secret}
  tls_config: {ca_file: ca.pem, insecure_skip_verify: true}
  file_sd_configs: [{files: [targets/*.json], refresh_interval: 1m}]
"#,
    );
    assert_eq!(configuration.ignored(), ["alerting", "remote_write", "storage"]);
    assert_eq!(configuration.evaluation_interval, Duration::from_secs(30));
    assert_eq!(configuration.external_labels["cluster"], "c");
    let rules: Vec<&Path> = configuration.rule_files.iter().map(AsRef::as_ref).collect();
    assert_eq!(rules, [Path::new("/etc/p/rules/*.yml"), Path::new("/abs.yml")]);
    let [one, two] = &configuration.jobs[..] else { panic!("two jobs") };
    assert_eq!((one.scrape_interval.as_secs(), one.scrape_timeout.as_secs()), (15, 5));
    assert_eq!(
        (two.scrape_interval.as_secs(), two.scrape_timeout.as_secs()),
        (3, 3),
        "no longer than the interval"
    );
    assert_eq!((one.metrics_path.as_str(), one.scheme.as_str()), ("/metrics", "http"));
    assert!(one.honor_timestamps && one.enable_compression && !one.honor_labels && one.http.follow_redirects);
    assert_eq!(
        (two.limits.body_bytes, two.limits.samples, two.limits.labels),
        (Some(2 << 20), Some(10), None)
    );
    assert_eq!((one.scrape_protocols.len(), two.scrape_protocols.len()), (4, 1));
    assert!(matches!(two.http.credentials, Some(Credentials::Basic { .. })));
    assert_eq!(two.files, [Path::new("/etc/p/targets/*.json")]);
}

#[test]
fn a_limit_of_zero_says_nothing() {
    let configuration = read(
        "global: {sample_limit: 5, body_size_limit: 2MB}\nscrape_configs:\n- job_name: a\n  sample_limit: 0\n  \
         body_size_limit: 0\n  label_limit: 0\n",
    );
    let limits = configuration.jobs[0].limits;
    assert_eq!((limits.samples, limits.body_bytes, limits.labels), (Some(5), Some(2 << 20), None));
}

#[test]
fn an_empty_file_has_the_usual_intervals_and_no_jobs() {
    for yaml in ["", "# nothing\n", "global:\nscrape_configs:\n"] {
        let configuration = read(yaml);
        assert_eq!(
            (configuration.jobs.len(), configuration.evaluation_interval.as_secs()),
            (0, 60),
            "{yaml:?}"
        );
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let job = |rest: &str| refused(&format!("scrape_configs:\n- job_name: a\n  {rest}\n"));
    for (rest, reason) in [
        (
            "kubernetes_sd_configs: [{role: node}]",
            "line 3, column 3: kubernetes_sd_configs is not supported: targets are found by static_configs and \
             file_sd_configs",
        ),
        ("oauth2: {}", "line 3, column 3: oauth2 is not supported"),
        ("tls_config: {server_name: x}", "line 3, column 16: server_name is not supported"),
        ("scrape_intervall: 1s", r#"line 3, column 3: there is no field "scrape_intervall" here"#),
        ("scrape_interval: soon", r#"line 3, column 20: "soon" is not a duration such as 90s, 5m or 1h30m"#),
        ("scrape_timeout: 2m", "line 3, column 19: the timeout is longer than the scrape interval 1m"),
        ("scheme: gopher", "line 3, column 11: the scheme is neither http nor https"),
        ("body_size_limit: 3", r#"line 3, column 20: "3" is not a size such as 512KB, 10MB or 2GiB"#),
        (
            "file_sd_configs: [{files: [t.txt]}]",
            r#"line 3, column 30: "t.txt" is no path of .json, .yml or .yaml files with a * in their name"#,
        ),
        (
            "relabel_configs: [{action: keep}, {action: hashmod, target_label: x}]",
            "line 3, column 37: the action hashmod needs a modulus that is not zero",
        ),
        (
            "fallback_scrape_protocol: x",
            "line 3, column 29: \"x\" is none of OpenMetricsText1.0.0, OpenMetricsText0.0.1, PrometheusText1.0.0, \
             PrometheusText0.0.4",
        ),
        (
            "scrape_protocols: [PrometheusText0.0.4, PrometheusText0.0.4]",
            "line 3, column 43: PrometheusText0.0.4 stands there twice",
        ),
        ("authorization: {type: Basic}", "line 3, column 18: basic credentials belong into basic_auth"),
        (
            "tls_config: {cert_file: c}",
            "line 3, column 15: a certificate needs its key, and a key its certificate",
        ),
    ] {
        assert_eq!(job(rest), reason, "{rest}");
    }
    assert_eq!(
        refused("scrape_configs:\n- job_name: a\n- job_name: b\n- job_name: a\n"),
        r#"line 4, column 3: there are two jobs with the name "a""#
    );
    assert_eq!(
        refused("scrape_configs:\n- scheme: http\n"),
        "line 2, column 3: a scrape config needs a job_name"
    );
    assert!(refused("scrape_configs: [\n").starts_with("line "));
    assert_eq!(
        refused("global:\n  scrape_interval: 1s\n  scrape_interval: 2s\n"),
        "line 3, column 3: scrape_interval stands there twice"
    );
    assert_eq!(
        refused("scrape_configs:\n- job_name: a\n  params: {x: [null]}\n"),
        "line 3, column 16: null is not allowed here"
    );
    let twice = "scrape_configs:\n- job_name: a\n  bearer_token: x\n  basic_auth: {username: u}\n";
    assert!(refused(twice).contains("at most one of basic_auth, authorization and bearer_token"));
}

#[test]
fn a_job_in_a_file_of_its_own_is_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("prometheus.yml", "scrape_config_files: ['jobs-*.yml']\nscrape_configs: [{job_name: a}]\n");
    write("jobs-1.yml", "scrape_configs:\n- job_name: b\n");
    let read = || Configuration::read(&folder.path().join("prometheus.yml"));
    let names: Vec<String> = read().unwrap().jobs.iter().map(|job| job.job_name.clone()).collect();
    assert_eq!(names, ["a", "b"]);
    std::fs::create_dir(folder.path().join("team")).unwrap();
    write("prometheus.yml", "scrape_config_files: ['*/jobs.yml']\n");
    write("team/jobs.yml", "scrape_configs:\n- job_name: b\n  file_sd_configs: [{files: [targets.json]}]\n");
    assert_eq!(read().unwrap().jobs[0].files, [folder.path().join("team/targets.json")], "beside that file");

    write("prometheus.yml", "scrape_config_files: ['jobs-*.yml']\n");
    write("jobs-2.yml", "scrape_configs:\n- job_name: c\n  no_such: 1\n");
    let error = read().unwrap_err().to_string();
    assert!(error.ends_with(r#"jobs-2.yml: line 3, column 3: there is no field "no_such" here"#), "{error}");
}

#[test]
fn secrets_are_never_shown() {
    let configuration = read(
        "scrape_configs:\n- job_name: a\n  authorization: {credentials: hunter2}\n- job_name: b\n  basic_auth: {username: u, password: hunter2}\n",
    );
    assert!(!format!("{configuration:?}").contains("hunter2"));
}
