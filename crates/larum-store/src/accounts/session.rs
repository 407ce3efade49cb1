//! Sessions: who is logged in.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use larum_core::time::Timestamp;
use sqlx::Row;

use super::{AccountError, Fresh, UserRole, password, sha256, user};
use crate::Store;
use crate::error::StoreError;

/// After how long without a request a session ends.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 60 * 60);
/// After how long a session ends in any case.
pub const SESSION_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The most sessions one user can have; a new one ends the longest unused.
pub const MAX_SESSIONS_PER_USER: i64 = 50;
/// How far behind the time of the last request may be, so that reading a page writes nothing.
pub(super) const SEEN_GRAIN: Duration = Duration::from_secs(60);

/// A session as its bearer knows it. Never stored, never shown in logs.
#[derive(Clone)]
pub struct SessionSecret(String);

impl SessionSecret {
    /// What goes into the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

/// Who a session belongs to, as they are now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The user's name.
    pub name: String,
    /// What they may do.
    pub role: UserRole,
    /// Whether nothing else is allowed before the password is changed.
    pub must_change_password: bool,
}

impl Store {
    /// Logs in. Nothing is answered if name or password is wrong, and it takes the same time whichever it is.
    ///
    /// # Errors
    /// [`AccountError::Store`] if the database fails.
    pub async fn log_in(
        &self,
        name: &str,
        password: &str,
        fresh: &Fresh,
        now: Timestamp,
    ) -> Result<Option<(SessionSecret, Session)>, AccountError> {
        if password.len() > password::MAX_PASSWORD_BYTES {
            return Ok(None);
        }
        let name = user::normal(name).unwrap_or_default();
        let text = "SELECT password_hash, role, must_change_password FROM account WHERE name = $1";
        let row = sqlx::query(text).bind(&name).fetch_optional(&self.readers).await?;
        let Some(row) = row else {
            password::hash(password, fresh).await?;
            return Ok(None);
        };
        let hash: String = row.try_get("password_hash")?;
        if !password::verify(password, &hash).await? {
            return Ok(None);
        }
        let role = UserRole::from_word(row.try_get("role")?)?;
        let must_change_password = row.try_get::<i64, _>("must_change_password")? != 0;
        let secret = SessionSecret(URL_SAFE_NO_PAD.encode(fresh));
        self.begin_session(&name, &secret, now).await?;
        Ok(Some((secret, Session { name, role, must_change_password })))
    }

    async fn begin_session(
        &self,
        name: &str,
        secret: &SessionSecret,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let over = "DELETE FROM session WHERE last_seen_at <= $1 OR created_at <= $2";
        let (idle, life) = (now.minus(SESSION_IDLE).as_millis(), now.minus(SESSION_LIFE).as_millis());
        sqlx::query(over).bind(idle).bind(life).execute(&mut *transaction).await?;
        let spare = "DELETE FROM session WHERE id_hash IN \
            (SELECT id_hash FROM session WHERE account = $1 ORDER BY last_seen_at DESC LIMIT 1000000 OFFSET $2)";
        sqlx::query(spare).bind(name).bind(MAX_SESSIONS_PER_USER - 1).execute(&mut *transaction).await?;
        let begin =
            "INSERT INTO session (id_hash, account, created_at, last_seen_at) VALUES ($1, $2, $3, $3)";
        let query = sqlx::query(begin).bind(sha256(&secret.0)).bind(name).bind(now.as_millis());
        query.execute(&mut *transaction).await?;
        let seen = "UPDATE account SET last_login_at = $1 WHERE name = $2";
        sqlx::query(seen).bind(now.as_millis()).bind(name).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Who the session belongs to, if it is one and has not ended; notes that it was used.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn session(&self, secret: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let id = sha256(secret);
        let text = "SELECT name, role, must_change_password, last_seen_at FROM session JOIN account ON name = account \
            WHERE id_hash = $1 AND last_seen_at > $2 AND session.created_at > $3";
        let (idle, life) = (now.minus(SESSION_IDLE).as_millis(), now.minus(SESSION_LIFE).as_millis());
        let query = sqlx::query(text).bind(&id).bind(idle).bind(life);
        let Some(row) = query.fetch_optional(&self.readers).await? else { return Ok(None) };
        let seen = Timestamp::from_millis(row.try_get("last_seen_at")?);
        if now.since(seen) >= SEEN_GRAIN {
            self.note("UPDATE session SET last_seen_at = $1 WHERE id_hash = $2", now, &id).await;
        }
        let session = Session {
            name: row.try_get("name")?,
            role: UserRole::from_word(row.try_get("role")?)?,
            must_change_password: row.try_get::<i64, _>("must_change_password")? != 0,
        };
        Ok(Some(session))
    }

    /// Ends a session, if it is one.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn log_out(&self, secret: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE id_hash = $1")
            .bind(sha256(secret))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Writes down when something was last used. A full disk must not lock anybody out of reading why, so a failure
    /// is only logged.
    pub(super) async fn note(&self, text: &'static str, now: Timestamp, key: &str) {
        let done = sqlx::query(text).bind(now.as_millis()).bind(key).execute(&self.writer).await;
        if let Err(error) = done {
            tracing::warn!(%error, "the time of last use could not be written down");
        }
    }
}
