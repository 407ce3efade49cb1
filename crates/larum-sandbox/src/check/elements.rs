//! Elements inside blocks: texts and images in a context, buttons and menus in actions and sections.

use serde_json::Value;

use super::Findings;
use super::text::Kind;

const ACTION_ID: usize = 255;
const BUTTON_TEXT: usize = 75;
const BUTTON_VALUE: usize = 2000;
const OPTIONS: usize = 100;
const OVERFLOW_OPTIONS: usize = 5;
const OPTION_TEXT: usize = 75;
const OPTION_VALUE: usize = 150;
const PLACEHOLDER: usize = 150;
const CONTEXT_TEXT: usize = 3000;
const ALT_TEXT: usize = 2000;

/// Interactive elements that need an `action_id` at most.
const PLAIN_ELEMENTS: [&str; 16] = [
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "radio_buttons",
    "checkboxes",
    "workflow_button",
    "feedback_buttons",
];

/// What each element has beside its `type`.
const MEMBERS: [(&str, &[&str]); 4] = [
    ("image", &["image_url", "slack_file", "alt_text"]),
    ("button", &["text", "action_id", "url", "value", "style", "confirm", "accessibility_label"]),
    (
        "static_select",
        &[
            "action_id",
            "options",
            "option_groups",
            "initial_option",
            "confirm",
            "focus_on_load",
            "placeholder",
        ],
    ),
    ("overflow", &["action_id", "options", "confirm"]),
];
const OPTION_MEMBERS: [&str; 3] = ["text", "value", "description"];

/// Where an element stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Context,
    Actions,
    Accessory,
}

impl Findings {
    pub(super) fn element(&mut self, element: &Value, place: Place, pointer: &str) {
        if !element.is_object() {
            self.add("must be an object", pointer);
            return;
        }
        let Some(kind) = self.required(element, "type", pointer) else {
            return;
        };
        if let Some((_, members)) = MEMBERS.iter().find(|(name, _)| kind == name) {
            self.only(element, &[&["type"], *members].concat(), pointer);
        }
        match (kind.as_str().unwrap_or_default(), place) {
            ("plain_text" | "mrkdwn", Place::Context) => {
                self.text_object(element, Kind::Any, CONTEXT_TEXT, pointer);
            }
            ("image", Place::Context | Place::Accessory) => self.image(element, pointer),
            ("button", Place::Actions | Place::Accessory) => self.button(element, pointer),
            ("static_select", Place::Actions | Place::Accessory) => {
                self.optional_text_object(element, "placeholder", PLACEHOLDER, pointer);
                self.options(element, OPTIONS, pointer);
            }
            ("overflow", Place::Actions | Place::Accessory) => {
                self.options(element, OVERFLOW_OPTIONS, pointer);
            }
            (other, Place::Actions | Place::Accessory) if PLAIN_ELEMENTS.contains(&other) => {}
            _ => self.add(format!("unsupported type: {kind}"), &format!("{pointer}/type")),
        }
        if !matches!(kind.as_str(), Some("plain_text" | "mrkdwn")) {
            self.optional_text(element, "action_id", ACTION_ID, pointer);
        }
    }

    /// An image, as block and as element: an address or a Slack file, and a text for those who cannot see.
    pub(super) fn image(&mut self, image: &Value, pointer: &str) {
        if image.get("slack_file").is_none()
            && let Some(url) = self.required(image, "image_url", pointer)
        {
            self.address(url, &format!("{pointer}/image_url"));
        }
        if let Some(alt) = self.required(image, "alt_text", pointer) {
            self.characters(alt, 0, ALT_TEXT, &format!("{pointer}/alt_text"));
        }
    }

    fn button(&mut self, button: &Value, pointer: &str) {
        if let Some(text) = self.required(button, "text", pointer) {
            self.text_object(text, Kind::PlainOnly, BUTTON_TEXT, &format!("{pointer}/text"));
        }
        self.optional_text(button, "value", BUTTON_VALUE, pointer);
        if let Some(url) = button.get("url").filter(|url| !url.is_null()) {
            self.address(url, &format!("{pointer}/url"));
        }
        if let Some(style) = button.get("style").filter(|style| !style.is_null())
            && !matches!(style.as_str(), Some("primary" | "danger"))
        {
            self.add("must be one of: primary, danger", &format!("{pointer}/style"));
        }
        if let Some(confirm) = button.get("confirm").filter(|confirm| !confirm.is_null()) {
            self.confirm(confirm, &format!("{pointer}/confirm"));
        }
    }

    fn confirm(&mut self, confirm: &Value, pointer: &str) {
        self.only(confirm, &["title", "text", "confirm", "deny", "style"], pointer);
        self.optional_text_object(confirm, "title", 100, pointer);
        if let Some(text) = self.required(confirm, "text", pointer) {
            self.text_object(text, Kind::Any, 300, &format!("{pointer}/text"));
        }
        self.optional_text_object(confirm, "confirm", 30, pointer);
        self.optional_text_object(confirm, "deny", 30, pointer);
    }

    fn options(&mut self, menu: &Value, most: usize, pointer: &str) {
        if menu.get("option_groups").is_some() {
            return;
        }
        let Some(options) = self.required(menu, "options", pointer) else {
            return;
        };
        let pointer = format!("{pointer}/options");
        for (index, option) in self.items(options, 1, most, &pointer).iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            // An option leads somewhere in an overflow menu only.
            let address: &[&str] = if menu["type"] == "overflow" { &["url"] } else { &[] };
            self.only(option, &[&OPTION_MEMBERS, address].concat(), &pointer);
            if let Some(text) = self.required(option, "text", &pointer) {
                self.text_object(text, Kind::Any, OPTION_TEXT, &format!("{pointer}/text"));
            }
            if let Some(value) = self.required(option, "value", &pointer) {
                self.characters(value, 1, OPTION_VALUE, &format!("{pointer}/value"));
            }
            self.optional_text_object(option, "description", OPTION_TEXT, &pointer);
        }
    }
}
