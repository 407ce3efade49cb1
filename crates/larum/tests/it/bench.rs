//! The bench still measures this binary. What it measures is of no interest here.

use clap::Parser;
use larum_bench::Arguments;
use serde_json::Value;

#[tokio::test]
async fn a_quick_bench_finds_nothing_wrong_with_this_binary() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("figures.json");
    let (larum, json) = (env!("CARGO_BIN_EXE_larum"), file.to_str().expect("it is text"));
    let words = ["larum-bench", "ingest", "--quick", "--alone", "--larum", larum, "--json", json];
    assert!(larum_bench::run(&Arguments::parse_from(words)).await.expect("it measures"));

    let figures: Value = serde_json::from_slice(&std::fs::read(&file).expect("it is written")).expect("JSON");
    let lines = figures["lines"].as_array().expect("a list of lines");
    assert!(
        lines.iter().any(|line| line["what"].as_str().is_some_and(|what| what.contains("100k new alerts")))
    );
    for line in lines {
        assert!(line["figures"]["Larum"].as_f64() >= Some(0.0), "{line}");
    }
}
