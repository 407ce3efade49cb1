//! Slack tokens: told apart by their prefix, never shown.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Whose voice a token gives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenKind {
    /// A bot token: messages come from the app.
    Bot,
    /// A user token: messages come from the user who installed the app.
    User,
}

impl TokenKind {
    /// The word for it, as JSON has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::User => "user",
        }
    }
}

/// Prefixes of the tokens that can post (Slack, "Tokens" and "Using token rotation").
const PREFIXES: [(&str, TokenKind); 4] = [
    ("xoxb-", TokenKind::Bot),
    ("xoxp-", TokenKind::User),
    ("xoxe.xoxb-", TokenKind::Bot),
    ("xoxe.xoxp-", TokenKind::User),
];
/// The longest token taken, in bytes; Slack names no limit, today's have fewer than 300.
pub const MAX_TOKEN_BYTES: usize = 1024;
/// How much of the end is shown, in characters.
const SHOWN_TAIL: usize = 4;

/// A token of which the shape is right: a known prefix, visible ASCII, nothing else. `Debug` does not show it.
#[derive(Clone)]
pub struct SlackToken {
    secret: SecretString,
    prefix: &'static str,
    kind: TokenKind,
}

/// Why a text is not a token that can post. None of the messages repeats the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenError {
    /// Nothing was given.
    #[error("no token was given: paste the Bot User OAuth Token, it begins with xoxb-")]
    Empty,
    /// There is a line break, a blank or a control character inside.
    #[error(
        "the token has a blank, a line break or another character inside that no token has: copy it again, in one piece"
    )]
    BadCharacter,
    /// An app-level token, which is for Socket Mode.
    #[error(
        "this is an app-level token (xapp-), which cannot post: take the Bot User OAuth Token (xoxb-) from “OAuth & Permissions”"
    )]
    AppLevel,
    /// An incoming webhook's address.
    #[error(
        "this is a webhook's address, not a token: take the Bot User OAuth Token (xoxb-) from “OAuth & Permissions”"
    )]
    Webhook,
    /// A refresh token, which only buys other tokens.
    #[error("this is a refresh token (xoxe-), which cannot post: take the access token beside it")]
    Refresh,
    /// A client id, a signing secret or something else.
    #[error("this is no token for posting: a bot token begins with xoxb-, a user token with xoxp-")]
    OtherPrefix,
    /// Only the prefix, or far too long.
    #[error("the token is cut off or has something else attached: copy it again, whole")]
    Length,
}

impl SlackToken {
    /// Takes a token as pasted; blanks around it are dropped.
    ///
    /// # Errors
    /// [`TokenError`], in words that say which token is wanted.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::BadCharacter);
        }
        let known = PREFIXES.into_iter().find(|(prefix, _)| text.starts_with(prefix));
        let Some((prefix, kind)) = known else { return Err(unwanted(text)) };
        if text.len() == prefix.len() || text.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Length);
        }
        Ok(Self { secret: SecretString::from(text), prefix, kind })
    }

    /// Whose voice it gives.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// Enough to recognise it by and no more: `xoxb-…1234`.
    pub fn hint(&self) -> String {
        let rest = &self.expose()[self.prefix.len()..];
        // Of a short one the end would be most of it.
        let tail = if rest.len() >= SHOWN_TAIL * 3 { &rest[rest.len() - SHOWN_TAIL..] } else { "" };
        format!("{}…{tail}", self.prefix)
    }

    /// The token itself, for the one who encrypts it or sends it to Slack.
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for SlackToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlackToken({})", self.hint())
    }
}

fn unwanted(text: &str) -> TokenError {
    if text.starts_with("xapp-") {
        TokenError::AppLevel
    } else if text.starts_with("https://") || text.starts_with("http://") {
        TokenError::Webhook
    } else if text.starts_with("xoxe-") {
        TokenError::Refresh
    } else {
        TokenError::OtherPrefix
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bot_and_user_tokens_are_taken_and_told_apart() {
        let kind = |text: &str| SlackToken::parse(text).map(|token| token.kind());
        assert_eq!(kind(" xoxb-11-22-abcdefgh\n"), Ok(TokenKind::Bot));
        assert_eq!(kind("xoxp-11-22-abcdefgh"), Ok(TokenKind::User));
        assert_eq!(kind("xoxe.xoxb-1-Mi0yLTk"), Ok(TokenKind::Bot));
        assert_eq!(kind("xoxe.xoxp-1-Mi0yLTk"), Ok(TokenKind::User));
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        let error = |text: &str| SlackToken::parse(text).unwrap_err();
        assert_eq!(error("  "), TokenError::Empty);
        assert_eq!(error("xoxb-11-\n22"), TokenError::BadCharacter);
        assert_eq!(error("xoxb-11 22"), TokenError::BadCharacter);
        assert_eq!(error("xoxb-11\u{200b}22"), TokenError::BadCharacter);
        assert_eq!(error("xapp-1-A1-2-abc"), TokenError::AppLevel);
        assert_eq!(error("https://hooks.slack.com/services/T/B/x"), TokenError::Webhook);
        assert_eq!(error("xoxe-1-abc"), TokenError::Refresh);
        assert_eq!(error("12345.67890"), TokenError::OtherPrefix);
        assert_eq!(error("xoxb-"), TokenError::Length);
        assert_eq!(error(&format!("xoxb-{}", "1".repeat(MAX_TOKEN_BYTES))), TokenError::Length);
    }

    #[test]
    fn it_shows_its_kind_and_its_end_and_no_more() {
        let token = SlackToken::parse("xoxb-0000-1111-secretsecret1234").unwrap();
        assert_eq!(token.hint(), "xoxb-…1234");
        assert_eq!(format!("{token:?}"), "SlackToken(xoxb-…1234)");
        assert_eq!(SlackToken::parse("xoxb-short").unwrap().hint(), "xoxb-…");
    }
}
