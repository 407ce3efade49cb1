//! What every odd answer means.

use std::sync::atomic::Ordering;

use larum_prometheus::{Concern, Limits, SourceError, SourceErrorKind, Terms};

use crate::fake::{AT, Act, Fake, answer, client, data, gzip, ok, one};

const HTML: &str = "content-type: text/html\r\n";

async fn error_of(act: Act) -> SourceError {
    Fake::that([act]).await.instant().await.unwrap_err()
}

#[tokio::test]
async fn what_is_not_prometheus_is_called_so() {
    let odd = [
        (answer("200 OK", HTML, "<!doctype html><title>Log in</title>"), "a page of HTML"),
        (answer("200 OK", "", "  \n OK"), "a text"),
        (answer("200 OK", "", " \n "), "nothing"),
        (answer("200 OK", "", r#"{"hello":"world"}"#), "without Prometheus' status"),
        (answer("404 Not Found", "", "404 page not found"), "404 page not found"),
        (
            answer("400 Bad Request", "", "Client sent an HTTP request to an HTTPS server."),
            "to an HTTPS server",
        ),
        (
            answer("302 Found", "location: https://login.example/?token=hush\r\n", ""),
            "https://login.example/",
        ),
    ];
    for (act, words) in odd {
        let error = error_of(act).await;
        let SourceError::NotPrometheus(why) = &error else { panic!("{error:?}") };
        assert!(why.contains(words) && why.contains("address") && !why.contains("hush"), "{why}");
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_words_of_the_server() {
    let bad =
        r#"{"status":"error","errorType":"bad_data","error":"1:3: parse error: unexpected end of input"}"#;
    let error = error_of(answer("400 Bad Request", "", bad)).await;
    let (error_type, words) = ("bad_data".to_owned(), "1:3: parse error: unexpected end of input".to_owned());
    assert_eq!(error, SourceError::Refused { status: 400, error_type, error: words });
    assert_eq!(error.concern(), Concern::Request);
    let busy = r#"{"status":"error","errorType":"timeout","error":"query timed out in query execution"}"#;
    let error = error_of(answer("503 Service Unavailable", "", busy)).await;
    assert_eq!((error.kind(), error.concern()), (SourceErrorKind::Refused, Concern::Server));
    let late = r#"{"status":"error","errorType":"internal","error":"gone\u001b[31m"}"#;
    let error = error_of(ok(late)).await;
    assert!(
        matches!(&error, SourceError::Refused { status: 200, error, .. } if error == "gone [31m"),
        "{error:?}"
    );
    let error = error_of(answer("429 Too Many Requests", "", "slow down")).await;
    assert!(error.to_string().contains("too_many_requests") && error.to_string().contains("slow down"));
    let error = error_of(answer("414 URI Too Long", "", "")).await;
    assert_eq!(error.concern(), Concern::Request);
    let error = error_of(answer("401 Unauthorized", "", "no org id")).await;
    assert!(
        matches!(&error, SourceError::Unauthorized(why) if why.ends_with("it says: no org id")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    for status in ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"] {
        let error = error_of(answer(status, HTML, "<html>upstream</html>")).await;
        assert!(matches!(&error, SourceError::Unreachable(why) if why.contains(&status[..3])), "{error:?}");
    }
    let error = error_of(Act::Send(Vec::new())).await;
    assert!(matches!(&error, SourceError::Unreachable(why) if why.contains("was lost")), "{error:?}");
    let error =
        error_of(Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{\"status\":".to_vec())).await;
    assert!(matches!(&error, SourceError::Unreachable(why) if why.contains("was lost")), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_cannot_be_one_is_not_believed() {
    let item = |item: &str| data(&format!(r#"{{"resultType":"vector","result":[{item}]}}"#));
    let labels: Vec<String> = (0..1001).map(|number| format!(r#""l{number}":"v""#)).collect();
    let odd = [
        (ok(r#"{"status":"success","data":{"resultType":"vector","result":[{"metr"#), "breaks off"),
        (ok(r#"{"status":"success"}"#), "no data"),
        (ok(r#"{"status":"success","data":{"resultType":"vector","result":[]}} tail"#), "trailing"),
        (ok(r#"{"status":"success","data":null}"#), "resultType and result"),
        (data(r#"{"resultType":"vector"}"#), "missing field `result`"),
        (data(r#"{"resultType":"streams","result":[]}"#), r#"resultType "streams""#),
        (data(r#"{"resultType":"vector","result":[1,"1"]}"#), r#"resultType "vector""#),
        (data(r#"{"resultType":"scalar","result":[]}"#), r#"resultType "scalar""#),
        (
            data(r#"{"resultType":"matrix","result":[{"metric":{},"value":[1,"1"]}]}"#),
            r#"resultType "matrix""#,
        ),
        (
            data(r#"{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}"#),
            "order of time",
        ),
        (
            data(r#"{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[2,"1"]]}]}"#),
            "order of time",
        ),
        (item(r#"{"metric":{},"value":["NaN","1"]}"#), "the time of a sample"),
        (item(r#"{"metric":{},"value":[NaN,"1"]}"#), "expected"),
        (item(r#"{"metric":{},"value":[1,"many"]}"#), r#""many" is not the value"#),
        (item(r#"{"metric":{},"value":[1,1]}"#), "the value of a sample as a text"),
        (item(r#"{"metric":{"a":1},"value":[1,"1"]}"#), "expected a string"),
        (item(&format!(r#"{{"metric":{{{}}},"value":[1,"1"]}}"#, labels.join(","))), "more than 1000 labels"),
        (item(r#"{"value":[1,"1"]}"#), "missing field `metric`"),
        (item(r#"{"metric":{}}"#), "either a value or values"),
        (
            item(r#"{"metric":{"a":"b"},"value":[1,"1"]},{"metric":{"a":"b"},"value":[1,"2"]}"#),
            r#"{a="b"} comes twice"#,
        ),
        (answer("200 OK", "content-encoding: br\r\n", "{}"), "only gzip"),
        (answer("200 OK", "content-encoding: gzip\r\n", "{}"), "cannot be unpacked"),
    ];
    for (act, words) in odd {
        let error = error_of(act).await;
        let SourceError::BadAnswer(why) = &error else { panic!("{words}: {error:?}") };
        assert!(why.contains(words), "{words}: {why}");
        assert_eq!(error.concern(), Concern::Server);
    }
}

#[tokio::test]
async fn native_histograms_are_refused_by_name() {
    let instant =
        r#"{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1","sum":"1"}]}]}"#;
    assert_eq!(error_of(data(instant)).await, SourceError::NativeHistogram);
    let range = r#"{"resultType":"matrix","result":[{"metric":{},"values":[],"histograms":[]}]}"#;
    assert_eq!(error_of(data(range)).await, SourceError::NativeHistogram);
    assert_eq!(SourceError::NativeHistogram.concern(), Concern::Request);
}

/// A thousand series that no other piece has.
fn a_thousand_series(piece: u64) -> Vec<u8> {
    let one = |number| format!(r#"{{"metric":{{"n":"{piece}-{number}"}},"value":[1,"1"]}},"#);
    (0..1000).map(one).collect::<String>().into_bytes()
}

#[tokio::test]
async fn of_ten_million_series_only_the_first_are_read() {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\
                {\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[";
    let flood = || Act::Flood { head: head.into(), pieces: 10_000, piece: a_thousand_series };
    let fake = Fake::that([flood(), one()]).await;
    let client = fake.client();
    let error = client.instant("{__name__!=\"\"}", AT, Terms::default()).await.unwrap_err();
    assert_eq!(error, SourceError::TooManySeries { limit: 100_000 });
    client.check().await.unwrap();
    let sent = fake.pieces.load(Ordering::Relaxed);
    assert!((100..2_000).contains(&sent), "of 10,000 pieces {sent} were sent");
    assert_eq!(client.health().trouble, None, "the server is well");
}

#[tokio::test]
async fn of_an_endless_answer_no_more_than_the_limit_is_read() {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"status\":\"success\",\"data\":\"";
    let fake =
        Fake::that([Act::Flood { head: head.into(), pieces: 10_000, piece: |_| vec![b'x'; 100_000] }]).await;
    let mut config = fake.config();
    config.limits = Limits { answer_bytes: 1_000_000, ..Limits::default() };
    // What has a field of the wrong type is known to be wrong only at its end.
    let error = client(config).instant("up", AT, Terms::default()).await.unwrap_err();
    assert_eq!(error, SourceError::TooLarge { limit: 1_000_000 });
    let sent = fake.pieces.load(Ordering::Relaxed);
    assert!(sent < 1_000, "of 10,000 pieces {sent} were sent");
}

#[tokio::test]
async fn what_is_small_only_while_it_is_packed_is_too_large() {
    let body = format!(r#"{{"padding":"{}"}}"#, " ".repeat(10_000_000));
    let fake = Fake::that([gzip(body.as_bytes())]).await;
    let mut config = fake.config();
    config.limits = Limits { answer_bytes: 1_000_000, ..Limits::default() };
    let error = client(config).instant("up", AT, Terms::default()).await.unwrap_err();
    assert_eq!(error, SourceError::TooLarge { limit: 1_000_000 });
}

#[tokio::test]
async fn an_answer_of_exactly_the_limit_is_read() {
    let body = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;
    let bytes = body.len() as u64;
    for (limit, fits) in [(bytes, true), (bytes - 1, false)] {
        let fake = Fake::that([ok(body)]).await;
        let mut config = fake.config();
        config.limits = Limits { answer_bytes: limit, ..Limits::default() };
        assert_eq!(client(config).instant("up", AT, Terms::default()).await.is_ok(), fits, "{limit}");
    }
}
