//! What a silence would hide, before there is one.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::alert::Alert;
use larum_core::matcher::Parsed;
use larum_core::silence::{SilenceDraft, SilenceLimits};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Body;
use crate::doors::Doors;
use crate::draft::silence::{invalid, read_matchers};
use crate::problem::Problem;
use crate::view::alert::show_alert;
use crate::view::silence::show_matchers;
use crate::wire::silence::{SilencePreview, SilencePreviewDraft};

/// How many alerts are shown.
const PREVIEWED: usize = 50;
/// How long the silence lasts that is tried: its matchers count, not its end.
const TRIED_FOR: Duration = Duration::from_secs(3600);

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(preview_silence))
}

/// Which alerts that fire now a silence with these matchers would hide, and whether that is more than half of all.
#[utoipa::path(
    post, path = "/silences/preview", tag = "silences",
    request_body = SilencePreviewDraft,
    responses((status = 200, body = SilencePreview), Problem)
)]
pub async fn preview_silence(
    State(doors): State<Doors>,
    Body(draft): Body<SilencePreviewDraft>,
) -> Result<Json<SilencePreview>, Problem> {
    let Parsed { value: matchers, warning } =
        read_matchers(draft.matchers.as_deref(), draft.text.as_deref())?;
    let now = doors.now().wall;
    let tried = SilenceDraft {
        matchers,
        starts_at: None,
        ends_at: now.plus(TRIED_FOR),
        created_by: "".into(),
        comment: "".into(),
        annotations: larum_core::label::LabelSet::empty(),
    };
    tried.check(&SilenceLimits::default(), now).map_err(|error| invalid(&error))?;
    let engine = doors.engine().clone();
    // Asking each of a million alerts takes its time.
    let trying = tokio::task::spawn_blocking(move || {
        let firing = engine.all_firing();
        let hidden =
            |alert: &&Arc<Alert>| tried.matchers.iter().all(|matcher| matcher.matches(&alert.labels));
        let mut hidden: Vec<Arc<Alert>> = firing.iter().filter(hidden).cloned().collect();
        hidden.sort_unstable_by_key(|alert| Reverse((alert.starts_at, alert.id)));
        (tried.matchers, hidden, firing.len())
    });
    let (matchers, hidden, firing) = trying.await.map_err(|error| Problem::internal(&error))?;
    let desk = doors.engine().desk();
    let shown = hidden.iter().take(PREVIEWED).map(|alert| show_alert(alert, &desk, Vec::new()));
    Ok(Json(SilencePreview {
        matchers: show_matchers(&matchers),
        warning,
        hides: hidden.len(),
        firing,
        hides_most: hidden.len() * 2 > firing,
        alerts: shown.collect(),
    }))
}
