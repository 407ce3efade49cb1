//! Where the server is.

use reqwest::Url;

/// The address under which a server has its `/api/v1`: `http` or `https`, with the prefix of its paths if it has one
/// (`--web.route-prefix` of Prometheus, `/prometheus` of Mimir, `/select/0/prometheus` of VictoriaMetrics' cluster).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerUrl(Url);

/// Why a text is not the address of a server. None of the messages repeats it: it may hold a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ServerUrlError {
    /// It is no absolute URL with a host.
    #[error("this is not an address like http://prometheus:9090")]
    NotAnAddress,
    /// It is neither `https` nor `http`.
    #[error("a metrics source is reached by http:// or https://")]
    Scheme,
    /// It has a user or a password.
    #[error("the address has a user or a password in it: give them as basic authentication")]
    Credentials,
    /// It has a query or a fragment.
    #[error("the address has a ? or a # in it: give further parameters by themselves")]
    Superfluous,
    /// It leads to a call or a page instead of the server.
    #[error("the address goes too far: leave out what begins with /api/v1, /graph or /query")]
    TooFar,
}

impl ServerUrl {
    /// Reads an address; a slash at the end makes no difference.
    ///
    /// # Errors
    /// [`ServerUrlError`].
    pub fn parse(text: &str) -> Result<Self, ServerUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| ServerUrlError::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ServerUrlError::Scheme);
        }
        if url.host_str().is_none() {
            return Err(ServerUrlError::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ServerUrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ServerUrlError::Superfluous);
        }
        let path = url.path().trim_end_matches('/');
        if path.contains("/api/v1") || path.ends_with("/graph") || path.ends_with("/query") {
            return Err(ServerUrlError::TooFar);
        }
        Ok(Self(url))
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host and, unless it is the usual one, the port: what a person calls the server.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The address of a call below `/api/v1`; what a segment holds is encoded.
    pub(crate) fn call(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1"]).extend(segments);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_go_below_the_prefix() {
        let call = |text: &str| ServerUrl::parse(text).unwrap().call(&["label", "a b", "values"]).to_string();
        assert_eq!(call("http://p:9090"), "http://p:9090/api/v1/label/a%20b/values");
        assert_eq!(
            call(" https://m.example/prometheus/ "),
            "https://m.example/prometheus/api/v1/label/a%20b/values"
        );
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        let error = |text: &str| ServerUrl::parse(text).unwrap_err();
        assert_eq!(error("prometheus"), ServerUrlError::NotAnAddress);
        assert_eq!(error("prometheus:9090"), ServerUrlError::Scheme);
        assert_eq!(error("http://me:secret@p"), ServerUrlError::Credentials);
        assert!(!error("http://me:secret@p").to_string().contains("secret"));
        assert_eq!(error("http://p/?dedup=true"), ServerUrlError::Superfluous);
        assert_eq!(error("http://p/api/v1/"), ServerUrlError::TooFar);
        assert_eq!(error("http://p:9090/graph"), ServerUrlError::TooFar);
    }
}
