//! The timeline of one policy: what each of its series was when.

use axum::Json;
use axum::extract::State;
use larum_core::alert::PolicyId;
use larum_core::time::Timestamp;
use larum_core::transition::Stage;
use larum_store::{Span, StoreError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::history::period;
use crate::body::{Asked, Named};
use crate::doors::Doors;
use crate::problem::Problem;
use crate::view::timeline::show_timeline;
use crate::wire::history::{Timeline, TimelineQuestion};

/// How many series a timeline has unless asked otherwise, and at most.
const SERIES: (usize, usize) = (20, 200);
/// The most spans of each kind that are read.
const MOST_SPANS: u32 = 10_000;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_policy_timeline))
}

/// What a policy did for a time, the last 24 hours unless asked otherwise: for each series when it was pending and when
/// it fired; when the policy had no data, failed, or was switched off.
#[utoipa::path(
    get, path = "/policies/{id}/timeline", tag = "policies",
    params(("id" = u64, Path), TimelineQuestion),
    responses((status = 200, body = Timeline), Problem)
)]
pub async fn show_policy_timeline(
    State(doors): State<Doors>,
    Named(id): Named<u64>,
    Asked(asked): Asked<TimelineQuestion>,
) -> Result<Json<Timeline>, Problem> {
    let id = PolicyId(id);
    let range = period(asked.from.as_deref(), asked.to.as_deref(), doors.now())?;
    let stored = doors.store().timeline(id, range, MOST_SPANS).await;
    let mut spans = stored.map_err(|error: StoreError| Problem::internal(&error))?;
    let complete = spans.len() < MOST_SPANS as usize;
    let open = lasting(&doors, id).ok_or_else(|| Problem::not_found("There is no such policy."))?;
    let known = |span: &Span| {
        spans.iter().any(|old| (old.stage, old.from, &old.labels) == (span.stage, span.from, &span.labels))
    };
    // What ended between the two looks is over.
    let open: Vec<Span> = open.into_iter().filter(|span| span.from < range.1 && !known(span)).collect();
    spans.extend(open);
    let most = asked.series.unwrap_or(SERIES.0).clamp(1, SERIES.1);
    Ok(Json(show_timeline(spans, range, doors.now().wall, (most, complete))))
}

/// What lasts now beside alerts that fire; nothing if there is no such policy.
fn lasting(doors: &Doors, id: PolicyId) -> Option<Vec<Span>> {
    doors.engine().read(|state| {
        let (policy, known) = state.policy(id)?;
        let mut spans = Vec::new();
        for series in known.series() {
            let (stage, from) = match (series.fired_at, series.kept_since) {
                (None, _) => (Stage::Pending, series.since),
                (Some(_), Some(since)) => (Stage::Kept, since),
                (Some(_), None) => continue,
            };
            let labels = series.labels.clone();
            let value = series.measured.text.to_string();
            spans.push(Span { alert: None, labels, stage, from, to: None, reason: None, value });
        }
        let whole = |(stage, since): (Stage, Option<Timestamp>)| {
            let from = since.filter(|_| stage.is_of_policy())?;
            let labels = larum_core::label::LabelSet::from_pairs([
                (larum_core::label::ALERT_NAME, &*policy.name),
                (larum_core::label::SEVERITY, policy.severity.as_str()),
            ]);
            Some(Span { alert: None, labels, stage, from, to: None, reason: None, value: String::new() })
        };
        spans.extend(whole(known.stage()));
        spans.extend(whole((Stage::AlertingOff, state.alerting_off_since())));
        Some(spans)
    })
}
