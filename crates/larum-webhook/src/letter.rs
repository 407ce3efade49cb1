//! One letter on its way: where it goes, with which headers, and what was heard of it so far.

use larum_http::{header_value, origin, without};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::config::Checked;
use crate::outcome::Answer;

/// Parts of a path that are shorter are words rather than keys.
const KEY_LENGTH: usize = 16;
/// Values of parameters that are shorter are numbers and switches rather than keys, and stand in many a word.
const VALUE_LENGTH: usize = 4;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Where a letter goes.
#[derive(Clone)]
pub(crate) struct Address {
    /// The server to which it is addressed.
    pub(crate) first: Url,
    /// Where a redirect has led since.
    pub(crate) url: Url,
    /// Whether a redirect has made a GET of it, without its body.
    pub(crate) by_get: bool,
}

impl Address {
    /// An address to which something can be posted.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let reachable = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        reachable.then(|| Self { first: url.clone(), url, by_get: false })
    }

    /// Whether this is still the server to which the letter is addressed.
    pub(crate) fn is_ours(&self) -> bool {
        self.url.origin() == self.first.origin()
    }

    /// What may be told of it.
    pub(crate) fn host(&self) -> String {
        origin(&self.url)
    }

    /// Where an answer sends the letter, if it does (RFC 9110, section 15.4): 301, 302 and 303 make a GET of it, as they do
    /// in Go's client and in browsers.
    pub(crate) fn after(&self, response: &Response) -> Option<Self> {
        let by_get = match response.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => true,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => self.by_get,
            _ => return None,
        };
        let location = std::str::from_utf8(response.headers().get(LOCATION)?.as_bytes()).ok()?;
        let mut url = self.url.join(location).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        url.set_fragment(None);
        Some(Self { first: self.first.clone(), url, by_get })
    }
}

/// The headers of a letter: for its own server, and for one to which it is sent on.
#[derive(Default)]
pub(crate) struct Headers {
    ours: HeaderMap,
    strangers: HeaderMap,
    /// The values that nobody may see.
    secrets: Vec<HeaderValue>,
}

impl Headers {
    /// The headers with their secrets as the files have them now.
    pub(crate) async fn read(given: &[Checked]) -> Result<Self, String> {
        let mut headers = Self::default();
        for Checked { name, values, secrets } in given {
            for value in values {
                headers.ours.append(name, value.clone());
                headers.strangers.append(name, value.clone());
            }
            for secret in secrets {
                let value = secret.read().await;
                let value = value.map_err(|why| format!("the header {name} is missing: {why}"))?;
                let value = header_value(name, value.expose_secret()).map_err(|why| why.to_string())?;
                headers.ours.append(name, value.clone());
                headers.secrets.push(value);
            }
        }
        Ok(headers)
    }

    /// The values that nobody may see.
    pub(crate) fn secrets(&self) -> &[HeaderValue] {
        &self.secrets
    }

    pub(crate) fn for_address(&self, address: &Address) -> HeaderMap {
        let mut headers = if address.is_ours() { self.ours.clone() } else { self.strangers.clone() };
        if !address.by_get {
            headers.insert(CONTENT_TYPE, JSON);
        }
        headers
    }
}

/// What was heard of a letter so far, also if the time is over before all is heard.
#[derive(Default)]
pub(crate) struct Heard {
    /// Whom it was sent to last, in words.
    pub(crate) host: String,
    /// Whether anything was sent.
    pub(crate) sent: bool,
    /// The answer, as far as it came.
    pub(crate) answer: Option<Answer>,
    /// What must not be told.
    hidden: Vec<SecretString>,
}

impl Heard {
    /// Sees to it that nothing of this address is told but its server.
    pub(crate) fn hide_path(&mut self, url: &Url) {
        let whole = [Some(url.path()), url.query(), url.password()];
        let parts = url.path().split('/').filter(|part| part.len() >= KEY_LENGTH);
        self.hidden.extend(whole.into_iter().flatten().chain(parts).map(SecretString::from));
        // A server repeats a parameter as it reads it, or as it was written.
        let written = url.query().into_iter().flat_map(|query| query.split('&'));
        let written = written.filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
        let read = url.query_pairs().map(|(_, value)| value.into_owned());
        self.hidden
            .extend(written.chain(read).filter(|value| value.len() >= VALUE_LENGTH).map(SecretString::from));
    }

    /// Sees to it that this header is not told.
    pub(crate) fn hide(&mut self, header: &HeaderValue) {
        let text = header.to_str().unwrap_or_default();
        let secret = text.split_once(' ').map_or("", |(_, secret)| secret);
        self.hidden.extend([text, secret].map(SecretString::from));
    }

    /// A text from the server in which none of it stands.
    pub(crate) fn tell(&self, text: &str) -> String {
        // The longest first, or parts of them would be left over.
        let mut hidden: Vec<&str> = self.hidden.iter().map(ExposeSecret::expose_secret).collect();
        hidden.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        without(text, hidden)
    }
}
