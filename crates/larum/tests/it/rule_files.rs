//! Prometheus' rule files, checked by the binary.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::larum::larum;

async fn check(files: &[PathBuf]) -> Output {
    let mut command = larum();
    command.args(["check", "rules"]).args(files);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.expect("the binary runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it speaks UTF-8")
}

/// What comes with Larum.
fn builtin_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../larum-rules/builtin");
    let files = std::fs::read_dir(folder).expect("it is there");
    files.map(|file| file.expect("it can be read").path()).collect()
}

#[tokio::test]
async fn the_rules_that_come_with_larum_are_sound() {
    let output = check(&builtin_files()).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert_eq!(said.matches("  SUCCESS: ").count(), builtin_files().len(), "{said}");
}

#[tokio::test]
async fn all_that_is_wrong_is_told_with_its_place() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = |name: &str| folder.path().join(name);
    let (wrong, twice, missing) = (path("wrong.yml"), path("twice.yml"), path("missing.yml"));
    let rules = "groups:\n- name: a\n  rules:\n  - alert: Idle\n    expr: up ==\n    for: 5x\n";
    std::fs::write(&wrong, rules).expect("it can be written");
    let rule = "  - {record: a:b, expr: up, labels: {team: x}}\n";
    std::fs::write(&twice, format!("groups:\n- name: a\n  rules:\n{rule}{rule}")).expect("it can be written");

    let output = check(&[wrong.clone(), twice.clone(), missing.clone()]).await;
    assert_eq!(output.status.code(), Some(1));
    let checking: String =
        [&wrong, &twice, &missing].iter().map(|file| format!("Checking {}\n\n", file.display())).collect();
    assert_eq!(text(&output.stdout), checking);
    let errors = text(&output.stderr);
    for words in [
        format!(
            "  FAILED:\n{}:5:11: group \"a\", rule 1, \"Idle\": could not parse expression: ",
            wrong.display()
        ),
        format!("{}:6:10: group \"a\", rule 1, \"Idle\": \"5x\" is not a duration", wrong.display()),
        "  FAILED:\nlint error 1 duplicate rule(s) found.\nMetric: a:b\nLabel(s):\n\tteam: x\n\
         Might cause inconsistency while recording expressions\n"
            .to_owned(),
        format!("  FAILED:\n{}: cannot be read: ", missing.display()),
    ] {
        assert!(errors.contains(&words), "{words:?} is not in:\n{errors}");
    }

    let output = check(&[twice]).await;
    assert!(output.status.success(), "what is written twice is a warning: {}", text(&output.stderr));
}

async fn test(files: &[PathBuf]) -> Output {
    let mut command = larum();
    command.args(["test", "rules"]).args(files);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.expect("the binary runs")
}

#[tokio::test]
async fn tests_of_rules_pass_or_say_why() {
    let folder = tempfile::tempdir().expect("there is room");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        path
    };
    write("down.rules.yml", "groups:\n- name: g\n  rules:\n  - {alert: Down, expr: up == 0, for: 1m}\n");
    let tests = |expected: &str| {
        format!(
            "rule_files: ['*.rules.yml']\ntests:\n- input_series:\n  - {{series: up, values: 0x5}}\n  \
             alert_rule_test:\n  - {{eval_time: 1m, alertname: Down, exp_alerts: [{expected}]}}\n"
        )
    };
    let (right, wrong) = (write("right.yml", &tests("{}")), write("wrong.yml", &tests("")));
    let unruled = write("unruled.yml", "rule_files: [none.yml]\ntests: []\n");
    let path = |path: &Path| path.display().to_string();

    let output = test(&[right.clone(), unruled.clone()]).await;
    let expected = format!(
        "Unit Testing:  {}\n  SUCCESS\n\nUnit Testing:  {}\n  SUCCESS\n\n",
        path(&right),
        path(&unruled)
    );
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
    assert!(output.status.success());
    let warning = format!("  WARNING: no file match pattern {}", path(&folder.path().join("none.yml")));
    assert!(text(&output.stderr).contains(&warning), "{}", text(&output.stderr));

    let output = test(&[wrong.clone(), right.clone()]).await;
    assert_eq!(output.status.code(), Some(1));
    let [failed, passed] = [&wrong, &right].map(|file| format!("Unit Testing:  {}\n", path(file)));
    assert_eq!(text(&output.stdout), format!("{failed}\n\n{passed}  SUCCESS\n\n"));
    let words = "  FAILED:\n    alertname: Down, time: 1m, \n        exp:[], \n        got:[\n            0:\n              \
                 Labels:{alertname=\"Down\"}\n              Annotations:{}\n            ]\n";
    assert!(text(&output.stderr).starts_with(words), "{}", text(&output.stderr));

    let patterns = "['*.rules.yml', down.rules.yml, ./none/../down.rules.yml]";
    let often = write("often.yml", &tests("{}").replace("['*.rules.yml']", patterns));
    let output = test(&[often]).await;
    assert!(output.status.success(), "a file named often counts once: {}", text(&output.stderr));

    write("bad.rules.yml", "groups:\n- name: g\n  rule: []\n");
    let output = test(&[wrong]).await;
    assert_eq!(output.status.code(), Some(1));
    let place = format!("  FAILED:\n{}:3:3: unknown field", path(&folder.path().join("bad.rules.yml")));
    assert!(text(&output.stderr).starts_with(&place), "{}", text(&output.stderr));
}
