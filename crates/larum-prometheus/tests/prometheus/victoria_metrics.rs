//! A real VictoriaMetrics, which differs where this says so.

use std::time::Duration;

use larum_prometheus::{Auth, Concern, Config, Product, Secret, ServerUrl, SourceError, Terms};

use crate::fake::client;
use crate::process::{FIRST, SOON, Server, every, gate};

#[tokio::test]
async fn victoria_metrics_answers_every_call() {
    let server = Server::victoria_metrics().await;
    let victoria = &server.client;
    victoria.check().await.unwrap();
    let about = victoria.build_info().await.unwrap();
    assert_eq!((about.product, about.version), (Product::VictoriaMetrics, None));

    let answer = victoria.instant("tank_level", SOON, Terms::default()).await.unwrap();
    let [a, c] = answer.value.elements() else { panic!("it has no NaN: {answer:?}") };
    assert_eq!((a.labels.to_string(), a.value), (r#"{__name__="tank_level", tank="a"}"#.to_owned(), 94.5));
    assert_eq!((c.labels.value("tank"), c.value), ("c", f64::INFINITY));
    let two = victoria.instant("1 + 1", SOON, Terms::default()).await.unwrap();
    let [two] = two.value.elements() else { panic!("its numbers are vectors: {two:?}") };
    assert_eq!((two.labels.len(), two.value), (0, 2.0));

    let values =
        victoria.range("tank_level", every(Duration::from_secs(15)), Terms::default()).await.unwrap();
    let samples: Vec<_> =
        values.items[0].samples.iter().map(|sample| (sample.at.as_millis(), sample.value)).collect();
    assert_eq!(samples, [(1_700_000_000_000, 93.0), (1_700_000_015_000, 94.5)]);

    let series = victoria.series(&["tank_level"], FIRST, SOON, 9).await.unwrap();
    assert_eq!(series.items.len(), 2);
    assert_eq!(victoria.label_names(&[], FIRST, SOON, 9).await.unwrap().items, ["__name__", "tank"]);
    let tanks = victoria.label_values("tank", &[], (FIRST, SOON), 1).await.unwrap();
    assert_eq!((tanks.items.as_slice(), tanks.annotations.len()), (&["a".to_owned()][..], 1));
    assert!(victoria.metadata(None, 9).await.unwrap().items.is_empty(), "nothing is scraped");
}

#[tokio::test]
async fn victoria_metrics_refuses_in_its_own_words() {
    let server = Server::victoria_metrics().await;
    let error = server.client.instant("1 +", SOON, Terms::default()).await.unwrap_err();
    assert!(
        matches!(&error, SourceError::Refused { status: 422, error_type, .. } if error_type == "422"),
        "{error:?}"
    );
    assert_eq!(error.concern(), Concern::Request);
    let lost = Config::new(ServerUrl::parse(&format!("{}/somewhere/else", server.url)).unwrap());
    let error = client(lost).check().await.unwrap_err();
    assert!(matches!(error, SourceError::NotPrometheus(_)), "{error:?}");
}

#[tokio::test]
async fn a_gate_opens_to_a_token() {
    let server = Server::victoria_metrics().await;
    let gate = gate("token-of-larum", &server).await;
    let nobody = gate.client.check().await.unwrap_err();
    assert!(matches!(nobody, SourceError::Unauthorized(_)), "{nobody:?}");
    let mut config = Config::new(ServerUrl::parse(&gate.url).unwrap());
    config.auth = Auth::Bearer(Secret::text("token-of-larum"));
    let answer = client(config).instant("tank_level", SOON, Terms::default()).await.unwrap();
    assert_eq!(answer.value.elements().len(), 2);
}
