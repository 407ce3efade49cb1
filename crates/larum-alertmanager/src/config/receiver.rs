//! `receivers`.

use std::collections::{BTreeMap, HashSet};

use super::field::{At, Section};
use super::global::Global;
use super::slack::{self, SlackConfig};
use super::webhook::{self, WebhookConfig};
use super::{Options, original};

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Receiver {
    /// The name that routes call it by; no other has it.
    pub name: String,
    /// What it is known by beside its name.
    pub labels: BTreeMap<String, String>,
    /// Slack channels, in the order of the file.
    pub slack: Vec<SlackConfig>,
    /// URLs, in the order of the file.
    pub webhooks: Vec<WebhookConfig>,
    /// What Larum cannot tell; empty unless [`Options::skip_unsupported`].
    pub unsupported: Vec<Unsupported>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

/// A way to tell somebody that Larum does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What it is: `email`, `pagerduty` …
    pub integration: &'static str,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

/// The integrations of Alertmanager's that Larum does not have, and the fields of a receiver that they are in.
const UNSUPPORTED: [(&str, &str); 16] = [
    ("discord", "discord_configs"),
    ("email", "email_configs"),
    ("incidentio", "incidentio_configs"),
    ("pagerduty", "pagerduty_configs"),
    ("opsgenie", "opsgenie_configs"),
    ("wechat", "wechat_configs"),
    ("pushover", "pushover_configs"),
    ("victorops", "victorops_configs"),
    ("sns", "sns_configs"),
    ("telegram", "telegram_configs"),
    ("webex", "webex_configs"),
    ("msteams", "msteams_configs"),
    ("msteamsv2", "msteamsv2_configs"),
    ("jira", "jira_configs"),
    ("rocketchat", "rocketchat_configs"),
    ("mattermost", "mattermost_configs"),
];

pub(super) fn read(at: Option<At<'_>>, global: &Global, options: &Options) -> Vec<Receiver> {
    let mut names = HashSet::new();
    let mut receivers = Vec::new();
    for at in at.map(|at| at.items()).unwrap_or_default() {
        let Some(section) = at.section() else { continue };
        let name = section.take("name");
        let text = name.as_ref().and_then(At::text).unwrap_or_default();
        if text.is_empty() {
            section.missing::<()>("name", "a receiver needs a name");
        } else if !names.insert(text.clone()) {
            let message = format!("the name of a receiver must be unique, and {text:?} is not");
            name.as_ref().unwrap_or(&at).wrong(message);
        }
        receivers.push(receiver(&section, text, global, options));
    }
    receivers
}

fn receiver(section: &Section<'_>, name: String, global: &Global, options: &Options) -> Receiver {
    let items = |field| section.take(field).map(|at| at.items()).unwrap_or_default();
    let slack = items("slack_configs").iter().filter_map(|at| slack::read(at, global, options)).collect();
    let webhooks =
        items("webhook_configs").iter().filter_map(|at| webhook::read(at, global, options)).collect();
    let mut unsupported = Vec::new();
    for (integration, field) in UNSUPPORTED {
        for at in items(field) {
            original::hide_what_looks_secret("", &at);
            if !options.skip_unsupported {
                at.wrong(format!(
                    "receiver {name:?}: Larum has no {integration}, only Slack and webhooks; \
                     --config.skip-unsupported loads the rest"
                ));
            }
            unsupported.push(Unsupported { integration, line: at.place().line });
        }
    }
    let labels = labels(section, &name);
    Receiver { name, labels, slack, webhooks, unsupported, line: section.at().place().line }
}

/// The labels of a receiver; one that is called `name` must say its name (Alertmanager 0.33).
fn labels(section: &Section<'_>, name: &str) -> BTreeMap<String, String> {
    let pairs = section.take("labels").map(|at| at.pairs()).unwrap_or_default();
    let label = |(label, at): (String, At<'_>)| {
        let value = at.text()?;
        if label == "name" && value != name {
            at.wrong(format!("the label \"name\" must be the receiver's name, {name:?}"));
        }
        Some((label, value))
    };
    pairs.into_iter().filter_map(label).collect()
}
