//! Go itself, inside Alertmanager's `amtool`, reads thousands of patterns and finds with them what is found here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use larum_re2::{Expression, Replacement};

use crate::amtool::amtool;
use crate::draw::Draw;

/// What patterns are put together from: what each part of the syntax needs, and halves of it.
const PARTS: [&str; 96] = [
    "a",
    "b",
    "K",
    "é",
    "ſ",
    "ß",
    "_",
    " ",
    "#",
    "-",
    "&",
    "~",
    "\n",
    "1",
    "0",
    ",",
    "{",
    "}",
    "]",
    "^",
    "$",
    ".",
    "*",
    "+",
    "?",
    "*?",
    "+?",
    "??",
    "{2}",
    "{1,3}",
    "{0,2}?",
    "{,3}",
    "{3,1}",
    "{0}",
    "{02}",
    "{1001}",
    "|",
    "||",
    "(",
    ")",
    "(a",
    "b)",
    "()",
    "(?:",
    "(?i)",
    "(?i:",
    "(?s)",
    "(?m)",
    "(?U)",
    "(?-i)",
    "(?x)",
    "(?ims-U:",
    "(?i-s)",
    "(?P<n>",
    "(?P<m>a)",
    "(?P<1>",
    "(?=",
    "[",
    "[a-c]",
    "[^a]",
    "[]a]",
    "[a-]",
    "[-a]",
    "[[:alpha:]]",
    "[[:^word:]]",
    "[a&&b]",
    "[a--b]",
    "[a~~b]",
    "[[a]b]",
    "[\\d_]",
    "[\\pL]",
    "[^\\S]",
    "[\\]]",
    "[b-a]",
    "[[:x:]]",
    "[a-\\d]",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\Z",
    "\\pN",
    "\\PL",
    "\\p{Greek}",
    "\\p{^Lu}",
    "\\Q*[\\E",
    "\\x{e9}",
    "\\x41",
    "\\101",
    "\\",
];

/// What they are tried on.
const TEXTS: [&str; 8] =
    ["", "ab", "aKbé1 _-", "\n\u{b}\t a", "ſsSK\u{212a}k", "αΩ٣٤éÉ", "[a]b&&b~~-]{,3}", "a1b2c3#0,aab\nabb"];

const WITH: &str = "<$0|$1|${2}x|$n|$1x>";

/// A text between quotes as Go reads it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter.is_ascii_alphanumeric() {
            true => out.push(letter),
            // Writing to a string cannot fail.
            false => drop(write!(out, "\\U{:08x}", u32::from(letter))),
        }
    }
    out + "\""
}

/// What becomes of a text in which everything that is found is replaced.
fn replaced(expression: &Expression, text: &str) -> String {
    let (with, mut out, mut from) = (Replacement::new(WITH), String::new(), 0);
    for found in expression.captures_iter(text) {
        let whole = found.get_match().range();
        out.push_str(&text[from..whole.start]);
        with.write(&mut out, usize::MAX, |name| expression.group(&found, name).map(|at| &text[at]));
        from = whole.end;
    }
    out + &text[from..]
}

/// What amtool makes of a template: what it prints, or what it says is wrong.
fn rendered(folder: &Path, template: &str) -> Result<String, String> {
    let file = folder.join("patterns.tmpl");
    std::fs::write(&file, format!("{{{{ define \"all\" }}}}{template}{{{{ end }}}}")).expect("there is room");
    let mut amtool = Command::new(amtool());
    amtool.args(["template", "render", "--template.text={{ template \"all\" . }}"]);
    let output = amtool.arg(format!("--template.glob={}", file.display())).output().expect("amtool starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(out.into_owned()) } else { Err(format!("{out}{err}")) }
}

fn call(pattern: &str, text: &str) -> String {
    format!("{{{{ printf \"%q\" (reReplaceAll {} {} {}) }}}}\n", quoted(pattern), quoted(WITH), quoted(text))
}

#[test]
fn go_finds_what_is_found_here_and_refuses_what_is_refused_here() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("re2");
    std::fs::create_dir_all(&folder).expect("there is room");
    let mut draw = Draw(20_261_123);
    let (mut calls, mut expected, mut asked) = (String::new(), Vec::new(), Vec::new());
    let mut refused = Vec::new();
    while asked.len() < 6000 {
        let length = 1 + draw.below(6);
        let pattern: String = (0..length).map(|_| draw.one(&PARTS)).collect();
        match Expression::found(&pattern) {
            Ok(expression) => {
                let text = draw.one(&TEXTS);
                calls.push_str(&call(&pattern, text));
                expected.push(replaced(&expression, text));
                asked.push((pattern, text));
            }
            Err(error) => refused.push((pattern, error.to_string())),
        }
    }
    let heard = rendered(&folder, &calls).unwrap_or_else(|error| panic!("Go refuses one: {error}"));
    let wrong =
        heard.lines().zip(&expected).zip(&asked).find(|((heard, ours), _)| **heard != go_quoted(ours));
    assert!(wrong.is_none(), "Go and Larum: {wrong:?}");
    assert!(heard.lines().count() == asked.len() && refused.len() > 1000, "{} refused", refused.len());
    for (pattern, ours) in refused.into_iter().step_by(40).take(150) {
        let error = rendered(&folder, &call(&pattern, "")).expect_err(&pattern);
        assert!(error.contains(&ours), "{pattern:?}: Go says {error}, Larum {ours}");
    }
}

/// A text as Go's `%q` writes it.
fn go_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            letter => out.push(letter),
        }
    }
    out + "\""
}
