//! What a server hears: the form, who asks, and in which way.

use std::time::Duration;

use larum_core::time::Timestamp;
use larum_prometheus::{Auth, BuildInfo, MetricMetadata, Product, Secret, SourceError, Terms};
use larum_promql::{Level, Span, Value};

use crate::fake::{AT, Fake, TICK, answer, client, data, gzip, ok, one};

const FROM: Timestamp = Timestamp::from_millis(1_700_000_000_000);

#[tokio::test]
async fn an_expression_goes_out_as_a_form_below_the_prefix() {
    let fake = Fake::that([one()]).await;
    let client = fake.client();
    let terms = Terms { timeout: Some(Duration::from_millis(2500)), ..Terms::default() };
    client.instant(r#"up{a="é"} > 1"#, AT, terms).await.unwrap();
    let heard = &fake.heard()[0];
    assert_eq!(heard.line, "POST /metrics/api/v1/query HTTP/1.1");
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(heard.header("accept-encoding"), Some("gzip"));
    assert_eq!(heard.header("authorization"), None);
    // One tick of the clock went by until it was its turn.
    let form = "query=up%7Ba%3D%22%C3%A9%22%7D+%3E+1&time=1700000016.123&timeout=2.493";
    assert_eq!(heard.body, form);
    let health = client.health();
    assert_eq!((health.round_trip, health.trouble, health.in_flight), (Some(TICK), None, 0));
}

#[tokio::test]
async fn a_range_goes_out_with_how_long_it_may_take_and_how_far_to_look_back() {
    let matrix = || data(r#"{"resultType":"matrix","result":[]}"#);
    let fake = Fake::that([matrix(), matrix(), one()]).await;
    let span = Span { start: FROM, end: AT, step: Duration::from_secs(15) };
    let (timeout, lookback) = (Some(Duration::from_secs(2)), Some(Duration::from_millis(90_500)));
    let terms = Terms { timeout, lookback };
    fake.client().range("up", span, terms).await.unwrap();
    fake.client().range("up", span, Terms::default()).await.unwrap();
    fake.client().instant("up", AT, terms).await.unwrap();
    let heard = fake.heard();
    let range = "query=up&start=1700000000.000&end=1700000016.123&step=15.000";
    assert_eq!(heard[0].body, format!("{range}&lookback_delta=90.500&timeout=1.993"));
    assert_eq!(heard[1].body, format!("{range}&timeout=29.993"), "the server's own lookback holds");
    assert_eq!(heard[2].body, "query=up&time=1700000016.123&lookback_delta=90.500&timeout=1.993");
}

#[tokio::test]
async fn a_value_comes_with_what_the_server_says_about_it() {
    let body = r#"{"warnings":["half of it"],"status":"success","infos":["PromQL info: odd"],"isPartial":true,
        "data":{"result":[{"value":[1700000016.123,"-1.5e-07"],"metric":{"job":"a","__name__":"up"}}],
        "resultType":"vector","stats":{"a":[1]}},"trace":{}}"#;
    let answer = Fake::that([gzip(body.as_bytes())]).await.instant().await.unwrap();
    let [element] = answer.value.elements() else { panic!("{answer:?}") };
    assert_eq!(
        (element.labels.to_string(), element.value),
        (r#"{__name__="up", job="a"}"#.to_owned(), -1.5e-7)
    );
    let said: Vec<_> = answer.annotations.iter().map(|one| (one.level, one.text.as_str())).collect();
    let partial = "some of the storage did not answer: the data is partial";
    let expected =
        [(Level::Info, "PromQL info: odd"), (Level::Warning, "half of it"), (Level::Warning, partial)];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn every_kind_of_value_is_read() {
    let value =
        |json: &'static str| async move { Fake::that([data(json)]).await.instant().await.unwrap().value };
    let scalar = value(r#"{"resultType":"scalar","result":[1.5,"+Inf"]}"#).await;
    assert!(matches!(scalar, Value::Scalar(number) if number == f64::INFINITY));
    let text = value(r#"{"resultType":"string","result":[1,"hi"]}"#).await;
    assert!(matches!(text, Value::Text(text) if text == "hi"));
    let none = value(r#"{"resultType":"vector","result":[]}"#).await;
    assert!(matches!(none, Value::Vector(elements) if elements.is_empty()));
    let matrix =
        value(r#"{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2.5,"NaN"]]}]}"#).await;
    let Value::Matrix(series) = matrix else { panic!("{matrix:?}") };
    let samples = &series[0].samples;
    assert_eq!((samples[0].at.as_millis(), samples[1].at.as_millis()), (1000, 2500));
    assert!(samples[1].value.is_nan() && !larum_promql::is_stale(samples[1].value));
}

#[tokio::test]
async fn whoever_asks_says_so_and_nobody_else_hears_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "first-token\n").unwrap();
    let fake = Fake::that([one(), one(), one()]).await;
    let mut config = fake.config();
    config.auth = Auth::Bearer(Secret::file(file.path()));
    config.headers.set("X-Scope-OrgID", "platform").unwrap();
    config.parameters.add("partial_response", "false");
    let bearer = client(config);
    bearer.check().await.unwrap();
    std::fs::write(file.path(), "second-token").unwrap();
    bearer.check().await.unwrap();
    let mut config = fake.config();
    config.auth = Auth::Basic { user: "me".to_owned(), password: Secret::text("pass word") };
    client(config).check().await.unwrap();
    let heard = fake.heard();
    assert_eq!(heard[0].header("authorization"), Some("Bearer first-token"));
    assert_eq!(heard[0].header("x-scope-orgid"), Some("platform"));
    assert!(heard[0].body.ends_with("&partial_response=false"), "{}", heard[0].body);
    assert_eq!(heard[1].header("authorization"), Some("Bearer second-token"));
    assert_eq!(heard[2].header("authorization"), Some("Basic bWU6cGFzcyB3b3Jk"));
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_never_replaced_by_none() {
    let fake = Fake::that([]).await;
    let folder = tempfile::tempdir().unwrap();
    let ask = |text: Option<&str>| {
        let path = folder.path().join("token");
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        let mut config = fake.config();
        config.auth = Auth::Bearer(Secret::file(path));
        let client = client(config);
        async move { client.check().await.unwrap_err() }
    };
    for (text, words) in
        [(None, "cannot be read"), (Some(" \n"), "is empty"), (Some("hush\nhush"), "line break")]
    {
        let error = ask(text).await;
        let SourceError::Unauthorized(why) = &error else { panic!("{error:?}") };
        assert!(why.contains(words) && !why.contains("hush"), "{why}");
    }
    assert!(fake.heard().is_empty());
}

#[tokio::test]
async fn a_server_that_takes_no_post_is_asked_by_get_from_then_on() {
    for refusal in ["405 Method Not Allowed", "501 Not Implemented", "403 Forbidden"] {
        let fake = Fake::that([answer(refusal, "", ""), one(), one()]).await;
        let client = fake.client();
        client.instant("a b", AT, Terms::default()).await.unwrap();
        client.instant("c", AT, Terms::default()).await.unwrap();
        let lines: Vec<String> = fake.heard().into_iter().map(|heard| heard.line).collect();
        assert_eq!(lines[0], "POST /metrics/api/v1/query HTTP/1.1");
        assert_eq!(
            lines[1],
            "GET /metrics/api/v1/query?query=a+b&time=1700000016.123&timeout=29.993 HTTP/1.1"
        );
        assert!(lines[2].starts_with("GET /metrics/api/v1/query?query=c&"), "{lines:?}");
    }
    let fake =
        Fake::that([answer("403 Forbidden", "", "no"), answer("403 Forbidden", "", "no"), one()]).await;
    let client = fake.client();
    let error = client.check().await.unwrap_err();
    assert!(matches!(&error, SourceError::Unauthorized(why) if why.contains("403")), "{error:?}");
    client.check().await.unwrap();
    assert!(fake.heard()[2].line.starts_with("POST "), "that GET is refused too proves nothing about POST");
}

#[tokio::test]
async fn lists_are_asked_for_and_end_at_their_limit() {
    let fake = Fake::that([
        data(r#"[{"__name__":"a","x":"1"},{"__name__":"a","x":"2"},{"__name__":"a","x":"3"}]"#),
        data(r#"["b","a"]"#),
        ok(r#"{"status":"success","data":["1","2"],"warnings":["results truncated due to limit"]}"#),
        data(r#"{"up":[{"type":"gauge","help":"Is it?","unit":""},"read over"],"b":[],"c":[{}]}"#),
    ])
    .await;
    let client = fake.client();
    let series = client.series(&["a", "b"], FROM, AT, 2).await.unwrap();
    assert_eq!(series.items.len(), 2);
    assert_eq!(series.annotations[0].text, "results truncated due to limit");
    let names = client.label_names(&[], FROM, AT, 9).await.unwrap();
    assert_eq!((names.items, names.annotations), (vec!["b".to_owned(), "a".to_owned()], vec![]));
    let values = client.label_values("a.b", &["a"], (FROM, AT), 2).await.unwrap();
    assert_eq!((values.items.len(), values.annotations.len()), (2, 1));
    let metadata = client.metadata(Some("up"), 5).await.unwrap();
    let [up, empty] = metadata.items.as_slice() else { panic!("{metadata:?}") };
    let expected = MetricMetadata {
        metric: "up".to_owned(),
        kind: "gauge".to_owned(),
        help: "Is it?".to_owned(),
        unit: String::new(),
    };
    assert_eq!((up, empty.metric.as_str()), (&expected, "c"));
    let heard = fake.heard();
    assert_eq!(heard[0].body, "start=1700000000.000&end=1700000016.123&limit=3&match%5B%5D=a&match%5B%5D=b");
    assert_eq!(heard[1].line, "POST /metrics/api/v1/labels HTTP/1.1");
    let values = "GET /metrics/api/v1/label/U__a_2e_b/values?start=1700000000.000&end=1700000016.123&limit=3&match%5B%5D=a";
    assert_eq!(heard[2].line, format!("{values} HTTP/1.1"));
    assert_eq!(heard[3].line, "GET /metrics/api/v1/metadata?limit=6&metric=up HTTP/1.1");
}

#[tokio::test]
async fn a_product_is_known_by_what_it_says() {
    let version = |version: &str| data(&format!(r#"{{"version":"{version}"}}"#));
    let mimir = data(r#"{"application":"Grafana Mimir","version":"2.13.0","features":{}}"#);
    let victoria =
        answer("200 OK", "X-Server-Hostname: vm\r\n", r#"{"status":"success","data":{"version":"2.24.0"}}"#);
    let old = answer("404 Not Found", "", "404 page not found");
    let acts = [version("3.5.0"), version("0.36.1"), mimir, victoria, old, one()];
    let client = Fake::that(acts).await.client();
    let expected = [
        (Product::Prometheus, Some("3.5.0")),
        (Product::Thanos, Some("0.36.1")),
        (Product::Named("Grafana Mimir".to_owned()), Some("2.13.0")),
        (Product::VictoriaMetrics, None),
        (Product::Unknown, None),
    ];
    for (product, version) in expected {
        let told = client.build_info().await.unwrap();
        assert_eq!(told, BuildInfo { product, version: version.map(ToOwned::to_owned) });
    }
}
