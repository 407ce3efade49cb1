//! A data directory that cannot be used says why, and what to do.

use larum_core::time::{Now, Steady, Timestamp};
use larum_store::{OpenError, SecretKey, Store};
use tempfile::TempDir;

use crate::journal::open;

fn key() -> SecretKey {
    let dir = TempDir::new().unwrap();
    SecretKey::load_or_create(&dir.path().join("key"), [1; 32]).unwrap()
}

#[tokio::test]
async fn one_directory_belongs_to_one_process() {
    let dir = TempDir::new().unwrap();
    let first = open(&dir).await;
    let second = Store::open(dir.path(), key()).await;
    assert!(matches!(second, Err(OpenError::Held { .. })));
    first.close().await;
    drop(first);
    open(&dir).await;
}

#[tokio::test]
async fn a_directory_from_a_newer_larum_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    open(&dir).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("larum.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', 1, x'00', 0)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    pool.close().await;
    let refused = Store::open(dir.path(), key()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 9999, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Larum"));
}

#[tokio::test]
async fn a_directory_from_an_older_larum_is_backed_up_and_brought_up_to_date() {
    let dir = TempDir::new().unwrap();
    open(&dir).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("larum.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let older = "
        DROP TABLE lane_pause; DROP TABLE retry_after;
        ALTER TABLE delivery DROP COLUMN replaced_unnamed; ALTER TABLE delivery DROP COLUMN replaced_turn;
        ALTER TABLE alert_group DROP COLUMN gaps;
        DELETE FROM _sqlx_migrations WHERE version > 2";
    sqlx::raw_sql(older).execute(&pool).await.unwrap();
    pool.close().await;
    let store = open(&dir).await;
    let now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::from_millis(0) };
    assert_eq!(store.recall(now).await.unwrap().remembered.paused, []);
    let names = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name());
    let backups = names.filter(|name| name.to_string_lossy().ends_with("-from-2.db")).count();
    assert_eq!(backups, 1);
}

#[tokio::test]
async fn a_secret_key_that_is_none_is_refused() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("secret.key");
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(SecretKey::load_or_create(&path, [1; 32]), Err(OpenError::Key { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
}
