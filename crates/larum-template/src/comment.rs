//! Comments of templates. Crate gotmpl 0.6.1 takes the blanks behind `{{- /* … */}}` away as well as those before it;
//! Go takes only those before.

/// The template with an empty text in the place of each such comment, which comes to the same in Go and in the crate.
pub fn without_greedy_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, action)) = rest.split_once("{{") {
        out.push_str(before);
        match behind_comment(action) {
            Some((true, after)) if after.starts_with("}}") => {
                out.push_str("{{- \"\"");
                rest = after;
            }
            found => {
                let after = found.map_or_else(|| behind_action(action), |(_, after)| after);
                out.push_str("{{");
                out.push_str(&action[..action.len() - after.len()]);
                rest = after;
            }
        }
    }
    out + rest
}

/// Whether a comment takes the blanks before it away, and what follows its `*/`; none if the action is no comment.
fn behind_comment(action: &str) -> Option<(bool, &str)> {
    let trimming = action.strip_prefix('-').filter(|inner| inner.starts_with(char::is_whitespace));
    let inner = trimming.unwrap_or(action).trim_start();
    let (_, after) = inner.strip_prefix("/*")?.split_once("*/")?;
    Some((trimming.is_some(), after))
}

/// What follows the end of an action, or nothing if it has none; what stands in quotes ends nothing.
fn behind_action(action: &str) -> &str {
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in action.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"' | '\'') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if action[at..].starts_with("}}") => return &action[at..],
            None => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::without_greedy_comments;

    #[test]
    fn only_comments_that_trim_on_the_left_alone_are_replaced() {
        let texts = [
            ("x {{- /* it's a */}} y", "x {{- \"\"}} y"),
            ("{{- /* a */}}{{-\n/* b */}}", "{{- \"\"}}{{- \"\"}}"),
        ];
        for (text, expected) in texts {
            assert_eq!(without_greedy_comments(text), expected);
        }
        for same in [
            "x {{- /* a */ -}} y",
            "{{/* it's */ -}} {{ 1 }}",
            "{{ \"{{- /* a */}} \\\" }}\" }} {{ `{{- /* a */}}` }}",
            "{{- /* never closed }}",
            "{{ \"never closed {{- /* a */}}",
            "}} {{",
            "",
        ] {
            assert_eq!(without_greedy_comments(same), same);
        }
    }
}
