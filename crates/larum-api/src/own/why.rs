//! Why: of each alert and each receiver whether it was told, when, where, and why not.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use larum_core::alert::{Alert, AlertId};
use larum_core::matcher::{Matcher, MatcherSyntax, parse_matchers};
use larum_core::time::{Now, Timestamp};
use larum_engine::Desk;
use larum_store::{DeliveryRow, StoreError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::episodes::{self, Page, Wanted};
use crate::doors::Doors;
use crate::draft::receiver::sentence;
use crate::draft::time::read_time;
use crate::problem::Problem;
use crate::view::delivery::show_deliveries;
use crate::view::why::{Circumstances, Known, Look, Question, Standing, named_inhibitors};
use crate::wire::time::Time;
use crate::wire::why::{Why, WhyAlert, WhyQuestion};

/// How many alerts a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (20, 100);
/// The most filters of one question, and the most characters of all of them.
const MAX_FILTERS: (usize, usize) = (64, 1 << 16);
/// How many names of receivers a refusal names.
const MOST_NAMED: usize = 10;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(ask_why))
}

/// Of each alert that is asked about and each receiver: was it told, when, where, and why not.
#[utoipa::path(
    get, path = "/why", tag = "alerts",
    params(WhyQuestion),
    responses((status = 200, body = Why), Problem)
)]
pub async fn ask_why(State(doors): State<Doors>, RawQuery(query): RawQuery) -> Result<Json<Why>, Problem> {
    let now = doors.now();
    let syntax = doors.setup().alertmanager.matcher_syntax;
    let asked = Asked::read(&read_query(query.as_deref().unwrap_or_default())?, syntax, now)?;
    let Page { alerts, next } = asked.find(&doors).await?;
    let known = know(&doors, alerts, &asked.question, now).await?;
    let notes = notes(&doors, &asked.question, &known.1).await?;
    let (desk, question) = (doors.engine().desk(), asked.question.clone());
    // Thousands of routes may be looked at for a hundred alerts.
    let answering = tokio::task::spawn_blocking(move || answer(&desk, &question, &known));
    let alerts = answering.await.map_err(|error| Problem::internal(&error))??;
    let none = alerts.is_empty() && asked.alert.is_none() && asked.wanted.before.0 == u64::MAX;
    let similar =
        if none { episodes::similar(&doors, Arc::clone(&asked.wanted.matchers)).await? } else { Vec::new() };
    let Question { at, live, .. } = asked.question;
    Ok(Json(Why { at: at.into(), live, alerts, next: next.map(|id| id.to_string()), similar, notes }))
}

/// What is asked, understood.
struct Asked {
    question: Question,
    wanted: Wanted,
    alert: Option<AlertId>,
}

/// Reads the parameters behind the question mark, of which `filter` can be there several times.
fn read_query(query: &str) -> Result<WhyQuestion, Problem> {
    let mut question = WhyQuestion::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "filter" => question.filter.push(value),
            "alert" => question.alert = Some(value),
            "receiver" => question.receiver = Some(value).filter(|name| !name.is_empty()),
            "at" => question.at = Some(value).filter(|at| !at.is_empty()),
            "before" => question.before = Some(value).filter(|before| !before.is_empty()),
            "limit" => {
                let limit =
                    value.parse().map_err(|_| Problem::invalid("limit", "Give a number from 1 to 100."))?;
                question.limit = Some(limit);
            }
            _ => {}
        }
    }
    Ok(question)
}

impl Asked {
    fn read(given: &WhyQuestion, syntax: MatcherSyntax, now: Now) -> Result<Self, Problem> {
        let alert = given.alert.as_deref().map(str::parse).transpose();
        let alert = alert.map_err(|_| Problem::not_found("There is no such alert."))?.map(AlertId);
        let matchers = read_filters(&given.filter, syntax)?;
        if alert.is_none() && matchers.is_empty() {
            let words = "Say which alerts, such as filter=alertname=\"DiskFull\", or alert= and an id.";
            return Err(Problem::invalid("filter", words));
        }
        let at = given.at.as_deref().map(|at| read_time("at", at)).transpose()?;
        if at.is_some_and(|at| at > now.wall) {
            return Err(Problem::invalid("at", "Give a time in the past: what will be is not known."));
        }
        let before = given.before.as_deref().map(str::parse).transpose();
        let before = before.map_err(|_| Problem::invalid("before", "This is not where a page ended."))?;
        let question =
            Question { at: at.unwrap_or(now.wall), live: at.is_none(), receiver: given.receiver.clone() };
        // A sender's clock may be ahead of ours.
        let begun_by = at.unwrap_or(Timestamp::from_millis(i64::MAX));
        let wanted = Wanted {
            matchers: matchers.into(),
            begun_by,
            before: AlertId(before.unwrap_or(u64::MAX)),
            limit: given.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1),
        };
        Ok(Self { question, wanted, alert })
    }

    async fn find(&self, doors: &Doors) -> Result<Page, Problem> {
        let Some(id) = self.alert else { return episodes::find(doors, &self.wanted).await };
        let held = doors.engine().read(|state| state.alert(id).cloned());
        let alert = match held {
            Some(alert) => alert,
            None => {
                let stored =
                    doors.store().alert(id, doors.now()).await.map_err(|error| Problem::internal(&error))?;
                let gone = || Problem::not_found("There is no such alert, or it ended long ago.");
                Arc::new(stored.ok_or_else(gone)?)
            }
        };
        Ok(Page { alerts: vec![alert], next: None })
    }
}

fn read_filters(filters: &[String], syntax: MatcherSyntax) -> Result<Vec<Matcher>, Problem> {
    let length: usize = filters.iter().map(String::len).sum();
    if filters.len() > MAX_FILTERS.0 || length > MAX_FILTERS.1 {
        let words =
            format!("At most {} filters of {} bytes together can be given.", MAX_FILTERS.0, MAX_FILTERS.1);
        return Err(Problem::invalid("filter", words));
    }
    let mut matchers = Vec::new();
    for filter in filters {
        let parsed = parse_matchers(filter.trim(), syntax);
        let parsed = parsed.map_err(|error| Problem::invalid("filter", sentence(&error.to_string())))?;
        matchers.extend(parsed.value);
    }
    Ok(matchers)
}

/// Reads what was written down about alerts, and how they stand now: first what was written, so that what is said to
/// wait was not settled before it was looked at.
async fn know(
    doors: &Doors,
    alerts: Vec<Arc<Alert>>,
    question: &Question,
    now: Now,
) -> Result<(Look, Vec<Known>, Vec<Arc<Alert>>), Problem> {
    let internal = |error: StoreError| Problem::internal(&error);
    let mut known = Vec::with_capacity(alerts.len());
    for alert in alerts {
        // What is committed while this is answered is not in the future.
        let until = if question.live { Timestamp::from_millis(i64::MAX) } else { question.at };
        let trail = doors.store().trail(&alert, until).await.map_err(internal)?;
        known.push(Known { alert, trail, deliveries: Vec::new(), standing: Standing::default() });
    }
    let rows: Vec<DeliveryRow> = known
        .iter()
        .flat_map(|known| known.trail.notifications.iter().map(|row| row.delivery.clone()))
        .collect();
    let mut shown = show_deliveries(&rows, doors.engine()).into_iter();
    let look = doors.engine().read(|state| {
        if question.live {
            known.iter_mut().for_each(|known| known.standing = Look::standing(state, &known.alert, now));
        }
        Look::of(state, now)
    });
    for known in &mut known {
        known.deliveries = shown.by_ref().take(known.trail.notifications.len()).collect();
        look.look_ahead(&mut known.standing);
    }
    let mut inhibitors = Vec::new();
    for id in named_inhibitors(&known) {
        match doors.engine().read(|state| state.alert(id).cloned()) {
            Some(alert) => inhibitors.push(alert),
            None => inhibitors.extend(doors.store().alert(id, now).await.map_err(internal)?.map(Arc::new)),
        }
    }
    Ok((look, known, inhibitors))
}

fn answer(
    desk: &Desk,
    question: &Question,
    (look, known, inhibitors): &(Look, Vec<Known>, Vec<Arc<Alert>>),
) -> Result<Vec<WhyAlert>, Problem> {
    let circumstances = Circumstances { question, look, desk, inhibitors };
    let alerts: Vec<WhyAlert> = known.iter().map(|known| circumstances.answer(known)).collect();
    match &question.receiver {
        Some(wanted) if !alerts.is_empty() && alerts.iter().all(|alert| alert.receivers.is_empty()) => {
            Err(unknown_receiver(wanted, look))
        }
        _ => Ok(alerts),
    }
}

fn unknown_receiver(wanted: &str, look: &Look) -> Problem {
    let own = look.config.receivers.iter().map(|receiver| Arc::clone(&receiver.name));
    let routing = look.config.routing.iter().flat_map(|routing| routing.receivers());
    let mut names: Vec<Arc<str>> = own.chain(routing.map(|named| Arc::clone(&named.name))).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Problem::invalid("receiver", format!("There is no receiver {wanted:?}. There are: {known}{more}."))
}

/// What could not be looked up.
async fn notes(doors: &Doors, question: &Question, known: &[Known]) -> Result<Vec<String>, Problem> {
    let mut notes = Vec::new();
    if !question.live {
        let kept = doors.store().kept_since().await.map_err(|error| Problem::internal(&error))?;
        if let Some(kept) = kept.filter(|kept| *kept > question.at) {
            notes.push(format!("Of alerts that are over, nothing from before {} is kept.", Time(kept)));
        }
        let words = "Of the past only decisions and messages are kept: not when groups would have spoken, what \
                     messages waited for, or what settings were that have been changed since.";
        notes.push(words.to_owned());
    }
    if known.iter().any(|known| known.trail.cut_short) {
        notes.push("There are more messages than are shown here: see the deliveries.".to_owned());
    }
    Ok(notes)
}
