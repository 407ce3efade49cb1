//! Which alerts a message speaks of, whatever its format: they are recognised by the label `uid`, which every template
//! and payload repeats as `u~<id>~`.

/// One alert that a message speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Mark {
    /// Its number.
    pub id: u32,
    /// Whether the message says that it is over; the templates here write the alert's status behind the mark.
    pub resolved: bool,
}

/// The alerts marked in a body, each once, in the order in which they appear.
pub fn marks(body: &[u8]) -> Vec<Mark> {
    let mut found: Vec<Mark> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut rest = body;
    while let Some(start) = rest.windows(2).position(|two| two == b"u~") {
        rest = &rest[start + 2..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let id = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse().ok());
        let (Some(id), Some(b'~')) = (id, rest.get(digits)) else { continue };
        rest = &rest[digits + 1..];
        let mark = Mark { id, resolved: rest.starts_with(b"resolved") };
        if seen.insert(mark) {
            found.push(mark);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_in_any_format_once_each() {
        let ids = |body: &[u8]| marks(body).iter().map(|mark| mark.id).collect::<Vec<_>>();
        assert_eq!(ids(br#"{"uid":"u~12~","x":"u~7~ u~12~"}"#), [12, 7]);
        assert_eq!(ids(b"channel=C1&text=alert+u~99~+u~x~u~3~"), [99, 3]);
        assert!(ids(b"u~").is_empty() && ids(b"").is_empty() && ids(b"u~5").is_empty());
    }

    #[test]
    fn what_is_over_is_told_from_what_fires() {
        let told = marks(b"u~1~firing, u~1~resolved");
        assert_eq!(told, [Mark { id: 1, resolved: false }, Mark { id: 1, resolved: true }]);
    }
}
