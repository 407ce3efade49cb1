//! Somebody changes the settings of the console.

use std::sync::Arc;
use std::time::Duration;

use larum_core::condition::{Condition, Conditions, Operator};
use larum_core::config::Grouping;
use larum_core::receiver::Channels;
use larum_engine::ReceiverDraft;
use larum_store::{ReceiverRow, SlackFacts};
use secrecy::SecretString;

use super::any_file;
use crate::flight::token_of;
use crate::random::Random;
use crate::route_file::read_route_file;
use crate::storm::Storm;

const CHANNELS: [&str; 4] = ["a", "b", "c", "d"];
const NAMES: [&str; 4] = ["r1", "r2", "r3", "r4"];

impl Storm {
    /// The first settings, before anything happens.
    pub fn settle_in(&mut self) {
        let grouping = any_grouping(&mut self.random);
        self.ask(async |engine| drop(engine.save_grouping(grouping, 0, "ada").await));
        let count = 1 + self.random.below(3);
        for name in &NAMES[..count as usize] {
            let draft = self.any_receiver(name, None);
            self.save(None, draft);
        }
    }

    pub(super) fn receiver_is_saved(&mut self) {
        let name = self.random.pick(&NAMES);
        let before = self.row(name);
        let mut draft = self.any_receiver(name, before.as_deref());
        if let Some(before) = &before {
            let now = before.receiver.clone();
            // Most edits change one thing.
            match self.random.below(6) {
                0 => (draft.enabled, draft.conditions) = (now.enabled, now.conditions),
                1 => (draft.enabled, draft.channels) = (now.enabled, now.channels),
                2 => (draft.enabled, draft.channels) = (!now.enabled, now.channels),
                3 => (draft.channels, draft.conditions) = (now.channels, now.conditions),
                _ => {}
            }
        }
        self.note(|| format!("{name} is saved: {draft:?}"));
        self.save(before.as_deref(), draft);
    }

    fn save(&mut self, before: Option<&ReceiverRow>, draft: ReceiverDraft) {
        let known = before.map(|row| (row.receiver.id, row.version));
        self.ask(async |engine| drop(engine.save_receiver(known, draft, "ada").await));
    }

    fn row(&self, name: &str) -> Option<Arc<ReceiverRow>> {
        let desk = self.life().engine().desk();
        desk.receivers.values().find(|row| &*row.receiver.name == name).cloned()
    }

    /// Most keep their token; some get another one, of this workspace or another.
    fn any_receiver(&mut self, name: &str, before: Option<&ReceiverRow>) -> ReceiverDraft {
        let conditions = match self.random.below(5) {
            0 => only("severity", &["critical"]),
            1 => only("severity", &["warning", "info"]),
            2 => only("namespace", &["x"]),
            _ => Conditions::EVERYTHING,
        };
        let kept = before.filter(|_| self.random.percent(70));
        let workspace = self.random.pick(&["T1", "T1", "T1", "T2"]);
        let token = SecretString::from(format!("{}{}", token_of(name, workspace), self.random.below(1000)));
        let sealed = || self.life().engine().store().seal(&token, [7; 24]);
        let token = kept.is_none().then(sealed);
        let facts = SlackFacts { team_id: Some(workspace.to_owned()), ..SlackFacts::default() };
        ReceiverDraft {
            name: name.into(),
            enabled: self.random.percent(90),
            channels: Channels::parse(&self.random.some(&CHANNELS)).expect("they are channels"),
            conditions,
            token,
            slack: kept.map_or(facts, |before| before.slack.clone()),
        }
    }

    pub(super) fn receiver_is_deleted(&mut self) {
        let name = self.random.pick(&NAMES);
        let Some(row) = self.row(name) else { return };
        self.note(|| format!("{name} is deleted"));
        let (id, version) = (row.receiver.id, row.version);
        self.ask(async |engine| drop(engine.delete_receiver(id, version, "ada").await));
    }

    pub(super) fn grouping_is_saved_or_routes_are_loaded(&mut self) {
        if !self.temper.regroups {
            return;
        }
        self.ears.regrouped = true;
        if self.temper.routed && self.random.percent(50) {
            return self.load_routes();
        }
        let grouping = any_grouping(&mut self.random);
        self.note(|| format!("saved {grouping:?}"));
        let version = self.life().engine().desk().grouping.version;
        self.ask(async |engine| drop(engine.save_grouping(grouping, version, "ada").await));
    }

    /// Some file of routes is loaded. If that cannot be written down, somebody puts the former one back; if nobody
    /// answers, the next process reads what lies there.
    fn load_routes(&mut self) {
        let url = self.url();
        let text = any_file(&mut self.random, &url);
        self.note(|| format!("loads {text}"));
        let file = read_route_file(&text, self.life().clock());
        let former = self.arrangement.file.replace(text);
        let lives = self.lives();
        self.rearranged = true;
        let answer = self.ask(async |engine| engine.put_route_file(file, "ada").await);
        if lives == self.lives() {
            self.rearranged = false;
        }
        if let Some(Err(refused)) = answer {
            self.note(|| format!("refused: {refused}"));
            self.arrangement.file = former;
            self.rearranged |= lives != self.lives();
        }
    }
}

fn only(label: &str, values: &[&str]) -> Conditions {
    let condition = Condition::new(label, Operator::In, values).expect("it is a condition");
    Conditions::all(vec![condition]).expect("they are conditions")
}

fn any_grouping(random: &mut Random) -> Grouping {
    let by: &[&str] = match random.below(6) {
        0 => &[],
        1 => &["..."],
        2 => &["alertname"],
        3 => &["severity"],
        _ => &["alertname", "namespace"],
    };
    let [wait, interval, repeat] =
        [random.pick(&[0, 10, 30]), random.pick(&[1, 60, 300]), random.pick(&[600, 43_200])]
            .map(Duration::from_secs);
    Grouping::new(by, wait, interval, repeat).expect("it is a grouping")
}
