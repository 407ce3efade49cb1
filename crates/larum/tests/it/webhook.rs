//! An Alertmanager's webhook: told once, and shown with the time at which it ends unless it is told again.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::House;
use crate::larum::{Larum, larum};

const TIMEOUT: [&str; 2] = ["--webhook.resolve-timeout", "90m"];

impl House {
    /// Starts Larum again over the same data, with one more flag.
    async fn start_again_with(&mut self, flag: &[&str]) {
        let mut serve = larum();
        serve.args(["serve", "--web.listen-address", "127.0.0.1:0"]);
        serve.args(["--slack-api-url", &self.slack.api_url()]);
        serve.arg("--storage.path").arg(self.data.path()).args(flag);
        self.larum = Larum::of(&mut serve).await.expect("larum starts again over its data");
        self.administrator.address = self.larum.address;
    }

    /// The one alert that an Alertmanager told, as the console shows it.
    async fn hooked(&self) -> Value {
        let alerts = self.administrator.read("/alerts?q=Hooked").await;
        assert_eq!(alerts["total"], 1, "{alerts}");
        alerts["alerts"][0].clone()
    }
}

#[tokio::test]
async fn a_webhook_ends_when_it_is_shown_to_also_after_a_crash() {
    let mut house = House::start().await;
    house.larum.kill().await;
    house.start_again_with(&TIMEOUT).await;
    let hook = json!({"alerts": [{"status": "firing", "labels": {"alertname": "Hooked"}}]});
    let (status, answer) = house.administrator.post_alerts(&hook).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let shown = house.hooked().await;
    let time = |key: &str| shown[key].as_str().and_then(|time| time.parse::<Timestamp>().ok());
    let lasts = time("expires_at").zip(time("starts_at")).map(|(end, start)| end.duration_since(start));
    assert_eq!(lasts, Some(SignedDuration::from_mins(90)), "{shown}");

    house.larum.kill().await;
    house.start_again_with(&[]).await;
    let again = house.hooked().await;
    assert_eq!((&again["id"], &again["expires_at"]), (&shown["id"], &shown["expires_at"]));
}
