//! Users: local accounts.

use larum_core::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{AccountError, Fresh, Role, UserRole, password};
use crate::Store;
use crate::error::StoreError;

/// The most users there can be.
pub const MAX_USERS: i64 = 1000;
/// The longest name of a user, in characters.
const MAX_NAME: usize = 64;

/// A local account, without its password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserRow {
    /// The name used to log in, in lower case.
    pub name: String,
    /// What they may do.
    pub role: UserRole,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When they last logged in.
    pub last_login_at: Option<Timestamp>,
    /// Whether a one-time password waits to be changed.
    pub must_change_password: bool,
}

const COLUMNS: &str = "SELECT name, role, created_at, last_login_at, must_change_password FROM account";

impl UserRow {
    fn read(row: &SqliteRow) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.try_get("name")?,
            role: UserRole::from_word(row.try_get("role")?)?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            last_login_at: row.try_get::<Option<i64>, _>("last_login_at")?.map(Timestamp::from_millis),
            must_change_password: row.try_get::<i64, _>("must_change_password")? != 0,
        })
    }
}

/// Brings a name into the form in which it is stored: names that differ only in case are one.
pub(super) fn normal(name: &str) -> Result<String, AccountError> {
    let name = name.trim().to_ascii_lowercase();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(allowed) {
        return Err(AccountError::Name);
    }
    Ok(name)
}

impl Store {
    /// All users in order of name.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn users(&self) -> Result<Vec<UserRow>, StoreError> {
        let text = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY name"));
        let rows = sqlx::query(text).fetch_all(&self.readers).await?;
        rows.iter().map(UserRow::read).collect()
    }

    /// Makes a user; answers with the one-time password.
    ///
    /// # Errors
    /// [`AccountError`] in words: the name is wrong or taken, there are too many …
    pub async fn create_user(
        &self,
        name: &str,
        role: UserRole,
        fresh: &Fresh,
        now: Timestamp,
    ) -> Result<(UserRow, String), AccountError> {
        let name = normal(name)?;
        let one_time = password::one_time(fresh);
        let hash = password::hash(&one_time, fresh).await?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM account").fetch_one(&mut *transaction).await?;
        if count >= MAX_USERS {
            return Err(AccountError::Limit { limit: MAX_USERS, what: "users" });
        }
        insert(&mut transaction, &name, role, &hash, now).await?;
        transaction.commit().await?;
        let row = UserRow { name, role, created_at: now, last_login_at: None, must_change_password: true };
        Ok((row, one_time))
    }

    /// Changes what a user may do, from their next request on.
    ///
    /// # Errors
    /// [`AccountError::NoSuchUser`], or [`AccountError::LastAdministrator`] if nobody could administrate any more.
    pub async fn set_role(&self, name: &str, role: UserRole) -> Result<UserRow, AccountError> {
        let name = normal(name).map_err(|_| AccountError::NoSuchUser)?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let text = "UPDATE account SET role = $1 WHERE name = $2";
        let done =
            sqlx::query(text).bind(Role::from(role).as_str()).bind(&name).execute(&mut *transaction).await?;
        if done.rows_affected() == 0 {
            return Err(AccountError::NoSuchUser);
        }
        require_administrator(&mut transaction).await?;
        let text = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE name = $1"));
        let row = sqlx::query(text).bind(&name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(UserRow::read(&row)?)
    }

    /// Deletes a user and ends their sessions. The service tokens that they made stay.
    ///
    /// # Errors
    /// [`AccountError::NoSuchUser`], or [`AccountError::LastAdministrator`] if nobody could administrate any more.
    pub async fn delete_user(&self, name: &str) -> Result<(), AccountError> {
        let name = normal(name).map_err(|_| AccountError::NoSuchUser)?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        end_sessions(&mut transaction, &name).await?;
        let text = "DELETE FROM account WHERE name = $1";
        let done = sqlx::query(text).bind(&name).execute(&mut *transaction).await?;
        if done.rows_affected() == 0 {
            return Err(AccountError::NoSuchUser);
        }
        require_administrator(&mut transaction).await?;
        transaction.commit().await?;
        self.forget_initial_password(&name);
        Ok(())
    }

    /// Gives a user a new one-time password, ends their sessions, and answers with the password.
    ///
    /// # Errors
    /// [`AccountError::NoSuchUser`].
    pub async fn reset_password(&self, name: &str, fresh: &Fresh) -> Result<String, AccountError> {
        let reset = Reset::prepare(name, fresh).await?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        reset.write(&mut transaction).await?;
        transaction.commit().await?;
        self.forget_initial_password(&reset.name);
        Ok(reset.one_time)
    }

    /// Changes one's own password and ends one's other sessions.
    ///
    /// # Errors
    /// [`AccountError::WrongPassword`] if `current` is not it, [`AccountError::WeakPassword`] if `new` is no good.
    pub async fn change_password(
        &self,
        name: &str,
        (current, new): (&str, &str),
        kept_session: &str,
        fresh: &Fresh,
    ) -> Result<(), AccountError> {
        let known: Option<String> = sqlx::query_scalar("SELECT password_hash FROM account WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        let known = known.ok_or(AccountError::NoSuchUser)?;
        if !password::verify(current, &known).await? {
            return Err(AccountError::WrongPassword);
        }
        password::judge(new, current, name)?;
        let hash = password::hash(new, fresh).await?;
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let text = "UPDATE account SET password_hash = $1, must_change_password = 0 WHERE name = $2 AND password_hash = $3";
        let done = sqlx::query(text).bind(hash).bind(name).bind(known).execute(&mut *transaction).await?;
        if done.rows_affected() == 0 {
            return Err(AccountError::WrongPassword);
        }
        let text = "DELETE FROM session WHERE account = $1 AND id_hash <> $2";
        sqlx::query(text).bind(name).bind(super::sha256(kept_session)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.forget_initial_password(name);
        Ok(())
    }
}

pub(super) async fn insert(
    db: &mut SqliteConnection,
    name: &str,
    role: UserRole,
    hash: &str,
    now: Timestamp,
) -> Result<(), AccountError> {
    let text = "INSERT INTO account (name, role, password_hash, must_change_password, created_at) VALUES ($1, $2, $3, 1, $4)";
    let query = sqlx::query(text).bind(name).bind(Role::from(role).as_str()).bind(hash).bind(now.as_millis());
    match query.execute(db).await.map_err(StoreError::from) {
        Ok(_) => Ok(()),
        Err(StoreError::NameTaken) => Err(AccountError::NameTaken),
        Err(error) => Err(error.into()),
    }
}

/// A new one-time password, hashed before the database is touched: hashing takes a while.
pub(super) struct Reset {
    pub name: String,
    pub one_time: String,
    hash: String,
}

impl Reset {
    pub async fn prepare(name: &str, fresh: &Fresh) -> Result<Self, AccountError> {
        let name = normal(name).map_err(|_| AccountError::NoSuchUser)?;
        let one_time = password::one_time(fresh);
        let hash = password::hash(&one_time, fresh).await?;
        Ok(Self { name, one_time, hash })
    }

    pub async fn write(&self, db: &mut SqliteConnection) -> Result<(), AccountError> {
        let text = "UPDATE account SET password_hash = $1, must_change_password = 1 WHERE name = $2";
        let done = sqlx::query(text).bind(&self.hash).bind(&self.name).execute(&mut *db).await?;
        if done.rows_affected() == 0 {
            return Err(AccountError::NoSuchUser);
        }
        Ok(end_sessions(db, &self.name).await?)
    }
}

async fn end_sessions(db: &mut SqliteConnection, name: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE account = $1").bind(name).execute(db).await?;
    Ok(())
}

async fn require_administrator(db: &mut SqliteConnection) -> Result<(), AccountError> {
    let text = "SELECT COUNT(*) FROM account WHERE role = $1";
    let left: i64 = sqlx::query_scalar(text).bind(Role::PlatformAdmin.as_str()).fetch_one(db).await?;
    if left == 0 { Err(AccountError::LastAdministrator) } else { Ok(()) }
}
