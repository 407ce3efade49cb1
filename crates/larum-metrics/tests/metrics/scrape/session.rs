//! What becomes of answers, one after the other, without a network.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_core::matcher::{MatchOp, Matcher};
use larum_metrics::exposition::{Format, MetricType};
use larum_metrics::scrape::config::{Configuration, JobConfig};
use larum_metrics::scrape::{Answer, Files, Report, ScrapeError, Session, Target, Targets};
use larum_metrics::{Store, StoreOptions};
use larum_promql::Querier;

use crate::support::{at, values};

/// One target that is scraped once a minute.
struct World {
    store: Store,
    session: Session,
    target: Target,
    job: Arc<JobConfig>,
}

fn job(settings: &str) -> (Arc<JobConfig>, Target) {
    let yaml = format!("scrape_configs:\n- job_name: j\n  static_configs: [{{targets: [t]}}]\n{settings}");
    let configuration =
        Configuration::parse(&yaml, Path::new("")).unwrap_or_else(|error| panic!("{error} in\n{yaml}"));
    let job = Arc::clone(&configuration.jobs[0]);
    let target = Targets::of(&job, &Files::default().look(&job).0).targets.remove(0);
    (job, target)
}

impl World {
    fn new(settings: &str) -> Self {
        let (job, target) = job(settings);
        Self { store: Store::default(), session: Session::default(), target, job }
    }

    fn take(&mut self, minute: i64, answer: Result<&Answer, ScrapeError>) -> Report {
        let took = Duration::from_millis(250);
        self.session.take(&self.store, (&self.target, &self.job), (at(minute), took), answer)
    }

    fn scrape(&mut self, minute: i64, text: &str) -> Report {
        let answer = Answer { body: text.into(), format: Format::Text, doubt: None };
        self.take(minute, Ok(&answer))
    }

    fn values(&self, name: &str) -> Vec<String> {
        values(&self.store, name, 999)
    }

    /// The series of the target itself, without those that tell about the scrape.
    fn series(&self) -> Vec<String> {
        let own = Matcher::new("__name__", MatchOp::NotRegexp, "up|scrape_.*").unwrap();
        let series = self.store.series(&[vec![own]], at(-9), at(999));
        series.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn a_scrape_tells_about_itself() {
    let mut world =
        World::new("  metric_relabel_configs: [{source_labels: [__name__], regex: z, action: drop}]\n");
    let report = world.scrape(0, "x 1\ny 2\nz 3\n");
    assert_eq!((report.error, report.scraped, report.kept, report.added), (None, 3, 2, 2));
    world.scrape(1, "x 1\ny{a=\"1\"} 2\n");
    assert_eq!(
        world.series(),
        [
            r#"{__name__="x", instance="t", job="j"}"#,
            r#"{__name__="y", a="1", instance="t", job="j"}"#,
            r#"{__name__="y", instance="t", job="j"}"#,
        ]
    );
    assert_eq!(world.values("up"), ["1@0", "1@1"]);
    assert_eq!(world.values("scrape_duration_seconds"), ["0.25@0", "0.25@1"]);
    assert_eq!(world.values("scrape_samples_scraped"), ["3@0", "2@1"]);
    assert_eq!(world.values("scrape_samples_post_metric_relabeling"), ["2@0", "2@1"]);
    assert_eq!(world.values("scrape_series_added"), ["2@0", "1@1"]);
    let up = world.store.select(&[Matcher::equal("__name__", "up")], at(-1), at(9)).unwrap();
    assert_eq!(up[0].labels.to_string(), r#"{__name__="up", instance="t", job="j"}"#);
}

#[test]
fn series_that_are_gone_end_and_so_do_all_when_a_scrape_fails() {
    let mut world = World::new("");
    world.scrape(0, "x 1\ny 1\n");
    world.scrape(1, "y 2\n");
    assert_eq!(world.values("x"), ["1@0", "!@1"]);
    let failed = world.take(2, Err(ScrapeError::Timeout(Duration::from_secs(10))));
    assert_eq!(
        (failed.written.ended, failed.error.unwrap().to_string().as_str()),
        (1, "the target did not answer within 10s")
    );
    assert_eq!(world.values("y"), ["1@0", "2@1", "!@2"]);
    assert_eq!(world.values("up"), ["1@0", "1@1", "0@2"]);
    let again = world.scrape(3, "y 4\n");
    assert_eq!((again.added, world.values("y").last().unwrap().as_str()), (0, "4@3"), "it is known");
    world.scrape(4, "y 5\nnot a line\n");
    assert_eq!(world.values("y")[3..], ["4@3", "!@4"], "a broken answer counts as none");
    world.scrape(5, "y 6\n");
    world.session.end(&world.store, at(6));
    assert_eq!(world.values("y").last().unwrap(), "!@6");
    assert_eq!(world.values("up").last().unwrap(), "!@6");
}

#[test]
fn what_is_wrong_with_a_line_is_told_and_nothing_of_the_answer_is_kept() {
    let mut world = World::new("");
    let report = world.scrape(0, "x 1\ny one\n");
    assert_eq!(report.error.unwrap().to_string(), r#"line 2, column 3: a value was expected, not "one""#);
    assert_eq!((world.series(), world.values("up")), (vec![], vec!["0@0".to_owned()]));
}

#[test]
fn labels_of_the_target_win_unless_those_of_the_series_are_honoured() {
    let exposed = "x{job=\"own\",exported_job=\"taken\",a=\"1\"} 1\n";
    let mut world = World::new("");
    world.scrape(0, exposed);
    assert_eq!(
        world.series(),
        [
            r#"{__name__="x", a="1", exported_exported_job="own", exported_job="taken", instance="t", job="j"}"#
        ]
    );
    let mut world = World::new("  honor_labels: true\n");
    world.scrape(0, exposed);
    assert_eq!(world.series(), [r#"{__name__="x", a="1", exported_job="taken", instance="t", job="own"}"#]);
}

#[test]
fn timestamps_of_the_target_count_and_such_series_do_not_end_by_themselves() {
    let text = "x 1 120000\n";
    let mut world = World::new("");
    world.scrape(3, text);
    world.scrape(4, text);
    world.scrape(5, "");
    assert_eq!(world.values("x"), ["1@2"], "the same once more is no news, and its end is not known");
    let mut world = World::new("  track_timestamps_staleness: true\n");
    world.scrape(3, text);
    world.scrape(5, "");
    assert_eq!(world.values("x"), ["1@2", "!@5"]);
    let mut world = World::new("  honor_timestamps: false\n");
    world.scrape(3, text);
    assert_eq!(world.values("x"), ["1@3"]);
}

#[test]
fn timestamps_far_ahead_and_behind_are_refused_and_counted() {
    let mut world = World::new("");
    let text = format!("x 1 {}\ny 1 {}\nz 1\n", at(50_000).as_millis(), at(-50_000).as_millis());
    let report = world.scrape(0, &text);
    assert_eq!((report.error, report.written.too_new, report.written.too_old), (None, 1, 1));
    assert_eq!((world.values("z"), world.values("up")), (vec!["1@0".to_owned()], vec!["1@0".to_owned()]));
}

#[test]
fn an_answer_of_more_than_a_million_samples_is_refused_as_a_whole() {
    let mut world = World::new("");
    let report = world.scrape(0, &"x 1\n".repeat(1_000_001));
    let words = "line 1000001, column 1: there are more samples than the limit of 1000000";
    assert_eq!(report.error.unwrap().to_string(), words);
    assert_eq!((world.series(), world.values("up")), (vec![], vec!["0@0".to_owned()]));
}

#[test]
fn a_flood_that_the_store_has_no_room_for_is_refused_and_what_was_there_goes_on() {
    let mut world = World::new("");
    world.store = Store::new(StoreOptions { most_bytes: 1 << 20, ..StoreOptions::default() });
    world.scrape(0, "y 0\n");
    for minute in 1..9 {
        let flood: String = (0..5_000).map(|n| format!("x{{n=\"{minute}-{n}\"}} 1\n")).collect();
        let report = world.scrape(minute, &format!("{flood}y {minute}\n"));
        assert_eq!((report.error, report.kept), (None, 5_001));
        assert!(report.written.refused_full > 2_000, "{:?}", report.written);
        assert!(world.store.status().bytes <= 1 << 20);
    }
    assert_eq!(world.values("y").len(), 9);
    assert_eq!(world.values("up"), (0..9).map(|minute| format!("1@{minute}")).collect::<Vec<_>>());
}

#[test]
fn a_sample_twice_is_counted_and_the_first_is_kept() {
    let mut world = World::new("");
    let report = world.scrape(0, "x 1\nx 2\nx 1\ny 3\n");
    assert_eq!(
        (report.error, report.scraped, report.written.duplicates, report.written.repeated),
        (None, 4, 1, 1)
    );
    assert_eq!(world.values("x"), ["1@0"]);
}

#[test]
fn limits_hold_for_what_relabelling_leaves() {
    let drop_y = "  metric_relabel_configs: [{source_labels: [__name__], regex: y, action: drop}]\n";
    let mut world = World::new(&format!("  sample_limit: 2\n{drop_y}"));
    assert_eq!(world.scrape(0, "x 1\ny 1\ny{a=\"1\"} 1\nz 1\n").error, None);
    let report = world.scrape(1, "x 1\ny 1\nz 1\nz{a=\"1\"} 1\n");
    assert_eq!(report.error.unwrap().to_string(), "3 samples are left after relabelling, the limit is 2");
    assert_eq!((report.scraped, world.values("x")), (4, vec!["1@0".to_owned(), "!@1".to_owned()]));

    let fails = |settings: &str, text: &str| World::new(settings).scrape(0, text).error.unwrap().to_string();
    assert_eq!(
        fails("  label_limit: 4\n", "x{a=\"1\",b=\"2\"} 1\n"),
        "x: the series has 5 labels, the limit is 4"
    );
    assert_eq!(
        fails("  label_value_length_limit: 5\n", "x{a=\"123456\"} 1\n"),
        r#"x: the value of the label "a" has 6 bytes, the limit is 5"#
    );
    assert_eq!(
        fails("  label_name_length_limit: 9\n", "x{ab34567890=\"1\"} 1\n"),
        r#"x: the label name "ab34567890" has 10 bytes, the limit is 9"#
    );
    let without_name = "  metric_relabel_configs: [{target_label: __name__, replacement: ''}]\n";
    assert_eq!(fails(without_name, "x 1\n"), "relabelling leaves a series without a metric name");
}

#[test]
fn when_relabelling_changes_what_comes_out_otherwise_ends() {
    let mut world = World::new("");
    world.scrape(0, "x{a=\"1\"} 1\ny 1\n");
    (world.job, world.target) = job("  metric_relabel_configs: [{regex: a, action: labeldrop}]\n");
    world.session.forget_texts();
    world.scrape(1, "x{a=\"1\"} 2\ny 2\n");
    assert_eq!(world.values("y"), ["1@0", "2@1"], "the same as before goes on");
    let mut x = world.values("x");
    x.sort();
    assert_eq!(x, ["!@1", "1@0", "2@1"]);
}

#[test]
fn what_the_target_says_about_its_metrics_is_kept() {
    let mut world = World::new("");
    world.scrape(0, "# HELP x_total How many.\n# TYPE x_total counter\nx_total 1\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\n");
    let metadata = world.store.metadata();
    assert_eq!(
        (metadata["x_total"][0].metric_type, metadata["x_total"][0].help.as_str()),
        (MetricType::Counter, "How many.")
    );
    assert_eq!(metadata["h"][0].metric_type, MetricType::Histogram);
    world.scrape(1, "# TYPE h histogram\nh_bucket{le=\"1\"} 2\n# TYPE h untyped\nh_bucket{le=\"2\"} 2\n");
    let bounds = world.store.label_values("le", &[], at(0), at(9));
    assert_eq!(bounds, ["1.0", "2"], "the same text is read by its type");
}

#[test]
fn openmetrics_and_its_end_are_read() {
    let mut world = World::new("");
    let answer = |text: &str| Answer { body: text.into(), format: Format::OpenMetrics, doubt: None };
    assert_eq!(world.take(0, Ok(&answer("# TYPE x counter\nx_total 1\n# EOF\n"))).error, None);
    let cut = world.take(1, Ok(&answer("# TYPE x counter\nx_total 1\n"))).error.unwrap();
    assert!(cut.to_string().ends_with("the text does not end with # EOF"), "{cut}");
    assert_eq!(world.values("x_total"), ["1@0", "!@1"]);
}

#[test]
fn two_targets_that_give_the_same_series_do_not_end_each_others() {
    let mut one = World::new("  honor_labels: true\n");
    let mut two = Session::default();
    let text = "x{job=\"s\",instance=\"s\"} 1\n";
    one.scrape(0, text);
    let answer = Answer { body: text.into(), format: Format::Text, doubt: None };
    two.take(&one.store, (&one.target, &one.job), (at(1), Duration::ZERO), Ok(&answer));
    one.scrape(2, "");
    assert_eq!(one.values("x"), ["1@0", "1@1"], "the other goes on with it");
}
