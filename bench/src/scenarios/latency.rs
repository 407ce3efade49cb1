//! From a POST to the first byte at Slack, one alert after the other, each in a group of its own.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::alerts::{Firing, bodies, warnings};
use crate::client::Client;
use crate::clock;
use crate::configuration::Configuration;
use crate::figures::{Row, millis, quantile};
use crate::marks::Mark;
use crate::post::ALERTS;
use crate::scenarios::{Bench, Size};

const MIDDLE: Row = Row::budget("ms from POST to Slack, group_wait 0, p50", 3.0);
const NEARLY_ALL: Row = Row::budget("ms from POST to Slack, group_wait 0, p99", 10.0);
const ANSWER: Row = Row::figure("ms from POST to its answer, p50");

const GAP: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let target = bench.router(&Configuration::slack("0s")).await?;
    let alerts = warnings(0, if bench.size == Size::Quick { 50 } else { 300 }, 1);
    let (mut client, mut posted, mut answered) = (Client::new(target.address), Vec::new(), Vec::new());
    client.ask("/-/healthy").await?;
    for alert in &alerts {
        let body = bodies(std::slice::from_ref(alert), Firing::from_now()).remove(0);
        let begun = clock::now();
        client.tell(ALERTS, body).await?;
        answered.push(begun.elapsed());
        posted.push((Mark { id: alert.id, resolved: false }, begun));
        sleep(GAP).await;
    }
    let all = target.receiver.wait_for(alerts.len(), PATIENCE).await;
    bench.figures.expect(all, "not every alert was told");
    let heard = target.receiver.heard();
    let told = posted.iter().filter_map(|(mark, begun)| Some(heard.told.get(mark)?.first - *begun));
    let told: Vec<Duration> = told.collect();
    bench.figures.expect(heard.repeated() == 0, "alerts were told twice");
    bench.figures.note(MIDDLE, millis(quantile(&told, 0.5)));
    bench.figures.note(NEARLY_ALL, millis(quantile(&told, 0.99)));
    bench.figures.note(ANSWER, millis(quantile(&answered, 0.5)));
    Ok(())
}
