//! What Slack says when it says no, and what kind of no it is.

use crate::advice::{AdviceContext, advice};

/// What kind of refusal a code is: who has to act before another try can help.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorClass {
    /// The token: someone has to give another one, or more scopes. Every channel is concerned.
    Credential,
    /// The channel: someone has to invite the app, unarchive it or choose another. Only this channel is concerned.
    Channel,
    /// The message itself. The same message will be refused again.
    Payload,
    /// A quota: waiting helps.
    RateLimit,
    /// Slack itself: waiting a little helps.
    Transient,
    /// A code that is not known here: one more try, then tell a person.
    Unknown,
}

impl ErrorClass {
    /// The word for it, for metrics and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Channel => "channel",
            Self::Payload => "payload",
            Self::RateLimit => "rate_limit",
            Self::Transient => "transient",
            Self::Unknown => "unknown",
        }
    }

    /// The class of a code (Slack, the errors of `chat.postMessage` and those common to all methods).
    pub fn of(code: &str) -> Self {
        let listed = CLASSES.iter().find(|(codes, _)| codes.contains(&code));
        listed.map_or_else(|| Self::of_family(code), |(_, class)| *class)
    }

    /// Families of codes to which Slack adds now and then.
    fn of_family(code: &str) -> Self {
        let family = FAMILIES.iter().find(|(start, _)| code.starts_with(start));
        family.map_or(Self::Unknown, |(_, class)| *class)
    }
}

/// Codes of Slack, class by class, among them those of incoming webhooks (Slack, "Sending messages using incoming
/// webhooks", "Handling errors").
const CLASSES: [(&[&str], ErrorClass); 5] = [
    (CREDENTIAL, ErrorClass::Credential),
    (CHANNEL, ErrorClass::Channel),
    (PAYLOAD, ErrorClass::Payload),
    (&["ratelimited", "rate_limited", "message_limit_exceeded"], ErrorClass::RateLimit),
    (
        &[
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "rollup_error",
            "update_failed",
        ],
        ErrorClass::Transient,
    ),
];

/// No code of Slack's: the caller could not read the token that it keeps, so Slack was not asked.
pub const TOKEN_UNREADABLE: &str = "token_unreadable";

/// The token, the app or the account behind it.
pub(crate) const CREDENTIAL: &[&str] = &[
    "not_authed",
    "invalid_auth",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "missing_scope",
    "no_permission",
    "org_login_required",
    "two_factor_setup_required",
    "ekm_access_denied",
    "access_denied",
    "accesslimited",
    "app_access_restricted",
    "enterprise_is_restricted",
    "send_on_behalf_not_allowed",
    TOKEN_UNREADABLE,
    "invalid_token",
    "no_service",
    "no_service_id",
    "no_active_hooks",
    "no_team",
    "team_disabled",
    "action_prohibited",
];

/// The channel, or the app's place in it.
pub(crate) const CHANNEL: &[&str] = &[
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "is_inactive",
    "messages_tab_disabled",
    "team_not_found",
    "team_access_not_granted",
    "external_channel_migrating",
    "posting_to_channel_denied",
    "user_not_in_channel",
    "user_not_found",
    "channel_is_archived",
    "posting_to_general_channel_denied",
];

/// The message.
pub(crate) const PAYLOAD: &[&str] = &[
    "no_text",
    "msg_too_long",
    "msg_blocks_too_long",
    "too_many_attachments",
    "too_many_contact_cards",
    "attachment_payload_limit_exceeded",
    "markdown_text_conflict",
    "missing_file_data",
    "as_user_not_supported",
    "cannot_reply_to_message",
    "json_not_object",
    "missing_post_type",
    "invalid_arg_name",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_attachments",
    "invalid_charset",
    "invalid_form_data",
    "invalid_json",
    "invalid_post_type",
    "invalid_payload",
    "missing_text_or_fallback_or_attachments",
];

const FAMILIES: [(&str, ErrorClass); 4] = [
    ("invalid_blocks", ErrorClass::Payload),
    ("invalid_metadata", ErrorClass::Payload),
    ("metadata_", ErrorClass::Payload),
    ("restricted_action", ErrorClass::Channel),
];

/// Codes after which something may have happened all the same (Slack on both: "It's possible some aspect of the
/// operation succeeded before the error was raised").
const MAY_HAVE_HAPPENED: [&str; 2] = ["internal_error", "fatal_error"];

/// A refusal as Slack words it, cut to what a code and its explanation need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlackError {
    /// Slack's code, such as `channel_not_found`; at most [`MAX_CODE`] characters.
    pub code: String,
    /// What kind of refusal it is.
    pub class: ErrorClass,
    /// The scopes any of which would do, for `missing_scope`.
    pub needed: Option<String>,
    /// The scopes that the token has, for `missing_scope`.
    pub provided: Option<String>,
    /// What Slack adds, such as where in the blocks the fault lies; at most [`MAX_MESSAGES`] of [`MAX_WORDS`].
    pub messages: Vec<String>,
}

/// The most of Slack's additional messages that are kept.
pub const MAX_MESSAGES: usize = 10;
/// The most of a code that is kept, in characters; Slack's longest have about 50.
pub const MAX_CODE: usize = 100;
/// The most of each explanation that is kept, in characters.
pub const MAX_WORDS: usize = 500;

impl SlackError {
    /// A refusal with nothing but its code.
    pub fn from_code(code: impl Into<String>) -> Self {
        let code = code.into();
        Self { class: ErrorClass::of(&code), code, needed: None, provided: None, messages: Vec::new() }
    }

    /// One plain sentence that says what to do about it.
    pub fn advice(&self, context: &AdviceContext<'_>) -> String {
        let needed = self.needed.as_deref().or(context.needed);
        advice(&self.code, &AdviceContext { needed, ..*context })
    }

    pub(crate) fn may_have_happened(&self) -> bool {
        MAY_HAVE_HAPPENED.contains(&self.code.as_str())
    }
}

/// Slack's code and what it adds, for logs.
impl std::fmt::Display for SlackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        if let Some(needed) = &self.needed {
            write!(f, " (needed: {needed})")?;
        }
        for message in &self.messages {
            write!(f, "; {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SlackError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_class_of_who_must_act() {
        assert_eq!(ErrorClass::of("token_revoked"), ErrorClass::Credential);
        assert_eq!(ErrorClass::of("is_archived"), ErrorClass::Channel);
        assert_eq!(ErrorClass::of("channel_is_archived"), ErrorClass::Channel);
        assert_eq!(ErrorClass::of("no_service"), ErrorClass::Credential);
        assert_eq!(ErrorClass::of("restricted_action_read_only_channel"), ErrorClass::Channel);
        assert_eq!(ErrorClass::of("invalid_blocks_format"), ErrorClass::Payload);
        assert_eq!(ErrorClass::of("metadata_too_large"), ErrorClass::Payload);
        assert_eq!(ErrorClass::of("ratelimited"), ErrorClass::RateLimit);
        assert_eq!(ErrorClass::of("service_unavailable"), ErrorClass::Transient);
        assert_eq!(ErrorClass::of("something_new"), ErrorClass::Unknown);
    }

    #[test]
    fn no_code_stands_in_two_classes() {
        let mut all: Vec<&str> = CLASSES.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
