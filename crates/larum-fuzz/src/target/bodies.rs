//! Bodies of requests: they are refused in words, or say something that can be acted on.

use larum_api::bodies::{self, Refused};
use larum_core::matcher::MatcherSyntax;
use larum_core::time::Timestamp;

pub const ALERTS: [&str; 20] = [
    "[{\"labels\":{\"a\":\"b\"}}]",
    "\"labels\":",
    "\"annotations\":",
    "\"startsAt\":",
    "\"endsAt\":",
    "\"generatorURL\":",
    "\"status\":",
    "\"alerts\":",
    "\"firing\"",
    "\"resolved\"",
    "\"2026-01-01T00:00:00Z\"",
    "\"0001-01-01T00:00:00Z\"",
    "\"http://x/%zz\"",
    "null",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"\"",
];
pub const SILENCE: [&str; 18] = [
    "\"id\":",
    "\"matchers\":",
    "\"name\":",
    "\"value\":",
    "\"isRegex\":",
    "\"isEqual\":",
    "\"startsAt\":",
    "\"endsAt\":",
    "\"createdBy\":",
    "\"comment\":",
    "\"annotations\":",
    "true",
    "false",
    "null",
    "\"2026-01-01T00:00:00Z\"",
    "\"(\"",
    "{",
    "}",
];
pub const RECEIVER: [&str; 16] = [
    "\"name\":",
    "\"token\":",
    "\"channels\":",
    "\"conditions\":",
    "\"enabled\":",
    "\"label\":",
    "\"operator\":",
    "\"values\":",
    "\"Includes\"",
    "\"Exists\"",
    "\"#alerts\"",
    "\"C0123ABCD\"",
    "null",
    "true",
    "[",
    "]",
];
pub const POLICY: [&str; 22] = [
    "\"name\":",
    "\"for\":",
    "\"5m\"",
    "\"severity\":",
    "\"critical\"",
    "\"enabled\":",
    "\"expr\":",
    "\"up == 0\"",
    "\"template\":",
    "\"target\":",
    "\"metric\":",
    "\"condition\":",
    "\"threshold\":",
    "\"labels\":",
    "\"annotations\":",
    "\"summary\":",
    "\"{{ $value }}\"",
    "\"keep_firing_for\":",
    "null",
    "true",
    "{",
    "}",
];

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn in_words(refused: &Refused) {
    assert!((400..500).contains(&refused.status), "{refused:?}");
    assert!(!refused.words.trim().is_empty(), "{refused:?}");
}

pub fn alerts(input: &[u8]) {
    match bodies::alerts(input, NOW) {
        Err(refused) => in_words(&refused),
        Ok((observations, refused)) => {
            refused.iter().for_each(in_words);
            for seen in observations {
                assert!(!seen.labels.is_empty(), "{seen:?}");
                assert!(
                    seen.labels.iter().all(|(name, value)| !name.is_empty() && !value.is_empty()),
                    "{seen:?}"
                );
            }
        }
    }
}

pub fn silence(input: &[u8]) {
    for syntax in [MatcherSyntax::Fallback, MatcherSyntax::Classic] {
        match bodies::silence(input, syntax) {
            Err(refused) => in_words(&refused),
            Ok(draft) => assert!(!draft.matchers.is_empty()),
        }
    }
}

pub fn receiver(input: &[u8]) {
    if let Err(refused) = bodies::receiver(input) {
        in_words(&refused);
    }
}

pub fn policy(input: &[u8]) {
    if let Err(refused) = bodies::policy(input) {
        in_words(&refused);
    }
}
