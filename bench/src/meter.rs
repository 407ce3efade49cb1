//! How much CPU time and memory something took, and how much the rest of the machine took meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::clock;
use crate::process::{cpu_seconds, machine_seconds, resident_bytes};

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Measures a process from now on.
pub struct Meter {
    id: u32,
    begun: Instant,
    cpu: f64,
    own: f64,
    machine: f64,
    /// The most bytes of memory seen; whoever looks stops when the meter is gone.
    peak: Arc<AtomicU64>,
}

impl Meter {
    /// Starts with what the process used so far.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn start(id: u32) -> Result<Self> {
        let peak = Arc::new(AtomicU64::new(0));
        let seen = Arc::downgrade(&peak);
        tokio::spawn(async move {
            while let Some(peak) = seen.upgrade() {
                peak.fetch_max(resident_bytes(id).unwrap_or_default() as u64, Ordering::Relaxed);
                drop(peak);
                tokio::time::sleep(LOOK).await;
            }
        });
        let own = cpu_seconds(std::process::id())?;
        Ok(Self { id, begun: clock::now(), cpu: cpu_seconds(id)?, own, machine: machine_seconds()?, peak })
    }

    /// CPU seconds that the process used since.
    ///
    /// # Errors
    /// When it has ended.
    pub fn cpu(&self) -> Result<f64> {
        Ok(cpu_seconds(self.id)? - self.cpu)
    }

    /// The most bytes of memory that it was seen to hold since.
    pub fn peak(&self) -> f64 {
        self.peak.load(Ordering::Relaxed) as f64
    }

    /// How many processors others than the process and this one kept busy since, on average: a figure that was taken
    /// while they did is an upper bound.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn others(&self) -> Result<f64> {
        let own = cpu_seconds(std::process::id())? - self.own;
        let others = machine_seconds()? - self.machine - own - self.cpu()?;
        Ok((others / self.begun.elapsed().as_secs_f64()).max(0.0))
    }
}
