//! What every request of this API goes through: it is counted, a read takes its turn, and what takes too long is given
//! up (Alertmanager, `api/api.go`).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use larum_core::duration::show_duration;
use larum_core::time::Steady;
use tokio::time::timeout;

use crate::doors::Doors;
use crate::meters::{Answered, Asked};
use crate::turns::Turn;

/// A read's turn: until its answer is read or given up, and the work for it done.
#[derive(Clone, Debug)]
pub struct ReadTurn(#[expect(dead_code, reason = "it counts for as long as one is held")] Arc<Turn>);

/// Lets a read through if there is a turn for it.
pub async fn take_turn(State(doors): State<Doors>, mut request: Request, next: Next) -> Response {
    if *request.method() != Method::GET {
        return next.run(request).await;
    }
    let Some(turn) = doors.turns().for_read() else {
        doors.meters().reads_refused.inc();
        let most = doors.turns().most_reads();
        let words = format!("Limit of concurrent GET requests reached ({most}), try again later.\n\n");
        return (StatusCode::SERVICE_UNAVAILABLE, words).into_response();
    };
    let turn = ReadTurn(Arc::new(turn));
    request.extensions_mut().insert(turn.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(turn);
    response
}

/// Gives up what takes longer than somebody chose.
pub async fn in_time(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let Some(patience) = doors.setup().alertmanager.timeout else { return next.run(request).await };
    timeout(patience, next.run(request)).await.unwrap_or_else(|_| {
        let words = format!("Exceeded configured timeout of {}.\n", show_duration(patience));
        (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
    })
}

/// Counts a request when its answer is read or given up.
pub async fn count(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let begun = doors.now().steady;
    let handler = handler(&request);
    let method = method(request.method());
    let mut response = next.run(request).await;
    let turn = response.extensions_mut().remove::<ReadTurn>();
    let answered = Answered { handler, method, code: response.status().as_u16() };
    response.map(|body| Body::new(Counted { body, bytes: 0, answered, begun, doors, _turn: turn }))
}

/// The path with the names of its parts, so that there are only so many, and without what `--web.route-prefix` puts in
/// front (Alertmanager, `api/api.go`, `instrumentHandler`).
fn handler(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().trim_end_matches('/'));
    let path = path.and_then(|path| Some(&path[path.rfind("/api/v2")?..]));
    path.filter(|path| !path.contains('*')).unwrap_or("unknown").to_owned()
}

fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "get",
        Method::HEAD => "head",
        Method::POST => "post",
        Method::PUT => "put",
        Method::DELETE => "delete",
        Method::PATCH => "patch",
        Method::OPTIONS => "options",
        Method::TRACE => "trace",
        Method::CONNECT => "connect",
        _ => "unknown",
    }
}

/// The body of an answer.
struct Counted {
    body: Body,
    bytes: u64,
    answered: Answered,
    begun: Steady,
    doors: Doors,
    _turn: Option<ReadTurn>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let meters = self.doors.meters();
        let Answered { handler, method, .. } = self.answered.clone();
        let took = self.doors.now().steady.since(self.begun);
        meters.sizes.get_or_create(&Asked { handler, method }).observe(self.bytes as f64);
        meters.durations.get_or_create(&self.answered).observe(took.as_secs_f64());
    }
}
