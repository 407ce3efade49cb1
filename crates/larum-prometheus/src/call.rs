//! One call: its path and its parameters.

use std::time::Duration;

use larum_core::time::Timestamp;

/// A call before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The segments of its path below `/api/v1`.
    pub(crate) path: Vec<String>,
    /// Its parameters, in the order in which they were added.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// Whether the server is to be told how much time there is.
    pub(crate) tells_time: bool,
    /// Whether it may be a POST: not all may (Prometheus, "HTTP API").
    pub(crate) posts: bool,
}

impl Call {
    /// An evaluation, which the server is to end when nobody waits any more.
    pub(crate) fn query(name: &str, expression: &str) -> Self {
        let mut call = Self::post(name);
        call.tells_time = true;
        call.with("query", expression)
    }

    /// A call whose parameters may be many or long.
    pub(crate) fn post(name: &str) -> Self {
        Self { path: vec![name.to_owned()], parameters: Vec::new(), tells_time: false, posts: true }
    }

    /// A call with little to say.
    pub(crate) fn get(path: &[&str]) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { path, parameters: Vec::new(), tells_time: false, posts: false }
    }

    /// The same with one parameter more.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// The same with the range of time that a list is about.
    pub(crate) fn within(self, from: Timestamp, to: Timestamp) -> Self {
        self.with("start", seconds(from.as_millis())).with("end", seconds(to.as_millis()))
    }
}

/// Milliseconds as seconds, exactly: servers read more digits than a float of theirs can lose.
pub(crate) fn seconds(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    format!("{sign}{}.{:03}", millis / 1000, millis % 1000)
}

/// A span as seconds, to the millisecond, one at least.
pub(crate) fn span_seconds(span: Duration) -> String {
    seconds(i64::try_from(span.as_millis()).unwrap_or(i64::MAX).max(1))
}

/// A label's name as it stands in a path: one that is not made of ASCII letters, digits and `_` is written as
/// Prometheus reads it there ("HTTP API", "Querying label values": *Values Escaping*, `U__` in front, `_` doubled,
/// others as `_` code point in hexadecimal `_`).
pub(crate) fn label_segment(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts_right = !name.starts_with(|first: char| first.is_ascii_digit());
    if name.chars().all(plain) && starts_right && !name.is_empty() {
        return name.to_owned();
    }
    let mut escaped = "U__".to_owned();
    for (index, letter) in name.chars().enumerate() {
        match letter {
            '_' => escaped.push_str("__"),
            _ if plain(letter) && !(index == 0 && letter.is_ascii_digit()) => escaped.push(letter),
            _ => escaped.push_str(&format!("_{:x}_", u32::from(letter))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_to_the_millisecond() {
        assert_eq!(seconds(1_700_000_000_123), "1700000000.123");
        assert_eq!(seconds(1_700_000_000_000), "1700000000.000");
        assert_eq!(seconds(-1_500), "-1.500");
        assert_eq!(seconds(-7), "-0.007");
        assert_eq!(seconds(i64::MIN), "-9223372036854775.808");
        assert_eq!(span_seconds(Duration::ZERO), "0.001");
        assert_eq!(span_seconds(Duration::from_millis(2500)), "2.500");
    }

    #[test]
    fn names_that_are_not_plain_are_escaped_for_the_path() {
        assert_eq!(label_segment("job"), "job");
        assert_eq!(label_segment("k8s.pod/name_1"), "U__k8s_2e_pod_2f_name__1");
        assert_eq!(label_segment("1st"), "U___31_st");
        assert_eq!(label_segment(".."), "U___2e__2e_");
    }
}
