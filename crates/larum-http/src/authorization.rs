//! Who we say we are.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::Clock;
use crate::error::{ConfigError, Unusable};
use crate::oauth2::{Oauth2, TokenSource};
use crate::secret::Secret;

/// Who we say we are. `Debug` shows no secret.
#[derive(Clone, Default, Debug)]
pub enum Credentials {
    /// Nobody.
    #[default]
    None,
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user, without a colon; none is the empty one.
        user: Option<Secret>,
        /// The password; none is the empty one.
        password: Option<Secret>,
    },
    /// `Authorization: Bearer …` (RFC 6750, section 2.1), or another scheme.
    Scheme {
        /// Its name, such as `Bearer`.
        scheme: String,
        /// What follows it; none is nothing.
        credentials: Option<Secret>,
    },
    /// A token that another server gives.
    Oauth2(Box<Oauth2>),
}

impl Credentials {
    /// A bearer token.
    pub fn bearer(token: Secret) -> Self {
        Self::Scheme { scheme: "Bearer".to_owned(), credentials: Some(token) }
    }
}

/// Says who we are, as the files say it now.
pub struct Authorization(Source);

enum Source {
    Said(Credentials),
    Asked(Box<TokenSource>),
}

impl Authorization {
    /// Nothing is read or asked for yet. The clock says when a token has expired.
    ///
    /// # Errors
    /// [`ConfigError`] when what was given can never work.
    pub fn new(credentials: Credentials, clock: Clock) -> Result<Self, ConfigError> {
        match credentials {
            Credentials::Basic { user: Some(Secret::Text(user)), .. }
                if user.expose_secret().contains(':') =>
            {
                Err(ConfigError::User)
            }
            Credentials::Oauth2(settings) => {
                Ok(Self(Source::Asked(Box::new(TokenSource::new(*settings, clock)?))))
            }
            said => Ok(Self(Source::Said(said))),
        }
    }

    /// The header `Authorization`, if there is to be one.
    ///
    /// # Errors
    /// [`Unusable`] when a file does not hold what it should, or a token is not given.
    pub async fn header(&self) -> Result<Option<HeaderValue>, Unusable> {
        match &self.0 {
            Source::Asked(tokens) => tokens.header().await.map(Some),
            Source::Said(Credentials::Basic { user, password }) => {
                let user = read("the user's name", user.as_ref()).await?;
                let password = read("the password", password.as_ref()).await?;
                if user.expose_secret().contains(':') {
                    return Err(Unusable(ConfigError::User.to_string()));
                }
                let both = format!("{}:{}", user.expose_secret(), password.expose_secret());
                value("the password", &format!("Basic {}", BASE64_STANDARD.encode(both))).map(Some)
            }
            Source::Said(Credentials::Scheme { scheme, credentials }) => {
                let bearer = scheme.eq_ignore_ascii_case("bearer");
                let what = if bearer { "the bearer token" } else { "the credentials" };
                let said = read(what, credentials.as_ref()).await?;
                if bearer && !said.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
                    let why = "has a blank, a line break or another character inside that no token has";
                    return Err(Unusable(format!("{what} {why}")));
                }
                value(what, &format!("{scheme} {}", said.expose_secret())).map(Some)
            }
            Source::Said(_) => Ok(None),
        }
    }

    /// Takes note that the server does not take this header. Answers whether a new one may be given: only a token that was
    /// asked for may have ended before its time.
    pub async fn refused(&self, header: &HeaderValue) -> bool {
        let Source::Asked(tokens) = &self.0 else { return false };
        tokens.forget(header).await;
        true
    }
}

async fn read(what: &str, secret: Option<&Secret>) -> Result<SecretString, Unusable> {
    let Some(secret) = secret else { return Ok(SecretString::from("")) };
    secret.read().await.map_err(|why| Unusable(format!("{what} is missing: {why}")))
}

fn value(what: &str, text: &str) -> Result<HeaderValue, Unusable> {
    let value = HeaderValue::from_str(text);
    let mut value = value.map_err(|_| Unusable(format!("{what} has a character that no header may have")))?;
    value.set_sensitive(true);
    Ok(value)
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authorization")
    }
}
