//! `slack_configs`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Options;
use super::field::{At, Section};
use super::global::Global;
use super::http::{self, Credentials, HttpConfig};
use super::secret::{self, Kind, SecretSource};
use crate::yaml::HIDDEN;

/// How messages are sent to a Slack channel. Every text but `app_url` and the paths is a Go template.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackConfig {
    /// Whether it is told that alerts are resolved.
    pub send_resolved: bool,
    /// How Slack is spoken to.
    pub http: Arc<HttpConfig>,
    /// Where messages are sent to, and who may.
    pub access: SlackAccess,
    /// The channel or the user; may be empty with an incoming webhook.
    pub channel: String,
    /// The name that the message is sent under.
    pub username: String,
    /// The colour of the attachment.
    pub color: String,
    /// The title of the attachment.
    pub title: String,
    /// What the title links to.
    pub title_link: String,
    /// What stands above the attachment.
    pub pretext: String,
    /// The text of the attachment.
    pub text: String,
    /// The text of the message itself, outside of the attachment.
    pub message_text: String,
    /// Fields of the attachment.
    pub fields: Vec<SlackField>,
    /// Whether fields are short that say nothing else.
    pub short_fields: bool,
    /// What stands below the attachment.
    pub footer: String,
    /// What is shown where there is no attachment.
    pub fallback: String,
    /// The name of the buttons, for who hears of them.
    pub callback_id: String,
    /// An emoji for the sender.
    pub icon_emoji: String,
    /// An image for the sender.
    pub icon_url: String,
    /// An image of the attachment.
    pub image_url: String,
    /// A small image of the attachment.
    pub thumb_url: String,
    /// Whether names of channels and people become links.
    pub link_names: bool,
    /// The parts of the attachment that have Slack's markup.
    pub mrkdwn_in: Vec<String>,
    /// Buttons.
    pub actions: Vec<SlackAction>,
    /// Whether the message of a group is kept up to date instead of sending more of them.
    pub update_message: bool,
    /// How long one attempt may take; zero is no limit of its own.
    pub timeout: Duration,
}

/// Where messages are sent to, and who may.
#[derive(Clone, Debug, PartialEq)]
pub enum SlackAccess {
    /// The URL of an incoming webhook, or of Slack's API with the credentials of the `http_config`.
    Url(SecretSource),
    /// An app's token.
    App {
        /// The token.
        token: SecretSource,
        /// The URL of `chat.postMessage`.
        url: String,
    },
}

/// A field of an attachment.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackField {
    /// Its title; not empty.
    pub title: String,
    /// Its value; not empty.
    pub value: String,
    /// Whether two fit beside each other; else as `short_fields` says.
    pub short: Option<bool>,
}

/// A button.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackAction {
    /// `button`
    pub kind: String,
    /// What stands on it.
    pub text: String,
    /// What it leads to; empty if it has a name.
    pub url: String,
    /// How it looks.
    pub style: String,
    /// What it is called, for who hears of it; empty if it leads somewhere.
    pub name: String,
    /// What it says to who hears of it.
    pub value: String,
    /// What is asked first.
    pub confirm: Option<SlackConfirmation>,
}

/// A question before a button does something.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackConfirmation {
    /// What stands above it.
    pub title: String,
    /// The question; not empty.
    pub text: String,
    /// What stands on the button that says yes.
    pub ok_text: String,
    /// What stands on the button that says no.
    pub dismiss_text: String,
}

const ACCESS: [&str; 4] = ["api_url", "api_url_file", "app_token", "app_token_file"];

pub(super) fn read(at: &At<'_>, global: &Global, options: &Options) -> Option<SlackConfig> {
    let section = at.section()?;
    let own = section.take("http_config").and_then(|at| http::read(&at, &options.folder));
    let http = own.map_or_else(|| global.http.clone(), Arc::new);
    let access = access(&section, &http, global);
    let usual = |name: &str, template: &str| {
        section.text_or(name, &format!("{{{{ template \"slack.default.{template}\" . }}}}"))
    };
    let given = |name: &str| section.text_or(name, "");
    let mrkdwn_in = || ["fallback", "pretext", "text"].map(str::to_owned).to_vec();
    let config = SlackConfig {
        send_resolved: section.boolean_or("send_resolved", false),
        channel: given("channel"),
        username: usual("username", "username"),
        color: section.text_or("color", r#"{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}"#),
        title: usual("title", "title"),
        title_link: usual("title_link", "titlelink"),
        pretext: usual("pretext", "pretext"),
        text: usual("text", "text"),
        message_text: given("message_text"),
        fields: list(&section, "fields", field),
        short_fields: section.boolean_or("short_fields", false),
        footer: usual("footer", "footer"),
        fallback: usual("fallback", "fallback"),
        callback_id: usual("callback_id", "callbackid"),
        icon_emoji: usual("icon_emoji", "iconemoji"),
        icon_url: usual("icon_url", "iconurl"),
        image_url: given("image_url"),
        thumb_url: given("thumb_url"),
        link_names: section.boolean_or("link_names", false),
        mrkdwn_in: section.texts("mrkdwn_in").filter(|parts| !parts.is_empty()).unwrap_or_else(mrkdwn_in),
        actions: list(&section, "actions", action),
        update_message: update_message(&section, access.as_ref()),
        timeout: section.timeout("timeout"),
        access: access?,
        http,
    };
    Some(config)
}

/// Who may send: what the receiver says, else the URL of `global`, else its token (Alertmanager, `config.go`).
fn access(section: &Section<'_>, http: &HttpConfig, global: &Global) -> Option<SlackAccess> {
    section.exclusive(&ACCESS);
    let here = Path::new("");
    let url = secret::source(section, Kind::Url, ["api_url", "api_url_file"], here);
    let token = secret::source(section, Kind::Text, ["app_token", "app_token_file"], here);
    let app_url = section.take("app_url").and_then(|at| at.url());
    let app = |token| {
        if matches!(http.credentials, Some(Credentials::Scheme { .. })) {
            section.at().wrong("http authorization can't be set when using Slack App tokens");
        }
        SlackAccess::App { token, url: app_url.unwrap_or_else(|| global.slack_app_url.clone()) }
    };
    match (url, token) {
        (Some(url), _) => return Some(SlackAccess::Url(url)),
        (None, Some(token)) => return Some(app(token)),
        (None, None) => {}
    }
    match (&global.slack_api_url, &global.slack_app_token) {
        (Some(url), _) => Some(SlackAccess::Url(url.clone())),
        (None, Some(token)) => Some(app(token.clone())),
        (None, None) => {
            section.missing("api_url", "no Slack API URL nor App token set either inline or in a file")
        }
    }
}

fn list<T>(section: &Section<'_>, name: &str, read: impl Fn(&Section<'_>) -> Option<T>) -> Vec<T> {
    let items = section.take(name).map(|at| at.items()).unwrap_or_default();
    items.iter().filter_map(|at| read(&at.section()?)).collect()
}

/// A text that must be there and say something.
fn needed(section: &Section<'_>, name: &str, what: &str) -> Option<String> {
    let text = section.text(name).filter(|text| !text.is_empty());
    text.or_else(|| section.missing(name, &format!("{what} needs a {name}")))
}

fn field(section: &Section<'_>) -> Option<SlackField> {
    let (title, value) = (needed(section, "title", "a field"), needed(section, "value", "a field"));
    let short = section.take("short").and_then(|at| at.boolean());
    Some(SlackField { title: title?, value: value?, short })
}

fn action(section: &Section<'_>) -> Option<SlackAction> {
    let (kind, text) = (needed(section, "type", "an action"), needed(section, "text", "an action"));
    let given = |name| section.text_or(name, "");
    let (url, name) = (given("url"), given("name"));
    if url.is_empty() && name.is_empty() {
        section.at().wrong("an action needs a name or a url");
    }
    let confirm = section.take("confirm").and_then(|at| {
        let section = at.section()?;
        let text = needed(&section, "text", "a confirmation");
        let given = |name| section.text_or(name, "");
        let (title, ok_text, dismiss_text) = (given("title"), given("ok_text"), given("dismiss_text"));
        Some(SlackConfirmation { title, text: text?, ok_text, dismiss_text })
    });
    let (style, value) = (given("style"), given("value"));
    // What a URL has of the button's name is of no use (Alertmanager, `notifiers.go`, `SlackAction`).
    let (name, value, confirm) =
        if url.is_empty() { (name, value, confirm) } else { (String::new(), String::new(), None) };
    Some(SlackAction { kind: kind?, text: text?, url, style, name, value, confirm })
}

/// Whether messages are kept up to date: that takes a bot's token, which posts by a method that has a sibling for it
/// (Alertmanager, `config.go`, `UpdateMessage`). An address in a file is looked at when it is used.
fn update_message(section: &Section<'_>, access: Option<&SlackAccess>) -> bool {
    let Some(at) = section.take("update_message") else { return false };
    let wanted = at.boolean().unwrap_or(false);
    let url = match access {
        Some(SlackAccess::Url(SecretSource::Given(url))) => url.expose(),
        Some(SlackAccess::App { url, .. }) => url,
        Some(SlackAccess::Url(SecretSource::File(_))) | None => return wanted,
    };
    // What was shown can be read again.
    if wanted && update_url(url).is_none() && url != HIDDEN {
        at.wrong(
            "update_message can only be used with bot tokens: api_url or app_url must be that of \
             chat.postMessage, as https://slack.com/api/chat.postMessage",
        );
    }
    wanted
}

/// Where messages are said anew that are posted to this address. `None` if it is not that of `chat.postMessage`.
pub fn update_url(url: &str) -> Option<String> {
    url.strip_suffix("/chat.postMessage").map(|api| format!("{api}/chat.update"))
}
