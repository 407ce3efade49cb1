//! How long a request may take.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// How long an answer may take, the reading of the body included; a test message takes up to ten seconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Gives up on a request that takes too long. A stream of events has begun to be answered long before.
pub async fn limit_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable("This took too long. Try again.").into_response(),
    }
}
