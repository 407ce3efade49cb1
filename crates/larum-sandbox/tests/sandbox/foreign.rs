//! Slack's own SDKs as clients, and the page's scripts, in their own languages.

use std::path::PathBuf;

use larum_sandbox::{Sandbox, SandboxConfig};
use tokio::process::Command;

/// What `cargo xtask test` sets; there is no skipping in silence.
fn provided(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .unwrap_or_else(|| {
            panic!("{variable} is not set: run `cargo xtask test`, which installs Slack's SDKs")
        })
        .into()
}

/// Runs a command beside a sandbox of its own and expects that it succeeds.
async fn runs_against_a_sandbox(command: &mut Command) {
    let slack = Sandbox::start(SandboxConfig::in_memory()).await.unwrap();
    command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/sdk-tests"))
        .env("LARUM_SANDBOX_API", slack.api_url())
        .env("LARUM_SANDBOX_BOT_TOKEN", &slack.bot_token)
        .env("LARUM_SANDBOX_USER_TOKEN", &slack.user_token)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .kill_on_drop(true);
    succeeds(command).await;
    slack.shutdown().await;
}

async fn succeeds(command: &mut Command) {
    let output = command.output().await.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{out}\n{err}");
}

#[tokio::test]
async fn slacks_python_sdk_talks_to_the_sandbox() {
    let mut python = Command::new(provided("LARUM_TEST_PYTHON"));
    runs_against_a_sandbox(python.args(["-m", "unittest", "--failfast"])).await;
}

#[tokio::test]
async fn slacks_node_sdk_talks_to_the_sandbox() {
    let modules = provided("LARUM_TEST_NODE_MODULES");
    let mut node = Command::new("node");
    runs_against_a_sandbox(node.args(["--test", "web-api.test.mjs"]).env("LARUM_TEST_NODE_MODULES", modules))
        .await;
}

#[tokio::test]
async fn the_page_reads_mrkdwn_as_slack_does() {
    page_passes("mrkdwn.test.mjs").await;
}

#[tokio::test]
async fn the_page_finds_the_message_in_its_address() {
    page_passes("address.test.mjs").await;
}

async fn page_passes(tests: &str) {
    let mut node = Command::new("node");
    let tests = format!("tests/page/{tests}");
    succeeds(node.args(["--test", &tests]).current_dir(env!("CARGO_MANIFEST_DIR"))).await;
}
