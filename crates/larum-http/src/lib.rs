#![doc = include_str!("../README.md")]

mod words;
mod error;
mod secret;
mod headers;
mod bypass;
mod proxy;
mod tls;
mod verifier;
mod calling;
mod connection;
mod token;
mod oauth2;
mod authorization;

use std::sync::Arc;

use larum_core::time::Now;

pub use authorization::{Authorization, Credentials};
pub use connection::Connection;
pub use error::{ConfigError, Unusable};
pub use headers::{header_name, header_value};
pub use oauth2::Oauth2;
pub use proxy::{ConnectHeaders, Proxy};
pub use secret::{MAX_SECRET_BYTES, Secret};
pub use tls::{ClientCertificate, MAX_PEM_BYTES, Tls, TlsVersion, Trust};
pub use words::{MAX_WORDS, beginning, cut, innermost, origin, without};

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;
