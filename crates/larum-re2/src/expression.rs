//! A pattern, compiled.

use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};

use crate::error::{PatternError, Reason};
use crate::read::{Written, read};

/// The most memory that one compiled expression may take, in bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// As how large an expression counts, the smallest first. The crate does not say how large one is, but whether it is
/// larger than a limit, and gives up early.
const SIZES: [usize; 5] = [4 << 10, 16 << 10, 64 << 10, 256 << 10, MOST_BYTES];

/// A pattern, compiled. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    regex: Regex,
    /// The names of its groups by their numbers.
    names: Box<[Option<String>]>,
    compiled_bytes: usize,
}

impl Expression {
    /// Looks for a pattern anywhere in a text, as `regexp.Compile` reads it.
    ///
    /// # Errors
    /// [`PatternError`] in Go's words.
    pub fn found(pattern: &str) -> Result<Self, PatternError> {
        Self::compile(pattern)
    }

    /// Looks at a whole text, and `.` is no line feed (Alertmanager, pkg/labels, `NewMatcher`).
    ///
    /// # Errors
    /// [`PatternError`] in Go's words.
    pub fn whole_line(pattern: &str) -> Result<Self, PatternError> {
        Self::compile(&format!("^(?:{pattern})$"))
    }

    /// Looks at a whole text, and `.` is a line feed too (Prometheus 3, "Migration", *Regular expressions match
    /// newlines*).
    ///
    /// # Errors
    /// [`PatternError`] in Go's words.
    pub fn whole(pattern: &str) -> Result<Self, PatternError> {
        Self::compile(&format!("^(?s:{pattern})$"))
    }

    fn compile(pattern: &str) -> Result<Self, PatternError> {
        let Written { pattern: written, names } = read(pattern)?;
        for compiled_bytes in SIZES {
            match RegexBuilder::new(&written).size_limit(compiled_bytes).build() {
                Ok(regex) => return Ok(Self { regex, names: names.into(), compiled_bytes }),
                Err(regex::Error::CompiledTooBig(_)) => {}
                Err(_) => return Err(PatternError::new(Reason::Depth, pattern)),
            }
        }
        Err(PatternError::new(Reason::Large, pattern))
    }

    /// How much memory its program takes, in bytes: not to the byte, but the next larger of a few sizes. What is kept
    /// while it is searched for comes on top.
    pub fn compiled_bytes(&self) -> usize {
        self.compiled_bytes
    }

    /// Whether the text has what is looked for.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What is found first, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex.captures(text)
    }

    /// All that is found, one behind the other.
    pub fn captures_iter<'r, 't>(
        &'r self,
        text: &'t str,
    ) -> impl Iterator<Item = Captures<'t>> + use<'r, 't> {
        self.regex.captures_iter(text)
    }

    /// Where the group of this name or number found something. A number that begins with 0 is a name to Go.
    pub fn group(&self, found: &Captures<'_>, name: &str) -> Option<Range<usize>> {
        let is_number =
            name == "0" || !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
        let number = match name.parse() {
            Ok(number) if is_number => number,
            _ => self.names.iter().position(|known| known.as_deref() == Some(name))?,
        };
        found.get(number).map(|group| group.range())
    }
}

/// The pattern as crate regex understands it, without anything around it.
///
/// # Errors
/// [`PatternError`] in Go's words.
pub fn spelled_out(pattern: &str) -> Result<String, PatternError> {
    read(pattern).map(|written| written.pattern)
}
