//! Starting and stopping a sandbox.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::SandboxConfig;
use crate::control::Control;
use crate::http::{Connection, Connections, Shared, router};
use crate::keep::FolderError;
use crate::workspace::TokenKind;
use crate::world::World;

/// How long calls under way may take when the sandbox stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is open to others.
    #[error(
        "the sandbox listens on loopback only, not on {0}: it hands its tokens to whoever asks; use 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error(
        "the sandbox cannot listen on {address}: {source}; stop what listens there, or choose another port"
    )]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The data folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// A local Slack workspace.
pub struct Sandbox;

impl Sandbox {
    /// Starts a sandbox on the current tokio runtime. It answers when this returns.
    ///
    /// # Errors
    /// When the address is not on loopback or taken, or the data folder cannot be used.
    pub async fn start(config: SandboxConfig) -> Result<Running, StartError> {
        if !config.listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(config.listen));
        }
        let bind = |source| StartError::Bind { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(bind)?;
        let addr = listener.local_addr().map_err(bind)?;
        let world = World::open(&config, format!("http://{addr}/"))?;
        let control = Control::new(world, &config);
        let (stop, stopped) = watch::channel(false);
        let shared = Shared { control: control.clone(), stop: stopped };
        let service = router(shared.clone()).into_make_service_with_connect_info::<Connection>();
        let server = tokio::spawn(async move {
            let serving = axum::serve(Connections(listener), service);
            let ending = serving.with_graceful_shutdown(async move { shared.stopped().await });
            if let Err(error) = ending.await {
                tracing::error!(%error, "the sandbox stopped");
            }
        });
        Ok(Running {
            addr,
            bot_token: control.token(TokenKind::Bot),
            user_token: control.token(TokenKind::User),
            control,
            stop,
            server,
        })
    }

    /// Runs a sandbox until `until` is ready; `started` hears where it is and which tokens it takes.
    ///
    /// # Errors
    /// As [`Sandbox::start`].
    pub async fn serve(
        config: SandboxConfig,
        started: impl FnOnce(&Running),
        until: impl Future<Output = ()>,
    ) -> Result<(), StartError> {
        let running = Self::start(config).await?;
        started(&running);
        until.await;
        running.shutdown().await;
        Ok(())
    }
}

/// A sandbox that runs. Dropping it stops it, too.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The token that speaks as the app.
    pub bot_token: String,
    /// The token that speaks as the human who installed the app.
    pub user_token: String,
    control: Control,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Running {
    /// The base URL of the Web API, with a slash at the end: `http://127.0.0.1:…/api/`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api/", self.addr)
    }

    /// The address of the page that shows the channels.
    #[must_use]
    pub fn page_url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// The handle that reads and changes the workspace and makes calls fail.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops: no new calls, those under way end within 5 seconds, hanging ones are reset.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        let mut server = self.server;
        if tokio::time::timeout(PATIENCE, &mut server).await.is_err() {
            server.abort();
        }
    }
}
