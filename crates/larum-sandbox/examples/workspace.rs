//! Runs a sandbox until Ctrl-C: `cargo run -p larum-sandbox --example workspace [folder]`.

use std::net::{Ipv4Addr, SocketAddr};

use larum_sandbox::{Sandbox, SandboxConfig, StartError};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it talks to the person who started it")]
async fn main() -> Result<(), StartError> {
    let config = match std::env::args().nth(1) {
        Some(folder) => SandboxConfig::kept_in(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), folder.into()),
        None => SandboxConfig::in_memory(),
    };
    let until = async {
        // Without a handler for Ctrl-C the process ends by it anyway.
        let _ = tokio::signal::ctrl_c().await;
    };
    let started = |slack: &larum_sandbox::Running| {
        println!("page   {}\napi    {}", slack.page_url(), slack.api_url());
        println!("bot    {}\nuser   {}", slack.bot_token, slack.user_token);
    };
    Sandbox::serve(config, started, until).await
}
