//! Where Slack's Web API is.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The base of every call (Slack, "Using the Slack Web API").
pub const SLACK_API: &str = "https://slack.com/api/";
/// Hosts that are Slack's own; the second serves the United States' government.
const SLACK_DOMAINS: [&str; 2] = ["slack.com", "slack-gov.com"];

/// The base address of a Web API, ending in a slash: `https` anywhere, `http` on this machine only, because the
/// token travels with every call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiUrl(Url);

/// Why an address cannot serve as the base.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ApiUrlError {
    /// It is no absolute URL with a host.
    #[error("{0:?} is not an address like https://slack.com/api/")]
    NotAnAddress(String),
    /// It is neither `https` nor `http`.
    #[error("Slack is reached by https://, not by {0}://")]
    Scheme(String),
    /// It is `http` to another machine.
    #[error("http:// would show the token to the network between here and {0}: use https://")]
    PlainHttp(String),
    /// It has a user, a password, a query or a fragment.
    #[error("the address of the Slack API has no user, password, ? or #")]
    Superfluous,
}

impl ApiUrl {
    /// Slack's own.
    ///
    /// # Panics
    /// Never: the constant is an address.
    pub fn slack() -> Self {
        Self(Url::parse(SLACK_API).expect("the constant is an address"))
    }

    /// Reads an address; a missing slash at the end is added.
    ///
    /// # Errors
    /// [`ApiUrlError`] when it is no `https` address and no `http` address of this machine.
    pub fn parse(text: &str) -> Result<Self, ApiUrlError> {
        let not_an_address = || ApiUrlError::NotAnAddress(text.to_owned());
        let mut url = Url::parse(text.trim()).map_err(|_| not_an_address())?;
        let host = url.host_str().ok_or_else(not_an_address)?.to_owned();
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&host) => {}
            "http" => return Err(ApiUrlError::PlainHttp(host)),
            other => return Err(ApiUrlError::Scheme(other.to_owned())),
        }
        let login = !url.username().is_empty() || url.password().is_some();
        if login || url.query().is_some() || url.fragment().is_some() {
            return Err(ApiUrlError::Superfluous);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// Whether this is Slack itself and not a sandbox or a relay.
    pub fn is_slack(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        SLACK_DOMAINS.iter().any(|domain| {
            host == *domain || host.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))
        })
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address of one method.
    pub(crate) fn method(&self, method: &str) -> Url {
        let mut url = self.0.clone();
        let path = format!("{}{method}", url.path());
        url.set_path(&path);
        url
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["http://127.0.0.1:8080/api", "http://[::1]:9/api/", "http://localhost/api/", SLACK_API] {
            assert!(ApiUrl::parse(good).is_ok(), "{good}");
        }
        let refused = ApiUrl::parse("http://slack.example/api/").unwrap_err();
        assert_eq!(refused, ApiUrlError::PlainHttp("slack.example".to_owned()));
        for bad in
            ["", "slack.com/api", "ftp://slack.com/", "https://u:p@slack.com/api/", "https://slack.com/?a"]
        {
            assert!(ApiUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn methods_hang_below_the_base_whether_it_ends_in_a_slash_or_not() {
        for base in ["https://relay.example/slack/api", "https://relay.example/slack/api/"] {
            let url = ApiUrl::parse(base).unwrap();
            assert_eq!(url.method("auth.test").as_str(), "https://relay.example/slack/api/auth.test");
        }
    }

    #[test]
    fn only_slacks_own_hosts_are_slack() {
        assert!(ApiUrl::slack().is_slack());
        assert!(ApiUrl::parse("https://acme.slack.com/api/").unwrap().is_slack());
        assert!(!ApiUrl::parse("https://notslack.com/api/").unwrap().is_slack());
        assert!(!ApiUrl::parse("http://127.0.0.1:1/api/").unwrap().is_slack());
    }
}
