//! Untrusted text, made harmless and short. Shortening comes first and escaping after it, character by character as
//! a reader sees them, so that no escape is ever cut.
//!
//! Rules from Slack, "Formatting text for app surfaces": only `&`, `<` and `>` are escaped, and nothing else is.

use unicode_segmentation::UnicodeSegmentation;

/// What stands where nothing is known.
pub const NOTHING: &str = "—";
/// Said in plain text, these call people even without markup (Slack, "Automatic parsing").
const CALLS: [&str; 3] = ["here", "channel", "everyone"];
/// Breaks a word for machines and not for readers.
const ZERO_WIDTH_SPACE: char = '\u{200b}';
/// What a backtick becomes where one would open or close a code span.
const TICK: &str = "ʼ";

/// The length that counts towards a limit.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// One clean line, not escaped: for plain text.
pub fn line(raw: &str, limit: usize) -> String {
    fit(&clean_line(raw), limit, |grapheme, out| out.push_str(grapheme))
}

/// One line of mrkdwn: escaped, and with no backtick, because others share its paragraph.
pub fn inline(raw: &str, limit: usize) -> String {
    or_nothing(fit(&clean_line(raw), limit, escape_ticks))
}

/// One line as a code span, shown letter by letter.
pub fn code(raw: &str, limit: usize) -> String {
    let inside = fit(&clean_line(raw), limit.saturating_sub(2), escape_ticks);
    if inside.is_empty() { NOTHING.to_owned() } else { format!("`{inside}`") }
}

/// A text of some lines in a block of its own, where markup does no harm: escaped, but `*bold*` stays bold. Empty if
/// there is nothing to say.
pub fn prose(raw: &str, limit: usize, max_lines: usize) -> String {
    let lines: Vec<String> =
        raw.lines().flat_map(|line| line.split(['\u{2028}', '\u{2029}'])).map(clean_line).collect();
    let mut kept: Vec<&str> = Vec::new();
    for line in &lines {
        // Of several empty lines one is enough.
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    let cut = kept.len() > max_lines;
    kept.truncate(max_lines);
    let mut text = kept.join("\n");
    text.truncate(text.trim_end().len());
    if cut {
        text.push('…');
    }
    let text = fit(&text, limit, escape);
    // One that opens and never closes would make code of all that follows.
    let text = if text.matches('`').count() % 2 == 1 { text.replace('`', TICK) } else { text };
    text.split_inclusive([' ', '\n']).map(with_link).collect()
}

/// A word, as a link if it is a whole web address: Slack is told to make none itself, lest it make mentions as well.
fn with_link(word: &str) -> String {
    let address = word.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
    let web = ["https://", "http://"]
        .iter()
        .any(|scheme| address.len() > scheme.len() && address.starts_with(scheme));
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic() && !b"|`\"\\".contains(&byte));
    if web && plain && !address.contains("&lt;") && !address.contains("&gt;") {
        format!("<{address}>{}", &word[address.len()..])
    } else {
        word.to_owned()
    }
}

/// Escapes a text that was cleaned and cut before.
pub fn escaped(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    escape(clean, &mut out);
    out
}

/// The longest that one character may be, in bytes: a heap of accents beyond that is an attack.
const MAX_GRAPHEME_BYTES: usize = 64;

/// As much of a text as fits, with an ellipsis where it was cut. `write` escapes one character.
fn fit(text: &str, limit: usize, write: impl Fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    // Where to cut so that the ellipsis still fits.
    let mut cut_at = 0;
    for grapheme in text.graphemes(true) {
        if grapheme.len() > MAX_GRAPHEME_BYTES {
            continue;
        }
        let before = out.len();
        write(grapheme, &mut out);
        used += length(&out[before..]);
        if used > limit {
            out.truncate(cut_at);
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        if used < limit {
            cut_at = out.len();
        }
    }
    out
}

fn escape(grapheme: &str, out: &mut String) {
    for c in grapheme.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

fn escape_ticks(grapheme: &str, out: &mut String) {
    if grapheme.contains('`') { escape(&grapheme.replace('`', TICK), out) } else { escape(grapheme, out) }
}

fn or_nothing(text: String) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text }
}

/// Without what one cannot see or what turns the reading around; blanks of any kind become one space.
fn clean_line(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (at, c) in raw.char_indices() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unseen(c) {
            out.push(c);
            if c == '@' && calls(&raw[at + 1..]) {
                out.push(ZERO_WIDTH_SPACE);
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a text that stands behind an `@` begins with a word that calls people, unseen characters left aside.
fn calls(behind: &str) -> bool {
    let seen = || behind.chars().filter(|c| !is_unseen(*c)).map(|c| c.to_ascii_lowercase());
    CALLS.iter().any(|word| seen().take(word.len()).eq(word.chars()))
}

/// Control characters, marks and overrides of the reading direction, and characters without width other than the
/// joiners that emoji and some scripts need (Unicode, "Bidirectional Algorithm" and "Default ignorable").
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_untrusted_can_call_anyone() {
        assert_eq!(inline("<!channel> <@U1> a&b", 80), "&lt;!channel&gt; &lt;@U1&gt; a&amp;b");
        assert_eq!(
            inline("@here @Channel x@everyone.org @bob", 80),
            "@\u{200b}here @\u{200b}Channel x@\u{200b}everyone.org @bob"
        );
        assert_eq!(inline("@\u{200b}he\u{ad}re", 80), "@\u{200b}here");
    }

    #[test]
    fn a_line_is_one_line_and_reads_in_one_direction() {
        assert_eq!(line(" a\r\n\tb \u{202e}c\u{0}\u{7}d\u{2066} ", 80), "a b cd");
        assert_eq!(inline("", 80), "—");
        assert_eq!(inline(" \n ", 80), "—");
    }

    #[test]
    fn a_code_span_cannot_be_left() {
        assert_eq!(code("a`b``c", 80), "`aʼbʼʼc`");
        assert_eq!(code("`", 80), "`ʼ`");
        assert_eq!(code("", 80), "—");
    }

    #[test]
    fn cutting_spares_escapes_and_whole_characters() {
        assert_eq!(inline("abcdef", 6), "abcdef");
        assert_eq!(inline("abcdefg", 6), "abcde…");
        assert_eq!(inline("ab<<<<", 8), "ab&lt;…");
        // A family is one character of eight units, a flag one of four.
        assert_eq!(line("👨‍👩‍👧👨‍👩‍👧", 15), "👨‍👩‍👧…");
        assert_eq!(line("🇩🇪🇫🇷", 5), "🇩🇪…");
        assert_eq!(line("ab cd", 4), "ab…");
        assert_eq!(code("abcdef", 7), "`abcd…`");
    }

    #[test]
    fn a_heap_of_accents_is_dropped() {
        let heap = format!("a{}b", "\u{301}".repeat(500));
        assert_eq!(line(&heap, 80), "b");
    }

    #[test]
    fn prose_keeps_its_lines_up_to_a_number() {
        assert_eq!(prose("a\n\n\n b \nc", 80, 4), "a\n\nb\nc");
        assert_eq!(prose("a\nb\nc", 80, 2), "a\nb…");
        assert_eq!(prose("\n \n", 80, 2), "");
        assert_eq!(
            prose("See https://a.example/x?b=1&c=2. Or (http://b), ftp://c https://d|e", 80, 2),
            "See <https://a.example/x?b=1&amp;c=2>. Or (http://b), ftp://c https://d|e"
        );
        assert_eq!(prose("https://a.example/long", 12, 2), "https://a.e…");
        assert_eq!(prose("run `df -h` *now*", 80, 2), "run `df -h` *now*");
        assert_eq!(prose("run `df -h` *now*", 9, 2), "run ʼdf…");
    }
}
