//! Several alerts in one message.

use insta::assert_snapshot;
use larum_core::alert::{Alert, EndReason};
use larum_core::notification::{NotifyReason, Voice};
use larum_render::{Links, fallback_text, headline, message};

use crate::world::{disk, ended, minutes, notification, pod, seen, told};

fn shown(notification: &larum_core::notification::Notification) -> String {
    seen(&message(notification, &Links::to("https://larum.example")))
}

#[test]
fn alerts_of_one_name_are_told_apart_by_what_differs() {
    let late = Alert { starts_at: minutes(3), ..pod("api-2") };
    let alerts = vec![told(pod("api-1"), Voice::Firing), told(late, Voice::Firing)];
    assert_snapshot!(shown(&notification(NotifyReason::NewAlerts, 5, alerts)), @r#"
    :red_circle: FIRING (2): PodCrashLooping [critical] — Pod is crash looping. — prod/app
    [#d72638]
    | *<https://larum.example/alerts?q=PodCrashLooping|PodCrashLooping>*  `critical`
    | Pod is crash looping.
    + *Where*: namespace `prod`, container `app`
    | It was restarted again and again.
    | See its last log.
    | *Firing (2)*
    | • `pod=api-2` — since <!date^1754045100^{date_short_pretty} {time}|2025-08-01 10:45 UTC>
    | • `pod=api-1` — since <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    - <https://runbooks.example/crash?a=1&amp;b=2|Runbook>  ·  <http://prometheus.example/graph?g0.expr=x%20%3E%201|Source>  ·  receiver `team-a`  ·  new alerts
    "#);
}

#[test]
fn partly_resolved() {
    let over = ended(pod("api-2"), 9, EndReason::Resolved);
    let alerts = vec![told(over, Voice::Resolved), told(pod("api-1"), Voice::Firing)];
    assert_snapshot!(shown(&notification(NotifyReason::SomeResolved, 10, alerts)), @r#"
    :red_circle: FIRING (1), RESOLVED (1): PodCrashLooping [critical] — Pod is crash looping. — prod/app
    [#d72638]
    | *<https://larum.example/alerts?q=PodCrashLooping|PodCrashLooping>*  `critical`
    | Pod is crash looping.
    + *Where*: namespace `prod`, container `app`
    | It was restarted again and again.
    | See its last log.
    | *Firing (1)*
    | • `pod=api-1` — since <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    | *Resolved (1)*
    | • `pod=api-2` — lasted 9 minutes
    - <https://runbooks.example/crash?a=1&amp;b=2|Runbook>  ·  <http://prometheus.example/graph?g0.expr=x%20%3E%201|Source>  ·  receiver `team-a`  ·  some alerts resolved
    "#);
}

#[test]
fn alerts_of_several_names_and_severities_the_worst_first() {
    let alerts = vec![told(disk(), Voice::Firing), told(pod("api-1"), Voice::Firing)];
    let mixed = notification(NotifyReason::NewAlerts, 5, alerts);
    assert_snapshot!(shown(&mixed), @r#"
    :red_circle: FIRING (2): PodCrashLooping, DiskAlmostFull [critical]
    [#d72638]
    | *<https://larum.example/alerts|PodCrashLooping, DiskAlmostFull>*  `critical`
    | *Firing (2)*
    | • *PodCrashLooping* `namespace=prod` `pod=api-1` `container=app` — critical — Pod is crash looping. — since <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    | • *DiskAlmostFull* `node=host-1` `mountpoint=/data` — warning — 93.2 % (&gt; 90 %) — since <!date^1754044920^{date_short_pretty} {time}|2025-08-01 10:42 UTC>
    - receiver `team-a`  ·  new alerts
    "#);
    assert_snapshot!(fallback_text(&mixed, &Links::none()), @r#"{"text":":red_circle: FIRING (2): PodCrashLooping, DiskAlmostFull [critical]\nFiring: PodCrashLooping, namespace=prod, pod=api-1, container=app, Pod is crash looping., since 2025-08-01 10:42 UTC\nFiring: DiskAlmostFull, node=host-1, mountpoint=/data, Less than 10 % of /data is free., 93.2 % (&gt; 90 %), since 2025-08-01 10:42 UTC","unfurl_links":false,"unfurl_media":false}"#);
}

#[test]
fn of_many_alerts_the_first_are_listed_and_the_rest_is_counted() {
    let alerts = (0..500).map(|n| told(pod(&format!("api-{n:03}")), Voice::Firing)).collect();
    let storm = notification(NotifyReason::FirstNotification, 5, alerts);
    let shown = shown(&storm);
    assert!(shown.contains("*Firing (500)*") && shown.contains("_…and 490 more_"), "{shown}");
    assert!(headline(&storm).starts_with("FIRING (500): PodCrashLooping [critical]"));
}

#[test]
fn the_order_in_which_alerts_come_does_not_matter() {
    let mut alerts: Vec<_> = (0..20).map(|n| told(pod(&format!("api-{n}")), Voice::Firing)).collect();
    let one = shown(&notification(NotifyReason::NewAlerts, 5, alerts.clone()));
    alerts.reverse();
    assert_eq!(one, shown(&notification(NotifyReason::NewAlerts, 5, alerts)));
}
