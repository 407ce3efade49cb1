#![doc = include_str!("../README.md")]

mod address;
mod secret;
mod config;
mod error;
mod health;
mod connection;
mod body;
mod answer;
mod call;
mod exchange;
mod client;
mod inventory;

pub use address::{ServerUrl, ServerUrlError};
pub use answer::listing::{Listed, MetricMetadata};
pub use client::{Answer, Clock, PrometheusClient, Terms};
pub use config::{Auth, ClientCertificate, Config, ConfigError, Headers, Limits, Parameters, Proxy, Tls};
pub use error::{Concern, SourceError, SourceErrorKind};
pub use health::{Health, Trouble};
pub use inventory::{BuildInfo, Product};
pub use secret::{MAX_SECRET_BYTES, Secret};
