//! One alert, in every state in which it is told.

use std::time::Duration;

use insta::assert_snapshot;
use larum_core::alert::EndReason;
use larum_core::notification::{Notification, NotifyReason, Replaced, Voice};
use larum_core::severity::Severity;
use larum_render::{Links, TestMessage, fallback_text, headline, message, plain_of, test_message};

use crate::world::{START, disk, ended, minutes, notification, pod, seen, told};

fn links() -> Links {
    Links::to("https://larum.example")
}

fn shown(notification: &Notification) -> String {
    seen(&message(notification, &links()))
}

#[test]
fn the_exact_json_of_a_first_notification() {
    let first = notification(NotifyReason::FirstNotification, 5, vec![told(disk(), Voice::Firing)]);
    assert_snapshot!(message(&first, &links()), @r##"{"text":":large_yellow_circle: FIRING: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1","unfurl_links":false,"unfurl_media":false,"attachments":[{"color":"#f2a900","fallback":"Less than 10 % of /data is free.\nFiring: node=host-1, mountpoint=/data, 93.2 % (&gt; 90 %), since 2025-08-01 10:42 UTC\n<https://larum.example/alerts/7>","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*<https://larum.example/alerts/7|DiskAlmostFull>*  `warning`\nLess than 10 % of /data is free.","verbatim":true}},{"type":"section","fields":[{"type":"mrkdwn","text":"*Where*\nnode `host-1`","verbatim":true},{"type":"mrkdwn","text":"*Value*\n93.2 % (&gt; 90 %)","verbatim":true},{"type":"mrkdwn","text":"*Since*\n<!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC> (5 minutes)","verbatim":true}]},{"type":"context","elements":[{"type":"mrkdwn","text":"`mountpoint=/data`","verbatim":true}]},{"type":"context","elements":[{"type":"mrkdwn","text":"receiver `team-a`  ·  first notification","verbatim":true}]}]}]}"##);
    assert_snapshot!(headline(&first), @"FIRING: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1");
    assert_snapshot!(fallback_text(&first, &links()), @r#"{"text":":large_yellow_circle: FIRING: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1\nLess than 10 % of /data is free.\nFiring: node=host-1, mountpoint=/data, 93.2 % (&gt; 90 %), since 2025-08-01 10:42 UTC\n<https://larum.example/alerts/7>","unfurl_links":false,"unfurl_media":false}"#);
    assert_eq!(plain_of(&message(&first, &links())).unwrap(), fallback_text(&first, &links()));
}

#[test]
fn firing_with_links_and_a_description() {
    let first = notification(NotifyReason::FirstNotification, 1, vec![told(pod("api-1"), Voice::Firing)]);
    assert_snapshot!(shown(&first), @r#"
    :red_circle: FIRING: PodCrashLooping [critical] — Pod is crash looping. — prod/api-1/app
    [#d72638]
    | *<https://larum.example/alerts/8|PodCrashLooping>*  `critical`
    | Pod is crash looping.
    + *Where*: namespace `prod`, pod `api-1`, container `app`
    + *Since*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC> (1 minute)
    | It was restarted again and again.
    | See its last log.
    - <https://runbooks.example/crash?a=1&amp;b=2|Runbook>  ·  <http://prometheus.example/graph?g0.expr=x%20%3E%201|Source>  ·  receiver `team-a`  ·  first notification
    "#);
}

#[test]
fn still_firing() {
    let repeat = notification(NotifyReason::RepeatInterval, 12 * 60, vec![told(disk(), Voice::Firing)]);
    assert_snapshot!(shown(&repeat), @r#"
    :large_yellow_circle: STILL FIRING: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — for 12 hours
    [#f2a900]
    | *<https://larum.example/alerts/7|DiskAlmostFull>*  `warning`
    | Less than 10 % of /data is free.
    + *Where*: node `host-1`
    + *Value*: 93.2 % (&gt; 90 %)
    + *Since*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC> (12 hours)
    - `mountpoint=/data`
    - receiver `team-a`  ·  still firing, repeated
    "#);
}

#[test]
fn resolved() {
    let over = ended(disk(), 23, EndReason::Resolved);
    let over = notification(NotifyReason::AllResolved, 24, vec![told(over, Voice::Resolved)]);
    assert_snapshot!(shown(&over), @r#"
    :white_check_mark: RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — lasted 23 minutes
    [#2eb886]
    | *<https://larum.example/alerts/7|DiskAlmostFull>*  `warning`
    | Less than 10 % of /data is free.
    + *Where*: node `host-1`
    + *Last value*: 93.2 % (&gt; 90 %)
    + *Started*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    + *Ended*: <!date^1754046300^{date_short_pretty} {time}|2025-08-01 11:05 UTC>
    + *Lasted*: 23 minutes
    - `mountpoint=/data`
    - receiver `team-a`  ·  all alerts resolved
    "#);
}

#[test]
fn resolved_for_another_reason_than_that_all_is_well() {
    let line = |reason| {
        let over = told(ended(disk(), 23, reason), Voice::Resolved);
        headline(&notification(NotifyReason::AllResolved, 24, vec![over]))
    };
    assert_snapshot!(EndReason::ALL.map(line).join("\n"), @r#"
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — not sent again by its source, lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — policy changed, lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — policy disabled, lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — policy deleted, lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — no data, lasted 23 minutes
    RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — alerting off, lasted 23 minutes
    "#);
    let over = told(ended(disk(), 23, EndReason::PolicyDisabled), Voice::Resolved);
    let over = notification(NotifyReason::AllResolved, 24, vec![over]);
    assert!(shown(&over).contains("+ *Why it ended*: policy disabled"));
}

#[test]
fn severity_changed() {
    let changed = told(disk(), Voice::SeverityChanged { from: Severity::Critical });
    let changed = notification(NotifyReason::SeverityChanged, 30, vec![changed]);
    assert_snapshot!(shown(&changed), @r#"
    :large_yellow_circle: SEVERITY CHANGED: DiskAlmostFull [critical → warning] — Less than 10 % of /data is free. — host-1
    [#f2a900]
    | *<https://larum.example/alerts/7|DiskAlmostFull>*  `warning`
    | Less than 10 % of /data is free.
    + *Where*: node `host-1`
    + *Severity*: was critical, now warning
    + *Value*: 93.2 % (&gt; 90 %)
    + *Since*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC> (30 minutes)
    - `mountpoint=/data`
    - receiver `team-a`  ·  severity changed
    "#);
}

#[test]
fn fired_and_resolved_while_the_channel_could_not_be_reached() {
    let over = told(ended(disk(), 2, EndReason::Resolved), Voice::FiredAndResolved);
    let late = Notification {
        replaced: Some(Replaced {
            messages: 2,
            first_turn: 1,
            since: START.plus(Duration::from_secs(30)),
            unnamed: 0,
        }),
        ..notification(NotifyReason::AllResolved, 5, vec![over])
    };
    assert_snapshot!(shown(&late), @r#"
    :white_check_mark: FIRED AND RESOLVED: DiskAlmostFull [warning] — Less than 10 % of /data is free. — host-1 — lasted 2 minutes — delayed 4 minutes 30 seconds
    [#2eb886]
    | *<https://larum.example/alerts/7|DiskAlmostFull>*  `warning`
    | Less than 10 % of /data is free.
    + *Where*: node `host-1`
    + *Last value*: 93.2 % (&gt; 90 %)
    + *Started*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    + *Ended*: <!date^1754045040^{date_short_pretty} {time}|2025-08-01 10:44 UTC>
    + *Lasted*: 2 minutes
    - `mountpoint=/data`
    - :hourglass: Delayed 4 minutes 30 seconds: this channel could not be reached; this takes the place of 2 earlier messages.
    - receiver `team-a`  ·  all alerts resolved
    "#);
}

#[test]
fn delayed() {
    let late = Notification {
        replaced: Some(Replaced {
            messages: 1,
            first_turn: 1,
            since: minutes(5).minus(Duration::from_secs(42)),
            unnamed: 7,
        }),
        ..notification(NotifyReason::NewAlerts, 5, vec![told(disk(), Voice::Firing)])
    };
    assert!(headline(&late).ends_with(" — delayed 42 seconds"), "{}", headline(&late));
    assert!(shown(&late).contains("this takes the place of an earlier message."));
}

#[test]
fn an_alert_of_which_little_is_known_is_told_all_the_same() {
    let mut bare = disk();
    bare.labels = larum_core::label::LabelSet::from_pairs([("x", "1")]);
    bare.annotations = larum_core::label::LabelSet::empty();
    bare.measured = None;
    bare.starts_at = larum_core::time::Timestamp::from_millis(-62_135_596_800_000);
    let bare = notification(NotifyReason::FirstNotification, 1, vec![told(bare, Voice::Firing)]);
    assert_snapshot!(seen(&message(&bare, &Links::none())), @r#"
    :white_circle: FIRING: Alert without a name
    [#6b7a90]
    | *Alert without a name*
    + *Since*: —
    - `x=1`
    - receiver `team-a`  ·  first notification
    "#);
}

#[test]
fn a_test_message_says_who_sent_it_and_that_nothing_is_to_be_done() {
    let test = TestMessage {
        receiver: "team-a",
        sent_by: "anna <!here>",
        channel: "#ops",
        workspace: "Acme",
        posted_as: "larum",
        at: START,
    };
    assert_snapshot!(seen(&test_message(&test, &links())), @r#"
    :test_tube: TEST: Larum can post here — sent by anna &lt;!here&gt; — no action needed
    [#7b61ff]
    | *Test message*
    | Alerts for this receiver will arrive in this channel. No action needed.
    + *Receiver*: `team-a`
    + *Channel*: `#ops`
    + *Workspace*: Acme
    + *Posted as*: larum
    + *Sent by*: anna &lt;!here&gt;
    + *At*: <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    - <https://larum.example/|Open Larum>
    "#);
}
