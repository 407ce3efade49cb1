//! Files with one thing wrong, and what is told of it.

use larum_alertmanager::config::{ConfigError, Configuration, MOST_ERRORS, Options};

use crate::{GOOD, told};

/// One thing that is wrong.
pub struct Wrong {
    /// Lines of a file.
    lines: &'static str,
    /// The line that is told, if it matters.
    line: Option<usize>,
    /// The path of the field, and how the words about it begin.
    words: &'static str,
    /// Whether amtool 0.25 knows that it is wrong.
    pub known_to_amtool: bool,
}

const ROUTE: &str = "route: { receiver: a }\n";
const RECEIVERS: &str = "receivers: [{ name: a, webhook_configs: [{ url: http://x }] }, { name: b }]\n";

impl Wrong {
    /// All that there are.
    pub fn all() -> impl Iterator<Item = Self> {
        include_str!("../files/wrong.txt").split("\n\n").skip(1).map(Self::read)
    }

    fn read(text: &'static str) -> Self {
        let (lines, told) = text.trim_end().rsplit_once('\n').expect("lines, and what is told of them");
        let (arrow, told) = told.split_once(' ').expect("an arrow, and what is told");
        let (line, words) = told.split_once(": ").expect("a line, and words");
        let known_to_amtool = match arrow {
            "=>" => true,
            "~>" => false,
            _ => panic!("{arrow} is no arrow"),
        };
        Self { lines, line: line.parse().ok(), words, known_to_amtool }
    }

    /// The file: what is wrong, above what is right.
    pub fn text(&self) -> String {
        let has = |field: &str| self.lines.lines().any(|line| line.starts_with(field));
        let [route, receivers] = [("route:", ROUTE), ("receivers:", RECEIVERS)]
            .map(|(field, text)| if has(field) || self.lines.contains("# bare") { "" } else { text });
        format!("{}\n{route}{receivers}", self.lines)
    }

    fn is_told(&self, error: &ConfigError) -> bool {
        let path = if error.path.is_empty() { String::new() } else { format!("{}: ", error.path) };
        let place = self.line.is_none_or(|line| line == error.place.line) && error.place.column > 0;
        place && format!("{path}{}", error.message).starts_with(self.words)
    }
}

#[test]
fn whatever_is_wrong_is_named_with_its_line_and_the_path_of_its_field() {
    let mut surprises = Vec::new();
    for wrong in Wrong::all() {
        let errors = Configuration::parse(&wrong.text(), &Options::default()).err().unwrap_or_default();
        if errors.len() != 1 || !wrong.is_told(&errors[0]) {
            surprises.push(format!("{}\n  is to tell {}\n  and tells {errors:?}", wrong.lines, wrong.words));
        }
    }
    assert!(Wrong::all().count() > 150);
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn all_that_is_wrong_is_told_in_the_order_of_the_file() {
    let text = GOOD
        .replace("resolve_timeout: 10m", "resolve_timeout: soon")
        .replace("'severity=~", "'severity=")
        .replace("[night]", "[nacht]")
        .replace("channel: '#alerts'", "chanel: '#alerts'")
        .replace("max_alerts: 10", "max_alerts: many");
    assert_eq!(
        told(&text),
        [
            r#"line 3, column 20: global.resolve_timeout: "soon" is not a duration such as 90s, 5m or 1h30m"#,
            r#"line 25, column 29: route.routes[0].mute_time_intervals[0]: there is no time interval "nacht""#,
            "line 53, column 9: receivers[0].slack_configs[0].chanel: there is no such field here",
            "line 73, column 21: receivers[1].webhook_configs[0].max_alerts: must be a whole number from 0, not \
             another word",
        ]
    );
}

#[test]
fn what_would_take_too_much_is_refused() {
    let deep = format!("x: {}{}", "[".repeat(200), "]".repeat(200));
    assert!(told(&deep)[0].contains("goes deeper than 100 levels"), "{:?}", told(&deep));
    let many: String = (0..50_000).map(|number| format!("x{number}: 1\n")).collect();
    assert_eq!(told(&many).len(), MOST_ERRORS);
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        laughs += &format!("a{level}: &a{level} [{before}]\n");
    }
    assert!(told(&laughs)[0].contains("has more than 1000000 parts"), "{:?}", told(&laughs));
}
