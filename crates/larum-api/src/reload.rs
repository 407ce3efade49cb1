//! `POST /-/reload`: the files that Larum was told of are read again.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use larum_core::time::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use crate::doors::Doors;

/// Where somebody waits who has asked for the files to be read again, for what came of it.
pub type Asked = oneshot::Sender<Result<(), String>>;

/// The way to whoever reads the files again.
#[derive(Clone, Debug, Default)]
pub struct Reload(Option<(mpsc::Sender<Asked>, watch::Receiver<Option<FailedReload>>)>);

/// The other end of the way: who asks, and what is told to those who ask later.
#[derive(Debug)]
pub struct Reloads {
    asked: mpsc::Receiver<Asked>,
    failed: watch::Sender<Option<FailedReload>>,
}

/// That the files were wrong when they were last read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FailedReload {
    /// When that was.
    pub at: Timestamp,
    /// What was wrong, a line each.
    pub error: String,
}

impl Reloads {
    /// The next who asks; nobody if nobody ever will again.
    pub async fn recv(&mut self) -> Option<Asked> {
        self.asked.recv().await
    }

    /// Takes note of what came of reading the files, whoever asked for it.
    pub fn note(&self, failed: Option<FailedReload>) {
        self.failed.send_replace(failed);
    }
}

impl Reload {
    /// A way, and its other end.
    pub fn channel() -> (Self, Reloads) {
        let (asks, asked) = mpsc::channel(1);
        let (failed, last) = watch::channel(None);
        (Self(Some((asks, last))), Reloads { asked, failed })
    }

    /// What was wrong when the files were last read, if anything was.
    pub(crate) fn failed(&self) -> Option<FailedReload> {
        self.0.as_ref()?.1.borrow().clone()
    }

    /// Has the files read again.
    ///
    /// # Errors
    /// Why they were not, or why what they say is not in force.
    pub(crate) async fn ask(&self) -> Result<(), String> {
        let nobody = || "nobody is there who could read files: Larum is stopping".to_owned();
        let (reply, answer) = oneshot::channel();
        let (asks, _) = self.0.as_ref().ok_or_else(nobody)?;
        asks.send(reply).await.map_err(|_| nobody())?;
        answer.await.map_err(|_| nobody())?
    }
}

/// Reads the files again (Prometheus, "Management API", *Reload*).
pub async fn reload(State(doors): State<Doors>) -> Response {
    match doors.reload().ask().await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("failed to reload config: {error}\n")).into_response()
        }
    }
}
