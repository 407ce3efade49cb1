//! A machine that does not answer keeps nobody.

use reqwest::StatusCode;

use crate::larum::{Larum, command};

/// Starts Larum where `/proc/loadavg` is a pipe that nobody writes to, in a mount namespace of its own.
async fn larum_on_a_machine_that_hangs(data: &tempfile::TempDir) -> Larum {
    let script = "mkfifo \"$1/pipe\" && mount --bind \"$1/pipe\" /proc/loadavg && exec \"$2\" serve \
                  --storage.path \"$1/data\" --web.listen-address 127.0.0.1:0 --slack-api-url http://127.0.0.1:9/api/";
    let mut unshare = command("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    unshare.arg(data.path()).arg(env!("CARGO_BIN_EXE_larum"));
    Larum::of(&mut unshare).await.unwrap_or_else(|refused| {
        panic!("unshare (util-linux) must be there, and allowed to make a namespace: {}", refused.log)
    })
}

#[tokio::test]
async fn alerts_are_taken_in_and_larum_stops_when_it_is_told_to() {
    let data = tempfile::tempdir().expect("there is room");
    let larum = larum_on_a_machine_that_hangs(&data).await;
    let alerts = format!("http://{}/api/v2/alerts", larum.address);
    let posted = crate::house::http_client().post(alerts).header("Content-Type", "application/json");
    let answer = posted.body(r#"[{"labels":{"alertname":"Posted"}}]"#).send().await.expect("it answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let (status, log) = larum.stop_and_log().await;
    assert!(status.success(), "{log}");
    assert!(log.contains("the watching of this host"), "what hangs is named: {log}");
}
