//! Flags of Alertmanager's that mean nothing here: they are taken, so that whatever starts an Alertmanager starts Larum,
//! and it is said once that they do nothing.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

/// Why flags do nothing.
const WHY: [(&str, &[&str]); 3] = [
    (
        "Larum is alone in its cluster and opens no port for it: everything it accepts is on disk",
        &[
            "cluster.advertise-address",
            "cluster.peer",
            "cluster.peer-timeout",
            "cluster.peers-resolve-timeout",
            "cluster.gossip-interval",
            "cluster.pushpull-interval",
            "cluster.tcp-timeout",
            "cluster.probe-timeout",
            "cluster.probe-interval",
            "cluster.settle-timeout",
            "cluster.reconnect-interval",
            "cluster.reconnect-timeout",
            "cluster.tls-config",
            "cluster.label",
        ],
    ),
    (
        "Larum writes down what it accepts at once, and needs no maintenance of this kind",
        &["data.maintenance-interval", "alerts.gc-interval", "dispatch.maintenance-interval"],
    ),
    ("Larum has limits of its own", &["auto-gomemlimit.ratio"]),
];

/// The same of those that take no value.
const SWITCHES: [(&str, &str); 3] = [
    ("Larum opens no port for a cluster", "cluster.allow-insecure-public-advertise-address-discovery"),
    ("what a silence hid is written down beside each alert", "log.silences"),
    ("Larum listens itself, at --web.listen-address", "web.systemd-socket"),
];

/// What switches them off, which they are.
const OFF: [(&str, &str); 3] = [
    (
        "no-cluster.allow-insecure-public-advertise-address-discovery",
        "cluster.allow-insecure-public-advertise-address-discovery",
    ),
    ("no-log.silences", "log.silences"),
    ("no-web.systemd-socket", "web.systemd-socket"),
];

/// Which of these flags were given.
#[derive(Debug, Default)]
pub struct Idle(Vec<&'static str>);

impl Idle {
    /// Says once what was given and does nothing.
    pub fn say(&self) {
        for (why, names) in WHY {
            let given: Vec<String> =
                names.iter().filter(|name| self.0.contains(name)).map(|name| format!("--{name}")).collect();
            if !given.is_empty() {
                tracing::info!(flags = given.join(" "), why, "these flags do nothing here");
            }
        }
        for (why, name) in SWITCHES.into_iter().filter(|(_, name)| self.0.contains(name)) {
            tracing::info!(flags = format!("--{name}"), why, "these flags do nothing here");
        }
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    WHY.iter().flat_map(|(_, names)| names.iter().copied())
}

impl Args for Idle {
    fn augment_args(command: Command) -> Command {
        let values = names().map(|name| {
            Arg::new(name).long(name).hide(true).num_args(1).action(ArgAction::Append).value_name("VALUE")
        });
        let switches =
            SWITCHES.map(|(_, name)| Arg::new(name).long(name).hide(true).action(ArgAction::SetTrue));
        // Switches of Alertmanager's can be switched off in so many words (kingpin, "Boolean Values").
        let off = OFF.map(|(no, name)| {
            Arg::new(no).long(no).hide(true).action(ArgAction::SetTrue).overrides_with(name)
        });
        command.args(values).args(switches).args(off)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Idle {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = |name: &&str| matches.value_source(name) == Some(ValueSource::CommandLine);
        let all = names().chain(SWITCHES.map(|(_, name)| name));
        Ok(Self(all.filter(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
