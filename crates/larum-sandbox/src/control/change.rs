//! Changing the workspace from above: channels, tokens, and back to the beginning.

use serde::{Deserialize, Serialize};

use super::{Control, ControlError, channel_id};
use crate::seed::{fresh_channel, restore};
use crate::throttle::Throttle;
use crate::workspace::{TokenKind, TokenState};

/// Channels of a workspace.
const CHANNELS: usize = 1_000;

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

impl Control {
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
        world.throttle = Throttle::default();
        world.switches = self.switches;
        world.change(restore)?;
        world.clear_messages(None)?;
        Ok(())
    }
}
