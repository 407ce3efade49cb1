//! Runs a file's commands and tells of each evaluation whether it came to what was expected.

use std::time::Duration;

use larum_core::time::Timestamp;
use larum_promql::{NameRemoval, Options, ParseError, Query, Span, Value};

use super::UNSUPPORTED;
use super::compare;
use super::expected::{Results, Wording};
use super::script::{self, Command, Eval, What, When};
use super::series::Point;
use super::storage::Storage;

/// The most points that one file may load and expect.
pub const MAX_POINTS: usize = 5_000_000;

/// One evaluation of a file, or a command of it that cannot be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseReport {
    /// The line on which the command begins, counted from one.
    pub line: usize,
    /// The expression, or the text of a command that cannot be carried out.
    pub expression: String,
    /// Why it failed, one sentence; none if it passed. It begins with [`UNSUPPORTED`] when the case asks for what
    /// Larum does not evaluate.
    pub failure: Option<String>,
}

/// Runs the tests of one file, with delayed removal of names, as Prometheus runs its own.
pub fn run_promql_tests(text: &str) -> Vec<CaseReport> {
    let mut storage = Storage::default();
    let mut reports = Vec::new();
    for Command { line, what } in script::commands(text, MAX_POINTS) {
        let (expression, failure) = match what {
            What::Clear => {
                storage = Storage::default();
                continue;
            }
            What::Load(load) => match storage.load(&load) {
                Ok(()) => continue,
                Err(reason) => ("load".to_owned(), Some(reason)),
            },
            What::Eval(eval) => {
                let failure = check(&eval, &storage).err();
                (eval.expression, failure)
            }
            What::Broken { text, reason } => (text, Some(format!("cannot be read: {reason}"))),
        };
        reports.push(CaseReport { line, expression, failure });
    }
    reports
}

fn options() -> Options {
    Options { name_removal: NameRemoval::AtTheEnd, ..Options::default() }
}

fn check(eval: &Eval, storage: &Storage) -> Result<(), String> {
    if expects_histograms(&eval.expected.result) {
        return Err(format!("{UNSUPPORTED}native histograms"));
    }
    let query = match Query::parse(&eval.expression) {
        Ok(query) => query,
        Err(error @ ParseError::Unsupported { .. }) => return Err(format!("{UNSUPPORTED}{error}")),
        Err(error) => {
            return match &eval.expected.fail {
                Some(wording) => expect_words(wording, &error.to_string()),
                None => Err(error.to_string()),
            };
        }
    };
    let _ = storage.unsupported();
    let outcome = match eval.when {
        When::Instant(at) => instants(eval, &query, storage, at),
        When::Range(_) => range(eval, &query, storage),
    };
    // Where it met data that Larum does not know, that is why it did not come to what was expected.
    outcome.map_err(|reason| storage.unsupported().unwrap_or(reason))
}

fn expects_histograms(results: &Results) -> bool {
    match results {
        Results::Series(series) | Results::Range { series, .. } => {
            series.iter().any(|(_, points)| points.contains(&Point::Histogram))
        }
        _ => false,
    }
}

fn expect_words(wording: &Wording, error: &str) -> Result<(), String> {
    if wording.is_met_by(error) {
        Ok(())
    } else {
        Err(format!("expected the error {wording}, got {error:?}"))
    }
}

/// The instant itself; and the same with every selector fixed to it by `@`, asked from elsewhere, which must come to
/// the same (Prometheus, `promqltest/test.go`, `atModifierTestCases`).
fn instants(eval: &Eval, query: &Query, storage: &Storage, at: i64) -> Result<(), String> {
    instant(eval, query, storage, at)?;
    let Some(pinned) = query.pinned(Timestamp::from_millis(at)) else { return Ok(()) };
    let elsewhere = match at {
        0 => [-1000, 0, 1000, 1000, 1000],
        _ => [at.saturating_mul(-10), 0, at / 5, at, at.saturating_mul(10)],
    };
    for other in elsewhere {
        instant(eval, &pinned, storage, other).map_err(|reason| {
            format!("with @ for every selector, at {}s: {reason}", other as f64 / 1000.0)
        })?;
    }
    Ok(())
}

fn instant(eval: &Eval, query: &Query, storage: &Storage, at: i64) -> Result<(), String> {
    let expected = &eval.expected;
    let evaluation = match (query.instant(storage, Timestamp::from_millis(at), &options()), &expected.fail) {
        (Ok(evaluation), None) => evaluation,
        (Ok(_), Some(_)) => return Err("expected an error, got none".to_owned()),
        (Err(error), Some(wording)) => return expect_words(wording, &error.to_string()),
        (Err(error), None) => return Err(error.to_string()),
    };
    expected.check_annotations(&evaluation.annotations)?;
    compare::instant(&expected.result, expected.ordered, &evaluation.value)?;
    within_range(eval, query, storage, at).map_err(|reason| format!("as a step of a range: {reason}"))
}

/// What an instant comes to must also come out of a range around it.
fn within_range(eval: &Eval, query: &Query, storage: &Storage, at: i64) -> Result<(), String> {
    const AROUND: Duration = Duration::from_secs(60);
    let by_time = ["start()", "end()", "range()", "step()"];
    let apart = matches!(eval.expected.result, Results::Text(_) | Results::Range { .. });
    if apart || by_time.iter().any(|function| eval.expression.contains(function)) {
        return Ok(());
    }
    let at = Timestamp::from_millis(at);
    let span = Span { start: at.minus(AROUND), end: at.plus(AROUND), step: AROUND };
    let evaluation = query.range(storage, &span, &options()).map_err(|error| error.to_string())?;
    let Value::Matrix(series) = evaluation.value else { return Err("a range gave no matrix".to_owned()) };
    if eval.expected.ordered {
        return Ok(());
    }
    let middle = series.iter().filter_map(|series| {
        let sample = series.samples.iter().find(|sample| sample.at == at)?;
        Some(larum_promql::Element::new(series.labels.clone(), sample.value))
    });
    let elements: Vec<_> = middle.collect();
    let value = match (&eval.expected.result, elements.first()) {
        (Results::Scalar(_), Some(only)) => Value::Scalar(only.value),
        _ => Value::Vector(elements),
    };
    compare::instant(&eval.expected.result, false, &value)
}

fn range(eval: &Eval, query: &Query, storage: &Storage) -> Result<(), String> {
    let When::Range(times) = eval.when else { return Ok(()) };
    let expected = &eval.expected;
    let span = Span {
        start: Timestamp::from_millis(times.from),
        end: Timestamp::from_millis(times.to),
        step: Duration::from_millis(times.step.unsigned_abs()),
    };
    let evaluation = match (query.range(storage, &span, &options()), &expected.fail) {
        (Ok(evaluation), None) => evaluation,
        (Ok(_), Some(_)) => return Err("expected an error, got none".to_owned()),
        (Err(error), Some(wording)) => return expect_words(wording, &error.to_string()),
        (Err(error), None) => return Err(error.to_string()),
    };
    expected.check_annotations(&evaluation.annotations)?;
    if expected.ordered {
        return Err("a range has no order of its own: `expect ordered` needs an instant".to_owned());
    }
    compare::range(&expected.result, &times, &evaluation.value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::run_promql_tests;

    /// The lines of the cases that fail, and why they do.
    fn failures(text: &str) -> Vec<(usize, String)> {
        let failed = |report: super::CaseReport| Some((report.line, report.failure?));
        run_promql_tests(text).into_iter().filter_map(failed).collect()
    }

    #[test]
    fn a_series_that_cannot_be_read_is_told_and_the_others_of_its_load_are_there() {
        let text = "load 1m\n  up 1\n  odd {{count:1\n  down 0\n\n\
                    eval instant at 0 up\n  up 1\n\neval instant at 0 down\n  down 0\n";
        assert_eq!(failures(text), [(3, "cannot be read: a histogram does not end with }}".to_owned())]);
    }

    #[test]
    fn start_times_are_the_reason_only_where_a_series_has_them() {
        let text = "load 1m\n  job_total{at=\"the dock\"}@st _ -1m\n  job_total{at=\"the dock\"} 0 7 9\n  up 1\n\n\
                    eval instant at 1m up\n  up 2\n\neval instant at 1m increase(job_total[2m])\n  {at=\"the dock\"} 8\n";
        let reasons = ["expected 2 for up, got 1", "unsupported: start timestamps of series"];
        assert_eq!(failures(text), [(6, reasons[0].to_owned()), (9, reasons[1].to_owned())]);
    }

    #[test]
    fn an_older_command_yields_to_a_line_that_says_more() {
        let text = "load 1m\n  up 1\n  down 0\n\neval_fail instant at 0 ceil({__name__=~\"up|down\"})\n  \
                    expect fail msg: too bad\n\neval_warn instant at 0 quantile(2, up)\n  expect warn msg: too high\n";
        let [(5, failed), (8, warned)] = &failures(text)[..] else { panic!("{:?}", failures(text)) };
        assert!(failed.starts_with("expected the error \"too bad\", got \"vector cannot"), "{failed}");
        assert!(warned.starts_with("expected \"too high\" as warning, got [\"PromQL warning: q"), "{warned}");
    }

    #[test]
    fn the_place_of_a_remark_counts_where_it_is_written() {
        let words = "PromQL warning: quantile value should be between 0 and 1, got 2";
        let with = |end: &str| {
            failures(&format!(
                "load 1m\n  up 1\n\neval instant at 0 1 + quantile((2), up)\n  expect warn msg: {words}{end}\n  {{}} +Inf\n"
            ))
        };
        assert_eq!((with(""), with(" (1:15)")), (Vec::new(), Vec::new()));
        let [(4, wrong)] = &with(" (1:14)")[..] else { panic!("{:?}", with(" (1:14)")) };
        assert!(wrong.ends_with(&format!("got [\"{words} (1:15)\"]")), "{wrong}");
    }

    /// What files are made of, whole and broken.
    const LINES: [&str; 40] = [
        "load 1m",
        "load 0",
        "load 290y",
        "load_with_nhcb 5m",
        "load",
        "clear",
        "  x 1 2 3",
        "  x{a=\"b\"} 0+1x10 stale _x3 NaN",
        "  x_bucket{le=\"1\"} 1x9",
        "  x{{",
        "  x {{schema:0 sum:1}}x3 -1-1x5",
        "  x 1x99999999999999999999",
        "  x 1x4999999",
        "  @st -1m",
        "  \"ä b\" 1",
        "  {\"ä b\", c=\"\\xff\"} 1",
        "eval instant at 1m x",
        "eval instant at 290y rate(x[5m])",
        "eval instant at 1m x[2m]",
        "eval instant at 1m \"x\"",
        "eval instant at",
        "eval instant at 1m time() +",
        "eval range from 0 to 5m step 1m x",
        "eval range from 0 to 5m step 0 x",
        "eval range from 5m to 0 step 1m x",
        "eval range from 0 to 290y step 1ms x",
        "eval_fail instant at 1m ceil({__name__=~\".+\"})",
        "eval_ordered range from 0 to 5m step 1m x",
        "eval_warn instant at 0 quantile(2, x)",
        "eval instant at 0 limitk(1, x)",
        "  expect fail",
        "  expect fail msg: no",
        "  expect warn regex: (",
        "  expect ordered",
        "  expect string \"x",
        "  expect range vector from 0 to 2m step 1m",
        "  expected_fail_message no",
        "  3",
        "  {} 1",
        "",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn lines_of_the_language_in_any_order(lines in prop::collection::vec(select(&LINES[..]), 0..25)) {
            let text = lines.join("\n");
            let evals = lines.iter().filter(|line| line.starts_with("eval")).count();
            prop_assert!(run_promql_tests(&text).len() <= lines.len().max(evals));
        }

        #[test]
        fn any_text(text in any::<String>(), tail in "[ -~]{0,40}") {
            run_promql_tests(&text);
            run_promql_tests(&format!("load 1m\n x {tail}\n\neval instant at 1m x\n {tail}"));
            run_promql_tests(&format!("eval instant at 1m {tail}\n expect {tail}"));
        }
    }
}
