//! A server that speaks Alertmanager's API v2, as far as silences go.

use anyhow::{Context, bail};
use larum_engine::Clock;
use larum_http::{Credentials, Tls};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use super::silence::Silence;
use crate::client::{Client, words};

/// A server and how to speak to it.
pub struct Server(Client);

/// What a server said to a new silence.
pub enum Answer {
    /// It has it now.
    Taken,
    /// It does not take it, and this is why.
    Refused(String),
}

impl Server {
    /// The server at an address, which may end in a path that everything there begins with.
    ///
    /// # Errors
    /// What is wrong with the flags.
    pub fn new(
        address: &str,
        secured: (Credentials, Tls),
        headers: HeaderMap,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        Ok(Self(Client::new((address, "/api/v2/silences"), secured, headers, clock)?))
    }

    /// All silences, each as it is written: one that cannot be read does not hide the others.
    ///
    /// # Errors
    /// If the server cannot be asked, or answers with something else.
    pub async fn silences(&self) -> anyhow::Result<Vec<serde_json::Value>> {
        let (status, body) = self.0.ask(self.0.request(Method::GET, &[]).await?).await?;
        if status != StatusCode::OK {
            bail!("it answers {status}: {}", words(&body));
        }
        let read = serde_json::from_slice(&body).map_err(anyhow::Error::from);
        read.context("it does not answer with silences, as Alertmanager's API v2 does")
    }

    /// Adds a silence.
    ///
    /// # Errors
    /// If the server cannot be asked, or takes no silences from us at all.
    pub async fn add(&self, silence: &Silence) -> anyhow::Result<Answer> {
        let request = self.0.request(Method::POST, &[]).await?.json(silence);
        let (status, body) = self.0.ask(request).await?;
        match status {
            StatusCode::OK => Ok(Answer::Taken),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PAYLOAD_TOO_LARGE => {
                Ok(Answer::Refused(words(&body)))
            }
            _ => bail!("it answers {status}: {}", words(&body)),
        }
    }
}
