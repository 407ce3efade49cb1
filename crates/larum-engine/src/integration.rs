//! What tells the receivers of a configuration file: each integration puts what is to be told into the words that the
//! file asks for, and posts them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use larum_alertmanager::config::{
    Configuration, SecretSource, SlackAccess, SlackConfig, WebhookConfig, update_url,
};
use larum_alertmanager::data::Occasion;
use larum_alertmanager::routing::{SLACK, WEBHOOK, receiver_id};
use larum_alertmanager::slack::{self, SlackTexts};
use larum_alertmanager::template::Templates;
use larum_alertmanager::webhook::{self, Payload, UrlTemplate};
use larum_core::outbox::Outcome;
use larum_core::receiver::ReceiverId;
use larum_core::state::PlannedBody;
use larum_core::time::Timestamp;
use larum_render::{Links, headline, plain_text};
use larum_slack::ErrorClass;
use larum_store::{Posted, Rendered};
use larum_webhook::{Clock, ConfigError, Credentials, Outcome as Answered, Refusal, Secret, WebhookClient};
use secrecy::ExposeSecret;

mod http;

/// How long Slack may take for one message where the file says nothing.
const SLACK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a webhook may take where the file says nothing. Alertmanager waits for as long as a group's interval; one
/// that is given up too early is told twice.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(60);

/// With these Slack says that a message cannot be said anew, now or ever (Slack, `chat.update`). Alertmanager goes on to
/// ask for it, and tells nothing any more.
const GONE: [&str; 4] =
    ["message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"];

/// Slack is not asked where it could only answer that it does not find the channel, as if there were one to look for.
const NO_CHANNEL: &str =
    "the message has no channel: its template is empty or fails, and only an incoming webhook knows one";

/// An integration whose settings can never work.
#[derive(Debug, thiserror::Error)]
#[error("receiver {receiver:?}, {integration}_configs[{index}]: {error}")]
pub struct IntegrationError {
    /// The receiver's name.
    pub receiver: String,
    /// Alertmanager's name of the integration.
    pub integration: &'static str,
    /// Which of its kind, from 0.
    pub index: usize,
    /// What is wrong.
    pub error: ConfigError,
}

/// What tells the receivers of a configuration file, by their numbers. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Integrations(Arc<HashMap<ReceiverId, Arc<Integration>>>);

/// Where people find this Larum.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its address, without a slash behind.
    pub external_url: String,
    /// The links that lead there.
    pub links: Links,
}

/// One way to tell a receiver.
pub struct Integration {
    voice: Voice,
    client: WebhookClient,
    clock: Clock,
    url: Secret,
    timeout: Duration,
}

enum Voice {
    /// Only an incoming webhook knows where to post what names no channel.
    Slack {
        texts: Box<SlackTexts>,
        updates: bool,
        needs_channel: bool,
    },
    Webhook {
        max_alerts: u64,
        payload: Option<Box<Payload>>,
        url_template: Option<Box<UrlTemplate>>,
    },
}

impl std::fmt::Debug for Integration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.voice {
            Voice::Slack { .. } => SLACK,
            Voice::Webhook { .. } => WEBHOOK,
        })
    }
}

impl Integrations {
    /// Those of a configuration, with its templates. No call is made; files with secrets are read at every call.
    ///
    /// # Errors
    /// [`IntegrationError`] for the first whose settings can never work.
    pub fn of(
        configuration: &Configuration,
        templates: &Templates,
        clock: &Clock,
    ) -> Result<Self, IntegrationError> {
        let mut all = HashMap::new();
        for receiver in &configuration.receivers {
            let wrong = |integration, index| {
                let receiver = receiver.name.clone();
                move |error| IntegrationError { receiver, integration, index, error }
            };
            for (index, config) in receiver.slack.iter().enumerate() {
                let made = Integration::slack(config, templates, clock).map_err(wrong(SLACK, index))?;
                all.insert(receiver_id(&receiver.name, SLACK, index), Arc::new(made));
            }
            for (index, config) in receiver.webhooks.iter().enumerate() {
                let made = Integration::webhook(config, templates, clock).map_err(wrong(WEBHOOK, index))?;
                all.insert(receiver_id(&receiver.name, WEBHOOK, index), Arc::new(made));
            }
        }
        Ok(Self(Arc::new(all)))
    }

    /// The one that tells this receiver.
    pub fn get(&self, receiver: ReceiverId) -> Option<&Arc<Integration>> {
        self.0.get(&receiver)
    }
}

impl Integration {
    fn slack(config: &SlackConfig, templates: &Templates, clock: &Clock) -> Result<Self, ConfigError> {
        let mut http = http::config(&config.http);
        let needs_channel = match &config.access {
            SlackAccess::Url(SecretSource::Given(url)) => update_url(url.expose()).is_some(),
            SlackAccess::Url(SecretSource::File(_)) => false,
            SlackAccess::App { .. } => true,
        };
        let url = match &config.access {
            SlackAccess::Url(url) => http::secret(url),
            SlackAccess::App { token, url } => {
                http.credentials = Credentials::bearer(http::secret(token));
                Secret::text(url.as_str())
            }
        };
        Ok(Self {
            voice: Voice::Slack {
                texts: Box::new(SlackTexts::new(config, templates)),
                updates: config.update_message,
                needs_channel,
            },
            clock: Arc::clone(clock),
            client: WebhookClient::new(http, Arc::clone(clock))?,
            url,
            timeout: or(config.timeout, SLACK_TIMEOUT),
        })
    }

    fn webhook(config: &WebhookConfig, templates: &Templates, clock: &Clock) -> Result<Self, ConfigError> {
        let url_template = match &config.url {
            SecretSource::Given(url) => UrlTemplate::read(url.expose(), templates).map(Box::new),
            SecretSource::File(_) => None,
        };
        Ok(Self {
            voice: Voice::Webhook {
                max_alerts: config.max_alerts,
                payload: config.payload.as_ref().map(|payload| Box::new(Payload::new(payload, templates))),
                url_template,
            },
            clock: Arc::clone(clock),
            client: WebhookClient::new(http::config(&config.http), Arc::clone(clock))?,
            url: http::secret(&config.url),
            timeout: or(config.timeout, WEBHOOK_TIMEOUT),
        })
    }

    /// Puts a message into words. Where a template fails it is told in plain ones, with the reason beside it.
    pub fn write(&self, body: &PlannedBody, site: &Site, now: Timestamp) -> Rendered {
        let notification = &body.notification;
        let group_key = body.way.group_key(&notification.group_labels);
        let external_url = &site.external_url;
        let occasion = Occasion { notification, external_url, group_key: &group_key };
        let headline = headline(notification);
        let (message, problem) = match &self.voice {
            Voice::Webhook { max_alerts, payload, url_template } => {
                let payload = payload.as_ref();
                let own = payload.map(|payload| payload.body(&occasion.first(*max_alerts).0, now));
                match (own, webhook::body(&occasion, *max_alerts)) {
                    (None, usual) => (usual, None),
                    (Some(Ok(own)), _) if url_template.is_none() => (own, None),
                    (Some(Ok(own)), usual) => (own + &usual, None),
                    (Some(Err(error)), usual) => (usual, Some(error.to_string())),
                }
            }
            Voice::Slack { texts, .. } => {
                let data = occasion.data();
                match texts.post(&data, now) {
                    Ok(post) => (post.body, None),
                    Err(error) => {
                        let plain = texts.plain(&plain_text(notification, &site.links), &data, now);
                        (plain, Some(error.to_string()))
                    }
                }
            }
        };
        Rendered { id: body.id, headline, message: message.into(), problem }
    }

    /// Whether the message that a group has in Slack is said anew, instead of posting more of them.
    pub fn updates(&self) -> bool {
        matches!(self.voice, Voice::Slack { updates: true, .. })
    }

    /// Sends a message as it was written, in plain words if those were refused before; into the place of an `earlier` one
    /// of its group, if that is there.
    pub async fn send(&self, message: &str, plain: bool, earlier: Option<&Posted>) -> Outcome {
        let plainer =
            || matches!(self.voice, Voice::Slack { .. }).then(|| slack::plain_of(message)).flatten();
        let in_plain_words = if plain { plainer() } else { None };
        match self.attempt(in_plain_words.as_deref().unwrap_or(message), earlier).await {
            Outcome::PayloadRefused { error } if plainer().is_none() => Outcome::Undeliverable { error },
            outcome => outcome,
        }
    }

    async fn attempt(&self, message: &str, earlier: Option<&Posted>) -> Outcome {
        let (message, said) = webhook::parts(message);
        let url = match self.url(said) {
            Ok(url) => url,
            Err(error) => return Outcome::Undeliverable { error: error.into() },
        };
        if let Some(earlier) = earlier
            && let Some(outcome) = self.update(message, earlier, &url).await
        {
            return outcome;
        }
        if matches!(self.voice, Voice::Slack { needs_channel: true, .. })
            && slack::channel_of(message).is_none()
        {
            return Outcome::Undeliverable { error: NO_CHANNEL.into() };
        }
        let answered = self.client.post(&url, message, self.timeout).await;
        match &self.voice {
            Voice::Slack { .. } => outcome(answered.of_slack(), slack_refused),
            Voice::Webhook { .. } => outcome(answered, webhook_refused),
        }
    }

    /// Says an earlier message anew. `None` if it cannot be, so that another one is to be posted.
    async fn update(&self, message: &str, earlier: &Posted, url: &Secret) -> Option<Outcome> {
        let url = url.read().await.ok()?;
        let url = update_url(url.expose_secret())?;
        let message = slack::update_of(message, &earlier.channel_id, &earlier.ts)?;
        let answered = self.client.post(&Secret::text(url), &message, self.timeout).await.of_slack();
        match answered {
            Answered::Refused(Refusal { code: Some(code), .. }) if GONE.contains(&code.as_str()) => None,
            answered => Some(outcome(answered, slack_refused)),
        }
    }

    /// Where a message is posted to that says this.
    fn url(&self, said: &str) -> Result<Secret, String> {
        let Voice::Webhook { url_template: Some(template), .. } = &self.voice else {
            return Ok(self.url.clone());
        };
        let data = webhook::data_of(said).ok_or("the message cannot be read back")?;
        let url = template.fill(&data, (self.clock)().wall).map_err(|error| error.to_string())?;
        Ok(Secret::text(url))
    }
}

/// An answer in the lane's words.
fn outcome(answered: Answered, refused: impl FnOnce(Refusal) -> Outcome) -> Outcome {
    match answered {
        Answered::Delivered(answer) => {
            let message = answer.slack_message();
            let (channel, ts) = message.map(|message| (message.channel, message.ts)).unwrap_or_default();
            Outcome::Delivered { ts: ts.into(), channel_id: channel.into() }
        }
        Answered::Refused(refusal) => refused(refusal),
        Answered::Wait(pause) => Outcome::RetryAfter { wait: pause.length },
        // Whoever asks to come again later has not taken it (RFC 9110, section 15.6.4).
        Answered::TryAgain(trouble) => match (trouble.wait, trouble.may_have_arrived) {
            (Some(wait), _) => Outcome::RetryAfter { wait },
            (None, true) => Outcome::Unknown { error: trouble.reason.into() },
            (None, false) => Outcome::Unreachable { error: trouble.reason.into() },
        },
    }
}

/// What Slack refuses for good is the message itself, or something that a person has to change first.
fn slack_refused(refusal: Refusal) -> Outcome {
    let Some(code) = refusal.code else { return webhook_refused(refusal) };
    match ErrorClass::of(&code) {
        ErrorClass::Credential => Outcome::CredentialRefused { error: code.into() },
        ErrorClass::Payload => Outcome::PayloadRefused { error: refusal.reason.into() },
        ErrorClass::Transient => Outcome::Unreachable { error: code.into() },
        ErrorClass::Channel | ErrorClass::RateLimit | ErrorClass::Unknown => {
            Outcome::ChannelRefused { error: code.into() }
        }
    }
}

/// A server that cannot read the message never will (RFC 9110, sections 15.5.1, 15.5.14, 15.5.21); any other refusal may
/// end when somebody sets something right, there or here.
fn webhook_refused(refusal: Refusal) -> Outcome {
    let error = refusal.reason.into();
    match refusal.answer.map(|answer| answer.status) {
        Some(400 | 413 | 422) => Outcome::PayloadRefused { error },
        Some(401 | 403) => Outcome::CredentialRefused { error },
        _ => Outcome::ChannelRefused { error },
    }
}

/// What the file says, or this where it says nothing.
fn or(timeout: Duration, otherwise: Duration) -> Duration {
    if timeout.is_zero() { otherwise } else { timeout }
}
