//! What takes too long is given up, and what panics is caught; both are answered in the shape of the API that was asked.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

/// How long an answer may take, the reading of the body included; a test message takes up to ten seconds. A stream of
/// events has begun to be answered long before.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How an API says that it cannot answer.
pub trait Shape: IntoResponse + 'static {
    /// It took too long.
    fn too_late() -> Self;
    /// Something of Larum's own is wrong; the log knows more.
    fn failed(reason: &str) -> Self;
}

/// Guards these routes.
pub fn guarded<S: Shape, T: Clone + Send + Sync + 'static>(
    routes: Router<T>,
    patience: Duration,
) -> Router<T> {
    let in_time = move |request: Request, next: Next| async move {
        match tokio::time::timeout(patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) => S::too_late().into_response(),
        }
    };
    routes.layer(from_fn(in_time)).layer(CatchPanicLayer::custom(panicked::<S>))
}

#[expect(clippy::needless_pass_by_value, reason = "the layer gives it away")]
fn panicked<S: Shape>(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let words =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    S::failed(&format!("a handler panicked: {}", words.unwrap_or("without a word"))).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::alertmanager::Refusal;
    use crate::problem::Problem;

    async fn panics() {
        panic!("no more numbers");
    }

    /// Status and body of what a handler that never answers gives, and one that panics.
    async fn answers<S: Shape>() -> [String; 2] {
        let routes = Router::new()
            .route("/hangs", get(|| async { std::future::pending::<()>().await }))
            .route("/panics", get(panics));
        let routes = guarded::<S, ()>(routes, Duration::ZERO);
        let mut answers = [String::new(), String::new()];
        for (answer, path) in answers.iter_mut().zip(["/hangs", "/panics"]) {
            let asking = Request::get(path).body(Body::empty()).unwrap();
            let (parts, body) = routes.clone().oneshot(asking).await.unwrap().into_parts();
            let body = to_bytes(body, 4096).await.unwrap();
            *answer = format!("{} {}", parts.status.as_u16(), String::from_utf8_lossy(&body));
        }
        answers
    }

    #[tokio::test]
    async fn each_api_says_in_its_own_shape_that_it_cannot_answer() {
        let [late, failed] = answers::<Refusal>().await;
        assert_eq!(late, "503 \"This took too long. Try again.\"\n");
        assert!(failed.starts_with("500 \"Larum failed to answer this"), "{failed}");
        let [late, failed] = answers::<Problem>().await;
        assert!(late.starts_with("503 {") && late.contains("This took too long."), "{late}");
        assert!(failed.starts_with("500 {") && !failed.contains("numbers"), "{failed}");
    }
}
