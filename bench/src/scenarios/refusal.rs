//! Slack answers everything with 429 for a while, and meanwhile half of the alerts end.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use crate::alerts::{Alert, Firing, bodies, warnings};
use crate::clock;
use crate::configuration::Configuration;
use crate::figures::Row;
use crate::marks::Mark;
use crate::post::{ALERTS, post};
use crate::probe::{Probe, Questions};
use crate::receiver::Message;
use crate::scenarios::{Bench, Size};

const NEVER: Row = Row::budget("of 20 alerts never told, half of which end while Slack refuses", 0.0);
/// What Slack asks for, 20 messages at one a second, and a second to spare.
const DELAY: Row =
    Row::budget("s from when Slack takes messages again until all were told that are told", 26.0);
const DISORDER: Row = Row::budget("alerts said to fire after they were said to be over", 0.0);
const ATTEMPTS: Row = Row::figure("messages refused");
const LONGEST: Row = Row::budget("ms, longest answer meanwhile", 50.0);

const GROUPS: u32 = 20;
/// What Slack asks for, in seconds.
const RETRY_AFTER: u64 = 5;
/// How long it is watched afterwards, more than the group interval, at which an Alertmanager tries again.
const WATCH: Duration = Duration::from_secs(40);

pub async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let configuration =
        Configuration { group_interval: "30s", send_resolved: true, ..Configuration::slack("1s") };
    let target = bench.router(&configuration).await?;
    let lasts = match bench.size {
        Size::Quick => Duration::from_secs(4),
        Size::Usual => Duration::from_secs(20),
        Size::Full => Duration::from_secs(90),
    };
    let until = clock::now() + lasts;
    target.receiver.refuse(until, RETRY_AFTER);
    let probe = Probe::start(target.address, Questions::CHEAP, "Slack refuses");
    let (alerts, firing) = (warnings(0, GROUPS, 1), Firing::from_now());
    post(target.address, ALERTS, bodies(&alerts, firing), 1).await?;
    sleep(lasts / 2).await;
    let (ended, _) = alerts.split_at(alerts.len() / 2);
    post(target.address, ALERTS, bodies(ended, firing.over()), 1).await?;
    sleep(until.saturating_duration_since(clock::now())).await;
    probe.during("Slack takes messages again");
    watch(&target.receiver, &alerts).await;
    let answers = probe.end().await?;

    let messages = target.receiver.heard().messages.clone();
    let heard = told(&messages);
    let never = alerts.iter().filter(|alert| !heard.contains(&alert.id)).count();
    bench.figures.note(NEVER, never as f64);
    bench.figures.note(DELAY, delay(&messages, until).as_secs_f64());
    bench.figures.note(DISORDER, disorder(&messages) as f64);
    bench.figures.note(ATTEMPTS, messages.iter().filter(|message| !message.taken).count() as f64);
    bench.figures.answers(LONGEST, answers);
    bench.figures.expect(never == 0, "alerts were never told");
    bench.figures.expect(disorder(&messages) == 0, "alerts were told in the wrong order");
    bench.figures.expect(target.receiver.heard().repeated() == 0, "alerts were told twice");
    Ok(())
}

/// Waits until all were told in one way or the other, or are not going to be.
async fn watch(receiver: &crate::receiver::Receiver, alerts: &[Alert]) {
    let begun = clock::now();
    while begun.elapsed() < WATCH && told(&receiver.heard().messages).len() < alerts.len() {
        sleep(Duration::from_millis(100)).await;
    }
    // What else there is to say of those that ended.
    sleep(Duration::from_secs(2)).await;
}

fn taken(messages: &[Message]) -> impl Iterator<Item = &Message> {
    messages.iter().filter(|message| message.taken)
}

/// The alerts that were told at all.
fn told(messages: &[Message]) -> HashSet<u32> {
    taken(messages).flat_map(|message| &message.marks).map(|mark| mark.id).collect()
}

/// How long after that an alert was told last for the first time.
fn delay(messages: &[Message], since: Instant) -> Duration {
    let mut known = HashSet::new();
    let new = taken(messages).filter(|message| message.marks.iter().any(|mark| known.insert(mark.id)));
    new.map(|message| message.at.saturating_duration_since(since)).max().unwrap_or_default()
}

/// How many alerts were said to fire after they were said to be over.
fn disorder(messages: &[Message]) -> usize {
    let mut over = HashSet::new();
    let mut wrong = HashSet::new();
    for Mark { id, resolved } in taken(messages).flat_map(|message| message.marks.iter().copied()) {
        if resolved {
            over.insert(id);
        } else if over.contains(&id) {
            wrong.insert(id);
        }
    }
    wrong.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(at: Instant, id: u32, resolved: bool, taken: bool) -> Message {
        Message { at, marks: vec![Mark { id, resolved }], taken }
    }

    #[test]
    fn only_what_was_taken_counts() {
        let begin = clock::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        let messages = [
            message(after(1), 1, false, false),
            message(after(2), 1, true, true),
            message(after(3), 2, false, true),
            message(after(9), 2, true, true),
        ];
        assert_eq!(told(&messages).len(), 2);
        assert_eq!(delay(&messages, begin), Duration::from_secs(3));
        assert_eq!(disorder(&messages), 0);
    }

    #[test]
    fn firing_after_being_over_is_disorder() {
        let at = clock::now();
        let messages = [message(at, 1, true, true), message(at, 1, false, true), message(at, 2, false, true)];
        assert_eq!(disorder(&messages), 1);
    }
}
