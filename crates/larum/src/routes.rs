//! `larum routes`: what the routes of an `alertmanager.yml` look like, and whom labels lead to.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use larum_alertmanager::config::{Configuration, Options};
use larum_alertmanager::routing::routing;
use larum_core::duration::show_duration;
use larum_core::label::LabelSet;
use larum_core::route::{GroupBy, Route, RouteId, RouteTree};
use larum_core::routing::Routing;

use crate::files::read;

/// What `larum routes` is told.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows the tree of routes, each with what it inherits.
    Show(File),
    /// Says which receivers an alert with these labels is told to.
    Test(Test),
}

#[derive(Debug, clap::Args)]
struct File {
    /// The alertmanager.yml.
    #[arg(long = "config.file", env = "LARUM_CONFIG_FILE", default_value = "alertmanager.yml")]
    path: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Test {
    #[command(flatten)]
    file: File,
    /// The receivers that are expected, in order, between commas; if they are others, the exit status is 1.
    #[arg(long = "verify.receivers", value_name = "RECEIVERS", value_delimiter = ',')]
    expected: Vec<String>,
    /// Shows the way to each of them too.
    #[arg(long = "tree")]
    tree: bool,
    /// The alert's labels, as in severity=critical.
    #[arg(required = true, value_name = "LABEL=VALUE")]
    labels: Vec<String>,
}

/// Answers what is asked.
///
/// # Errors
/// If the file is wrong, a label is none, or other receivers were expected.
pub fn run(flags: Flags) -> anyhow::Result<()> {
    match flags.command {
        Command::Show(file) => {
            let routing = file.load()?;
            write!(std::io::stdout().lock(), "{}", tree(routing.tree(), |_| true))?;
            Ok(())
        }
        Command::Test(test) => test.run(),
    }
}

impl File {
    fn load(&self) -> anyhow::Result<Routing> {
        let file = self.path.display();
        let text = read(&self.path).with_context(|| format!("{file} cannot be read"))?;
        let options = Options { skip_unsupported: true, ..Options::default() };
        let configuration = Configuration::parse(&text, &options).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(|error| format!("{file}: {error}")).collect();
            anyhow!(lines.join("\n"))
        })?;
        routing(&configuration).with_context(|| file.to_string())
    }
}

impl Test {
    fn run(&self) -> anyhow::Result<()> {
        let labels = self.labels.iter().map(|pair| {
            pair.split_once('=').with_context(|| format!("{pair:?} is no label: write name=value"))
        });
        let labels: LabelSet = labels.collect::<anyhow::Result<_>>()?;
        let routing = self.file.load()?;
        let found = routing.tree().matching(&labels);
        let receivers: Vec<&str> =
            found.iter().filter_map(|id| routing.tree().route(*id)).map(|route| &*route.receiver).collect();
        let mut out = std::io::stdout().lock();
        if self.tree {
            let ways: Vec<RouteId> = found.iter().flat_map(|id| routing.tree().path(*id)).collect();
            write!(out, "{}", tree(routing.tree(), |id| ways.contains(&id)))?;
        }
        writeln!(out, "{}", receivers.join(","))?;
        if !self.expected.is_empty() && self.expected != receivers {
            bail!("these receivers were expected: {}", self.expected.join(","));
        }
        Ok(())
    }
}

/// The routes that `shows`, as a tree.
fn tree(routes: &RouteTree, shows: impl Fn(RouteId) -> bool) -> String {
    let mut text = String::new();
    // What stands before a route's line, and before those below it.
    let mut waiting = vec![(RouteId(0), String::new(), String::new())];
    while let Some((id, before, below)) = waiting.pop() {
        let Some(route) = routes.route(id) else { continue };
        text.push_str(&format!("{before}{}\n", line(route)));
        let children: Vec<RouteId> = route.children().iter().copied().filter(|id| shows(*id)).collect();
        let last = children.len().saturating_sub(1);
        for (place, child) in children.into_iter().enumerate().rev() {
            let (branch, rest) =
                if place == last { ("└── ", "    ") } else { ("├── ", "│   ") };
            waiting.push((child, format!("{below}{branch}"), format!("{below}{rest}")));
        }
    }
    text
}

/// A route in one line: what it wants, whom it tells, how it gathers.
fn line(route: &Route) -> String {
    let matchers: Vec<String> = route.matchers().iter().map(ToString::to_string).collect();
    let by = match &route.group_by {
        GroupBy::All => "every label".to_owned(),
        GroupBy::Labels(names) if names.is_empty() => "nothing".to_owned(),
        GroupBy::Labels(names) => names.join(", "),
    };
    let mut line = format!(
        "{{{}}}  receiver: {}  grouped by {by}  wait {}, interval {}, repeat {}",
        matchers.join(","),
        route.receiver,
        show_duration(route.group_wait),
        show_duration(route.group_interval),
        show_duration(route.repeat_interval),
    );
    let times = [("mute at", &route.mute_time_intervals), ("active at", &route.active_time_intervals)];
    for (what, names) in times.into_iter().filter(|(_, names)| !names.is_empty()) {
        line.push_str(&format!("  {what} {}", names.join(", ")));
    }
    if route.continues {
        line.push_str("  continue");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
route:
  receiver: team
  group_by: [alertname]
  routes:
  - { receiver: pager, matchers: [severity=critical], continue: true, group_wait: 1s }
  - receiver: quiet
    matchers: [team=~\"a|b\"]
    group_by: ['...']
    routes:
    - { receiver: night, active_time_intervals: [night] }
receivers: [{ name: team }, { name: pager }, { name: quiet }, { name: night }]
time_intervals: [{ name: night, time_intervals: [] }]
";

    #[test]
    fn the_tree_shows_what_each_route_inherits() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("alertmanager.yml");
        std::fs::write(&path, FILE).expect("it can be written");
        let routing = File { path }.load().expect("it is sound");
        let shown = tree(routing.tree(), |_| true);
        let expected = r#"{}  receiver: team  grouped by alertname  wait 30s, interval 5m, repeat 4h
├── {severity="critical"}  receiver: pager  grouped by alertname  wait 1s, interval 5m, repeat 4h  continue
└── {team=~"a|b"}  receiver: quiet  grouped by every label  wait 30s, interval 5m, repeat 4h
    └── {}  receiver: night  grouped by every label  wait 30s, interval 5m, repeat 4h  active at night
"#;
        assert_eq!(shown, expected);
    }
}
