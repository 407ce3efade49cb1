//! Who may come in: users, sessions and service tokens.

mod password;
mod user;
mod first;
mod session;
mod token;

pub use first::{INITIAL_PASSWORD_FILE, reset_password_in};
pub use password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES};
pub use session::{MAX_SESSIONS_PER_USER, SESSION_IDLE, SESSION_LIFE, Session, SessionSecret};
pub use token::{MAX_TOKENS, TOKEN_PREFIX, TokenRow};
pub use user::{MAX_USERS, UserRow};

use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// 32 bytes drawn at random by the caller, for one use only.
pub type Fresh = [u8; 32];

/// What a user or a service token may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Everything.
    PlatformAdmin,
    /// Read, except users, tokens and the settings of receivers.
    Viewer,
    /// Post alerts and nothing else; only a service token can have it.
    Sender,
}

impl Role {
    /// The word under which it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformAdmin => "platform-admin",
            Self::Viewer => "viewer",
            Self::Sender => "sender",
        }
    }

    fn from_word(word: &str) -> Result<Self, StoreError> {
        let roles = [Self::PlatformAdmin, Self::Viewer, Self::Sender];
        let role = roles.into_iter().find(|role| role.as_str() == word);
        role.ok_or_else(|| unknown("service_token", word))
    }
}

/// What a user may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserRole {
    /// Everything.
    PlatformAdmin,
    /// Read, except users, tokens and the settings of receivers.
    Viewer,
}

impl UserRole {
    fn from_word(word: &str) -> Result<Self, StoreError> {
        let role =
            [Self::PlatformAdmin, Self::Viewer].into_iter().find(|role| Role::from(*role).as_str() == word);
        role.ok_or_else(|| unknown("account", word))
    }
}

impl From<UserRole> for Role {
    fn from(role: UserRole) -> Self {
        match role {
            UserRole::PlatformAdmin => Self::PlatformAdmin,
            UserRole::Viewer => Self::Viewer,
        }
    }
}

fn unknown(table: &'static str, role: &str) -> StoreError {
    StoreError::Row { table, reason: format!("unknown role {role:?}") }
}

/// Why something about accounts is refused, in words for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is not one.
    #[error("A user name has 1 to 64 letters, digits, dots, hyphens, underscores or @.")]
    Name,
    /// Somebody has the name.
    #[error("There is a user with this name already.")]
    NameTaken,
    /// Nobody has the name.
    #[error("There is no user with this name.")]
    NoSuchUser,
    /// Nobody could administrate any more.
    #[error("This is the last platform-admin: make another one first.")]
    LastAdministrator,
    /// The password so far is not what it should be.
    #[error("The current password is wrong.")]
    WrongPassword,
    /// The new password is no good.
    #[error("{0}")]
    WeakPassword(&'static str),
    /// The token's name is not one.
    #[error("Give the token a name of 1 to 64 characters that says what it is for.")]
    TokenName,
    /// There is no such token.
    #[error("There is no such service token.")]
    NoSuchToken,
    /// A limit is reached.
    #[error("There can be at most {limit} {what}: delete one first.")]
    Limit {
        /// How many there can be.
        limit: i64,
        /// Of what.
        what: &'static str,
    },
    /// The memory fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What is stored of a random secret: nobody guesses 256 random bits, so a plain hash is enough.
fn sha256(secret: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// 32 bytes that depend on `fresh` and on what they are for, so that one draw serves several ends.
fn derive(fresh: &Fresh, purpose: &str) -> [u8; 32] {
    Sha256::new().chain_update(purpose.as_bytes()).chain_update(fresh).finalize().into()
}
