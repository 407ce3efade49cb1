//! What a `Content-Type` says, and what Go says of one that says nothing (Go, package `mime`, `ParseMediaType`): senders
//! find the reason in the answer.

/// The kind of body that a header names, in small letters and without its parameters.
///
/// # Errors
/// Go's words for what is wrong with it.
pub fn media_type(header: &str) -> Result<String, &'static str> {
    let (kind, mut rest) = header.split_at(header.find(';').unwrap_or(header.len()));
    let kind = kind.trim().to_ascii_lowercase();
    check_kind(&kind)?;
    let mut known: Vec<(String, String)> = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let Some((name, value, behind)) = parameter(rest) else {
            if rest.trim() == ";" {
                break;
            }
            return Err("mime: invalid media parameter");
        };
        let name = name.to_ascii_lowercase();
        match known.iter().find(|(other, _)| *other == name) {
            Some((_, other)) if *other != value => return Err("mime: duplicate parameter name"),
            Some(_) => {}
            None => known.push((name, value)),
        }
        rest = behind;
    }
    Ok(kind)
}

fn check_kind(kind: &str) -> Result<(), &'static str> {
    let (first, rest) = token(kind);
    if first.is_empty() {
        return Err("mime: no media type");
    }
    if rest.is_empty() {
        return Ok(());
    }
    let second = rest.strip_prefix('/').ok_or("mime: expected slash after first token")?;
    match token(second) {
        ("", _) => Err("mime: expected token after slash"),
        (_, "") => Ok(()),
        _ => Err("mime: unexpected content after media subtype"),
    }
}

/// A token, and what follows it (RFC 9110, section 5.6.2).
fn token(text: &str) -> (&str, &str) {
    let is_token = |c: char| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c);
    text.split_at(text.find(|c: char| !is_token(c)).unwrap_or(text.len()))
}

/// `; name=value`, and what follows it.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = token(text.strip_prefix(';')?.trim_start());
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    if name.is_empty() {
        return None;
    }
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = token(rest);
        return (!value.is_empty()).then(|| (name, value.to_owned(), rest));
    };
    let (mut value, mut letters) = (String::new(), quoted.char_indices());
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Some((name, value, &quoted[place + 1..])),
            '\r' | '\n' => return None,
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn what_is_wrong_is_said_as_go_says_it() {
        for (header, expected) in [
            ("application/json", Ok("application/json")),
            (" APPLICATION/json ; charset=utf-8", Ok("application/json")),
            ("application/json;", Ok("application/json")),
            ("text/plain; a=\"b;\\\"c\"; a=\"b;\\\"c\"", Ok("text/plain")),
            ("*/*", Ok("*/*")),
            ("text", Ok("text")),
            ("", Err("mime: no media type")),
            ("; x", Err("mime: no media type")),
            ("/json", Err("mime: no media type")),
            ("a b", Err("mime: expected slash after first token")),
            ("application/", Err("mime: expected token after slash")),
            ("application/json, text/plain", Err("mime: unexpected content after media subtype")),
            ("application/json; charset", Err("mime: invalid media parameter")),
            ("application/json; a=\"b", Err("mime: invalid media parameter")),
            ("application/json; a=b; a=c", Err("mime: duplicate parameter name")),
        ] {
            assert_eq!(media_type(header).as_deref().map_err(|words| *words), expected, "{header}");
        }
    }
}
