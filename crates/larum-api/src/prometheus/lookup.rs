//! Which series there are, which labels they have, and what is said about metrics (Prometheus, "HTTP API", "Querying
//! metadata").

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use larum_core::matcher::Matcher;
use larum_engine::Lookup;
use serde::Serialize;

use super::answer::{Answer, Remarks, in_another_thread};
use super::escaped::unescaped;
use super::form::Form;
use super::labels::Labels;
use super::parameter::number;
use super::refusal::Refusal;
use super::value::push_all;
use crate::doors::Doors;

/// `/series`: the labels of the series that pass.
pub async fn series(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    if form.all("match[]").next().is_none() {
        return Err(Refusal::bad("no match[] parameter provided"));
    }
    let limit = form.limit()?;
    let lookup = lookup(&form, |reason| Refusal::parameter("match[]", reason))?;
    let found = doors.source().series(lookup, limit).await?;
    in_another_thread(move || {
        let mut answer = Answer::begin();
        let more = push_all(&mut answer, &found, limit, |out, labels| out.push(&Labels(labels.clone())))?;
        Ok(answer.finish(&Remarks::default().truncated(more)))
    })
    .await
}

/// `/labels`: the names of labels.
pub async fn label_names(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let limit = form.limit()?;
    let names = doors.source().label_names(lookup(&form, Refusal::bad)?).await?;
    Ok(shortened(names, limit))
}

/// `/label/<name>/values`: the values of a label.
pub async fn label_values(
    State(doors): State<Doors>,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let name = unescaped(&name);
    if name.is_empty() {
        return Err(Refusal::bad(format!("invalid label name: {name:?}")));
    }
    let limit = form.limit()?;
    let values = doors.source().label_values(name, lookup(&form, Refusal::bad)?).await?;
    Ok(shortened(values, limit))
}

fn lookup(form: &Form, wrong: impl Fn(String) -> Refusal) -> Result<Lookup, Refusal> {
    let (from, to) = form.bounds()?;
    let sets: Vec<Vec<Matcher>> = form.matchers().map_err(wrong)?;
    Ok(Lookup { sets, from, to })
}

fn shortened(mut texts: Vec<String>, limit: usize) -> Response {
    let truncated = texts.len() > limit;
    texts.truncate(limit);
    Answer::with_remarks(&texts, &Remarks::default().truncated(truncated))
}

/// What is said about a metric, in Prometheus' order (`model/metadata`, `Metadata`).
#[derive(Serialize)]
struct Said<'a> {
    r#type: &'static str,
    unit: &'a str,
    help: &'a str,
}

/// `/metadata`: what targets say about metrics.
pub async fn metadata(State(doors): State<Doors>, form: Form) -> Result<Response, Refusal> {
    let count = |name: &str| match form.get(name) {
        "" => Ok(-1),
        text => number(text).map_err(|_| Refusal::bad(format!("{name} must be a number"))),
    };
    let (limit, per_metric) = (count("limit")?, count("limit_per_metric")?);
    let metrics = usize::try_from(limit).unwrap_or(usize::MAX);
    let each = usize::try_from(per_metric).ok().filter(|each| *each > 0).unwrap_or(usize::MAX);
    let known = doors.source().metadata().await?;
    let asked = form.get("metric");
    let chosen = known.iter().filter(|(name, _)| asked.is_empty() || *name == asked).take(metrics);
    let said: BTreeMap<&str, Vec<Said<'_>>> = chosen
        .map(|(name, said)| {
            let said = said.iter().take(each).map(|said| Said {
                r#type: said.metric_type.as_str(),
                unit: &said.unit,
                help: &said.help,
            });
            (name.as_str(), said.collect())
        })
        .collect();
    Ok(Answer::of(&said))
}
