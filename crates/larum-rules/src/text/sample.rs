//! The samples that `query` gives (Prometheus, `template/template.go`, `sample`), and what is done with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use larum_core::label::LabelSet;
use larum_promql::Element;
use larum_template::{Value, record};

/// Labels as templates see them: `map[string]string`.
pub fn label_map(labels: &LabelSet) -> Value {
    let entries = labels.iter().map(|(name, value)| (Arc::from(name), Value::String(value.into())));
    Value::Map(Arc::new(entries.collect()))
}

/// An answer to `query`.
pub fn samples(found: &[Element]) -> Value {
    let sample = |element: &Element| {
        record([("Labels", label_map(&element.labels)), ("Value", Value::Float(element.value))])
    };
    Value::List(found.iter().map(sample).collect())
}

/// The labels and the value of a sample.
pub fn parts(value: &Value) -> Option<(&BTreeMap<Arc<str>, Value>, &Value)> {
    match value {
        Value::Map(fields) if fields.len() == 2 => match (fields.get("Labels"), fields.get("Value")) {
            (Some(Value::Map(labels)), Some(value)) => Some((labels, value)),
            _ => None,
        },
        _ => None,
    }
}

/// `first`
pub fn first(args: &[Value]) -> Result<Value, String> {
    let [Value::List(samples)] = args else { return Err("wants what query gives".to_owned()) };
    samples.first().cloned().ok_or_else(|| "first() called on vector with no elements".to_owned())
}

/// `value`
pub fn value(args: &[Value]) -> Result<Value, String> {
    let [sample] = args else { return Err(NO_SAMPLE.to_owned()) };
    parts(sample).map(|(_, value)| value.clone()).ok_or_else(|| NO_SAMPLE.to_owned())
}

/// `label`
pub fn label(args: &[Value]) -> Result<Value, String> {
    let [Value::String(name), sample] = args else {
        return Err("wants the name of a label and a sample".to_owned());
    };
    let (labels, _) = parts(sample).ok_or_else(|| NO_SAMPLE.to_owned())?;
    Ok(labels.get(name).cloned().unwrap_or_else(nothing))
}

/// `strvalue`: the label that samples of texts had in the days when there were any.
pub fn text_value(args: &[Value]) -> Result<Value, String> {
    let [sample] = args else { return Err(NO_SAMPLE.to_owned()) };
    label(&[Value::String("__value__".into()), sample.clone()])
}

/// `sortByLabel`, which keeps the order of those that have the same.
pub fn sort_by_label(args: &[Value]) -> Result<Value, String> {
    let [Value::String(name), Value::List(samples)] = args else {
        return Err("wants the name of a label and what query gives".to_owned());
    };
    let key = |sample: &Value| {
        let found = parts(sample).and_then(|(labels, _)| labels.get(name));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut sorted = samples.to_vec();
    sorted.sort_by_cached_key(key);
    Ok(Value::List(sorted.into()))
}

/// `args`: values under the names `arg0`, `arg1`, …
pub fn numbered(args: &[Value]) -> Result<Value, String> {
    let named = args.iter().enumerate().map(|(index, value)| (format!("arg{index}").into(), value.clone()));
    Ok(Value::Map(Arc::new(named.collect())))
}

/// Whether a map may be one that [`numbered`] made.
pub fn is_numbered(map: &BTreeMap<Arc<str>, Value>) -> bool {
    (0..map.len()).all(|index| map.contains_key(format!("arg{index}").as_str()))
}

fn nothing() -> Value {
    Value::String("".into())
}

const NO_SAMPLE: &str = "wants a sample, one of those that query gives";
