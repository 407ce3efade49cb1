//! Out: sends one message as it was written down, and says what became of it.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use larum_core::outbox::{Delivery, DeliveryId, Outcome};
use larum_core::receiver::ReceiverId;
use larum_slack::{ApiUrl, ErrorClass, PostOutcome, SlackClient, SlackToken, TOKEN_UNREADABLE};
use larum_store::{ReceiverRow, Store};
use secrecy::ExposeSecret;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::command::Command;
use crate::integration::Integration;

/// Sends messages, each in a task of its own.
#[derive(Debug)]
pub(crate) struct Post {
    http: reqwest::Client,
    api: ApiUrl,
    store: Arc<Store>,
    answers: mpsc::WeakSender<Command>,
    /// The way to Slack of each receiver at this version, or Slack's word for why there is none.
    clients: HashMap<ReceiverId, (u64, Result<SlackClient, &'static str>)>,
    /// What tells this installation's messages from those of others.
    installation: Uuid,
}

impl Post {
    pub fn new(
        http: reqwest::Client,
        api: ApiUrl,
        store: Arc<Store>,
        answers: mpsc::WeakSender<Command>,
        installation: Uuid,
    ) -> Self {
        Self { http, api, store, answers, clients: HashMap::new(), installation }
    }

    /// Sends a delivery of a receiver of the console on its way; what becomes of it comes back as [`Command::Sent`].
    /// `message` is its body, if it is at hand.
    pub fn send(&mut self, delivery: Delivery, row: Option<&ReceiverRow>, message: Option<Arc<str>>) {
        let client = self.client(row);
        let store = Arc::clone(&self.store);
        let client_msg_id = self.client_msg_id(&delivery).to_string();
        self.set_off(delivery.id, async move {
            match client {
                Err(reason) => Outcome::CredentialRefused { error: reason.into() },
                Ok(client) => match text(&store, &delivery, message).await {
                    Err(reason) => Outcome::Unreachable { error: reason.into() },
                    Ok(text) => {
                        let text = if delivery.plain { in_plain_words(text) } else { text };
                        let answer =
                            client.post_message(delivery.channel.as_str(), &client_msg_id, &text).await;
                        tell_of_duplicate(&delivery, &answer);
                        outcome(answer)
                    }
                },
            }
        });
    }

    /// Sends a delivery of a receiver of a configuration file on its way.
    pub fn send_by(&self, integration: Arc<Integration>, delivery: Delivery, message: Option<Arc<str>>) {
        let store = Arc::clone(&self.store);
        self.set_off(delivery.id, async move {
            let earlier = match integration.updates() {
                true => store.posted_before(&delivery).await.map_err(|error| error.to_string()),
                false => Ok(None),
            };
            match (text(&store, &delivery, message).await, earlier) {
                (Err(reason), _) | (_, Err(reason)) => Outcome::Unreachable { error: reason.into() },
                (Ok(text), Ok(earlier)) => integration.send(&text, delivery.plain, earlier.as_ref()).await,
            }
        });
    }

    fn set_off(&self, delivery: DeliveryId, work: impl Future<Output = Outcome> + Send + 'static) {
        let Some(answers) = self.answers.upgrade() else { return };
        tokio::spawn(async move {
            let outcome = answered(work).await;
            // The writer is gone only when Larum stops; the row says that it was on its way.
            let _ = answers.send(Command::Sent { delivery, outcome }).await;
        });
    }

    /// The same for every attempt of a delivery, so that Slack can tell a repetition (Slack, `chat.postMessage`), and
    /// another for every other delivery: also for one that has the same number, after a backup was restored.
    fn client_msg_id(&self, delivery: &Delivery) -> Uuid {
        let name = [delivery.id.0, delivery.planned_at.as_millis().cast_unsigned(), delivery.body.0];
        Uuid::new_v5(&self.installation, &name.map(u64::to_be_bytes).concat())
    }

    /// Forgets the tokens of receivers that are no more.
    pub fn keep(&mut self, is_there: impl Fn(ReceiverId) -> bool) {
        self.clients.retain(|receiver, _| is_there(*receiver));
    }

    fn client(&mut self, row: Option<&ReceiverRow>) -> Result<SlackClient, &'static str> {
        let Some(row) = row else { return Err("receiver_deleted") };
        let (version, client) = self
            .clients
            .entry(row.receiver.id)
            .or_insert_with(|| (row.version, connect(&self.store, &self.http, &self.api, row)));
        if *version != row.version {
            (*version, *client) = (row.version, connect(&self.store, &self.http, &self.api, row));
        }
        client.clone()
    }
}

/// The way to Slack with a receiver's token, or Slack's word for why there is none.
pub(crate) fn connect(
    store: &Store,
    http: &reqwest::Client,
    api: &ApiUrl,
    row: &ReceiverRow,
) -> Result<SlackClient, &'static str> {
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::error!(receiver = row.receiver.id.0, %error, "a saved token cannot be read");
        TOKEN_UNREADABLE
    };
    let secret = store.unseal(&row.token).map_err(|error| unreadable(&error))?;
    let token = SlackToken::parse(secret.expose_secret()).map_err(|error| unreadable(&error))?;
    Ok(SlackClient::new(http.clone(), api, token))
}

/// What is sent, as it was written down.
async fn text(store: &Store, delivery: &Delivery, message: Option<Arc<str>>) -> Result<String, String> {
    match message {
        Some(message) => Ok(message.to_string()),
        None => match store.message(delivery.body).await {
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err("the message is missing from the database".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    }
}

fn in_plain_words(message: String) -> String {
    larum_render::plain_of(&message).unwrap_or(message)
}

/// What became of an attempt. One that panics is answered too, or its lane would wait for it until Larum is started
/// again.
async fn answered(work: impl Future<Output = Outcome>) -> Outcome {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(outcome) => outcome,
        Err(panic) => {
            let error = said_by(&*panic);
            tracing::error!(error, "sending a message broke down, which is a fault of Larum's");
            Outcome::Unknown { error: "sending it broke down, which is a fault of Larum's".into() }
        }
    }
}

/// What somebody said who panicked.
fn said_by(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it did not say why")
}

/// Slack swallows what it takes for a repetition. At a first attempt that would be a message that nobody has seen.
fn tell_of_duplicate(delivery: &Delivery, answer: &PostOutcome) {
    if let PostOutcome::Delivered { duplicate: true, .. } = answer
        && !delivery.uncertain
        && delivery.attempts <= 1
    {
        let (delivery, channel) = (delivery.id.0, delivery.channel.as_str());
        tracing::error!(delivery, channel, "Slack takes a new message for a repetition: it may not be there");
    }
}

/// Slack's answer in the lane's words. A code that nobody knows pauses the lane: it is neither lost nor repeated.
fn outcome(answer: PostOutcome) -> Outcome {
    match answer {
        PostOutcome::Delivered { channel_id, ts, .. } => {
            Outcome::Delivered { ts: ts.into(), channel_id: channel_id.into() }
        }
        PostOutcome::RetryAfter(wait) => Outcome::RetryAfter { wait },
        PostOutcome::Unknown(error) => Outcome::Unknown { error: error.into() },
        PostOutcome::Unreachable(error) => Outcome::Unreachable { error: error.into() },
        PostOutcome::Refused(error) => {
            let code = error.code.as_str().into();
            match error.class {
                ErrorClass::Credential => Outcome::CredentialRefused { error: code },
                ErrorClass::Payload => {
                    let places = error.messages.join("; ");
                    let said =
                        if places.is_empty() { error.code } else { format!("{}: {places}", error.code) };
                    Outcome::PayloadRefused { error: said.into() }
                }
                ErrorClass::Transient => Outcome::Unreachable { error: code },
                ErrorClass::Channel | ErrorClass::RateLimit | ErrorClass::Unknown => {
                    Outcome::ChannelRefused { error: code }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use larum_core::condition::Conditions;
    use larum_core::group::GroupId;
    use larum_core::outbox::BodyId;
    use larum_core::receiver::{Channel, Channels, Manner, Receiver};
    use larum_core::severity::Severity;
    use larum_core::time::{Steady, Timestamp};
    use larum_slack::build_http_client;
    use larum_store::{SecretKey, SlackFacts};
    use secrecy::SecretString;

    use super::*;

    fn receiver(store: &Store, id: u64) -> ReceiverRow {
        let receiver = Receiver {
            id: ReceiverId(id),
            name: "Slack".into(),
            enabled: true,
            channels: Channels::parse(&["alerts"]).unwrap(),
            conditions: Conditions::EVERYTHING,
            workspace: None,
            unproven: false,
            manner: Manner::default(),
        };
        ReceiverRow {
            receiver,
            version: 1,
            token: store.seal(&SecretString::from("xoxb-1-2-abcdefghijkl"), [0; 24]),
            slack: SlackFacts::default(),
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
            updated_by: "ada".into(),
        }
    }

    /// A data directory, and the way out of it.
    async fn post(folder: &tempfile::TempDir) -> (Arc<Store>, Post) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let key = SecretKey::load_or_create(&folder.path().join("secret.key"), [1; 32]).unwrap();
        let store = Arc::new(Store::open(folder.path(), key).await.unwrap());
        let http = build_http_client(Duration::from_secs(1), None).unwrap();
        let api = ApiUrl::parse("http://127.0.0.1:1/api/").unwrap();
        let (commands, _waiting) = mpsc::channel(1);
        let post = Post::new(http, api, Arc::clone(&store), commands.downgrade(), Uuid::nil());
        (store, post)
    }

    #[tokio::test]
    async fn the_token_of_a_receiver_that_is_gone_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut post) = post(&folder).await;
        for id in [1, 2] {
            post.client(Some(&receiver(&store, id))).unwrap();
        }
        post.keep(|id| id == ReceiverId(2));
        assert_eq!(post.clients.keys().collect::<Vec<_>>(), [&ReceiverId(2)]);
    }

    fn delivery(planned_at: i64) -> Delivery {
        Delivery {
            id: DeliveryId(7),
            body: BodyId(6),
            receiver: ReceiverId(1),
            channel: Channel::parse("alerts").unwrap(),
            group: GroupId(5),
            turn: 1,
            severity: Severity::Critical,
            planned_at: Timestamp::from_millis(planned_at),
            alerts: [].into(),
            replaced: None,
            attempts: 1,
            uncertain: false,
            plain: false,
            not_before: Steady::default(),
            last_error: None,
        }
    }

    #[tokio::test]
    async fn a_number_that_is_drawn_again_after_a_backup_was_restored_is_no_repetition() {
        let folder = tempfile::tempdir().unwrap();
        let (_, post) = post(&folder).await;
        let before = post.client_msg_id(&delivery(1_800_000_000_000));
        let again = Delivery { attempts: 2, uncertain: true, ..delivery(1_800_000_000_000) };
        assert_eq!(post.client_msg_id(&again), before);
        assert_ne!(post.client_msg_id(&delivery(1_800_000_100_000)), before);
    }

    #[tokio::test]
    async fn an_attempt_that_breaks_down_is_answered() {
        let outcome = answered(async { panic!("a test breaks down") }).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
}
