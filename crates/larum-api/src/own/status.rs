//! How Larum itself is.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use larum_core::outbox::Delivery;
use larum_core::receiver::ReceiverId;
use larum_core::state::State as Mind;
use larum_core::time::Timestamp;
use larum_engine::{Desk, Storage, Unwritable};
use larum_prometheus::Health;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::doors::Doors;
use crate::problem::Problem;
use crate::setup::Member;
use crate::wire::status::{
    AlertingStatus, ClusterStatus, Status, StorageState, StorageStatus, Told, ToldState,
};

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Doors> {
    OpenApiRouter::new().routes(routes!(show_status))
}

/// For how long a metrics source may have no answer before everybody sees it.
const HICCUP: Duration = Duration::from_secs(30);
/// For how long messages may not arrive before everybody sees it.
const SLACK_HICCUP: Duration = Duration::from_secs(60);
/// The version of this API.
const API_VERSION: u32 = 1;

/// How Larum itself is.
#[utoipa::path(get, path = "/status", tag = "status", responses((status = 200, body = Status), Problem))]
pub async fn show_status(State(doors): State<Doors>) -> Json<Status> {
    let setup = doors.setup();
    let desk = doors.engine().desk();
    let waits_for_a_token = |id: ReceiverId| {
        let row = desk.receivers.get(&id);
        row.is_some_and(|row| row.receiver.unproven && row.slack.state == "refused")
    };
    let (routed, waiting, paused, failing) = doors.engine().read(|state| {
        let routed = state.config.routing.as_ref().map_or(0, |routing| routing.integrations().len());
        let lanes = state.outbox().lanes();
        let paused = lanes.filter(|(id, _, lane)| lane.paused().is_some() || waits_for_a_token(*id));
        let failing = failing(state, doors.now().wall);
        (routed, state.outbox().len(), paused.count(), failing)
    });
    Json(Status {
        version: setup.version.to_owned(),
        uptime_seconds: doors.uptime().as_secs(),
        hostname: setup.hostname.clone(),
        cluster: setup.alertmanager.member.as_ref().map(show_member),
        has_route_file: doors.engine().route_file().is_some(),
        external_url: setup.external_url.as_str().to_owned(),
        external_url_is_loopback: setup.external_url.is_loopback(),
        slack_api_url: doors.slack().api.as_str().to_owned(),
        slack_api_is_slack: doors.slack().api.is_slack(),
        told: told(&desk, routed, paused, failing),
        alerting: alerting(&desk),
        source_silent_since: silent_since(doors.source().health(), doors.now().wall).map(Into::into),
        storage: storage(doors.engine().storage()),
        waiting_deliveries: waiting as u64,
        paused_channels: paused as u64,
        api_version: API_VERSION,
    })
}

fn show_member(Member { name, address }: &Member) -> ClusterStatus {
    ClusterStatus { name: name.clone(), address: address.clone() }
}

fn alerting(desk: &Desk) -> AlertingStatus {
    let (since, by) = desk.alerting.saved.clone().unzip();
    AlertingStatus { enabled: desk.alerting.enabled, since: since.map(Into::into), by }
}

/// Since when the oldest message has been tried in vain, and why, if that is longer than a hiccup. That Slack asks to
/// wait, or that a channel is paused, is something else.
fn failing(state: &Mind, now: Timestamp) -> Option<Failing> {
    let outbox = state.outbox();
    let long_ago = |delivery: &&Delivery| now.since(delivery.planned_at) >= SLACK_HICCUP;
    let paused = outbox.lanes().filter(|(_, _, lane)| lane.paused().is_some());
    let paused: BTreeSet<_> = paused.map(|(receiver, channel, _)| (receiver, channel)).collect();
    let mut tried = outbox.iter().take_while(long_ago).filter(|delivery| delivery.attempts > 0);
    tried.find_map(|delivery| {
        let error = delivery.last_error.as_ref().filter(|error| *error != "ratelimited")?;
        let waits_for_somebody = paused.contains(&(delivery.receiver, &delivery.channel));
        let routing = state.config.routing.as_ref();
        let is_slack = delivery.channel.as_str().starts_with("slack[");
        let receiver =
            routing.filter(|_| !is_slack).and_then(|routing| routing.name_of(delivery.receiver)).cloned();
        let failing = || Failing { receiver, age: now.since(delivery.planned_at), error: error.to_string() };
        (!waits_for_somebody).then(failing)
    })
}

/// What has been tried in vain.
struct Failing {
    /// The receiver of the file with routes that is not told; none if it is Slack that does not take it.
    receiver: Option<Arc<str>>,
    age: Duration,
    error: String,
}

impl Failing {
    fn sentence(&self) -> String {
        let minutes = self.age.as_secs() / 60;
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        let what = match &self.receiver {
            None => "Slack does not take messages".to_owned(),
            Some(name) => format!("Messages to the receiver {name:?} do not arrive"),
        };
        let error = &self.error;
        format!(
            "{what}: for {minutes} {unit} some have been tried in vain ({error}). They wait, and are tried again until they arrive."
        )
    }
}

fn told(desk: &Desk, routed: usize, paused: usize, failing: Option<Failing>) -> Told {
    let enabled = routed > 0 || desk.receivers.values().any(|row| row.receiver.enabled);
    if let Some(failing) = failing {
        let sentence = failing.sentence();
        return Told { state: ToldState::Failing, sentence: Some(sentence) };
    }
    let (state, sentence) = match (routed == 0 && desk.receivers.is_empty(), enabled, paused) {
        (true, ..) => (ToldState::Nobody, "Nobody is told of alerts.".to_owned()),
        (false, false, _) => {
            let words = "Nobody is told of alerts: Receive Notifications is off for every receiver.";
            (ToldState::AllOff, words.to_owned())
        }
        (false, true, 0) => return Told { state: ToldState::Ok, sentence: None },
        (false, true, 1) => (ToldState::Paused, "One channel cannot be told until somebody acts.".to_owned()),
        (false, true, many) => {
            (ToldState::Paused, format!("{many} channels cannot be told until somebody acts."))
        }
    };
    Told { state, sentence: Some(sentence) }
}

fn silent_since(health: Option<Health>, now: Timestamp) -> Option<Timestamp> {
    let trouble = health.and_then(|health| health.trouble);
    trouble.map(|trouble| trouble.since).filter(|since| now.since(*since) >= HICCUP)
}

fn storage(storage: Storage) -> StorageStatus {
    match storage {
        Storage::Fine => StorageStatus { state: StorageState::Ok, sentence: None },
        Storage::Tight { .. } => StorageStatus {
            state: StorageState::Full,
            sentence: Some("The disk is full: no new alerts are accepted. Free some space.".to_owned()),
        },
        Storage::Refuses { why: Unwritable::Failed, .. } => StorageStatus {
            state: StorageState::Failed,
            sentence: Some(
                "Larum's database fails: no alerts are accepted and nothing is sent. Larum's log says why."
                    .to_owned(),
            ),
        },
        Storage::Refuses { why: Unwritable::Full, .. } => StorageStatus {
            state: StorageState::Full,
            sentence: Some(
                "The disk takes no writes: no alerts are accepted and nothing is sent. Free some space."
                    .to_owned(),
            ),
        },
    }
}
