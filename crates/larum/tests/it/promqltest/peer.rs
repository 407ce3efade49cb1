//! The same questions to Larum's PromQL and to a real Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;
use larum_promql::{EvalError, Evaluation, Options, Query, Sample, Series, SeriesList, Span, Value};
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio::process::Child;

use super::random::Random;
use crate::house::http_client;
use crate::larum::{Log, command};
use crate::peers;

/// A Prometheus that holds the series and ends with the test.
struct Peer {
    address: String,
    _child: Child,
    _data: TempDir,
}

impl Peer {
    async fn with(series: &[Series]) -> Self {
        let data = tempfile::tempdir().expect("there is room for Prometheus");
        let file = |name: &str| data.path().join(name);
        std::fs::write(file("series.txt"), open_metrics(series)).expect("it can be written");
        std::fs::write(file("prometheus.yml"), "").expect("it can be written");
        fill(&file("series.txt"), &file("series")).await;
        let mut prometheus = command(peers::prometheus());
        prometheus.args(["--web.listen-address=127.0.0.1:0", "--storage.tsdb.retention.time=100y"]);
        prometheus.arg(format!("--config.file={}", file("prometheus.yml").display()));
        prometheus.arg(format!("--storage.tsdb.path={}", file("series").display()));
        let mut child = prometheus.stderr(Stdio::piped()).spawn().expect("Prometheus starts");
        let mut log = Log::of(child.stderr.take().expect("its log can be read"));
        let line = log.line_with("Listening on").await.unwrap_or_else(|| panic!("{}", log.text()));
        let address = line.split_once("address=").and_then(|(_, rest)| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address in {line}")).to_owned();
        log.line_with("Server is ready").await.unwrap_or_else(|| panic!("{}", log.text()));
        Self { address, _child: child, _data: data }
    }

    /// What it answers: the series of the result, or why there is none.
    async fn ask(&self, path: &str, parameters: &[(&str, String)]) -> Result<Answer, String> {
        let url = format!("http://{}/api/v1/{path}", self.address);
        let url = reqwest::Url::parse_with_params(&url, parameters).expect("a URL");
        let answer = http_client().get(url).send().await.expect("it answers");
        let answer: Json = answer.json().await.expect("it answers with JSON");
        if answer["status"] != "success" {
            return Err(answer["error"].to_string());
        }
        let series = answer["data"]["result"].as_array().expect("a list of series");
        Ok(series.iter().map(read_series).collect())
    }
}

type Answer = BTreeMap<LabelSet, Vec<Sample>>;

fn read_series(series: &Json) -> (LabelSet, Vec<Sample>) {
    let labels = series["metric"].as_object().expect("labels").iter();
    let labels = labels.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()));
    let samples = match series["values"].as_array() {
        Some(values) => values.iter().map(read_sample).collect(),
        None => vec![read_sample(&series["value"])],
    };
    (labels.collect(), samples)
}

fn read_sample(sample: &Json) -> Sample {
    let at = (sample[0].as_f64().expect("a time") * 1000.0).round() as i64;
    Sample::new(at, sample[1].as_str().and_then(|value| value.parse().ok()).expect("a value"))
}

/// The series as OpenMetrics writes them.
fn open_metrics(series: &[Series]) -> String {
    let mut text = String::new();
    for Series { labels, samples } in series {
        let name = labels.value("__name__");
        let labels = labels.filter(|label| label != "__name__").to_string().replace(", ", ",");
        for sample in samples.iter() {
            let value =
                if sample.value == f64::INFINITY { "+Inf".to_owned() } else { sample.value.to_string() };
            let value = if sample.value == f64::NEG_INFINITY { "-Inf".to_owned() } else { value };
            let at = sample.at.as_millis();
            writeln!(text, "{name}{labels} {value} {}.{:03}", at / 1000, at % 1000).expect("text grows");
        }
    }
    text + "# EOF\n"
}

async fn fill(from: &Path, into: &Path) {
    let mut promtool = command(peers::prometheus().with_file_name("promtool"));
    promtool.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(from).arg(into);
    let output = promtool.output().await.expect("promtool is beside Prometheus");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn answer_of(evaluation: Evaluation, at: i64) -> Answer {
    match evaluation.value {
        Value::Vector(elements) => {
            elements.into_iter().map(|one| (one.labels, vec![Sample::new(at, one.value)])).collect()
        }
        Value::Matrix(series) => series.into_iter().map(|one| (one.labels, one.samples.to_vec())).collect(),
        other => panic!("a vector was asked for, not {other:?}"),
    }
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

fn same(ours: &Answer, theirs: &Answer) -> bool {
    let alike = |(a, b): (&Sample, &Sample)| a.at == b.at && close(a.value, b.value);
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|((labels, samples), (others, their))| {
            labels == others && samples.len() == their.len() && samples.iter().zip(their).all(alike)
        })
}

/// What differs in later versions, by name, and whether this is that.
fn known(ours: &Result<Answer, EvalError>, theirs: &Result<Answer, String>) -> Option<&'static str> {
    match (ours, theirs) {
        // Since 3.6 an ambiguous match is an error also where a comparison lets none of its elements through.
        (Err(EvalError::ManyToOne | EvalError::NotUnique), Ok(_)) => {
            Some("ambiguous matches that are filtered out")
        }
        // Before 3 a range query fails when two series become the same at different times; later they are one.
        (Ok(_), Err(error)) if error.contains("same labelset") => Some("the same labels at different times"),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn larum_and_prometheus_come_to_the_same() {
    let mut random = Random::new(20_261_122);
    let source = SeriesList(random.series());
    let peer = Peer::with(&source.0).await;
    let (mut asked, mut answered, mut excused) = (0, 0, BTreeMap::<&str, usize>::new());
    let mut differing = Vec::new();
    for round in 0..600 {
        let (text, at) = (random.vector(round % 4), random.time());
        let query = Query::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let as_range = round % 5 == 0;
        let (ours, theirs) = if as_range {
            let (start, end) =
                (Timestamp::from_millis(at * 1000), Timestamp::from_millis(at * 1000 + 300_000));
            let span = Span { start, end, step: Duration::from_secs(40) };
            let parameters =
                [("start", at.to_string()), ("end", (at + 300).to_string()), ("step", "40".to_owned())];
            let theirs =
                peer.ask("query_range", &[&[("query", text.clone())], parameters.as_slice()].concat()).await;
            (query.range(&source, &span, &Options::default()), theirs)
        } else {
            let ours = query.instant(&source, Timestamp::from_millis(at * 1000), &Options::default());
            (ours, peer.ask("query", &[("query", text.clone()), ("time", at.to_string())]).await)
        };
        let ours = ours.map(|evaluation| answer_of(evaluation, at * 1000));
        asked += 1;
        answered += usize::from(theirs.as_ref().is_ok_and(|answer| !answer.is_empty()));
        let agree = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => same(ours, theirs),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        if agree {
            continue;
        }
        match known(&ours, &theirs) {
            Some(why) => *excused.entry(why).or_default() += 1,
            None => differing.push(format!(
                "{text} at {at} (range: {as_range})\n  Larum: {ours:?}\n  Prometheus: {theirs:?}"
            )),
        }
    }
    assert!(differing.is_empty(), "{} of {asked} differ:\n{}", differing.len(), differing.join("\n"));
    assert!(answered > asked / 3, "only {answered} of {asked} expressions have an answer: {excused:?}");
}
