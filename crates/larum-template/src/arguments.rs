//! What functions were given.

use gotmpl::Value;

use crate::language::Language;
use crate::show::{show, type_name};
use crate::time::Time;

/// The one number that a function was given, also as a text or a span of time, which is its seconds (Prometheus,
/// `template.go`, `convertToFloat`).
///
/// # Errors
/// Says what else it was given.
pub fn number(language: &dyn Language, args: &[Value]) -> Result<f64, String> {
    let [arg] = args else { return Err(wrong_count(1, args.len())) };
    match (arg, Time::of(arg)) {
        (Value::Float(number), _) => Ok(*number),
        (Value::Int(number), _) => Ok(*number as f64),
        (Value::Uint(number), _) => Ok(*number as f64),
        (_, Some(Time::Span(nanos))) => Ok(nanos as f64 / 1e9),
        (Value::String(text), _) => {
            let wrong = |why: &str| format!("strconv.ParseFloat: parsing {text:?}: {why}");
            let number: f64 = text.parse().map_err(|_| wrong("invalid syntax"))?;
            let is_word = text.contains(['n', 'N']);
            match number {
                _ if number.is_finite() || is_word => Ok(number),
                _ => Err(wrong("value out of range")),
            }
        }
        (other, _) => Err(format!("can't convert {} to float", type_name(language, other))),
    }
}

/// Exactly `N` texts.
///
/// # Errors
/// Says how many there are, or what is none.
pub fn texts<'a, const N: usize>(language: &dyn Language, args: &'a [Value]) -> Result<[&'a str; N], String> {
    if args.len() != N {
        return Err(wrong_count(N, args.len()));
    }
    let mut texts = [""; N];
    for (text, arg) in texts.iter_mut().zip(args) {
        *text = arg.as_str().ok_or_else(|| format!("expected string; found {}", show(language, arg)))?;
    }
    Ok(texts)
}

/// What Go says of a function that was given too much or too little.
pub fn wrong_count(wanted: usize, given: usize) -> String {
    format!("wrong number of args: want {wanted} got {given}")
}
