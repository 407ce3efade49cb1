//! What a notification says, in Alertmanager's shape (Alertmanager, `template/template.go`, `Data`).

use std::cmp::Ordering;

use larum_core::label::LabelSet;
use larum_core::notification::{Notification, NotifyReason, ToldAlert};
use larum_core::time::Timestamp;

/// A notification, and what is known of where it is made.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// What is to be told. Its alerts may stand in any order.
    pub notification: &'a Notification,
    /// Where people find what made it, without a slash behind.
    pub external_url: &'a str,
    /// What its group is known by: `{}:{alertname="a"}`.
    pub group_key: &'a str,
}

/// What templates and webhooks see of a notification.
#[derive(Clone, Debug)]
pub struct Data {
    /// The receiver's name, quoted as in a regular expression.
    pub receiver: String,
    /// In Alertmanager's order: by `job`, by `instance`, by all labels.
    pub alerts: Vec<DataAlert>,
    /// Why it is told, in Alertmanager's words.
    pub notification_reason: &'static str,
    /// What its group was made by.
    pub group_labels: LabelSet,
    /// The labels that all alerts have.
    pub common_labels: LabelSet,
    /// The annotations that all alerts have.
    pub common_annotations: LabelSet,
    /// Where people find what made it.
    pub external_url: String,
}

/// One alert of [`Data`].
#[derive(Clone, Debug)]
pub struct DataAlert {
    /// Whether it is over.
    pub is_resolved: bool,
    /// What it is known by.
    pub labels: LabelSet,
    /// What it says to people.
    pub annotations: LabelSet,
    /// Since when it fires.
    pub starts_at: Timestamp,
    /// When it ended, if it has.
    pub ends_at: Option<Timestamp>,
    /// Where it was made.
    pub generator_url: String,
    /// What it is known by, as 16 hexadecimal digits.
    pub fingerprint: String,
}

impl Occasion<'_> {
    /// All of it.
    pub fn data(&self) -> Data {
        self.first(0).0
    }

    /// Its first alerts, and how many are left out; 0 leaves none out. What is common to all is common to those that
    /// are left (Alertmanager, `notify/webhook/webhook.go`, `Notify`).
    pub fn first(&self, most: u64) -> (Data, u64) {
        let mut told: Vec<&ToldAlert> = self.notification.alerts.iter().collect();
        told.sort_by(|a, b| in_order(&a.alert.labels, &b.alert.labels));
        let kept = match usize::try_from(most) {
            Ok(most) if most > 0 => most.min(told.len()),
            _ => told.len(),
        };
        let left_out = (told.len() - kept) as u64;
        told.truncate(kept);
        let data = Data {
            receiver: quote_meta(&self.notification.receiver),
            notification_reason: in_words(self.notification.reason),
            group_labels: self.notification.group_labels.clone(),
            common_labels: common(told.iter().map(|told| &told.alert.labels)),
            common_annotations: common(told.iter().map(|told| &told.alert.annotations)),
            external_url: self.external_url.to_owned(),
            alerts: told.into_iter().map(DataAlert::new).collect(),
        };
        (data, left_out)
    }
}

impl Data {
    /// `firing` if any alert fires, else `resolved`.
    pub fn status(&self) -> &'static str {
        status(self.alerts.iter().all(|alert| alert.is_resolved))
    }
}

impl DataAlert {
    fn new(told: &ToldAlert) -> Self {
        let (alert, is_resolved) = (&told.alert, told.voice.is_over());
        Self {
            is_resolved,
            labels: alert.labels.clone(),
            annotations: alert.annotations.clone(),
            starts_at: alert.starts_at,
            ends_at: alert.ended_at().filter(|_| is_resolved),
            generator_url: alert.generator_url.to_string(),
            fingerprint: alert.fingerprint().to_string(),
        }
    }

    /// `firing` or `resolved`.
    pub fn status(&self) -> &'static str {
        status(self.is_resolved)
    }
}

fn status(is_resolved: bool) -> &'static str {
    if is_resolved { "resolved" } else { "firing" }
}

/// A reason in Alertmanager's words (Alertmanager, `notify/dedup_stage.go`, `NotifyReason`); one that it does not know
/// in ours.
fn in_words(reason: NotifyReason) -> &'static str {
    match reason {
        NotifyReason::FirstNotification => "first notification",
        NotifyReason::NewAlerts => "new alerts added",
        NotifyReason::AllResolved => "all alerts resolved",
        NotifyReason::SomeResolved => "some alerts resolved",
        NotifyReason::RepeatInterval => "repeat interval elapsed",
        NotifyReason::SeverityChanged => reason.in_words(),
    }
}

/// The reason that these words say.
pub(crate) fn reason_of(words: &str) -> Option<&'static str> {
    NotifyReason::ALL.into_iter().map(in_words).find(|known| *known == words)
}

/// What all of them have with the same value.
fn common<'a>(mut sets: impl Iterator<Item = &'a LabelSet>) -> LabelSet {
    let Some(first) = sets.next() else { return LabelSet::empty() };
    sets.fold(first.clone(), |common, set| {
        let is_same = |name: &str| common.get(name) == set.get(name);
        if common.iter().all(|(name, _)| is_same(name)) { common } else { common.filter(is_same) }
    })
}

/// Alertmanager's order of alerts (Alertmanager, `types.AlertSlice`; common/model, `LabelSet.Before`).
fn in_order(a: &LabelSet, b: &LabelSet) -> Ordering {
    let by = |name: &str| match (a.get(name), b.get(name)) {
        (Some(a), Some(b)) => a.cmp(b),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (None, None) => Ordering::Equal,
    };
    let by_labels = || {
        let differing = a.iter().zip(b.iter()).find(|(a, b)| a != b);
        match differing {
            // Whoever lacks the name that comes first is before the other.
            Some(((name, _), (other, _))) if name != other => other.cmp(name),
            Some(((_, value), (_, other))) => value.cmp(other),
            None => Ordering::Equal,
        }
    };
    by("job").then_with(|| by("instance")).then_with(|| a.len().cmp(&b.len())).then_with(by_labels)
}

/// A text as a regular expression that only it matches (Go, package `regexp`, `QuoteMeta`).
fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_ordered_by_job_then_instance_then_labels() {
        let ordered = [
            [("job", "a"), ("z", "1")].as_slice(),
            &[("job", "b"), ("instance", "1"), ("z", "2")],
            &[("job", "b"), ("z", "1")],
            &[("instance", "0"), ("z", "1")],
            &[("z", "1")],
            &[("c", "9"), ("z", "1")],
            &[("b", "1"), ("c", "1")],
            &[("b", "2"), ("c", "0")],
        ];
        let sets = ordered.map(|pairs| LabelSet::from_pairs(pairs.iter().copied()));
        for pair in sets.windows(2) {
            assert_eq!(in_order(&pair[0], &pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(in_order(&pair[1], &pair[0]), Ordering::Greater, "{pair:?}");
        }
    }

    #[test]
    fn names_are_quoted_as_go_quotes_them() {
        assert_eq!(quote_meta("a.b/c-d [e]^$"), r"a\.b/c-d \[e\]\^\$");
    }
}
