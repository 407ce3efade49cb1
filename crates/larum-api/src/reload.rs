//! `POST /-/reload`: the files that Larum was told of are read again.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::{mpsc, oneshot};

use crate::doors::Doors;

/// Where somebody waits who has asked for the files to be read again, for what came of it.
pub type Asked = oneshot::Sender<Result<(), String>>;

/// The way to whoever reads the files again.
#[derive(Clone, Debug, Default)]
pub struct Reload(Option<mpsc::Sender<Asked>>);

impl Reload {
    /// A way, and its other end.
    pub fn channel() -> (Self, mpsc::Receiver<Asked>) {
        let (asks, asked) = mpsc::channel(1);
        (Self(Some(asks)), asked)
    }

    /// Has the files read again.
    ///
    /// # Errors
    /// Why they were not, or why what they say is not in force.
    pub(crate) async fn ask(&self) -> Result<(), String> {
        let nobody = || "nobody is there who could read files: Larum is stopping".to_owned();
        let (reply, answer) = oneshot::channel();
        let asks = self.0.as_ref().ok_or_else(nobody)?;
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
