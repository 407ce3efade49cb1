//! PromQL: files of tests in Prometheus' language, and a real Prometheus that is asked the same.

mod peer;
mod random;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::larum::larum;

async fn test_promql(arguments: &[&str], files: &[PathBuf]) -> Output {
    let mut command = larum();
    command.args(["test", "promql"]).args(arguments).args(files);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.expect("the binary runs")
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("it speaks UTF-8")
}

/// Our own files.
fn own_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promql");
    let files = std::fs::read_dir(folder).expect("they are there");
    let mut files: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn our_own_tests_of_the_language_pass() {
    let files = own_files();
    assert!(files.len() > 5, "{files:?}");
    let output = test_promql(&[], &files).await;
    assert!(output.status.success(), "{}", said(&output));
    let sum = said(&output).lines().last().expect("it says something");
    assert!(
        sum.starts_with(&format!("{} files: ", files.len())) && sum.ends_with(" passed, 0 failed"),
        "{sum}"
    );
}

#[tokio::test]
async fn each_case_is_a_line_of_json() {
    let output = test_promql(&["--json"], &own_files()).await;
    assert!(output.status.success());
    let mut cases = 0;
    for line in said(&output).lines() {
        let case: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let file = case["file"].as_str().expect("a file");
        assert!(Path::new(file).is_file() && case["line"].as_u64() > Some(0), "{line}");
        assert!(!case["expression"].as_str().expect("an expression").is_empty(), "{line}");
        assert_eq!((case["passed"].as_bool(), case["reason"].as_str()), (Some(true), Some("")), "{line}");
        cases += 1;
    }
    assert!(cases > 200, "{cases}");
}

#[tokio::test]
async fn what_fails_is_told_with_its_place_and_its_reason() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("wrong.test");
    let text = "load 1m\n  x 1 2 {{count:3}}\n\n# nothing\neval instant at 1m x\n  x 3\n\n\
                eval instant at 2m x\n  x {{count:3}}\n\neval instant at 0 limitk(1, x)\n  x 1\n\n\
                eval instant at 0 x +\n\nevaluate this\n\neval instant at 0 x\n  x 1\n";
    std::fs::write(&file, text).expect("it can be written");
    let missing = folder.path().join("missing.test");
    let output = test_promql(&[], &[file.clone(), missing.clone()]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    let place = |line: usize| format!("{}:{line}: ", file.display());
    for words in [
        format!("{}: 1 passed, 5 failed (2 unsupported)", file.display()),
        format!("{}x\n    expected 3 for x, got 2", place(5)),
        format!("{}x\n    unsupported: native histograms", place(8)),
        format!("{}limitk(1, x)\n    unsupported: limitk() is not supported", place(11)),
        format!("{}x +\n    1:4: parse error: unexpected end of input", place(14)),
        format!("{}evaluate this\n    cannot be read: ", place(16)),
        format!("{}: 0 passed, 1 failed", missing.display()),
        "2 files: 1 passed, 6 failed (2 unsupported)".to_owned(),
    ] {
        assert!(said.contains(&words), "{words:?} is not in:\n{said}");
    }
}
