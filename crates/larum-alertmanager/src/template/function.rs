//! The functions that Alertmanager gives to its templates (Alertmanager, `template/template.go`, `DefaultFuncs`, of
//! 0.33, and `base64encode` and `base64decode` of 0.34).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use jiff::tz::TimeZone;
use larum_core::time::Timestamp;
use larum_template::{
    Budget, Functions, Rest, Time, Value, expression, format_time, humanize_duration, number, replace_all,
    texts, title, type_name, wrong_count,
};

use super::MAX_TEXT;
use super::compare::add_comparisons;
use super::language::Alertmanager;
use super::mark::{clean, clean_value, marked};
use super::to_json::to_json;

/// The names of all of them.
pub const OURS: [&str; 22] = [
    "toUpper",
    "toLower",
    "title",
    "trimSpace",
    "join",
    "match",
    "safeHtml",
    "safeUrl",
    "urlUnescape",
    "reReplaceAll",
    "stringSlice",
    "date",
    "tz",
    "now",
    "since",
    "humanizeDuration",
    "toJson",
    "list",
    "append",
    "dict",
    "base64encode",
    "base64decode",
];

/// Those that must see what is meant: they compare, match or encode.
const SEE_CLEARLY: [&str; 14] = [
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "match",
    "html",
    "js",
    "urlquery",
    "urlUnescape",
    "toJson",
    "base64encode",
    "base64decode",
];

/// What the functions see of the moment at which a text is filled in.
#[derive(Debug, Default)]
pub struct Moment {
    /// In milliseconds since the Unix epoch.
    now: AtomicI64,
    /// Counts the templates of one text.
    pub budget: Arc<Budget>,
}

impl Moment {
    /// Begins to fill in one text.
    pub fn begin(&self, now: Timestamp) {
        self.now.store(now.as_millis(), Ordering::Relaxed);
        self.budget.begin();
    }

    fn now(&self) -> Time {
        Time::of_millis(self.now.load(Ordering::Relaxed))
    }
}

/// All functions.
pub fn functions(moment: &Arc<Moment>) -> Functions {
    let mut all = Functions::new(&Alertmanager);
    all.count_in(&moment.budget);
    add_texts(&mut all);
    add_encodings(&mut all);
    add_lists(&mut all);
    add_times(&mut all, moment);
    add_comparisons(&mut all);
    all.change_arguments(&SEE_CLEARLY, clean_value);
    all
}

fn one_text(args: &[Value]) -> Result<&str, String> {
    texts(&Alertmanager, args).map(|[text]| text)
}

fn add_texts(all: &mut Functions) {
    all.add_text("title", |args| Ok(title(one_text(args)?, Rest::Lower)));
    all.add_text("trimSpace", |args| Ok(one_text(args)?.trim().to_owned()));
    all.add_text("safeUrl", |args| Ok(one_text(args)?.to_owned()));
    // What the pattern finds in an alert stays marked, and what the template puts in its place does not become so.
    all.add_text("reReplaceAll", |args| {
        let [pattern, with, text] = texts(&Alertmanager, args)?;
        replace_all(&expression(&clean(pattern))?, with, &clean(text), text, MAX_TEXT)
    });
    all.add_text("join", |args| {
        let [Value::String(between), Value::List(list)] = args else {
            return Err("wants a text and a list of texts".to_owned());
        };
        let mut out = String::new();
        for (index, value) in list.iter().enumerate() {
            let text = value.as_str().ok_or_else(|| wrong_type("string", value))?;
            out.push_str(if index > 0 { between } else { "" });
            out.push_str(text);
            if out.len() > MAX_TEXT {
                break;
            }
        }
        Ok(out)
    });
}

fn wrong_type(wanted: &str, value: &Value) -> String {
    format!("wrong type for value; expected {wanted}; got {}", type_name(&Alertmanager, value))
}

fn add_encodings(all: &mut Functions) {
    // What was hidden in an encoding may come from an alert, so all of it is marked.
    all.add_text("urlUnescape", |args| Ok(marked(&url_decoded(one_text(args)?)?).into_owned()));
    all.add_text("base64decode", |args| {
        let bytes = URL_SAFE.decode(one_text(args)?).map_err(|error| error.to_string())?;
        Ok(marked(&String::from_utf8_lossy(&bytes)).into_owned())
    });
    all.add_text("base64encode", |args| Ok(URL_SAFE.encode(one_text(args)?)));
    all.add_text("toJson", |args| match args {
        [value] => to_json(value, MAX_TEXT).ok_or_else(|| format!("more than {MAX_TEXT} bytes")),
        _ => Err(wrong_count(1, args.len())),
    });
}

/// Go, package `net/url`, `QueryUnescape`.
fn url_decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [a, b, after @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
                bytes.push((digit(*a) * 16 + digit(*b)) as u8);
                rest = after;
            }
            (b'%', _) => {
                let wrong = String::from_utf8_lossy(&after[..after.len().min(2)]).into_owned();
                return Err(format!("invalid URL escape {:?}", format!("%{wrong}")));
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn add_lists(all: &mut Functions) {
    all.add("stringSlice", |args| match args.iter().find(|value| value.as_str().is_none()) {
        Some(other) => Err(wrong_type("string", other)),
        None => Ok(Value::List(args.into())),
    });
    all.add("list", |args| within_bounds(Value::List(args.into())));
    all.add("append", |args| match args {
        [Value::List(list), more @ ..] => {
            within_bounds(Value::List(list.iter().chain(more).cloned().collect()))
        }
        [other, ..] => Err(wrong_type("[]interface {}", other)),
        [] => Err("wrong number of args: want at least 1 got 0".to_owned()),
    });
    all.add("dict", |args| {
        if !args.len().is_multiple_of(2) {
            return Err("dict wants a value for each key".to_owned());
        }
        let mut map = BTreeMap::new();
        for pair in args.chunks_exact(2) {
            let key = pair[0].as_str().ok_or_else(|| wrong_type("string", &pair[0]))?;
            map.insert(Arc::from(key), pair[1].clone());
        }
        within_bounds(Value::Map(Arc::new(map)))
    });
}

/// The most values that a list or a map may hold, with all that they hold in turn.
const MOST_VALUES: usize = 20_000;
/// The most bytes that all texts in them may have.
const MOST_BYTES: usize = 16 << 20;
/// The most lists and maps that may stand within each other.
const MOST_DEPTH: usize = 20;

fn within_bounds(value: Value) -> Result<Value, String> {
    let mut room = Room { values: MOST_VALUES, bytes: MOST_BYTES };
    match room.takes(&value, MOST_DEPTH) {
        true => Ok(value),
        false => Err(format!(
            "more than {MOST_VALUES} values, {MOST_BYTES} bytes, or more than {MOST_DEPTH} within each other"
        )),
    }
}

/// How much more may stand in a list or a map.
struct Room {
    values: usize,
    bytes: usize,
}

impl Room {
    fn takes(&mut self, value: &Value, depth: usize) -> bool {
        let bytes = value.as_str().map_or(0, str::len);
        let left = (depth.checked_sub(1), self.values.checked_sub(1), self.bytes.checked_sub(bytes));
        let (Some(depth), Some(values), Some(bytes)) = left else { return false };
        (self.values, self.bytes) = (values, bytes);
        match value {
            Value::List(list) => list.iter().all(|value| self.takes(value, depth)),
            Value::Map(map) => map.values().all(|value| self.takes(value, depth)),
            _ => true,
        }
    }
}

fn point(value: &Value) -> Result<jiff::Zoned, String> {
    match Time::of(value) {
        Some(Time::Point(time)) => Ok(time),
        _ => Err(wrong_type("time.Time", value)),
    }
}

fn add_times(all: &mut Functions, moment: &Arc<Moment>) {
    all.add_text("date", |args| match args {
        [Value::String(layout), time] => Ok(format_time(&point(time)?, layout)),
        [other, _] => Err(wrong_type("string", other)),
        _ => Err(wrong_count(2, args.len())),
    });
    all.add("tz", |args| match args {
        [Value::String(name), time] => Ok(Time::Point(point(time)?.with_time_zone(zone(name)?)).value()),
        [other, _] => Err(wrong_type("string", other)),
        _ => Err(wrong_count(2, args.len())),
    });
    let clock = Arc::clone(moment);
    all.add("now", move |_| Ok(clock.now().value()));
    let clock = Arc::clone(moment);
    all.add("since", move |args| match args {
        [time] => clock.now().call("Sub", &[Time::Point(point(time)?).value()]).ok_or_else(String::new),
        _ => Err(wrong_count(1, args.len())),
    });
    all.add_text("humanizeDuration", |args| Ok(humanize_duration(number(&Alertmanager, args)?)));
}

/// The zone of a place. Which one this machine is in is not asked: `Local` is UTC.
fn zone(name: &str) -> Result<TimeZone, String> {
    match name {
        "" | "UTC" | "Local" => Ok(TimeZone::UTC),
        _ => TimeZone::get(name).map_err(|_| format!("unknown time zone {name}")),
    }
}
