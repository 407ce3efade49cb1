//! One value as a verb of `printf` writes it (Go, package `fmt`, "Printing").

use gotmpl::Value;

use crate::language::Language;
use crate::number::{Format, float};
use crate::show::{argument, joined, own_way, type_name};
use crate::time::Time;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
pub struct Spec {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    /// The least width, in characters.
    pub width: usize,
    /// The digits behind the point, the least digits of a whole number, or the most characters of a text.
    pub precision: Option<usize>,
}

impl Spec {
    /// Reads flags; gives what is left.
    pub fn flags(text: &str) -> (Self, &str) {
        let rest = text.trim_start_matches(['-', '+', ' ', '0', '#']);
        let flags = &text[..text.len() - rest.len()];
        let [minus, plus, space, zero, sharp] = ['-', '+', ' ', '0', '#'].map(|flag| flags.contains(flag));
        (Self { minus, plus, space, zero, sharp, ..Self::default() }, rest)
    }

    /// A negative width fills up on the right.
    pub fn set_width(&mut self, width: i64) {
        self.minus |= width < 0;
        self.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    }

    /// With `v` a plus asks for the names of fields, which nothing here has, and not for a sign.
    pub fn before(self, verb: char) -> Self {
        Self { plus: self.plus && verb != 'v', ..self }
    }

    /// The value; of a list or a map, each part by itself. What does not fit the verb says so, with its type.
    pub fn write(&self, language: &dyn Language, verb: char, value: &Value) -> String {
        if let (true, Some(Time::Named(number, _))) = (!"vsqT".contains(verb), Time::of(value)) {
            return self.write(language, verb, &Value::Int(number));
        }
        let is_plain = own_way(language, value).is_none();
        let part = |value: &Value| self.write(language, verb, value);
        let written = match (verb, value) {
            ('T', _) => Some(self.pad(type_name(language, value))),
            ('v' | 's', _) if !is_plain => Some(self.pad(&argument(language, value))),
            (_, Value::List(values)) => Some(format!("[{}]", joined(language, " ", values.iter().map(part)))),
            (_, Value::Map(map)) if is_plain => {
                let entries = map.iter().map(|(name, value)| (Value::String(name.clone()), value));
                let entries = entries.map(|(name, value)| part(&name) + ":" + &part(value));
                Some(match self.sharp && verb == 'v' {
                    true => {
                        format!("{}{{{}}}", type_name(language, value), joined(language, ", ", entries))
                    }
                    false => format!("map[{}]", joined(language, " ", entries)),
                })
            }
            (_, Value::Nil) if verb != 'v' => Some(format!("%!{verb}(<nil>)")),
            ('v' | 't', Value::Bool(_)) | ('v', Value::Nil | Value::Function(_)) => {
                Some(self.pad(&argument(language, value)))
            }
            (_, Value::Int(number)) => self.integer(language, verb, (*number).into()),
            (_, Value::Uint(number)) => self.integer(language, verb, (*number).into()),
            (_, Value::Float(number)) => self.float(verb, *number),
            (_, Value::String(text)) => self.text(language, verb, text),
            _ => None,
        };
        written.unwrap_or_else(|| {
            let shown = if is_plain { self.write(language, 'v', value) } else { argument(language, value) };
            format!("%!{verb}({}={shown})", type_name(language, value))
        })
    }

    fn integer(&self, language: &dyn Language, verb: char, number: i128) -> Option<String> {
        let size = number.unsigned_abs();
        let digits = match verb {
            'v' | 'd' => size.to_string(),
            'b' => format!("{size:b}"),
            'o' | 'O' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            'c' => return Some(self.pad(character(number).encode_utf8(&mut [0; 4]))),
            'q' => {
                return Some(self.pad(&self.quoted(
                    language,
                    '\'',
                    character(number).encode_utf8(&mut [0; 4]),
                )));
            }
            'U' => return Some(self.pad_blank(&self.code_point(number))),
            _ => return None,
        };
        let sign = match number {
            ..0 => "-",
            _ if self.plus => "+",
            _ if self.space => " ",
            _ => "",
        };
        let least = match self.precision {
            Some(0) if size == 0 => return Some(self.pad_blank("")),
            Some(digits) => digits,
            None if self.zero && !self.minus => self.width.saturating_sub(sign.len()),
            None => 0,
        };
        let digits = format!("{digits:0>least$}");
        let prefix = match verb {
            'O' => "0o",
            'b' if self.sharp => "0b",
            'o' if self.sharp && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        Some(self.pad_blank(&format!("{sign}{prefix}{digits}")))
    }

    /// `U+0041`, and with `#` the character behind it.
    fn code_point(&self, number: i128) -> String {
        let code = number as u64;
        match u32::try_from(code).ok().and_then(char::from_u32).filter(|c| self.sharp && !c.is_control()) {
            Some(shown) => format!("U+{code:04X} '{shown}'"),
            None => format!("U+{code:04X}"),
        }
    }

    fn float(&self, verb: char, number: f64) -> Option<String> {
        let (format, usual) = match verb {
            'e' | 'E' => (Format::Exponent, Some(6)),
            'f' | 'F' => (Format::Fixed, Some(6)),
            'g' | 'G' | 'v' => (Format::General, None),
            _ => return None,
        };
        let text = float(number, format, self.precision.or(usual));
        let upper = verb.is_ascii_uppercase() && number.is_finite();
        Some(self.signed(&if upper { text.to_uppercase() } else { text }))
    }

    /// A float with the sign that was asked for, filled up to the width.
    fn signed(&self, number: &str) -> String {
        let (sign, digits) = match number.split_at_checked(1) {
            Some((sign @ ("-" | "+"), digits)) => (sign, digits),
            _ if self.plus && number != "NaN" => ("+", number),
            _ if self.space => (" ", number),
            _ => ("", number),
        };
        if self.zero && !self.minus && digits.starts_with(|first: char| first.is_ascii_digit()) {
            let least = self.width.saturating_sub(sign.len());
            return format!("{sign}{digits:0>least$}");
        }
        self.pad_blank(&format!("{sign}{digits}"))
    }

    fn text(&self, language: &dyn Language, verb: char, text: &str) -> Option<String> {
        let most = self.precision.unwrap_or(usize::MAX);
        let cut: String = text.chars().take(most).collect();
        let written = match verb {
            'v' if self.sharp => self.quoted(language, '"', text),
            's' | 'v' => cut,
            'q' if self.sharp && can_be_in_back_quotes(&cut) => format!("`{cut}`"),
            'q' => self.quoted(language, '"', &cut),
            'x' => self.hex(&text.as_bytes()[..most.min(text.len())]),
            'X' => self.hex(&text.as_bytes()[..most.min(text.len())]).to_uppercase(),
            _ => return None,
        };
        Some(self.pad(&written))
    }

    /// Bytes in base 16; a space between two of them and `0x` before each if the flags say so.
    fn hex(&self, bytes: &[u8]) -> String {
        let prefix = if self.sharp { "0x" } else { "" };
        let mut out = String::new();
        for (index, byte) in bytes.iter().enumerate() {
            let begin = match (index, self.space) {
                (0, _) => prefix.to_owned(),
                (_, true) => format!(" {prefix}"),
                (_, false) => String::new(),
            };
            out.push_str(&format!("{begin}{byte:02x}"));
        }
        out
    }

    /// A text in quotes; with `+` in ASCII alone (Go, package `strconv`, `Quote` and `QuoteToASCII`).
    fn quoted(&self, language: &dyn Language, quote: char, text: &str) -> String {
        let mut out = String::from(quote);
        for c in text.chars() {
            match c {
                c if language.stands_for_another(c) => out.push(c),
                c if c == quote || c == '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
                c if !c.is_ascii() && (self.plus || is_hidden(c)) => match u32::from(c) {
                    code @ ..0x1_0000 => out.push_str(&format!("\\u{code:04x}")),
                    code => out.push_str(&format!("\\U{code:08x}")),
                },
                c => out.push(c),
            }
        }
        out.push(quote);
        out
    }

    /// Fills up to the width, as the flags say: also a text with zeros.
    fn pad(&self, text: &str) -> String {
        let width = self.width;
        if self.zero && !self.minus { format!("{text:0>width$}") } else { self.pad_blank(text) }
    }

    /// Fills up to the width with blanks.
    fn pad_blank(&self, text: &str) -> String {
        let width = self.width;
        if self.minus { format!("{text:<width$}") } else { format!("{text:>width$}") }
    }
}

/// Go, package `strconv`, `CanBackquote`.
fn can_be_in_back_quotes(text: &str) -> bool {
    text.chars().all(|c| (!c.is_control() || c == '\t') && !matches!(c, '`' | '\u{feff}'))
}

/// What Go writes escaped in quotes: signs that cannot be seen, and blanks that are none of ASCII's.
fn is_hidden(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    c.is_control() || c.is_whitespace() || is_format
}

/// The character with this code; � if there is none.
fn character(code: i128) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}
