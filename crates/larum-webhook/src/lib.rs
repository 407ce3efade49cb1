#![doc = include_str!("../README.md")]

mod config;
mod outcome;
mod pause;
mod trouble;
mod letter;
mod client;
mod slack;

pub use client::WebhookClient;
pub use config::{Config, Header};
pub use larum_http::{
    ClientCertificate, Clock, ConfigError, ConnectHeaders, Credentials, Oauth2, Proxy, Secret, Tls,
    TlsVersion, Trust,
};
pub use outcome::{Answer, MAX_ANSWER_BYTES, Outcome, Pause, Refusal, Trouble, TroubleKind};
pub use pause::{MAX_PAUSE, MIN_PAUSE};
pub use slack::SlackMessage;
