//! A real Prometheus.

use std::time::Duration;

use larum_prometheus::{Auth, Concern, Config, Product, Secret, ServerUrl, SourceError, Terms};
use larum_promql::Value;

use crate::fake::client;
use crate::process::{FIRST, SOON, Server, every};
use crate::trust::{Papers, authority};

#[tokio::test]
async fn prometheus_answers_every_call() {
    let server = Server::prometheus().await;
    let prometheus = &server.client;
    prometheus.check().await.unwrap();
    let about = prometheus.build_info().await.unwrap();
    assert_eq!(about.product, Product::Prometheus);
    assert!(about.version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit())));

    let answer = prometheus.instant("tank_level", SOON, Terms::default()).await.unwrap();
    let [a, b, c] = answer.value.elements() else { panic!("{answer:?}") };
    assert_eq!((a.labels.to_string(), a.value), (r#"{__name__="tank_level", tank="a"}"#.to_owned(), 94.5));
    assert!(b.value.is_nan());
    assert_eq!(c.value, f64::INFINITY);
    let before = prometheus
        .instant("tank_level", FIRST.minus(Duration::from_millis(1)), Terms::default())
        .await
        .unwrap();
    assert!(before.value.elements().is_empty(), "times are exact to the millisecond: {before:?}");
    let exactly = prometheus.instant("tank_level", FIRST, Terms::default()).await.unwrap();
    assert_eq!(exactly.value.elements().len(), 3);

    let values =
        prometheus.range("tank_level", every(Duration::from_secs(15)), Terms::default()).await.unwrap();
    let samples = &values.items[0].samples;
    assert_eq!(
        samples.iter().map(|sample| sample.at.as_millis()).collect::<Vec<_>>(),
        [1_700_000_000_000, 1_700_000_015_000]
    );
    assert_eq!(samples.iter().map(|sample| sample.value).collect::<Vec<_>>(), [93.0, 94.5]);

    let series = prometheus.series(&["tank_level"], FIRST, SOON, 2).await.unwrap();
    assert_eq!((series.items.len(), series.annotations.len()), (2, 1));
    assert_eq!(prometheus.label_names(&[], FIRST, SOON, 9).await.unwrap().items, ["__name__", "tank"]);
    let tanks =
        prometheus.label_values("tank", &[r#"tank_level{tank!="b"}"#], (FIRST, SOON), 9).await.unwrap();
    assert_eq!(tanks.items, ["a", "c"]);
    assert!(prometheus.metadata(None, 9).await.unwrap().items.is_empty(), "nothing is scraped");
    assert_eq!(prometheus.health().trouble, None);
}

#[tokio::test]
async fn prometheus_has_scalars_texts_and_ranges() {
    let server = Server::prometheus().await;
    let value = async |expression: &str| {
        server.client.instant(expression, SOON, Terms::default()).await.unwrap().value
    };
    assert!(matches!(value("1 + 1").await, Value::Scalar(2.0)));
    assert!(matches!(value("time()").await, Value::Scalar(1_700_000_016.123)));
    assert!(matches!(value("\"x\"").await, Value::Text(text) if text == "x"));
    let Value::Matrix(series) = value("tank_level[1m]").await else { panic!("a matrix") };
    assert_eq!(series.iter().map(|one| one.samples.len()).collect::<Vec<_>>(), [2, 1, 1]);
}

#[tokio::test]
async fn prometheus_refuses_in_its_own_words() {
    let server = Server::prometheus().await;
    let refused =
        async |expression: &str| match server.client.instant(expression, SOON, Terms::default()).await {
            Err(error @ SourceError::Refused { .. }) => error,
            other => panic!("{other:?}"),
        };
    let error = refused("1 +").await;
    assert!(
        error.to_string().contains("(bad_data)") && error.to_string().contains("unexpected end"),
        "{error}"
    );
    let error = refused(r#"label_replace(tank_level, "tank", "x", "", "")"#).await;
    assert!(error.to_string().contains("(execution)"), "{error}");
    assert_eq!(error.concern(), Concern::Request);
    let error = server
        .client
        .range("tank_level", every(Duration::from_millis(1)), Terms::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("11,000 points"), "{error}");
    assert_eq!(server.client.health().trouble, None, "none of this is the server's fault");
}

/// `pass word`, hashed as Prometheus wants it (bcrypt, with the least work).
const HASHED: &str = "$2b$04$Mz/oUmABfv156QTdO7XnVOQpCEd3f0EUHxAESHXfEs4sye2jSYxH.";

#[tokio::test]
async fn a_locked_prometheus_opens_to_a_certificate_and_a_password() {
    let papers = Papers::signed_by(&authority());
    let (ca, own) = (papers.authority(), papers.certificate());
    let web = format!(
        "tls_server_config:\n  cert_file: {}\n  key_file: {}\n  client_ca_file: {}\n  \
         client_auth_type: RequireAndVerifyClientCert\nbasic_auth_users: {{larum: {HASHED}}}\n",
        own.certificate.display(),
        own.key.display(),
        ca.display()
    );
    let server = Server::prometheus_behind("https", &web).await;
    let mut config = Config::new(ServerUrl::parse(&server.url).unwrap());
    config.tls.extra_ca = Some(ca);
    let stranger = client(config.clone()).check().await.unwrap_err();
    assert!(matches!(stranger, SourceError::Unreachable(_)), "{stranger:?}");
    config.tls.certificate = Some(own);
    let nobody = client(config.clone()).check().await.unwrap_err();
    assert!(matches!(nobody, SourceError::Unauthorized(_)), "{nobody:?}");
    config.auth = Auth::Basic { user: "larum".to_owned(), password: Secret::text("wrong") };
    let liar = client(config.clone()).check().await.unwrap_err();
    assert!(matches!(liar, SourceError::Unauthorized(_)), "{liar:?}");
    config.auth = Auth::Basic { user: "larum".to_owned(), password: Secret::text("pass word") };
    client(config).check().await.unwrap();
}
