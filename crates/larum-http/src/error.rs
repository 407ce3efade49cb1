//! Why a server cannot be spoken to: for good, or as things are now.

/// Why settings can never work. None of the messages repeats a secret.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConfigError {
    /// The process has installed no `rustls` crypto provider.
    #[error("no rustls crypto provider is installed in this process")]
    NoCryptoProvider,
    /// It cannot be the name of a header.
    #[error("{0:?} cannot be the name of a header")]
    HeaderName(String),
    /// It cannot be the value of a header; it may be a secret, so it is not repeated.
    #[error("the value of the header {0} has a character that no header may have")]
    HeaderValue(String),
    /// The header is set by Larum itself.
    #[error("the header {0} is set by Larum itself")]
    ReservedHeader(String),
    /// The user of basic authentication has a colon.
    #[error("a user's name has no colon (RFC 7617)")]
    User,
    /// The name that a certificate is to have is none.
    #[error("{0:?} cannot be the name of a server")]
    ServerName(String),
    /// No version of TLS is left between the oldest and the newest one.
    #[error(
        "no version of TLS is left to speak: only 1.2 and 1.3 are spoken, older ones are broken (RFC 8996)"
    )]
    TlsVersions,
    /// The address of the proxy, or the variable of the environment that holds it, is none.
    #[error("{0} is not the address of a proxy such as http://proxy:3128")]
    Proxy(&'static str),
    /// The address where tokens are asked for is none.
    #[error("token_url is not an address that begins with http:// or https://")]
    TokenUrl,
    /// A parameter that the question for a token has already.
    #[error("the parameter {0} of the question for a token is set by Larum itself")]
    TokenParameter(String),
}

/// What cannot be used as it is now, in words without secrets: a file that cannot be read, a token that is not given.
/// The next call looks again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub(crate) String);
