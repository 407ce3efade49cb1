//! The tests of the built-in policies, run by the real promtool: it finds the same alerts, in the same words.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use larum_rules::builtins;

use super::TESTS;

/// The policies as a rule file, with the texts that the tests compare.
fn rules() -> String {
    let mut text = "groups:\n- name: larum\n  rules:\n".to_owned();
    for builtin in builtins() {
        let draft = &builtin.draft;
        let (name, severity, hold) = (&draft.name, draft.severity.as_str(), draft.hold.as_secs());
        let (expr, summary, description) = (&draft.expr, &draft.summary, &draft.details);
        // What Rust writes for a text in quotes is a text in quotes to YAML as well.
        writeln!(text, "  - alert: {name}\n    expr: {expr:?}\n    for: {hold}s").unwrap();
        writeln!(text, "    labels: {{severity: {severity}}}").unwrap();
        writeln!(text, "    annotations: {{summary: {summary:?}, description: {description:?}}}").unwrap();
    }
    text
}

#[test]
fn promtool_finds_the_same_alerts() {
    let prometheus = std::env::var_os("LARUM_TEST_PROMETHEUS").unwrap_or_else(|| {
        panic!("LARUM_TEST_PROMETHEUS is not set: run `cargo xtask test`, which installs what it names")
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
    let mut promtool = Command::new(Path::new(&prometheus).with_file_name("promtool"));
    promtool.args(["test", "rules"]);
    for (name, text) in TESTS {
        let path = folder.path().join(format!("{name}.yaml"));
        let (_, tests) = text.split_once("\nevaluation_interval:").unwrap();
        std::fs::write(&path, format!("rule_files: [rules.yaml]\nevaluation_interval:{tests}")).unwrap();
        promtool.arg(path);
    }
    let output = promtool.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}
