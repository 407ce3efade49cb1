//! Alertmanager's own `amtool` finds the same receivers in the same tree as `RouteTree::matching` does.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use larum_core::label::LabelSet;
use larum_core::matcher::{MatchOp, Matcher};
use larum_core::route::{RouteDraft, RouteTree};

use crate::amtool::amtool;
use crate::draw::Draw;

/// Grows a route below another, and writes it into the file as it goes.
struct Gardener {
    draw: Draw,
    file: String,
    receivers: usize,
}

impl Gardener {
    fn route(&mut self, depth: usize) -> RouteDraft {
        let indent = "  ".repeat(depth);
        let receiver = format!("r{}", self.receivers);
        self.receivers += 1;
        let continues = depth > 0 && self.draw.below(3) == 0;
        let dash = if depth > 0 { "- " } else { "  " };
        // Writing to a string cannot fail.
        let _ = writeln!(self.file, "{indent}{dash}receiver: {receiver}\n{indent}  continue: {continues}");
        let matchers: Vec<Matcher> = if depth > 0 { self.matchers() } else { vec![] };
        let written: Vec<String> =
            matchers.iter().map(|m| format!("'{}{}\"{}\"'", m.name(), m.op(), m.value())).collect();
        let _ = writeln!(self.file, "{indent}  matchers: [{}]", written.join(", "));
        let below = if depth < 3 { self.draw.below(7) } else { 0 };
        if below > 0 {
            let _ = writeln!(self.file, "{indent}  routes:");
        }
        let routes = (0..below).map(|_| self.route(depth + 1)).collect();
        RouteDraft { receiver: Some(receiver.into()), matchers, continues, routes, ..RouteDraft::default() }
    }

    fn matchers(&mut self) -> Vec<Matcher> {
        let op = [MatchOp::Equal, MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regexp, MatchOp::NotRegexp];
        let one = |draw: &mut Draw| {
            let (name, value) =
                (draw.one(&["a", "b", "c"]), draw.one(&["", "1", "2", "1|2", "1.*", ".*2", ".+"]));
            Matcher::new(name, op[draw.below(op.len())], value).expect("it is an expression")
        };
        (0..self.draw.below(3)).map(|_| one(&mut self.draw)).collect()
    }
}

fn amtools(file: &Path, pairs: &[(&str, &str)]) -> String {
    let labels = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    let command = ["config", "routes", "test", "--config.file"];
    let output = Command::new(amtool()).args(command).arg(file).args(labels).output().expect("amtool runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn amtool_finds_the_same_receivers() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("alertmanager.yml");
    let mut several = 0;
    for seed in 0..12 {
        let mut gardener = Gardener { draw: Draw(seed), file: "route:\n".to_owned(), receivers: 0 };
        let tree = RouteTree::new(gardener.route(0)).expect("it is a sound tree");
        let names: Vec<String> =
            (0..gardener.receivers).map(|number| format!("{{name: r{number}}}")).collect();
        let text = format!("{}receivers: [{}]\n", gardener.file, names.join(", "));
        std::fs::write(&file, &text).expect("there is room");
        for _ in 0..8 {
            let values = ["1", "2", "12", "3"];
            let mut pairs = vec![("a", gardener.draw.one(&values)), ("b", gardener.draw.one(&values))];
            pairs.truncate(1 + gardener.draw.below(2));
            let labels: LabelSet = pairs.iter().copied().collect();
            let found = tree.matching(&labels).into_iter().filter_map(|id| tree.route(id));
            let ours: Vec<&str> = found.map(|route| &*route.receiver).collect();
            several += usize::from(ours.len() > 1);
            assert_eq!(ours.join(","), amtools(&file, &pairs), "seed {seed}: {labels} in\n{text}");
        }
    }
    assert!(several > 10, "trees in which alerts go on to more than one receiver");
}
