//! What is told of texts from outside, of errors and of addresses.

use reqwest::Url;

/// The most of a foreign text that is kept, in characters.
pub const MAX_WORDS: usize = 1000;
/// What stands where a secret stood.
const HIDDEN: &str = "<secret>";

/// What is kept of a text from outside, which is stored and shown: its beginning, without control characters.
pub fn cut(text: &str) -> String {
    beginning(text, MAX_WORDS)
}

/// The first so many characters of a text from outside, without control characters and blanks around it.
pub fn beginning(text: &str, most: usize) -> String {
    let plain = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    plain.take(most).collect::<String>().trim().to_owned()
}

/// The innermost cause of an error, which is what a person can act on.
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cut(&cause.to_string())
}

/// All that may be told of an address that is a secret: its scheme, its host and, unless it is the usual one, its port.
pub fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", url.scheme())
}

/// A text in which none of these secrets stands. Those of one or two characters stay: they stand in every text.
pub fn without<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let long = secrets.into_iter().filter(|secret| secret.len() > 2);
    long.fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_secret_address_its_path_is_never_told() {
        let told = |text: &str| origin(&Url::parse(text).unwrap());
        assert_eq!(told("https://me:pass@hooks.slack.com/services/T/B/x?a=b#c"), "https://hooks.slack.com");
        assert_eq!(told("http://[::1]:9/x"), "http://[::1]:9");
    }

    #[test]
    fn foreign_texts_are_cut_and_lose_control_characters_and_secrets() {
        assert_eq!(beginning(" a\r\nb\u{1b}[31mc ", 7), "a  b [");
        assert_eq!(without("/services/x was not found", ["/services/x", ""]), "<secret> was not found");
        assert_eq!(without("not found: /", ["/"]), "not found: /");
    }
}
