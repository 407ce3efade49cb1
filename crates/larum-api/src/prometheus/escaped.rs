//! Names of labels that have no place in a path as they are.

/// The name that `U__…` stands for (Prometheus, "Escaping schemes", values): `__` is an underscore, and between two
/// underscores stands a character's number in hexadecimal. What is not escaped so is meant as it is.
pub fn unescaped(name: &str) -> String {
    name.strip_prefix("U__").and_then(decoded).unwrap_or_else(|| name.to_owned())
}

/// A character has six digits at most.
const MAX_DIGITS: usize = 6;

fn decoded(mut rest: &str) -> Option<String> {
    let mut name = String::with_capacity(rest.len());
    while let Some((plain, escaped)) = rest.split_once('_') {
        name.push_str(plain);
        let (digits, after) = escaped.split_once('_')?;
        let is_number = digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match digits {
            "" => name.push('_'),
            digits if is_number => name.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?),
            _ => return None,
        }
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unescaped_or_left_as_they_are() {
        for (escaped, name) in [
            ("job", "job"),
            ("U__http_2e_status", "http.status"),
            ("U__a__b", "a_b"),
            ("U__caf_e9_", "café"),
            ("U___1F600_", "😀"),
            ("U__broken_2e", "U__broken_2e"),
            ("U__not_hex_", "U__not_hex_"),
            ("U__surrogate_d800_", "U__surrogate_d800_"),
        ] {
            assert_eq!(unescaped(escaped), name);
        }
    }
}
