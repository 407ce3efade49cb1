//! The functions that every language has, and how a language adds its own.

use std::sync::Arc;

use gotmpl::{FuncMap, TemplateError, Value};

use crate::arguments::{texts, wrong_count};
use crate::fill::Budget;
use crate::language::{Language, Limits};
use crate::printf::{print, printf, println};
use crate::show::{show, type_name};
use crate::time::Time;
use crate::word::{expression, lower, replace_all, upper};

/// What a template writes passes through here last. This name and the next ones are none that a person could type.
pub(crate) const SHOW: &str = "\u{1}show";
/// What stands behind a dot passes through here.
pub(crate) const FIELD: &str = "\u{1}field";
/// What stands behind a dot and gets arguments passes through here.
pub(crate) const METHOD: &str = "\u{1}method";
/// Each template within a template begins with it.
pub(crate) const STEP: &str = "\u{1}step";
/// The dot of a template that is called with nothing.
pub(crate) const NOTHING: &str = "\u{1}nothing";

/// Functions of Go's templates (Go, package `text/template`, "Functions").
const GO: [&str; 19] = [
    "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "slice", "call", "index", "print",
    "println", "printf", "html", "js", "urlquery",
];

/// Whether a template may call this function.
///
/// # Errors
/// Says why not.
pub(crate) fn may_call(language: &dyn Language, name: &str) -> Result<(), String> {
    if GO.contains(&name) || language.has_function(name) {
        return Ok(());
    }
    Err(format!("function {name:?} not defined"))
}

/// The functions that templates of a language can call.
#[derive(Clone)]
pub struct Functions {
    language: &'static dyn Language,
    map: FuncMap,
}

type Answer = Result<Value, TemplateError>;

impl Functions {
    /// Those of Go that print otherwise there than in crate gotmpl, and those that all our languages share.
    pub fn new(language: &'static dyn Language) -> Self {
        let mut all = Self { language, map: FuncMap::new() };
        all.add_raw(SHOW, move |args| Ok(show_last(language, args)));
        all.add_raw(FIELD, move |args| field(language, args));
        all.add_raw(METHOD, move |args| method(language, args));
        all.add_raw(NOTHING, |_| Ok(Value::Nil));
        all.add_raw("index", move |args| index(language, args));
        all.add_text("print", move |args| Ok(print(language, args)));
        all.add_text("println", move |args| Ok(println(language, args)));
        all.add_text("printf", move |args| match args {
            [Value::String(format), rest @ ..] => printf(language, format, rest),
            [other, ..] => Err(format!("expected string; found {}", show(language, other))),
            [] => Err(wrong_count(1, 0)),
        });
        all.add_text("html", move |args| Ok(gotmpl::html_escape(&print(language, args))));
        all.add_text("js", move |args| Ok(gotmpl::js_escape(&print(language, args))));
        all.add_text("urlquery", move |args| Ok(gotmpl::url_encode(&print(language, args))));
        all.add_text("toUpper", move |args| texts(language, args).map(|[text]| upper(text)));
        all.add_text("toLower", move |args| texts(language, args).map(|[text]| lower(text)));
        all.add_text("safeHtml", move |args| texts(language, args).map(|[text]| text.to_owned()));
        all.add_text("reReplaceAll", move |args| {
            let [pattern, with, text] = texts(language, args)?;
            replace_all(&expression(pattern)?, with, text, text, language.limits().longest)
        });
        all.add("match", move |args| {
            let [pattern, text] = texts(language, args)?;
            Ok(Value::Bool(expression(pattern)?.is_match(text)))
        });
        all
    }

    /// Adds a function, or replaces the one of this name.
    pub fn add(
        &mut self,
        name: &'static str,
        function: impl Fn(&[Value]) -> Result<Value, String> + Send + Sync + 'static,
    ) {
        self.add_raw(name, move |args| function(args).map_err(|error| failure(name, &error)));
    }

    /// Adds a function that gives a text, of bounded length.
    pub fn add_text(
        &mut self,
        name: &'static str,
        function: impl Fn(&[Value]) -> Result<String, String> + Send + Sync + 'static,
    ) {
        let longest = self.language.limits().longest;
        self.add(name, move |args| {
            let text = function(args)?;
            if text.len() > longest {
                return Err(format!("more than {longest} bytes"));
            }
            Ok(Value::String(text.into()))
        });
    }

    /// Lets each of these functions see its arguments through `before`.
    pub fn change_arguments(&mut self, names: &[&str], before: fn(&Value) -> Value) {
        for name in names {
            if let Some(function) = self.map.get_mut(*name) {
                let inner = Arc::clone(function);
                *function =
                    Arc::new(move |args: &[Value]| inner(&args.iter().map(before).collect::<Vec<_>>()));
            }
        }
    }

    /// Counts templates within templates in `budget`.
    pub fn count_in(&mut self, budget: &Arc<Budget>) {
        let (budget, most) = (Arc::clone(budget), self.language.limits().templates);
        self.add(STEP, move |_| budget.step(most).map(|()| Value::String("".into())));
    }

    pub(crate) fn limits(&self) -> Limits {
        self.language.limits()
    }

    /// All of them.
    pub fn into_map(self) -> FuncMap {
        self.map
    }

    fn add_raw(&mut self, name: &'static str, function: impl Fn(&[Value]) -> Answer + Send + Sync + 'static) {
        self.map.insert(name.into(), Arc::new(function));
    }
}

/// The error that Go's templates make of a function's error.
fn failure(name: &str, error: &str) -> TemplateError {
    let name = name.trim_start_matches('\u{1}');
    TemplateError::Exec(format!("error calling {name}: {error}"))
}

/// What Go would write for a value; nothing at all stays what it is.
fn show_last(language: &dyn Language, args: &[Value]) -> Value {
    match args.last() {
        Some(Value::Nil) | None => Value::Nil,
        Some(text @ Value::String(_)) => text.clone(),
        Some(other) => Value::String(show(language, other).into()),
    }
}

/// The value under a name, level by level.
fn field(language: &dyn Language, args: &[Value]) -> Answer {
    let [value, names @ ..] = args else { return Ok(Value::Nil) };
    let mut found = value.clone();
    for name in names {
        let name = name.as_str().unwrap_or_default();
        found =
            member(language, &found, name, &[]).unwrap_or_else(|| Err(nowhere(language, &found, name)))?;
    }
    Ok(found)
}

/// What a method gives: a value, the method's name, and its arguments.
fn method(language: &dyn Language, args: &[Value]) -> Answer {
    let [value, Value::String(name), args @ ..] = args else { return Ok(Value::Nil) };
    let found = member(language, value, name, args);
    found.unwrap_or_else(|| match Time::of(value) {
        Some(_) => Err(nowhere(language, value, name)),
        None => Err(TemplateError::Exec(format!(
            "{name} has arguments but cannot be invoked as function in type {}",
            type_name(language, value)
        ))),
    })
}

fn member(language: &dyn Language, value: &Value, name: &str, args: &[Value]) -> Option<Answer> {
    match Time::of(value) {
        Some(time) => time.call(name, args).map(Ok),
        None => {
            let found = language.member(value, name, args)?;
            Some(found.map_err(|error| failure(name, &error)))
        }
    }
}

fn nowhere(language: &dyn Language, value: &Value, name: &str) -> TemplateError {
    TemplateError::Exec(format!("can't evaluate field {name} in type {}", type_name(language, value)))
}

fn index(language: &dyn Language, args: &[Value]) -> Answer {
    let [value, keys @ ..] = args else { return Err(failure("index", "nothing to look into")) };
    let mut found = value.clone();
    for key in keys {
        found = match (&found, key.as_str()) {
            (Value::Map(_), Some(name)) => {
                found.field(name).cloned().unwrap_or_else(|| language.absent(&found, name))
            }
            _ => found.index(key)?,
        };
    }
    Ok(found)
}
