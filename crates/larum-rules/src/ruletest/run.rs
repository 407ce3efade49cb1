//! Runs the tests of a file (Prometheus, `cmd/promtool/unittest.go`).

use std::time::Duration;

use larum_core::duration::show_duration;
use larum_core::label::{ALERT_NAME, LabelSet};
use larum_promql::{Options, Query};

use super::group::{Group, Setting, ask};
use super::shape::{AlertCase, ExpectedSample, ExprCase, File, Test, Texts};
use super::storage::Storage;
use super::{MAX_EVALUATIONS, show};
use crate::annotation::Installation;
use crate::promqltest::metric;
use crate::rule_file::RuleFile;

/// What fails, in the order of the tests.
pub(super) fn run(file: &File, files: &[RuleFile]) -> Vec<String> {
    let order = &file.group_eval_order;
    if let Some(twice) = order.iter().enumerate().find(|(index, name)| order[..*index].contains(name)) {
        return vec![format!("group name repeated in evaluation order: {}", twice.1)];
    }
    file.tests.iter().flat_map(|test| Run { file, test }.run(files)).collect()
}

struct Run<'a> {
    file: &'a File,
    test: &'a Test,
}

impl Run<'_> {
    fn run(&self, files: &[RuleFile]) -> Vec<String> {
        let Self { file, test } = self;
        let alert_times = test.alert_rule_test.iter().map(|case| case.eval_time);
        let last = alert_times.chain(test.promql_expr_test.iter().map(|case| case.eval_time)).max();
        let (last, step) = (millis(last.unwrap_or_default()), millis(file.evaluation_interval).max(1));
        if (last / step).unsigned_abs() > MAX_EVALUATIONS {
            return vec![format!("{}    more than {MAX_EVALUATIONS} evaluations", self.name())];
        }
        let mut storage = match Storage::of(test) {
            Ok(storage) => storage,
            Err(error) => return vec![error],
        };
        let mut groups: Vec<Group> = files.iter().flat_map(|file| &file.groups).map(Group::new).collect();
        let place = |group: &Group| file.group_eval_order.iter().position(|name| name == group.name());
        groups.sort_by_key(|group| place(group).unwrap_or(usize::MAX));
        let setting = self.setting();
        let mut errors = Vec::new();
        let start = setting.start.as_millis();
        for after in (0..=last / step).map(|index| index * step) {
            let at = start + after;
            storage.now = at;
            let wrong = groups.iter_mut().flat_map(|group| group.evaluate(&mut storage, at, &setting));
            let wrong: Vec<String> = wrong.collect();
            if !wrong.is_empty() {
                return errors.into_iter().chain(wrong).collect();
            }
            let is_now = |case: &&AlertCase| (after..after + step).contains(&millis(case.eval_time));
            let cases = test.alert_rule_test.iter().filter(is_now);
            errors.extend(cases.filter_map(|case| self.alerts(case, &groups).err()));
        }
        let cases = test.promql_expr_test.iter();
        errors.extend(cases.filter_map(|case| self.expression(case, &storage, &setting).err()));
        errors
    }

    fn setting(&self) -> Setting {
        let options = Options { subquery_step: self.file.evaluation_interval, ..Options::default() };
        let external_labels = Texts::labels(&self.test.external_labels);
        let installation =
            Installation { external_labels, external_url: self.test.external_url.as_str().into() };
        Setting { options, installation, start: self.test.start_timestamp }
    }

    fn name(&self) -> String {
        let name = &self.test.name;
        if name.is_empty() { String::new() } else { format!("    name: {name},\n") }
    }

    fn alerts(&self, case: &AlertCase, groups: &[Group]) -> Result<(), String> {
        let mut got: Vec<_> = groups.iter().flat_map(|group| group.firing(&case.alertname)).collect();
        let expected = case.exp_alerts.iter().flatten().map(|alert| {
            let [labels, annotations] = [&alert.exp_labels, &alert.exp_annotations].map(Texts::labels);
            (labels.with(ALERT_NAME, &case.alertname), annotations)
        });
        let mut expected: Vec<_> = expected.collect();
        got.sort();
        expected.sort();
        if got == expected {
            return Ok(());
        }
        let (name, alert, time) = (self.name(), &case.alertname, show_duration(case.eval_time));
        let [expected, got] = [expected, got].map(|alerts| show::alerts(&alerts));
        Err(format!(
            "{name}    alertname: {alert}, time: {time}, \n        exp:{expected}, \n        got:{got}"
        ))
    }

    fn expression(&self, case: &ExprCase, storage: &Storage, setting: &Setting) -> Result<(), String> {
        let begin = format!("    expr: {:?}, time: {},", case.expr, show_duration(case.eval_time));
        let wrong = |error: String| format!("{begin} err: {error}");
        let query = Query::parse(&case.expr).map_err(|error| wrong(error.to_string()))?;
        let at = setting.start.plus(case.eval_time);
        let got = ask(&query, storage, at, &setting.options).map_err(wrong)?;
        let mut got: Vec<_> = got.into_iter().map(|element| (element.labels, element.value)).collect();
        let expected = case.exp_samples.iter().flatten().map(sample);
        let mut expected = expected.collect::<Result<Vec<_>, String>>().map_err(wrong)?;
        got.sort_by(|a, b| a.0.cmp(&b.0));
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        let alike = |(a, b): (&(LabelSet, f64), &(LabelSet, f64))| a.0 == b.0 && self.same(a.1, b.1);
        if got.len() == expected.len() && got.iter().zip(&expected).all(alike) {
            return Ok(());
        }
        let [expected, got] = [expected, got].map(|samples| show::samples(&samples));
        Err(format!("{begin}\n        exp: {expected}\n        got: {got}"))
    }

    /// Whether two numbers count as the same; `fuzzy_compare` forgives the last bit.
    fn same(&self, a: f64, b: f64) -> bool {
        let near = self.file.fuzzy_compare && (a.next_up() == b || a.next_down() == b);
        a == b || near || a.is_nan() && b.is_nan()
    }
}

fn sample(expected: &ExpectedSample) -> Result<(LabelSet, f64), String> {
    if expected.histogram.is_some() {
        return Err("native histograms are not supported".to_owned());
    }
    if expected.labels.trim().is_empty() {
        return Ok((LabelSet::empty(), expected.value));
    }
    let wrong = |error: &str| format!("labels {:?}: {error}", expected.labels);
    match metric(expected.labels.trim()) {
        Ok((labels, "")) => Ok((labels, expected.value)),
        Ok((_, rest)) => Err(wrong(&format!("{rest:?} was not expected"))),
        Err(error) => Err(wrong(&error)),
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
