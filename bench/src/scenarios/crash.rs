//! kill -9: before alerts were told, and after.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;
use tokio::time::sleep;

use crate::alerts::{Firing, bodies, silence, warnings};
use crate::client::Client;
use crate::configuration::Configuration;
use crate::figures::{Row, millis};
use crate::post::{ALERTS, SILENCES, post};
use crate::scenarios::{Bench, SETTLING};

const FORGOTTEN: Row = Row::budget("of 1,000 alerts never told after kill -9 in group_wait", 0.0);
const SILENCES_LOST: Row = Row::budget("of 100 silences lost by kill -9", 0.0);
const RESTART: Row = Row::figure("ms from a start to ready after kill -9");
const REPEATED: Row = Row::budget("of 1,000 alerts told twice after kill -9, all sent again", 0.0);

const ALERTS_SENT: u32 = 1_000;
/// The same in a quick run: it takes no longer.
const SILENCES_SENT: u32 = 100;
/// They hide nothing that is sent here.
const FIRST_SILENCED: u32 = 900_000;
const SENDERS: usize = 2;
/// More than the group wait, after which an alert has been told or will never be.
const WATCH: Duration = Duration::from_secs(10);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    before(bench).await?;
    behind(bench).await
}

/// Killed while alerts wait for their first turn, and nobody sends them again.
async fn before(bench: &mut Bench<'_>) -> Result<()> {
    let mut target = bench.router(&Configuration::slack("5s")).await?;
    let alerts = warnings(0, ALERTS_SENT, 1);
    let silences = (0..SILENCES_SENT).map(|nth| silence(FIRST_SILENCED + nth)).collect();
    post(target.address, SILENCES, silences, SENDERS).await?;
    post(target.address, ALERTS, bodies(&alerts, Firing::from_now()), SENDERS).await?;
    target.stop(Signal::KILL).await?;
    bench.figures.expect(target.receiver.heard().firing() == 0, "killed too late: alerts had been told");
    let start = target.start_again().await?;
    bench.figures.note(RESTART, millis(start));

    let all = target.receiver.wait_for(alerts.len(), WATCH).await;
    let forgotten = alerts.len() - target.receiver.heard().firing();
    bench.figures.note(FORGOTTEN, forgotten as f64);
    bench.figures.expect(all, "alerts that had been accepted were forgotten");
    let known = Client::new(target.address).ask(SILENCES).await?;
    let known = serde_json::from_slice::<Vec<serde_json::Value>>(&known)?.len();
    let lost = SILENCES_SENT as usize - known;
    bench.figures.note(SILENCES_LOST, lost as f64);
    bench.figures.expect(lost == 0, "silences that had been accepted were lost");
    Ok(())
}

/// Killed when everything had been told, and then everybody sends again.
async fn behind(bench: &mut Bench<'_>) -> Result<()> {
    let mut target = bench.router(&Configuration::slack("0s")).await?;
    let (alerts, firing) = (warnings(0, ALERTS_SENT, 1), Firing::from_now());
    post(target.address, ALERTS, bodies(&alerts, firing), SENDERS).await?;
    let all = target.receiver.wait_for(alerts.len(), WATCH).await;
    bench.figures.expect(all, "not every alert was told");
    target.settle(SETTLING).await?;
    target.stop(Signal::KILL).await?;
    target.start_again().await?;
    post(target.address, ALERTS, bodies(&alerts, firing.again()), SENDERS).await?;
    sleep(WATCH / 2).await;
    target.settle(SETTLING).await?;
    let repeated = target.receiver.heard().repeated();
    bench.figures.note(REPEATED, repeated as f64);
    bench.figures.expect(repeated == 0, "alerts were told twice");
    Ok(())
}
