//! Reading a pattern by Go's rules (Go, package `regexp/syntax`, `parse`, with the flags of `regexp.Compile`), and writing
//! it for crate regex with every part spelled out, so that no flag of its own is needed to understand it.

use crate::class;
use crate::error::{PatternError, Reason};
use crate::escape::{escaped, may_have_cases, write_letter};

/// The most that something can be repeated, all repetitions in one another multiplied.
const MOST_REPEATED: u32 = 1000;
/// The most groups in one another. Go takes 1000; crate regex is asked to compile fewer.
const MOST_DEPTH: usize = 100;
/// The most classes in one pattern: each can become hundreds of ranges.
const MOST_CLASSES: usize = 5000;

/// What holds for what follows, until its group ends.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Flags {
    /// `i`: upper and lower case are the same.
    fold: bool,
    /// `m`: `^` and `$` are at each line.
    lines: bool,
    /// `s`: `.` is a line feed too.
    dot_is_all: bool,
    /// `U`: `*` takes as little as it can, and `*?` as much.
    lazy: bool,
}

/// A pattern, written for crate regex.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) pattern: String,
    /// The names of its groups by their numbers; that of number 0, the whole, is none.
    pub(crate) names: Vec<Option<String>>,
}

/// A sequence that is being read.
#[derive(Default)]
struct Sequence {
    /// How often its last part is repeated in itself; none if there is nothing to repeat.
    last: Option<u32>,
    /// The same of that of its parts, and of those beside it in an alternation, that is repeated most.
    heaviest: u32,
}

struct Reader<'p> {
    whole: &'p str,
    rest: &'p str,
    out: String,
    flags: Flags,
    sequence: Sequence,
    /// What goes on when the groups that are open are closed.
    open: Vec<(Flags, Sequence)>,
    names: Vec<Option<String>>,
    classes: usize,
}

/// Reads a pattern and writes it anew.
pub(crate) fn read(pattern: &str) -> Result<Written, PatternError> {
    let mut reader = Reader {
        whole: pattern,
        rest: pattern,
        out: String::with_capacity(pattern.len() * 2),
        flags: Flags::default(),
        sequence: Sequence::default(),
        open: Vec::new(),
        names: vec![None],
        classes: 0,
    };
    // Where the operator stands that was read right before.
    let mut repeated: Option<&str> = None;
    while let Some(letter) = reader.rest.chars().next() {
        let before = reader.rest;
        let is_operator = match letter {
            '*' | '+' | '?' => {
                let (least, most) = match letter {
                    '*' => (0, None),
                    '+' => (1, None),
                    _ => (0, Some(1)),
                };
                reader.rest = &before[1..];
                reader.repeat(before, repeated, Times { least, most, is_counted: false })?;
                true
            }
            '{' => reader.counted(before, repeated)?,
            _ => {
                reader.part(letter)?;
                false
            }
        };
        repeated = is_operator.then_some(before);
    }
    if reader.open.is_empty() {
        Ok(Written { pattern: reader.out, names: reader.names })
    } else {
        Err(PatternError::new(Reason::MissingParenthesis, pattern))
    }
}

/// How often something is repeated.
#[derive(Clone, Copy)]
struct Times {
    least: u32,
    most: Option<u32>,
    /// Whether it is in braces.
    is_counted: bool,
}

impl<'p> Reader<'p> {
    /// One part that is no repetition.
    fn part(&mut self, letter: char) -> Result<(), PatternError> {
        let rest = &self.rest[letter.len_utf8()..];
        match letter {
            '(' if rest.starts_with('?') => return self.flags_or_name(),
            '(' => {
                self.rest = rest;
                self.names.push(None);
                return self.open("(", self.flags);
            }
            ')' => {
                self.rest = rest;
                return self.close();
            }
            '|' => {
                self.out.push('|');
                self.sequence.last = None;
            }
            '^' => self.push(if self.flags.lines { "(?m:^)" } else { r"\A" }),
            '$' => self.push(if self.flags.lines { "(?m:$)" } else { r"\z" }),
            '.' => self.push(if self.flags.dot_is_all { "(?s:.)" } else { "." }),
            '[' => {
                let (class, rest) = class::bracketed(self.rest)?;
                return self.class(&class, rest);
            }
            '\\' => return self.backslash(),
            letter => self.letter(u32::from(letter)),
        }
        self.rest = rest;
        Ok(())
    }

    fn backslash(&mut self) -> Result<(), PatternError> {
        let behind = &self.rest[1..];
        let place = match behind.chars().next() {
            Some('A') => r"\A",
            Some('b') => r"(?-u:\b)",
            Some('B') => r"(?-u:\B)",
            Some('z') => r"\z",
            Some('Q') => {
                let (literal, rest) = behind[1..].split_once(r"\E").unwrap_or((&behind[1..], ""));
                literal.chars().for_each(|letter| self.letter(u32::from(letter)));
                self.rest = rest;
                return Ok(());
            }
            _ => {
                if let Some((class, rest)) =
                    class::of_unicode(self.rest)?.or_else(|| class::of_perl(self.rest))
                {
                    return self.class(&class, rest);
                }
                let (letter, rest) = escaped(self.rest)?;
                self.letter(letter);
                self.rest = rest;
                return Ok(());
            }
        };
        self.push(place);
        self.rest = &behind[1..];
        Ok(())
    }

    fn letter(&mut self, letter: u32) {
        let mut written = String::new();
        if (0xD800..0xE000).contains(&letter) {
            // Half a letter is in no text.
            written.push_str(r"[^\x{0}-\x{10FFFF}]");
        } else {
            write_letter(&mut written, letter);
        }
        match self.flags.fold && may_have_cases(letter) {
            true => self.push(&format!("(?i:{written})")),
            false => self.push(&written),
        }
    }

    fn class(&mut self, class: &str, rest: &'p str) -> Result<(), PatternError> {
        self.classes += 1;
        if self.classes > MOST_CLASSES {
            return Err(PatternError::new(Reason::Large, self.whole));
        }
        match self.flags.fold {
            true => self.push(&format!("(?i:{class})")),
            false => self.push(class),
        }
        self.rest = rest;
        Ok(())
    }

    fn push(&mut self, written: &str) {
        self.out.push_str(written);
        self.done(1);
    }

    /// A part is whole, in which something is repeated so often.
    fn done(&mut self, weight: u32) {
        self.sequence.last = Some(weight);
        self.sequence.heaviest = self.sequence.heaviest.max(weight);
    }

    /// `(?i)`, `(?i:…)`, `(?P<name>…)`, `(?<name>…)` (Go, package `regexp/syntax`, `parsePerlFlags`).
    fn flags_or_name(&mut self) -> Result<(), PatternError> {
        let text = self.rest;
        let named = match text[2..].strip_prefix("P<") {
            Some(named) if !named.is_empty() => Some(named),
            _ => text[2..].strip_prefix('<').filter(|named| !named.is_empty()),
        };
        if let Some(named) = named {
            return self.named(text, named);
        }
        let mut flags = self.flags;
        let (mut on, mut is_said) = (true, false);
        for (place, letter) in text.char_indices().skip(2) {
            match letter {
                'i' => flags.fold = on,
                'm' => flags.lines = on,
                's' => flags.dot_is_all = on,
                'U' => flags.lazy = on,
                '-' if on => {
                    (on, is_said) = (false, false);
                    continue;
                }
                ':' | ')' if on || is_said => {
                    self.rest = &text[place + 1..];
                    if letter == ':' {
                        return self.open("(?:", flags);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => return Err(PatternError::new(Reason::PerlOperator, &text[..place + letter.len_utf8()])),
            }
            is_said = true;
        }
        Err(PatternError::new(Reason::MissingParenthesis, text))
    }

    fn named(&mut self, text: &'p str, named: &'p str) -> Result<(), PatternError> {
        let wrong = |part: &str| PatternError::new(Reason::NamedCapture, part);
        let (name, rest) = named.split_once('>').ok_or_else(|| wrong(text))?;
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name || self.names.iter().flatten().any(|known| known == name) {
            return Err(wrong(&text[..text.len() - rest.len()]));
        }
        self.names.push(Some(name.to_owned()));
        self.rest = rest;
        self.open("(", self.flags)
    }

    fn open(&mut self, written: &str, inside: Flags) -> Result<(), PatternError> {
        if self.open.len() == MOST_DEPTH {
            return Err(PatternError::new(Reason::Depth, self.whole));
        }
        self.out.push_str(written);
        let outside = std::mem::replace(&mut self.flags, inside);
        self.open.push((outside, std::mem::take(&mut self.sequence)));
        Ok(())
    }

    fn close(&mut self) -> Result<(), PatternError> {
        let Some((flags, sequence)) = self.open.pop() else {
            return Err(PatternError::new(Reason::UnexpectedParenthesis, self.whole));
        };
        self.out.push(')');
        self.flags = flags;
        let inside = std::mem::replace(&mut self.sequence, sequence);
        self.done(inside.heaviest.max(1));
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}`; what looks otherwise is a brace. Answers whether it is an operator.
    fn counted(&mut self, before: &'p str, repeated: Option<&'p str>) -> Result<bool, PatternError> {
        let Some((least, most, rest)) = counts(before) else {
            self.letter(u32::from('{'));
            self.rest = &before[1..];
            return Ok(false);
        };
        let is_wrong = least > MOST_REPEATED || most.is_some_and(|most| most > MOST_REPEATED || most < least);
        if is_wrong {
            return Err(PatternError::new(Reason::RepeatSize, &before[..before.len() - rest.len()]));
        }
        self.rest = rest;
        self.repeat(before, repeated, Times { least, most, is_counted: true })?;
        Ok(true)
    }

    /// Repeats the last part. `before` begins with the operator, what is left is behind it; `repeated` begins with the
    /// operator right before, if there is one.
    fn repeat(
        &mut self,
        before: &'p str,
        repeated: Option<&'p str>,
        times: Times,
    ) -> Result<(), PatternError> {
        let mut lazy = self.flags.lazy;
        if let Some(rest) = self.rest.strip_prefix('?') {
            self.rest = rest;
            lazy = !lazy;
        }
        if let Some(repeated) = repeated {
            let both = &repeated[..repeated.len() - self.rest.len()];
            return Err(PatternError::new(Reason::RepeatOperator, both));
        }
        let read = &before[..before.len() - self.rest.len()];
        let weight = self.sequence.last.ok_or_else(|| PatternError::new(Reason::MissingArgument, read))?;
        let Times { least, most, is_counted } = times;
        let weight = match (is_counted, most) {
            (false, _) => weight,
            // What is never there is not looked into.
            (true, Some(0)) => 1,
            (true, most) => weight.saturating_mul(most.unwrap_or(least).max(1)),
        };
        if is_counted && (least >= 2 || most.is_some_and(|most| most >= 2)) && weight > MOST_REPEATED {
            return Err(PatternError::new(Reason::RepeatSize, read));
        }
        match (is_counted, least, most) {
            (false, 0, None) => self.out.push('*'),
            (false, 1, None) => self.out.push('+'),
            (false, _, _) => self.out.push('?'),
            (true, least, None) => self.out.push_str(&format!("{{{least},}}")),
            (true, least, Some(most)) => self.out.push_str(&format!("{{{least},{most}}}")),
        }
        if lazy {
            self.out.push('?');
        }
        self.done(weight);
        Ok(())
    }
}

/// The numbers in braces, and what is left behind them; a number that is far too large is one more than is allowed.
fn counts(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (least, rest) = count(text.strip_prefix('{')?)?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, Some(least), rest));
    }
    let rest = rest.strip_prefix(',')?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, None, rest));
    }
    let (most, rest) = count(rest)?;
    Some((least, Some(most), rest.strip_prefix('}')?))
}

fn count(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
