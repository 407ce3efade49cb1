//! A data directory that cannot be used says why, and what to do.

use larum_core::alert::AlertId;
use larum_core::outbox::DeliveryId;
use larum_core::time::{Now, Steady, Timestamp};
use larum_core::verdict::Hushed;
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

/// A data directory as the first Larum left it.
async fn older(dir: &TempDir) {
    open(dir).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("larum.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let older = "
        DROP INDEX delivery_state; DROP INDEX alert_heard;
        DROP INDEX alert_started; DROP INDEX alert_policy; DROP TABLE transition;
        DROP INDEX alert_firing; CREATE INDEX alert_firing ON alert (id) WHERE ended_at IS NULL;
        DROP TABLE lane_pause; DROP TABLE retry_after;
        ALTER TABLE delivery DROP COLUMN replaced_unnamed; ALTER TABLE delivery DROP COLUMN replaced_turn;
        ALTER TABLE alert_group DROP COLUMN gaps;
        DROP TABLE silence;
        DROP TABLE verdict;
        CREATE TABLE verdict (alert_id BIGINT NOT NULL, receiver_id BIGINT NOT NULL, reason TEXT NOT NULL,
                              at BIGINT NOT NULL, PRIMARY KEY (alert_id, receiver_id));
        ALTER TABLE alert_group DROP COLUMN way;
        ALTER TABLE body DROP COLUMN problem; ALTER TABLE body DROP COLUMN way;
        DROP TABLE first_told; DROP INDEX alert_name;
        INSERT INTO verdict (alert_id, receiver_id, reason, at) VALUES (4, 0, 'no_receiver', 7);
        INSERT INTO delivery (id, body_id, receiver_id, channel, group_id, turn, severity, planned_at, alerts, state)
        VALUES (12, 11, 1, 'a', 10, 2, 'info', 9, '[[4,\"firing\",null],[5,\"firing\",null]]', 'delivered');
        INSERT INTO alert (id, name, severity, starts_at, updated_at, record) VALUES (4, 'Disk', 'info', 5, 6,
            '{\"origin\":\"prometheus\",\"labels\":{\"alertname\":\"Disk\"},\"annotations\":{}}');
        DELETE FROM _sqlx_migrations WHERE version > 2";
    sqlx::raw_sql(older).execute(&pool).await.unwrap();
    pool.close().await;
}

fn files(dir: &TempDir) -> Vec<String> {
    let names = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn a_directory_from_an_older_larum_is_backed_up_and_brought_up_to_date() {
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    let store = open(&dir).await;
    let now = Now { wall: Timestamp::from_millis(1_800_000_000_000), steady: Steady::from_millis(0) };
    assert_eq!(store.recall(now).await.unwrap().remembered.paused, []);
    let verdicts = store.verdicts(AlertId(4)).await.unwrap();
    assert_eq!((verdicts.len(), &verdicts[0].reason), (1, &Hushed::NoReceiver));
    assert_eq!(store.alert(AlertId(4), now).await.unwrap().unwrap().name(), "Disk");
    assert_eq!(store.delivered_alerts(DeliveryId(12)).await.unwrap(), [AlertId(4), AlertId(5)]);
    assert_eq!(files(&dir).iter().filter(|name| name.ends_with("-from-2.db")).count(), 1);
}

#[tokio::test]
async fn a_backup_that_was_cut_short_is_made_anew() {
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    let newest = open(&dir).await;
    let name = files(&dir).into_iter().find(|name| name.ends_with("-from-2.db")).unwrap();
    newest.close().await;
    drop(newest);
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    let torso = dir.path().join(format!("{name}.partial"));
    std::fs::write(&torso, "the beginning of a backup").unwrap();
    open(&dir).await;
    assert!(!torso.exists(), "{:?}", files(&dir));
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join(name)).read_only(true);
    let backup = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let schema: i64 =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&backup).await.unwrap();
    assert_eq!(schema, 2);
}

#[tokio::test]
async fn a_secret_key_that_is_none_is_refused() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("secret.key");
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(SecretKey::load_or_create(&path, [1; 32]), Err(OpenError::Key { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
}

#[tokio::test]
async fn a_secret_key_that_was_cut_short_is_made_anew() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("secret.key");
    std::fs::write(dir.path().join("secret.key.partial"), "AQEB").unwrap();
    let key = SecretKey::load_or_create(&path, [1; 32]).unwrap();
    assert_eq!(files(&dir), ["secret.key"]);
    // Whoever is second takes the key that is there.
    let second = SecretKey::load_or_create(&path, [2; 32]).unwrap();
    let store = Store::open(dir.path(), key).await.unwrap();
    let sealed = store.seal(&"xoxb-1".to_owned().into(), [3; 24]);
    store.close().await;
    drop(store);
    let store = Store::open(dir.path(), second).await.unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&store.unseal(&sealed).unwrap()), "xoxb-1");
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn of_the_backups_before_migrations_the_newest_are_kept_and_are_private() {
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    for version in 3..7 {
        let backup = dir.path().join(format!("backup-before-schema-{version}-from-{}.db", version - 1));
        let file = std::fs::File::create(backup).unwrap();
        let days = std::time::Duration::from_secs(version * 24 * 60 * 60);
        file.set_modified(std::time::UNIX_EPOCH + days).unwrap();
    }
    open(&dir).await;
    let mut kept = files(&dir);
    kept.retain(|name| name.starts_with("backup-"));
    kept.sort_by_key(|name| name.ends_with("-from-2.db"));
    kept[..2].sort();
    assert_eq!(kept[..2], ["backup-before-schema-5-from-4.db", "backup-before-schema-6-from-5.db"]);
    assert!(kept.len() == 3 && kept[2].ends_with("-from-2.db"), "{kept:?}");
    let newest = std::fs::metadata(dir.path().join(&kept[2])).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&newest.permissions()) & 0o777, 0o600);
}

#[tokio::test]
async fn a_backup_of_an_earlier_upgrade_is_not_taken_for_one_of_now() {
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    open(&dir).await.close().await;
    let name = files(&dir).into_iter().find(|name| name.ends_with("-from-2.db")).unwrap();
    let dir = TempDir::new().unwrap();
    older(&dir).await;
    std::fs::write(dir.path().join(&name), "what was there years ago").unwrap();
    open(&dir).await;
    assert_ne!(std::fs::read(dir.path().join(&name)).unwrap(), b"what was there years ago");
}
