//! What stands in the way of a start is said in one sentence with what to do, and the process ends with a failure.

use std::net::Ipv4Addr;

use tokio::net::TcpListener;

use crate::house::House;
use crate::larum::{Larum, Refused, command, larum};
use crate::peers;

const NO_SLACK: &str = "http://127.0.0.1:9/api/";

/// The one error in the log of a start that was refused.
fn reason(refused: &Refused) -> &str {
    assert!(!refused.status.success(), "{}", refused.log);
    assert!(!refused.log.contains("panicked"), "{}", refused.log);
    let errors: Vec<&str> = refused.log.lines().filter(|line| line.contains("level=error")).collect();
    let [only] = errors.as_slice() else { panic!("one error was expected in:\n{}", refused.log) };
    only
}

#[tokio::test]
async fn a_data_directory_is_held_by_one_process() {
    let house = House::start().await;
    let Err(refused) = Larum::start(house.data.path(), NO_SLACK).await else {
        panic!("a second Larum started")
    };
    let reason = reason(&refused);
    assert!(reason.contains("in use by another Larum: stop that one"), "{reason}");
    assert!(reason.contains(&*house.data.path().to_string_lossy()), "{reason}");
    house.administrator.read("/status").await;
}

#[tokio::test]
async fn data_of_a_newer_version_are_left_alone() {
    let data = tempfile::tempdir().expect("there is room");
    let larum = Larum::start(data.path(), NO_SLACK).await.expect("larum starts");
    assert!(larum.stop().await.success());
    let database = data.path().join("larum.db");
    assert!(database.is_file(), "the database has another name: {:?}", std::fs::read_dir(data.path()));
    let from_the_future = "import sqlite3, sys\n\
        with sqlite3.connect(sys.argv[1]) as database:\n    \
        database.execute(\"insert into _sqlx_migrations select version + 1000, 'from the future', installed_on, \
        success, checksum, execution_time from _sqlx_migrations order by version desc limit 1\")";
    let done = command(peers::python()).args(["-c", from_the_future]).arg(&database).status().await;
    assert!(done.expect("Python starts").success());

    let Err(refused) = Larum::start(data.path(), NO_SLACK).await else {
        panic!("it started over newer data")
    };
    let reason = reason(&refused);
    assert!(reason.contains("from a newer Larum"), "{reason}");
    assert!(reason.contains("run that version, or restore the backup"), "{reason}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let data = tempfile::tempdir().expect("there is room");
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(data.path()).args(["--web.listen-address", &address]);
    let Err(refused) = Larum::of(&mut serve).await else { panic!("two listen at one port") };
    let reason = reason(&refused);
    assert!(reason.contains(&format!("cannot listen on {address}")), "{reason}");
    assert!(reason.contains("--web.listen-address"), "{reason}");

    let mut sandbox = larum();
    sandbox.args(["sandbox", "--listen", &address]);
    let Err(refused) = Larum::of(&mut sandbox).await else { panic!("two listen at one port") };
    assert!(self::reason(&refused).contains(&address), "{}", refused.log);
}

#[tokio::test]
async fn other_machines_are_let_in_only_on_purpose() {
    let data = tempfile::tempdir().expect("there is room");
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(data.path()).args(["--web.listen-address", "0.0.0.0:0"]);
    let Err(refused) = Larum::of(&mut serve).await else { panic!("it lets everybody post alerts") };
    let reason = reason(&refused);
    assert!(reason.contains("--web.post-auth=bearer, basic, or none"), "{reason}");
}

#[tokio::test]
async fn a_proxy_in_front_lets_others_in_only_on_purpose() {
    let data = tempfile::tempdir().expect("there is room");
    let serve = |url: &str| {
        let mut serve = larum();
        serve.arg("serve").arg("--storage.path").arg(data.path());
        serve.args(["--web.listen-address", "127.0.0.1:0", "--web.external-url", url]);
        serve
    };
    let Err(refused) = Larum::of(&mut serve("https://larum.example.com")).await else {
        panic!("everybody may post alerts")
    };
    assert!(reason(&refused).contains("--web.post-auth=bearer, basic, or none"), "{}", refused.log);
    let Err(refused) = Larum::of(&mut serve("https://")).await else { panic!("links lead nowhere") };
    assert!(reason(&refused).contains("--web.external-url must be"), "{}", refused.log);
    let mut chosen = serve("https://larum.example.com");
    let larum = Larum::of(chosen.args(["--web.post-auth", "bearer"])).await.expect("it was chosen");
    assert!(larum.stop().await.success());
}

#[tokio::test]
async fn a_webhook_that_would_end_at_once_is_refused() {
    let data = tempfile::tempdir().expect("there is room");
    let mut serve = larum();
    serve.arg("serve").arg("--storage.path").arg(data.path()).args(["--web.listen-address", "127.0.0.1:0"]);
    serve.env("LARUM_WEBHOOK_RESOLVE_TIMEOUT", "0s");
    let Err(refused) = Larum::of(&mut serve).await else { panic!("it would end alerts as they come") };
    let reason = reason(&refused);
    assert!(reason.contains("--webhook.resolve-timeout can be from 1m to 365d, not 0s"), "{reason}");
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_is_named() {
    let file = tempfile::NamedTempFile::new().expect("there is room");
    let Err(refused) = Larum::start(&file.path().join("data"), NO_SLACK).await else {
        panic!("a file is no folder")
    };
    let reason = reason(&refused);
    assert!(
        reason.contains("cannot be used") && reason.contains(&*file.path().to_string_lossy()),
        "{reason}"
    );
}

#[tokio::test]
async fn a_service_manager_stops_it_without_a_failure() {
    let data = tempfile::tempdir().expect("there is room");
    let larum = Larum::start(data.path(), NO_SLACK).await.expect("larum starts");
    assert!(larum.stop().await.success());
}
