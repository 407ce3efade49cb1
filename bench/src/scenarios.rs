//! What is measured, one scenario a file. Each starts what it measures in a folder of its own.

mod latency;
mod ingest;
mod fan_out;
mod groups;
mod memory;
mod silences;
mod inhibition;
mod crash;
mod refusal;
mod evaluation;

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use clap::ValueEnum;
use tokio::time::timeout;

use crate::client::Client;
use crate::clock;
use crate::configuration::Configuration;
use crate::figures::{FiguresOf, quantile};
use crate::meter::Meter;
use crate::post::{ALERTS, post};
use crate::probe::{Probe, Questions};
use crate::target::{Kind, Program, Target};

/// The longest that one scenario may take with one program; with all that an Alertmanager needs, none takes half of it.
const LIMIT: Duration = Duration::from_secs(420);
/// The longest that it is waited until a program has nothing left to do.
const SETTLING: Duration = Duration::from_secs(60);

/// One thing to measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Scenario {
    /// From a POST to Slack, one alert after the other
    Latency,
    /// Taking in 100,000 alerts, and again
    Ingest,
    /// What a message costs
    FanOut,
    /// 100,000 groups of one alert
    Groups,
    /// 300,000 active alerts: memory, and questions about them
    Memory,
    /// 5,000 regular expressions that hide some of 10,000 alerts
    Silences,
    /// 5,000 alerts that hush some of 20,000
    Inhibition,
    /// kill -9 before and behind the message
    Crash,
    /// Slack answers 429 for a while
    Refusal,
    /// 5,000 rules over 48,000 scraped series
    Evaluation,
}

impl Scenario {
    /// How it is called on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Ingest => "ingest",
            Self::FanOut => "fan-out",
            Self::Groups => "groups",
            Self::Memory => "memory",
            Self::Silences => "silences",
            Self::Inhibition => "inhibition",
            Self::Crash => "crash",
            Self::Refusal => "refusal",
            Self::Evaluation => "evaluation",
        }
    }

    /// What Larum is measured beside.
    pub const fn beside(self) -> Kind {
        match self {
            Self::Evaluation => Kind::Prometheus,
            _ => Kind::Alertmanager,
        }
    }

    /// Measures one program.
    ///
    /// # Errors
    /// When it does not start, does not answer, or not with 200; and when it takes too long.
    pub async fn measure(self, bench: &mut Bench<'_>) -> Result<()> {
        let measuring = async {
            match self {
                Self::Latency => latency::measure(bench).await,
                Self::Ingest => ingest::measure(bench).await,
                Self::FanOut => fan_out::measure(bench).await,
                Self::Groups => groups::measure(bench).await,
                Self::Memory => memory::measure(bench).await,
                Self::Silences => silences::measure(bench).await,
                Self::Inhibition => inhibition::measure(bench).await,
                Self::Crash => crash::measure(bench).await,
                Self::Refusal => refusal::measure(bench).await,
                Self::Evaluation => evaluation::measure(bench).await,
            }
        };
        timeout(LIMIT, measuring).await.with_context(|| format!("{self:?} took longer than {LIMIT:?}"))?
    }
}

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// A fiftieth, to see that it works.
    Quick,
    /// What the budgets are for.
    Usual,
    /// The same, and what takes minutes.
    Full,
}

/// One program in one scenario.
pub struct Bench<'f> {
    /// What is measured.
    pub program: &'f Program,
    /// How much.
    pub size: Size,
    /// What comes out.
    pub figures: FiguresOf<'f>,
}

impl Bench<'_> {
    /// So many, or a fiftieth if it shall be quick.
    fn count(&self, usual: u32) -> u32 {
        if self.size == Size::Quick { usual / 50 } else { usual }
    }

    /// So long, or a fifth if it shall be quick.
    fn span(&self, seconds: u64) -> Duration {
        Duration::from_secs(seconds) / if self.size == Size::Quick { 5 } else { 1 }
    }

    async fn router(&self, configuration: &Configuration) -> Result<Target> {
        Target::router(self.program, configuration).await
    }

    /// Posts alerts over so many connections and waits until that has no more consequences.
    async fn take_in(&self, target: &Target, bodies: Vec<Bytes>, connections: usize) -> Result<TakenIn> {
        let meter = Meter::start(target.id()?)?;
        let wall = post(target.address, ALERTS, bodies, connections).await?.wall;
        target.settle(SETTLING).await?;
        self.others(&meter)?;
        Ok(TakenIn { cpu: meter.cpu()?, wall })
    }

    /// Asks something cheap while there is work. An Alertmanager is not asked for alerts of which there are none: for that
    /// it looks at every alert, and would soon do little else.
    fn probe(&self, target: &Target, during: &'static str) -> Probe {
        let questions = if self.program.kind == Kind::Larum { Questions::ALL } else { Questions::CHEAP };
        Probe::start(target.address, questions, during)
    }

    /// Says how busy the machine was with other things, by which a reader knows what a figure is worth.
    fn others(&self, meter: &Meter) -> Result<()> {
        let others = meter.others()?;
        if others > BUSY {
            crate::figures::show(&format!("  {others:>12.1}  processors were busy with other things"));
        }
        Ok(())
    }
}

/// From how many processors on it is said that they were busy with other things.
const BUSY: f64 = 0.5;

/// What it took to take alerts in.
struct TakenIn {
    /// CPU seconds until nothing was left to do.
    cpu: f64,
    /// Until the last answer.
    wall: Duration,
}

/// How many alerts an answer lists.
fn listed(answer: &[u8]) -> usize {
    const MARK: &[u8] = b"\"fingerprint\"";
    answer.windows(MARK.len()).filter(|window| *window == MARK).count()
}

/// The middle of how long a question takes that is asked so often, or as often as there is time for; and the last answer.
async fn ask(target: &Target, path: &str, times: u32, limit: Duration) -> Result<(Duration, Bytes)> {
    let (mut client, begun) = (Client::new(target.address), clock::now());
    let (mut took, mut answer) = (Vec::new(), Bytes::new());
    while took.is_empty() || (took.len() < times as usize && begun.elapsed() < limit) {
        let asked = clock::now();
        answer = client.ask(path).await?;
        took.push(asked.elapsed());
    }
    Ok((quantile(&took, 0.5), answer))
}
