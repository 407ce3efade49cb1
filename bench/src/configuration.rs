//! The `alertmanager.yml` that both programs are started with.

use std::net::SocketAddr;

/// What a message goes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// An incoming webhook of Slack, with templates as people write them.
    Slack,
    /// A webhook, which gets the alerts as they are.
    Webhook,
}

/// What differs between scenarios; everything is grouped by alertname and namespace.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// Whom it tells.
    pub channel: Channel,
    /// How long a new group waits, as Prometheus writes durations.
    pub group_wait: &'static str,
    /// How long it waits before it tells more.
    pub group_interval: &'static str,
    /// Whether it is told when an alert is over.
    pub send_resolved: bool,
    /// Whether critical alerts hush all others of the same cluster and instance.
    pub inhibition: bool,
}

impl Configuration {
    /// Tells Slack what fires.
    pub const fn slack(group_wait: &'static str) -> Self {
        let (channel, group_interval) = (Channel::Slack, "5m");
        Self { channel, group_wait, group_interval, send_resolved: false, inhibition: false }
    }

    /// Tells a webhook what fires.
    pub const fn webhook(group_wait: &'static str) -> Self {
        Self { channel: Channel::Webhook, ..Self::slack(group_wait) }
    }

    /// The file, for whoever tells this address.
    pub fn text(&self, receiver: SocketAddr) -> String {
        let Self { group_wait, group_interval, .. } = self;
        let mut text = format!(
            "route:\n  receiver: main\n  group_by: [alertname, namespace]\n  group_wait: {group_wait}\n  \
             group_interval: {group_interval}\n  repeat_interval: 4h\n"
        );
        if self.inhibition {
            text.push_str(INHIBITION);
        }
        text.push_str(&self.receiver(receiver));
        text
    }

    fn receiver(&self, address: SocketAddr) -> String {
        let resolved = self.send_resolved;
        match self.channel {
            Channel::Webhook => format!(
                "receivers:\n- name: main\n  webhook_configs:\n  - url: http://{address}/webhook\n    \
                 send_resolved: {resolved}\n"
            ),
            Channel::Slack => format!(
                "receivers:\n- name: main\n  slack_configs:\n  - api_url: http://{address}/slack\n    \
                 channel: '#alerts'\n    send_resolved: {resolved}\n{TEMPLATES}"
            ),
        }
    }
}

const INHIBITION: &str = r#"inhibit_rules:
- source_matchers: ['severity="critical"']
  target_matchers: ['severity!="critical"']
  equal: [cluster, instance]
"#;

/// The status stands behind the mark, where [`crate::marks`] looks for it.
const TEMPLATES: &str = r#"    title: '[{{ .Status | toUpper }}:{{ .Alerts.Firing | len }}] {{ .GroupLabels.alertname }}'
    text: >-
      {{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.description }}
      ({{ .Labels.uid }}{{ .Status }}) <{{ .Annotations.runbook_url }}|runbook>{{ "\n" }}{{ end }}
"#;
