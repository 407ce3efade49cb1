//! Many requests over a few connections, as fast as they are taken.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;

use crate::alerts::{Alert, Firing, bodies};
use crate::client::Client;
use crate::clock;

/// Where alerts are posted and asked for.
pub const ALERTS: &str = "/api/v2/alerts";
/// Where silences are posted and asked for.
pub const SILENCES: &str = "/api/v2/silences";

/// How long it took.
pub struct Posted {
    /// From before the first request until after the last answer.
    pub wall: Duration,
    /// Each request, in the order in which they were answered on one connection.
    pub each: Vec<Duration>,
}

/// Posts every body once to a path, over so many connections with one request in flight on each.
///
/// # Errors
/// When one of them is not answered with 200.
pub async fn post(address: SocketAddr, path: &str, bodies: Vec<Bytes>, connections: usize) -> Result<Posted> {
    let (bodies, next) = (Arc::new(bodies), Arc::new(AtomicUsize::new(0)));
    let begun = clock::now();
    let senders: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(send(address, path.to_owned(), bodies.clone(), next.clone())))
        .collect();
    let mut each = Vec::with_capacity(bodies.len());
    for sender in senders {
        each.extend(sender.await.context("a sender fell over")??);
    }
    if each.len() != bodies.len() {
        bail!("{} of {} requests were answered", each.len(), bodies.len());
    }
    Ok(Posted { wall: begun.elapsed(), each })
}

/// How many alerts begin to fire at the same time.
const WAVE: usize = 10_000;

/// Posts alerts that begin to fire when they are posted. A router does not wait for a group whose first alert began more
/// than the group wait ago, and what comes later waits for the group interval: so many alerts must not all be as old as
/// the first of them.
///
/// # Errors
/// When a request is not answered with 200.
pub async fn post_as_they_begin(address: SocketAddr, alerts: &[Alert], connections: usize) -> Result<()> {
    for wave in alerts.chunks(WAVE) {
        post(address, ALERTS, bodies(wave, Firing::from_now()), connections).await?;
    }
    Ok(())
}

async fn send(
    address: SocketAddr,
    path: String,
    bodies: Arc<Vec<Bytes>>,
    next: Arc<AtomicUsize>,
) -> Result<Vec<Duration>> {
    let (mut client, mut took) = (Client::new(address), Vec::new());
    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begun = clock::now();
        client.tell(&path, body.clone()).await?;
        took.push(begun.elapsed());
    }
    Ok(took)
}
