//! How what comes from an alert is told apart from what the author of a template wrote, until the text is finished.
//!
//! Four letters mean something to Slack. Where they come from an alert, other letters stand for them while a template is
//! filled in: control characters of the same length in bytes, so that nothing that counts or cuts sees a difference.
//! Functions that compare, match, encode or quote see the letters that are meant. At the end each mark becomes what it
//! stands for, escaped or not; so `<!channel>` in a template pings, and in an annotation it is read.

use std::borrow::Cow;
use std::sync::Arc;

use larum_template::{Time, Value};

/// Each letter, what stands for it, and how Slack shows it without a meaning (Slack, "Formatting text for app
/// surfaces", "Escaping text"). Behind an `@` stands a joiner that cannot be seen, for there is no way to escape it.
const MARKS: [(char, char, &str); 4] =
    [('<', '\u{1}', "&lt;"), ('>', '\u{2}', "&gt;"), ('&', '\u{3}', "&amp;"), ('@', '\u{4}', "@\u{2060}")];

/// What becomes of the marks of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Escape {
    /// They become the letters that they stand for: for URLs, names, and whatever is no text for people.
    Nothing,
    /// What Slack would take for a mention or a link is shown as it is written.
    Slack,
    /// The same, where Slack was asked to find names by itself (`link_names`): also `@channel` pings nobody.
    SlackNames,
}

/// Whether a character is a mark.
pub fn is_mark(c: char) -> bool {
    ('\u{1}'..='\u{4}').contains(&c)
}

/// A text from an alert. What looks like a mark in it already becomes �.
pub fn marked(text: &str) -> Cow<'_, str> {
    let mark = |c: char| match MARKS.iter().find(|(letter, ..)| *letter == c) {
        Some((_, mark, _)) => *mark,
        None if is_mark(c) => char::REPLACEMENT_CHARACTER,
        None => c,
    };
    if text.chars().all(|c| mark(c) == c) { text.into() } else { text.chars().map(mark).collect() }
}

/// The text with the letters that are meant.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.contains(is_mark) { finished(text, Escape::Nothing).into() } else { text.into() }
}

/// The same of a value and all that it holds.
pub fn clean_value(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains(is_mark) => Value::String(clean(text).into()),
        Value::List(values) => Value::List(values.iter().map(clean_value).collect()),
        Value::Map(map) if Time::of(value).is_none() => {
            // Names of ours, which begin with a mark, have no texts behind them.
            let entries = map.iter().map(|(name, value)| {
                let is_ours = !matches!(value, Value::String(_));
                let name = if is_ours { Arc::clone(name) } else { clean(name).into() };
                (name, clean_value(value))
            });
            Value::Map(Arc::new(entries.collect()))
        }
        other => other.clone(),
    }
}

/// A text that is ready.
pub fn finished(text: &str, escape: Escape) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match MARKS.iter().find(|(_, mark, _)| *mark == c) {
            Some((letter, _, _)) if escape == Escape::Nothing => out.push(*letter),
            Some(('@', ..)) if escape == Escape::Slack => out.push('@'),
            Some((_, _, shown)) => out.push_str(shown),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_can_be_escaped_and_can_be_had_back() {
        let text = "<!channel> & @here é";
        let inner = marked(text);
        assert_eq!((inner.len(), clean(&inner).as_ref()), (text.len(), text));
        assert_eq!(finished(&inner, Escape::Nothing), text);
        assert_eq!(finished(&inner, Escape::Slack), "&lt;!channel&gt; &amp; @here é");
        assert_eq!(finished(&inner, Escape::SlackNames), "&lt;!channel&gt; &amp; @\u{2060}here é");
        assert_eq!(finished("<!channel>", Escape::Slack), "<!channel>", "the author may ping");
    }

    #[test]
    fn nobody_can_bring_marks_along() {
        assert_eq!(finished(&marked("\u{1}!channel\u{2}"), Escape::Nothing), "�!channel�");
    }
}
