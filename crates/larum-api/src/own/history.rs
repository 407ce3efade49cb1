//! The history: every change of state of every alert and policy.

use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use larum_core::alert::PolicyId;
use larum_core::matcher::Matcher;
use larum_core::time::{Now, Timestamp};
use larum_core::transition::Stage;
use larum_store::{HistoryFilter, HistoryRow, StoreError};
use regex::Regex;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::question::{search, words};
use crate::alertmanager::parse_matcher;
use crate::body::Asked;
use crate::doors::Doors;
use crate::draft::time::read_time;
use crate::problem::Problem;
use crate::view::history::{read_place, show_entry, show_place};
use crate::wire::history::{History, HistoryQuestion};

/// How many entries a page has unless asked otherwise, and at most.
const PAGE: (usize, usize) = (50, 500);
/// The most matchers of one question.
const MAX_MATCHERS: usize = 64;
/// The most changes that one question looks through.
const MOST_LOOKED_AT: usize = 20_000;
/// How many are read at a time.
const AT_A_TIME: usize = 1_000;
/// How far back a question looks unless it says otherwise.
pub const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(list_history))
}

/// Every change of state, newest first: alerts that began to fire and ended, series of policies that were pending or
/// kept firing, policies without data, that fail, or that were switched.
#[utoipa::path(
    get, path = "/history", tag = "history",
    params(HistoryQuestion),
    responses((status = 200, body = History), Problem)
)]
pub async fn list_history(
    State(doors): State<Doors>,
    RawQuery(query): RawQuery,
    Asked(mut asked): Asked<HistoryQuestion>,
) -> Result<Json<History>, Problem> {
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    asked.filter = pairs.filter(|(name, _)| name == "filter").map(|(_, text)| text.into_owned()).collect();
    let wanted = Wanted::read(&asked, doors.now())?;
    let internal = |error: StoreError| Problem::internal(&error);
    let counts = doors.store().count_history(&wanted.filter).await.map_err(internal)?;
    let (rows, next) = find(&doors, &wanted).await.map_err(internal)?;
    let desk = doors.engine().desk();
    let entries = rows.iter().map(|row| show_entry(row, &desk)).collect();
    Ok(Json(History { entries, next, counts: counts.into_iter().collect() }))
}

/// Looks through the history until a page is full, everything was seen, or it is enough for one question.
async fn find(doors: &Doors, wanted: &Wanted) -> Result<(Vec<HistoryRow>, Option<String>), StoreError> {
    let mut filter = wanted.filter.clone();
    let mut found = Vec::new();
    let at_a_time = if wanted.looks_inside() { AT_A_TIME } else { wanted.limit + 1 };
    filter.limit = u32::try_from(at_a_time).unwrap_or(u32::MAX);
    let mut looked_at = 0;
    while looked_at < MOST_LOOKED_AT {
        let rows = doors.store().history(&filter).await?;
        let last = rows.len() < at_a_time;
        for row in rows {
            if found.len() == wanted.limit {
                return Ok((found, filter.before.map(show_place)));
            }
            filter.before = Some(row.place);
            looked_at += 1;
            if wanted.wants(&row) {
                found.push(row);
            }
        }
        if last {
            return Ok((found, None));
        }
    }
    Ok((found, filter.before.map(show_place)))
}

/// Which changes are asked for.
struct Wanted {
    filter: HistoryFilter,
    matchers: Vec<Matcher>,
    text: Option<Regex>,
    limit: usize,
}

impl Wanted {
    fn read(asked: &HistoryQuestion, now: Now) -> Result<Self, Problem> {
        let (from, to) = period(asked.from.as_deref(), asked.to.as_deref(), now)?;
        let stages = words(asked.state.as_deref()).into_iter().map(|word| {
            let unknown = || Problem::invalid("state", format!("{word:?} is no state of the history."));
            Stage::from_word(&word).ok_or_else(unknown)
        });
        let before = asked.before.as_deref().filter(|text| !text.is_empty()).map(|text| {
            read_place(text).ok_or_else(|| Problem::invalid("before", "This is not where a page ended."))
        });
        let filter = HistoryFilter {
            from,
            to,
            stages: stages.collect::<Result<_, _>>()?,
            severities: words(asked.severity.as_deref()),
            policy: asked.policy.map(PolicyId),
            before: before.transpose()?,
            limit: 0,
        };
        if asked.filter.len() > MAX_MATCHERS {
            let words = format!("At most {MAX_MATCHERS} matchers can be given.");
            return Err(Problem::invalid("filter", words));
        }
        let matchers = asked.filter.iter().filter(|text| !text.trim().is_empty()).map(|text| {
            let wrong = |words: String| Problem::invalid("filter", format!("This is no matcher: {words}."));
            parse_matcher(text).map_err(wrong)
        });
        let text = search(asked.q.as_deref())?;
        let limit = asked.limit.unwrap_or(PAGE.0).clamp(1, PAGE.1);
        Ok(Self { filter, matchers: matchers.collect::<Result<_, _>>()?, text, limit })
    }

    /// Whether a row must be read to know whether it is asked for.
    fn looks_inside(&self) -> bool {
        !self.matchers.is_empty() || self.text.is_some()
    }

    fn wants(&self, row: &HistoryRow) -> bool {
        let mut texts = row.labels.iter().chain(row.annotations.iter()).map(|(_, value)| value);
        self.matchers.iter().all(|matcher| matcher.matches(&row.labels))
            && self
                .text
                .as_ref()
                .is_none_or(|text| texts.any(|value| text.is_match(value)) || text.is_match(&row.detail))
    }
}

/// The time that is asked for.
///
/// # Errors
/// [`Problem`] at its place if one is not a time in RFC 3339, or if the time is empty.
pub fn period(from: Option<&str>, to: Option<&str>, now: Now) -> Result<(Timestamp, Timestamp), Problem> {
    let read = |field: &'static str, text: Option<&str>| {
        text.filter(|text| !text.is_empty()).map(|text| read_time(field, text)).transpose()
    };
    // What happened in this very millisecond belongs to it.
    let to = read("to", to)?.unwrap_or(now.wall.plus(Duration::from_millis(1)));
    let from = read("from", from)?.unwrap_or(to.minus(A_DAY));
    if from >= to {
        return Err(Problem::invalid("from", "Give a time before the one in `to`."));
    }
    Ok((from, to))
}
