//! The HTTP client: trust, certificate, proxy. Made anew when one of its files has changed.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HOST;
use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use rustls::crypto::CryptoProvider;
use tokio::sync::Mutex;

use crate::calling::{Always, Called};
use crate::error::{ConfigError, Unusable};
use crate::proxy::{Proxy, Ways};
use crate::tls::{Papers, Tls};
use crate::words::innermost;

/// How long a connection is kept for another call: shorter than servers and balancers keep theirs (60 s and more), so
/// that a call seldom goes into one that is just being closed.
const KEEP_IDLE: Duration = Duration::from_secs(50);
/// How long connecting may take; the time for the call limits it too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many clients are kept: with another name each host has one of its own, and hosts may come from templates.
const MOST_CLIENTS: usize = 8;
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
    clients: Vec<(Whom, Client)>,
}

/// Whom a client speaks to.
#[derive(Clone, PartialEq, Eq)]
enum Whom {
    /// Our server, by the name of its address.
    Ours,
    /// Our server at this host, by another name.
    Called(String),
    /// Another one, to which ours has sent us.
    Stranger,
}

impl Connection {
    /// A connection by this way. Files are read only when a request is made. Without `http2` only HTTP/1.1 is spoken,
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

    /// A request to our server, by a client that is built from the files as they are now.
    ///
    /// # Errors
    /// [`Unusable`] says which file is why.
    pub async fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, Unusable> {
        match self.settings.called(url) {
            None => Ok(self.client(Whom::Ours).await?.request(method, url.clone())),
            Some(Called { url, authority, host }) => {
                let client = self.client(Whom::Called(host)).await?;
                Ok(client.request(method, url).header(HOST, authority))
            }
        }
    }

    /// A request to a server to which ours has sent us: we come without our certificate, and it goes by its own name.
    ///
    /// # Errors
    /// [`Unusable`] says which file is why.
    pub async fn request_to_stranger(&self, method: Method, url: &Url) -> Result<RequestBuilder, Unusable> {
        Ok(self.client(Whom::Stranger).await?.request(method, url.clone()))
    }

    async fn client(&self, whom: Whom) -> Result<Client, Unusable> {
        let papers = Arc::new(self.settings.tls.papers().await?);
        // Whoever comes meanwhile waits for this client instead of building a second one.
        let mut built = self.built.lock().await;
        built.take_if(|known| known.papers != papers);
        let known = built.get_or_insert_with(|| Built { papers: Arc::clone(&papers), clients: Vec::new() });
        if let Some((_, client)) = known.clients.iter().find(|(known, _)| *known == whom) {
            return Ok(client.clone());
        }
        let client = self.build(&papers, whom.clone()).await?;
        if known.clients.len() == MOST_CLIENTS {
            known.clients.remove(0);
        }
        known.clients.push((whom, client.clone()));
        Ok(client)
    }

    /// Builds a client on a thread that may wait: the roots of the system are files too.
    async fn build(&self, papers: &Arc<Papers>, whom: Whom) -> Result<Client, Unusable> {
        let (settings, papers) = (Arc::clone(&self.settings), Arc::clone(papers));
        let building = tokio::task::spawn_blocking(move || settings.build(&papers, &whom)).await;
        building.unwrap_or_else(|error| Err(Unusable(innermost(&error))))
    }
}

impl Settings {
    /// The server at this address, if it has another name and no proxy stands in between.
    fn called(&self, url: &Url) -> Option<Called> {
        let name = self.tls.server_name.as_deref()?;
        Called::by(name, url).filter(|_| self.ways.to(url).is_none())
    }

    fn build(&self, papers: &Papers, whom: &Whom) -> Result<Client, Unusable> {
        let mut tls = self.tls.client_config(papers, *whom == Whom::Stranger)?;
        // In HTTP/2 the name that a server is called by would take the place of the host.
        let http2 = self.http2 && !matches!(whom, Whom::Called(_));
        let spoken: &[&str] = if http2 { &["h2", "http/1.1"] } else { &["http/1.1"] };
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
        let builder = match whom {
            Whom::Called(host) => builder.dns_resolver(Always::this(host)),
            _ => Arc::clone(&self.ways).rules().into_iter().fold(builder, reqwest::ClientBuilder::proxy),
        };
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
