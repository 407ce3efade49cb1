//! `larum why`, asked of the binary in both ways that it runs.

use std::process::Output;

use serde_json::{Value, json};

use crate::drop_in::{DropIn, file, webhook};
use crate::house::House;
use crate::larum::larum;
use crate::sink::Sink;

/// What `larum why` said.
struct Said {
    status: Option<i32>,
    out: String,
    log: String,
}

async fn why(arguments: &[&str]) -> Said {
    let mut why = larum();
    why.arg("why").args(arguments);
    let Output { status, stdout, stderr } = why.output().await.expect("larum starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { status: status.code(), out: text(&stdout), log: text(&stderr) }
}

async fn ask_house(house: &House, arguments: &[&str]) -> Said {
    let token = house.data.path().join("token");
    std::fs::write(&token, &house.administrator.token).expect("it can be written");
    let (url, token) = (format!("http://{}", house.larum.address), token.display().to_string());
    why(&[&["--url", &url, "--token-file", &token], arguments].concat()).await
}

async fn ask(house: &DropIn, arguments: &[&str]) -> Said {
    let url = format!("http://{}", house.larum.address);
    why(&[&["--url", url.as_str()], arguments].concat()).await
}

/// Asks until the answer has these words.
async fn until(house: &DropIn, arguments: &[&str], words: &str) -> String {
    let asking = async {
        loop {
            let said = ask(house, arguments).await;
            if said.out.contains(words) {
                return said.out;
            }
        }
    };
    tokio::time::timeout(crate::larum::PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("nobody says {words:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_woken_reads_who_was_told_and_again_after_a_crash() {
    let mut house = House::start().await;
    house.administrator.group(&["alertname"], "0s", "1s").await;
    house.receiver(&["alerts"], Value::Null).await;
    let alert = json!([{ "labels": { "alertname": "Disk", "severity": "critical", "node": "web-1\u{1b}[31m" },
        "annotations": { "summary": format!("It is full\u{1b}[2J{}", " and full".repeat(20)) } }]);
    house.administrator.post_alerts(&alert).await;
    house.administrator.read_until("/deliveries", |log| log["counts"]["delivered"] == 1).await;
    let told = ask_house(&house, &["Disk"]).await;
    assert_eq!((told.status, told.log.as_str()), (Some(0), ""), "{}", told.out);
    assert!(told.out.starts_with("Disk, critical: firing since "), "{}", told.out);
    for words in [
        "  ops: TOLD ",
        "Told in #alerts.",
        "first notification (firing, turn 1) to #alerts: delivered",
        "/archives/",
    ] {
        assert!(told.out.contains(words), "{words:?} is not in {}", told.out);
    }
    assert!(
        told.out.lines().all(|line| line.chars().count() <= 80 || line.contains("/archives/")),
        "{}",
        told.out
    );
    assert!(!told.out.contains('\u{1b}') && told.out.contains(r"It is full\u{1b}[2J"), "{:?}", told.out);

    house.larum.kill().await;
    house.start_again().await;
    let again = ask_house(&house, &["{severity=\"critical\"}", "--receiver", "ops"]).await;
    assert!(again.out.contains("Told in #alerts."), "{}", again.out);
    let before = ask_house(&house, &["Disk", "--at", "1h ago"]).await;
    assert_eq!(before.status, Some(1), "{}", before.out);
    assert!(
        before.out.starts_with("As of ") && before.out.contains("No alert matches Disk"),
        "{}",
        before.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_status_says_whether_there_is_an_answer() {
    let house = House::start().await;
    house.administrator.post_alerts(&json!([{ "labels": { "alertname": "NodeDiskFull" } }])).await;
    let json = ask_house(&house, &["NodeDiskFull", "--output", "json"]).await;
    let answer: Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(
        (json.status, &answer["alerts"][0]["verdicts"][0]["reason"]),
        (Some(0), &json!("no_receiver"))
    );
    let none = ask_house(&house, &["DiskFull"]).await;
    assert_eq!(none.status, Some(1));
    assert!(none.out.contains("Called alike and firing: NodeDiskFull."), "{}", none.out);
    let wrong = ask_house(&house, &["a=~\"(\""]).await;
    assert_eq!((wrong.status, wrong.out.as_str()), (Some(2), ""), "{}", wrong.log);
    let nobody = ask_house(&house, &["NodeDiskFull", "--receiver", "pager"]).await;
    assert_eq!(nobody.status, Some(2));
    assert!(nobody.log.contains("There is no receiver"), "{}", nobody.log);
    let url = format!("http://{}", house.larum.address);
    let stranger = why(&["--url", &url, "Disk"]).await;
    assert_eq!(stranger.status, Some(2));
    assert!(stranger.log.contains("--token-file"), "{}", stranger.log);
    assert_eq!(why(&["--url", "http://127.0.0.1:1", "Disk"]).await.status, Some(2));
    assert_eq!(why(&[]).await.status, Some(2));
}

/// A file whose receiver `nights` is mute at all times, and whose receiver `nobody` has no integration.
fn with_nights(sink: &Sink) -> String {
    let routes =
        ", routes: [{ receiver: nights, matchers: [severity=\"info\"], mute_time_intervals: [always] },
      { receiver: nobody, matchers: [severity=\"none\"] }]";
    let hook = webhook(sink);
    format!(
        "{}- name: nights\n  {hook}\n- name: nobody\ntime_intervals: [{{ name: always, time_intervals: [{{ times: [{{ start_time: '00:00', end_time: '24:00' }}] }}] }}]\n",
        file(routes, &hook)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_alertmanagers_place_routes_and_time_intervals_are_named_and_what_was_taken_out_of_the_file() {
    let mut sink = Sink::open().await;
    let house = DropIn::start(&with_nights(&sink), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    house.fires(json!({ "alertname": "Tip", "severity": "info" })).await;
    house.fires(json!({ "alertname": "Alive", "severity": "none" })).await;
    sink.next().await;
    let told = until(&house, &["Disk"], "delivered").await;
    assert!(told.contains("  team webhook[0]: TOLD ") && told.contains("Told by webhook[0]."), "{told}");
    assert!(told.contains("The root route leads to it."), "{told}");
    assert!(told.contains("  - nights webhook[0]: The route "), "{told}");
    assert!(
        told.replace("\n    ", " ")
            .contains("severity=\"info\" does not match: the alert has no label severity."),
        "{told}"
    );
    let mute = until(&house, &["Tip"], "NOT TOLD").await;
    assert!(mute.contains("  nights webhook[0]: NOT TOLD"), "{mute}");
    assert!(mute.replace("\n      ", " ").contains("Its route was mute at always."), "{mute}");
    let nobody = until(&house, &["Alive"], "NOT TOLD").await;
    assert!(
        nobody.replace("\n    ", " ").contains("Its receiver has no integration, so it tells nobody."),
        "{nobody}"
    );

    let other =
        with_nights(&sink).replace("name: team", "name: crew").replace("receiver: team", "receiver: crew");
    house.write(&other);
    assert!(house.post("/-/reload", &json!({})).await.0.is_success());
    let gone = until(&house, &["Disk", "--receiver", "team webhook[0]"], "set up no more").await;
    assert!(gone.contains("  team webhook[0] (set up no more): TOLD"), "{gone}");
    assert!(gone.contains("The root route led to it then."), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_receiver_that_is_away_says_so_also_after_a_crash() {
    let away = "webhook_configs: [{ url: 'http://127.0.0.1:1/' }]";
    let mut house = DropIn::start(&file("", away), &[]).await;
    house.fires(json!({ "alertname": "Disk" })).await;
    let waits = until(&house, &["Disk"], "the next attempt").await;
    assert!(waits.contains("  team webhook[0]: DUE"), "{waits}");
    house.again().await;
    let still = until(&house, &["Disk"], "waiting").await;
    assert!(still.contains("  team webhook[0]: DUE"), "{still}");
}
