//! The hand from above: reads a sandbox, changes it, and makes its calls fail. Tests in the same process use
//! [`Control`]; everybody else the same things over `/_sandbox/`.

mod change;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::sync::watch;

pub use change::{ChannelChange, TokenChange};

use crate::answer::Refusal;
use crate::config::{SandboxConfig, Switches};
use crate::edge::Clock;
use crate::faults::{Behaviour, Fault};
use crate::messages::Posted;
use crate::requests::Received;
use crate::workspace::{Channel, TokenKind};
use crate::world::{Revision, World};

/// The longest that a reader waits for something to happen.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Faults that can wait at a time.
const FAULTS: usize = 1_000;

/// Why the sandbox did not do what it was told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such channel, token or fault.
    #[error("there is no {0} in this workspace")]
    Unknown(String),
    /// What was asked makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The data folder cannot be written.
    #[error("the sandbox folder cannot be written")]
    Storage,
}

impl From<Refusal> for ControlError {
    fn from(_: Refusal) -> Self {
        Self::Storage
    }
}

/// A handle on a running sandbox. Clones are handles on the same one.
#[derive(Clone)]
pub struct Control {
    world: Arc<Mutex<World>>,
    clock: Clock,
    switches: Switches,
}

impl Control {
    pub(crate) fn new(world: World, config: &SandboxConfig) -> Self {
        let world = Arc::new(Mutex::new(world));
        Self { world, clock: config.clock.clone(), switches: config.switches }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.micros()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Revision> {
        self.world().changes.subscribe()
    }

    /// The whole workspace but its messages: team, channels, tokens, faults, switches.
    #[must_use]
    pub fn state(&self) -> Value {
        let (mut world, now) = (self.world(), self.now());
        let faults = json!(world.faults.pending(now));
        let workspace = &world.workspace;
        let channel = |channel: &Channel| {
            json!({
                "id": channel.id, "name": channel.name, "purpose": channel.purpose,
                "is_private": channel.is_private, "is_archived": channel.is_archived,
                "bot_is_member": channel.has(&workspace.bot.id),
                "owner_is_member": channel.has(&workspace.owner.id),
                "messages": world.messages.count(&channel.id),
            })
        };
        json!({
            "url": world.url, "team": workspace.team, "app": workspace.app,
            "owner": workspace.owner, "bot": workspace.bot,
            "channels": workspace.channels.iter().map(channel).collect::<Vec<_>>(),
            "tokens": workspace.tokens.iter().map(|token| json!({
                "kind": token.kind, "token": token.secret, "scopes": token.scopes, "state": token.state,
            })).collect::<Vec<_>>(),
            "switches": world.switches, "faults": faults, "last_seq": world.messages.last_seq(),
            "edits": world.edits,
        })
    }

    /// The token of this kind, also while it is revoked.
    #[must_use]
    pub fn token(&self, kind: TokenKind) -> String {
        self.world().workspace.token(kind).map(|token| token.secret.clone()).unwrap_or_default()
    }

    /// The id of a channel, found by its id, `#name` or name.
    ///
    /// # Errors
    /// [`ControlError::Unknown`].
    pub fn channel_id(&self, channel: &str) -> Result<String, ControlError> {
        channel_id(&self.world(), channel)
    }

    /// Makes calls fail. Returns the id by which the fault can be cleared.
    ///
    /// # Errors
    /// [`ControlError::Unknown`] for its channel, [`ControlError::Invalid`] for impossible numbers.
    pub fn inject(&self, fault: Fault) -> Result<u64, ControlError> {
        let (mut world, now) = (self.world(), self.now());
        if let Some(channel) = &fault.channel {
            channel_id(&world, channel)?;
        }
        match &fault.behaviour {
            Behaviour::ServerError { status } if !(500..600).contains(status) => {
                return Err(ControlError::Invalid("the status of a server error is 500 to 599".into()));
            }
            Behaviour::Slow { milliseconds } if *milliseconds > 600_000 => {
                return Err(ControlError::Invalid("slow is at most 600,000 milliseconds".into()));
            }
            _ => {}
        }
        if world.faults.pending(now).len() >= FAULTS {
            return Err(ControlError::Invalid(format!("{FAULTS} faults wait already: clear some")));
        }
        let id = world.faults.add(fault, now);
        world.touch();
        Ok(id)
    }

    /// Clears one fault.
    ///
    /// # Errors
    /// [`ControlError::Unknown`] when it is no longer there.
    pub fn clear_fault(&self, id: u64) -> Result<(), ControlError> {
        let mut world = self.world();
        if !world.faults.clear(Some(id)) {
            return Err(ControlError::Unknown(format!("fault {id}")));
        }
        world.touch();
        Ok(())
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        let mut world = self.world();
        world.faults.clear(None);
        world.touch();
    }

    /// The switches as they stand.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.world().switches
    }

    /// Sets all switches.
    pub fn set_switches(&self, switches: Switches) {
        let mut world = self.world();
        world.switches = switches;
        world.touch();
    }

    /// The messages stored after `seq` (0 for all), in the order they were stored.
    ///
    /// # Errors
    /// [`ControlError::Unknown`] for the channel.
    pub fn messages(&self, after: u64, channel: Option<&str>) -> Result<Vec<Posted>, ControlError> {
        let world = self.world();
        let id = channel.map(|word| channel_id(&world, word)).transpose()?;
        Ok(world.messages.after(after, id.as_deref()).cloned().collect())
    }

    /// Waits until at least `count` messages were stored after `seq`, or until `wait` (at most a minute) is
    /// over, and returns what there is then.
    ///
    /// # Errors
    /// [`ControlError::Unknown`] for the channel.
    pub async fn wait_for_messages(
        &self,
        after: u64,
        channel: Option<&str>,
        count: usize,
        wait: Duration,
    ) -> Result<Vec<Posted>, ControlError> {
        let enough = || {
            let world = self.world();
            let id = channel.map(|word| channel_id(&world, word)).transpose()?;
            Ok(world.messages.after(after, id.as_deref()).count() >= count)
        };
        self.wait_until(wait, enough).await?;
        self.messages(after, channel)
    }

    /// The requests to the Web API after `seq` (0 for all), in the order they came.
    #[must_use]
    pub fn requests(&self, after: u64) -> Vec<Received> {
        self.world().requests.after(after)
    }

    /// Waits until at least `count` requests came after `seq`, or until `wait` (at most a minute) is over, and
    /// returns what there is then.
    pub async fn wait_for_requests(&self, after: u64, count: usize, wait: Duration) -> Vec<Received> {
        // Looking at requests cannot fail.
        let _ = self.wait_until(wait, || Ok(self.world().requests.count_after(after) >= count)).await;
        self.requests(after)
    }

    /// Looks again at each change until it is enough, or the time is over.
    async fn wait_until(
        &self,
        wait: Duration,
        enough: impl Fn() -> Result<bool, ControlError>,
    ) -> Result<(), ControlError> {
        let mut changes = self.watch();
        let deadline = tokio::time::sleep(wait.min(LONGEST_WAIT));
        tokio::pin!(deadline);
        loop {
            changes.borrow_and_update();
            if enough()? {
                return Ok(());
            }
            tokio::select! {
                () = &mut deadline => return Ok(()),
                changed = changes.changed() => if changed.is_err() { return Ok(()) },
            }
        }
    }
}

fn channel_id(world: &World, word: &str) -> Result<String, ControlError> {
    let channel =
        world.workspace.channel(word).ok_or_else(|| ControlError::Unknown(format!("channel {word}")))?;
    Ok(channel.id.clone())
}
