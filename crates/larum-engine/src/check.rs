//! Asks Slack again about tokens of which it could not say whose they are when they were saved.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use larum_core::receiver::ReceiverId;
use larum_core::time::Steady;
use larum_slack::{AdviceContext, ApiUrl, advice};
use larum_store::{ReceiverRow, SlackFacts};
use tokio::sync::mpsc;

use crate::command::{Change, Command};
use crate::introduce::introduce;
use crate::post::connect;
use crate::shared::Shared;

/// How long it takes to ask again while Slack does not answer.
const AGAIN: Duration = Duration::from_secs(30);
/// How long it takes to ask again about a token that Slack does not take.
const AGAIN_REFUSED: Duration = Duration::from_secs(5 * 60);

/// Asks Slack about tokens, beside the writer and no longer than it.
#[derive(Debug)]
pub(crate) struct Check {
    pub shared: Arc<Shared>,
    pub http: reqwest::Client,
    pub api: ApiUrl,
    pub commands: mpsc::WeakSender<Command>,
}

impl Check {
    /// Works until it is dropped.
    pub async fn run(self) -> Infallible {
        // When each is asked again, at the version of its settings that was asked about.
        let mut asked: HashMap<ReceiverId, (u64, Steady)> = HashMap::new();
        loop {
            let desk = Arc::clone(&self.shared.desk.read());
            let open: Vec<&Arc<ReceiverRow>> =
                desk.receivers.values().filter(|row| row.slack.team_id.is_none()).collect();
            asked.retain(|id, _| open.iter().any(|row| row.receiver.id == *id));
            for row in open {
                let (id, version) = (row.receiver.id, row.version);
                let now = self.shared.clock.now().steady;
                if asked.get(&id).is_some_and(|(known, again)| *known == version && *again > now) {
                    continue;
                }
                let facts = self.ask(row).await;
                let again = if facts.state == "refused" { AGAIN_REFUSED } else { AGAIN };
                asked.insert(id, (version, self.shared.clock.now().steady.plus(again)));
                let change = Change::Introduce { id, version, facts: Box::new(facts) };
                let command = Command::Change { change, actor: row.updated_by.clone() };
                if let Some(commands) = self.commands.upgrade() {
                    // If Larum stops, nobody needs it any more.
                    let _ = commands.send(command).await;
                }
            }
            let next = asked.values().map(|(_, again)| *again).min();
            self.wait(next).await;
        }
    }

    async fn ask(&self, row: &ReceiverRow) -> SlackFacts {
        match connect(&self.shared.store, &self.http, &self.api, row) {
            Ok(client) => introduce(&client, || self.shared.clock.now()).await.facts,
            Err(code) => SlackFacts {
                state: "refused".to_owned(),
                problem: Some(advice(code, &AdviceContext::default())),
                ..row.slack.clone()
            },
        }
    }

    /// Until somebody saves a receiver, or one is to be asked about again.
    async fn wait(&self, next: Option<Steady>) {
        tokio::select! {
            () = self.shared.receiver_saved.notified() => {}
            () = self.shared.clock.sleep_until(next) => {}
        }
    }
}
