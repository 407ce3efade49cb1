//! Alertmanager's own `amtool check-config` agrees. It is of 0.25: what is newer is not asked of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use larum_alertmanager::config::Options;

use crate::wrong::Wrong;
use crate::{GOOD, read};

pub fn amtool() -> PathBuf {
    let path = std::env::var_os("LARUM_TEST_AMTOOL");
    path.expect("LARUM_TEST_AMTOOL is not set: run `cargo xtask test`, which installs what it names").into()
}

/// What amtool says of a file in this folder, and whether it is content.
fn check(folder: &Path, text: &str) -> (bool, String) {
    let file = folder.join("alertmanager.yml");
    std::fs::write(&file, text).expect("there is room");
    let output = Command::new(amtool()).arg("check-config").arg(&file).output().expect("amtool runs");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A folder with a template, as the good file wants one.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::create_dir(folder.path().join("templates")).expect("there is room");
    std::fs::write(folder.path().join("templates/a.tmpl"), "{{ define \"a\" }}b{{ end }}")
        .expect("there is room");
    folder
}

/// Sound files, beside the large one.
const SOUND: [&str; 8] = [
    "route: { receiver: a }\nreceivers: [{ name: a }]",
    "receivers:\n- name: a\nroute:\n  receiver: a\n  group_by: []\n  continue: false\n  routes:\n  - match:\n      x:\n",
    "global:\nroute: { receiver: a, routes: [{ receiver: '', matchers: [] }] }\nreceivers: [{ name: a }]",
    "route: { receiver: 1 }\nreceivers: [{ name: '1' }]\ninhibit_rules:\n-\n",
    "route: { receiver: a }\nreceivers: [{ name: a, webhook_configs: [{ url: 'HTTP://x' }] }]\ntemplates: []",
    "route: { receiver: a }\nreceivers: [{ name: a, email_configs: [{ to: x }] }]\n\
     global: { smtp_smarthost: 'x:25', smtp_from: x }",
    "receivers: [{ name: a }]\nroute:\n  receiver: a\n  routes:\n  - matchers:\n    - foo = bar\n    - a!=\"b,c\",d=~e.*\n    \
     - '{x=\"y\\\"z\"}'\n    - ''\n    - a:b=\n    - a=b c\n    - \"a=\\\\d\"\n",
    "route: { routes: [&x { group_wait: 1s }, *x, { <<: *x, receiver: a }], receiver: a }\nreceivers: [{ name: a }]",
];

#[test]
fn amtool_is_content_with_what_we_are_content_with() {
    let folder = folder();
    for text in SOUND.into_iter().chain([GOOD]) {
        read(text, &Options { skip_unsupported: true, ..Options::default() });
        let (content, words) = check(folder.path(), text);
        assert!(content, "{text}\n{words}");
    }
}

#[test]
fn amtool_refuses_what_we_refuse() {
    let folder = folder();
    let known = Wrong::all().filter(|wrong| wrong.known_to_amtool).map(|wrong| wrong.text());
    let content: Vec<String> = known.filter(|text| check(folder.path(), text).0).collect();
    assert!(content.is_empty(), "amtool is content with\n{}", content.join("\n---\n"));
}

#[test]
fn amtool_reads_what_is_shown() {
    let folder = folder();
    let shown = read(GOOD, &Options::default());
    // Of 0.25 the URL of a webhook is no secret, so it cannot be hidden from it.
    let shown = shown.original().replace("url: <secret>\n", "url: http://x\n");
    let (content, words) = check(folder.path(), &shown);
    assert!(content, "{shown}\n{words}");
}
