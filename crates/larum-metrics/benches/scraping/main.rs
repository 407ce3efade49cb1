//! What keeping and taking in metrics costs, measured on what a real node_exporter says.
//!
//! `cargo xtask bench scraping` builds and runs this, with `LARUM_TEST_NODE_EXPORTER` naming the program.

mod exporter;
mod process;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_metrics::exposition::Format;
use larum_metrics::scrape::config::{Configuration, JobConfig};
use larum_metrics::scrape::{Answer, Files, Session, Target, Targets};
use larum_metrics::{Store, StoreOptions, WrittenSeries};

use exporter::{Exporter, Hurried};
use process::{cpu_seconds, resident_bytes};

/// When the first scrape counts as made.
const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// How far apart scrapes count as made.
const INTERVAL: Duration = Duration::from_secs(15);
/// Six hours of them.
const SCRAPES: u32 = 1440;

fn main() {
    let mut figures = String::new();
    let mut note = |what: &str, budget: &str, figure: f64| {
        eprintln!("  {what}: {figure:.3}");
        let _ = writeln!(figures, "{what:<70} {figure:>9.3} {budget:>9}");
    };
    // First, as long as nothing that was freed is taken again.
    memory_of_series(&mut note);
    let text = memory_of_samples(&mut note);
    cpu_of_scrapes(&text, &mut note);
    let _ = writeln!(std::io::stdout(), "\n{:<70} {:>9} {:>9}\n{figures}", "", "Larum", "budget");
}

fn target() -> (Target, Arc<JobConfig>) {
    let yaml = "global: {scrape_interval: 15s}\nscrape_configs: [{job_name: node, static_configs: [{targets: ['n:9100']}]}]";
    let configuration = Configuration::parse(yaml, Path::new("")).expect("it is right");
    let job = Arc::clone(&configuration.jobs[0]);
    (Targets::of(&job, &Files::default().look(&job).0).targets.remove(0), job)
}

/// Six hours of a node_exporter that is asked again and again; answers what it said last.
fn memory_of_samples(note: &mut impl FnMut(&str, &str, f64)) -> String {
    let exporter = Exporter::start();
    let (target, job) = target();
    let store =
        Store::new(StoreOptions { retention: Duration::from_secs(86_400), ..StoreOptions::default() });
    let mut session = Session::default();
    let mut hurried = Hurried::default();
    let (mut first_bytes, mut first_samples, mut last) = (0, 0, String::new());
    for scrape in 0..SCRAPES {
        last = exporter.text();
        let body = hurried.text(&last, INTERVAL).into_bytes();
        let answer = Answer { body, format: Format::Text, doubt: None };
        let at = START.plus(INTERVAL * scrape);
        let report = session.take(&store, (&target, &job), (at, Duration::from_millis(20)), Ok(&answer));
        assert_eq!(report.error, None);
        if scrape == 0 {
            (first_bytes, first_samples) = (store.status().bytes, store.status().written.appended);
        }
    }
    let status = store.status();
    eprintln!("node_exporter has {} series", status.series);
    let samples = (status.written.appended - first_samples) as f64;
    note(
        "bytes a sample, node_exporter at 15 s over 6 h",
        "2",
        (status.bytes - first_bytes) as f64 / samples,
    );
    note("the same with labels and index", "2", status.bytes as f64 / status.written.appended as f64);
    last
}

/// A target with 2,000 series, known and new.
fn cpu_of_scrapes(text: &str, note: &mut impl FnMut(&str, &str, f64)) {
    const SERIES: usize = 2_000;
    const TIMES: u32 = 1_000;
    let own: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut many = String::new();
    for (number, line) in own.iter().cycle().take(SERIES).enumerate() {
        let (series, value) = line.rsplit_once(' ').expect("a value stands last");
        let copy = number / own.len();
        let _ = match series.strip_suffix('}') {
            Some(open) => writeln!(many, "{open},copy=\"{copy}\"}} {value}"),
            None => writeln!(many, "{series}{{copy=\"{copy}\"}} {value}"),
        };
    }
    let answer = Answer { body: many.into_bytes(), format: Format::Text, doubt: None };
    let (target, job) = target();
    let measure = |is_new: bool| {
        let store = Store::default();
        let mut session = Session::default();
        let mut take = |scrape: u32| {
            let at = START.plus(INTERVAL * scrape);
            let report = session.take(&store, (&target, &job), (at, Duration::ZERO), Ok(&answer));
            assert_eq!((report.error, report.kept), (None, SERIES as u64));
            if is_new {
                session.forget_texts();
            }
        };
        take(0);
        let before = cpu_seconds();
        (1..=TIMES).for_each(&mut take);
        (cpu_seconds() - before) / f64::from(TIMES) * 1000.0
    };
    note("ms of CPU for a scrape of 2,000 series", "1", measure(false));
    note("the same when each line is read anew", "", measure(true));
}

/// How true the store's own count of its memory is.
fn memory_of_series(note: &mut impl FnMut(&str, &str, f64)) {
    const SERIES: usize = 200_000;
    let before = resident_bytes();
    let store = Store::new(StoreOptions { most_bytes: 4 << 30, ..StoreOptions::default() });
    let mut writer = store.writer(START);
    for number in 0..SERIES {
        let id = format!("{number:032x}");
        let pairs =
            [("__name__", "kube_pod_status"), ("namespace", "default"), ("uid", &id), ("job", "kube")];
        writer.sample(&mut WrittenSeries::new(LabelSet::from_pairs(pairs)), START, number as f64);
    }
    drop(writer);
    let (counted, real) = (store.status().bytes as f64, resident_bytes() - before);
    note("bytes counted for a new series of 4 labels, one value its own", "", counted / SERIES as f64);
    note("bytes of memory for each byte that is counted", "1.1", real / counted);
}
