//! The message of *Send Test Message*.

use larum_core::time::Timestamp;

use crate::block::{Attachment, Block, Message};
use crate::limits;
use crate::link::Links;
use crate::text::{code, escaped, inline, line};
use crate::when;

/// A colour that no alert has.
const COLOR: &str = "#7b61ff";

/// What a test message says of itself. All of it is untrusted text.
#[derive(Clone, Copy, Debug)]
pub struct TestMessage<'a> {
    /// The receiver's name, as it stands in the form.
    pub receiver: &'a str,
    /// Who pressed the button.
    pub sent_by: &'a str,
    /// The channel, as it stands in the form.
    pub channel: &'a str,
    /// The workspace (`team` of `auth.test`).
    pub workspace: &'a str,
    /// The bot or the person that posts (`user` of `auth.test`).
    pub posted_as: &'a str,
    /// When the button was pressed.
    pub at: Timestamp,
}

/// The JSON that is posted, without `channel` and `client_msg_id`.
pub fn test_message(test: &TestMessage<'_>, links: &Links) -> String {
    let headline = format!(
        "TEST: Larum can post here — sent by {} — no action needed",
        line(test.sent_by, limits::TITLE)
    );
    let headline = escaped(&line(&headline, limits::HEADLINE));
    let field = |name: &str, value: String| format!("*{name}*\n{value}");
    let fields = vec![
        field("Receiver", code(test.receiver, limits::VALUE)),
        field("Channel", code(test.channel, limits::VALUE)),
        field("Workspace", inline(test.workspace, limits::VALUE)),
        field("Posted as", inline(test.posted_as, limits::VALUE)),
        field("Sent by", inline(test.sent_by, limits::VALUE)),
        field("At", when::date(test.at)),
    ];
    let opening = "*Test message*\nAlerts for this receiver will arrive in this channel. No action needed.";
    let home = links.home().map(|url| Block::context(format!("<{}|Open Larum>", escaped(&url))));
    let mut blocks = vec![Block::section(opening.to_owned()), Block::fields(fields)];
    blocks.extend(home);
    let attachment = Attachment { color: COLOR, fallback: headline.clone(), blocks };
    Message::new(format!(":test_tube: {headline}"), Some(attachment)).to_json()
}
