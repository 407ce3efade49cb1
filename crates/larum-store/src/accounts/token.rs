//! Service tokens: they let scripts in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use larum_core::time::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::session::SEEN_GRAIN;
use super::{AccountError, Fresh, Role, derive, sha256};
use crate::Store;
use crate::error::StoreError;

/// What every service token begins with, so that secret scanners know one when they see it.
pub const TOKEN_PREFIX: &str = "larum_";
/// The most service tokens there can be.
pub const MAX_TOKENS: i64 = 1000;
/// The longest name of a token, in characters.
const MAX_NAME: usize = 64;

/// What is kept of a service token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRow {
    /// Known by this number; below 2^53, so that JavaScript can hold it.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl TokenRow {
    fn read(row: &SqliteRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            role: Role::from_word(row.try_get("role")?)?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            created_by: row.try_get("created_by")?,
            last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp::from_millis),
        })
    }
}

impl Store {
    /// All service tokens, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let text = "SELECT id, name, role, created_at, created_by, last_used_at FROM service_token \
            ORDER BY created_at DESC, id";
        let rows = sqlx::query(text).fetch_all(&self.readers).await?;
        rows.iter().map(TokenRow::read).collect()
    }

    /// Makes a service token; answers with the token itself as well, which is not kept.
    ///
    /// # Errors
    /// [`AccountError`] in words: it has no name, there are too many …
    pub async fn create_token(
        &self,
        name: &str,
        role: Role,
        created_by: &str,
        fresh: &Fresh,
        now: Timestamp,
    ) -> Result<(TokenRow, String), AccountError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
            return Err(AccountError::TokenName);
        }
        let secret = format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(fresh));
        let [a, b, c, d, e, f, ..] = derive(fresh, "id of a service token");
        let id = i64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM service_token").fetch_one(&mut *transaction).await?;
        if count >= MAX_TOKENS {
            return Err(AccountError::Limit { limit: MAX_TOKENS, what: "service tokens" });
        }
        let text = "INSERT INTO service_token (id, secret_hash, name, role, created_at, created_by) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        let query = sqlx::query(text).bind(id).bind(sha256(&secret)).bind(name).bind(role.as_str());
        query.bind(now.as_millis()).bind(created_by).execute(&mut *transaction).await?;
        transaction.commit().await?;
        let (name, created_by) = (name.to_owned(), created_by.to_owned());
        Ok((TokenRow { id, name, role, created_at: now, created_by, last_used_at: None }, secret))
    }

    /// Deletes a service token; it lets nobody in any more.
    ///
    /// # Errors
    /// [`AccountError::NoSuchToken`].
    pub async fn delete_token(&self, id: i64) -> Result<(), AccountError> {
        let done =
            sqlx::query("DELETE FROM service_token WHERE id = $1").bind(id).execute(&self.writer).await?;
        if done.rows_affected() == 0 { Err(AccountError::NoSuchToken) } else { Ok(()) }
    }

    /// The service token, if it is one; notes that it was used.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn token(&self, secret: &str, now: Timestamp) -> Result<Option<TokenRow>, StoreError> {
        let hash = sha256(secret);
        let text = "SELECT id, name, role, created_at, created_by, last_used_at FROM service_token \
            WHERE secret_hash = $1";
        let row = sqlx::query(text).bind(&hash).fetch_optional(&self.readers).await?;
        let token = row.as_ref().map(TokenRow::read).transpose()?;
        let stale = |used: Option<Timestamp>| used.is_none_or(|used| now.since(used) >= SEEN_GRAIN);
        if token.as_ref().is_some_and(|token| stale(token.last_used_at)) {
            self.note("UPDATE service_token SET last_used_at = $1 WHERE secret_hash = $2", now, &hash).await;
        }
        Ok(token)
    }
}
