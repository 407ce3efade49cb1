//! `printf`, `print` and `println` as Go has them (Go, package `fmt`), for the values that templates can have.

use gotmpl::Value;

use crate::language::Language;
use crate::show::{argument, joined, type_name};
use crate::verb::Spec;

/// `print`: a space between two values of which neither is a text.
pub(crate) fn print(language: &dyn Language, values: &[Value]) -> String {
    let is_text = |value: &Value| matches!(value, Value::String(_));
    let parts = values.iter().enumerate().map(|(index, value)| {
        let apart = index > 0 && !is_text(value) && !is_text(&values[index - 1]);
        format!("{}{}", if apart { " " } else { "" }, argument(language, value))
    });
    joined(language, "", parts)
}

/// `println`: spaces between all values, and a line's end.
pub(crate) fn println(language: &dyn Language, values: &[Value]) -> String {
    joined(language, " ", values.iter().map(|value| argument(language, value))) + "\n"
}

/// `printf`. What does not fit its verb is written as Go writes it: `%!d(float64=1.5)`.
///
/// # Errors
/// Says so when the text would become longer than the language lets it be.
pub(crate) fn printf(language: &dyn Language, format: &str, values: &[Value]) -> Result<String, String> {
    let longest = language.limits().longest;
    let mut out = String::new();
    let mut arguments = Arguments { values, next: 0, reordered: false, exists: true };
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        let spec;
        (spec, rest) = read(behind, &mut arguments, &mut out);
        let Some(verb) = rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        rest = &rest[verb.len_utf8()..];
        if spec.width.max(spec.precision.unwrap_or(0)) > longest {
            return Err(format!("a width of more than {longest} characters"));
        }
        out.push_str(&match verb {
            '%' => "%".to_owned(),
            _ if !arguments.exists => format!("%!{verb}(BADINDEX)"),
            _ => match arguments.take() {
                Some(value) => spec.before(verb).write(language, verb, value),
                None => format!("%!{verb}(MISSING)"),
            },
        });
        if out.len() > longest {
            return Err(format!("more than {longest} bytes"));
        }
    }
    out.push_str(rest);
    out.push_str(&arguments.left_over(language));
    Ok(out)
}

/// Reads what stands between `%` and the verb: flags, width, precision, and which argument is meant. Gives what is
/// left, and writes what is wrong (Go, package `fmt`, "Explicit argument indexes" and "Format errors").
fn read<'t>(text: &'t str, arguments: &mut Arguments<'_>, out: &mut String) -> (Spec, &'t str) {
    let (mut spec, mut rest) = Spec::flags(text);
    arguments.exists = true;
    let mut indexed;
    (indexed, rest) = arguments.index(rest);
    if let Some(after) = rest.strip_prefix('*') {
        (indexed, rest) = (false, after);
        match arguments.integer() {
            Some(width) => spec.set_width(width),
            None => out.push_str("%!(BADWIDTH)"),
        }
    } else if let Some((width, after)) = number(rest) {
        (spec.width, rest) = (width, after);
        arguments.exists &= !indexed;
    }
    if let Some(after) = rest.strip_prefix('.') {
        arguments.exists &= !indexed;
        (indexed, rest) = arguments.index(after);
        if let Some(after) = rest.strip_prefix('*') {
            (indexed, rest) = (false, after);
            spec.precision = arguments.integer().and_then(|digits| usize::try_from(digits).ok());
            if spec.precision.is_none() {
                out.push_str("%!(BADPREC)");
            }
        } else {
            let (digits, after) = number(rest).unwrap_or((0, rest));
            (spec.precision, rest) = (Some(digits), after);
        }
    }
    if !indexed {
        (_, rest) = arguments.index(rest);
    }
    (spec, rest)
}

/// The number with which the text begins.
fn number(text: &str) -> Option<(usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    // A number too large to hold is too large for any text, and refused as such.
    (digits > 0).then(|| (number.parse().unwrap_or(usize::MAX), rest))
}

/// The values that are still to be written.
struct Arguments<'a> {
    values: &'a [Value],
    next: usize,
    /// Whether any was chosen by its number.
    reordered: bool,
    /// Whether the one that was chosen last is there.
    exists: bool,
}

impl<'a> Arguments<'a> {
    fn take(&mut self) -> Option<&'a Value> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(value)
    }

    fn integer(&mut self) -> Option<i64> {
        self.take().and_then(Value::as_int)
    }

    /// `[2]`: the second is the next. Whether a number stood there, and what is left.
    fn index<'t>(&mut self, text: &'t str) -> (bool, &'t str) {
        let Some(inner) = text.strip_prefix('[') else { return (false, text) };
        self.reordered = true;
        let found = inner.split_once(']').map(|(within, after)| (number(within), after));
        match found {
            Some((Some((index, "")), after)) if (1..=self.values.len()).contains(&index) => {
                self.next = index - 1;
                (true, after)
            }
            found => {
                self.exists = false;
                (matches!(found, Some((Some((_, "")), _))), found.map_or(inner, |(_, after)| after))
            }
        }
    }

    /// What Go appends about values that no verb asked for.
    fn left_over(&self, language: &dyn Language) -> String {
        let rest = self.values.get(self.next..).unwrap_or_default();
        if rest.is_empty() || self.reordered {
            return String::new();
        }
        let named =
            rest.iter().map(|value| format!("{}={}", type_name(language, value), argument(language, value)));
        format!("%!(EXTRA {})", joined(language, ", ", named))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::language::tests::Plain;
    use crate::show::show;

    fn text(words: &str) -> Value {
        Value::String(words.into())
    }

    // What promtool 2.42 makes of the same formats.
    #[test]
    fn go_prints_the_same() {
        let (five, float, yes) = (Value::Int(5), Value::Float(1_234_567.0), Value::Bool(true));
        let pi = Value::Float(3.141_7);
        let minus = Value::Float(f64::NEG_INFINITY);
        let cases: [(&str, &[Value], &str); 20] = [
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
            (
                "%+v|%+v|%+d|%+z",
                &[five.clone(), pi.clone(), five.clone(), five.clone()],
                "5|3.1417|+5|%!z(int=+5)",
            ),
            (
                "%05s|%-05s|%05v|%08q|%05t",
                &[text("ab"), text("ab"), text("-1"), text("c"), yes.clone()],
                "000ab|ab   |000-1|00000\"c\"|0true",
            ),
            (
                "%06.3d|%06f|%06.0d|%08U",
                &[five.clone(), minus, Value::Int(0), Value::Int(65)],
                "   005|  -Inf|      |  U+0041",
            ),
        ];
        for (format, values, expected) in cases {
            assert_eq!(printf(&Plain, format, values).unwrap(), expected, "{format}");
        }
    }

    #[test]
    fn a_space_stands_between_two_that_are_no_texts() {
        let values =
            [Value::Int(1), Value::Int(2), text("a"), Value::Int(3), Value::Bool(true), Value::Float(4.0)];
        assert_eq!(print(&Plain, &values), "1 2a3 true 4");
        assert_eq!(println(&Plain, &[text("a"), Value::Int(1)]), "a 1\n");
    }

    #[test]
    fn nothing_grows_without_bounds() {
        for format in ["%99999999999999999999d", "%.999999d", "%20000v", &"%16000d".repeat(9)] {
            let values = vec![Value::Int(1); 9];
            assert!(printf(&Plain, format, &values).unwrap_err().contains("16384"), "{format}");
        }
        let many = Value::List(vec![Value::Int(1); 100_000].into());
        assert!(printf(&Plain, "%16000v", &[many]).unwrap_err().contains("16384"));
        let odd = "%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX) %!!(int=1)";
        assert_eq!(printf(&Plain, "%[0]d %[x]d %[9]d %!", &[Value::Int(1)]).unwrap(), odd);
    }

    #[test]
    fn a_map_of_maps_is_written_no_further_than_a_text_can_hold() {
        let longest = Plain.limits().longest;
        let twice = |value: &Value| {
            let entries = ["a", "b"].map(|name| (name.into(), value.clone()));
            Value::Map(Arc::new(entries.into()))
        };
        let deep = [(0..64).fold(Value::Int(1), |value, _| twice(&value))];
        for format in ["%v", "%d", "%16000d", "%#v", "%d %d", "%!"] {
            assert!(printf(&Plain, format, &deep).unwrap_err().contains("16384"), "{format}");
        }
        for shown in [show(&Plain, &deep[0]), print(&Plain, &deep), println(&Plain, &deep)] {
            assert!((longest..2 * longest).contains(&shown.len()), "{}", shown.len());
        }
    }
}
