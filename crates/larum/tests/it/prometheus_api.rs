//! Prometheus' API: the same questions asked of a real Prometheus and of Larum, which know the same series; what
//! promtool makes of Larum; and a real Prometheus that pushes into it.

mod both;
mod compared;
mod pushing;
mod written;

use std::process::Output;

use serde_json::Value;
use tokio::time::timeout;

use crate::larum::{PATIENCE, command};
use crate::peers;
use both::{Both, SPAN};

async fn promtool(arguments: &[&str]) -> Output {
    let mut promtool = command(peers::prometheus().with_file_name("promtool"));
    timeout(PATIENCE, promtool.args(arguments).output()).await.expect("promtool ends").expect("it starts")
}

/// What promtool prints about a server, if it is content; in order of lines, for maps have none.
async fn promtool_prints(arguments: &[&str]) -> Vec<String> {
    let output = promtool(arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let mut lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn promtool_reads_larum_as_it_reads_prometheus() {
    let both = Both::start().await;
    let servers = [both.prometheus_url(), both.larum_url()];
    let [start, end] = [(both.first + SPAN - 60).to_string(), (both.first + SPAN).to_string()];
    let at = format!("--time={end}");
    for question in [
        vec!["query", "instant", &at, "SERVER", "sum by (code) (rate(requests_total[5m]))"],
        vec!["query", "instant", &at, "SERVER", "scalar(sum(temperature))"],
        vec!["query", "range", "--start", &start, "--end", &end, "--step=15s", "SERVER", "temperature"],
        vec!["query", "series", "--match=temperature", "--start", &start, "--end", &end, "SERVER"],
        vec!["query", "labels", "--start", &start, "--end", &end, "SERVER", "code"],
    ] {
        let mut printed = Vec::new();
        for server in &servers {
            let arguments: Vec<&str> =
                question.iter().map(|part| if *part == "SERVER" { server } else { *part }).collect();
            printed.push(promtool_prints(&arguments).await);
        }
        assert!(!printed[0].is_empty(), "{question:?} finds something");
        assert_eq!(printed[0], printed[1], "{question:?}");
    }
    let refused = promtool(&["query", "instant", &servers[1], "sum("]).await;
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("bad_data"), "promtool understands the refusal: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn larum_answers_as_prometheus_does() {
    let both = Both::start().await;
    let mut wrong = Vec::new();
    for question in compared::questions(both.first) {
        let [expected, found] = both.ask(&question).await.map(|said| compared::comparable(&question, said));
        if expected != found {
            wrong.push(format!("{}\n  Prometheus {expected}\n  Larum      {found}", question.text()));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Takes out of an answer about targets what is everybody's own, and what Prometheus 3 tells that 2 does not.
fn without_what_differs(mut answer: Value) -> Value {
    for target in answer["data"]["activeTargets"].as_array_mut().expect("a list of targets") {
        let target = target.as_object_mut().expect("a target is an object");
        for name in ["lastError", "lastScrape"] {
            assert!(target.remove(name).is_some_and(|value| value.as_str() != Some("")), "{name}");
        }
        assert!(target.remove("lastScrapeDuration").is_some_and(|seconds| seconds.is_number()));
    }
    for target in answer["data"]["droppedTargets"].as_array_mut().expect("a list of targets") {
        target.as_object_mut().expect("a target is an object").remove("scrapePool");
    }
    answer["data"].as_object_mut().expect("it is an object").remove("droppedTargetCounts");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_are_shown_as_prometheus_shows_them() {
    let both = Both::start().await;
    for question in
        ["", "state=any", "state=ACTIVE", "state=dropped", "state=odd", "scrapePool=gone", "scrapePool=x"]
    {
        let [theirs, ours] = both.targets(question).await.map(without_what_differs);
        assert_eq!(ours, theirs, "{question}");
    }
    let [_, ours] = both.targets("scrapePool=x").await;
    assert_eq!(ours["data"]["droppedTargetCounts"]["gone"], 1, "counted whatever pool is asked for");
    for path in ["/api/v1/targets", "/api/v1/status/config", "/api/larum/v1/metrics-source/targets"] {
        let said = both.larum_says(path).await;
        assert!(!said.contains("a-secret-word"), "{path}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_a_rule_are_those_of_prometheus() {
    let both = Both::start().await;
    let (theirs, ours) = both.rules().await;
    for kind in ["alerting", "recording"] {
        let rule = |answer: &Value| {
            let groups = answer["data"]["groups"].as_array().cloned().unwrap_or_default();
            let tank = groups.into_iter().find(|group| group["name"] == "tank").unwrap_or_default();
            let rules = tank["rules"].as_array().cloned().unwrap_or_default();
            rules.into_iter().find(|rule| rule["type"] == kind).unwrap_or_else(|| panic!("{answer}"))
        };
        let (theirs, ours) = (rule(&theirs), rule(&ours));
        for (name, expected) in theirs.as_object().expect("a rule is an object") {
            // When and how long is everybody's own.
            if ["evaluationTime", "lastEvaluation", "alerts"].contains(&name.as_str()) {
                assert!(!ours[name].is_null(), "{name}: {ours}");
            } else {
                assert_eq!(&ours[name], expected, "{name}");
            }
        }
    }
}
