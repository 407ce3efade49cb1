//! What is no whole backup, is in the way, or was cut short.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::{alert, back_up, files_like, firing, folder_with_key_of, restore, run};
use crate::house::House;
use crate::larum::{Larum, command, larum};
use crate::peers;

/// A house with a receiver, and a backup of it.
async fn with_backup() -> (House, tempfile::TempDir) {
    let house = House::start().await;
    house.receiver(&["#alerts"], Value::Null).await;
    let shelf = tempfile::tempdir().expect("there is room");
    back_up(house.data.path(), &shelf.path().join("whole")).await.done();
    (house, shelf)
}

async fn change(database: &Path, statement: &str) {
    let program =
        "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db:\n    db.execute(sys.argv[2])";
    let done = command(peers::python()).args(["-c", program]).arg(database).arg(statement).status().await;
    assert!(done.expect("Python starts").success());
}

#[tokio::test]
async fn nothing_is_written_over_and_nothing_comes_of_nothing() {
    let (house, shelf) = with_backup().await;
    let whole = shelf.path().join("whole");
    let before = std::fs::read(&whole).expect("it is there");
    back_up(house.data.path(), &whole).await.refuses("is there already, and nothing is written over");
    assert_eq!(std::fs::read(&whole).expect("it is there"), before);
    back_up(shelf.path(), &shelf.path().join("other")).await.refuses("there are no data of Larum in");
    back_up(house.data.path(), &shelf.path().join("no/folder")).await.refuses("cannot be read or written");
    restore(shelf.path(), &shelf.path().join("none")).await.refuses("cannot be read or written");
    restore(shelf.path(), &house.data.path().join("larum.db"))
        .await
        .refuses("make a backup of it with `larum backup`");
    assert_eq!(files_like(shelf.path(), "partial"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn what_is_no_whole_backup_is_refused_and_all_stays_as_it_was() {
    let (house, shelf) = with_backup().await;
    let bytes = std::fs::read(shelf.path().join("whole")).expect("it is there");
    let put = |name: &str, bytes: &[u8]| {
        let path = shelf.path().join(name);
        std::fs::write(&path, bytes).expect("it can be written");
        path
    };
    let mut holed = bytes.clone();
    holed[4096 * 2..4096 * 9].fill(0);
    let newer = put("newer", &bytes);
    change(&newer, "update _sqlx_migrations set version = version + 1000").await;
    let data = folder_with_key_of(house.data.path());
    let untouched = std::fs::read(house.data.path().join("secret.key")).expect("it is there");
    for (file, words) in [
        (put("torn", &bytes[..bytes.len() / 2]), "torn is no whole backup of Larum"),
        (put("holed", &holed), "holed is no whole backup of Larum"),
        (put("empty", &[]), "empty is no whole backup of Larum"),
        (put("other", b"Dear diary, today it rained."), "other is no whole backup of Larum"),
        (newer, "newer is from a newer Larum (schema 1"),
    ] {
        restore(data.path(), &file).await.refuses(words);
        assert!(!data.path().join("larum.db").exists(), "{words}");
        assert_eq!(std::fs::read(data.path().join("secret.key")).expect("it is there"), untouched);
    }
    assert_eq!(files_like(data.path(), "partial"), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn tokens_that_nobody_could_read_are_brought_back_only_on_purpose() {
    let (house, shelf) = with_backup().await;
    let whole = shelf.path().join("whole");
    let data = tempfile::tempdir().expect("there is room");
    restore(data.path(), &whole).await.refuses("there is no key at");
    let other = shelf.path().join("other.key");
    std::fs::write(&other, "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("it can be written");
    let key = ["--secret-key-file", other.to_str().expect("a path is text")];
    run(&["restore"], data.path(), &whole, &key).await.refuses("cannot be read with the key");
    assert!(!data.path().join("larum.db").exists());
    run(&["restore", "--without-key"], data.path(), &whole, &[]).await.done();
    let larum = Larum::start(data.path(), &house.slack.api_url()).await.expect("larum starts over it");
    assert!(larum.stop().await.success());
}

#[tokio::test]
async fn a_backup_that_is_cut_short_is_none_and_is_in_nobodys_way() {
    let (house, shelf) = with_backup().await;
    let target = shelf.path().join("cut");
    // The system ends whoever writes a file beyond this: in the middle of it, at the same place each time.
    let mut cut = command("sh");
    cut.args(["-c", "ulimit -c 0; ulimit -f 96; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_larum"), "backup"]);
    cut.arg("--storage.path").arg(house.data.path()).arg(&target);
    let ended = cut.stderr(Stdio::null()).status().await.expect("it starts");
    assert!(!ended.success() && !target.exists());
    assert!(!files_like(shelf.path(), "cut.partial").is_empty(), "it was not cut short while it wrote");

    back_up(house.data.path(), &target).await.done();
    assert_eq!(files_like(shelf.path(), "cut"), std::slice::from_ref(&target));
    restore(folder_with_key_of(house.data.path()).path(), &target).await.done();
}

/// Ends a command after so many microseconds, unless it has ended.
async fn cut_off(name: &str, data: &Path, file: &Path, micros: u64) {
    let mut command = larum();
    command.arg(name).arg("--storage.path").arg(data).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = command.spawn().expect("it starts");
    // The moment itself is what is tried here: nothing is waited for.
    let _ = tokio::time::timeout(Duration::from_micros(micros), running.wait()).await;
    running.kill().await.expect("it can be ended");
}

#[tokio::test]
async fn kill_9_at_any_moment_of_a_restore_leaves_the_one_or_the_other() {
    let (mut house, shelf) = with_backup().await;
    let whole = shelf.path().join("whole");
    assert!(house.administrator.post_alerts(&alert("PostedAfter")).await.0.is_success());
    // What was accepted is still in the log beside the database.
    house.larum.kill().await;
    let mut random = StdRng::seed_from_u64(20_261_123);
    for round in 0..20 {
        cut_off("restore", house.data.path(), &whole, random.random_range(0..80_000)).await;
        back_up(house.data.path(), &shelf.path().join(format!("after-{round}"))).await.done();
    }
    house.start_again().await;
    let found = firing(&house.administrator).await;
    assert!(found.is_empty() || found == ["PostedAfter"], "{found:?}");
    house.larum.kill().await;
    restore(house.data.path(), &whole).await.done();
    house.start_again().await;
    assert_eq!(firing(&house.administrator).await, Vec::<String>::new());
}

#[tokio::test]
async fn kill_9_at_any_moment_leaves_a_whole_backup_or_none() {
    let (house, shelf) = with_backup().await;
    let mut random = StdRng::seed_from_u64(20_261_122);
    for round in 0..20 {
        let target = shelf.path().join(format!("round-{round}"));
        cut_off("backup", house.data.path(), &target, random.random_range(0..60_000)).await;
        if target.exists() {
            restore(folder_with_key_of(house.data.path()).path(), &target).await.done();
        }
    }
    house.administrator.read("/status").await;
}
