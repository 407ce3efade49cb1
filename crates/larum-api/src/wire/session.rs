//! Who is there: sessions, users, service tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::Time;

/// What a user or a service token may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything.
    PlatformAdmin,
    /// Read, except users, tokens and the settings of receivers.
    Viewer,
    /// Post alerts and nothing else; only a service token can have it.
    Sender,
}

/// What a user may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserRole {
    /// Everything.
    PlatformAdmin,
    /// Read, except users, tokens and the settings of receivers.
    Viewer,
}

/// As what Larum runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// `larum serve`: policies, receivers and settings of its own; people log in.
    Serve,
    /// `larum alertmanager`: what its file says, and nobody logs in.
    Alertmanager,
}

/// Who asks, and what there is for them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// As what Larum runs.
    pub mode: Mode,
    /// Who is logged in. Where nobody is: the name given for basic authentication, or `anonymous`.
    pub user: SessionUser,
    /// Whether nothing else is allowed before the password is changed.
    pub must_change_password: bool,
}

/// The user of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    /// The name used to log in.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub struct Login {
    /// The user's name.
    pub name: String,
    /// The user's password, or the one-time password.
    pub password: String,
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    /// The password so far.
    pub current: String,
    /// The new one: 12 to 1024 bytes, not the name and not the one so far.
    pub new: String,
}

/// A local account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// The name used to log in.
    pub name: String,
    /// What they may do.
    pub role: UserRole,
    /// When the account was made.
    pub created_at: Time,
    /// When they last logged in.
    #[schema(required)]
    pub last_login_at: Option<Time>,
    /// Whether a one-time password waits to be changed.
    pub must_change_password: bool,
}

/// All local accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Users {
    /// In order of name.
    pub users: Vec<User>,
}

/// A local account to make.
#[derive(Deserialize, ToSchema)]
pub struct UserDraft {
    /// The name used to log in: 1 to 64 letters, digits, `.`, `_`, `-` or `@`.
    pub name: String,
    /// What they may do.
    pub role: UserRole,
}

/// A change to a local account.
#[derive(Deserialize, ToSchema)]
pub struct UserUpdate {
    /// What they may do from now on.
    pub role: UserRole,
}

/// A new account with its password.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserCreated {
    /// The account.
    pub user: User,
    /// Shown this once; has to be changed at the first login.
    pub one_time_password: String,
}

/// A new password for an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordReset {
    /// Shown this once; has to be changed at the next login.
    pub one_time_password: String,
}

/// A service token: lets a script in, as `Authorization: Bearer larum_…`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceToken {
    /// Known by this number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// When it was last used, to the minute.
    #[schema(required)]
    pub last_used_at: Option<Time>,
}

/// All service tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceTokens {
    /// Newest first.
    pub tokens: Vec<ServiceToken>,
}

/// A service token to make.
#[derive(Deserialize, ToSchema)]
pub struct ServiceTokenDraft {
    /// What it is for: 1 to 64 characters.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
}

/// A new service token.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceTokenCreated {
    /// What is kept of it.
    pub token: ServiceToken,
    /// The token itself, shown this once.
    pub secret: String,
}
