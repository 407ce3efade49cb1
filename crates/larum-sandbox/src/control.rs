//! The hand from above: reads a sandbox, changes it, and makes its calls fail. Tests in the same process use
//! [`Control`]; everybody else the same things over `/_sandbox/`.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::answer::Refusal;
use crate::config::{SandboxConfig, Switches};
use crate::edge::Clock;
use crate::faults::{Behaviour, Fault};
use crate::messages::Posted;
use crate::requests::Received;
use crate::seed::{fresh_channel, restore};
use crate::workspace::{Channel, TokenKind, TokenState};
use crate::world::{Revision, World};

/// The longest that a reader waits for something to happen.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Faults that can wait at a time, and channels of a workspace.
const FAULTS: usize = 1_000;
const CHANNELS: usize = 1_000;

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

/// What to change about a channel; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelChange {
    /// Archives it or takes it out of the archive.
    pub is_archived: Option<bool>,
    /// Invites or removes the app.
    pub bot_is_member: Option<bool>,
    /// Invites or removes the human who installed the app.
    pub owner_is_member: Option<bool>,
}

/// What to change about a token; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenChange {
    /// Revokes or restores it.
    pub state: Option<TokenState>,
    /// Its scopes from now on.
    pub scopes: Option<Vec<String>>,
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

    /// Archives a channel, invites or removes the app or the owner.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], [`ControlError::Storage`].
    pub fn change_channel(&self, channel: &str, change: ChannelChange) -> Result<(), ControlError> {
        let mut world = self.world();
        let id = channel_id(&world, channel)?;
        let (bot, owner) = (world.workspace.bot.id.clone(), world.workspace.owner.id.clone());
        world.change(|workspace| {
            let Some(channel) = workspace.channel_mut(&id) else { return };
            channel.is_archived = change.is_archived.unwrap_or(channel.is_archived);
            for (user, is_member) in [(bot, change.bot_is_member), (owner, change.owner_is_member)] {
                match is_member {
                    Some(true) => drop(channel.members.insert(user)),
                    Some(false) => drop(channel.members.remove(&user)),
                    None => {}
                }
            }
        })?;
        Ok(())
    }

    /// Makes a channel with the app and the owner in it, and returns its id.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] unless the name is new, of 1 to 80 lower-case letters, digits, `-` and `_`;
    /// [`ControlError::Storage`].
    pub fn create_channel(&self, name: &str, is_private: bool) -> Result<String, ControlError> {
        let (mut world, now) = (self.world(), self.now());
        let fits = |letter: char| letter.is_alphanumeric() && !letter.is_uppercase() || "-_".contains(letter);
        if name.is_empty() || name.chars().count() > 80 || !name.chars().all(fits) {
            let words = "a channel's name is 1 to 80 lower-case letters, digits, - and _";
            return Err(ControlError::Invalid(words.into()));
        }
        if world.workspace.channel(name).is_some() || world.workspace.channels.len() >= CHANNELS {
            return Err(ControlError::Invalid(format!("there is a channel {name} already, or too many")));
        }
        let id = world.random.id('C');
        let channel = fresh_channel(&world.workspace, id.clone(), name, is_private, now);
        world.change(|workspace| workspace.channels.push(channel))?;
        Ok(id)
    }

    /// Revokes or restores a token, or changes its scopes.
    ///
    /// # Errors
    /// [`ControlError::Storage`].
    pub fn change_token(&self, kind: TokenKind, change: &TokenChange) -> Result<(), ControlError> {
        self.world().change(|workspace| {
            for token in workspace.tokens.iter_mut().filter(|token| token.kind == kind) {
                token.state = change.state.unwrap_or(token.state);
                if let Some(scopes) = &change.scopes {
                    token.scopes.clone_from(scopes);
                }
            }
        })?;
        Ok(())
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
        self.wait_until(wait, || {
            let messages = self.messages(after, channel)?;
            Ok((messages.len() >= count, messages))
        })
        .await
    }

    /// The requests to the Web API after `seq` (0 for all), in the order they came.
    #[must_use]
    pub fn requests(&self, after: u64) -> Vec<Received> {
        self.world().requests.after(after)
    }

    /// Waits until at least `count` requests came after `seq`, or until `wait` (at most a minute) is over, and
    /// returns what there is then.
    pub async fn wait_for_requests(&self, after: u64, count: usize, wait: Duration) -> Vec<Received> {
        let requests = self.wait_until(wait, || {
            let requests = self.requests(after);
            Ok((requests.len() >= count, requests))
        });
        requests.await.unwrap_or_default()
    }

    /// Looks again at each change until `look` says it is enough, or the time is over.
    async fn wait_until<T>(
        &self,
        wait: Duration,
        look: impl Fn() -> Result<(bool, T), ControlError>,
    ) -> Result<T, ControlError> {
        let mut changes = self.watch();
        let deadline = tokio::time::sleep(wait.min(LONGEST_WAIT));
        tokio::pin!(deadline);
        loop {
            changes.borrow_and_update();
            let (enough, found) = look()?;
            if enough {
                return Ok(found);
            }
            tokio::select! {
                () = &mut deadline => return look().map(|(_, found)| found),
                changed = changes.changed() => if changed.is_err() { return Ok(found) },
            }
        }
    }

    /// Forgets the messages of one channel, or of all.
    ///
    /// # Errors
    /// [`ControlError::Unknown`], [`ControlError::Storage`].
    pub fn clear_messages(&self, channel: Option<&str>) -> Result<(), ControlError> {
        let mut world = self.world();
        let id = channel.map(|word| channel_id(&world, word)).transpose()?;
        world.clear_messages(id.as_deref())?;
        Ok(())
    }

    /// Back to the beginning: no messages, faults, requests or made channels; channels, scopes and switches as
    /// at the first start. Ids and tokens stay.
    ///
    /// # Errors
    /// [`ControlError::Storage`].
    pub fn reset(&self) -> Result<(), ControlError> {
        let mut world = self.world();
        world.faults.clear(None);
        world.requests.clear();
        world.throttle = crate::throttle::Throttle::default();
        world.switches = self.switches;
        world.change(restore)?;
        world.clear_messages(None)?;
        Ok(())
    }
}

fn channel_id(world: &World, word: &str) -> Result<String, ControlError> {
    let channel =
        world.workspace.channel(word).ok_or_else(|| ControlError::Unknown(format!("channel {word}")))?;
    Ok(channel.id.clone())
}
