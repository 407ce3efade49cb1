//! Quoted texts as Go writes them.

/// The text of a literal at the start of `input`, and what stands behind it: in double or single quotes with
/// escapes, or raw in backquotes (Go, "String literals"; Prometheus takes single quotes as double ones).
///
/// # Errors
/// A sentence when there is no such literal, or its text is not UTF-8.
pub(super) fn unquote(input: &str) -> Result<(String, &str), String> {
    let wrong = || format!("{:?} is not a quoted text", input.chars().take(40).collect::<String>());
    let quote = input.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')).ok_or_else(wrong)?;
    let body = &input[1..];
    if quote == '`' {
        let (text, rest) = body.split_once('`').ok_or_else(wrong)?;
        return Ok((text.to_owned(), rest));
    }
    let mut bytes = Vec::new();
    let mut rest = body;
    loop {
        let c = rest.chars().next().ok_or_else(wrong)?;
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = escape(rest, &mut bytes).ok_or_else(wrong)?,
            '\n' => return Err(wrong()),
            c if c == quote => break,
            c => push(&mut bytes, c),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| "a text that is not UTF-8".to_owned())?;
    Ok((text, rest))
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Takes what stands behind a backslash.
fn escape<'a>(input: &'a str, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let c = input.chars().next()?;
    let rest = &input[c.len_utf8()..];
    let simple = match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' | '"' | '\'' => c as u8,
        'x' => {
            bytes.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
            return rest.get(2..);
        }
        'u' | 'U' => {
            let digits = if c == 'u' { 4 } else { 8 };
            push(bytes, char::from_u32(u32::from_str_radix(rest.get(..digits)?, 16).ok()?)?);
            return rest.get(digits..);
        }
        '0'..='7' => {
            bytes.push(u8::from_str_radix(input.get(..3)?, 8).ok()?);
            return input.get(3..);
        }
        _ => return None,
    };
    bytes.push(simple);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn texts_are_read_as_go_reads_them() {
        let read = |text| unquote(text).map(|(text, rest)| (text, rest.to_owned()));
        let both = |text: &str, rest: &str| Ok((text.to_owned(), rest.to_owned()));
        assert_eq!(read(r#""a\"b" c"#), both("a\"b", " c"));
        assert_eq!(read(r"'a\'b'"), both("a'b", ""));
        assert_eq!(read(r"`\d`,"), both(r"\d", ","));
        assert_eq!(read(r#""\x41\101\u00e9\n""#), both("AAé\n", ""));
        for text in ["", "a", "\"a", r#""\q""#, r#""\xff""#, r#""\u12""#, "`a"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
