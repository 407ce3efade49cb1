//! The few parts of Slack's Block Kit that a message is made of (Slack, "Blocks" and "Legacy attachments").

use serde::Serialize;

/// A whole message, but for the channel and its id.
#[derive(Serialize)]
pub struct Message {
    /// Complete in itself: phones and screen readers get nothing else.
    pub text: String,
    /// Links are not to unfold into previews.
    pub unfurl_links: bool,
    /// Nor pictures.
    pub unfurl_media: bool,
    /// One, with the colour bar around its blocks; none in a plain message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Message {
    /// A message of text and one coloured attachment; no attachment makes it plain.
    pub fn new(text: String, attachment: Option<Attachment>) -> Self {
        Self { text, unfurl_links: false, unfurl_media: false, attachments: attachment.into_iter().collect() }
    }

    /// The JSON that is sent.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("text, flags and lists always serialise")
    }
}

/// Blocks behind a colour bar.
#[derive(Serialize)]
pub struct Attachment {
    /// `#rrggbb`.
    pub color: &'static str,
    /// The same as plain text, for where blocks cannot be shown.
    pub fallback: String,
    /// What is shown.
    pub blocks: Vec<Block>,
}

/// One block.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Text across the whole width, or fields in two columns.
    Section {
        /// The text.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<Mrkdwn>,
        /// The fields.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Mrkdwn>,
    },
    /// Small grey text.
    Context {
        /// Its parts.
        elements: Vec<Mrkdwn>,
    },
}

impl Block {
    /// Text across the whole width.
    pub fn section(text: String) -> Self {
        Self::Section { text: Some(Mrkdwn::new(text)), fields: Vec::new() }
    }

    /// Fields in two columns.
    pub fn fields(fields: Vec<String>) -> Self {
        Self::Section { text: None, fields: fields.into_iter().map(Mrkdwn::new).collect() }
    }

    /// One line of small grey text.
    pub fn context(text: String) -> Self {
        Self::Context { elements: vec![Mrkdwn::new(text)] }
    }
}

/// Text with Slack's markup. `verbatim`, so that Slack makes no links and no mentions of what stands in it
/// (Slack, "Text object").
#[derive(Serialize)]
pub struct Mrkdwn {
    #[serde(rename = "type")]
    kind: &'static str,
    text: String,
    verbatim: bool,
}

impl Mrkdwn {
    fn new(text: String) -> Self {
        Self { kind: "mrkdwn", text, verbatim: true }
    }
}
