//! What survives a restart.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use larum_sandbox::{
    ChannelChange, FolderError, MESSAGES_PER_CHANNEL, Sandbox, SandboxConfig, StartError, TokenChange,
    TokenKind, TokenState,
};
use serde_json::{Value, json};

use crate::world::World;

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox").join(name);
    // It is there only if the test ran before.
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn kept_in(folder: &Path) -> SandboxConfig {
    SandboxConfig::kept_in(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), folder.to_owned())
}

#[tokio::test]
async fn tokens_messages_and_channels_survive_a_restart() {
    let folder = folder("restart");
    let before = World::with(kept_in(&folder)).await;
    before.post("alerts", "one").await;
    let arguments =
        json!({"channel": "alerts", "text": "two", "client_msg_id": "22000000-0000-4000-8000-000000000001"});
    let second = before.bot("chat.postMessage", arguments.clone()).await.body;
    let anew = json!({"channel": second["channel"], "ts": second["ts"], "text": "two again"});
    assert_eq!(before.bot("chat.update", anew).await.error(), "ok");
    let archived = ChannelChange { is_archived: Some(true), ..ChannelChange::default() };
    before.slack.control().change_channel("critical", archived).unwrap();
    let (tokens, ids) =
        ((before.slack.bot_token.clone(), before.slack.user_token.clone()), before.id("alerts"));
    before.slack.shutdown().await;

    let after = World::with(SandboxConfig { seed: [8; 32], ..kept_in(&folder) }).await;
    assert_eq!((after.slack.bot_token.clone(), after.slack.user_token.clone()), tokens);
    assert_eq!(after.id("alerts"), ids);
    let texts: Vec<_> = after.slack.control().messages(0, None).unwrap();
    assert_eq!(texts.iter().map(|posted| posted.text()).collect::<Vec<_>>(), ["one", "two again"]);
    assert_eq!(
        after.bot("chat.postMessage", json!({"channel": "critical", "text": "a"})).await.error(),
        "is_archived"
    );
    let again = after.bot("chat.postMessage", arguments).await.body;
    assert_eq!((&again["ts"], &again["is_duplicate"]), (&second["ts"], &json!(true)));
    assert_ne!(after.post("alerts", "three").await["ts"], second["ts"], "the clock stood still meanwhile");
}

#[tokio::test]
async fn a_number_is_never_used_twice() {
    let folder = folder("numbers");
    let before = World::with(kept_in(&folder)).await;
    before.post("alerts", "one").await;
    before.slack.control().clear_messages(None).unwrap();
    before.slack.shutdown().await;
    let after = World::with(kept_in(&folder)).await;
    assert_eq!(after.slack.control().messages(0, None).unwrap(), []);
    after.post("alerts", "two").await;
    assert_eq!(after.slack.control().messages(0, None).unwrap()[0].seq, 2);
}

#[tokio::test]
async fn a_torn_line_costs_only_itself() {
    let folder = folder("torn");
    let before = World::with(kept_in(&folder)).await;
    before.post("alerts", "one").await;
    before.post("alerts", "two").await;
    before.slack.shutdown().await;
    let path = folder.join("messages.jsonl");
    let lines = fs::read(&path).unwrap();
    fs::write(&path, &lines[..lines.len() - 20]).unwrap();
    for expected in [vec!["one"], vec!["one", "three"]] {
        let after = World::with(kept_in(&folder)).await;
        let messages = after.slack.control().messages(0, None).unwrap();
        assert_eq!(messages.iter().map(|posted| posted.text()).collect::<Vec<_>>(), expected);
        after.post("alerts", "three").await;
        after.slack.shutdown().await;
    }
}

#[tokio::test]
async fn the_newest_messages_of_a_channel_are_kept() {
    let folder = folder("bounded");
    let before = World::with(kept_in(&folder)).await;
    before.post("critical", "of another channel").await;
    before.post("alerts", "0").await;
    before.slack.shutdown().await;
    let path = folder.join("messages.jsonl");
    let mut lines: Vec<Value> =
        fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let template = lines.pop().unwrap();
    for number in 0..MESSAGES_PER_CHANNEL {
        let mut line = template.clone();
        line["seq"] = json!(number + 2);
        line["message"]["text"] = json!(number.to_string());
        lines.push(line);
    }
    fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let after = World::with(kept_in(&folder)).await;
    after.post("alerts", "the newest").await;
    let kept = after.slack.control().messages(0, Some("alerts")).unwrap();
    assert_eq!((kept.len(), kept[0].text()), (MESSAGES_PER_CHANNEL, "1"));
    assert_eq!(kept.last().unwrap().text(), "the newest");
    assert_eq!(after.slack.control().messages(0, Some("critical")).unwrap().len(), 1);
}

#[tokio::test]
async fn a_folder_has_one_sandbox_at_a_time() {
    let folder = folder("locked");
    let first = World::with(kept_in(&folder)).await;
    let second = Sandbox::start(kept_in(&folder)).await;
    assert!(matches!(second, Err(StartError::Folder(FolderError::InUse(_)))));
    first.slack.shutdown().await;
    Sandbox::start(kept_in(&folder)).await.unwrap();
}

#[tokio::test]
async fn a_foreign_or_newer_snapshot_is_left_alone() {
    let folder = folder("foreign");
    World::with(kept_in(&folder)).await.slack.shutdown().await;
    let path = folder.join("workspace.json");
    let newer = fs::read_to_string(&path).unwrap().replace("\"version\": 1", "\"version\": 2");
    for content in [newer.as_str(), "not JSON"] {
        fs::write(&path, content).unwrap();
        let refused = Sandbox::start(kept_in(&folder)).await;
        assert!(matches!(refused, Err(StartError::Folder(FolderError::Unreadable { .. }))));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("private");
    let world = World::with(kept_in(&folder)).await;
    world.post("alerts", "one").await;
    for file in ["workspace.json", "messages.jsonl"] {
        assert_eq!(fs::metadata(folder.join(file)).unwrap().permissions().mode() & 0o077, 0, "{file}");
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_written_does_not_happen() {
    let folder = folder("full");
    let world = World::with(kept_in(&folder)).await;
    fs::remove_dir_all(&folder).unwrap();
    let revoked = TokenChange { state: Some(TokenState::Revoked), scopes: None };
    assert!(world.slack.control().change_token(TokenKind::Bot, &revoked).is_err());
    assert_eq!(world.bot("auth.test", json!({})).await.error(), "ok", "what is not on disk did not happen");
}
