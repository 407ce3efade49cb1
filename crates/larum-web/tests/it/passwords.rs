//! Passwords.

use reqwest::StatusCode;

use crate::door::{Door, TLS};

fn users(name: &str, password: &str) -> String {
    let hash = bcrypt::hash(password, 4).expect("it can be hashed");
    // As Apache's htpasswd and PHP write it.
    let hash = hash.replacen("$2b$", "$2y$", 1);
    format!("basic_auth_users:\n  {name}: {hash}\n")
}

async fn enters(door: &Door, scheme: &str, name: &str, password: &str) -> StatusCode {
    let asked = door.ask(door.client(), scheme).basic_auth(name, Some(password)).send().await;
    asked.expect("it is answered").status()
}

#[tokio::test]
async fn a_password_guards_everything_and_can_change() {
    let door = Door::open(&users("ada", "corr:ect")).await;
    let unnamed = door.ask(door.client(), "http").send().await.expect("it is answered");
    assert_eq!(unnamed.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(unnamed.headers()["www-authenticate"], "Basic");
    for (name, password, status) in [
        ("ada", "corr:ect", StatusCode::OK),
        ("ada", "corr:ect", StatusCode::OK),
        ("ada", "wrong", StatusCode::UNAUTHORIZED),
        ("ada", "", StatusCode::UNAUTHORIZED),
        ("eve", "corr:ect", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(enters(&door, "http", name, password).await, status, "{name} {password}");
    }
    door.write("web.yml", &users("eve", "other"));
    assert_eq!(enters(&door, "http", "ada", "corr:ect").await, StatusCode::UNAUTHORIZED);
    assert_eq!(enters(&door, "http", "eve", "other").await, StatusCode::OK);
}

#[tokio::test]
async fn passwords_and_tls_go_together() {
    let door = Door::open(&format!("{TLS}{}", users("ada", "correct"))).await;
    assert_eq!(enters(&door, "https", "ada", "correct").await, StatusCode::OK);
    assert_eq!(enters(&door, "https", "ada", "wrong").await, StatusCode::UNAUTHORIZED);
}
