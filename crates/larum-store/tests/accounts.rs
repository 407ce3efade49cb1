//! Who may come in, against a real data directory.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use larum_core::time::Timestamp;
use larum_store::accounts::{
    AccountError, Fresh, INITIAL_PASSWORD_FILE, MAX_PASSWORD_BYTES, MAX_SESSIONS_PER_USER, Role,
    SESSION_IDLE, SESSION_LIFE, UserRole, reset_password_in,
};
use larum_store::{SecretKey, Store};

const MORNING: Timestamp = Timestamp::from_millis(1_795_332_600_000);

/// A different draw for each number.
fn fresh(number: u64) -> Fresh {
    let mut fresh = [7; 32];
    fresh[..8].copy_from_slice(&number.to_be_bytes());
    fresh
}

async fn open(dir: &Path) -> Store {
    let key = SecretKey::load_or_create(&dir.join("secret.key"), [1; 32]).expect("a key");
    Store::open(dir, key).await.expect("a data directory")
}

async fn with_administrator(dir: &Path) -> (Store, String) {
    let store = open(dir).await;
    let made = store.ensure_administrator(&fresh(0), MORNING).await.expect("a database that takes it");
    let (name, password) = made.expect("an empty database");
    assert_eq!(name, "admin");
    (store, password)
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_must_choose_a_password() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let file = dir.path().join(INITIAL_PASSWORD_FILE);
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), password);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(store.ensure_administrator(&fresh(1), MORNING).await.unwrap().is_none());

    let (secret, session) = store.log_in("Admin ", &password, &fresh(2), MORNING).await.unwrap().unwrap();
    assert!(session.must_change_password);
    let new = "correct horse battery";
    store.change_password("admin", (&password, new), secret.expose(), &fresh(3)).await.unwrap();
    assert!(!file.exists());
    let session = store.session(secret.expose(), MORNING).await.unwrap().unwrap();
    assert!(!session.must_change_password);
    assert!(store.log_in("admin", &password, &fresh(4), MORNING).await.unwrap().is_none());
    assert!(store.log_in("admin", new, &fresh(5), MORNING).await.unwrap().is_some());
    assert!(store.log_in("nobody", new, &fresh(6), MORNING).await.unwrap().is_none());
}

#[tokio::test]
async fn a_password_that_none_can_be_is_refused_before_anybody_is_looked_up() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = with_administrator(dir.path()).await;
    // What needs the database fails from here on.
    store.close().await;
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    for name in ["admin", "nobody"] {
        assert!(store.log_in(name, &long, &fresh(1), MORNING).await.unwrap().is_none(), "{name}");
        store.log_in(name, &long[1..], &fresh(2), MORNING).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_new_password_is_judged_and_ends_the_other_sessions() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let (here, _) = store.log_in("admin", &password, &fresh(1), MORNING).await.unwrap().unwrap();
    let (there, _) = store.log_in("admin", &password, &fresh(2), MORNING).await.unwrap().unwrap();
    for (current, new, words) in [
        ("wrong", "long enough, surely", "The current password is wrong."),
        (&password, "short", "Choose a password of at least 12 characters."),
        (&password, &password, "Choose a password that differs from the current one."),
        (&password, "              ", "Choose a password that nobody guesses."),
    ] {
        let refused =
            store.change_password("admin", (current, new), here.expose(), &fresh(3)).await.unwrap_err();
        assert_eq!(refused.to_string(), words);
    }
    store
        .change_password("admin", (&password, "long enough, surely"), here.expose(), &fresh(4))
        .await
        .unwrap();
    assert!(store.session(here.expose(), MORNING).await.unwrap().is_some());
    assert!(store.session(there.expose(), MORNING).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_ends_unused_after_twelve_hours_and_in_any_case_after_a_week() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let (idle, _) = store.log_in("admin", &password, &fresh(1), MORNING).await.unwrap().unwrap();
    assert!(store.session(idle.expose(), MORNING.plus(SESSION_IDLE)).await.unwrap().is_none());

    let (used, _) = store.log_in("admin", &password, &fresh(2), MORNING).await.unwrap().unwrap();
    let step = Duration::from_secs(11 * 3600);
    let mut now = MORNING;
    while now.plus(step) < MORNING.plus(SESSION_LIFE) {
        now = now.plus(step);
        assert!(store.session(used.expose(), now).await.unwrap().is_some());
    }
    assert!(store.session(used.expose(), MORNING.plus(SESSION_LIFE)).await.unwrap().is_none());
    assert!(store.session("made up", MORNING).await.unwrap().is_none());
    let (out, _) = store.log_in("admin", &password, &fresh(3), MORNING).await.unwrap().unwrap();
    store.log_out(out.expose()).await.unwrap();
    assert!(store.session(out.expose(), MORNING).await.unwrap().is_none());
}

#[tokio::test]
async fn a_user_has_a_bounded_number_of_sessions() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let mut secrets = Vec::new();
    for number in 0..=MAX_SESSIONS_PER_USER.unsigned_abs() {
        let now = MORNING.plus(Duration::from_secs(number));
        secrets.push(store.log_in("admin", &password, &fresh(number + 1), now).await.unwrap().unwrap().0);
    }
    assert!(store.session(secrets[0].expose(), MORNING).await.unwrap().is_none());
    assert!(store.session(secrets[1].expose(), MORNING).await.unwrap().is_some());
}

#[tokio::test]
async fn users_come_and_go_but_an_administrator_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = with_administrator(dir.path()).await;
    let (user, password) =
        store.create_user("Ada@Example.org", UserRole::Viewer, &fresh(1), MORNING).await.unwrap();
    assert_eq!((user.name.as_str(), user.role), ("ada@example.org", UserRole::Viewer));
    let taken = store.create_user("ada@example.ORG", UserRole::Viewer, &fresh(2), MORNING).await.unwrap_err();
    assert!(matches!(taken, AccountError::NameTaken));
    for name in ["", " ", "a b", "ü", "a\nb", &"x".repeat(65)] {
        let refused = store.create_user(name, UserRole::Viewer, &fresh(3), MORNING).await.unwrap_err();
        assert!(matches!(refused, AccountError::Name), "{name:?}");
    }
    let last = store.set_role("admin", UserRole::Viewer).await.unwrap_err();
    assert!(matches!(last, AccountError::LastAdministrator));
    assert!(matches!(store.delete_user("admin").await.unwrap_err(), AccountError::LastAdministrator));

    let (secret, _) = store.log_in("ada@example.org", &password, &fresh(4), MORNING).await.unwrap().unwrap();
    store.set_role("ada@example.org", UserRole::PlatformAdmin).await.unwrap();
    assert_eq!(store.session(secret.expose(), MORNING).await.unwrap().unwrap().role, UserRole::PlatformAdmin);
    store.delete_user("admin").await.unwrap();
    assert!(!dir.path().join(INITIAL_PASSWORD_FILE).exists());
    assert!(matches!(store.delete_user("admin").await.unwrap_err(), AccountError::NoSuchUser));
    let names: Vec<String> = store.users().await.unwrap().into_iter().map(|user| user.name).collect();
    assert_eq!(names, ["ada@example.org"]);
}

#[tokio::test]
async fn a_forgotten_password_is_reset_while_larum_runs() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let (secret, _) = store.log_in("admin", &password, &fresh(1), MORNING).await.unwrap().unwrap();
    let new = reset_password_in(dir.path(), "Admin", &fresh(2)).await.unwrap();
    assert!(!dir.path().join(INITIAL_PASSWORD_FILE).exists());
    assert!(store.session(secret.expose(), MORNING).await.unwrap().is_none());
    assert!(store.log_in("admin", &password, &fresh(3), MORNING).await.unwrap().is_none());
    let (_, session) = store.log_in("admin", &new, &fresh(4), MORNING).await.unwrap().unwrap();
    assert!(session.must_change_password);
    let nobody = reset_password_in(dir.path(), "nobody", &fresh(5)).await.unwrap_err();
    assert_eq!(nobody.to_string(), "There is no user with this name.");
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(reset_password_in(elsewhere.path(), "admin", &fresh(6)).await.is_err());
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_service_token_lets_in_until_it_is_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let (token, secret) = store.create_token("ci", Role::Viewer, "admin", &fresh(1), MORNING).await.unwrap();
    assert!(secret.starts_with("larum_"));
    assert!(token.id > 0 && token.id < 1 << 53);
    let used = MORNING.plus(Duration::from_secs(5));
    assert_eq!(store.token(&secret, used).await.unwrap().unwrap().last_used_at, None);
    assert_eq!(store.tokens().await.unwrap()[0].last_used_at, Some(used));
    store.token(&secret, used.plus(Duration::from_secs(59))).await.unwrap().unwrap();
    assert_eq!(store.tokens().await.unwrap()[0].last_used_at, Some(used));
    assert!(store.token("larum_x", MORNING).await.unwrap().is_none());
    assert!(matches!(
        store.create_token(" ", Role::Viewer, "a", &fresh(2), MORNING).await,
        Err(AccountError::TokenName)
    ));
    store.delete_token(token.id).await.unwrap();
    assert!(store.token(&secret, MORNING).await.unwrap().is_none());
    assert!(matches!(store.delete_token(token.id).await, Err(AccountError::NoSuchToken)));
}

#[tokio::test]
async fn nothing_that_lets_anybody_in_lies_in_the_database() {
    let dir = tempfile::tempdir().unwrap();
    let (store, password) = with_administrator(dir.path()).await;
    let (session, _) = store.log_in("admin", &password, &fresh(1), MORNING).await.unwrap().unwrap();
    let (_, token) = store.create_token("ci", Role::Viewer, "admin", &fresh(2), MORNING).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(dir.path().join("larum.db")).unwrap();
    for secret in [password.as_str(), session.expose(), token.trim_start_matches("larum_")] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    assert!(!format!("{session:?}").contains(session.expose()));
}
