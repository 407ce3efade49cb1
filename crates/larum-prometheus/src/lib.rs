#![doc = include_str!("../README.md")]

mod address;
mod config;
mod error;
mod health;
mod body;
mod answer;
mod call;
mod exchange;
mod client;
mod inventory;

pub use address::{ServerUrl, ServerUrlError};
pub use answer::listing::{Listed, MetricMetadata};
pub use client::{Answer, PrometheusClient, Terms};
pub use config::{Auth, ClientCertificate, Config, Headers, Limits, Parameters, Proxy, Tls};
pub use error::{Concern, SourceError, SourceErrorKind};
pub use health::{Health, Trouble};
pub use inventory::{BuildInfo, Product};
pub use larum_http::{Clock, ConfigError, MAX_SECRET_BYTES, Secret};
