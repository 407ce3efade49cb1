//! Remote write's door: samples that another Prometheus or an agent pushes (Prometheus, "Remote-Write 1.0
//! specification").
//!
//! A sender tries again what was answered with 5xx, and with 429 only if it was told to; everything else it gives up.
//! So what is wrong for good is answered with 400, 413 or 415, what may be well in a moment with 503.

use axum::body::{Bytes, HttpBody};
use axum::extract::FromRequest;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use larum_metrics::Written;
use larum_metrics::remote_write::{Error, LeftOut, Limits, decode};

use crate::alertmanager::LARGE_BODY_BYTES;
use crate::doors::Doors;
use crate::lock::sender::{MayNotSend, may_send};
use crate::turns::Turn;

/// The largest body that is read, in bytes, compressed as it comes; [`Limits`] says how much may be in it.
pub const MAX_BODY_BYTES: usize = 32 << 20;
/// After how long to try again while there is no room, in seconds.
const RETRY_AFTER_SECONDS: u64 = 30;

/// Why samples are refused: in plain text, as Prometheus' receiver does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotWritten {
    status: StatusCode,
    words: String,
}

fn no(status: StatusCode, words: impl Into<String>) -> NotWritten {
    NotWritten { status, words: words.into() }
}

impl IntoResponse for NotWritten {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.words + "\n").into_response();
        let headers = response.headers_mut();
        match self.status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS.into());
            }
            StatusCode::UNAUTHORIZED => {
                let how = HeaderValue::from_static("Bearer realm=\"Larum\", Basic realm=\"Larum\"");
                headers.insert(header::WWW_AUTHENTICATE, how);
            }
            _ => {}
        }
        response
    }
}

/// `POST /write`.
pub async fn write(State(doors): State<Doors>, request: Request) -> Result<StatusCode, NotWritten> {
    let allowed = may_send(&doors, request.headers()).await;
    allowed.map_err(|MayNotSend { status, words }| no(status, words))?;
    check_headers(request.headers())?;
    let Some(store) = doors.source().store().cloned() else {
        let words = "this Larum keeps no series of its own (--metrics-source): write to where they are kept";
        return Err(no(StatusCode::NOT_FOUND, words));
    };
    // Whoever sends little takes a turn only once it is there, so that nobody keeps others waiting by sending slowly.
    let is_large = request.body().size_hint().upper().is_none_or(|bytes| bytes > LARGE_BODY_BYTES);
    let early = if is_large { Some(turn(&doors).await?) } else { None };
    let body = Bytes::from_request(request, &doors).await.map_err(|refused| unreadable(&refused))?;
    let turn = match early {
        Some(turn) => turn,
        None => turn(&doors).await?,
    };
    let now = doors.now().wall;
    let writing = turn.work(move || {
        let request = decode(&body, &Limits::default())?;
        Ok((store.append_written(now, &request), request.left_out))
    });
    let (written, _turn) = writing.await.map_err(|error| {
        tracing::error!(%error, "writing pushed samples has failed");
        no(StatusCode::INTERNAL_SERVER_ERROR, "Larum failed to take this; its log says why")
    })?;
    let (written, left_out) = written.map_err(|error| unusable(&error))?;
    verdict(&written, &left_out)
}

async fn turn(doors: &Doors) -> Result<Turn, NotWritten> {
    let turn = doors.turns().for_samples().await;
    turn.ok_or_else(|| no(StatusCode::SERVICE_UNAVAILABLE, "Larum is stopping"))
}

/// What of the protocol is spoken (section "Protocol"). Nothing said means version 1 (Prometheus,
/// `storage/remote/write_handler.go`).
fn check_headers(headers: &HeaderMap) -> Result<(), NotWritten> {
    let text = |name: HeaderName| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
    };
    let kind = text(header::CONTENT_TYPE).unwrap_or_else(|| "application/x-protobuf".to_owned());
    let mut parts = kind.split(';').map(str::trim);
    let is_protobuf = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-protobuf"));
    let message = parts.find_map(|part| part.strip_prefix("proto="));
    if !is_protobuf || message.is_some_and(|message| message != "prometheus.WriteRequest") {
        let words = format!(
            "{kind:?} is not taken: only remote write 1.0 is, application/x-protobuf with prometheus.WriteRequest"
        );
        return Err(no(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
    }
    match text(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "snappy" => {
            let words = format!("the encoding {encoding:?} is not taken: only snappy is");
            Err(no(StatusCode::UNSUPPORTED_MEDIA_TYPE, words))
        }
        _ => Ok(()),
    }
}

fn unreadable(refused: &BytesRejection) -> NotWritten {
    match refused.status() {
        StatusCode::PAYLOAD_TOO_LARGE => no(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is larger than {MAX_BODY_BYTES} bytes: send fewer samples in one request"),
        ),
        // It broke off, and may come whole the next time.
        _ => no(StatusCode::SERVICE_UNAVAILABLE, refused.body_text()),
    }
}

fn unusable(error: &Error) -> NotWritten {
    let status = match error {
        Error::Bytes { .. } | Error::Samples { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Compression(_) | Error::Message { .. } => StatusCode::BAD_REQUEST,
    };
    no(status, error.to_string())
}

/// What was refused is told; what could be taken has been. Sent again it would fare no better, but for want of memory.
fn verdict(written: &Written, left_out: &LeftOut) -> Result<StatusCode, NotWritten> {
    let invalid = left_out.first_invalid.as_ref().map(ToString::to_string).unwrap_or_default();
    let reasons = [
        (written.refused_full, "there is no memory for them or their series"),
        (written.out_of_order, "out of order: their series have later ones"),
        (written.duplicates, "duplicate: their series have others of the same time"),
        (written.too_old, "out of bounds: they are older than what is kept"),
        (written.too_new, "out of bounds: they lie too far in the future"),
        (left_out.histograms, "native histograms are not kept"),
        (left_out.invalid, invalid.as_str()),
    ];
    let told: Vec<String> = reasons
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, reason)| format!("{count} ({reason})"))
        .collect();
    if told.is_empty() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let status =
        if written.refused_full > 0 { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::BAD_REQUEST };
    let taken = written.appended + written.repeated;
    Err(no(status, format!("{taken} samples were taken, not taken were {}", told.join(", "))))
}
