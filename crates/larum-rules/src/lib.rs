#![doc = include_str!("../README.md")]

mod text;
mod annotation;
mod measure;
mod template;
mod yaml;
mod rule_file;
mod written;
mod builtin;
mod compiled;
mod rehearsal;
mod promqltest;
mod ruletest;

pub use annotation::Installation;
pub use builtin::{Builtin, Category, Threshold, builtin, builtin_inhibitions, builtins, runbook, runbooks};
pub use compiled::{
    CompiledPolicy, DESCRIPTION, MAX_WARNINGS, RUNBOOK_URL, SUMMARY, complete_draft, elements,
};
pub use measure::{Reading, Unit};
pub use promqltest::{CaseReport, MAX_POINTS, UNSUPPORTED, run_promql_tests};
pub use rehearsal::{FiringPeriod, firing_periods, time_firing};
pub use rule_file::{
    Alerting, BrokenRule, Duplicate, Import, Imported, Rule, RuleFile, RuleFileError, RuleGroup, SkippedRule,
    export_rules, import_rules, rule_draft,
};
pub use ruletest::{MAX_EVALUATIONS, RuleTests};
pub use template::{
    METRIC_CHOICES, MetricChoice, metric_choice, template_details, template_draft, template_expr,
    template_reading, template_sentence, template_summary,
};
pub use text::{
    Ask, MAX_ANSWERED, MAX_QUERIES, MAX_ROUNDS, MAX_TEMPLATES, MAX_TEXT, Moment, SourceAt, vector,
};
pub use written::{alert_samples, record};
