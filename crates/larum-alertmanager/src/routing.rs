//! What a configuration says to the mind: routes, receivers and time intervals, and what inhibits what.

use std::sync::Arc;

use larum_core::condition::Conditions;
use larum_core::inhibit;
use larum_core::receiver::{Channel, Channels, Manner, Receiver, ReceiverId};
use larum_core::routing::{NamedReceiver, Routing, RoutingError};
use larum_core::verdict::Hushed;

use crate::config::{self, Configuration, SecretSource, SlackAccess, SlackConfig};

/// Alertmanager's names of the integrations that Larum has.
pub const SLACK: &str = "slack";
/// See [`SLACK`].
pub const WEBHOOK: &str = "webhook";

/// The routes of a configuration, whom they tell, and when.
///
/// # Errors
/// [`RoutingError`] in words.
pub fn routing(configuration: &Configuration) -> Result<Routing, RoutingError> {
    let receivers = configuration.receivers.iter().map(receiver).collect();
    let intervals = configuration.time_intervals.iter();
    let intervals = intervals.map(|named| (named.name.as_str().into(), named.intervals.clone())).collect();
    Routing::new(configuration.routes.clone(), receivers, intervals)
}

/// What inhibits what in a configuration.
pub fn inhibitions(configuration: &Configuration) -> Vec<inhibit::InhibitRule> {
    let rules = configuration.inhibit_rules.iter().map(|rule| inhibit::InhibitRule {
        name: rule.name.as_deref().unwrap_or_default().into(),
        source: rule.source.clone(),
        target: rule.target.clone(),
        equal: rule.equal.iter().map(Into::into).collect(),
    });
    rules.collect()
}

/// The number by which one way to tell a receiver is known: the same for the same name whenever the file is read, and
/// none that is drawn for receivers of the console. It is one that JavaScript can hold.
pub fn receiver_id(name: &str, integration: &str, index: usize) -> ReceiverId {
    const FAR: u64 = 1 << 52;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in [name, integration].join("\u{ff}").bytes().chain(index.to_be_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    ReceiverId(FAR | (hash >> 12))
}

fn receiver(config: &config::Receiver) -> NamedReceiver {
    let name: Arc<str> = config.name.as_str().into();
    let told = |kind: &str, index, manner, workspace: String| {
        Arc::new(Receiver {
            id: receiver_id(&name, kind, index),
            name: Arc::clone(&name),
            enabled: true,
            channels: Channels::only(Channel::integration(kind, index)),
            conditions: Conditions::EVERYTHING,
            workspace: Some(workspace.into()),
            unproven: false,
            manner,
        })
    };
    let slack = config.slack.iter().enumerate().map(|(index, slack)| {
        let manner = Manner { send_resolved: slack.send_resolved, paced: is_slacks_own(slack) };
        told(SLACK, index, manner, place_of(slack))
    });
    let webhooks = config.webhooks.iter().enumerate().map(|(index, webhook)| {
        let manner = Manner { send_resolved: webhook.send_resolved, paced: false };
        told(WEBHOOK, index, manner, format!("{name}/{WEBHOOK}/{index}"))
    });
    let integrations: Vec<_> = slack.chain(webhooks).collect();
    let unsupported = config.unsupported.iter().enumerate().map(|(index, unsupported)| {
        (receiver_id(&name, unsupported.integration, index), Hushed::UnsupportedReceiver)
    });
    let mut silent: Vec<_> = unsupported.collect();
    if integrations.is_empty() && silent.is_empty() {
        silent.push((receiver_id(&name, "", 0), Hushed::NoIntegration));
    }
    NamedReceiver { name, integrations, silent }
}

/// Whether it is Slack itself that is posted to, which wants one message a second and channel. An address in a file is
/// taken for Slack's.
fn is_slacks_own(slack: &SlackConfig) -> bool {
    let url = match &slack.access {
        SlackAccess::Url(SecretSource::File(_)) => return true,
        SlackAccess::Url(SecretSource::Given(url)) => url.expose(),
        SlackAccess::App { url, .. } => url,
    };
    let host = url.split_once("://").map_or("", |(_, rest)| rest).split(['/', ':', '?']).next();
    host.is_some_and(|host| {
        host == "slack.com" || host.ends_with(".slack.com") || host.ends_with(".slack-gov.com")
    })
}

/// What messages share a pace by: the address, and the channel that is named beside it. It is kept as a number, for the
/// address is a secret.
fn place_of(slack: &SlackConfig) -> String {
    let (what, secret) = match &slack.access {
        SlackAccess::Url(source) => ("url", source),
        SlackAccess::App { token, .. } => ("token", token),
    };
    let text = match secret {
        SecretSource::Given(secret) => secret.expose(),
        SecretSource::File(path) => &path.to_string_lossy(),
    };
    format!("slack {what} {}", receiver_id(text, &slack.channel, 0))
}

#[cfg(test)]
mod tests {
    use larum_core::label::LabelSet;
    use larum_core::route::Way;
    use larum_core::time::Timestamp;

    use super::*;
    use crate::config::Options;

    fn read(text: &str) -> Routing {
        let options = Options { skip_unsupported: true, ..Options::default() };
        routing(&Configuration::parse(text, &options).unwrap()).unwrap()
    }

    const FILE: &str = "
route:
  receiver: nobody
  routes:
  - { receiver: team, matchers: [team=a], group_by: [alertname], mute_time_intervals: [night], continue: true }
  - { receiver: pager, matchers: [severity=critical] }
receivers:
- name: nobody
- name: pager
  email_configs: [{ to: a@b.c, from: a@b.c, smarthost: 'localhost:25' }]
- name: team
  webhook_configs: [{ url: 'http://127.0.0.1:1/a' }, { url: 'http://127.0.0.1:1/b', send_resolved: false }]
  slack_configs: [{ api_url: 'https://hooks.slack.com/services/T/B/x', channel: '#a' }]
time_intervals:
- name: night
  time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }], location: Europe/Berlin }]
";

    #[test]
    fn each_way_to_tell_a_receiver_is_one_of_its_own() {
        let routing = read(FILE);
        let labels = LabelSet::from_pairs([("alertname", "Disk"), ("team", "a"), ("severity", "critical")]);
        let mut told: Vec<String> = routing
            .destinations(&labels)
            .iter()
            .map(|place| {
                let receiver = routing.integration(place.receiver).unwrap();
                let channel = receiver.channels.iter().next().unwrap();
                format!(
                    "{} {channel} {:?} {}",
                    receiver.name,
                    receiver.manner,
                    place.way.group_key(&place.labels)
                )
            })
            .collect();
        told.sort();
        let key = r#"{}/{team="a"}:{alertname="Disk"}"#;
        assert_eq!(
            told,
            [
                format!("team slack[0] Manner {{ send_resolved: false, paced: true }} {key}"),
                format!("team webhook[0] Manner {{ send_resolved: true, paced: false }} {key}"),
                format!("team webhook[1] Manner {{ send_resolved: false, paced: false }} {key}"),
            ]
        );
        let pager = receiver_id("pager", "email", 0);
        assert_eq!(routing.silent(&labels), [(pager, Hushed::UnsupportedReceiver)]);
        let nobody = (receiver_id("nobody", "", 0), Hushed::NoIntegration);
        assert_eq!(routing.silent(&LabelSet::empty()), [nobody]);
    }

    #[test]
    fn time_intervals_are_those_of_their_place() {
        let routing = read(FILE);
        let way = Way::Route(r#"{}/{team="a"}"#.into());
        let route = routing.route(&way, receiver_id("team", WEBHOOK, 0)).unwrap();
        // 2027-01-15, 22:00 in Berlin and one minute before.
        let ten = Timestamp::from_millis(1_800_046_800_000);
        assert_eq!(routing.off_time(route, ten).unwrap().by[..], ["night".into()]);
        let (minute, hour) = (std::time::Duration::from_secs(60), std::time::Duration::from_secs(3600));
        assert_eq!(routing.off_time(route, ten.minus(minute)), None);
        assert_eq!(routing.next_off_time_change(route, ten.minus(minute)), Some(ten));
        assert_eq!(routing.next_off_time_change(route, ten), Some(ten.plus(2 * hour)), "midnight");
        let root = routing.tree().path(route)[0];
        assert_eq!(routing.next_off_time_change(root, ten), None);
    }

    #[test]
    fn numbers_are_the_same_each_time_and_fit_into_javascript() {
        let id = receiver_id("team", WEBHOOK, 1);
        assert_eq!(id, receiver_id("team", WEBHOOK, 1));
        assert_ne!(id, receiver_id("team", WEBHOOK, 0));
        assert_ne!(id, receiver_id("teamw", "ebhook", 1));
        assert!((1 << 52..1 << 53).contains(&id.0));
    }
}
