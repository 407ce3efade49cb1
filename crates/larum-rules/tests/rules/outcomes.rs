//! What an evaluation comes to in the words of the mind.

use larum_core::alert::PolicyId;
use larum_core::label::LabelSet;
use larum_core::policy::{MAX_SERIES, Outcome, Policy, PolicyDraft, PolicyKind};
use larum_core::time::Timestamp;
use larum_promql::{Options, Sample, Series, SeriesList};
use larum_rules::{CompiledPolicy, Installation, MAX_WARNINGS};

use crate::series::series;

fn outcome(expr: &str, summary: &str, source: &SeriesList, options: &Options) -> Outcome {
    let draft = PolicyDraft {
        name: "Mine".into(),
        expr: expr.into(),
        summary: summary.into(),
        runbook: "https://runbooks.example/{{ $labels.n }}".into(),
        ..PolicyDraft::default()
    };
    let policy = Policy::new(PolicyId(1), PolicyKind::Custom, 1, &draft).unwrap();
    let compiled = CompiledPolicy::new(&policy).unwrap();
    let answer = compiled.query().instant(source, Timestamp::default(), options);
    let external_labels = LabelSet::from_pairs([("cluster", "c")]);
    compiled.outcome(answer, true, &Installation { external_labels, external_url: "http://larum".into() })
}

fn two() -> SeriesList {
    SeriesList(vec![series(r#"m{n="1"}"#, "5", 1), series(r#"m{n="2"}"#, "1234567", 1)])
}

#[test]
fn series_come_with_their_words_and_numbers() {
    let summary = "{{ $labels.n }} has {{ $value }} at {{ externalURL }} in {{ $externalLabels.cluster }}";
    let Outcome::Series { series, complete: true, warnings } =
        outcome("m > 1", summary, &two(), &Options::default())
    else {
        panic!("no series");
    };
    assert!(warnings.is_empty());
    assert_eq!(series[0].annotations.value("summary"), "1 has 5 at http://larum in c");
    assert_eq!(series[1].annotations.value("summary"), "2 has 1.234567e+06 at http://larum in c");
    assert_eq!(series[1].annotations.value("runbook_url"), "https://runbooks.example/2");
    assert_eq!(series[1].measured.text, "1.235M");
    assert_eq!(&*series[1].generator_url, "http://larum/graph?g0.expr=m+%3E+1&g0.tab=1");
}

#[test]
fn a_number_is_one_series_and_nothing_at_all_is_none() {
    let options = Options::default();
    let Outcome::Series { series, .. } = outcome("1 + 1", "s", &two(), &options) else { panic!("no series") };
    assert_eq!((series.len(), series[0].labels.len(), series[0].measured.value), (1, 0, 2.0));
    let none = Outcome::Series { series: vec![], complete: true, warnings: vec![] };
    assert_eq!(outcome("m > 1e9", "s", &two(), &options), none);
    let no_data = Outcome::NoData { selectors: vec!["nope".into()], complete: true };
    assert_eq!(outcome("nope > 1", "s", &two(), &options), no_data);
    let Outcome::Series { series, .. } = outcome("absent(nope)", "s", &two(), &options) else {
        panic!("no series")
    };
    assert_eq!(series.len(), 1);
}

#[test]
fn failures_say_why() {
    let mut options = Options::default();
    options.limits.samples = 1;
    let Outcome::Failed(words) = outcome("m", "s", &two(), &options) else { panic!("no failure") };
    assert!(words.contains("more than 1"), "{words}");
    let many = (0..=MAX_SERIES).map(|n| Series {
        labels: LabelSet::from_pairs([("__name__", "m".to_owned()), ("n", n.to_string())]),
        samples: [Sample::new(0, 1.0)].into(),
    });
    let Outcome::Failed(words) = outcome("m", "s", &SeriesList(many.collect()), &Options::default()) else {
        panic!("no failure")
    };
    assert_eq!(words, "the answer has 10001 series; at most 10000 are allowed");
}

#[test]
fn a_text_that_cannot_be_filled_in_is_a_warning_said_once() {
    let summary = "{{ humanize $labels.word }}";
    let all = (0..50).map(|n| series(&format!(r#"m{{word="w{}",n="{n}"}}"#, n % 20), "1", 1));
    let Outcome::Series { series, warnings, .. } =
        outcome("m", summary, &SeriesList(all.collect()), &Options::default())
    else {
        panic!("no series")
    };
    assert_eq!((series.len(), warnings.len()), (50, MAX_WARNINGS));
    assert!(warnings[0].starts_with("The annotation summary cannot be filled in: "), "{}", warnings[0]);
    assert!(series[0].annotations.value("summary").starts_with("<error expanding template: "));
}
