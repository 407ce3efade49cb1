//! Deliveries as they are shown.

use std::collections::BTreeMap;

use larum_core::duration::show_duration;
use larum_core::notification::NotifyReason;
use larum_core::outbox::{DeliveryId, WaitsFor};
use larum_core::receiver::{Channel, ReceiverId};
use larum_core::time::{Now, Steady, Timestamp};
use larum_engine::{Desk, Handle};
use larum_slack::{ErrorClass, advice};
use larum_store::{DeliveryRow, SlackFacts};

use super::receiver::context;
use crate::wire::delivery::{Delivery, DeliveryGroup, DeliveryState, ReceiverName};

/// Deliveries as they are shown, with what those that wait wait for.
pub fn show_deliveries(rows: &[DeliveryRow], engine: &Handle) -> Vec<Delivery> {
    let now = engine.now();
    let waits: Vec<Option<WaitsFor>> = engine.read(|state| {
        let waits = |row| state.outbox().waits_for(&state.config, id(row), now.steady);
        rows.iter().map(waits).collect()
    });
    let desk = engine.desk();
    rows.iter().zip(waits).map(|(row, waits)| show_delivery(row, waits.as_ref(), &desk, now)).collect()
}

/// What to do about a message that an integration of the file does not take.
const CORRECT_THE_FILE: &str = "Correct the receiver in the alertmanager.yml, or what it posts to: its group tells what \
                                fires still, and what is over since, at its next turn.";

fn in_file(row: &DeliveryRow) -> bool {
    Channel::stored(&row.channel).is_ok_and(|channel| channel.is_integration())
}

fn id(row: &DeliveryRow) -> DeliveryId {
    DeliveryId(row.id.unsigned_abs())
}

fn show_delivery(row: &DeliveryRow, waits: Option<&WaitsFor>, desk: &Desk, now: Now) -> Delivery {
    let receiver = desk.receivers.get(&ReceiverId(row.receiver_id.unsigned_abs()));
    let unknown = SlackFacts::default();
    let facts = receiver.map_or(&unknown, |row| &row.slack);
    let channel = Channel::stored(&row.channel).ok();
    let state = show_state(&row.state, waits);
    let link = row.channel_id.as_deref().zip(row.ts.as_deref());
    let group: BTreeMap<String, String> = serde_json::from_str(&row.group_labels).unwrap_or_default();
    Delivery {
        id: row.id.to_string(),
        receiver: ReceiverName {
            id: row.receiver_id.unsigned_abs(),
            name: row.receiver_name.clone(),
            in_file: in_file(row),
        },
        channel: channel.map_or_else(|| row.channel.clone(), |channel| channel.to_string()),
        group: DeliveryGroup { labels: group },
        turn: row.turn.unsigned_abs(),
        reason: NotifyReason::from_word(&row.reason).map_or("", NotifyReason::in_words).to_owned(),
        headline: row.headline.clone(),
        state,
        waits_for: waits.map(|waits| words(waits, facts, &row.channel, now)),
        waits_until: waits.and_then(until).map(|at| now.wall_at(at).into()),
        waits_behind: waits.and_then(behind).map(|id| id.0.to_string()),
        paused_since: match waits {
            Some(WaitsFor::Paused(paused)) => Some(paused.since.into()),
            _ => None,
        },
        planned_at: Timestamp::from_millis(row.planned_at).into(),
        finished_at: row.finished_at.map(|at| Timestamp::from_millis(at).into()),
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        error: row.detail.clone().filter(|_| state == DeliveryState::Cancelled).or_else(|| row.error.clone()),
        template_error: row.problem.clone(),
        advice: what_to_do(row, state, facts),
        possible_duplicate: row.uncertain,
        severity: row.severity.clone(),
        permalink: link.and_then(|(id, ts)| permalink(facts.workspace_url.as_deref(), id, ts)),
    }
}

/// Between what was written down and the look at what waits it may have been sent, or have come back.
fn show_state(word: &str, waits: Option<&WaitsFor>) -> DeliveryState {
    match word {
        "delivered" => DeliveryState::Delivered,
        "dead" => DeliveryState::Dead,
        "superseded" => DeliveryState::Superseded,
        "cancelled" => DeliveryState::Cancelled,
        word => match waits {
            Some(WaitsFor::Sending) => DeliveryState::Sending,
            None if word == "sending" => DeliveryState::Sending,
            Some(_) | None => DeliveryState::Waiting,
        },
    }
}

fn words(waits: &WaitsFor, facts: &SlackFacts, channel: &str, now: Now) -> String {
    let from_now = |at: Steady| show_duration(round_up(at.since(now.steady)));
    // An integration of a configuration file is known by its kind, and not all of them are Slack.
    let in_slack = !channel.ends_with(']') || channel.starts_with("slack");
    let other = if in_slack { "Slack" } else { "the receiver" };
    match waits {
        WaitsFor::Sending => format!("{other}'s answer"),
        WaitsFor::Paused(paused) if !in_slack => format!("paused: {}", paused.error),
        WaitsFor::Paused(paused) => {
            format!("paused: {}", advice(&paused.error, &context(facts, Some(channel))))
        }
        WaitsFor::Proof => {
            "Slack's word on whether the new token is of the same workspace as before".to_owned()
        }
        WaitsFor::Held(until) => format!("{other}, which is asked again in {}", from_now(*until)),
        WaitsFor::Retry(at) => format!("the next attempt, in {}", from_now(*at)),
        WaitsFor::Group(_) => "what its group said before, which arrives first".to_owned(),
        WaitsFor::Urgent(_) => "its turn: a more urgent message goes first".to_owned(),
        WaitsFor::Older(_) => "its turn: an older message goes first".to_owned(),
        WaitsFor::Answer(_) => format!("its turn: {other}'s answer to the message before it comes first"),
        WaitsFor::Pace(at) => {
            format!("its turn, in {}: messages follow one another at a pace", from_now(*at))
        }
        WaitsFor::Turn => "its turn, which is next".to_owned(),
    }
}

/// When it goes on by itself, where that is known.
fn until(waits: &WaitsFor) -> Option<Steady> {
    match waits {
        WaitsFor::Paused(paused) => Some(paused.probe_at),
        WaitsFor::Held(at) | WaitsFor::Retry(at) | WaitsFor::Pace(at) => Some(*at),
        _ => None,
    }
}

/// The delivery that goes first.
fn behind(waits: &WaitsFor) -> Option<DeliveryId> {
    match waits {
        WaitsFor::Group(id) | WaitsFor::Urgent(id) | WaitsFor::Older(id) | WaitsFor::Answer(id) => Some(*id),
        _ => None,
    }
}

fn round_up(span: std::time::Duration) -> std::time::Duration {
    std::time::Duration::from_secs(span.as_secs_f64().ceil() as u64)
}

fn what_to_do(row: &DeliveryRow, state: DeliveryState, facts: &SlackFacts) -> Option<String> {
    match (state, &row.detail, &row.error) {
        (DeliveryState::Superseded, Some(by), _) => {
            Some(format!("Delivery {by} took its place before it was sent, and tells both."))
        }
        (DeliveryState::Waiting | DeliveryState::Dead, _, Some(error)) => {
            let code = error.split(':').next().unwrap_or_default();
            let known = ErrorClass::of(code) != ErrorClass::Unknown;
            match (known, state) {
                (true, _) => Some(advice(code, &context(facts, Some(&row.channel)))),
                (false, DeliveryState::Dead) if in_file(row) => Some(CORRECT_THE_FILE.to_owned()),
                (false, _) => None,
            }
        }
        _ => None,
    }
}

/// Where a message is seen (Slack, "chat.getPermalink": the same form without asking).
pub fn permalink(workspace_url: Option<&str>, channel_id: &str, ts: &str) -> Option<String> {
    let url = workspace_url?.trim_end_matches('/');
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let sound = !url.is_empty() && plain(channel_id) && plain(ts);
    sound.then(|| format!("{url}/archives/{channel_id}/p{}", ts.replace('.', "")))
}
