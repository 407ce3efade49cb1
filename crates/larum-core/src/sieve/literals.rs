//! What a matcher demands literally of a value: to be a text, to begin with one, to end with one, or to hold one.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Hir, HirKind};

/// Where a text must be in a value, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Shape {
    /// It is the whole value.
    Is,
    /// The value begins with it.
    Begins,
    /// The value ends with it.
    Ends,
    /// It is anywhere in the value.
    Holds,
}

/// Texts, none of them empty, of which one must be where `shape` says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Literals {
    pub(super) shape: Shape,
    pub(super) texts: Box<[Box<[u8]>]>,
}

/// The most texts that one matcher stands under. An expression that allows more is cut to shorter texts, or is asked
/// always.
const MOST_TEXTS: usize = 64;

/// The most bytes of a text that are looked at.
const LONGEST_TEXT: usize = 64;

impl Literals {
    /// What `= value` demands; nothing if the value is empty, for that is what labels have that are not there.
    pub(super) fn equal(value: &str) -> Option<Self> {
        (!value.is_empty()).then(|| Self { shape: Shape::Is, texts: [value.as_bytes().into()].into() })
    }

    /// What `=~ pattern` demands, if it demands anything.
    pub(super) fn of_pattern(pattern: &str) -> Option<Self> {
        // An expression that is whole only between the anchors put around it is not one that they hold.
        let written = larum_re2::spelled_out(pattern).ok()?;
        let hir = ParserBuilder::new().dot_matches_new_line(true).build().parse(&written).ok()?;
        let extract = |kind| {
            let mut extractor = Extractor::new();
            extractor.kind(kind).limit_total(MOST_TEXTS).limit_literal_len(LONGEST_TEXT);
            extractor.extract(&hir)
        };
        let begins = extract(ExtractKind::Prefix);
        if begins.is_exact() {
            return Self::found(Shape::Is, &begins);
        }
        Self::found(Shape::Begins, &begins)
            .or_else(|| Self::found(Shape::Ends, &extract(ExtractKind::Suffix)))
            .or_else(|| Self::usable(Shape::Holds, held(&hir)?.into_iter().map(cut).collect()))
    }

    fn found(shape: Shape, seq: &Seq) -> Option<Self> {
        Self::usable(shape, seq.literals()?.iter().map(|text| text.as_bytes().into()).collect())
    }

    fn usable(shape: Shape, mut texts: Vec<Box<[u8]>>) -> Option<Self> {
        texts.sort_unstable();
        texts.dedup();
        let usable = texts.len() <= MOST_TEXTS && texts.iter().all(|text| !text.is_empty());
        usable.then(|| Self { shape, texts: texts.into() })
    }
}

fn cut(text: &[u8]) -> Box<[u8]> {
    text[..text.len().min(LONGEST_TEXT)].into()
}

/// Texts of which every match holds one. The parser bounds how deep an expression is.
fn held(hir: &Hir) -> Option<Vec<&[u8]>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![&literal.0]),
        HirKind::Capture(capture) => held(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => held(&repetition.sub),
        HirKind::Concat(parts) => {
            // The longer the shortest of them, the fewer values hold one.
            let parts = parts.iter().filter_map(held);
            parts.max_by_key(|texts| texts.iter().map(|text| text.len()).min())
        }
        HirKind::Alternation(ways) => {
            let ways: Option<Vec<Vec<&[u8]>>> = ways.iter().map(held).collect();
            Some(ways?.concat())
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands(pattern: &str) -> Option<(Shape, Vec<String>)> {
        let found = Literals::of_pattern(pattern)?;
        let texts = found.texts.iter().map(|text| String::from_utf8_lossy(text).into_owned());
        Some((found.shape, texts.collect()))
    }

    fn these(shape: Shape, texts: &[&str]) -> Option<(Shape, Vec<String>)> {
        Some((shape, texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    #[test]
    fn an_expression_demands_what_it_begins_with_or_else_ends_with_or_else_holds() {
        assert_eq!(demands("api|web"), these(Shape::Is, &["api", "web"]));
        assert_eq!(demands("node-1.*"), these(Shape::Begins, &["node-1"]));
        assert_eq!(demands("node-(1|2)[.].*"), these(Shape::Begins, &["node-1.", "node-2."]));
        assert_eq!(demands(".*-canary"), these(Shape::Ends, &["-canary"]));
        assert_eq!(demands(".*mid[.]dle.*"), these(Shape::Holds, &["mid.dle"]));
        assert_eq!(demands(".*a(x|yz+)?(bcd|ef).*"), these(Shape::Holds, &["bcd", "ef"]));
        assert_eq!(demands("(?i)ab"), these(Shape::Is, &["AB", "Ab", "aB", "ab"]));
    }

    #[test]
    fn an_expression_that_can_be_anything_demands_nothing() {
        for pattern in [".*", ".+", "", "a|", "(?i).*middle.*", ".*(a|.).*", "(a|b)?", "a)|(b", "[a-z]+"] {
            assert_eq!(demands(pattern), None, "{pattern}");
        }
    }
}
