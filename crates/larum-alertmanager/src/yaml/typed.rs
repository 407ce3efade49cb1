//! What a tree means where any kind of value may stand: words without quotes are numbers, booleans or nothing as YAML 1.1
//! has them, which is what Alertmanager's reader knows (gopkg.in/yaml.v2, `resolve.go`).

use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::{Node, Value};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A number as JSON writes it; or `.inf` and `.nan`, which JSON cannot.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Typed>),
    /// Values by their names, of which none stands twice.
    Map(Vec<(String, Typed)>),
}

impl Typed {
    /// What a tree means. Keys that are no texts are left out, with what they stand for (Alertmanager,
    /// `template/template.go`, `DeepCopyWithTemplate`).
    pub(crate) fn of(node: &Node) -> Self {
        match &node.value {
            Value::Scalar { text, plain: true } => word(text),
            Value::Scalar { text, plain: false } => Self::Text(text.clone()),
            Value::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Mapping(fields) => {
                let is_text = |name: &str, plain: bool| !plain || matches!(word(name), Self::Text(_));
                let named = fields.iter().filter(|(key, _)| is_text(&key.name, key.plain));
                Self::Map(named.map(|(key, node)| (key.name.clone(), Self::of(node))).collect())
            }
        }
    }
}

/// A word without quotes.
fn word(text: &str) -> Typed {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Typed::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Typed::Boolean(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Typed::Boolean(false);
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Typed::Number("+Inf".to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return Typed::Number("-Inf".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return Typed::Number("NaN".to_owned()),
        _ => {}
    }
    let number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)).then(|| number(text));
    number.flatten().map_or_else(|| Typed::Text(text.to_owned()), Typed::Number)
}

/// A number, as JSON.
fn number(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    if let Some(whole) = whole(&plain) {
        return Some(whole);
    }
    let is_float = {
        let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (digits, None),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        all_digits(before)
            && all_digits(behind)
            && !(before.is_empty() && behind.is_empty())
            && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
    };
    if is_float { plain.parse().ok().map(float) } else { None }
}

/// A whole number, also in base 2, 8 or 16 (Go, package `strconv`, `ParseInt` in base 0).
fn whole(text: &str) -> Option<String> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    let number = if is_negative { -number } else { number };
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then(|| number.to_string())
}

/// A number with a fraction as Go's JSON has it (Go, package `encoding/json`, `floatEncoder`).
fn float(number: f64) -> String {
    let size = number.abs();
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return number.to_string();
    }
    let short = format!("{number:e}");
    if short.contains("e-") { short } else { short.replace('e', "e+") }
}

/// As JSON, with its names in order.
impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Boolean(is) => to.serialize_bool(*is),
            Self::Number(number) => match RawValue::from_string(number.clone()) {
                Ok(number) => number.serialize(to),
                Err(_) => Err(S::Error::custom(format!("json: unsupported value: {number}"))),
            },
            Self::Text(text) => to.serialize_str(text),
            Self::List(items) => to.collect_seq(items),
            Self::Map(fields) => {
                let mut sorted: Vec<&(String, Self)> = fields.iter().collect();
                sorted.sort_by(|one, other| one.0.cmp(&other.0));
                let mut map = to.serialize_map(Some(sorted.len()))?;
                sorted.into_iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}
