//! Small files. The hard limit has a ratchet: exceptions are listed, and may only shrink.

use crate::tree::{Source, nothing, root, sources};

/// The most lines of a file.
const HARD: usize = 500;
/// At most this many lines have nine files of ten.
const USUAL: usize = 300;
/// Where the exceptions stand.
const RATCHET: &str = "crates/xtask/tests/tidy/ratchet.txt";
/// Made by a program, from the description of the API.
const GENERATED: [&str; 1] = ["console/src/api/schema.ts"];

/// What is written by hand and read by people.
fn written() -> Vec<Source> {
    let mut files = sources("crates");
    files.extend(sources("bench"));
    files.extend(sources("console"));
    files.retain(|file| {
        file.is_a(&["rs", "ts", "tsx", "mjs", "js", "css", "html", "py"])
            && !GENERATED.contains(&file.path.as_str())
    });
    files
}

/// The exceptions, with the lines they may have: `crates/a/src/b.rs 512` and a reason.
fn exceptions() -> Vec<(String, usize)> {
    let text = std::fs::read_to_string(root().join(RATCHET)).expect("the ratchet is there");
    let rules = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rules
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let path = words.next().unwrap_or_default().to_owned();
            let lines = words.next().and_then(|lines| lines.parse().ok());
            let reason = words.next().is_some_and(|reason| !reason.trim().is_empty());
            assert!(reason, "{RATCHET}: an exception is a path, its lines and a reason, not {line:?}");
            (path, lines.unwrap_or_else(|| panic!("{RATCHET}: how many lines? {line:?}")))
        })
        .collect()
}

#[test]
fn no_file_is_too_long_to_read() {
    let exceptions = exceptions();
    let files = written();
    let mut wrong = Vec::new();
    for file in &files {
        let lines = file.text.lines().count();
        match exceptions.iter().find(|(path, _)| *path == file.path) {
            None if lines > HARD => wrong.push(format!("{} has {lines} lines: {HARD} at most", file.path)),
            Some((_, allowed)) if lines > *allowed => {
                wrong.push(format!("{} has grown from {allowed} to {lines} lines", file.path));
            }
            Some((_, allowed)) if lines < *allowed => {
                wrong.push(format!("{} has only {lines} lines now: say so in {RATCHET}", file.path));
            }
            _ => {}
        }
    }
    let gone = exceptions.iter().filter(|(path, _)| !files.iter().any(|file| file.path == *path));
    wrong.extend(gone.map(|(path, _)| format!("{path} is gone: take it out of {RATCHET}")));
    nothing(&wrong, "A file that outgrew its room has a second thing in it:");
}

#[test]
fn nine_files_of_ten_are_short() {
    let mut lines: Vec<usize> = written().iter().map(|file| file.text.lines().count()).collect();
    lines.sort_unstable();
    let usual = lines[lines.len() * 9 / 10];
    assert!(usual <= USUAL, "one file of ten has {usual} lines or more; {USUAL} was the limit");
}
