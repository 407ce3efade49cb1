//! Who asks: a session's cookie or a service token.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use larum_core::time::Timestamp;
use larum_store::accounts::{Role, TOKEN_PREFIX};
use larum_store::{Store, StoreError};

use crate::setup::{Access, Setup};

/// The name of whoever gives none.
pub const ANONYMOUS: &str = "anonymous";
/// The longest name that somebody is called by who proves nothing, in bytes.
const MAX_NAME: usize = 128;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user's name, or what the service token is for.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they proved it.
    pub by: Proof,
}

/// How a caller proved who they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// By a session.
    Session {
        /// Whether nothing else is allowed before the password is changed.
        must_change_password: bool,
    },
    /// By a service token.
    Token,
    /// Not at all: everybody comes in.
    None,
}

impl Caller {
    /// Somebody, where everybody comes in. The name is that of basic authentication, which was asked for in front of the
    /// doors if at all; here it proves nothing, as the author that is written on a silence does not.
    fn anybody(headers: &HeaderMap) -> Self {
        let plain =
            |name: &String| !name.is_empty() && name.len() <= MAX_NAME && !name.contains(char::is_control);
        let given = decoded(headers).map(|(name, _)| name).filter(plain);
        Self {
            name: given.unwrap_or_else(|| ANONYMOUS.to_owned()),
            role: Role::PlatformAdmin,
            by: Proof::None,
        }
    }

    /// How their changes are signed.
    pub fn signature(&self) -> String {
        match self.by {
            Proof::Session { .. } | Proof::None => self.name.clone(),
            Proof::Token => format!("token {}", self.name),
        }
    }

    /// Whether nothing else is allowed before the password is changed.
    pub fn must_change_password(&self) -> bool {
        self.by == Proof::Session { must_change_password: true }
    }
}

/// Finds out who asks. A token that is given counts alone; it is never tried as something else.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn identify(
    headers: &HeaderMap,
    setup: &Setup,
    store: &Store,
    now: Timestamp,
) -> Result<Option<Caller>, StoreError> {
    if setup.alertmanager.access == Access::Everybody {
        return Ok(Some(Caller::anybody(headers)));
    }
    if headers.contains_key(header::AUTHORIZATION) {
        let Some(secret) = bearer(headers).or_else(|| basic(headers)) else { return Ok(None) };
        return by_token(&secret, store, now).await;
    }
    let Some(secret) = session_cookie(headers, setup) else { return Ok(None) };
    let session = store.session(secret, now).await?;
    Ok(session.map(|session| Caller {
        name: session.name,
        role: session.role.into(),
        by: Proof::Session { must_change_password: session.must_change_password },
    }))
}

/// Who bears a service token.
///
/// # Errors
/// [`StoreError`] if the database fails.
pub async fn by_token(secret: &str, store: &Store, now: Timestamp) -> Result<Option<Caller>, StoreError> {
    if !secret.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let token = store.token(secret, now).await?;
    Ok(token.map(|token| Caller { name: token.name, role: token.role, by: Proof::Token }))
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    credentials(headers, "bearer").map(str::to_owned)
}

/// The password of `Authorization: Basic` (RFC 7617), for tools that know nothing else; the name does not count.
pub fn basic(headers: &HeaderMap) -> Option<String> {
    decoded(headers).map(|(_, password)| password)
}

/// Name and password of HTTP Basic authentication.
fn decoded(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(credentials(headers, "basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = text.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

/// The cookie's name: `__Host-` asks browsers to keep it to this host and to TLS (RFC 6265bis, section 4.1.3.2).
pub fn cookie_name(setup: &Setup) -> &'static str {
    if setup.external_url.is_https() { "__Host-larum" } else { "larum" }
}

/// The session in the cookie.
pub fn session_cookie<'a>(headers: &'a HeaderMap, setup: &Setup) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(setup)).map(|(_, value)| value)
}
