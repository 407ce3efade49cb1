//! Whatever the alert: the message keeps Slack's rules, and says the same thing twice alike.

use std::sync::Arc;

use larum_core::alert::{Alert, AlertId, EndReason, Measured, Phase};
use larum_core::label::LabelSet;
use larum_core::notification::{Notification, NotifyReason, Replaced, ToldAlert, Voice};
use larum_core::severity::Severity;
use larum_core::time::{Steady, Timestamp};
use larum_render::{Links, TestMessage, fallback_text, headline, message, plain_of, test_message};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::slack_rules::faults;
use crate::world::{disk, pod};

/// Pieces of which trouble is made.
const TROUBLE: &[&str] = &[
    "<!channel>",
    "<!here|here>",
    "<@U012AB3CD>",
    "<!subteam^S1>",
    "<https://evil.example|click>",
    "&lt;",
    "&",
    "<",
    ">",
    "`",
    "```",
    "*",
    "_",
    "~",
    "|",
    "\n",
    "\r\n",
    "\u{2028}",
    "\t",
    "\u{0}",
    "\u{7}",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "@here",
    "@channel",
    "@\u{200b}everyone",
    "👨‍👩‍👧",
    "🇩🇪",
    "e\u{301}",
    "\u{301}\u{301}\u{301}",
    "שלום",
    ":fire:",
    " ",
    "\"",
    "\\",
    "https://a.example/x?y=1&z=<|>",
    "—",
    "漢字",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(TROUBLE).prop_map(str::to_owned),
        "[a-z]{1,12}",
        any::<char>().prop_map(String::from)
    ];
    (vec(piece, 0..12), select(&[1_usize, 1, 1, 40, 400][..]))
        .prop_map(|(pieces, times)| pieces.concat().repeat(times))
}

fn labels(names: &'static [&'static str]) -> impl Strategy<Value = LabelSet> {
    let name = prop_oneof![4 => select(names).prop_map(str::to_owned), 1 => text()];
    vec((name, text()), 0..14).prop_map(LabelSet::from_pairs)
}

fn url() -> impl Strategy<Value = String> {
    prop_oneof![text(), text().prop_map(|rest| format!("https://prometheus.example/graph?{rest}"))]
}

fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![Just(0), 1_600_000_000_000..1_900_000_000_000_i64, any::<i64>()]
        .prop_map(Timestamp::from_millis)
}

fn voice() -> impl Strategy<Value = Voice> {
    let from = select(&Severity::ALL[..]).prop_map(|from| Voice::SeverityChanged { from });
    prop_oneof![Just(Voice::Firing), Just(Voice::Resolved), Just(Voice::FiredAndResolved), from]
}

fn phase() -> impl Strategy<Value = Phase> {
    let firing =
        time().prop_map(|ends_at| Phase::Firing { ends_at, expires: Steady::from_millis(0), timeout: true });
    let ended = (time(), select(&EndReason::ALL[..])).prop_map(|(at, reason)| Phase::Ended { at, reason });
    prop_oneof![firing, ended]
}

const LABELS: &[&str] = &[
    "alertname",
    "severity",
    "namespace",
    "pod",
    "container",
    "node",
    "instance",
    "job",
    "cluster",
    "mountpoint",
];
const ANNOTATIONS: &[&str] = &["summary", "description", "message", "runbook_url", "dashboard_url"];

fn alert() -> impl Strategy<Value = Alert> {
    let words = (labels(LABELS), labels(ANNOTATIONS), url(), proptest::option::of(text()), url());
    (words, time(), phase(), any::<u64>()).prop_map(
        |((labels, annotations, url, value, runbook), starts_at, phase, id)| Alert {
            id: AlertId(id),
            annotations: annotations.with("runbook_url", &runbook),
            generator_url: Arc::from(url),
            measured: value.map(|text| Measured { value: 1.0, text: text.into() }.into()),
            starts_at,
            phase,
            labels,
            ..disk()
        },
    )
}

/// Alerts that have nothing in common, or nearly everything.
fn alerts() -> impl Strategy<Value = Vec<ToldAlert>> {
    let strange = vec((alert(), voice()), 1..6);
    let alike = (alert(), vec((text(), voice()), 1..30)).prop_map(|(alert, pods)| {
        let one = |(name, voice): (String, Voice)| {
            (Alert { labels: alert.labels.with("pod", &name), ..alert.clone() }, voice)
        };
        pods.into_iter().map(one).collect()
    });
    prop_oneof![strange, alike].prop_map(|alerts: Vec<(Alert, Voice)>| {
        alerts.into_iter().map(|(alert, voice)| ToldAlert { alert: Arc::new(alert), voice }).collect()
    })
}

fn notification() -> impl Strategy<Value = Notification> {
    let replaced = (any::<u32>(), time(), any::<u32>()).prop_map(|(messages, since, unnamed)| Replaced {
        messages,
        first_turn: 1,
        since,
        unnamed,
    });
    (text(), select(&NotifyReason::ALL[..]), time(), alerts(), proptest::option::of(replaced)).prop_map(
        |(receiver, reason, planned_at, alerts, replaced)| Notification {
            receiver: Arc::from(receiver),
            group_labels: LabelSet::empty(),
            reason,
            planned_at,
            alerts,
            replaced,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_keeps_slacks_rules(notification in notification(), console in url()) {
        for links in [Links::none(), Links::to(&console)] {
            let body = message(&notification, &links);
            prop_assert_eq!(faults(&body), Vec::<String>::new());
            let plain = fallback_text(&notification, &links);
            prop_assert_eq!(faults(&plain), Vec::<String>::new());
            prop_assert_eq!(plain_of(&body), Some(plain));
            prop_assert_eq!(body, message(&notification, &links));
        }
        let headline = headline(&notification);
        prop_assert!(headline.encode_utf16().count() <= 200 && !headline.chars().any(char::is_control), "{:?}", headline);
    }

    #[test]
    fn every_test_message_keeps_slacks_rules(words in proptest::array::uniform5(text()), at in time()) {
        let [receiver, sent_by, channel, workspace, posted_as] = &words;
        let test = TestMessage { receiver, sent_by, channel, workspace, posted_as, at };
        prop_assert_eq!(faults(&test_message(&test, &Links::to("https://larum.example"))), Vec::<String>::new());
    }
}

/// The longest of everything at once.
#[test]
fn the_longest_message_fits() {
    let long = "<&>".repeat(3_000);
    let url = format!("https://{}.example/{}", "a".repeat(50), "b".repeat(900));
    let alert = |n: usize, phase| {
        let mut labels = LabelSet::from_pairs((0..60).map(|l| (format!("label{l}"), long.clone())));
        for name in ["alertname", "severity", "cluster", "namespace", "workload", "pod", "container", "node"]
        {
            labels = labels.with(name, &long);
        }
        let annotations = ["summary", "description"].map(|name| (name, long.clone()));
        Alert {
            labels: labels.with("x", &format!("{n:03}{long}")),
            annotations: LabelSet::from_pairs(annotations)
                .with("runbook_url", &url)
                .with("dashboard_url", &url),
            generator_url: Arc::from(url.as_str()),
            measured: Some(Measured { value: 1.0, text: long.as_str().into() }.into()),
            phase,
            ..pod("p")
        }
    };
    let over = Phase::Ended { at: Timestamp::from_millis(1_900_000_000_000), reason: EndReason::NoData };
    let firing = disk().phase;
    let mut told: Vec<ToldAlert> = Vec::new();
    told.extend((0..40).map(|n| ToldAlert { alert: Arc::new(alert(n, firing)), voice: Voice::Firing }));
    told.extend(
        (0..40).map(|n| ToldAlert { alert: Arc::new(alert(n, over)), voice: Voice::FiredAndResolved }),
    );
    for alerts in [told.clone(), told[..1].to_vec(), told[40..41].to_vec()] {
        let notification = Notification {
            receiver: Arc::from(long.as_str()),
            replaced: Some(Replaced {
                messages: u32::MAX,
                first_turn: 1,
                since: Timestamp::from_millis(0),
                unnamed: u32::MAX,
            }),
            ..crate::world::notification(NotifyReason::SomeResolved, 5, alerts)
        };
        let links = Links::to(&format!("https://larum.example/{}", "c".repeat(700)));
        assert_eq!(faults(&message(&notification, &links)), Vec::<String>::new());
        assert!(headline(&notification).starts_with("F"));
    }
}
