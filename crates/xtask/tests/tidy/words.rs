//! Words that are not to stay in the tree.

use regex::Regex;

use crate::tree::{Source, nothing, root, sources};

/// What is written by hand, in any language.
fn written() -> Vec<Source> {
    let mut files = sources("");
    files.retain(|file| !file.path.ends_with("-lock.json") && !file.path.ends_with("Cargo.lock"));
    files
}

fn lines_with(files: &[Source], pattern: &Regex) -> Vec<String> {
    let found = files.iter().flat_map(|file| {
        let lines = file.lines().filter(|(_, line)| pattern.is_match(line));
        lines.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())).collect::<Vec<_>>()
    });
    found.collect()
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is right")
}

// The patterns below are put together from halves, so that they do not find themselves.

#[test]
fn nothing_is_left_for_later() {
    let later =
        pattern(concat!(r"\bFIX", r"ME\b|\bXX", r"X\b|\bTO", r"DO\b|\btodo", r"!\(|\bunimple", r"mented!\("));
    nothing(&lines_with(&written(), &later), "Do it now, or open an issue:");
}

#[test]
fn no_test_is_switched_off_or_runs_alone() {
    let tests =
        [r"#\[ign", r"ore|\b(test|it|describe)\.(sk", r"ip|on", r"ly|to", r"do)\b|@unittest\.sk", r"ip"]
            .concat();
    nothing(&lines_with(&written(), &pattern(&tests)), "A test runs, or it goes:");
}

#[test]
fn no_test_waits_for_time_to_pass() {
    let mut tests = written();
    tests.retain(|file| {
        file.path.contains("/tests/") || file.path.contains("/e2e/") || file.path.contains(".test.")
    });
    let sleeping =
        pattern(concat!(r"thread::sle", r"ep|time::sle", r"ep\(|waitForTime", r"out\(|\btime\.sle", r"ep\("));
    nothing(&lines_with(&tests, &sleeping), "Wait for an event, or let virtual time pass:");
}

#[test]
fn names_say_what_a_thing_is() {
    let mut code = written();
    code.retain(|file| file.is_a(&["rs", "ts", "tsx"]) && file.path != "console/src/api/schema.ts");
    let empty = concat!(
        r"\b(struct|enum|trait|class|interface|type|mod)\s+\w*(Mana",
        r"ger|Hel",
        r"per|Ut",
        r"ils?)\b"
    );
    nothing(&lines_with(&code, &pattern(empty)), "Such a name says nothing:");
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let root = regex::escape(&root().to_string_lossy());
    let machine = pattern(&[&root, r"|/ho", r"me/\w|/ro", r"ot/\w|/Use", r"rs/\w|C:\\\\Use", r"rs"].concat());
    nothing(&lines_with(&written(), &machine), "Somebody else's machine has no such path:");
}

#[test]
fn no_secret_is_in_the_tree() {
    let secret = [
        r"\bxox[abprs]-\d{9,}-\d{9,}-\w{16,}",
        r"|\bxap",
        r"p-\d-[A-Z0-9]{8,}-\d{9,}-\w{16,}",
        r"|-----BEGIN [A-Z ]*PRIV",
        r"ATE KEY-----",
        r"|\bgh[pous]_\w{30,}|\bAKIA[A-Z0-9]{16}\b",
    ];
    nothing(&lines_with(&written(), &pattern(&secret.concat())), "A secret belongs into no source tree:");
}
