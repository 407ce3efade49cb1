//! Somebody silences.

use std::time::Duration;

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::silence::{SilenceDraft, SilenceId};

use super::HOUR;
use crate::storm::Storm;

impl Storm {
    /// Somebody adds a silence, or edits or ends one. Those that were over long ago are tidied away by Larum itself.
    pub(super) fn somebody_silences(&mut self) {
        let mut known: Vec<SilenceId> =
            self.read(|state| state.silences().iter().map(|silence| silence.id).collect());
        known.sort_unstable();
        let edited = self.random.one_of(&known).copied();
        match (self.random.below(10), edited) {
            (0 | 1, Some(id)) => {
                self.note(|| format!("{id} is ended"));
                self.ask(async |engine| drop(engine.expire_silence(id, "ada").await));
            }
            (2 | 3, Some(_)) => self.put_any_silence(edited),
            _ => self.put_any_silence(None),
        }
    }

    fn put_any_silence(&mut self, edited: Option<SilenceId>) {
        let [from, lasts] = [self.random.pick(&[0, 0, 60, 1000]), 1 + self.random.below(HOUR)];
        let starts_at = self.now().wall.plus(Duration::from_secs(from));
        let values =
            [("alertname", "Disk"), ("alertname", "Cpu|Net"), ("severity", "critical"), ("i", "0|2")];
        let (name, value) = self.random.pick(&values);
        let draft = SilenceDraft {
            matchers: vec![Matcher::new(name, MatchOp::Regexp, value).expect("it is a matcher")],
            starts_at: Some(starts_at),
            ends_at: starts_at.plus(Duration::from_secs(lasts)),
            created_by: "ada".into(),
            comment: "in a storm".into(),
            annotations: LabelSet::default(),
        };
        self.note(|| format!("silenced {name}=~{value} in {from} s for {lasts} s"));
        self.ask(async |engine| drop(engine.put_silence(edited, draft, "ada").await));
    }
}
