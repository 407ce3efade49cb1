//! Asking Slack: whose a token is, whether channels can be posted to, and a test message. Saves nothing.

use std::time::Duration;

use larum_core::receiver::{Channel, Channels};
use larum_core::time::Steady;
use larum_engine::{Introduction, introduce};
use larum_slack::{Directory, Identity, PostOutcome, SlackClient, SlackToken, advice};
use larum_store::{ChannelFact, SlackFacts};
use tokio::time::timeout;

use crate::directories::SharedDirectory;
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::receiver::{NEEDED_SCOPE, context};

/// How long the questions about channels may take together; they are a convenience. What was learnt by then counts.
const CHANNELS_PATIENCE: Duration = Duration::from_secs(5);
/// How long a test message may take; with the question before it stays below ten seconds.
const POST_PATIENCE: Duration = Duration::from_millis(5_500);

/// A token and what Slack says of it.
pub struct Asked {
    /// The way to Slack with this token.
    pub client: SlackClient,
    /// Whose it is, if Slack said.
    pub identity: Option<Identity>,
    /// The same as it is kept, without channels.
    pub facts: SlackFacts,
    /// Slack's code if it does not take the token.
    pub refused: Option<String>,
    /// What Slack said about channels to this token before.
    directory: SharedDirectory,
}

/// Asks Slack whose a token is.
pub async fn ask_identity(doors: &Doors, token: SlackToken) -> Asked {
    let slack = doors.slack();
    let directory = doors.directories().of(&token, doors.now().steady);
    let client = SlackClient::new(slack.http.clone(), &slack.api, token);
    let Introduction { identity, facts, refused } = introduce(&client, || doors.now()).await;
    Asked { client, identity, facts, refused, directory }
}

/// Asks Slack about channels, as far as the token's scopes allow.
///
/// # Errors
/// [`Problem`] at its place if two entries are the same channel.
pub async fn ask_channels(
    doors: &Doors,
    asked: &Asked,
    channels: &Channels,
) -> Result<Vec<ChannelFact>, Problem> {
    let Some(identity) = &asked.identity else { return Ok(Vec::new()) };
    let names: Vec<&str> = channels.iter().map(Channel::as_str).collect();
    let reports = match timeout(CHANNELS_PATIENCE, asked.directory.lock()).await {
        Ok(mut directory) => {
            let now = doors.now().steady.since(Steady::default());
            let asking = directory.ask(&asked.client, identity, &names, now);
            // Whoever waits too long keeps what was heard until then.
            let _ = timeout(CHANNELS_PATIENCE, asking).await;
            directory.reports(identity, &names)
        }
        Err(_) => Directory::default().reports(identity, &names),
    };
    let twice = reports.iter().enumerate().find_map(|(index, report)| Some((index, report.same_as?)));
    if let Some((index, first)) = twice {
        let shown: Vec<String> = channels.iter().map(ToString::to_string).collect();
        let words =
            format!("{} and {} are the same channel: remove one of them.", shown[first], shown[index]);
        return Err(Problem::invalid(format!("channels[{index}]"), words));
    }
    let fact = |report: larum_slack::ChannelReport| ChannelFact {
        key: report.asked,
        id: report.id,
        name: report.name,
        state: report.state.as_str().to_owned(),
        why: report.why,
    };
    Ok(reports.into_iter().map(fact).collect())
}

/// What became of a test message.
pub struct Posted {
    /// Slack's ID of the channel and number of the message, if it is there.
    pub delivered: Option<(String, String)>,
    /// What became of it, in words.
    pub sentence: String,
    /// Slack's code.
    pub error: Option<String>,
}

/// Posts a test message to one channel.
pub async fn post(
    client: &SlackClient,
    facts: &SlackFacts,
    channel: &Channel,
    message: &str,
    id: &str,
) -> Posted {
    let answer = timeout(POST_PATIENCE, client.post_message(channel.as_str(), id, message)).await;
    let failed = |sentence: String, error: Option<String>| Posted { delivered: None, sentence, error };
    match answer {
        Ok(PostOutcome::Delivered { channel_id, ts, .. }) => {
            Posted { delivered: Some((channel_id, ts)), sentence: "Delivered.".to_owned(), error: None }
        }
        Ok(PostOutcome::RetryAfter(wait)) => {
            let words = format!("Slack asks to slow down: try again in {} seconds.", wait.as_secs().max(1));
            failed(words, Some("ratelimited".to_owned()))
        }
        Ok(PostOutcome::Refused(error)) => {
            let mut place = context(facts, Some(channel.as_str()));
            place.needed = Some(error.needed.as_deref().unwrap_or(NEEDED_SCOPE));
            failed(advice(&error.code, &place), Some(error.code.clone()))
        }
        Ok(PostOutcome::Unknown(reason)) => {
            let words = format!(
                "Slack's answer is not clear ({reason}): look into the channel before you try again."
            );
            failed(words, None)
        }
        Ok(PostOutcome::Unreachable(reason)) => failed(format!("Slack cannot be reached: {reason}."), None),
        Err(_) => {
            let words = "Slack did not answer in time: look into the channel before you try again.";
            failed(words.to_owned(), None)
        }
    }
}
