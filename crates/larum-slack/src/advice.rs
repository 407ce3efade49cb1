//! Slack's codes in one plain sentence each: what to do now.

use crate::error::{ErrorClass, TOKEN_UNREADABLE};
use crate::token::TokenKind;

/// What is known about the place where the code was met; the more, the plainer the sentence.
#[derive(Clone, Copy, Default, Debug)]
pub struct AdviceContext<'a> {
    /// The channel, as the person wrote it.
    pub channel: Option<&'a str>,
    /// The name of the token's bot or user (`user` of `auth.test`).
    pub name: Option<&'a str>,
    /// Whose voice the token gives.
    pub kind: Option<TokenKind>,
    /// The scopes that Slack asks for.
    pub needed: Option<&'a str>,
}

impl AdviceContext<'_> {
    /// `the channel #ops`, or `the channel`.
    fn channel(&self) -> String {
        match self.channel {
            Some(channel) if is_name(channel) => format!("the channel #{}", channel.trim_start_matches('#')),
            Some(channel) => format!("the channel {channel}"),
            None => "the channel".to_owned(),
        }
    }

    /// How to get the token's owner into the channel.
    pub(crate) fn invitation(&self) -> String {
        match (self.kind, self.name) {
            (Some(TokenKind::User), Some(name)) => format!("join {} as {name}", self.channel()),
            (Some(TokenKind::User), None) => {
                format!("join {} as the user who installed the app", self.channel())
            }
            (_, Some(name)) => format!("type /invite @{name} in {}", self.channel()),
            (_, None) => format!("type /invite and the app's name in {}", self.channel()),
        }
    }

    fn scopes(&self) -> &str {
        self.needed.unwrap_or("chat:write")
    }

    fn scope_section(&self) -> &'static str {
        match self.kind {
            Some(TokenKind::Bot) => "Bot Token Scopes",
            Some(TokenKind::User) => "User Token Scopes",
            None => "Scopes",
        }
    }
}

/// One plain sentence that says what to do about a code of Slack's.
pub fn advice(code: &str, context: &AdviceContext<'_>) -> String {
    match ErrorClass::of(code) {
        ErrorClass::Credential => credential(code, context),
        ErrorClass::Channel => channel(code, context),
        ErrorClass::Payload => format!(
            "Slack refuses the form of this message ({code}): nothing is wrong with your settings, please report it."
        ),
        ErrorClass::RateLimit if code == "message_limit_exceeded" => {
            "The workspace has used up the messages of its Slack plan: wait, or ask a workspace owner about the plan."
                .to_owned()
        }
        ErrorClass::RateLimit => "Slack asks to slow down: nothing to do, the message waits and is sent.".to_owned(),
        ErrorClass::Transient => {
            "Slack has a fault of its own: nothing to do, it is tried again; see https://slack-status.com.".to_owned()
        }
        ErrorClass::Unknown => unknown(code),
    }
}

fn credential(code: &str, context: &AdviceContext<'_>) -> String {
    match code {
        TOKEN_UNREADABLE => {
            "Larum's key does not open the saved token: bring the key back that it was saved with, or enter the token \
             again."
                .to_owned()
        }
        "invalid_token" | "no_service" | "no_service_id" | "no_active_hooks" => {
            "The incoming webhook no longer exists or is switched off: create another and enter its URL.".to_owned()
        }
        "not_authed" => "Slack got no token: enter the app's token again.".to_owned(),
        "invalid_auth" => {
            "Slack does not know this token: copy it again, whole, from “OAuth & Permissions” of the app.".to_owned()
        }
        "account_inactive" | "token_revoked" => {
            "The token no longer holds, the app was removed or its user deactivated: install the app again and enter \
             the new token."
                .to_owned()
        }
        "token_expired" => {
            "The token has run out because token rotation is on: switch it off in the app's settings, install the app \
             again and enter the new token."
                .to_owned()
        }
        "not_allowed_token_type" => {
            "This kind of token cannot post: enter the Bot User OAuth Token, it begins with xoxb-.".to_owned()
        }
        "missing_scope" => format!(
            "The token lacks the scope {}: add it under {} in “OAuth & Permissions”, install the app again and enter \
             the token shown then.",
            context.scopes(),
            context.scope_section()
        ),
        "org_login_required" | "two_factor_setup_required" => {
            "Slack wants its owner to log in or to set up two-factor authentication first: do so in Slack.".to_owned()
        }
        _ => format!("The workspace does not let this app post ({code}): ask a workspace owner to allow the app."),
    }
}

fn channel(code: &str, context: &AdviceContext<'_>) -> String {
    let channel = context.channel();
    match code {
        "channel_not_found" => {
            let invitation = context.invitation();
            format!("Slack shows this token no such channel: check the name, and if it is private, {invitation}.")
        }
        "not_in_channel" | "user_not_in_channel" => {
            format!("Only members may post there: {}.", context.invitation())
        }
        "is_archived" | "is_inactive" | "channel_is_archived" => {
            format!("Archived channels take no messages: unarchive {channel} or choose another.")
        }
        "messages_tab_disabled" => {
            "The app takes no direct messages: switch on its Messages Tab under “App Home”, or choose a channel."
                .to_owned()
        }
        "user_not_found" => "Slack knows no such person: check the member ID.".to_owned(),
        "team_not_found" | "team_access_not_granted" => {
            format!("The token spans several workspaces: write {channel} as its ID and give the app that workspace.")
        }
        "external_channel_migrating" => format!("Slack is moving {channel}: nothing to do, it is tried again."),
        "restricted_action_thread_locked" | "restricted_action_thread_only_channel" => {
            format!("In {channel} only replies in threads are allowed: choose another.")
        }
        _ => format!("Only some may post in {channel}: ask its owner to let the app post, or choose another."),
    }
}

fn unknown(code: &str) -> String {
    match code {
        "unknown_method" | "method_deprecated" | "deprecated_endpoint" | "upgrade_required" => {
            format!(
                "The address of the Slack API does not offer this call ({code}): check it, and Larum's version."
            )
        }
        "duplicate_message_not_found" | "duplicate_channel_not_found" => {
            "Slack took this message before and no longer finds it: it was probably deleted there.".to_owned()
        }
        _ if code.starts_with("slack_connect_") => {
            format!(
                "Slack forbids this in a channel shared with another company ({code}): choose another channel."
            )
        }
        _ => format!(
            "Slack refused with “{code}”, which Larum does not know: see Slack's page on chat.postMessage."
        ),
    }
}

/// Whether `channel` reads as a name and not as an id.
fn is_name(channel: &str) -> bool {
    !crate::conversations::is_id(channel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CHANNEL, CREDENTIAL, PAYLOAD};

    fn bot<'a>() -> AdviceContext<'a> {
        AdviceContext { channel: Some("#ops"), name: Some("larum"), kind: Some(TokenKind::Bot), needed: None }
    }

    #[test]
    fn an_invitation_names_the_real_bot_and_the_channel() {
        assert_eq!(
            advice("not_in_channel", &bot()),
            "Only members may post there: type /invite @larum in the channel #ops."
        );
        let user = AdviceContext { kind: Some(TokenKind::User), name: Some("anna"), ..bot() };
        assert_eq!(
            advice("not_in_channel", &user),
            "Only members may post there: join the channel #ops as anna."
        );
        let nameless = AdviceContext { name: None, channel: Some("C0123456789"), ..bot() };
        assert!(
            advice("channel_not_found", &nameless).ends_with("the app's name in the channel C0123456789.")
        );
    }

    #[test]
    fn a_missing_scope_is_named_with_the_place_to_add_it() {
        let said = advice("missing_scope", &AdviceContext { needed: Some("channels:read"), ..bot() });
        assert!(said.contains("lacks the scope channels:read: add it under Bot Token Scopes"), "{said}");
        assert!(advice("missing_scope", &AdviceContext::default()).contains("chat:write"));
    }

    #[test]
    fn a_token_that_cannot_be_read_is_not_slacks_fault() {
        let said = advice("token_unreadable", &bot());
        assert!(said.starts_with("Larum's key") && !said.contains("Slack"), "{said}");
    }

    #[test]
    fn every_code_gets_exactly_one_sentence() {
        let rest = ["ratelimited", "message_limit_exceeded", "fatal_error", "unknown_method", "brand_new"];
        for code in CREDENTIAL.iter().chain(CHANNEL).chain(PAYLOAD).chain(&rest) {
            for context in [bot(), AdviceContext::default()] {
                let said = advice(code, &context);
                assert!(
                    said.ends_with('.') && !said.contains('\n') && !said.contains("  "),
                    "{code}: {said}"
                );
                assert!((20..=220).contains(&said.len()), "{code}: {said}");
            }
        }
    }
}
