//! Silences.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use larum_core::alert::Alert;
use larum_core::silence::{self, NoSuchSilence, Refused, SilenceId, SilenceState, Silences as All};
use larum_core::time::Timestamp;
use larum_engine::{SilenceError, Unwritable};
use regex::Regex;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::question::{search, words};
use super::users::STORAGE_FULL;
use crate::body::{Asked, Body, Named};
use crate::doors::Doors;
use crate::draft::receiver::sentence;
use crate::draft::silence::{Kept, invalid, read_silence};
use crate::draft::time::read_time;
use crate::lock::identity::{ANONYMOUS, Caller, Proof};
use crate::problem::{Code, Problem};
use crate::view::silence::show_silence;
use crate::wire::silence::{
    Silence, SilenceConflict, SilenceCounts, SilenceDraft, SilenceEdited, SilenceQuestion, SilenceUpdate,
    Silences,
};

/// How many silences a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (200, 1000);
const STATES: [SilenceState; 3] = [SilenceState::Active, SilenceState::Pending, SilenceState::Expired];

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_silences, create_silence)).routes(routes!(
        show_silence_by_id,
        update_silence,
        expire_silence
    ))
}

/// Silences: active before pending before expired.
#[utoipa::path(
    get, path = "/silences", tag = "silences",
    params(SilenceQuestion),
    responses((status = 200, body = Silences), Problem)
)]
pub async fn list_silences(
    State(doors): State<Doors>,
    Asked(asked): Asked<SilenceQuestion>,
) -> Result<Json<Silences>, Problem> {
    let wanted = Wanted::read(&asked)?;
    let now = doors.now().wall;
    let engine = doors.engine().clone();
    // Asking each of a million alerts takes its time.
    let listing = tokio::task::spawn_blocking(move || {
        let all = engine.read(|state| Arc::clone(state.silences()));
        wanted.list(&all, &engine.all_firing(), now)
    });
    listing.await.map(Json).map_err(|error| Problem::internal(&error))
}

/// Makes a silence; who is logged in is its author.
#[utoipa::path(
    post, path = "/silences", tag = "silences",
    request_body = SilenceDraft,
    responses((status = 201, body = Silence), Problem)
)]
pub async fn create_silence(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Body(draft): Body<SilenceDraft>,
) -> Result<(StatusCode, Json<Silence>), Problem> {
    let by = author(&caller, draft.created_by.as_deref())?;
    let draft = read_silence(&draft, Kept::by(&by), doors.now().wall)?;
    let id = doors.engine().put_silence(None, draft, &by).await.map_err(|error| refused(&error))?;
    tracing::info!(silence = %id, by, "made a silence");
    Ok((StatusCode::CREATED, Json(show(&doors, id).await?)))
}

/// Who is written on a silence: whoever proved a name, or else the name that was typed.
fn author(caller: &Caller, typed: Option<&str>) -> Result<String, Problem> {
    let typed = typed.map(str::trim).filter(|name| !name.is_empty());
    match (&caller.by, typed) {
        (Proof::None, Some(typed)) => Ok(typed.to_owned()),
        (Proof::None, None) if caller.name == ANONYMOUS => {
            Err(Problem::invalid("created_by", "Say who you are, so that others can ask you."))
        }
        _ => Ok(caller.signature()),
    }
}

/// One silence.
#[utoipa::path(
    get, path = "/silences/{id}", tag = "silences", operation_id = "show_silence",
    params(("id" = String, Path)),
    responses((status = 200, body = Silence), Problem)
)]
pub async fn show_silence_by_id(
    State(doors): State<Doors>,
    Named(id): Named<String>,
) -> Result<Json<Silence>, Problem> {
    Ok(Json(show(&doors, parse_id(&id)?).await?))
}

/// Changes a silence, whose author it keeps: in place if nothing that was hidden until now would look different,
/// otherwise a new one takes its place. One that is over stays so, and the new one begins.
#[utoipa::path(
    put, path = "/silences/{id}", tag = "silences",
    params(("id" = String, Path)),
    request_body = SilenceUpdate,
    responses(
        (status = 200, body = SilenceEdited),
        (status = 409, body = SilenceConflict, content_type = "application/problem+json"),
        Problem
    )
)]
pub async fn update_silence(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<String>,
    Body(update): Body<SilenceUpdate>,
) -> Result<Json<SilenceEdited>, Problem> {
    let id = parse_id(&id)?;
    let alone = doors.silence_edit().await;
    let now = doors.now().wall;
    let known = known(&doors, id)?;
    if read_time("updated_at", &update.updated_at)? != known.updated_at {
        let words = "Somebody changed this silence in the meantime: see what it is now.";
        return Err(Problem::conflict(words, &show(&doors, id).await?));
    }
    let kept = Kept {
        created_by: Arc::clone(&known.created_by),
        starts_at: (known.state(now) != SilenceState::Expired).then_some(known.starts_at),
        annotations: known.annotations.clone(),
    };
    let draft = read_silence(&update.draft, kept, now)?;
    let by = caller.signature();
    let put = doors.engine().put_silence(Some(id), draft, &by).await;
    // Whoever edits next does not wait until it is counted what is hidden.
    drop(alone);
    let holds = put.map_err(|error| refused(&error))?;
    tracing::info!(silence = %id, now = %holds, by, "changed a silence");
    let silence = show(&doors, holds).await?;
    Ok(Json(SilenceEdited { silence, replaces: (holds != id).then(|| id.to_string()) }))
}

/// Ends a silence now; one that is over already stays as it is. Answers with what it is then.
#[utoipa::path(
    delete, path = "/silences/{id}", tag = "silences",
    params(("id" = String, Path)),
    responses((status = 200, body = Silence), Problem)
)]
pub async fn expire_silence(
    State(doors): State<Doors>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<String>,
) -> Result<Json<Silence>, Problem> {
    let (id, by) = (parse_id(&id)?, caller.signature());
    let alone = doors.silence_edit().await;
    let expired = doors.engine().expire_silence(id, &by).await;
    drop(alone);
    expired.map_err(|error| refused(&error))?;
    tracing::info!(silence = %id, by, "ended a silence");
    Ok(Json(show(&doors, id).await?))
}

async fn show(doors: &Doors, id: SilenceId) -> Result<Silence, Problem> {
    let (silence, now) = (known(doors, id)?, doors.now().wall);
    let engine = doors.engine().clone();
    let counting = tokio::task::spawn_blocking(move || {
        let firing = engine.all_firing();
        let hides = silence.touched(firing.iter().map(|alert| ((), &alert.labels))).count();
        show_silence(&silence, now, hides)
    });
    counting.await.map_err(|error| Problem::internal(&error))
}

fn known(doors: &Doors, id: SilenceId) -> Result<Arc<silence::Silence>, Problem> {
    let silence = doors.engine().read(|state| state.silences().get(id).cloned());
    silence.ok_or_else(|| refused(&NoSuchSilence.into()))
}

fn parse_id(text: &str) -> Result<SilenceId, Problem> {
    text.parse().map_err(|_| refused(&NoSuchSilence.into()))
}

fn refused(error: &SilenceError) -> Problem {
    match error {
        SilenceError::Refused(Refused::Invalid(error)) => invalid(error),
        SilenceError::Refused(Refused::NotFound(_)) => {
            Problem::not_found("There is no such silence, or it ended long ago.")
        }
        SilenceError::Refused(Refused::TooMany { limit, .. }) => Problem::invalid(
            "",
            format!(
                "There are {limit} silences, and no more can be kept. Those that are over are forgotten in time."
            ),
        ),
        SilenceError::Refused(Refused::CompiledTooLarge { limit, .. }) => Problem::invalid(
            "",
            format!(
                "The regular expressions of all silences together take at most {limit} bytes of memory, and this one \
                 would take them above it. Those that are over are forgotten in time."
            ),
        ),
        SilenceError::Storage(Unwritable::Full) => Problem::new(Code::StorageFull, STORAGE_FULL),
        SilenceError::Refused(Refused::IdTaken(_)) | SilenceError::Storage(Unwritable::Failed) => {
            Problem::unavailable(sentence(&error.to_string()))
        }
        SilenceError::Stopping => Problem::unavailable("Larum is stopping. Try again in a moment."),
    }
}

/// Which silences are asked for.
struct Wanted {
    states: Vec<SilenceState>,
    text: Option<Regex>,
    offset: usize,
    limit: usize,
}

impl Wanted {
    fn read(asked: &SilenceQuestion) -> Result<Self, Problem> {
        let known = |word: &String| STATES.into_iter().find(|state| state.as_str() == word);
        let states = words(asked.state.as_deref()).into_iter().map(|word| {
            let names = STATES.map(SilenceState::as_str).join(", ");
            let unknown = || format!("{word:?} is no state of a silence; there are {names}.");
            known(&word).ok_or_else(|| Problem::invalid("state", unknown()))
        });
        let mut states = states.collect::<Result<Vec<_>, _>>()?;
        if states.is_empty() {
            states = STATES[..2].to_vec();
        }
        Ok(Self {
            states,
            text: search(asked.q.as_deref())?,
            offset: asked.offset.unwrap_or(0),
            limit: asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1),
        })
    }

    fn list(&self, all: &All, firing: &[Arc<Alert>], now: Timestamp) -> Silences {
        let mut counts = SilenceCounts::default();
        for silence in all.iter() {
            match silence.state(now) {
                SilenceState::Active => counts.active += 1,
                SilenceState::Pending => counts.pending += 1,
                SilenceState::Expired => counts.expired += 1,
            }
        }
        let mut found: Vec<_> = all.iter().filter(|silence| self.wants(silence, now)).cloned().collect();
        silence::sort(&mut found, now);
        let total = found.len();
        let page: Vec<_> = found.into_iter().skip(self.offset).take(self.limit).collect();
        let hides = hides(all, &page, firing, now);
        let shown = page.iter().map(|silence| show_silence(silence, now, hides(silence.id)));
        Silences { silences: shown.collect(), total, counts }
    }

    fn wants(&self, silence: &silence::Silence, now: Timestamp) -> bool {
        self.states.contains(&silence.state(now))
            && self.text.as_ref().is_none_or(|text| is_in(text, silence))
    }
}

fn is_in(text: &Regex, silence: &silence::Silence) -> bool {
    let matchers = silence.matchers.iter().flat_map(|matcher| [matcher.name(), matcher.value()]);
    let mut texts = matchers.chain([&*silence.created_by, &*silence.comment]);
    texts.any(|found| text.is_match(found)) || text.is_match(&silence.id.to_string())
}

/// How many of the alerts each silence is about that is not over. All are asked at once, for that costs about what
/// matches; nobody is asked where only such are listed that are over.
fn hides(
    all: &All,
    page: &[Arc<silence::Silence>],
    firing: &[Arc<Alert>],
    now: Timestamp,
) -> impl Fn(SilenceId) -> usize + use<> {
    let mut counted = HashMap::<SilenceId, usize>::new();
    if page.iter().any(|silence| silence.state(now) != SilenceState::Expired) {
        let about = firing.iter().flat_map(|alert| all.matching(&alert.labels, now));
        about.for_each(|id| *counted.entry(id).or_default() += 1);
    }
    move |id| counted.get(&id).copied().unwrap_or(0)
}
