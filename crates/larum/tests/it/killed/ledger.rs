//! What Slack was told, against what was accepted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use larum_sandbox::{Control, Posted, Received};

use crate::house::Administrator;
use crate::killed::senders::{Batch, Sent, now};
use crate::larum::PATIENCE;

/// How long Larum may take to read an answer and have it on disk, in microseconds; a disk can be busy.
const AT_ONCE: i64 = 500_000;

/// The lives of Larum, and how each ended.
#[derive(Default)]
pub struct Ledger {
    /// When each life but the last was over.
    kills: Vec<i64>,
    /// When the life after each kill had remembered everything, and had sent nothing yet.
    births: Vec<i64>,
}

/// A message that was posted more than once: its channel and `client_msg_id`.
pub type Repetition = (String, String);

impl Ledger {
    /// Larum is dead now.
    pub fn killed(&mut self) {
        self.kills.push(now().as_microsecond());
    }

    /// Larum lives again, and was about to send since then.
    pub fn born(&mut self, since: Timestamp) {
        self.births.push(since.as_microsecond());
    }

    /// Which life a post came from, from 0. Slack may read one only after the death of its sender.
    fn life(&self, at: i64) -> usize {
        self.births.partition_point(|birth| *birth < at)
    }

    /// Finds the posts that were repeated. Between the two Larum was killed, and before that it had no time to write
    /// down what it read, if it read an answer at all.
    pub fn only_what_was_on_its_way_is_repeated(&self, requests: &[Received]) -> BTreeSet<Repetition> {
        let posts: Vec<&Received> =
            requests.iter().filter(|request| request.client_msg_id.is_some()).collect();
        let mut repeated = BTreeSet::new();
        for (index, post) in posts.iter().enumerate() {
            let Some(next) = posts[index + 1..].iter().find(|other| same_message(other, post)) else {
                continue;
            };
            let life = self.life(post.at);
            assert!(
                life < self.life(next.at),
                "{post:?} was repeated as {next:?} without a kill between them"
            );
            let unread = post.answered_at.is_none_or(|answered| self.kills[life] - answered < AT_ONCE);
            assert!(unread, "{post:?} was repeated, though Larum had lived on until {}", self.kills[life]);
            repeated.insert((
                post.channel.clone().unwrap_or_default(),
                post.client_msg_id.clone().unwrap_or_default(),
            ));
        }
        repeated
    }

    /// The delivery log marks what may have been said twice.
    pub async fn repetitions_are_marked(
        &self,
        administrator: &Administrator,
        story: &Story,
        repeated: &BTreeSet<Repetition>,
    ) {
        let mut marked: BTreeSet<(String, String)> = BTreeSet::new();
        let mut page = administrator.read("/deliveries?limit=100").await;
        loop {
            let rows = page["deliveries"].as_array().expect("deliveries are listed");
            let rows = rows.iter().filter(|row| row["possible_duplicate"] == true);
            let key = |row: &serde_json::Value| {
                let channel = row["channel"].as_str().unwrap_or_default().trim_start_matches('#').to_owned();
                (channel, row["group"]["labels"]["alertname"].as_str().unwrap_or_default().to_owned())
            };
            marked.extend(rows.map(key));
            let Some(next) = page["next"].as_str() else { break };
            page = administrator.read(&format!("/deliveries?limit=100&before={next}")).await;
        }
        for (channel, id) in repeated {
            // A message that was cut off before Slack stored it is repeated, but nobody saw it twice.
            let Some(name) = story.group_of(id) else { continue };
            assert!(
                marked.contains(&(channel.clone(), name.clone())),
                "{name} was repeated in {channel}, unmarked"
            );
        }
    }
}

fn same_message(one: &Received, other: &Received) -> bool {
    one.client_msg_id == other.client_msg_id && one.channel == other.channel
}

/// All messages of the workspace, by channel and by the group they are about, in their order.
pub struct Story {
    told: BTreeMap<(String, String), Vec<Posted>>,
}

impl Story {
    /// Waits until Slack was told about everything that was accepted.
    pub async fn told(slack: &Control, sent: &Sent, channels: &[&str]) -> Self {
        let mut story = Self { told: BTreeMap::new() };
        let mut seen = 0;
        loop {
            let fresh =
                slack.wait_for_messages(seen, None, 1, PATIENCE).await.expect("the sandbox can be read");
            let missing = || story.missing(sent, channels);
            assert!(
                !fresh.is_empty(),
                "{PATIENCE:?} without a message, and these are missing: {:?}",
                missing()
            );
            for posted in fresh {
                seen = posted.seq;
                story.hear(posted, &sent.batches);
            }
            if story.missing(sent, channels).is_empty() {
                return story;
            }
        }
    }

    fn hear(&mut self, posted: Posted, batches: &[Batch]) {
        let batch = batches.iter().find(|batch| posted.text().contains(&batch.name));
        let batch = batch.unwrap_or_else(|| panic!("nobody sent what this is about: {}", posted.text()));
        let key = (format!("#{}", posted.channel_name), batch.name.clone());
        self.told.entry(key).or_default().push(posted);
    }

    fn missing(&self, sent: &Sent, channels: &[&str]) -> Vec<String> {
        let all = sent.batches.iter().flat_map(|batch| channels.iter().map(move |channel| (batch, *channel)));
        all.filter(|(batch, channel)| !self.is_complete(batch, channel))
            .map(|(batch, channel)| format!("{} in {channel}", batch.name))
            .collect()
    }

    fn about(&self, batch: &Batch, channel: &str) -> &[Posted] {
        self.told.get(&(channel.to_owned(), batch.name.clone())).map_or(&[], Vec::as_slice)
    }

    fn is_complete(&self, batch: &Batch, channel: &str) -> bool {
        let last = self.about(batch, channel).last();
        last.is_some_and(|last| !batch.resolved || last.text().contains("RESOLVED"))
    }

    /// Which group a message is about, if Slack stored it.
    fn group_of(&self, client_msg_id: &str) -> Option<&String> {
        let holds =
            |posts: &[Posted]| posts.iter().any(|post| post.client_msg_id.as_deref() == Some(client_msg_id));
        self.told.iter().find(|(_, posts)| holds(posts)).map(|((_, name), _)| name)
    }

    /// Each group is announced once in each channel with all its alerts, and its end is told once, after that.
    pub fn says_everything_once(&self, sent: &Sent, channels: &[&str]) {
        for batch in &sent.batches {
            for channel in channels {
                let mut posts: Vec<&Posted> = self.about(batch, channel).iter().collect();
                posts.dedup_by_key(|post| post.client_msg_id.clone());
                let texts: Vec<&str> = posts.iter().map(|post| post.text()).collect();
                let words: Vec<&str> = texts.iter().map(|text| word(text)).collect();
                let expected: &[&[&str]] = if batch.resolved {
                    // While a message waits for its turn, the end of its alerts takes its place.
                    &[&["FIRING", "RESOLVED"], &["FIRED AND RESOLVED"]]
                } else {
                    &[&["FIRING"]]
                };
                assert!(expected.contains(&words.as_slice()), "{channel} heard about {batch:?}: {texts:#?}");
                for (post, disk) in
                    posts.iter().flat_map(|post| batch.disks.iter().map(move |disk| (post, disk)))
                {
                    assert!(
                        post.message.to_string().contains(disk.as_str()),
                        "{disk} is not in {}",
                        post.message
                    );
                }
            }
        }
    }
}

/// What a message says happened.
fn word(text: &str) -> &'static str {
    let known = ["FIRED AND RESOLVED", "STILL FIRING", "FIRING", "RESOLVED"];
    known.into_iter().find(|word| text.contains(word)).unwrap_or("something else")
}
