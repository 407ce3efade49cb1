//! Prometheus' API for reading: questions as its clients ask them, answers to the letter.

use axum::http::{Method, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use larum_core::label::LabelSet;
use larum_promql::{Sample, Series, SeriesList};
use larum_store::accounts::Role;
use serde_json::{Value, json};

use crate::house::{Answer, Caller, House, Opening};

/// A house that knows `up` of two instances, each 10 and 20 seconds ago, and the time in milliseconds.
async fn house() -> (House, i64) {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = i64::try_from(now.as_millis()).unwrap() / 1000 * 1000;
    let series = |name: &str, instance: &str, values: [f64; 2]| Series {
        labels: LabelSet::from_pairs([("__name__", name), ("instance", instance)]),
        samples: [Sample::new(now - 20_000, values[0]), Sample::new(now - 10_000, values[1])].into(),
    };
    let series = SeriesList(vec![
        series("up", "a", [1.0, 1.0]),
        series("up", "b", [1.0, 0.0]),
        series("http.requests", "a", [1e21, f64::INFINITY]),
    ]);
    (House::open_as(Opening { series, ..Opening::default() }).await, now)
}

impl Caller<'_> {
    /// Asks Prometheus' API.
    pub async fn prometheus(&self, path: &str) -> Answer {
        let asking = self.house.ask(Method::GET, &format!("/api/v1{path}"));
        asking.header(header::AUTHORIZATION, &format!("Bearer {}", self.token)).send().await
    }

    /// Asks Prometheus' API by a form.
    pub async fn prometheus_form(&self, path: &str, form: &str) -> Answer {
        let asking = self.house.ask(Method::POST, &format!("/api/v1{path}"));
        let asking = asking.header(header::AUTHORIZATION, &format!("Bearer {}", self.token));
        asking
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
    }
}

/// Status, word and sentence of a refusal.
fn refusal(answer: &Answer) -> (u16, String, String) {
    let json = answer.json();
    assert_eq!(json["status"], "error", "{}", answer.text);
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), text("errorType"), text("error"))
}

#[tokio::test]
async fn an_instant_query_is_answered_to_the_letter() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let at = format!("{}.500", now / 1000);
    let answer = viewer.prometheus(&format!("/query?query=up&time={at}")).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    let element = |instance: &str, value: &str| {
        format!(r#"{{"metric":{{"__name__":"up","instance":"{instance}"}},"value":[{at},"{value}"]}}"#)
    };
    let result = format!("{},{}", element("a", "1"), element("b", "0"));
    assert_eq!(
        answer.text,
        format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}}}}"#)
    );
    let health = viewer.prometheus("/query?query=1%2B1&time=4").await;
    assert_eq!(health.text, r#"{"status":"success","data":{"resultType":"scalar","result":[4,"2"]}}"#);
    let text = viewer.prometheus_form("/query", "query=%22a+b%22&time=1.25").await;
    assert_eq!(text.text, r#"{"status":"success","data":{"resultType":"string","result":[1.25,"a b"]}}"#);
}

#[tokio::test]
async fn a_range_query_takes_seconds_and_durations_and_forms() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let (start, end) = ((now - 20_000) / 1000, (now - 10_000) / 1000);
    let form = format!("query=sum(up)&start={start}&end={end}&step=5");
    let answer = viewer.prometheus_form("/query_range", &form).await.ok();
    let points = json!([[start, "2"], [start + 5, "2"], [start + 10, "1"]]);
    assert_eq!(
        answer["data"],
        json!({ "resultType": "matrix", "result": [{ "metric": {}, "values": points }] })
    );
    let other =
        viewer.prometheus(&format!("/query_range?query=sum(up)&start={start}&end={end}&step=5s")).await;
    assert_eq!(other.ok(), answer);
}

#[tokio::test]
async fn values_beyond_the_usual_are_written_as_go_writes_them() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let matrix = viewer
        .prometheus(&format!("/query?query=%7B%22http.requests%22%7D%5B1m%5D&time={}", now / 1000))
        .await;
    let values = &matrix.ok()["data"]["result"][0]["values"];
    assert_eq!(values, &json!([[now / 1000 - 20, "1e+21"], [now / 1000 - 10, "+Inf"]]));
}

/// What is wrong in a parameter, and what is said about it. NOW is a time, THEN one 20,000 seconds before.
const WRONG: &[(&str, &str)] = &[
    (
        "/query?query=up&time=x",
        "invalid parameter \"time\": Invalid time value for 'time': cannot parse \"x\" to a valid timestamp",
    ),
    ("/query?query=up&limit=-1", "invalid parameter \"limit\": limit must be non-negative"),
    ("/query?query=up&limit=x", "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax"),
    ("/query?query=up&timeout=x", "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration"),
    (
        "/query?query=up&lookback_delta=x",
        "error parsing lookback delta duration: cannot parse \"x\" to a valid duration",
    ),
    (
        "/query_range?query=up&end=1&step=1",
        "invalid parameter \"start\": cannot parse \"\" to a valid timestamp",
    ),
    (
        "/query_range?query=up&start=NOW&end=THEN&step=1",
        "invalid parameter \"end\": end timestamp must not be before start time",
    ),
    (
        "/query_range?query=up&start=NOW&end=NOW&step=0",
        "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
    ),
    (
        "/query_range?query=up&start=THEN&end=NOW&step=1",
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    ),
    (
        "/query_range?query=up[5m]&start=NOW&end=NOW&step=1",
        "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector",
    ),
    ("/series", "no match[] parameter provided"),
    (
        "/series?match[]=%7B%7D",
        "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher",
    ),
    ("/labels?match[]=%7B%7D", "match[] must contain at least one non-empty matcher"),
    ("/metadata?limit=x", "limit must be a number"),
    ("/rules?type=x", "invalid parameter \"type\": not supported value \"x\""),
    (
        "/rules?group_next_token=x",
        "invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups",
    ),
    ("/rules?group_limit=0", "invalid parameter \"group_limit\": group_limit needs to be greater than 0"),
    (
        "/rules?group_limit=1&group_next_token=x",
        "invalid parameter \"group_next_token\": invalid group_next_token 'x'. were rule groups changed?",
    ),
];

#[tokio::test]
async fn what_is_wrong_is_told_in_prometheus_words() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let (now, then) = ((now / 1000).to_string(), (now / 1000 - 20_000).to_string());
    for (path, words) in WRONG {
        let path = path.replace("NOW", &now).replace("THEN", &then);
        let expected = (400, "bad_data".to_owned(), (*words).to_owned());
        assert_eq!(refusal(&viewer.prometheus(&path).await), expected, "{path}");
    }
    let many = "match[]=up&".repeat(257);
    let (status, _, sentence) = refusal(&viewer.prometheus_form("/series", &many).await);
    assert_eq!(
        (status, sentence.as_str()),
        (400, "invalid parameter \"match[]\": there can be at most 256 match[] parameters")
    );
    let (status, word, sentence) = refusal(&viewer.prometheus("/query?query=up%2B").await);
    assert_eq!((status, word.as_str()), (400, "bad_data"));
    assert!(sentence.starts_with("invalid parameter \"query\": "), "{sentence}");
    // Durations are computed before anything is evaluated, those of the constant and those of the query.
    for (query, fault) in [
        ("up[5m-5m]", "3:8: duration must be greater than 0"),
        ("up[5m/0]", "1:6: parse error: division by zero"),
        ("up[step()]", "3:9: duration must be greater than 0"),
    ] {
        let expected = (400, "bad_data".to_owned(), format!("invalid parameter \"query\": {fault}"));
        assert_eq!(refusal(&viewer.prometheus(&format!("/query?query={query}")).await), expected, "{query}");
    }
}

#[tokio::test]
async fn each_kind_of_trouble_has_its_status() {
    let (house, _) = house().await;
    let viewer = house.token(Role::Viewer).await;
    for (path, status, word) in [
        ("/nothing", 404, "not_found"),
        ("/query?query=up%2Bon(x)up", 422, "execution"),
        ("/query?query=label_replace(up,%22%22,%22%22,%22a%22,%22b%22)", 422, "execution"),
        ("/query?query=up&timeout=0", 503, "timeout"),
    ] {
        let (found, named, _) = refusal(&viewer.prometheus(path).await);
        assert_eq!((found, named.as_str()), (status, word), "{path}");
    }
}

#[tokio::test]
async fn exactly_as_many_points_as_prometheus_allows_are_answered() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let (start, end) = (now / 1000 - 11_000, now / 1000);
    let answer =
        viewer.prometheus(&format!("/query_range?query=vector(1)&start={start}&end={end}&step=1")).await.ok();
    assert_eq!(answer["data"]["result"][0]["values"].as_array().unwrap().len(), 11_001);
}

#[tokio::test]
async fn series_and_labels_are_looked_up() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let data = async |path: &str| viewer.prometheus(path).await.ok()["data"].clone();
    let up = |instance: &str| json!({ "__name__": "up", "instance": instance });
    assert_eq!(data("/series?match[]=up").await, json!([up("a"), up("b")]));
    assert_eq!(data("/labels").await, json!(["__name__", "instance"]));
    assert_eq!(data("/labels?match[]=nothing").await, json!([]));
    assert_eq!(data("/label/instance/values").await, json!(["a", "b"]));
    assert_eq!(data("/label/__name__/values?match[]=%7Binstance=%22b%22%7D").await, json!(["up"]));
    assert_eq!(data("/label/U__instance/values").await, json!(["a", "b"]));
    assert_eq!(data("/label/U__no_2e_such/values").await, json!([]));
    let long_ago = format!("/series?match[]=up&start=0&end={}", now / 1000 - 3600);
    assert_eq!(data(&long_ago).await, json!([]));

    let cut = viewer.prometheus_form("/series", "match[]=up&limit=1").await.ok();
    assert_eq!(cut["data"], json!([up("a")]));
    assert_eq!(cut["warnings"], json!(["results truncated due to limit"]));
    let cut = viewer.prometheus("/query?query=up&limit=1").await.ok();
    assert_eq!(cut["data"]["result"].as_array().unwrap().len(), 1);
    assert_eq!(cut["warnings"], json!(["results truncated due to limit"]));
    assert_eq!(viewer.prometheus("/labels?limit=2").await.ok()["warnings"], Value::Null);
}

#[tokio::test]
async fn metadata_is_what_the_sources_say() {
    let (house, _) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let said = |help: &str| larum_metrics::MetricMetadata {
        metric_type: larum_metrics::exposition::MetricType::Gauge,
        help: help.to_owned(),
        unit: String::new(),
    };
    let mut writer = house.series.writer(house.engine.now().wall);
    writer.metadata("up", &said("Is it there?"));
    writer.metadata("up", &said("Another opinion."));
    drop(writer);
    let one = viewer.prometheus("/metadata?limit_per_metric=1").await;
    assert_eq!(
        one.text,
        r#"{"status":"success","data":{"up":[{"type":"gauge","unit":"","help":"Is it there?"}]}}"#
    );
    assert_eq!(
        viewer.prometheus("/metadata?metric=up").await.ok()["data"]["up"].as_array().unwrap().len(),
        2
    );
    for path in ["/metadata?metric=other", "/metadata?limit=0"] {
        assert_eq!(viewer.prometheus(path).await.ok()["data"], json!({}), "{path}");
    }
}

#[tokio::test]
async fn remarks_are_told_beside_the_answer() {
    let (house, _) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let answer = viewer.prometheus("/query?query=rate(up%5B1m%5D)").await.ok();
    let info = answer["infos"][0].as_str().unwrap();
    assert!(info.starts_with("PromQL info: metric might not be a counter"), "{info}");
    assert!(info.ends_with(" (1:6)"), "{info} tells the place of the argument");
    let answer = viewer.prometheus("/query?query=quantile(2,up)").await.ok();
    let warnings = ["PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)"];
    assert_eq!(answer["warnings"], json!(warnings));
    let answer = viewer.prometheus("/query?query=up&stats=all").await.ok();
    assert!(answer["data"]["stats"]["samples"]["totalQueryableSamples"].as_u64().unwrap() >= 2);
    assert!(answer["data"]["stats"]["timings"]["execTotalTime"].as_f64().is_some());
}

#[tokio::test]
async fn expressions_are_laid_out_and_shown_as_trees() {
    let (house, _) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let laid_out = viewer.prometheus("/format_query?query=foo%2Fbar").await;
    assert_eq!(laid_out.text, r#"{"status":"success","data":"foo / bar"}"#);
    let tree = viewer.prometheus_form("/parse_query", "query=foo%2Fbar").await.ok();
    assert_eq!((&tree["data"]["type"], &tree["data"]["op"]), (&json!("binaryExpr"), &json!("/")));
    let wrong = refusal(&viewer.prometheus("/format_query?query=").await);
    assert_eq!((wrong.0, wrong.1.as_str()), (400, "bad_data"));
}

/// What Grafana asks when a data source is saved, and then for a dashboard.
#[tokio::test]
async fn grafana_finds_what_it_asks_for() {
    let (house, now) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let (start, end) = (now / 1000 - 60, now / 1000);
    let build = viewer.prometheus("/status/buildinfo").await.ok();
    assert_eq!(build["data"]["version"], "3.5.0+larum.0.0.0");
    assert_eq!(build["data"]["application"], Value::Null, "that is what Mimir says");
    for form in ["query=1%2B1", "query=1%2B1&time=4"] {
        let answer = viewer.prometheus_form("/query", form).await.ok();
        assert_eq!(answer["data"]["result"][1], "2");
    }
    for path in [
        format!("/labels?match[]=up&start={start}&end={end}"),
        format!("/label/__name__/values?start={start}&end={end}&limit=40000"),
        format!("/series?match[]=up&start={start}&end={end}"),
        format!("/query_exemplars?query=up&start={start}&end={end}"),
        "/metadata?limit=5000".to_owned(),
        "/rules?type=alert&exclude_alerts=true".to_owned(),
        "/rules".to_owned(),
        "/alerts".to_owned(),
        "/targets?state=active".to_owned(),
        "/scrape_pools".to_owned(),
        "/status/runtimeinfo".to_owned(),
        "/status/config".to_owned(),
        "/status/flags".to_owned(),
    ] {
        assert_eq!(viewer.prometheus(&path).await.ok()["status"], "success", "{path}");
    }
    let form = format!("query=up&start={start}&end={end}&step=15&timeout=30s");
    let answer = viewer.prometheus_form("/query_range", &form).await.ok();
    assert_eq!(answer["data"]["resultType"], "matrix");
}

#[tokio::test]
async fn large_answers_are_compressed() {
    let (house, _) = house().await;
    let viewer = house.token(Role::Viewer).await;
    let asking = house.ask(Method::GET, "/api/v1/query?query=up%20or%20vector(1)");
    let asking = asking.header(header::AUTHORIZATION, &format!("Bearer {}", viewer.token));
    let answer = asking.header(header::ACCEPT_ENCODING, "gzip").send().await;
    assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
}

#[tokio::test]
async fn who_may_read_may_ask() {
    let (house, _) = house().await;
    let ask = |authorization: String| {
        house.ask(Method::GET, "/api/v1/query?query=up").header(header::AUTHORIZATION, &authorization).send()
    };
    for role in [Role::Viewer, Role::PlatformAdmin] {
        let token = house.token(role).await.token;
        assert_eq!(ask(format!("Bearer {token}")).await.status, StatusCode::OK);
        let basic = STANDARD.encode(format!("grafana:{token}"));
        assert_eq!(ask(format!("Basic {basic}")).await.status, StatusCode::OK);
    }
    let sender = house.token(Role::Sender).await.token;
    assert_eq!(refusal(&ask(format!("Bearer {sender}")).await).0, 403);
    let nobody = house.ask(Method::GET, "/api/v1/query?query=up").send().await;
    assert_eq!(refusal(&nobody).0, 401);
    assert!(nobody.headers.contains_key(header::WWW_AUTHENTICATE));
    let token = house.token(Role::Viewer).await.token;
    let foreign = house.ask(Method::POST, "/api/v1/query").header("sec-fetch-site", "cross-site");
    let foreign = foreign.header(header::AUTHORIZATION, &format!("Bearer {token}")).send().await;
    assert_eq!(refusal(&foreign).0, 403);
}

/// All that can be read.
const READ: [&str; 17] = [
    "/query",
    "/query_range",
    "/query_exemplars",
    "/format_query",
    "/parse_query",
    "/series",
    "/labels",
    "/label/job/values",
    "/metadata",
    "/rules",
    "/alerts",
    "/targets",
    "/scrape_pools",
    "/status/buildinfo",
    "/status/runtimeinfo",
    "/status/config",
    "/status/flags",
];

#[tokio::test]
async fn nothing_is_read_without_a_login_or_under_another_name() {
    let (house, _) = house().await;
    let bearer = format!("Bearer {}", house.token(Role::Viewer).await.token);
    for path in READ {
        let ask = || house.ask(Method::GET, &format!("/api/v1{path}"));
        assert_eq!(refusal(&ask().send().await).0, 401, "{path}");
        let rebound = ask().header(header::AUTHORIZATION, &bearer).header(header::HOST, "evil.example:9093");
        assert_eq!(rebound.send().await.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        let known = ask().header(header::AUTHORIZATION, &bearer).send().await;
        assert!([200, 400].contains(&known.status.as_u16()), "{path}: {}", known.text);
    }
}

#[tokio::test]
async fn what_alertmanager_took_here_is_still_gone() {
    let (house, _) = house().await;
    let answer = house.ask(Method::POST, "/api/v1/alerts").json(&json!([])).send().await;
    assert_eq!(answer.status, StatusCode::GONE);
}
