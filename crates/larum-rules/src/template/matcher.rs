//! Names of nodes and workloads as PromQL matches them: literally, whatever signs they have.

/// A matcher for a label that has one of these values: `label="a"`, or `label=~"a|b"` for several. No values, no
/// matcher.
pub fn one_of(label: &str, values: &[impl AsRef<str>]) -> Option<String> {
    match values {
        [] => None,
        [value] => Some(format!("{label}=\"{}\"", in_quotes(value.as_ref()))),
        values => {
            let either: Vec<String> = values.iter().map(|value| literally(value.as_ref())).collect();
            Some(format!("{label}=~\"{}\"", in_quotes(&either.join("|"))))
        }
    }
}

/// What stands for this text in a regular expression (RE2, "Syntax", escape sequences).
fn literally(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, sign| {
        if r"\.+*?()|[]{}^$".contains(sign) {
            escaped.push('\\');
        }
        escaped.push(sign);
        escaped
    })
}

/// What stands for this text between double quotes (Prometheus, "String literals").
fn in_quotes(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

/// Puts matchers into the selectors of an expression, at `{@}` and `,@}`.
pub fn with_matchers(expr: &str, matchers: &[String]) -> String {
    if matchers.is_empty() {
        return expr.replace("{@}", "").replace(",@}", "}");
    }
    let matchers = matchers.join(",");
    let with = |before: &str| format!("{before}{matchers}}}");
    // Each piece ends where a matcher may stand; what was put in is not read again.
    let mut pieces = expr.split("@}");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |made, piece| with(&made) + piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_equal_and_several_are_a_choice() {
        assert_eq!(one_of("node", &[] as &[&str]), None);
        assert_eq!(one_of("node", &["web-1.example"]).unwrap(), r#"node="web-1.example""#);
        assert_eq!(one_of("node", &["web-1.example", "b"]).unwrap(), r#"node=~"web-1\\.example|b""#);
        assert_eq!(one_of("node", &[r#"a"b\"#]).unwrap(), r#"node="a\"b\\""#);
        assert_eq!(one_of("node", &[r#"a"b"#, r"\", "c|d"]).unwrap(), r#"node=~"a\"b|\\\\|c\\|d""#);
    }

    #[test]
    fn matchers_are_put_in_once() {
        let expr = r#"a{@} / b{x="1",@}"#;
        assert_eq!(with_matchers(expr, &[]), r#"a / b{x="1"}"#);
        assert_eq!(with_matchers(expr, &["y=\"@}\"".into()]), r#"a{y="@}"} / b{x="1",y="@}"}"#);
    }
}
