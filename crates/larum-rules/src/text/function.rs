//! The functions that Prometheus gives to its templates.

use std::sync::{Arc, LazyLock};

use larum_core::duration::parse_duration;
use larum_template::{
    Functions, Rest, Value, humanize, humanize_1024, humanize_duration, humanize_percentage,
    humanize_timestamp, number, point, span, texts, title, url_encode,
};

use super::host::{strip_domain, strip_port};
use super::inquiry::Inquiry;
use super::kind::Prometheus;
use super::link::{graph_link, path, table_link};
use super::sample::{first, label, numbered, sort_by_label, text_value, value};

/// The names of all of them.
pub const OURS: [&str; 29] = [
    "query",
    "now",
    "externalURL",
    "pathPrefix",
    "toUpper",
    "toLower",
    "title",
    "safeHtml",
    "match",
    "reReplaceAll",
    "stripPort",
    "stripDomain",
    "graphLink",
    "tableLink",
    "urlQueryEscape",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "toTime",
    "toDuration",
    "parseDuration",
    "first",
    "value",
    "label",
    "strvalue",
    "sortByLabel",
    "args",
];

/// All functions of one evaluation.
pub fn functions(inquiry: &Arc<Inquiry>) -> Functions {
    let mut all = SHARED.clone();
    let mut bind = |name: &'static str, function: fn(&Inquiry, &[Value]) -> Result<Value, String>| {
        let inquiry = Arc::clone(inquiry);
        all.add(name, move |args| function(&inquiry, args));
    };
    bind("query", |inquiry, args| texts(&Prometheus, args).and_then(|[expr]| inquiry.answer(expr)));
    bind("now", |inquiry, _| Ok(Value::Float(inquiry.now())));
    bind("externalURL", |inquiry, _| Ok(Value::String(Arc::clone(inquiry.external_url()))));
    bind("pathPrefix", |inquiry, _| Ok(Value::String(path(inquiry.external_url()).into())));
    all.count_in(inquiry.budget());
    all
}

/// Those that are the same in every evaluation.
static SHARED: LazyLock<Functions> = LazyLock::new(|| {
    let mut all = Functions::new(&Prometheus);
    add_numbers(&mut all);
    add_texts(&mut all);
    all.add("first", first);
    all.add("value", value);
    all.add("label", label);
    all.add("strvalue", text_value);
    all.add("sortByLabel", sort_by_label);
    all.add("args", numbered);
    all
});

fn one_number(args: &[Value]) -> Result<f64, String> {
    number(&Prometheus, args)
}

fn one_text(args: &[Value]) -> Result<&str, String> {
    texts(&Prometheus, args).map(|[text]| text)
}

fn add_numbers(all: &mut Functions) {
    all.add_text("humanize", |args| Ok(humanize(one_number(args)?)));
    all.add_text("humanize1024", |args| Ok(humanize_1024(one_number(args)?)));
    all.add_text("humanizeDuration", |args| Ok(humanize_duration(one_number(args)?)));
    all.add_text("humanizePercentage", |args| Ok(humanize_percentage(one_number(args)?)));
    all.add_text("humanizeTimestamp", |args| humanize_timestamp(one_number(args)?));
    all.add("toTime", |args| Ok(point(one_number(args)?)?.value()));
    all.add("toDuration", |args| Ok(span(one_number(args)?)?.value()));
    all.add("parseDuration", |args| {
        let span = parse_duration(one_text(args)?).map_err(|error| error.to_string())?;
        Ok(Value::Float(span.as_secs_f64()))
    });
}

fn add_texts(all: &mut Functions) {
    all.add_text("title", |args| Ok(title(one_text(args)?, Rest::Kept)));
    all.add_text("stripPort", |args| Ok(strip_port(one_text(args)?).to_owned()));
    all.add_text("stripDomain", |args| Ok(strip_domain(one_text(args)?)));
    all.add_text("graphLink", |args| Ok(graph_link(one_text(args)?)));
    all.add_text("tableLink", |args| Ok(table_link(one_text(args)?)));
    all.add_text("urlQueryEscape", |args| Ok(url_encode(one_text(args)?)));
}
