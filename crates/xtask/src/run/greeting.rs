//! What a person needs to know once everything runs.

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// The user that a fresh Larum has.
const FIRST_USER: &str = "admin";

/// How to talk to the sandbox as an app or as a human.
pub struct SandboxTokens {
    page: String,
    bot: String,
    user: String,
}

impl SandboxTokens {
    /// Asks a running sandbox.
    ///
    /// # Errors
    /// When it does not answer, or not in the known words.
    pub fn asked_at(address: &str) -> Result<Self> {
        let page = format!("http://{address}/");
        // Never through a proxy: the sandbox is on this machine.
        let agent = ureq::Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(10)));
        let mut answer = agent.build().new_agent().get(format!("{page}_sandbox/state")).call()?;
        let state: Value = answer.body_mut().read_json()?;
        let token = |kind: &str| {
            let tokens = state["tokens"].as_array()?;
            tokens.iter().find(|token| token["kind"] == kind)?["token"].as_str().map(ToOwned::to_owned)
        };
        let (bot, user) = token("bot").zip(token("user")).context("its state lacks a token")?;
        Ok(Self { page, bot, user })
    }

    /// Where its Web API is.
    pub fn api_url(&self) -> String {
        format!("{}api/", self.page)
    }
}

/// Everything that is printed once.
pub struct Greeting<'a> {
    /// The console's address.
    pub console: String,
    /// Where Larum keeps its data.
    pub data: &'a Path,
    /// The binary, for the command that helps when a password is forgotten.
    pub larum: &'a Path,
    /// The sandbox, unless this is the real Slack.
    pub sandbox: Option<SandboxTokens>,
}

impl Display for Greeting<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let line = "─".repeat(72);
        writeln!(out, "\n{line}\n  Console      {}", self.console)?;
        match std::fs::read_to_string(self.data.join("initial-password")) {
            Ok(password) => {
                writeln!(out, "  Log in as    {FIRST_USER}")?;
                writeln!(out, "  Password     {}   (once; the console asks for your own)", password.trim())?;
            }
            // The file is gone as soon as the password was changed.
            Err(_) => {
                writeln!(out, "  Log in       with your own password. Forgotten?")?;
                let (larum, data) = (self.larum.display(), self.data.display());
                writeln!(
                    out,
                    "               {larum} user reset-password {FIRST_USER} --storage.path {data}"
                )?;
            }
        }
        match &self.sandbox {
            Some(sandbox) => {
                writeln!(out, "\n  Slack sandbox  {}", sandbox.page)?;
                writeln!(out, "  Bot token      {}", sandbox.bot)?;
                writeln!(out, "  User token     {}", sandbox.user)?;
                writeln!(out, "  Channels       #alerts #critical #general #oncall-private …")?;
            }
            None => writeln!(out, "\n  Slack        the real one: https://slack.com")?,
        }
        write!(out, "\n  Ctrl-C stops everything. The log follows.\n{line}\n")
    }
}
