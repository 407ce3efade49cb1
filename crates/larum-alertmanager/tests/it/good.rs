//! Sound files, and what they mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use larum_alertmanager::config::{
    Configuration, Credentials, Options, SecretSource, SlackAccess, Unsupported,
};
use larum_core::calendar::{Days, Times};
use larum_core::label::LabelSet;
use larum_core::matcher::MatcherSyntax;
use larum_core::route::{GroupBy, Route, RouteId};

use crate::{GOOD, read, sound};

const MINIMAL: &str = "route: { receiver: a }\nreceivers: [{ name: a }]\n";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn top(read: &Configuration) -> &Route {
    read.routes.route(RouteId(0)).expect("there is always a root")
}

fn below<'a>(read: &'a Configuration, route: &Route) -> Vec<&'a Route> {
    route.children().iter().map(|id| read.routes.route(*id).expect("it was named")).collect()
}

fn by(names: &[&str]) -> GroupBy {
    GroupBy::Labels(names.iter().map(|name| (*name).into()).collect())
}

#[test]
fn what_is_not_said_is_as_usual() {
    let read = sound(MINIMAL);
    assert_eq!(read.resolve_timeout, seconds(300));
    let route = top(&read);
    assert_eq!((route.group_wait, route.group_interval), (seconds(30), seconds(300)));
    assert_eq!(route.repeat_interval, seconds(4 * 3600));
    assert_eq!((&route.group_by, route.continues), (&by(&[]), false));
    assert!(read.receiver("a").is_some() && read.receiver("b").is_none());
}

#[test]
fn a_route_inherits_all_but_its_matchers_its_intervals_and_whether_it_continues() {
    let read = sound(GOOD);
    let [database, everything] = below(&read, top(&read))[..] else { panic!("there are two") };
    let matchers: Vec<String> = database.matchers().iter().map(ToString::to_string).collect();
    assert_eq!(
        matchers,
        [r#"host=~"db-.*""#, r#"severity=~"error|critical""#, r#"site="north""#, r#"team="database""#]
    );
    assert_eq!((&database.group_by, database.group_wait), (&GroupBy::All, Duration::ZERO));
    assert_eq!((database.group_interval, database.repeat_interval), (seconds(60), seconds(5400)));
    assert_eq!(database.mute_time_intervals[..], ["night".into()]);
    assert_eq!(database.active_time_intervals[..], ["office".into()]);
    let below = below(&read, database)[0];
    assert_eq!(&*below.receiver, "database");
    assert_eq!((below.matchers().len(), below.continues), (2, false));
    assert_eq!((&below.group_by, below.group_interval), (&GroupBy::All, seconds(60)));
    assert!(below.mute_time_intervals.is_empty() && below.active_time_intervals.is_empty());
    assert_eq!(top(&read).group_by, by(&["alertname", "cluster"]));
    assert_eq!(everything.group_by, by(&[]), "an empty list overrides the parent's");
}

#[test]
fn labels_of_routes_are_merged() {
    let read = sound(
        "route: { receiver: a, labels: { x: '1', y: '2' }, routes: [{ labels: { y: '3' } }] }\n\
         receivers: [{ name: a, labels: { team: b, name: a } }]",
    );
    assert_eq!(below(&read, top(&read))[0].labels, LabelSet::from_pairs([("x", "1"), ("y", "3")]));
    assert_eq!(read.receivers[0].labels["team"], "b");
}

#[test]
fn receivers_have_what_they_say_and_what_global_gives_them() {
    let read = sound(GOOD);
    let slack = &read.receivers[0].slack[0];
    let SlackAccess::Url(SecretSource::Given(url)) = &slack.access else { panic!("it is global's") };
    assert!(url.expose().ends_with("global-secret"));
    assert!(slack.send_resolved && slack.link_names && slack.short_fields);
    assert_eq!((slack.text.as_str(), slack.channel.as_str()), ("", "#alerts"));
    assert_eq!(slack.username, r#"{{ template "slack.default.username" . }}"#);
    assert_eq!(slack.fields[0].short, Some(true));
    assert_eq!(slack.actions[1].confirm.as_ref().map(|confirm| confirm.text.as_str()), Some("Really?"));
    assert!(!slack.http.follow_redirects, "http_config is global's");
    let database = &read.receivers[1];
    let file = SlackAccess::Url(SecretSource::File(PathBuf::from("/etc/larum/url")));
    assert_eq!(database.slack[0].access, file);
    assert!(database.slack[0].http.credentials.is_none(), "an http_config of one's own stands alone");
    assert_eq!(database.slack[0].mrkdwn_in, ["fallback", "pretext", "text"]);
    let [first, second] = database.webhooks.as_slice() else { panic!("there are two") };
    assert!(first.send_resolved && !second.send_resolved);
    assert_eq!(first.max_alerts, 10);
    let Some(Credentials::Oauth2(oauth2)) = &first.http.credentials else { panic!("it is oauth2") };
    assert_eq!(oauth2.endpoint_params["audience"], "hooks");
    let Some(Credentials::Basic { password: Some(SecretSource::Given(password)), .. }) =
        &second.http.credentials
    else {
        panic!("an alias stands for what it refers to")
    };
    assert_eq!(password.expose(), "basic-secret");
}

#[test]
fn an_app_token_goes_to_the_apps_url() {
    let read = sound(
        "global: { slack_app_token: t }\nroute: { receiver: a }\n\
         receivers: [{ name: a, slack_configs: [{ channel: c, update_message: true, timeout: 5s }] }]",
    );
    let slack = &read.receivers[0].slack[0];
    let SlackAccess::App { token: SecretSource::Given(token), url } = &slack.access else {
        panic!("it is a token")
    };
    assert_eq!((token.expose(), url.as_str()), ("t", "https://slack.com/api/chat.postMessage"));
    assert!(slack.update_message);
    assert_eq!(slack.timeout, seconds(5));
}

#[test]
fn the_url_of_a_webhook_may_be_a_template() {
    let text = "route: { receiver: a }\nreceivers: [{ name: a, webhook_configs: [{ url: '{{ .CommonLabels.url }}' }] }]";
    let SecretSource::Given(url) = &sound(text).receivers[0].webhooks[0].url else { panic!("it is given") };
    assert_eq!(url.expose(), "{{ .CommonLabels.url }}");
}

#[test]
fn a_timeout_may_be_written_as_go_writes_it() {
    for (text, span) in [("10s", 10_000), ("1.5s", 1500), ("1m300ms", 60_300), ("500us", 0), ("+2m", 120_000)]
    {
        let file = format!(
            "route: {{ receiver: a }}\nreceivers: [{{ name: a, webhook_configs: [{{ url: http://x, timeout: {text} }}] }}]"
        );
        assert_eq!(sound(&file).receivers[0].webhooks[0].timeout.as_millis(), span, "{text}");
    }
}

#[test]
fn who_repeats_more_rarely_than_is_remembered_is_warned() {
    let text = "route: { receiver: a, repeat_interval: 2d }\nreceivers: [{ name: a }]";
    let warnings = |days: u64| {
        let retention = Some(seconds(days * 86_400));
        read(text, &Options { retention, ..Options::default() }).warnings.len()
    };
    assert_eq!((warnings(1), warnings(2)), (1, 0));
}

#[test]
fn rules_and_intervals_become_plain() {
    let read = sound(GOOD);
    let rule = &read.inhibit_rules[0];
    assert_eq!(rule.equal, ["alertname", "cluster"]);
    assert_eq!((read.inhibit_rules[1].source.len(), read.inhibit_rules[1].target.len()), (2, 2));
    let [night, office] = read.time_intervals.as_slice() else { panic!("there are two") };
    let minutes = vec![Times::parse("00:00", "06:30").unwrap(), Times::parse("22:00", "24:00").unwrap()];
    assert_eq!(night.intervals[0].times, Some(minutes));
    let office = &office.intervals[0];
    assert_eq!(office.weekdays, Some(vec![1..=5, 0..=0]));
    let days = [(1, 15), (-3, -1), (20, 20)].map(|(first, last)| Days::new(first, last).unwrap());
    assert_eq!(office.days_of_month, Some(days.to_vec()));
    assert_eq!(office.months, Some(vec![1..=3, 7..=7, 12..=12]));
    assert_eq!(office.years, Some(vec![2026..=2030, 2040..=2040]));
    assert_eq!(office.location.name(), "Europe/Paris");
}

#[test]
fn paths_begin_at_the_folder_where_they_do_for_alertmanager() {
    let options = Options { folder: PathBuf::from("/etc/am"), ..Options::default() };
    let read = read(GOOD, &options);
    assert_eq!(read.templates, [Path::new("/etc/am/templates/*.tmpl")]);
    let tls = &read.receivers[1].webhooks[0].http.tls;
    assert_eq!(tls.ca, Some(SecretSource::File(PathBuf::from("/etc/am/ca.pem"))));
}

#[test]
fn other_integrations_are_kept_as_what_they_are_when_asked() {
    let text = "route: { receiver: a }\nreceivers:\n  - name: a\n    email_configs:\n      - to: x@example.org\n    pagerduty_configs: [{ routing_key: k }]\n";
    let read = read(text, &Options { skip_unsupported: true, ..Options::default() });
    let [email, pagerduty] = ["email", "pagerduty"];
    let unsupported =
        [Unsupported { integration: email, line: 5 }, Unsupported { integration: pagerduty, line: 6 }];
    assert_eq!(read.receivers[0].unsupported, unsupported);
}

#[test]
fn labels_may_be_any_text_unless_the_classic_rules_are_asked_for() {
    let text = "route: { receiver: a, group_by: [a.b], routes: [{ matchers: ['\"a.b\"=c'] }] }\nreceivers: [{ name: a }]";
    let read = sound(text);
    assert_eq!(below(&read, top(&read))[0].matchers()[0].name(), "a.b");
    let classic = Options { matchers: MatcherSyntax::Classic, ..Options::default() };
    let errors = Configuration::parse(text, &classic).expect_err("no");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn what_is_right_and_not_wise_is_a_warning() {
    let text = "route: { receiver: a, repeat_interval: 1m, routes: [{ matchers: ['a=b c'] }] }\nreceivers: [{ name: a }]";
    let warnings: Vec<String> = sound(text).warnings.iter().map(ToString::to_string).collect();
    assert!(
        warnings[0].starts_with("line 1, column 40: route.repeat_interval: is shorter than"),
        "{warnings:?}"
    );
    assert!(warnings[1].starts_with("line 1, column 66: route.routes[0].matchers[0]: "), "{warnings:?}");
}

#[test]
fn yaml_is_yaml() {
    let text = "route: &root { receiver: a, routes: [{ <<: [{ group_wait: 1s }], group_wait: 2s }] }\n\
                receivers: [{ name: a }]\ninhibit_rules:\n  -\n";
    let read = sound(text);
    assert_eq!(below(&read, top(&read))[0].group_wait, seconds(2));
    assert!(read.inhibit_rules.is_empty(), "an empty rule is tolerated");
}
