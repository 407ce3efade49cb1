//! An application behind a web configuration file.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use larum_web::{Limits, Web, WebError, serve};
use reqwest::{Certificate, ClientBuilder, Identity, RequestBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::authority::Authority;

/// The name that the application goes by.
pub const NAME: &str = "larum.test";
/// How long anything may take that is not measured.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// An application that greets, its files, and the authority that it and its clients trust.
pub struct Door {
    pub address: SocketAddr,
    pub folder: TempDir,
    pub authority: Authority,
    _stop: watch::Sender<bool>,
}

/// A folder with `web.yml` and what it names: a certificate for [`NAME`], its key, and the authority.
pub fn folder(authority: &Authority, web: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    certify(folder.path(), authority);
    write(folder.path(), "ca.pem", &authority.pem());
    write(folder.path(), "web.yml", web);
    folder
}

pub fn certify(folder: &Path, authority: &Authority) {
    let [certificate, key] = authority.sign(NAME);
    write(folder, "cert.pem", &certificate);
    write(folder, "key.pem", &key);
}

/// Puts a file in the place of another at once, as those do who renew certificates.
pub fn write(folder: &Path, name: &str, text: &str) {
    let fresh = folder.join("fresh");
    std::fs::write(&fresh, text).expect("there is room");
    std::fs::rename(fresh, folder.join(name)).expect("it can be renamed");
}

/// The start of a file that has TLS.
pub const TLS: &str = "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n";

/// What is wrong with this file.
pub fn refused(web: &str) -> WebError {
    let folder = folder(&Authority::new(), web);
    Web::read(&folder.path().join("web.yml"), None).expect_err("it is wrong")
}

impl Door {
    pub async fn open(web: &str) -> Self {
        Self::open_with(web, Limits::default()).await
    }

    pub async fn open_with(web: &str, limits: Limits) -> Self {
        let authority = Authority::new();
        let folder = folder(&authority, web);
        let web = Web::read(&folder.path().join("web.yml"), None).expect("it is right");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (stop, stopping) = watch::channel(false);
        let app = Router::new().route("/", get(|| async { "hello" }));
        tokio::spawn(serve(listener, app, limits, web, stopping));
        Self { address, folder, authority, _stop: stop }
    }

    pub fn write(&self, name: &str, text: &str) {
        write(self.folder.path(), name, text);
    }

    /// A client that trusts the authority and knows where the name leads.
    pub fn client(&self) -> ClientBuilder {
        self.client_that_trusts(&self.authority)
    }

    pub fn client_that_trusts(&self, authority: &Authority) -> ClientBuilder {
        let root = Certificate::from_pem(authority.pem().as_bytes()).expect("it is a certificate");
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).resolve(NAME, self.address);
        client.tls_certs_only([root])
    }

    /// A client that comes with a certificate for this name, signed by somebody.
    pub fn client_called(&self, name: &str, signer: &Authority) -> ClientBuilder {
        let pem = signer.sign(name).concat();
        self.client().identity(Identity::from_pem(pem.as_bytes()).expect("it is one"))
    }

    /// A request over a connection of its own.
    pub fn ask(&self, client: ClientBuilder, scheme: &str) -> RequestBuilder {
        let client = client.build().expect("a client can be built");
        client.get(format!("{scheme}://{NAME}:{}/", self.address.port()))
    }

    /// What a client hears over TLS, if it is let in.
    pub async fn greeting(&self, client: ClientBuilder) -> Option<String> {
        self.ask(client, "https").send().await.ok()?.text().await.ok()
    }
}
