//! Answers in Prometheus' shape: `status`, `data`, and what there is to remark (Prometheus, "HTTP API", "Format
//! overview").

use axum::http::header;
use axum::response::{IntoResponse, Response};
use larum_promql::{Annotation, Level};
use serde::Serialize;

use super::refusal::Refusal;
use crate::lock::guard::Shape;

/// The most remarks of one kind that are sent (Prometheus, `web/api/v1/api.go`, `respond`).
const MAX_REMARKS: usize = 10;
/// Said of an answer that a parameter `limit` cut short.
pub const TRUNCATED: &str = "results truncated due to limit";

/// What there is to remark about an answer.
#[derive(Debug, Default)]
pub struct Remarks {
    warnings: Vec<String>,
    infos: Vec<String>,
}

impl Remarks {
    /// The remarks about an evaluation.
    pub fn of(annotations: &[Annotation]) -> Self {
        let mut remarks = Self::default();
        for annotation in annotations {
            let some = match annotation.level {
                Level::Warning => &mut remarks.warnings,
                Level::Info => &mut remarks.infos,
            };
            some.push(annotation.to_string());
        }
        omit_most(&mut remarks.warnings, "warning");
        omit_most(&mut remarks.infos, "info");
        remarks
    }

    /// Remarks that the answer is cut short, if it is.
    pub fn truncated(mut self, truncated: bool) -> Self {
        if truncated {
            self.warnings.push(TRUNCATED.to_owned());
        }
        self
    }
}

fn omit_most(remarks: &mut Vec<String>, kind: &str) {
    let more = remarks.len().saturating_sub(MAX_REMARKS);
    if more > 0 {
        remarks.truncate(MAX_REMARKS);
        remarks.push(format!("{more} more {kind} annotations omitted"));
    }
}

/// Makes a large answer where it takes its time and nobody else waits for it.
///
/// # Errors
/// [`Refusal`] if whoever makes it refuses, or breaks down.
pub async fn in_another_thread(
    make: impl FnOnce() -> Result<Response, Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    tokio::task::spawn_blocking(make).await.unwrap_or_else(|error| Err(Refusal::failed(&error.to_string())))
}

/// An answer in the making: what stands before its `data` is written, then whoever makes it writes the `data`.
pub struct Answer {
    /// What is written so far.
    pub text: String,
}

impl Answer {
    /// Begins an answer.
    pub fn begin() -> Self {
        Self { text: r#"{"status":"success","data":"#.to_owned() }
    }

    /// An answer with this `data`.
    pub fn of(data: &impl Serialize) -> Response {
        Self::with_remarks(data, &Remarks::default())
    }

    /// An answer with this `data` and these remarks.
    pub fn with_remarks(data: &impl Serialize, remarks: &Remarks) -> Response {
        let mut answer = Self::begin();
        answer.push(data);
        answer.finish(remarks)
    }

    /// Writes a value as JSON.
    pub fn push(&mut self, value: &impl Serialize) {
        // Nothing that is written here can fail: no map has a key that is no text.
        self.text.push_str(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
    }

    /// Writes what stands behind the `data`.
    pub fn finish(mut self, remarks: &Remarks) -> Response {
        for (name, some) in [("warnings", &remarks.warnings), ("infos", &remarks.infos)] {
            if !some.is_empty() {
                self.text.push_str(&format!(",{name:?}:"));
                self.push(some);
            }
        }
        self.text.push('}');
        ([(header::CONTENT_TYPE, "application/json")], self.text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_remarks_ten_are_told() {
        let warn =
            |number: usize| Annotation { level: Level::Warning, text: format!("w{number}"), place: None };
        let remarks = Remarks::of(&(0..13).map(warn).collect::<Vec<_>>()).truncated(true);
        assert_eq!(remarks.warnings.len(), 12);
        assert_eq!(remarks.warnings[10..], ["3 more warning annotations omitted", TRUNCATED]);
        assert!(remarks.infos.is_empty());
    }
}
