//! `printf`, `print` and `println` as Go has them (Go, package `fmt`), for the values that templates can have.

use std::fmt::Write as _;

use gotmpl::Value;

use super::MAX_TEXT;
use super::kind::Kind;
use super::number::{Format, float, plain};

/// A value as `%v` writes it.
pub(super) fn show(value: &Value) -> String {
    if let Some(shown) = Kind::of(value).show(value) {
        return shown;
    }
    match value {
        Value::Float(number) => plain(*number),
        Value::List(values) => format!("[{}]", values.iter().map(argument).collect::<Vec<_>>().join(" ")),
        Value::Map(map) => {
            let entries = map.iter().map(|(name, value)| format!("{name}:{}", argument(value)));
            format!("map[{}]", entries.collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}

/// The same of a value that a function was given: there Go shows that a sample is a pointer.
fn argument(value: &Value) -> String {
    let sign = if Kind::of(value) == Kind::Sample { "&" } else { "" };
    format!("{sign}{}", show(value))
}

/// `print`: a space between two values of which neither is a text.
pub(super) fn print(values: &[Value]) -> String {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::String(_));
        if index > 0 && !is_text(value) && !is_text(&values[index - 1]) {
            out.push(' ');
        }
        out.push_str(&argument(value));
    }
    out
}

/// `println`: spaces between all values, and a line's end.
pub(super) fn println(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(argument).collect();
    words.join(" ") + "\n"
}

/// `printf`. What does not fit its verb is written as Go writes it: `%!d(float64=1.5)`.
///
/// # Errors
/// Says so when the text would become longer than [`MAX_TEXT`].
pub(super) fn printf(format: &str, values: &[Value]) -> Result<String, String> {
    let mut out = String::new();
    let mut arguments = Arguments { values, next: 0, reordered: false };
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let mut spec = Spec::default();
        rest = spec.parse(&rest[at + 1..], &mut arguments);
        let mut characters = rest.chars();
        let Some(verb) = characters.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        rest = characters.as_str();
        if spec.width.max(spec.precision.unwrap_or(0)) > MAX_TEXT {
            return Err(format!("printf: a width of more than {MAX_TEXT} characters"));
        }
        match verb {
            '%' => out.push('%'),
            _ => match arguments.take() {
                Some(value) => out.push_str(&spec.write(verb, value)),
                None => drop(write!(out, "%!{verb}(MISSING)")),
            },
        }
        if out.len() > MAX_TEXT {
            return Err(format!("printf: more than {MAX_TEXT} bytes"));
        }
    }
    out.push_str(rest);
    out.push_str(&arguments.left_over());
    Ok(out)
}

/// The values that are still to be written.
struct Arguments<'a> {
    values: &'a [Value],
    next: usize,
    reordered: bool,
}

impl<'a> Arguments<'a> {
    fn take(&mut self) -> Option<&'a Value> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(value)
    }

    /// What Go appends about values that no verb asked for.
    fn left_over(&self) -> String {
        let rest = self.values.get(self.next..).unwrap_or_default();
        if rest.is_empty() || self.reordered {
            return String::new();
        }
        let named: Vec<String> =
            rest.iter().map(|value| format!("{}={}", type_name(value), argument(value))).collect();
        format!("%!(EXTRA {})", named.join(", "))
    }
}

/// What stands between `%` and the verb.
#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

impl Spec {
    /// Reads flags, width, precision and the index of an argument; gives what is left.
    fn parse<'t>(&mut self, text: &'t str, arguments: &mut Arguments<'_>) -> &'t str {
        let mut rest = text;
        while let Some(flag) = rest.chars().next().filter(|flag| "-+ 0#".contains(*flag)) {
            match flag {
                '-' => self.minus = true,
                '+' => self.plus = true,
                ' ' => self.space = true,
                '0' => self.zero = true,
                _ => self.sharp = true,
            }
            rest = &rest[1..];
        }
        let (width, after) = number(rest, arguments);
        self.width = width.unwrap_or(0);
        rest = after;
        if let Some(after) = rest.strip_prefix('.') {
            let (precision, after) = number(after, arguments);
            self.precision = Some(precision.unwrap_or(0));
            rest = after;
        }
        if let Some((index, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            arguments.next = index.parse::<usize>().unwrap_or(0).wrapping_sub(1);
            arguments.reordered = true;
            rest = after;
        }
        rest
    }

    fn write(&self, verb: char, value: &Value) -> String {
        match (verb, value) {
            ('v', Value::Float(number)) => self.signed(&float(*number, Format::General, self.precision)),
            ('v' | 'd', Value::Int(number)) => self.signed(&number.to_string()),
            ('v' | 'd', Value::Uint(number)) => self.signed(&number.to_string()),
            ('s', Value::String(text)) => self.pad(&self.cut(text)),
            ('v', Value::String(text)) => self.pad(&self.cut(text)),
            ('v' | 't', Value::Bool(_)) | ('v', _) | ('s', Value::Map(_)) => self.pad(&argument(value)),
            ('q', Value::String(text)) => self.pad(&quote(text)),
            ('x', Value::String(text)) => {
                self.pad(&text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
            }
            ('X', Value::String(text)) => {
                self.pad(&text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02X}")))
            }
            ('x' | 'X' | 'o' | 'b', Value::Int(number)) => self.signed(&radix(verb, *number)),
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', Value::Float(number)) => self.float(verb, *number),
            _ => format!("%!{verb}({}={})", type_name(value), argument(value)),
        }
    }

    fn float(&self, verb: char, number: f64) -> String {
        let (format, usual) = match verb.to_ascii_lowercase() {
            'e' => (Format::Exponent, Some(6)),
            'f' => (Format::Fixed, Some(6)),
            _ => (Format::General, None),
        };
        let text = float(number, format, self.precision.or(usual));
        let upper = verb.is_ascii_uppercase() && number.is_finite();
        self.signed(&if upper { text.to_uppercase() } else { text })
    }

    /// At most as many characters as the precision says.
    fn cut(&self, text: &str) -> String {
        text.chars().take(self.precision.unwrap_or(usize::MAX)).collect()
    }

    /// A number with the sign that was asked for, filled up to the width.
    fn signed(&self, number: &str) -> String {
        let (sign, digits) = match number.split_at_checked(1) {
            Some((sign @ ("-" | "+"), digits)) => (sign, digits),
            _ if self.plus && number != "NaN" => ("+", number),
            _ if self.space => (" ", number),
            _ => ("", number),
        };
        let filled = sign.len() + digits.len();
        if self.zero && !self.minus && digits.starts_with(|first: char| first.is_ascii_digit()) {
            return format!("{sign}{}{digits}", "0".repeat(self.width.saturating_sub(filled)));
        }
        self.pad(&format!("{sign}{digits}"))
    }

    fn pad(&self, text: &str) -> String {
        let fill = " ".repeat(self.width.saturating_sub(text.chars().count()));
        if self.minus { format!("{text}{fill}") } else { format!("{fill}{text}") }
    }
}

/// A number in the text, or `*` and the next argument.
fn number<'t>(text: &'t str, arguments: &mut Arguments<'_>) -> (Option<usize>, &'t str) {
    if let Some(rest) = text.strip_prefix('*') {
        let asked = arguments.take().and_then(Value::as_int).and_then(|count| usize::try_from(count).ok());
        return (asked, rest);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    // A number too large to hold is too large for any text, and refused as such.
    (if digits == 0 { None } else { Some(number.parse().unwrap_or(usize::MAX)) }, rest)
}

fn radix(verb: char, number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    match verb {
        'x' => format!("{sign}{size:x}"),
        'X' => format!("{sign}{size:X}"),
        'o' => format!("{sign}{size:o}"),
        _ => format!("{sign}{size:b}"),
    }
}

/// A text in double quotes, as Go's `%q` writes it.
fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => drop(write!(out, "\\x{:02x}", u32::from(c))),
            c if c.is_control() => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What Go calls the type of a value.
pub(super) fn type_name(value: &Value) -> &'static str {
    if let Some(name) = Kind::of(value).type_name() {
        return name;
    }
    match value {
        Value::Nil => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Uint(_) => "uint",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]string",
        Value::Function(_) => "func",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Value {
        Value::String(words.into())
    }

    // What promtool 2.42 makes of the same formats.
    #[test]
    fn go_prints_the_same() {
        let (five, float, yes) = (Value::Int(5), Value::Float(1_234_567.0), Value::Bool(true));
        let pi = Value::Float(3.141_7);
        let cases: [(&str, &[Value], &str); 17] = [
            ("%q", &[text("a\"b\n")], r#""a\"b\n""#),
            (
                "%d|%+d|% d|%3d|%06d",
                &[five.clone(), Value::Int(7), five.clone(), five.clone(), Value::Int(-42)],
                "5|+7| 5|  5|-00042",
            ),
            ("%s", std::slice::from_ref(&float), "%!s(float64=1.234567e+06)"),
            ("%d", std::slice::from_ref(&float), "%!d(float64=1.234567e+06)"),
            ("%t|%5t", &[yes.clone(), yes.clone()], "true| true"),
            ("%x|%X|%x", &[text("hi"), text("hi"), Value::Int(255)], "6869|6869|ff"),
            ("%5.1f|%08.3f|%6.2f%%", &[pi.clone(), pi.clone(), float.clone()], "  3.1|0003.142|1234567.00%"),
            ("%-8s|", &[text("ab")], "ab      |"),
            ("%s %s", &[text("a")], "a %!s(MISSING)"),
            ("a", &[text("b")], "a%!(EXTRA string=b)"),
            ("%z", std::slice::from_ref(&five), "%!z(int=5)"),
            ("%", &[], "%!(NOVERB)"),
            ("%[2]d %[1]d", &[Value::Int(1), Value::Int(2)], "2 1"),
            ("%*d", &[Value::Int(5), Value::Int(42)], "   42"),
            (
                "%.4g %v %g %e %f",
                &[float.clone(), float.clone(), float.clone(), float.clone(), float.clone()],
                "1.235e+06 1.234567e+06 1.234567e+06 1.234567e+06 1234567.000000",
            ),
            ("%.2s|%f", &[text("äöü"), Value::Float(f64::INFINITY)], "äö|+Inf"),
            ("100 %% of %v", &[text("it")], "100 % of it"),
        ];
        for (format, values, expected) in cases {
            assert_eq!(printf(format, values).unwrap(), expected, "{format}");
        }
    }

    #[test]
    fn a_space_stands_between_two_that_are_no_texts() {
        let values =
            [Value::Int(1), Value::Int(2), text("a"), Value::Int(3), Value::Bool(true), Value::Float(4.0)];
        assert_eq!(print(&values), "1 2a3 true 4");
        assert_eq!(println(&[text("a"), Value::Int(1)]), "a 1\n");
    }

    #[test]
    fn nothing_grows_without_bounds() {
        for format in ["%99999999999999999999d", "%.999999d", "%20000v", &"%16000d".repeat(9)] {
            let values = vec![Value::Int(1); 9];
            assert!(printf(format, &values).unwrap_err().contains("16384"), "{format}");
        }
        assert!(printf("%[0]d %[x]d %[9]d %!", &[Value::Int(1)]).unwrap().contains("MISSING"));
    }
}
