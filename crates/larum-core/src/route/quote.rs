//! Matchers and labels in Alertmanager's and Go's own spelling, to the letter: other programs remember keys made of it.

use std::fmt::Write as _;

use crate::label::LabelSet;
use crate::matcher::Matcher;
use crate::quote::go_string;

/// `{name="value",…}` (Alertmanager, pkg/labels, `Matchers.String`).
pub(super) fn matchers(text: &mut String, matchers: &[Matcher]) {
    text.push('{');
    for (index, matcher) in matchers.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{matcher}");
    }
    text.push('}');
}

/// `{name="value", …}` (common/model, `LabelSet.String`).
pub(super) fn labels(text: &mut String, labels: &LabelSet) {
    text.push('{');
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
        text.push('=');
        go_string(text, value);
    }
    text.push('}');
}
