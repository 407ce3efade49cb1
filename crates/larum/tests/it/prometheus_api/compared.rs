//! The questions that are asked of both, and where their answers may differ.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::both::SPAN;

/// A question: its parameters go into the address, or as a form into the body.
pub struct Question {
    path: String,
    parameters: Vec<(String, String)>,
    by_form: bool,
    /// What of the answers is compared.
    compared: Compared,
}

/// What of two answers is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// What they mean, in whatever order.
    Meaning,
    /// What they mean, in the order in which they say it.
    Order,
    /// Every letter.
    Letters,
}

impl Question {
    fn new(path: &str, parameters: &[(&str, &str)]) -> Self {
        let parameters =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { path: path.to_owned(), parameters, by_form: false, compared: Compared::Meaning }
    }

    pub fn text(&self) -> String {
        let parameters: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}", self.path, parameters.join(" "))
    }

    pub fn method(&self) -> Method {
        if self.by_form { Method::POST } else { Method::GET }
    }

    /// The address that is asked, below `/api/v1`.
    pub fn address(&self) -> String {
        let parameters = if self.by_form { String::new() } else { format!("?{}", self.encoded()) };
        format!("{}{parameters}", self.path)
    }

    /// The request with its form, if it has one.
    pub fn fill(&self, asking: RequestBuilder) -> RequestBuilder {
        if !self.by_form {
            return asking;
        }
        asking.header("Content-Type", "application/x-www-form-urlencoded").body(self.encoded())
    }

    fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish()
    }
}

const INSTANT: &[&str] = &[
    "1 + 1",
    "\"a text\"",
    "temperature",
    "temperature[1m]",
    "odd",
    "-odd",
    "{__name__=~\".+\"}",
    "requests_total{code!~\"5..\"}",
    "sum by (code) (rate(requests_total[5m]))",
    "sum without (code) (increase(requests_total[12m]))",
    "irate(requests_total[1m])",
    "avg_over_time(temperature[10m])",
    "quantile_over_time(0.9, temperature[10m])",
    "histogram_quantile(0.9, latency_bucket)",
    "histogram_quantile(0.5, rate(latency_bucket[5m]))",
    "topk(2, requests_total)",
    "count_values(\"v\", requests_total)",
    "label_replace(temperature, \"x\", \"$1\", \"room\", \"(.).*\")",
    "requests_total / on (instance) group_left sum by (instance) (requests_total)",
    "temperature > 5 or odd",
    "temperature unless on (room) temperature{room=\"hall\"}",
    "absent(nothing{a=\"b\"})",
    "absent_over_time(temperature[5m])",
    "nothing",
    "max_over_time(rate(requests_total[1m])[5m:30s])",
    "temperature offset 5m",
    "temperature @ EARLIER",
    "timestamp(temperature)",
    "time()",
    "scalar(sum(temperature))",
    "changes(temperature[10m]) and resets(temperature[10m]) > 1",
    "predict_linear(temperature[10m], 600)",
    "day_of_week() + hour()",
    "1 / 0",
    "0 / 0",
    "vector(1e21)",
    "vector(1e-7)",
];

const ORDERED: &[&str] = &["sort(requests_total)", "sort_desc(requests_total)"];

/// What is written to the letter, and when it is asked for.
const LETTERS: &[(&str, &str)] = &[
    ("0.1 + 0.2", "1.5"),
    ("-0", "-0.001"),
    ("1e21", "1435781451.781"),
    ("1e-7", "4"),
    ("-1 / 0", "1e3"),
    ("0 / 0", "2015-07-01T20:10:51.781+02:00"),
    ("\"a \\\"text\\\" é\"", "1.25"),
    ("vector(1e21)", "1.5"),
    ("vector(1.5e-7)", "1.05"),
    ("-vector(1e20)", "4"),
];

const RANGE: &[&str] = &[
    "temperature",
    "sum(rate(requests_total[2m]))",
    "temperature > 5",
    "odd",
    "vector(time())",
    "3",
    "nothing",
    "max_over_time(temperature[3m])",
    "requests_total * on (instance, code) group_left (room) requests_total",
    "temperature @ end()",
];

const FORMATTED: &[&str] = &[
    "foo/bar",
    "sum by(a,b)(rate(x{a='b',c=~\"d\"}[5m]))>bool 0",
    "a*on(x)group_left(y)b unless ignoring(z) c",
    "quantile(.9,x offset 1h) or x @ start() or sum_over_time(x[1h:5m] @ 1600000000 offset -90d)",
    "sum(namespace_cpu:kube_pod_container_resource_requests:sum{job=\"kube-state-metrics\"}) by (namespace, cluster) / sum(kube_node_status_allocatable{resource=\"cpu\"}) without (node) > 0.9",
    "-histogram_quantile(0.99,sum(rate(an_apiserver_request_duration_seconds_bucket{verb=~\"LIST|GET\",subresource!=\"log\"}[5m]))by(le,resource))",
    "(a_quite_long_metric_name_that_stands_in_parentheses + another_quite_long_metric_name_beside_it + b) ^ 2",
];

/// Everything that is asked, of series that begin at `first`.
pub fn questions(first: i64) -> Vec<Question> {
    let (soon, start) = ((first + SPAN).to_string(), (first + 7).to_string());
    let earlier = (first + 907).to_string();
    let mut all = Vec::new();
    for (index, expression) in INSTANT.iter().chain(ORDERED).enumerate() {
        let text = expression.replace("EARLIER", &earlier);
        let mut question = Question::new("/query", &[("query", &text), ("time", &soon)]);
        question.by_form = index % 2 == 0;
        if ORDERED.contains(expression) {
            question.compared = Compared::Order;
        }
        all.push(question);
    }
    all.extend(LETTERS.iter().map(|(expression, at)| Question {
        compared: Compared::Letters,
        ..Question::new("/query", &[("query", expression), ("time", at)])
    }));
    for (index, expression) in RANGE.iter().enumerate() {
        let step = ["30", "1m", "17.5", "90s"][index % 4];
        let parameters = [("query", *expression), ("start", &start), ("end", &soon), ("step", step)];
        let mut question = Question::new("/query_range", &parameters);
        question.by_form = index % 2 == 1;
        all.push(question);
    }
    all.extend(FORMATTED.iter().map(|expression| Question::new("/format_query", &[("query", expression)])));
    let bounds = [("start", start.as_str()), ("end", soon.as_str())];
    for (path, parameters) in [
        ("/series", vec![("match[]", "temperature"), ("match[]", "{__name__=~\"odd|temp.*\"}")]),
        ("/series", vec![("match[]", "nothing")]),
        ("/labels", vec![]),
        ("/labels", vec![("match[]", "requests_total")]),
        ("/label/__name__/values", vec![]),
        ("/label/room/values", vec![]),
        ("/label/code/values", vec![("match[]", "{instance=\"b:2\"}")]),
        ("/label/nothing/values", vec![]),
        ("/query_exemplars", vec![("query", "temperature")]),
        ("/query_exemplars", vec![("query", "1 + 1")]),
    ] {
        all.push(Question::new(path, &[bounds.to_vec(), parameters].concat()));
    }
    all.extend(refused(first));
    all
}

/// What both refuse, in the same words.
fn refused(first: i64) -> Vec<Question> {
    let (soon, start, many) = ((first + SPAN).to_string(), first.to_string(), (first - 20_000).to_string());
    let (soon, start) = (soon.as_str(), start.as_str());
    [
        ("/query", vec![("query", "temperature"), ("time", "yesterday")]),
        ("/query", vec![("query", "temperature"), ("timeout", "long")]),
        ("/query", vec![("query", "label_replace(temperature, \"x\", \"\", \"room\", \"(\")")]),
        ("/query", vec![("query", "count_values(\"\", temperature)")]),
        ("/query_range", vec![("query", "temperature"), ("start", start), ("end", soon), ("step", "0")]),
        ("/query_range", vec![("query", "temperature"), ("start", start), ("end", soon), ("step", "x")]),
        ("/query_range", vec![("query", "temperature"), ("start", soon), ("end", start), ("step", "1")]),
        ("/query_range", vec![("query", "temperature"), ("start", &many), ("end", soon), ("step", "1")]),
        ("/query_range", vec![("query", "temperature"), ("end", soon), ("step", "1")]),
        ("/series", vec![]),
        ("/series", vec![("match[]", "{a=\"\"}")]),
        ("/series", vec![("match[]", "temperature"), ("end", "x")]),
        ("/labels", vec![("start", "x")]),
        ("/labels", vec![("match[]", "{}")]),
        ("/label/room/values", vec![("start", "x")]),
        ("/metadata", vec![("limit", "x")]),
        ("/query_exemplars", vec![("query", "temperature"), ("start", "5"), ("end", "1")]),
        ("/query_exemplars", vec![("query", "temperature"), ("end", "x")]),
        ("/rules", vec![("type", "x")]),
    ]
    .into_iter()
    .map(|(path, parameters)| Question { compared: Compared::Letters, ..Question::new(path, &parameters) })
    .collect()
}

/// An answer without what is known to differ from Prometheus 2 to 3: 3 tells `infos`, and sums with less error, which
/// shows in the last digits.
pub fn comparable(question: &Question, (status, text): (StatusCode, String)) -> Value {
    if question.compared == Compared::Letters || text.is_empty() {
        return format!("{status} {text}").into();
    }
    let mut answer: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    if let Some(whole) = answer.as_object_mut() {
        whole.remove("infos");
        whole.remove("warnings");
    }
    let result = answer.pointer_mut("/data/result").and_then(Value::as_array_mut);
    if let Some(entries) = result.filter(|entries| entries.iter().all(Value::is_object)) {
        for entry in entries.iter_mut() {
            round(entry);
        }
        if question.compared == Compared::Meaning {
            entries.sort_by_key(|entry| entry["metric"].to_string());
        }
    }
    answer["http"] = status.as_u16().into();
    answer
}

/// Rounds values to twelve digits.
fn round(entry: &mut Value) {
    let shorten = |value: &mut Value| {
        let number =
            value.as_str().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
        if let Some(number) = number {
            *value = format!("{number:.12e}").into();
        }
    };
    if let Some(point) = entry.get_mut("value").and_then(Value::as_array_mut) {
        shorten(&mut point[1]);
    }
    for point in entry.get_mut("values").and_then(Value::as_array_mut).into_iter().flatten() {
        shorten(&mut point[1]);
    }
}
