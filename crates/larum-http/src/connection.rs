//! The HTTP client: trust, certificate, proxy. Made anew when one of its files has changed.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, redirect};
use rustls::crypto::CryptoProvider;
use tokio::sync::Mutex;

use crate::error::{ConfigError, Unusable};
use crate::proxy::{Proxy, Ways};
use crate::tls::{Papers, Tls};
use crate::words::innermost;

/// How long a connection is kept for another call: shorter than servers and balancers keep theirs (60 s and more), so
/// that a call seldom goes into one that is just being closed.
const KEEP_IDLE: Duration = Duration::from_secs(50);
/// How long connecting may take; the time for the call limits it too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// What Larum calls itself.
const USER_AGENT: &str = concat!("Larum/", env!("CARGO_PKG_VERSION"));

/// The way to servers, and the client that goes it. It follows no redirect: whoever calls knows which credentials may go
/// where.
pub struct Connection {
    settings: Arc<Settings>,
    built: Mutex<Option<Built>>,
}

struct Settings {
    tls: Tls,
    ways: Arc<Ways>,
    http2: bool,
}

/// The clients and what they were built from.
struct Built {
    papers: Arc<Papers>,
    own: Option<Client>,
    stranger: Option<Client>,
}

impl Connection {
    /// A connection by this way. Files are read only when a client is asked for. Without `http2` only HTTP/1.1 is spoken,
    /// with it whichever the server chooses under TLS.
    ///
    /// # Errors
    /// [`ConfigError`] when what was given can never work.
    pub fn new(tls: Tls, proxy: &Proxy, http2: bool) -> Result<Self, ConfigError> {
        if CryptoProvider::get_default().is_none() {
            return Err(ConfigError::NoCryptoProvider);
        }
        tls.check()?;
        let ways = Arc::new(Ways::of(proxy, |name| std::env::var(name).ok())?);
        Ok(Self { settings: Arc::new(Settings { tls, ways, http2 }), built: Mutex::new(None) })
    }

    /// The client, built from the files as they are now.
    ///
    /// # Errors
    /// [`Unusable`] says which file is why.
    pub async fn client(&self) -> Result<Client, Unusable> {
        self.built(false).await
    }

    /// The client for a server to which another one has sent us: it comes without our certificate.
    ///
    /// # Errors
    /// [`Unusable`] says which file is why.
    pub async fn client_for_stranger(&self) -> Result<Client, Unusable> {
        self.built(true).await
    }

    async fn built(&self, stranger: bool) -> Result<Client, Unusable> {
        let papers = Arc::new(self.settings.tls.papers().await?);
        // Whoever comes meanwhile waits for this client instead of building a second one.
        let mut built = self.built.lock().await;
        built.take_if(|known| known.papers != papers);
        let known =
            built.get_or_insert_with(|| Built { papers: Arc::clone(&papers), own: None, stranger: None });
        let place = if stranger { &mut known.stranger } else { &mut known.own };
        if let Some(client) = place {
            return Ok(client.clone());
        }
        let client = self.build(&papers, stranger).await?;
        *place = Some(client.clone());
        Ok(client)
    }

    /// Builds a client on a thread that may wait: the roots of the system are files too.
    async fn build(&self, papers: &Arc<Papers>, stranger: bool) -> Result<Client, Unusable> {
        let (settings, papers) = (Arc::clone(&self.settings), Arc::clone(papers));
        let building = tokio::task::spawn_blocking(move || settings.build(&papers, stranger)).await;
        building.unwrap_or_else(|error| Err(Unusable(innermost(&error))))
    }
}

impl Settings {
    fn build(&self, papers: &Papers, stranger: bool) -> Result<Client, Unusable> {
        let mut tls = self.tls.client_config(papers, stranger)?;
        let spoken: &[&str] = if self.http2 { &["h2", "http/1.1"] } else { &["http/1.1"] };
        tls.alpn_protocols = spoken.iter().map(|name| name.as_bytes().to_vec()).collect();
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(KEEP_IDLE)
            .redirect(redirect::Policy::none())
            // Answers are unpacked where their length is counted.
            .no_gzip()
            // The rules that follow are the only ones.
            .no_proxy()
            .tls_backend_preconfigured(tls);
        let builder = Arc::clone(&self.ways).rules().into_iter().fold(builder, reqwest::ClientBuilder::proxy);
        let built = builder.build();
        built.map_err(|error| {
            Unusable(format!("the HTTP client with its certificates cannot be used: {}", innermost(&error)))
        })
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("tls", &self.settings.tls).finish_non_exhaustive()
    }
}
