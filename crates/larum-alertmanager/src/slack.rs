//! What is posted to Slack for `slack_configs` (Alertmanager, `notify/slack/slack.go`): one message with one attachment
//! of the old kind.
//!
//! Texts for people have what comes from alerts escaped: an annotation with `<!channel>` pings nobody and is read as it
//! is written, while a `<!channel>` in the configuration or in a template pings. URLs, names, colours and emojis are
//! filled in as they are, for Slack looks for nothing in them. Alertmanager escapes nothing.

use larum_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::{SlackAction, SlackConfig, SlackConfirmation, SlackField};
use crate::data::Data;
use crate::json;
use crate::template::{Escape, FieldError, Scene, Templates, Texts};

/// The most characters of a title; of a longer one the last is a `…` (Alertmanager, `maxTitleLenRunes`).
pub const MAX_TITLE: usize = 1024;

/// The texts of one `slack_config`, read once.
#[derive(Debug)]
pub struct SlackTexts {
    config: SlackConfig,
    texts: Texts,
}

/// A message that is ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlackPost {
    /// The channel or the user that it is for; empty if the webhook knows.
    pub channel: String,
    /// The body of the request, JSON.
    pub body: String,
}

impl SlackTexts {
    /// Reads the texts of a configuration. One that is no template is an error when it is filled in.
    pub fn new(config: &SlackConfig, templates: &Templates) -> Self {
        Self { config: config.clone(), texts: templates.texts(fields(config)) }
    }

    /// The message that tells of a notification.
    ///
    /// # Errors
    /// [`FieldError`] for the first field that cannot be filled in, in words for the delivery's log: there is no message
    /// then, and whoever sends tells of the alerts in another way.
    pub fn post(&self, data: &Data, now: Timestamp) -> Result<SlackPost, FieldError> {
        let scene = Scene::new(data, now);
        let page = Page { texts: &self.texts, scene: &scene, link_names: self.config.link_names };
        let request = self.request(&page)?;
        let body = json::to_string(&request) + "\n";
        Ok(SlackPost { channel: request.channel, body })
    }

    /// A message of this text alone, for when there is no other. Where its channel cannot be filled in either it has none:
    /// whoever made an incoming webhook chose one.
    pub fn plain(&self, text: &str, data: &Data, now: Timestamp) -> String {
        let channel = self.texts.fill("channel", &Scene::new(data, now), Escape::Nothing).ok();
        let channel = channel.as_deref().filter(|channel| !channel.is_empty());
        json::to_string(&Plain { channel, username: None, text }) + "\n"
    }

    fn request(&self, page: &Page<'_>) -> Result<Request<'_>, FieldError> {
        let config = &self.config;
        let attachment = Attachment {
            title: page.texts.fill_cut("title", page.scene, page.for_people(), MAX_TITLE)?,
            title_link: page.plain("title_link")?,
            pretext: page.text("pretext")?,
            text: page.text("text")?,
            fallback: page.text("fallback")?,
            callback_id: page.plain("callback_id")?,
            fields: each(&config.fields, |index, field| page.field(index, field, config.short_fields))?,
            actions: each(&config.actions, |index, action| page.action(index, action))?,
            image_url: page.plain("image_url")?,
            thumb_url: page.plain("thumb_url")?,
            footer: page.text("footer")?,
            color: page.plain("color")?,
            mrkdwn_in: &config.mrkdwn_in,
        };
        Ok(Request {
            channel: page.plain("channel")?,
            username: page.plain("username")?,
            icon_emoji: page.plain("icon_emoji")?,
            icon_url: page.plain("icon_url")?,
            link_names: config.link_names,
            text: page.text("message_text")?,
            attachments: [attachment],
        })
    }
}

fn each<T, U>(items: &[T], made: impl Fn(usize, &T) -> Result<U, FieldError>) -> Result<Vec<U>, FieldError> {
    items.iter().enumerate().map(|(index, item)| made(index, item)).collect()
}

/// All texts of a configuration by their names.
fn fields(config: &SlackConfig) -> Vec<(String, &str)> {
    let single = [
        ("channel", &config.channel),
        ("username", &config.username),
        ("color", &config.color),
        ("title", &config.title),
        ("title_link", &config.title_link),
        ("pretext", &config.pretext),
        ("text", &config.text),
        ("message_text", &config.message_text),
        ("footer", &config.footer),
        ("fallback", &config.fallback),
        ("callback_id", &config.callback_id),
        ("icon_emoji", &config.icon_emoji),
        ("icon_url", &config.icon_url),
        ("image_url", &config.image_url),
        ("thumb_url", &config.thumb_url),
    ];
    let mut all: Vec<(String, &str)> =
        single.into_iter().map(|(name, text)| (name.to_owned(), text.as_str())).collect();
    for (index, SlackField { title, value, .. }) in config.fields.iter().enumerate() {
        let parts = [("title", title), ("value", value)];
        all.extend(parts.map(|(part, text)| (format!("fields[{index}].{part}"), text.as_str())));
    }
    for (index, action) in config.actions.iter().enumerate() {
        let SlackAction { kind, text, url, style, name, value, confirm } = action;
        let parts = [
            ("type", kind),
            ("text", text),
            ("url", url),
            ("style", style),
            ("name", name),
            ("value", value),
        ];
        all.extend(parts.map(|(part, text)| (format!("actions[{index}].{part}"), text.as_str())));
        if let Some(SlackConfirmation { title, text, ok_text, dismiss_text }) = confirm {
            let parts =
                [("text", text), ("title", title), ("ok_text", ok_text), ("dismiss_text", dismiss_text)];
            all.extend(parts.map(|(part, text)| (format!("actions[{index}].confirm.{part}"), text.as_str())));
        }
    }
    all
}

/// One filling in of all texts.
struct Page<'a> {
    texts: &'a Texts,
    scene: &'a Scene,
    link_names: bool,
}

impl Page<'_> {
    fn for_people(&self) -> Escape {
        if self.link_names { Escape::SlackNames } else { Escape::Slack }
    }

    /// A text for people.
    fn text(&self, field: &str) -> Result<String, FieldError> {
        self.texts.fill(field, self.scene, self.for_people())
    }

    /// A URL, a name, a colour.
    fn plain(&self, field: &str) -> Result<String, FieldError> {
        self.texts.fill(field, self.scene, Escape::Nothing)
    }

    fn field(&self, index: usize, field: &SlackField, short: bool) -> Result<Field, FieldError> {
        let part = |part: &str| self.text(&format!("fields[{index}].{part}"));
        Ok(Field { title: part("title")?, value: part("value")?, short: field.short.unwrap_or(short) })
    }

    fn action(&self, index: usize, action: &SlackAction) -> Result<Action, FieldError> {
        let name = |part: &str| format!("actions[{index}].{part}");
        let confirm = |part: &str| self.text(&name(&format!("confirm.{part}")));
        Ok(Action {
            kind: self.plain(&name("type"))?,
            text: self.text(&name("text"))?,
            url: self.plain(&name("url"))?,
            style: self.plain(&name("style"))?,
            name: self.plain(&name("name"))?,
            value: self.plain(&name("value"))?,
            confirm: match action.confirm {
                None => None,
                Some(_) => Some(Confirmation {
                    text: confirm("text")?,
                    title: confirm("title")?,
                    ok_text: confirm("ok_text")?,
                    dismiss_text: confirm("dismiss_text")?,
                }),
            },
        })
    }
}

/// What [`SlackTexts::post`] has written in plain words, for a channel that does not take it otherwise. `None` if it has
/// not written that.
pub fn plain_of(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let attachment = body.get("attachments")?.get(0)?;
    let part = |of: &Value, field: &str| of.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut parts = [part(&body, "text"), part(attachment, "title"), part(attachment, "text")].to_vec();
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        parts.push(part(attachment, "fallback"));
    }
    let (channel, username) = (body.get("channel"), body.get("username"));
    let (channel, username) = (channel.and_then(Value::as_str), username.and_then(Value::as_str));
    Some(json::to_string(&Plain { channel, username, text: &parts.join("\n") }) + "\n")
}

/// The channel of a message that was written here, if it has one.
pub fn channel_of(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Addressed {
        channel: Option<String>,
    }
    serde_json::from_str::<Addressed>(body).ok()?.channel
}

/// What was written to be posted, for a message that is there already: it takes the place of all that this one says. `None`
/// if it was not written here.
pub fn update_of(body: &str, channel: &str, ts: &str) -> Option<String> {
    let mut body: Map<String, Value> = serde_json::from_str(body).ok()?;
    body.insert("channel".to_owned(), channel.into());
    body.insert("ts".to_owned(), ts.into());
    // What is not said stays as it is (Slack, `chat.update`).
    body.entry("attachments").or_insert_with(|| Value::Array(Vec::new()));
    body.entry("text").or_insert_with(|| "".into());
    Some(json::to_string(&body) + "\n")
}

/// A message without an attachment.
#[derive(Serialize)]
struct Plain<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    text: &'a str,
}

/// In Go's order of fields, as the rest.
#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "String::is_empty")]
    channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    username: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    icon_emoji: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    icon_url: String,
    #[serde(skip_serializing_if = "is_false")]
    link_names: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    attachments: [Attachment<'a>; 1],
}

#[derive(Serialize)]
struct Attachment<'a> {
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title_link: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pretext: String,
    text: String,
    fallback: String,
    callback_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action>,
    #[serde(skip_serializing_if = "String::is_empty")]
    image_url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    thumb_url: String,
    footer: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    color: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    mrkdwn_in: &'a [String],
}

#[derive(Serialize)]
struct Field {
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    short: bool,
}

#[derive(Serialize)]
struct Action {
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    style: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm: Option<Confirmation>,
}

#[derive(Serialize)]
struct Confirmation {
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    ok_text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    dismiss_text: String,
}

fn is_false(value: &bool) -> bool {
    !value
}
